/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef MODEL_EXPORT_MACRO_H
#define MODEL_EXPORT_MACRO_H

#include <ksymaudit.h>

/*
 * What a reader of one source file must be told, because it stands in another file: compiled in
 * from rules/export-macros.yaml (ksymaudit-rules(5)). Templates are text with "{1}" for the first
 * argument of a call, "{2}" for the second and so on. Paths are fnmatch(3) globs whose '*' takes
 * slashes too; NULL means all files.
 */

struct export_name {
	const char *text; /* a template */
	enum ksa_kind kind;
};

/* What a macro exports where it is invoked. */
struct export_macro {
	const char *macro; /* "EXPORT_SYMBOL_NS_GPL" */
	const char *path; /* with a path it holds even if the file defines the macro itself */
	const struct export_name *names; /* without any the macro exports nothing */
	size_t name_count;
	const char *ns; /* a template, or NULL */
	enum ksa_class cls;
	bool default_ns; /* takes DEFAULT_SYMBOL_NAMESPACE */
	bool unmarked; /* has no EXPORT in its name: a file must be searched for it */
};

/* The names that an export's argument becomes by macros of other files. */
struct export_argument {
	const char *path;
	const char *argument; /* a glob of symbols, or the name of a macro that is called there */
	const char *const *names; /* templates, NULL-terminated */
};

/* What including a header does: calls of a macro of the file, or a default namespace. */
struct export_include {
	const char *path;
	const char *header; /* as it stands between the quotes or brackets */
	const char *macro; /* called for each of arguments, NULL-terminated; or NULL */
	const char *const *arguments;
	const char *ns; /* DEFAULT_SYMBOL_NAMESPACE that it defines, or NULL */
};

struct export_macros {
	/* sorted by name; of one name those with a path come first */
	const struct export_macro *macros;
	size_t macro_count;
	const struct export_argument *arguments;
	size_t argument_count;
	const struct export_include *includes;
	size_t include_count;
};

extern const struct export_macros export_macros_builtin;

#endif
