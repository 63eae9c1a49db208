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

/* Who speaks up. The first two are as enum ksa_referee. */
enum rule_stage {
	STAGE_BUILD = 1, /* modpost */
	STAGE_LOAD = 2, /* the loader */
	STAGE_REBUILD = 4, /* what becomes of a rebuild elsewhere */
	STAGE_REVIEW = 8, /* the review of patches */
	STAGE_KERNEL = 16, /* a look at kernels alone */
	STAGE_LIST = 32 /* what lists of symbols promise: the kernel does not know of them */
};

/* What a finding's symbol is. */
enum rule_about {
	ABOUT_SYMBOL = 0,
	ABOUT_MODULE, /* a license or a namespace of the module: it is about the module as a whole
		       */
	ABOUT_KERNEL,
	ABOUT_CHANGE /* of an export */
};

/*
 * Where load_module() (kernel/module/main.c) gives up, in the order in which it gets there. The
 * imports are all looked at before it does: the last one that fails gives the error.
 */
enum rule_outcome {
	REFUSAL_NONE = 0,
	REFUSAL_OTHER, /* by a rule that is none of the loader's */
	REFUSAL_TYPES, /* btf_module_notify(): EINVAL */
	REFUSAL_EXPORT, /* verify_exported_symbols(): ENOEXEC */
	REFUSAL_IMPORT_MISSING, /* simplify_symbols(): ENOENT */
	REFUSAL_IMPORT, /* resolve_symbol(): EINVAL */
	REFUSAL_MODINFO, /* setup_modinfo(): EPERM */
	REFUSAL_FORMAT, /* the ELF header, check_modstruct_version(), check_modinfo(): ENOEXEC */
	REFUSAL_SIGNATURE /* module_sig_check(): EKEYREJECTED, or EPERM in lockdown */
};

/* The change of an export after which a module that uses it as before breaks the rule. */
enum rule_change {
	CHANGE_NONE = 0,
	CHANGE_REMOVED,
	CHANGE_GPL,
	CHANGE_GPL_FUTURE,
	CHANGE_UNUSED,
	CHANGE_RESERVED,
	CHANGE_NAMESPACE,
	CHANGE_CRC
};

/* The names of these in rule files: of stages by bit, of the others by value; NULL-terminated. */
extern const char *const rule_stage_names[],
	*const rule_about_names[], *const rule_outcome_names[], *const rule_change_names[];

/* What the findings of a rule mean. */
struct rule_effect {
	uint8_t stages; /* mask of enum rule_stage */
	uint8_t about; /* enum rule_about */
	uint8_t outcome; /* enum rule_outcome, where stages have the loader and the level is error
			  */
	uint8_t change; /* enum rule_change */
	bool denies; /* the kernel has what the module wants, and does not let it */
	bool cured; /* a rebuild against the kernel makes anew what is wrong */
	const char *brief; /* in a word or two; NULL: the title will do */
};

/* A rule: shipped ones are compiled in from rules/KSAnnn-slug.yaml, and their checks are code. */
struct ksa_rule {
	const char *id; /* three letters and three digits */
	const char *slug; /* "gpl-only-symbol" */
	const char *title; /* one line, no full stop */
	enum ksa_level level;
	bool off; /* its findings are left out */
	struct rule_effect effect;
	const char *why;
	const char *fix;
	const char *const *references; /* NULL-terminated */
	const char *since; /* the first release that has the rule, "0.1" */
	const struct rule_when *when; /* NULL: a shipped rule */
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
