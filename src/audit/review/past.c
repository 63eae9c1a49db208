// SPDX-License-Identifier: GPL-2.0-or-later
/* The past of a symbol: what commits before the patches did to its export. */
#include "audit/review/review_internal.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/cleanup.h"
#include "model/event.h"

static const char *day_of(const struct ksa_history *h, uint32_t commit, char *out, size_t size)
{
	const struct history_info *info = history_find_info(h, commit);
	time_t local = info ? (time_t)info->date + info->zone * (time_t)60 : 0;
	struct tm tm;

	if (!info || !gmtime_r(&local, &tm) || !strftime(out, size, "%Y-%m-%d", &tm))
		return "?";
	return out;
}

/* The last change of the symbol, in any file, that the history's head reaches. */
static const struct history_change *last_change(const struct ksa_history *h, const char *symbol)
{
	size_t size = h->commit_count * sizeof(uint32_t);
	_cleanup_free_ uint32_t *marks = malloc(size + 1);
	_cleanup_free_ uint32_t *stack = malloc(size + 1);
	const struct history_change *last = NULL;

	if (!marks || !stack)
		return NULL;
	memset(marks, 0xff, size);
	history_mark(h, h->head, 1, marks, stack);
	for (size_t i = 0; i < h->change_count; i++) {
		const struct history_change *c = &h->changes[i];

		/* Where a file is moved, its loss is told by what it gained elsewhere. */
		if (marks[c->commit] != HISTORY_NONE && strcmp(h->strings[c->name], symbol) == 0 &&
		    (c->to.classes || !last || last->commit != c->commit))
			last = c;
	}
	return last;
}

const char *review_past_of(struct review_audit *a, const char *symbol)
{
	const struct review_tree *tree = a->input->tree;
	const struct ksa_history *history = NULL;
	const struct history_change *last = NULL;
	char hex[13], day[16], to[80], from[80];

	if (tree && tree->history && !tree->history(tree->ctx, &history, NULL) && history)
		last = last_change(history, symbol);
	if (!last)
		return NULL;
	object_id_format(&history->commits[last->commit].id, hex, 12);
	event_classes(last->to.classes, to, sizeof(to));
	event_classes(last->from.classes, from, sizeof(from));
	return report_text(a->report, "%s%s since %s of %s%s%s", *to ? "" : "not exported", to, hex,
			   day_of(history, last->commit, day, sizeof(day)),
			   *from ? ", before " : "", from);
}
