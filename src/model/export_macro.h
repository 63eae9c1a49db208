/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef MODEL_EXPORT_MACRO_H
#define MODEL_EXPORT_MACRO_H

#include <ksymaudit.h>

/* A name that an invocation exports: text with "{1}" for its first argument. */
struct export_name {
	const char *text;
	enum ksa_kind kind;
};

/*
 * What an export macro exports when the file that invokes it does not define it, compiled in from
 * rules/export-macros.yaml.
 */
struct export_macro {
	const char *macro; /* "EXPORT_SYMBOL_NS_GPL" */
	const char *path; /* holds only for files that match this glob; NULL: for all */
	const struct export_name *names; /* without any the macro exports nothing */
	size_t name_count;
	const char *ns; /* text with "{2}" for the second argument; NULL: none */
	enum ksa_class cls;
	bool default_ns; /* takes DEFAULT_SYMBOL_NAMESPACE */
};

/* All export macros, sorted by name; of one name the entries with a path come first. */
extern const struct export_macro export_macros_builtin[];
extern const size_t export_macros_builtin_count;

#endif
