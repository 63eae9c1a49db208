// SPDX-License-Identifier: GPL-2.0-or-later
/* What a backport does to exports, beside what the upstream commit that it names does. */
#include "audit/review/review_internal.h"

#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"

static void list_release(struct review_change_list *list)
{
	free(list->items);
}

/* A change in one phrase: "'x' becomes GPL-only". */
static const char *words(struct review_audit *a, const struct review_change *c)
{
	switch ((enum review_what)c->what) {
	case REVIEW_ADDED:
		return report_text(a->report, "exports '%s' as %s", c->symbol,
				   review_class_words(a, &c->sides[PATCH_NEW]));
	case REVIEW_REMOVED:
		return report_text(a->report, "removes the export '%s'", c->symbol);
	case REVIEW_MOVED:
		return report_text(a->report, "moves '%s'", c->symbol);
	case REVIEW_CHANGED:
	case REVIEW_WHAT_COUNT:
		break;
	}
	return report_text(a->report, "makes '%s' %s", c->symbol,
			   review_class_words(a, &c->sides[PATCH_NEW]));
}

/* The same thing happens to the symbol: where in the tree does not matter. */
static bool is_same(const struct review_change *x, const struct review_change *y)
{
	const struct review_place *p = &x->sides[PATCH_NEW], *q = &y->sides[PATCH_NEW];

	if (strcmp(x->symbol, y->symbol) != 0 ||
	    (x->what == REVIEW_REMOVED) != (y->what == REVIEW_REMOVED))
		return false;
	return p->cls == q->cls && !p->ns == !q->ns && (!p->ns || strcmp(p->ns, q->ns) == 0);
}

/* Moves are left out: stable trees have other files. */
static bool has_same(const struct review_change_list *list, size_t from, size_t to,
		     const struct review_change *c)
{
	for (size_t i = from; i < to; i++)
		if (is_same(&list->items[i], c))
			return true;
	return false;
}

/* What the other side does to the same symbol; NULL: nothing. */
static const struct review_change *of_symbol(const struct review_change_list *list, size_t from,
					     size_t to, const char *symbol)
{
	for (size_t i = from; i < to; i++)
		if (strcmp(list->items[i].symbol, symbol) == 0 &&
		    list->items[i].what != REVIEW_MOVED)
			return &list->items[i];
	return NULL;
}

static int compare(struct review_audit *a, uint32_t index, size_t from, size_t to,
		   struct ksa_error *err)
{
	_cleanup_(list_release) struct review_change_list up = {NULL, 0, 0};
	const struct review_change_list *list = &a->review->changes;
	const struct review_patch *p = &a->input->patches[index];
	struct review_change at = {.patch = index};
	int r = review_changes_of(p->upstream, index, &up, err);

	for (size_t i = from; i < to && !r; i++) {
		const struct review_change *c = &list->items[i], *other;
		struct ksa_finding f = review_finding(a, RULE_BACKPORT_DIFFERS, c);

		if (c->what == REVIEW_MOVED || has_same(&up, 0, up.count, c))
			continue;
		other = of_symbol(&up, 0, up.count, c->symbol);
		r = report_add_finding(a->report, &f, err, "the patch %s, upstream commit %.12s %s",
				       words(a, c), p->patch->upstream,
				       other ? words(a, other) : "does not");
	}
	for (size_t i = 0; i < up.count && !r; i++) {
		const struct review_change *c = &up.items[i];
		struct ksa_finding f;

		if (c->what == REVIEW_MOVED || of_symbol(list, from, to, c->symbol))
			continue;
		at.symbol = report_text(a->report, "%s", c->symbol);
		at.sides[PATCH_NEW].path = p->file_count ? p->files[0].sides[PATCH_NEW].path : NULL;
		f = review_finding(a, RULE_BACKPORT_DIFFERS, &at);
		r = report_add_finding(a->report, &f, err,
				       "upstream commit %.12s %s, the patch does not",
				       p->patch->upstream, words(a, c));
	}
	return r;
}

int review_judge_upstream(struct review_audit *a, struct ksa_error *err)
{
	const struct review_change_list *list = &a->review->changes;
	size_t from = 0;
	int r = 0;

	for (uint32_t p = 0; p < a->input->patch_count && !r; p++) {
		size_t to = from;

		while (to < list->count && list->items[to].patch == p)
			to++;
		if (a->input->patches[p].upstream)
			r = compare(a, p, from, to, err);
		else if (a->input->patches[p].patch->upstream && to > from)
			a->gaps[GAP_UPSTREAM]++;
		from = to;
	}
	return r;
}
