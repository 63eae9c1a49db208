/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef READ_SOURCE_MODULE_JUDGE_H
#define READ_SOURCE_MODULE_JUDGE_H

#include "read/source/module_source_internal.h"

/* The conditions of a source, as one kernel decides them. */
struct module_judge {
	const struct module_source *source;
	const struct named_kernel *kernel;
	long long versions[2]; /* the lowest and highest that LINUX_VERSION_CODE may be; -1: any */
	uint8_t *own; /* of each branch, 1 + what its own condition says; 0: not asked yet */
	uint8_t *whole; /* the same with the branches around it and before it */
	unsigned int depth; /* of conditions that wait for others */
	bool failed; /* memory was short: what is said since then does not count */
};

void module_judge_release(struct module_judge *judge);

/* Decide all conditions. source and kernel must outlive the judge. KSA_ENOMEM. */
int module_judge_make(struct module_judge *judge, const struct module_source *source,
		      const struct named_kernel *kernel, struct ksa_error *err) _must_check_;

/* Whether the branch is compiled. */
enum cond_value module_judge_branch(struct module_judge *judge, uint32_t branch);

/* True if what holds in the branch at place makes the undecided conditions of branch hold too. */
bool module_judge_implies(struct module_judge *judge, uint32_t place, uint32_t branch);

/* True for a definition that the file sees: of its own, or of what can be included. What a header
 * sees is up to the sources that include it: whatever these define. */
bool module_judge_sees(const struct module_judge *judge, const struct source_definition *definition,
		       uint32_t file);

#endif
