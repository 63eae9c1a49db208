/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef READ_SOURCE_SOURCE_H
#define READ_SOURCE_SOURCE_H

#include "base/arena.h"
#include "model/module.h"

/*
 * Names that a macro exports in some kernels only. Of EXPORT_TRACEPOINT_SYMBOL a kernel has those
 * that its own include/linux/tracepoint.h exports, the first since 2.6.29, the others since 5.10
 * (d25e37d89dd2); of powerpc's define_machine, if its machdep.h exports any.
 */
enum source_form {
	SOURCE_FORM_PLAIN, /* always, as a tracepoint's __tracepoint_x */
	SOURCE_FORM_ITER, /* __traceiter_x */
	SOURCE_FORM_KEY, /* __SCK__tp_func_x */
	SOURCE_FORM_TRAMPOLINE, /* __SCT__tp_func_x */
	SOURCE_FORM_MACHINE /* mach_x */
};

/* One export that the text of a source file makes. Strings live in the scan's arena. */
struct source_export {
	const char *name;
	const char *ns; /* stated by the macro or by the file's own DEFAULT_SYMBOL_NAMESPACE; NULL:
			   none */
	uint32_t line; /* 1-based, where the macro's name stands */
	uint8_t cls; /* enum ksa_class */
	uint8_t kind; /* enum ksa_kind as far as the macro says: object for per-cpu data, else
			 unknown */
	const char *late_ns; /* takes the place of the Makefile's default where there is one:
				DEFAULT_SYMBOL_NAMESPACE behind the #includes; NULL: nothing does */
	bool default_ns; /* takes the Makefile's default namespace where there is one */
	bool guessed; /* by the macro's name alone: its definition is none of this file's */
	uint8_t form; /* enum source_form */
	bool pasted; /* the name does not stand in the text: tracepoints, static calls, wrappers */
};

/* An export macro whose symbol the file does not tell: a name pasted from what it includes. */
struct source_gap {
	uint32_t line;
	const char *macro;
};

/* A macro of a header that has to do with exports: its whole #define, or #defines. */
struct source_defined {
	const char *macro, *text;
};

/* What one file says. Zero-initialize; reuse with source_scan (it forgets what was before). */
struct source_scan {
	struct arena arena;
	struct source_export *exports; /* in the order of the text */
	size_t export_count, export_capacity;
	struct source_gap *gaps;
	size_t gap_count, gap_capacity;
	/* Macros that look like export macros and are defined elsewhere, each once. */
	struct string_list needs;
	size_t need_capacity;
	/* Of headers: the macros whose name or body has "EXPORT"; a name may come several times. */
	struct source_defined *definitions;
	size_t definition_count, definition_capacity;
	struct string_list imports; /* MODULE_IMPORT_NS, bare or quoted, as the plain text */
	const char *license; /* of the first MODULE_LICENSE, or NULL */
	size_t import_capacity;
	struct source_macros *macros; /* working memory, kept for the next file */
};

void source_scan_release(struct source_scan *scan);

/*
 * False if the bytes cannot hold an export: a search for one word, at the speed of memory; for the
 * few paths where a macro without that word exports, also for its name. What the history index asks
 * of every blob.
 */
bool source_may_export(const char *path, const unsigned char *data, size_t size);

/*
 * Read the exports of one C, assembly or header file of a kernel from 2.6.12 on; path decides on
 * comment styles and on macros that mean something in some directory only (NULL: none of them).
 *
 * Both branches of a conditional count, except those that "#if 0" or "#if 1" rule out: a name may
 * come twice, with two classes. Macro bodies export nothing; what they export where the file
 * invokes them does. Macros that headers define are known by name from rules/export-macros.yaml; an
 * unknown EXPORT...SYMBOL... is taken as GPL-only if its name says GPL, else as of unknown class.
 *
 * EXPORT_TRACEPOINT_SYMBOL gives all four names (source_form) and EXPORT_SYMBOL no namespace of a
 * Makefile: what holds, the caller's tree says.
 *
 * The bytes may be anything. KSA_ELIMIT: the macros of the file expand to more than any kernel's.
 */
int source_scan(struct source_scan *scan, const char *path, const unsigned char *data, size_t size,
		struct ksa_error *err) _must_check_;

/* A text whose macros hold in a file: a header that it includes, near or far. */
struct source_prelude {
	const unsigned char *data;
	size_t size;
};

#define SOURCE_MAX_PRELUDES 8
#define SOURCE_MAX_PRELUDE  ((size_t)1 << 20) /* bytes that are looked at of each */

/* As source_scan, with the macros of count headers, the last one counting first. */
int source_scan_with(struct source_scan *scan, const char *path, struct source_prelude text,
		     const struct source_prelude *preludes, size_t count,
		     struct ksa_error *err) _must_check_;

/* The headers whose definitions say which forms a kernel has; NULL-terminated. */
extern const char *const source_form_headers[];
bool source_has_forms(const char *path);

/* The forms that hold by the text of such a macro's definition: a mask of 1u << enum source_form;
 * 0 for other macros. */
unsigned int source_forms(const char *macro, const char *definition);

#endif
