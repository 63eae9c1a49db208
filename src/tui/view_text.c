// SPDX-License-Identifier: GPL-2.0-or-later
/* What fills the screen with text: the detail of a symbol, and the help. */
#include <stdio.h>

#include "base/cleanup.h"
#include "tui/detail.h"
#include "tui/draw.h"
#include "tui/help.h"

static struct tui_cursor cursor(struct tui *tui)
{
	size_t height = tui_body_height(tui) - 1;

	return (struct tui_cursor){
		&tui->scroll, tui->lines.count > height ? tui->lines.count - height : 0, height};
}

static void draw_lines(struct tui *tui, struct cells *cells, const char *title)
{
	struct tui_cursor at = cursor(tui);
	char place[64] = "";

	if (tui->scroll > at.last)
		tui->scroll = at.last;
	if (at.last)
		snprintf(place, sizeof(place), "lines %zu-%zu of %zu", tui->scroll + 1,
			 tui->scroll + at.page, tui->lines.count);
	draw_bar(cells, 1, title, place);
	lines_draw(&tui->lines, cells, tui->scroll, 2, (unsigned int)at.page);
}

static void detail_draw(struct tui *tui, struct cells *cells)
{
	_cleanup_(strbuf_release) struct strbuf title = {.data = NULL};
	uint32_t row = tui_row(tui);

	lines_reset(&tui->lines);
	if (row != NO_INDEX) {
		detail_title(&tui->diff->rows[row], &title);
		detail_lines(tui->diff, row, cells->width - 2, &tui->lines);
	}
	draw_lines(tui, cells, strbuf_string(&title));
}

const struct tui_view view_detail = {IN_DETAIL, cursor, detail_draw};

static void help_draw(struct tui *tui, struct cells *cells)
{
	lines_reset(&tui->lines);
	help_lines(tui->diff, cells->width - 2, &tui->lines);
	draw_lines(tui, cells, "help");
}

const struct tui_view view_help = {IN_HELP, cursor, help_draw};
