// SPDX-License-Identifier: GPL-2.0-or-later
/* The page of what the releases export: three charts, and the table of their numbers. */
#include <string.h>

#include "base/cleanup.h"
#include "write/history.h"
#include "write/html/html.h"
#include "write/html/svg.h"
#include "write/text/text.h"

struct data {
	const struct ksa_history *history;
	const struct history_stats *stats;
};

static uint32_t column(const void *data, size_t at, enum stats_column c)
{
	const struct data *d = data;
	uint32_t row[STATS_COLUMNS];

	history_stats_row(&d->stats->items[at], row);
	return row[c];
}

static uint32_t exports_value(const void *data, size_t at, size_t series)
{
	return column(data, at, STATS_PLAIN + series);
}

static uint32_t reclassified_value(const void *data, size_t at, size_t series)
{
	return column(data, at, STATS_TO_GPL + series);
}

static uint32_t waits_value(const void *data, size_t at, size_t series)
{
	return column(data, at, STATS_NEXT + series);
}

static const char *label(const void *data, size_t at)
{
	const struct data *d = data;

	return d->history->tags[d->stats->items[at].tag].name;
}

static void charts(struct html *h, const struct data *data)
{
	const struct svg_chart exports = {
		.id = "exports",
		.title = "Exports by class",
		.description =
			"Lines over the releases: symbols that are exported plain, GPL-only, "
			"of several classes, and of other classes. The numbers are in the table.",
		.count = data->stats->count,
		.series_count = 4,
		.names = {"plain", "gpl", "mixed", "other"},
		.value = exports_value,
		.label = label,
		.data = data};
	struct svg_chart reclassified = exports, waits = exports;

	reclassified.id = "reclassified";
	reclassified.title = "Reclassifications";
	reclassified.description =
		"Bars for each release: up what went from plain to GPL-only, down "
		"what went from GPL-only to plain. The numbers are in the table.";
	reclassified.series_count = 2;
	reclassified.names[0] = "plain to gpl, up";
	reclassified.names[1] = "gpl to plain, down";
	reclassified.value = reclassified_value;
	waits.id = "waits";
	waits.title = "New exports without a user: when the first one came";
	waits.description =
		"Stacked bars for each release: of its new exports that nothing used yet, "
		"those that were used by the next release, the second, later, and never. "
		"The numbers are in the table.";
	waits.names[0] = "the next release";
	waits.names[1] = "the second";
	waits.names[2] = "later";
	waits.names[3] = "never";
	waits.value = waits_value;
	svg_lines(&h->buf, &exports);
	svg_up_and_down(&h->buf, &reclassified);
	svg_stacks(&h->buf, &waits);
}

static void table(struct html *h, const struct data *data)
{
	html_raw(h, "<h2>The numbers</h2>\n");
	html_plain_table(
		h, "numbers",
		"Each release against the one before it, in symbols. Unused: of the new ones, "
		"without a user in their own release; then when their first user came.");
	html_raw(h, "<tr><th scope=\"col\">release</th>");
	for (int c = 0; c < STATS_COLUMNS; c++)
		strbuf_printf(&h->buf, "<th scope=\"col\" class=\"number\">%s</th>",
			      history_stats_names[c]);
	html_raw(h, "</tr></thead>\n<tbody>\n");
	for (size_t i = 0; i < data->stats->count; i++) {
		html_raw(h, "<tr><th scope=\"row\">");
		html_text(h, label(data, i));
		html_raw(h, "</th>");
		for (int c = 0; c < STATS_COLUMNS; c++) {
			html_raw(h, "<td class=\"number\">");
			text_number(&h->buf, column(data, i, (enum stats_column)c));
			html_raw(h, "</td>");
		}
		html_raw(h, "</tr>\n");
		html_drain(h);
	}
	html_raw(h, "</tbody>\n</table>\n</div>\n");
}

static void notices(struct html *h, const struct data *data)
{
	struct strbuf buf = {NULL, 0, 0, false};

	if (!data->history->notice_count && !data->stats->missing)
		return;
	html_raw(h, "<ul class=\"note\">\n");
	for (size_t i = 0; i < data->history->notice_count; i++)
		html_element(h, "li", data->history->notices[i]);
	if (data->stats->missing) {
		text_count(&buf, "", (size_t)data->stats->missing, "file");
		strbuf_adds(&buf, " of these releases are missing from the repository");
		html_element(h, "li", strbuf_string(&buf));
	}
	html_raw(h, "</ul>\n");
	h->buf.failed |= buf.failed;
	strbuf_release(&buf);
}

int write_stats_html(const struct ksa_history *history, const struct history_stats *stats,
		     FILE *out, struct ksa_error *err)
{
	_cleanup_(html_release) struct html h = {.out = out, .err = err};
	const struct data data = {history, stats};
	struct strbuf sums = {NULL, 0, 0, false};

	html_begin(&h, "ksymaudit history: exports by release");
	history_stats_sums(&sums, stats);
	html_element(&h, "p", strbuf_string(&sums));
	h.buf.failed |= sums.failed;
	strbuf_release(&sums);
	notices(&h, &data);
	if (stats->count) {
		charts(&h, &data);
		table(&h, &data);
	}
	return html_end(&h);
}
