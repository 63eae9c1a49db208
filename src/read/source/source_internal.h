/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef READ_SOURCE_SOURCE_INTERNAL_H
#define READ_SOURCE_SOURCE_INTERNAL_H

#include "model/export_macro.h"
#include "read/source/source.h"
#include "read/source/cond.h"
#include "read/source/macro.h"

#define SCANNER_WORD "EXPORT" /* what the name of nearly every export macro holds */
#define SCANNER_RARE 1 /* the index of its 'X' */

/* One file while it is read. */
struct scanner {
	struct source_scan *scan;
	struct source_macros *macros;
	const char *path; /* "" if not known */
	struct ksa_error *err;
	const unsigned char *start, *at, *end; /* the file; at: what is not read yet */
	const unsigned char *export,
		*module; /* where "EXPORT" and "MODULE_" come next; NULL: not known */
	const unsigned char *counted; /* up to where lines are counted */
	uint32_t line; /* of counted */
	struct span comment; /* the last one, and those before it with only blanks between */
	const unsigned char *commented_to; /* up to where comments of the assembler are searched */
	bool commented; /* one began on that line */
	struct cond cond;
	struct span guard; /* the name of the last #ifndef, and the branch that it opened */
	uint32_t guard_branch;
	bool no_default; /* it undefines the one that a Makefile sets */
	bool prelude; /* macros of a header are read: nothing is exported */
	const char *late_ns; /* set behind the #includes */
	const char *default_ns; /* DEFAULT_SYMBOL_NAMESPACE as the file sets it, or NULL */
	bool included; /* an #include was seen */
	bool foreign_names; /* some entry of the table's arguments is for this path */
	bool header, assembly;
	bool names; /* look at every name, not only at those that hold "EXPORT" or "MODULE_" */
};

/* Something that is invoked, in the file's own text or in the expansion of its macros. */
struct invocation {
	const struct export_macro *macro;
	struct span name; /* of the macro */
	struct lex_call call;
	struct span text; /* of the file: to see whether a name stands in it */
	uint32_t line;
	bool expanded; /* the call's arguments are what macros made of it */
};

/* source.c: places */

/* Where "EXPORT" comes next from p on, or the end of the file. */
const unsigned char *scanner_next_export(struct scanner *s, const unsigned char *p);

/* The line that p is on; p never goes back. */
uint32_t scanner_line(struct scanner *s, const unsigned char *p);

/* source_names.c: what a name does */

/* A name outside of comments, strings and directives; s->at is behind it and is moved on. */
int scanner_name(struct scanner *s, struct span name) _must_check_;

/* The same for a call that does not stand in the text: name, call, text and line are set. */
int scanner_call(struct scanner *s, struct invocation *invocation) _must_check_;

/*
 * What a name exports if it is an export macro of another file, or NULL: by the table, or as far as
 * it can be guessed. A name that says GPL is taken as GPL-only, any other as of unknown class.
 */
const struct export_macro *scanner_macro(const struct scanner *s, struct span name);

/* True for what scanner_macro() made of the name alone. */
bool scanner_is_guessed(const struct export_macro *macro);

/* source_directives.c */

/* True if only blanks and comments stand before p on its line. */
bool scanner_begins_line(const struct scanner *s, const unsigned char *p);

/* The directive whose '#' is at s->at; s->at is then at the end of its line. */
int scanner_directive(struct scanner *s) _must_check_;

/* Gaps for macros that export something and that only what the file includes can have invoked. */
int scanner_unused(struct scanner *s) _must_check_;

/* source_export.c: what an export macro exports */

/* Fill what the table says of files of this path. */
void scanner_look_up_path(struct scanner *s);

/* What the table says of a macro in files of this path, or NULL. */
const struct export_macro *scanner_find_macro(const struct scanner *s, struct span name);

/* True if the table's glob (NULL: all) is for this path. */
bool scanner_path_matches(const struct scanner *s, const char *glob);

/* Add what the invocation exports, or a gap. */
int scanner_export(struct scanner *s, const struct invocation *invocation) _must_check_;

int scanner_gap(struct scanner *s, struct span macro, uint32_t line) _must_check_;

/*
 * The text that an argument means: its string literals joined, what __stringify() holds, or its
 * bare text; macros of the file are expanded. *out is in the scan's arena, NULL if there is no
 * text.
 */
int scanner_text(struct scanner *s, struct span argument, const char **out) _must_check_;

#endif
