// SPDX-License-Identifier: GPL-2.0-or-later
#include "tui/draw.h"

#include <stdio.h>

#include "base/cleanup.h"
#include "tui/ask.h"

void draw_bar(struct cells *cells, unsigned int y, const char *left, const char *right)
{
	unsigned int width = cells_width(right), room = cells->width - 2;

	cells_add_style(cells, 0, y, cells->width, CELL_REVERSE | CELL_BOLD);
	if (width + 1 < room) {
		cells_put(cells, cells->width - 1 - width, y, width, CELL_REVERSE, right);
		room -= width + (width > 0);
	}
	cells_put(cells, 1, y, room, CELL_REVERSE | CELL_BOLD, left);
}

/* The verdict on the modules stands on the right: a long name on the left is cut, not that. */
static void draw_title(const struct tui *tui, struct cells *cells)
{
	_cleanup_(strbuf_release) struct strbuf left = {.data = NULL}, right = {.data = NULL};
	const struct diff *diff = tui->diff;
	const char *separator = "";

	strbuf_printf(&left, "ksymaudit diff %s " GLYPH_ARROW " %s", diff->kernels[DIFF_OLD]->label,
		      diff->kernels[DIFF_NEW]->label);
	if (diff->module_count)
		strbuf_printf(&right, "%zu module%s:", diff->module_count,
			      diff->module_count == 1 ? "" : "s");
	for (int fate = FATE_UNKNOWN; fate >= FATE_OK; fate--) {
		if (!diff->counts.fates[fate])
			continue;
		strbuf_printf(&right, "%s %s %zu", separator, diff_fate_name((enum diff_fate)fate),
			      diff->counts.fates[fate]);
		separator = ",";
	}
	strbuf_adds(&right, diff->module_count ? "   ? help" : "? help");
	draw_bar(cells, 0, strbuf_string(&left), strbuf_string(&right));
}

/* What is filtered, as the keys / f m have it. */
static void add_filter(const struct list_filter *filter, struct strbuf *out)
{
	if (*filter->pattern)
		strbuf_printf(out, "/%s  ", filter->pattern);
	if (filter->family)
		strbuf_printf(out, "family %s  ", filter->family->family->name);
	if (filter->only_modules)
		strbuf_adds(out, "what the modules use");
}

/* A question, a message or the filter on the left; how much is shown on the right. */
static void draw_last_line(const struct tui *tui, struct cells *cells)
{
	_cleanup_(strbuf_release) struct strbuf left = {.data = NULL};
	unsigned int y = cells->height - 1, width, room;
	char right[64];

	snprintf(right, sizeof(right), "%zu of %zu symbols", list_row_count(&tui->list),
		 tui->options->rows->count);
	width = cells_width(right);
	room = cells->width - 1;
	/* the questions of an export have their own numbers */
	if (tui->prompt <= ASK_FILTER) {
		room -= width + 1;
		cells_put(cells, room + 1, y, width, TINT_NONE, right);
	}
	if (tui->prompt != ASK_NOTHING) {
		ask_draw(tui, cells, room);
	} else if (*tui->message) {
		cells_put(cells, 0, y, room, tui->failed ? TINT_BAD | CELL_BOLD : TINT_NONE,
			  tui->message);
	} else {
		add_filter(&tui->list.filter, &left);
		cells_put(cells, 0, y, room, TINT_NONE, strbuf_string(&left));
	}
}

void tui_render(struct tui *tui, struct cells *cells)
{
	char text[96];

	cells_clear(cells);
	if (cells->width < TUI_MIN_WIDTH || cells->height < TUI_MIN_HEIGHT) {
		snprintf(text, sizeof(text), "%ux%u is too small: %dx%d is needed (q quits)",
			 cells->width, cells->height, TUI_MIN_WIDTH, TUI_MIN_HEIGHT);
		cells_put(cells, 0, 0, cells->width, CELL_BOLD, text);
		return;
	}
	draw_title(tui, cells);
	tui->view->draw(tui, cells);
	if (tui->lines.failed)
		tui_say(tui, true, "out of memory: not all is shown");
	draw_last_line(tui, cells);
}
