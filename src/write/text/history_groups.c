// SPDX-License-Identifier: GPL-2.0-or-later
/* Events by author, subsystem or year, in the forms that history has. */
#include <ctype.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/escape.h"
#include "write/history.h"
#include "write/out.h"
#include "write/text/text.h"

#define COLUMN 13 /* characters: the longest title is "reclassified" */

static void put_right(struct strbuf *buf, const char *text)
{
	const size_t width = text_width(text);

	strbuf_pad(buf, width < COLUMN ? COLUMN - width : 1);
	strbuf_adds(buf, text);
}

static void put_heading(struct strbuf *buf, const char *title)
{
	char upper[COLUMN + 1];
	size_t length = 0;

	for (; length < COLUMN && title[length]; length++)
		upper[length] = (char)toupper((unsigned char)title[length]);
	upper[length] = '\0';
	put_right(buf, upper);
}

static void put_number(struct strbuf *buf, size_t n)
{
	_cleanup_(strbuf_release) struct strbuf number = {NULL, 0, 0, false};

	if (n)
		text_number(&number, n);
	else
		strbuf_addc(&number, '-');
	put_right(buf, strbuf_string(&number));
	buf->failed |= number.failed;
}

static size_t key_width(const struct history_groups *groups)
{
	size_t width = strlen(history_by_name(groups->by));

	for (size_t i = 0; i < groups->count; i++)
		if (text_width(groups->items[i].key) > width)
			width = text_width(groups->items[i].key);
	return width;
}

int write_groups_text(const struct ksa_events *events, const struct history_groups *groups,
		      FILE *out, struct ksa_error *err)
{
	_cleanup_(strbuf_release) struct strbuf buf = {NULL, 0, 0, false};
	const size_t width = key_width(groups);
	const char *title = history_by_name(groups->by);
	int r = 0;

	for (const char *c = title; *c; c++)
		strbuf_addc(&buf, (char)toupper((unsigned char)*c));
	strbuf_pad(&buf, width - strlen(title));
	for (int c = 0; c < GROUP_COLUMNS; c++)
		put_heading(&buf, history_group_names[c]);
	strbuf_addc(&buf, '\n');
	for (size_t i = 0; i < groups->count && !r; i++) {
		const char *key = groups->items[i].key;

		escape_text(&buf, key);
		strbuf_pad(&buf, width - text_width(key));
		for (int c = 0; c < GROUP_COLUMNS; c++)
			put_number(&buf, groups->items[i].counts[c]);
		strbuf_addc(&buf, '\n');
		r = out_piece(&buf, out, err);
	}
	strbuf_addc(&buf, '\n');
	history_summary(&buf, events);
	strbuf_addc(&buf, '\n');
	return out_end(r, &buf, out, err);
}

int write_groups_tsv(const struct history_groups *groups, FILE *out, struct ksa_error *err)
{
	_cleanup_(strbuf_release) struct strbuf buf = {NULL, 0, 0, false};
	int r = 0;

	strbuf_printf(&buf, "#%s", history_by_name(groups->by));
	for (int c = 0; c < GROUP_COLUMNS; c++)
		strbuf_printf(&buf, "\t%s", history_group_names[c]);
	strbuf_addc(&buf, '\n');
	for (size_t i = 0; i < groups->count && !r; i++) {
		escape_text(&buf, groups->items[i].key);
		for (int c = 0; c < GROUP_COLUMNS; c++)
			strbuf_printf(&buf, "\t%zu", groups->items[i].counts[c]);
		strbuf_addc(&buf, '\n');
		r = out_piece(&buf, out, err);
	}
	return out_end(r, &buf, out, err);
}
