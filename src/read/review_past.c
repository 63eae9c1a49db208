// SPDX-License-Identifier: GPL-2.0-or-later
/* The past of a symbol, for a review: from the index that the history command keeps. */
#include "read/review_past.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/cleanup.h"

void review_past_release(struct review_past *past)
{
	ksa_history_free(past->history);
	past->history = NULL;
}

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

static int read_history(struct review_past *past, struct ksa_error *err)
{
	char hex[OBJECT_ID_HEX + 1];
	const struct history_options options = {
		.until = hex, .cache = past->cache, .cached_only = true};
	int r;

	past->tried = true;
	object_id_format(&past->before, hex, OBJECT_ID_HEX);
	r = history_read(past->path, &options, &past->history, err);
	return r == KSA_ENODATA ? 0 : r;
}

int review_past_tell(struct review_past *past, const char *symbol, struct arena *arena,
		     const char **phrase, struct ksa_error *err)
{
	const struct history_change *last;
	char hex[13], day[16], to[80], from[80];
	int r = 0;

	*phrase = NULL;
	if (!past->cache)
		return 0;
	if (!past->tried)
		r = read_history(past, err);
	last = r || !past->history ? NULL : last_change(past->history, symbol);
	if (!last)
		return r;
	object_id_format(&past->history->commits[last->commit].id, hex, 12);
	event_classes(last->to.classes, to, sizeof(to));
	event_classes(last->from.classes, from, sizeof(from));
	*phrase = arena_printf(arena, "%s%s since %s of %s%s%s", *to ? "" : "not exported", to, hex,
			       day_of(past->history, last->commit, day, sizeof(day)),
			       *from ? ", before " : "", from);
	return *phrase ? 0 : ksa_fail_nomem(err);
}
