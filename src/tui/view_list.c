// SPDX-License-Identifier: GPL-2.0-or-later
/* The list of symbols, and below it the detail of the selected one. */
#include <stdio.h>

#include "base/cleanup.h"
#include "tui/detail.h"
#include "tui/draw.h"

/* Lines of the screen: the groups' counts from 1 on, the header, the list, the detail. */
struct layout {
	unsigned int header, list, list_height, detail, detail_height;
};

/* The text of a group in the line of counts: "5 namespace 131". */
static unsigned int count_text(unsigned int group, size_t count, char *text, size_t size)
{
	return (unsigned int)snprintf(text, size, "%c %s %zu", list_key(group), list_name(group),
				      count);
}

/*
 * The counts of the groups, in one line or two: they say what there is, and which key goes there.
 * Their places are those of the whole diff, so that nothing moves as a filter is typed. Returns the
 * line below them; cells NULL: only that.
 */
static unsigned int draw_counts(const struct tui *tui, struct cells *cells)
{
	unsigned int current = list_at(&tui->list, tui->selected).group, x = 1, y = 1;

	for (unsigned int g = 0; g < LIST_GROUPS; g++) {
		const struct list_group *group = &tui->list.groups[g];
		char text[64];
		unsigned int width = count_text(g, group->all_count, text, sizeof(text));

		if (!group->all_count)
			continue;
		if (x + width > tui->width) {
			x = 1;
			y++;
		}
		if (cells) {
			count_text(g, group->count, text, sizeof(text));
			cells_put(cells, x, y, width, 0, text);
			cells_add_style(cells, x, y, 1, CELL_BOLD);
			if (g == current && group->count)
				cells_add_style(cells, x, y, width, CELL_BOLD | CELL_REVERSE);
		}
		x += width + 2;
	}
	return y + 1;
}

static struct layout layout_of(const struct tui *tui)
{
	struct layout at = {.header = draw_counts(tui, NULL)};
	unsigned int end = tui->height - 1;

	at.list = at.header + 1;
	at.list_height = end - at.list;
	at.detail = end;
	if (tui->detail) {
		at.detail_height = (at.list_height + 1) / 2;
		at.list_height -= at.detail_height;
		at.detail = at.list + at.list_height;
	}
	return at;
}

static void draw_head(const struct tui *tui, unsigned int g, struct cells *cells, unsigned int y)
{
	const struct list_group *group = &tui->list.groups[g];
	char text[64];
	unsigned int used;

	cells_put(cells, 0, y, 1, CELL_BOLD, group->folded ? GLYPH_FOLDED : GLYPH_OPEN);
	snprintf(text, sizeof(text), "%s: %zu", list_name(g), group->count);
	used = cells_put(cells, 2, y, cells->width - 2, CELL_BOLD, text);
	cells_put(cells, 4 + used, y, cells->width - 4 - used, 0, list_title(&tui->list, g));
}

static void draw_rows(struct tui *tui, struct cells *cells, const struct layout *at)
{
	struct columns columns = columns_fit(&tui->need, cells->width);
	size_t count = list_line_count(&tui->list);

	if (tui->top + at->list_height > count)
		tui->top = count > at->list_height ? count - at->list_height : 0;
	if (tui->selected < tui->top)
		tui->top = tui->selected;
	if (tui->selected >= tui->top + at->list_height)
		tui->top = tui->selected - at->list_height + 1;
	columns_draw_header(&columns, cells, at->header);
	if (!count)
		cells_put(cells, 2, at->list, cells->width - 2, 0,
			  tui->options->rows->count	 ? "no symbol passes the filter"
			  : tui->options->rows->filtered ? "nothing of what was asked for changed"
							 : "nothing changed");
	for (unsigned int i = 0; i < at->list_height && tui->top + i < count; i++) {
		struct list_place place = list_at(&tui->list, tui->top + i);

		if (place.row == NO_INDEX)
			draw_head(tui, place.group, cells, at->list + i);
		else
			columns_draw_row(&columns, tui->diff, place.row, cells, at->list + i);
		if (tui->top + i == tui->selected)
			cells_add_style(cells, 0, at->list + i, cells->width, CELL_REVERSE);
	}
}

static void draw_detail(struct tui *tui, struct cells *cells, const struct layout *at)
{
	_cleanup_(strbuf_release) struct strbuf title = {.data = NULL};
	unsigned int height = at->detail_height - 1;
	uint32_t row = tui_row(tui);
	char more[64] = "";

	lines_reset(&tui->lines);
	if (!list_line_count(&tui->list)) {
		strbuf_adds(&title, "no symbol");
	} else if (row == NO_INDEX) {
		strbuf_adds(&title, list_name(list_at(&tui->list, tui->selected).group));
		lines_add(&tui->lines, 0, 0, "%s",
			  list_title(&tui->list, list_at(&tui->list, tui->selected).group));
	} else {
		detail_title(&tui->diff->rows[row], &title);
		detail_lines(tui->diff, row, cells->width - 2, &tui->lines);
	}
	if (tui->lines.count > height)
		snprintf(more, sizeof(more), "z: %zu more lines", tui->lines.count - height);
	draw_bar(cells, at->detail, strbuf_string(&title), more);
	lines_draw(&tui->lines, cells, 0, at->detail + 1, height);
}

static void draw(struct tui *tui, struct cells *cells)
{
	struct layout at = layout_of(tui);

	draw_counts(tui, cells);
	draw_rows(tui, cells, &at);
	if (tui->detail)
		draw_detail(tui, cells, &at);
}

static struct tui_cursor cursor(struct tui *tui)
{
	size_t count = list_line_count(&tui->list);

	return (struct tui_cursor){&tui->selected, count - (count > 0), layout_of(tui).list_height};
}

const struct tui_view view_list = {IN_LIST, cursor, draw};
