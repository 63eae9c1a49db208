/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef WRITE_TEXT_TEXT_H
#define WRITE_TEXT_TEXT_H

#include "base/strbuf.h"
#include "model/kernel.h"

/* For the writers of text. */

#define COLOR_RED    "\033[31m"
#define COLOR_GREEN  "\033[32m"
#define COLOR_YELLOW "\033[33m"
#define COLOR_PURPLE "\033[35m"
#define COLOR_OFF    "\033[0m"

/* Columns on a terminal: code points, as names hold no wide or combining characters in practice. */
size_t text_width(const char *s);

/* True if both are NULL, or neither is and they are equal. */
bool text_is_same(const char *a, const char *b);

/* A cell of a table: the text, blanks up to width columns, and two more before the next. */
void text_cell(struct strbuf *buf, const char *text, size_t width);

/* 188302 -> "188,302" */
void text_number(struct strbuf *buf, size_t n);

/* before, the number, and the noun with an s unless n is 1. */
void text_count(struct strbuf *buf, const char *before, size_t n, const char *noun);

/* Where an export is defined, "mm/memory.c:5421" or without a line; nothing if that is not known.
 * Not escaped. */
void text_source(struct strbuf *buf, const struct ksa_export *e);

/* Words one after the other, separated by ", " and broken at 100 columns. */
struct text_wrap {
	struct strbuf *buf;
	size_t indent; /* of the lines after the first */
	size_t column; /* where the line at hand ends */
	bool any;
};

void text_wrap_item(struct text_wrap *wrap, const char *item);

/* "6.1.0-56-amd64 x86_64": the release, or the label, and the architecture. */
void text_kernel(struct strbuf *buf, const struct ksa_kernel *kernel);

/* A line "notice: ..." for each. */
void text_notices(struct strbuf *buf, const char *const *notices, size_t count);

/* A line, behind indent, with what the kernel was read from; nothing if that is not known. */
void text_sources(struct strbuf *buf, const struct ksa_kernel *kernel, const char *indent);

#endif
