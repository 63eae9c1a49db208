// SPDX-License-Identifier: GPL-2.0-or-later
/* The table of releases, in the forms that history has. */
#include <string.h>

#include "base/cleanup.h"
#include "base/escape.h"
#include "write/history.h"
#include "write/out.h"
#include "write/text/text.h"

static const char *tag_of(const struct ksa_history *h, const struct history_release *row)
{
	return h->tags[row->tag].name;
}

int write_stats_list_tsv(const struct ksa_history *history, const struct history_stats_list *list,
			 FILE *out, struct ksa_error *err)
{
	_cleanup_(strbuf_release) struct strbuf buf = {NULL, 0, 0, false};
	char was[80], is[80];
	int r = 0;

	strbuf_adds(&buf, "#release\tsymbol\tbefore\tafter\n");
	for (size_t i = 0; i < list->count && !r; i++) {
		const struct history_stats_item *item = &list->items[i];

		escape_text(&buf, history->tags[item->tag].name);
		strbuf_addc(&buf, '\t');
		escape_text(&buf, item->symbol);
		strbuf_printf(&buf, "\t%s\t%s\n", event_classes(item->was, was, sizeof(was)),
			      event_classes(item->is, is, sizeof(is)));
		r = out_piece(&buf, out, err);
	}
	return out_end(r, &buf, out, err);
}

/* "gpl", "plain -> gpl", "not exported before". */
static void put_classes(struct strbuf *buf, const struct history_stats_item *item)
{
	char was[80], is[80];

	event_classes(item->was, was, sizeof(was));
	event_classes(item->is, is, sizeof(is));
	if (!item->is)
		strbuf_printf(buf, "removed (was %s)", was);
	else if (!item->was)
		strbuf_printf(buf, "%s (new)", is);
	else if (item->was == item->is)
		strbuf_adds(buf, is);
	else
		strbuf_printf(buf, "%s (was %s)", is, was);
}

int write_stats_list_text(const struct ksa_history *history, const struct history_stats_list *list,
			  FILE *out, struct ksa_error *err)
{
	_cleanup_(strbuf_release) struct strbuf buf = {NULL, 0, 0, false};
	const char *release = NULL;
	int r = 0;

	for (size_t i = 0; i < list->count && !r; i++) {
		const struct history_stats_item *item = &list->items[i];
		const char *tag = history->tags[item->tag].name;

		if (tag != release) {
			escape_text(&buf, tag);
			strbuf_printf(&buf, ", %s:\n", history_stats_names[list->column]);
		}
		release = tag;
		strbuf_adds(&buf, "  ");
		escape_text(&buf, item->symbol);
		strbuf_adds(&buf, "  ");
		put_classes(&buf, item);
		strbuf_addc(&buf, '\n');
		r = out_piece(&buf, out, err);
	}
	strbuf_printf(&buf, "%s%zu symbol%s\n", list->count ? "\n" : "", list->count,
		      list->count == 1 ? "" : "s");
	return out_end(r, &buf, out, err);
}

int write_stats_tsv(const struct ksa_history *history, const struct history_stats *stats, FILE *out,
		    struct ksa_error *err)
{
	_cleanup_(strbuf_release) struct strbuf buf = {NULL, 0, 0, false};
	uint32_t row[STATS_COLUMNS];

	strbuf_adds(&buf, "#release");
	for (int c = 0; c < STATS_COLUMNS; c++)
		strbuf_printf(&buf, "\t%s", history_stats_names[c]);
	strbuf_addc(&buf, '\n');
	for (size_t i = 0; i < stats->count; i++) {
		history_stats_row(&stats->items[i], row);
		escape_text(&buf, tag_of(history, &stats->items[i]));
		for (int c = 0; c < STATS_COLUMNS; c++)
			strbuf_printf(&buf, "\t%u", row[c]);
		strbuf_addc(&buf, '\n');
	}
	return out_end(0, &buf, out, err);
}

static void put_cell(struct strbuf *buf, size_t n, size_t width)
{
	_cleanup_(strbuf_release) struct strbuf cell = {NULL, 0, 0, false};

	if (n)
		text_number(&cell, n);
	else
		strbuf_addc(&cell, '-');
	if (cell.length < width)
		strbuf_pad(buf, width - cell.length);
	strbuf_adds(buf, strbuf_string(&cell));
	buf->failed |= cell.failed;
}

void history_stats_sums(struct strbuf *buf, const struct history_stats *stats)
{
	size_t new = 0, unused = 0, never = 0, to_gpl = 0, to_plain = 0;

	for (size_t i = 0; i < stats->count; i++) {
		const struct history_release *row = &stats->items[i];

		new += row->new_plain + row->new_gpl + row->new_other;
		unused += row->unused;
		never += row->never;
		to_gpl += row->to_gpl;
		to_plain += row->to_plain;
	}
	text_count(buf, "", stats->count, "release");
	text_count(buf, ": ", to_gpl, "export");
	strbuf_adds(buf, " went from plain to gpl and ");
	text_number(buf, to_plain);
	strbuf_adds(buf, " from gpl to plain; ");
	text_count(buf, "of ", new, "new export");
	strbuf_addc(buf, ' ');
	text_number(buf, unused);
	strbuf_adds(buf, " had no user in their own release, and ");
	text_number(buf, never);
	strbuf_adds(buf, " of these never got one");
}

int write_stats_text(const struct ksa_history *history, const struct history_stats *stats,
		     FILE *out, struct ksa_error *err)
{
	static const size_t widths[STATS_COLUMNS] = {7, 7, 6, 6, 7, 6, 6, 8, 7, 9, 8, 6, 7, 6, 6};
	_cleanup_(strbuf_release) struct strbuf buf = {NULL, 0, 0, false};
	_cleanup_(strbuf_release) struct strbuf name = {NULL, 0, 0, false};
	size_t first = strlen("RELEASE");
	uint32_t row[STATS_COLUMNS];

	for (size_t i = 0; i < stats->count; i++) {
		size_t width = text_width(tag_of(history, &stats->items[i]));

		first = width > first ? width : first;
	}
	strbuf_pad(&buf, first);
	strbuf_adds(&buf,
		    "   EXPORTS                     NEW                         RECLASSIFIED    "
		    " NEW AND UNUSED; FIRST USED IN\n");
	strbuf_adds(&buf, "RELEASE");
	strbuf_pad(&buf, first - strlen("RELEASE"));
	strbuf_adds(&buf, "  PLAIN    GPL MIXED OTHER  PLAIN   GPL OTHER REMOVED TO GPL TO PLAIN   "
			  "COUNT  NEXT SECOND LATER NEVER\n");
	for (size_t i = 0; i < stats->count; i++) {
		history_stats_row(&stats->items[i], row);
		strbuf_reset(&name);
		escape_text(&name, tag_of(history, &stats->items[i]));
		strbuf_adds(&buf, strbuf_string(&name));
		if (name.length < first)
			strbuf_pad(&buf, first - name.length);
		for (int c = 0; c < STATS_COLUMNS; c++)
			put_cell(&buf, row[c], widths[c]);
		strbuf_addc(&buf, '\n');
	}
	strbuf_addc(&buf, '\n');
	history_stats_sums(&buf, stats);
	strbuf_addc(&buf, '\n');
	if (stats->missing)
		strbuf_printf(
			&buf,
			"notice: %llu files of these releases are missing from the repository\n",
			(unsigned long long)stats->missing);
	if (name.failed)
		return ksa_fail_nomem(err);
	return out_end(0, &buf, out, err);
}
