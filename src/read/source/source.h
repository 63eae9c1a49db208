/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef READ_SOURCE_SOURCE_H
#define READ_SOURCE_SOURCE_H

#include "base/arena.h"
#include "model/module.h"

/* One export that the text of a source file makes. Strings live in the scan's arena. */
struct source_export {
	const char *name;
	const char *ns; /* stated by the macro or by the file's own DEFAULT_SYMBOL_NAMESPACE; NULL:
			   none */
	uint32_t line; /* 1-based, where the macro's name stands */
	uint8_t cls; /* enum ksa_class */
	uint8_t kind; /* enum ksa_kind as far as the macro says: object for per-cpu data, else
			 unknown */
	bool default_ns; /* takes the Makefile's default namespace where there is one */
	bool pasted; /* the name does not stand in the text: tracepoints, static calls, wrappers */
};

/* An export macro whose symbol the file does not tell: a name pasted from what it includes. */
struct source_gap {
	uint32_t line;
	const char *macro;
};

/* What one file says. Zero-initialize; reuse with source_scan (it forgets what was before). */
struct source_scan {
	struct arena arena;
	struct source_export *exports; /* in the order of the text */
	size_t export_count, export_capacity;
	struct source_gap *gaps;
	size_t gap_count, gap_capacity;
	struct string_list imports; /* MODULE_IMPORT_NS, bare or quoted, as the plain text */
	const char *license; /* of the first MODULE_LICENSE, or NULL */
	size_t import_capacity;
	struct source_macros *macros; /* working memory, kept for the next file */
};

void source_scan_release(struct source_scan *scan);

/*
 * False if the bytes cannot hold an export: a search for one word, at the speed of memory. What the
 * history index asks of every blob.
 */
bool source_may_export(const unsigned char *data, size_t size);

/*
 * Read the exports of one C, assembly or header file of a kernel from 2.6.12 on; path decides on
 * comment styles and on macros that mean something in some directory only (NULL: none of them).
 *
 * Both branches of a conditional count, except those that "#if 0" or "#if 1" rule out: a name may
 * come twice, with two classes. Macro bodies export nothing; what they export where the file
 * invokes them does. Macros that headers define are known by name from rules/export-macros.yaml; an
 * unknown EXPORT...SYMBOL... is taken as GPL-only if its name says GPL, else as of unknown class.
 *
 * EXPORT_TRACEPOINT_SYMBOL gives __tracepoint_x first and then the three names that exist since
 * 5.10; before, only the first is exported.
 *
 * The bytes may be anything. KSA_ELIMIT: the macros of the file expand to more than any kernel's.
 */
int source_scan(struct source_scan *scan, const char *path, const unsigned char *data, size_t size,
		struct ksa_error *err) _must_check_;

#endif
