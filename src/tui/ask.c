// SPDX-License-Identifier: GPL-2.0-or-later
#include "tui/ask.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/cleanup.h"
#include "tui/keys.h"

static void start(struct tui *tui, enum tui_prompt prompt)
{
	tui->prompt = prompt;
	prompt_set(&tui->input, "");
}

void ask_filter(struct tui *tui)
{
	tui->before = tui->list.filter;
	tui->before_place = list_at(&tui->list, tui->selected);
	tui->view = &view_list;
	start(tui, ASK_FILTER);
	prompt_set(&tui->input, tui->list.filter.pattern);
}

void ask_export(struct tui *tui)
{
	if (!list_shown_count(&tui->list))
		tui_say(tui, true, "no symbol is shown that could be written");
	else
		start(tui, ASK_FORMAT);
}

static void cleanup_rows(struct diff_view *view)
{
	free(view->rows);
}

static void export_to(struct tui *tui, const char *path)
{
	_cleanup_(cleanup_rows) struct diff_view shown = {.rows = NULL};
	struct ksa_error err = {.code = 0};

	if (list_shown(&tui->list, tui->options->rows->axes, &shown, &err) ||
	    tui->options->export(tui->options->export_ctx, &shown, tui->format, path, &err))
		tui_say(tui, true, "%s%s%s", err.source, *err.source ? ": " : "", err.text);
	else
		tui_say(tui, false, "wrote %zu symbols to %s", shown.count, path);
}

static void filter_key(struct tui *tui, enum prompt_result result)
{
	struct list_filter filter = tui->list.filter;

	if (result == PROMPT_CANCELED) {
		filter = tui->before;
	} else {
		if (tui->input.length < sizeof(filter.pattern))
			memcpy(filter.pattern, tui->input.text, tui->input.length + 1);
		else
			prompt_set(&tui->input, filter.pattern);
	}
	if (result == PROMPT_EDITED || result == PROMPT_CANCELED)
		tui_set_filter(tui, &filter);
	if (result == PROMPT_CANCELED)
		tui_select(tui, list_line_of(&tui->list, tui->before_place));
	if (result == PROMPT_ENTERED && *filter.pattern)
		memcpy(tui->search, filter.pattern, sizeof(tui->search));
	if (result != PROMPT_EDITED)
		tui->prompt = ASK_NOTHING;
}

static void format_key(struct tui *tui, int key)
{
	tui->format = key == 'j' ? "json" : key == 't' ? "tsv" : key == 'm' ? "markdown" : NULL;
	if (tui->format)
		start(tui, ASK_FILE);
	else
		tui->prompt = ASK_NOTHING;
}

static void file_key(struct tui *tui, enum prompt_result result)
{
	struct stat st;

	if (result == PROMPT_EDITED)
		return;
	tui->prompt = ASK_NOTHING;
	if (result == PROMPT_CANCELED || !tui->input.length)
		return;
	if (lstat(tui->input.text, &st) == 0)
		tui->prompt = ASK_OVERWRITE;
	else
		export_to(tui, tui->input.text);
}

bool ask_key(struct tui *tui, int key)
{
	enum prompt_result result;

	if (tui->prompt == ASK_FORMAT) {
		format_key(tui, key);
		return true;
	}
	if (tui->prompt == ASK_OVERWRITE) {
		tui->prompt = ASK_NOTHING;
		if (key == 'y' || key == 'Y')
			export_to(tui, tui->input.text);
		return true;
	}
	result = prompt_key(&tui->input, key);
	if (result == PROMPT_IGNORED)
		return tui->prompt != ASK_FILTER;
	if (tui->prompt == ASK_FILTER)
		filter_key(tui, result);
	else
		file_key(tui, result);
	return true;
}

void ask_draw(const struct tui *tui, struct cells *cells, unsigned int room)
{
	unsigned int y = cells->height - 1, used, text;
	size_t folded = list_row_count(&tui->list) - list_shown_count(&tui->list);
	const char *input = tui->input.text;
	char question[192];

	switch (tui->prompt) {
	case ASK_FILTER:
		snprintf(question, sizeof(question), "/");
		break;
	case ASK_FORMAT:
		snprintf(question, sizeof(question),
			 "write %zu symbols (%zu folded ones not) as (j)son, (t)sv or (m)arkdown? ",
			 list_shown_count(&tui->list), folded);
		input = "";
		break;
	case ASK_FILE:
		snprintf(question, sizeof(question), "write %s to the file: ", tui->format);
		break;
	case ASK_OVERWRITE:
		snprintf(question, sizeof(question), "this file exists, overwrite it (y/n)? ");
		break;
	case ASK_NOTHING:
		return;
	}
	used = cells_put(cells, 0, y, room, CELL_BOLD, question);
	/* of a text that is too long the end is shown, where one types */
	text = cells_width(input);
	while (used + text > room && *input) {
		do
			input++;
		while ((*input & 0xc0) == 0x80);
		text = cells_width(input);
	}
	used += cells_put(cells, used, y, room - used, 0, input);
	cells->cursor_x = used;
	cells->cursor_y = y;
}
