// SPDX-License-Identifier: GPL-2.0-or-later
#include "tui/lines.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/strbuf.h"
#include "base/vec.h"

void lines_reset(struct lines *lines)
{
	arena_reset(&lines->arena);
	lines->count = 0;
	lines->failed = false;
}

void lines_release(struct lines *lines)
{
	arena_release(&lines->arena);
	free(lines->items);
	*lines = (struct lines){.items = NULL};
}

/* text may be NULL: out of memory */
static void push(struct lines *lines, uint8_t style, unsigned int label, const char *text)
{
	char *copy = text ? arena_strdup(&lines->arena, text) : NULL;

	if (!copy || VEC_PUSH_ROOM(lines, NULL)) {
		lines->failed = true;
		return;
	}
	lines->items[lines->count++] = (struct line){.text = copy, .style = style, .label = label};
}

void lines_add(struct lines *lines, uint8_t style, unsigned int label, const char *format, ...)
{
	_cleanup_free_ char *text = NULL;
	va_list ap;

	va_start(ap, format);
	if (vasprintf(&text, format, ap) < 0)
		text = NULL;
	va_end(ap);
	push(lines, style, label, text);
}

void lines_wrap(struct lines *lines, const char *label, unsigned int indent, unsigned int width,
		const char *text)
{
	_cleanup_(strbuf_release) struct strbuf line = {.data = NULL}, word = {.data = NULL};
	unsigned int used = 0;

	/* a label that is too long has a line of its own */
	if (cells_width(label) > indent) {
		lines_add(lines, CELL_BOLD, 0, "%s", label);
		label = "";
	}
	strbuf_printf(&line, "%-*s", (int)indent, label);
	while (*text || !used) {
		size_t length = strcspn(text, " ");
		unsigned int columns;

		strbuf_reset(&word);
		strbuf_add(&word, text, length);
		columns = cells_width(strbuf_string(&word));
		if (used && indent + used + 1 + columns > width) {
			push(lines, 0, *label ? indent : 0, strbuf_string(&line));
			label = "";
			strbuf_reset(&line);
			strbuf_pad(&line, indent);
			used = 0;
		}
		strbuf_adds(&line, used ? " " : "");
		strbuf_adds(&line, strbuf_string(&word));
		used += columns + (used > 0);
		text += length + strspn(text + length, " ");
		if (!*text)
			break;
	}
	lines->failed |= line.failed || word.failed;
	push(lines, 0, *label ? indent : 0, strbuf_string(&line));
}

void lines_draw(const struct lines *lines, struct cells *cells, size_t first, unsigned int y,
		unsigned int height)
{
	for (size_t i = first; i < lines->count && i - first < height; i++) {
		const struct line *line = &lines->items[i];
		unsigned int at = y + (unsigned int)(i - first);

		cells_put(cells, 1, at, cells->width - 1, line->style, line->text);
		cells_add_style(cells, 1, at, line->label, CELL_BOLD);
	}
}
