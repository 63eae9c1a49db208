/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TUI_LINES_H
#define TUI_LINES_H

#include "base/arena.h"
#include "tui/cells.h"

struct line {
	const char *text; /* not escaped */
	uint8_t style;
	unsigned int label; /* so many columns at its start are bold */
};

/* Text that is put together first and then shown in part. Zero-initialize. */
struct lines {
	struct arena arena;
	struct line *items;
	size_t count, capacity;
	bool failed; /* out of memory: what follows is missing */
};

void lines_reset(struct lines *lines);
void lines_release(struct lines *lines);

/* Add a line of that style whose first label columns are bold. */
void lines_add(struct lines *lines, uint8_t style, unsigned int label, const char *format, ...)
	_printf_(4, 5);

/*
 * Add text, broken at blanks into lines of width columns; the first starts with the label, padded
 * to indent columns, the others with blanks.
 */
void lines_wrap(struct lines *lines, const char *label, unsigned int indent, unsigned int width,
		const char *text);

/* Show the lines from first on, at y and below, at most height of them. */
void lines_draw(const struct lines *lines, struct cells *cells, size_t first, unsigned int y,
		unsigned int height);

#endif
