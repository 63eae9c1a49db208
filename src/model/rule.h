/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef MODEL_RULE_H
#define MODEL_RULE_H

#include "base/arena.h"
#include "model/call_helper.h"
#include "model/export.h"
#include "model/family.h"

enum rule_license { LICENSE_ANY = 0, LICENSE_COMPATIBLE, LICENSE_INCOMPATIBLE };

/*
 * When a rule that users add fires: for each import of a module for which all of this holds. Lists
 * are NULL-terminated; NULL is "any". Globs are fnmatch(3) patterns.
 */
struct rule_when {
	const char *const *symbols; /* globs */
	const char *const *families; /* names */
	const char *const *classes; /* as ksa_class_name() spells them */
	const char *const *namespaces; /* globs; "none" is an export in no namespace */
	const char *const *owners; /* globs on the path or its base name */
	const char *const *modules; /* globs on the name of the module under check */
	enum rule_license license; /* of the module, as the loader takes it */
};

/* A rule: shipped ones are compiled in from rules/KSAnnn-slug.yaml, and their checks are code. */
struct ksa_rule {
	const char *id; /* three letters and three digits */
	const char *slug; /* "gpl-only-symbol" */
	const char *title; /* one line, no full stop */
	enum ksa_level level;
	const char *why;
	const char *fix;
	const char *const *references; /* NULL-terminated */
	const char *since; /* the first release that has the rule, "0.1" */
	const struct rule_when *when; /* NULL: a shipped rule */
	bool off; /* its findings are left out */
};

/* The rules and families of a run: the shipped ones, and what users add to or change of them. */
struct ksa_rules {
	struct arena arena; /* what users added; nothing of the shipped ones */
	const struct ksa_rule *rules; /* sorted by id */
	size_t rule_count;
	const struct ksa_family *families; /* sorted by name */
	size_t family_count;
	const struct call_helpers *helpers; /* groups, in the order of the files */
	size_t helper_count;
};

/* The rule of that id, or NULL. */
const struct ksa_rule *rules_find(const struct ksa_rules *rules, const char *id);

/* The rule of that id, in whatever case, or of that slug; or NULL. */
const struct ksa_rule *rules_find_by_name(const struct ksa_rules *rules, const char *name);

/* The group of helpers that the function is in, or NULL. */
const struct call_helpers *rules_helper(const struct ksa_rules *rules, const char *function);

/* The family of that name, or NULL. */
const struct ksa_family *rules_family(const struct ksa_rules *rules, const char *name);

#endif
