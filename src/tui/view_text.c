// SPDX-License-Identifier: GPL-2.0-or-later
/* What fills the screen with text: the detail of a symbol, and the help. */
#include <stdio.h>

#include "base/cleanup.h"
#include "tui/detail.h"
#include "tui/draw.h"
#include "tui/help.h"
#include "tui/keys.h"

static unsigned int text_height(const struct tui *tui)
{
	return tui_body_height(tui) - 1;
}

static void draw_lines(struct tui *tui, struct cells *cells, const char *title)
{
	unsigned int height = text_height(tui);
	size_t end, last = tui->lines.count > height ? tui->lines.count - height : 0;
	char place[64] = "";

	if (tui->scroll > last)
		tui->scroll = last;
	end = tui->scroll + height < tui->lines.count ? tui->scroll + height : tui->lines.count;
	if (last)
		snprintf(place, sizeof(place), "lines %zu-%zu of %zu", tui->scroll + 1, end,
			 tui->lines.count);
	draw_bar(cells, 1, title, place);
	lines_draw(&tui->lines, cells, tui->scroll, 2, height);
}

static bool scroll_key(struct tui *tui, int k)
{
	size_t page = text_height(tui), up = 0, down = 0;

	if (k == KEYS_DOWN || k == 'j')
		down = 1;
	else if (k == KEYS_UP || k == 'k')
		up = 1;
	else if (k == KEYS_PAGE_DOWN || k == ' ')
		down = page;
	else if (k == KEYS_PAGE_UP || k == 'b')
		up = page;
	else if (k == KEYS_HALF_DOWN)
		down = page / 2;
	else if (k == KEYS_HALF_UP)
		up = page / 2;
	else if (k == KEYS_HOME || k == 'g')
		up = tui->scroll;
	else if (k == KEYS_END || k == 'G')
		down = tui->lines.count;
	else
		return false;
	tui->scroll = tui->scroll + down > up ? tui->scroll + down - up : 0;
	return true;
}

/* The next symbol in the list, heads aside; at the end the list stays where it is. */
static void step(struct tui *tui, bool forward)
{
	size_t from = tui->selected, line = from, count = list_line_count(&tui->list);

	do {
		if (forward ? line + 1 >= count : !line)
			return;
		line += forward ? 1 : (size_t)-1;
	} while (list_at(&tui->list, line).row == NO_INDEX);
	tui_select(tui, line);
}

static bool detail_key(struct tui *tui, int k)
{
	if (k == 'J' || k == 'K') {
		step(tui, k == 'J');
		return true;
	}
	if (k == KEYS_ENTER) {
		tui->view = &view_list;
		return true;
	}
	return scroll_key(tui, k);
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

const struct tui_view view_detail = {.key = detail_key, .draw = detail_draw};

static bool help_key(struct tui *tui, int k)
{
	if (scroll_key(tui, k))
		return true;
	if (k == KEYS_ENTER || k == '?')
		tui->view = &view_list;
	return k == KEYS_ENTER || k == '?';
}

static void help_draw(struct tui *tui, struct cells *cells)
{
	lines_reset(&tui->lines);
	help_lines(tui->diff, cells->width - 2, &tui->lines);
	draw_lines(tui, cells, "help");
}

const struct tui_view view_help = {.key = help_key, .draw = help_draw};
