/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef WRITE_DIFF_TABLE_H
#define WRITE_DIFF_TABLE_H

#include "write/diff.h"
#include "write/diff_words.h"

/* For the writers of text. Zero-initialize. */
struct diff_writer {
	const struct diff_text_options *options;
	FILE *out;
	bool crcs; /* tables have a column for them */
	struct strbuf buf; /* what is not written yet */
	struct strbuf escaped, value;
};

#define COLOR_RED    "\033[31m"
#define COLOR_GREEN  "\033[32m"
#define COLOR_YELLOW "\033[33m"
#define COLOR_PURPLE "\033[35m"
#define COLOR_OFF    "\033[0m"

/* The string escaped; valid until the next call. */
const char *diff_escaped(struct diff_writer *w, const char *s);

/* Switch to a color (or COLOR_OFF), if colors are wanted; NULL: nothing. */
void diff_color(struct diff_writer *w, const char *color);

/* An empty line, then "text (1,234)". */
void diff_heading(struct diff_writer *w, const char *text, size_t count);

/* The rows as a table with a line of headings, likely successors below what was removed. */
int diff_table(struct diff_writer *w, const struct diff *diff, const struct diff_rows *rows,
	       struct ksa_error *err) _must_check_;

/* Write all that was gathered, and flush. */
int diff_writer_finish(struct diff_writer *w, struct ksa_error *err) _must_check_;
void diff_writer_release(struct diff_writer *w);

#endif
