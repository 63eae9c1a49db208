/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef MODEL_RESULTS_H
#define MODEL_RESULTS_H

#include "base/arena.h"
#include "base/strmap.h"
#include "model/finding.h"

/*
 * The findings of a run in one form, whatever command they are of: what is written for other tools
 * (SARIF, JUnit, annotations, pages) is written from this, so that all of it says the same.
 */
struct result {
	const struct ksa_rule *rule;
	enum ksa_level level;
	const struct waiver *waived; /* NULL: it counts */
	bool known; /* the baseline has it: it does not count */
	uint32_t kernel, module; /* indices in struct results, or NO_INDEX */
	const char *symbol; /* or NULL */
	const char *message;
	const char *fix; /* of this case, or the rule's */
	const char *evidence; /* or NULL */
	const char *path; /* the file that it is about: a module's, or one of the kernel's sources;
			     NULL: none */
	uint32_t line; /* in that file, 1-based; 0: the file as a whole */
	const char *commit; /* the one that does it, as hex digits; or NULL */
	/* "KSAnnn:vmx:follow_pte:6.12-x86_64": the same for the same finding in another run,
	 * whatever else has changed: no paths of a build, line numbers or point releases. */
	const char *identity;
};

/* What could not be told: it fails the run. */
struct result_gap {
	uint32_t kernel, module; /* or NO_INDEX */
	const char *symbol; /* or NULL */
	const char *text;
};

/* All of a run. What it was made of must outlive it; strings of its own live in the arena.
 * Zero-initialize. */
struct results {
	struct arena arena;
	const char *command; /* "check" */
	int fail_on; /* enum ksa_level from which on a result that counts fails the run; more than
			KSA_LEVEL_ERROR: none does */
	const struct ksa_rules *rules; /* of the run */
	const char *conditions; /* "judged as 'Proprietary'", not escaped; NULL: none */
	const struct ksa_kernel **kernels; /* those that were asked about */
	size_t kernel_count;
	size_t predicted; /* the last so many: nobody asked, a rebuild's fate is predicted in notes
			   */
	struct ksa_module *const *modules;
	size_t module_count;
	uint8_t *verdicts; /* [module * kernel_count + kernel], enum ksa_verdict; NULL: none */
	struct result *items; /* in the order of the command's own report */
	size_t count, capacity;
	struct result_gap *gaps;
	size_t gap_count, gap_capacity;
	const char **notices; /* "KERNEL: what could not be read" and the like */
	size_t notice_count, notice_capacity;
	size_t levels[KSA_LEVEL_ERROR + 1]; /* of the results that count */
	size_t waived, known; /* of those that do not */
	struct strmap identities;
};

void results_release(struct results *results);

/*
 * Append a copy of *result; its identity is made here, of rule, module, symbol (or path), release
 * and architecture; where that is not unique, by a number behind it. KSA_ENOMEM, here and below.
 */
int results_add(struct results *results, const struct result *result,
		struct ksa_error *err) _must_check_;

int results_add_gap(struct results *results, const struct result_gap *gap,
		    struct ksa_error *err) _must_check_;

/* A formatted notice; and all those of a kernel, with its label before each. */
int results_add_notice(struct results *results, struct ksa_error *err, const char *format, ...)
	_printf_(3, 4);
int results_add_kernel_notices(struct results *results, const struct ksa_kernel *kernel,
			       struct ksa_error *err) _must_check_;

/* True if the result counts: it is neither waived nor in the baseline. */
bool result_counts(const struct result *result);

/* True if nobody asked about the kernel (an index, or NO_INDEX): what is said of it is predicted.
 */
bool results_is_predicted(const struct results *results, uint32_t kernel);

/* What a result is about, for a reader: the module's name, the symbol or the file. */
const char *result_subject(const struct results *results, const struct result *result);

#endif
