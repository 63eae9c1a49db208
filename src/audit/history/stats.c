// SPDX-License-Identifier: GPL-2.0-or-later
/* What the releases of a history add up to: new exports, and how long they wait for a user. */
#include "audit/history/history.h"

#include <stdlib.h>
#include <string.h>

#include "base/vec.h"

static void count_wait(const struct history_releases *r, size_t release, size_t symbol,
		       struct history_release *row)
{
	row->unused++;
	for (size_t i = release + 1; i < r->count; i++) {
		size_t wait = i - release - 1;

		if (!r->classes[i * r->symbols + symbol])
			break;
		if (!r->used[i * r->symbols + symbol])
			continue;
		row->waits[wait < STATS_WAITS ? wait : STATS_WAITS - 1]++;
		return;
	}
	row->never++;
}

static void count_symbol(const struct history_releases *r, size_t release, size_t symbol,
			 struct history_release *row)
{
	static const uint8_t plain = 1u << KSA_CLASS_PLAIN, gpl = 1u << KSA_CLASS_GPL;
	uint8_t is = r->classes[release * r->symbols + symbol];
	uint8_t was = release ? r->classes[(release - 1) * r->symbols + symbol] : 0;
	bool several = is & (is - 1);

	row->plain += is == plain;
	row->gpl += is == gpl;
	row->mixed += several;
	row->other += is && !several && is != plain && is != gpl;
	if (!release)
		return;
	row->removed += was && !is;
	row->to_gpl += was == plain && is == gpl;
	row->to_plain += was == gpl && is == plain;
	if (was || !is)
		return;
	row->new_plain += is == plain;
	row->new_gpl += is == gpl;
	row->new_other += is != plain && is != gpl;
	if (!r->used[release * r->symbols + symbol])
		count_wait(r, release, symbol, row);
}

int history_count_releases(const struct history_releases *releases, struct history_stats *out,
			   struct ksa_error *err)
{
	*out = (struct history_stats){.missing = releases->missing};
	out->items = calloc(releases->count + 1, sizeof(*out->items));
	if (!out->items)
		return ksa_fail_nomem(err);
	for (; out->count < releases->count; out->count++) {
		struct history_release *row = &out->items[out->count];

		row->tag = releases->tags[out->count];
		for (size_t symbol = 0; symbol < releases->symbols; symbol++)
			count_symbol(releases, out->count, symbol, row);
	}
	return 0;
}

static int compare_items(const void *a, const void *b)
{
	const struct history_stats_item *x = a, *y = b;

	return strcmp(x->symbol, y->symbol);
}

/* Those that count_symbol counts in the list's column: the list cannot disagree with the figure. */
static int list_release(const struct ksa_history *h, const struct history_releases *r,
			size_t release, struct history_stats_list *out, struct ksa_error *err)
{
	const uint8_t *is = r->classes + release * r->symbols;
	const uint8_t *was = release ? is - r->symbols : NULL;
	size_t first = out->count;

	for (size_t symbol = 0; symbol < r->symbols; symbol++) {
		struct history_release row = {.tag = r->tags[release]};
		uint32_t figures[STATS_COLUMNS];
		int status;

		if (!is[symbol] && !(was && was[symbol]))
			continue;
		count_symbol(r, release, symbol, &row);
		history_stats_row(&row, figures);
		if (!figures[out->column])
			continue;
		status = VEC_PUSH_ROOM(out, err);
		if (status)
			return status;
		out->items[out->count++] = (struct history_stats_item){.tag = row.tag,
								       .symbol = h->strings[symbol],
								       .was = was ? was[symbol] : 0,
								       .is = is[symbol]};
	}
	if (out->count > first)
		qsort(out->items + first, out->count - first, sizeof(*out->items), compare_items);
	return 0;
}

int history_list_figure(const struct ksa_history *history, const struct history_releases *releases,
			const char *release, struct history_stats_list *out, struct ksa_error *err)
{
	bool found = !release;
	int r = 0;

	for (size_t i = 0; i < releases->count && !r; i++) {
		if (release && strcmp(history->tags[releases->tags[i]].name, release) != 0)
			continue;
		found = true;
		r = list_release(history, releases, i, out, err);
	}
	if (r || found)
		return r;
	return ksa_fail(err, KSA_EUSAGE, "'%s' is no release of this history: --stats lists them",
			release);
}
