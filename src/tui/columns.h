/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TUI_COLUMNS_H
#define TUI_COLUMNS_H

#include "model/diff.h"
#include "tui/cells.h"

/* The columns of the list of symbols, as widths; the importers have a fixed one. */
struct columns {
	unsigned int name, cls, ns, owner;
	unsigned int gap; /* between two of them */
};

#define COLUMNS_IMPORTERS 9

/* What the rows of the view would need to be shown whole. KSA_ENOMEM. */
int columns_measure(const struct diff_view *rows, struct columns *need,
		    struct ksa_error *err) _must_check_;

/* Share out a line of that width. Where not all fit, half of the room is for the names. */
struct columns columns_fit(const struct columns *need, unsigned int width);

/* Draw the names of the columns, or a row, as line y of the cells. */
void columns_draw_header(const struct columns *columns, struct cells *cells, unsigned int y);
void columns_draw_row(const struct columns *columns, const struct diff *diff, uint32_t row,
		      struct cells *cells, unsigned int y);

#endif
