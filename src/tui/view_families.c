// SPDX-License-Identifier: GPL-2.0-or-later
/* The families of symbols, one of which can be chosen: 0 is all symbols, i + 1 the family i. */
#include <stdio.h>

#include "tui/draw.h"

static void draw_entry(const struct tui *tui, size_t entry, struct cells *cells, unsigned int y)
{
	const struct diff_family *family = entry ? &tui->diff->families[entry - 1] : NULL;
	char text[64] = "";

	cells_put(cells, 0, y, 1, CELL_BOLD, tui->list.filter.family == family ? "*" : "");
	cells_put(cells, 2, y, 16, CELL_BOLD, family ? family->family->name : "all symbols");
	if (family)
		snprintf(text, sizeof(text), "%zu of %zu changed", family->changed,
			 family->row_count);
	cells_put(cells, 20, y, 20, 0, text);
	cells_put(cells, 42, y, cells->width - 42, 0, family ? family->family->title : "");
	if (entry == tui->picked)
		cells_add_style(cells, 0, y, cells->width, CELL_REVERSE);
}

static struct tui_cursor cursor(struct tui *tui)
{
	return (struct tui_cursor){&tui->picked, tui->diff->family_count, tui_body_height(tui) - 1};
}

static void draw(struct tui *tui, struct cells *cells)
{
	struct tui_cursor at = cursor(tui);

	if (tui->picked < tui->scroll)
		tui->scroll = tui->picked;
	if (tui->picked >= tui->scroll + at.page)
		tui->scroll = tui->picked - at.page + 1;
	draw_bar(cells, 1, "families of symbols", "Enter shows one");
	for (unsigned int i = 0; i < at.page && tui->scroll + i <= at.last; i++)
		draw_entry(tui, tui->scroll + i, cells, 2 + i);
}

const struct tui_view view_families = {IN_FAMILIES, cursor, draw};
