/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef MODEL_EXPLAIN_H
#define MODEL_EXPLAIN_H

#include "model/event.h"
#include "model/kernel.h"
#include "model/license_entry.h"
#include "model/rule.h"

/*
 * All that is known of one name: a rule, a family, a symbol or a license string. Plain data that
 * writers read; it lives in the page's arena or is borrowed from rules and kernels.
 */

enum explain_kind {
	EXPLAIN_RULE,
	EXPLAIN_FAMILY,
	EXPLAIN_SYMBOL,
	EXPLAIN_LICENSE,
	EXPLAIN_UNKNOWN, /* nothing: nearest may help */
	EXPLAIN_KINDS
};

/* "rule", "family", "symbol", "license", "unknown". */
const char *explain_kind_name(enum explain_kind kind);

/* A symbol in one kernel. */
struct explain_place {
	const struct ksa_export *items; /* count of them, by owner; NULL: not exported */
	size_t count;
	bool unknown; /* not among the exports that were read, which are not all of the kernel's */
	const struct family_class *expected; /* by the first family that says anything; or NULL */
	bool starts; /* expected: it begins with its first release; else it was so by then */
};

struct explain_symbol {
	const char *name;
	struct explain_place *places; /* one a kernel */
};

/* Who uses any of the page's symbols in one kernel, of its own tree. */
struct explain_users {
	const uint32_t *modules; /* indices, rising; files, of a kernel that is sources */
	size_t module_count;
	const char *const *image; /* what in vmlinux does, sorted */
	size_t image_count;
};

/* A step of a lineage that the page is about. */
struct explain_step {
	const struct ksa_family *family;
	const struct family_step *step;
};

struct explain_page {
	struct arena arena;
	enum explain_kind kind;
	const char *name; /* as asked for */
	const struct ksa_rule *rule; /* EXPLAIN_RULE; of a license that is not accepted KSA010 */
	const struct license_entry *license; /* EXPLAIN_LICENSE: what is known of it, or NULL */
	const char *license_nearest; /* the accepted one that may be meant */
	const char *license_meaning; /* of an accepted one (or that); NULL: of none */
	struct ksa_kernel *const *kernels; /* of symbols and families */
	size_t kernel_count;
	const struct ksa_family **families; /* the one asked for, or those of the symbol */
	size_t family_count;
	struct explain_step *steps; /* of these, by family and release */
	size_t step_count;
	struct explain_symbol *symbols; /* the one asked for, or the members, by name */
	size_t symbol_count;
	struct explain_users *users; /* one a kernel */
	const struct ksa_events *events; /* of a repository, about these symbols; NULL: none */
	const char **nearest; /* EXPLAIN_UNKNOWN: names that are close, the closest first */
	size_t nearest_count;
};

#endif
