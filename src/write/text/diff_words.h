/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef WRITE_TEXT_DIFF_WORDS_H
#define WRITE_TEXT_DIFF_WORDS_H

#include "base/strbuf.h"
#include "model/diff.h"

/* What the forms of a diff share. None of what these functions add is escaped. */

/* Of several views the one to continue with, so that rows come by name and then by step: at[i] is
 * how many rows of views[i] were taken. count: all were. */
size_t diff_next_view(const struct diff_view *views, size_t count, const size_t *at);

/* The numbers of an axis in words, "plain -> gpl 18, ..."; nothing if there are none. */
void diff_axis_words(const struct diff *diff, enum diff_axis axis, struct strbuf *out);

/* The same, and why some numbers are not there. */
void diff_axis_remarks(const struct diff *diff, enum diff_axis axis, struct strbuf *out);

/* How many symbols changed on the axis, "-" if nothing could be compared. */
void diff_axis_number(const struct diff *diff, enum diff_axis axis, struct strbuf *out);

/* True if there is something to say of the axis. */
bool diff_axis_is_known(const struct diff *diff, enum diff_axis axis);

/*
 * The lists of rows in their order: one a severity, what hurts most first, but what was removed in
 * three. What stands behind headers is no loss to who builds anew.
 */
enum diff_section {
	SECTION_REMOVED, /* gone from the API, or nobody knows */
	SECTION_WITH_MODULES, /* the same, of modules that are gone too */
	SECTION_BEHIND_HEADERS,
	SECTION_CLASS, /* from here on by falling severity */
	SECTION_COUNT = SECTION_CLASS + SEVERITY_CLASS - SEVERITY_SAME
};

/* "now reserved for named modules": what the rows of a section are called together. */
const char *diff_section_title(const struct diff *diff, enum diff_section section);

enum diff_column {
	COLUMN_SYMBOL,
	COLUMN_CLASS,
	COLUMN_IMPORTERS,
	COLUMN_NAMESPACE,
	COLUMN_CRC,
	COLUMN_OWNER,
	DIFF_COLUMNS
};

/* True if CRCs were asked for by name, so that they have a column. */
bool diff_wants_crcs(const struct diff_view *view);

/* A cell of a row: "old -> new" where it changed, "-" for nothing, "?" for not known. */
void diff_cell(const struct diff *diff, const struct diff_row *row, enum diff_column column,
	       struct strbuf *out);

/* "follow_pfnmap_start (gpl): close name, same family" */
void diff_successor_words(const struct diff *diff, const struct diff_successor *successor,
			  struct strbuf *out);

/* "17,773 symbols of which only the CRC changed, 1 Rust symbol"; nothing if none was folded. */
void diff_folded_words(const struct diff_view *view, struct strbuf *out);

/* "187 symbols fail the run: removed 2, crc 187"; nothing where nobody was asked what to tolerate.
 */
void diff_gate_words(const struct diff_view *view, struct strbuf *out);

/* How many causes are listed where not all are wanted. */
#define DIFF_SOME_CAUSES 40

/* What of the changed CRCs has no cause: "812 whose types are not known, 190 whose types are the
 * same"; nothing if all have one. */
void diff_unexplained_words(const struct diff *diff, struct strbuf *out);

/* The section of the text about that: the causes, some of them or all. Escaped. */
void diff_causes_text(const struct diff *diff, bool all, struct strbuf *out);

/* A malloc'd list of rows. */
struct diff_rows {
	const struct diff_row **items;
	size_t count;
};

void diff_rows_release(struct diff_rows *rows);

/* The rows in scope whose class changed: by old class, new class, whether they are now reserved,
 * owner and name. KSA_ENOMEM. */
int diff_reclassified(const struct diff *diff, struct diff_rows *rows,
		      struct ksa_error *err) _must_check_;

/* True if a belongs to another group than b, which stands before it. */
bool diff_reclassified_differ(const struct diff_row *a, const struct diff_row *b);

/* "plain -> gpl and reserved, owner" of a group. */
void diff_reclassified_head(const struct diff_row *row, struct strbuf *out);

/* The rows of a section by name, those that went with their module by owner and name. */
int diff_section_rows(const struct diff_view *view, enum diff_section section,
		      struct diff_rows *rows, struct ksa_error *err) _must_check_;

#endif
