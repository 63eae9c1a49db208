// SPDX-License-Identifier: GPL-2.0-or-later
/* The families of symbols, one of which can be chosen: 0 is all symbols, i + 1 the family i. */
#include <stdio.h>

#include "tui/draw.h"
#include "tui/keys.h"

static size_t entry_count(const struct tui *tui)
{
	return 1 + tui->diff->family_count;
}

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

static void draw(struct tui *tui, struct cells *cells)
{
	unsigned int height = tui_body_height(tui) - 1;
	size_t count = entry_count(tui);

	if (tui->picked < tui->scroll)
		tui->scroll = tui->picked;
	if (tui->picked >= tui->scroll + height)
		tui->scroll = tui->picked - height + 1;
	draw_bar(cells, 1, "families of symbols", "Enter shows one");
	for (unsigned int i = 0; i < height && tui->scroll + i < count; i++)
		draw_entry(tui, tui->scroll + i, cells, 2 + i);
}

static void choose(struct tui *tui)
{
	struct list_filter filter = tui->list.filter;

	filter.family = tui->picked ? &tui->diff->families[tui->picked - 1] : NULL;
	tui_set_filter(tui, &filter);
	tui->view = &view_list;
}

static bool key(struct tui *tui, int k)
{
	size_t last = entry_count(tui) - 1, page = tui_body_height(tui) - 1;

	if (k == KEYS_DOWN || k == 'j')
		tui->picked += tui->picked < last;
	else if (k == KEYS_UP || k == 'k')
		tui->picked -= tui->picked > 0;
	else if (k == KEYS_PAGE_DOWN || k == ' ')
		tui->picked = tui->picked + page < last ? tui->picked + page : last;
	else if (k == KEYS_PAGE_UP || k == 'b')
		tui->picked -= tui->picked < page ? tui->picked : page;
	else if (k == KEYS_HOME || k == 'g')
		tui->picked = 0;
	else if (k == KEYS_END || k == 'G')
		tui->picked = last;
	else if (k == KEYS_ENTER)
		choose(tui);
	else
		return false;
	return true;
}

const struct tui_view view_families = {.key = key, .draw = draw};
