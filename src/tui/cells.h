/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TUI_CELLS_H
#define TUI_CELLS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"

/* How a cell looks: one tint, and the two flags. The screen chooses colors of the terminal's own.
 */
enum tint { TINT_NONE = 0, TINT_BAD, TINT_WARN, TINT_GOOD, TINT_COUNT };

#define CELL_BOLD    0x40
#define CELL_REVERSE 0x80

/* What the views use beyond ASCII; without UTF-8, cells_put puts an ASCII character instead. */
#define GLYPH_ARROW  "→"
#define GLYPH_CUT    "…"
#define GLYPH_OPEN   "▾"
#define GLYPH_FOLDED "▸"

struct cell {
	uint32_t code; /* Unicode, always of one column */
	uint8_t style;
};

/* What a terminal shows, as data: width x height cells, line by line. Zero-initialize. */
struct cells {
	struct cell *items;
	unsigned int width, height;
	unsigned int cursor_x, cursor_y; /* cursor_x == width: no cursor */
	bool utf8;
};

/* Set the size; the content is blank then. width and height are at least 1 and at most 10000. */
int cells_resize(struct cells *cells, unsigned int width, unsigned int height,
		 struct ksa_error *err) _must_check_;
void cells_release(struct cells *cells);

/* Make everything blank, without a cursor. */
void cells_clear(struct cells *cells);

/*
 * Put the text at x, y, in at most width columns; one that is longer ends in GLYPH_CUT. Control
 * bytes are escaped, what is no character of one column becomes '?'. What lies outside is left out.
 * Returns the number of columns that were used.
 */
unsigned int cells_put(struct cells *cells, unsigned int x, unsigned int y, unsigned int width,
		       uint8_t style, const char *text);

/* How many columns cells_put would use, were there room. */
unsigned int cells_width(const char *text);

/* Add to the style of width cells from x, y on. */
void cells_add_style(struct cells *cells, unsigned int x, unsigned int y, unsigned int width,
		     uint8_t style);

#endif
