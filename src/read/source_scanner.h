/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef READ_SOURCE_SCANNER_H
#define READ_SOURCE_SCANNER_H

#include "model/export_macro.h"
#include "read/source.h"
#include "read/source_cond.h"
#include "read/source_macro.h"

/* One file while it is read. */
struct scanner {
	struct source_scan *scan;
	struct source_macros *macros;
	const char *path; /* "" if not known */
	struct ksa_error *err;
	const unsigned char *at, *end; /* what is not read yet */
	const unsigned char *counted; /* up to where lines are counted */
	uint32_t line; /* of counted */
	struct cond cond;
	bool assembly; /* a .S file: comments of the assembler may hide an export */
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

/* The entry of rules/export-macros.yaml for a macro in files of this path, or NULL. */
const struct export_macro *export_macro_find(struct span name, const char *path);

/* Add what the invocation exports, or a gap. */
int scanner_export(struct scanner *s, const struct invocation *invocation) _must_check_;

int scanner_gap(struct scanner *s, struct span macro, uint32_t line) _must_check_;

/*
 * The text that an argument means: its string literals joined, what __stringify() holds, or its
 * bare text; macros of the file are expanded. *out is in the scan's arena, NULL if there is no
 * text.
 */
int scanner_text(struct scanner *s, struct span argument, const char **out) _must_check_;

/* Add the exports that stand in the expansion of a macro that the file defines. */
int scanner_expansion(struct scanner *s, struct span text,
		      const struct invocation *outer) _must_check_;

#endif
