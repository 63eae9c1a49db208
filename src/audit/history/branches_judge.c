// SPDX-License-Identifier: GPL-2.0-or-later
/* Which events are one change, and what each branch makes of it. */
#include <stdlib.h>
#include <string.h>

#include "audit/history/branches.h"
#include "audit/history/branches_internal.h"
#include "audit/history/events.h"
#include "base/cleanup.h"
#include "base/search.h"

#define MAX_GROUP 4096 /* like steps of one symbol */
#define SHORT_ID  8 /* digits: a shorter one says too little */

struct judge {
	struct ksa_branches *branches;
	const struct object_id *patch_ids;
	bool *reached; /* event * branches + branch: is the commit in the branch's history? */
	uint32_t *roots; /* of a group: the event that each was joined to */
	uint32_t *turns; /* of a group: how often its patch was applied before it */
	struct ksa_error *err;
};

static const struct ksa_event *event_at(const struct judge *j, uint32_t index)
{
	return &j->branches->events->items[index];
}

static const struct object_id *patch_id(const struct judge *j, uint32_t commit)
{
	static const struct object_id none = {.bytes = {0}};
	const struct ksa_branches *b = j->branches;
	const uint32_t *at = b->asked_count ? bsearch(&commit, b->asked, b->asked_count,
						      sizeof(commit), compare_u32)
					    : NULL;

	return at ? &j->patch_ids[at - b->asked] : &none;
}

/* Ids in hex, of which one may be cut short. */
static bool is_same_id(const char *a, const char *b)
{
	size_t length = a && b ? strlen(a) : 0, other = b ? strlen(b) : 0;

	if (other < length)
		length = other;
	return length >= SHORT_ID && strncasecmp(a, b, length) == 0;
}

/* Does a's message name b, or both the same third one? */
static bool names(const struct ksa_history *h, uint32_t a, uint32_t b)
{
	const struct history_info *x = history_find_info(h, a), *y = history_find_info(h, b);
	char hex[OBJECT_ID_HEX + 1];

	object_id_format(&h->commits[b].id, hex, OBJECT_ID_HEX);
	return x && (is_same_id(h->strings[x->upstream], hex) ||
		     (y && is_same_id(h->strings[x->upstream], h->strings[y->upstream])));
}

/* Are the commits of two like events one change? */
static bool is_linked(const struct judge *j, uint32_t a, uint32_t b, enum branch_link *link)
{
	static const struct object_id none = {.bytes = {0}};
	const struct ksa_history *h = j->branches->events->history;
	const uint32_t x = event_at(j, a)->commit, y = event_at(j, b)->commit;

	*link = LINK_COMMIT;
	if (x == y)
		return true;
	*link = LINK_UPSTREAM;
	if (names(h, x, y) || names(h, y, x))
		return true;
	*link = LINK_PATCH;
	return !object_id_is_equal(patch_id(j, x), &none) &&
	       object_id_is_equal(patch_id(j, x), patch_id(j, y));
}

/*
 * A patch that is reverted and applied again is the same patch and another change: its turns are
 * told apart, as a branch may have the first one and its revert only.
 */
static int count_turns(const struct judge *j, const uint32_t *group, size_t count)
{
	static const struct object_id none = {.bytes = {0}};
	int r = 0;

	for (uint32_t i = 0; i < count && !r; i++) {
		const uint32_t commit = event_at(j, group[i])->commit;
		const struct object_id *id = patch_id(j, commit);

		j->turns[i] = 0;
		for (uint32_t k = i; k-- > 0 && !r && !object_id_is_equal(id, &none);) {
			const uint32_t earlier = event_at(j, group[k])->commit;
			uint32_t base = HISTORY_NONE;

			if (!object_id_is_equal(id, patch_id(j, earlier)))
				continue;
			if (earlier != commit)
				r = history_merge_base(j->branches->events->history, commit,
						       earlier, &base, j->err);
			if (earlier != commit && base != earlier)
				continue;
			j->turns[i] = j->turns[k] + (earlier != commit);
			break;
		}
	}
	return r;
}

static uint32_t find_root(uint32_t *roots, uint32_t at)
{
	while (roots[at] != at)
		at = roots[at] = roots[roots[at]];
	return at;
}

/* Join what is linked; the first of the group that is linked stands for all. */
static void join(const struct judge *j, const uint32_t *group, size_t count)
{
	enum branch_link link;

	for (uint32_t i = 0; i < count; i++)
		j->roots[i] = i;
	for (uint32_t i = 0; i < count; i++) {
		for (uint32_t k = i + 1; k < count; k++) {
			uint32_t a = find_root(j->roots, i), b = find_root(j->roots, k);

			if (a != b && is_linked(j, group[i], group[k], &link) &&
			    (link != LINK_PATCH || j->turns[i] == j->turns[k]))
				j->roots[a < b ? b : a] = a < b ? a : b;
		}
	}
}

/* Where the symbol stands at the branch's tip; NULL: nowhere. */
static const struct event_state *find_tip(const struct ksa_branches *b, size_t branch,
					  const char *symbol)
{
	for (size_t i = branch ? b->tip_ends[branch - 1] : 0; symbol && i < b->tip_ends[branch];
	     i++)
		if (strcmp(b->tips[i].symbol, symbol) == 0)
			return &b->tips[i];
	return NULL;
}

/* Of a branch without the change, by where the symbol stands there. */
static enum branch_state judge_tip(const struct ksa_event *e, const struct event_state *tip,
				   const struct event_state *old)
{
	switch (e->kind) {
	case EVENT_PRESENT:
	case EVENT_INTRODUCED:
		return tip ? BRANCH_SAME : BRANCH_MISSING;
	case EVENT_REMOVED:
		return tip ? BRANCH_MISSING : BRANCH_SAME;
	case EVENT_RENAMED:
		return tip ? BRANCH_SAME : old ? BRANCH_MISSING : BRANCH_WITHOUT;
	case EVENT_CLASS:
		return !tip			 ? BRANCH_WITHOUT
		       : tip->classes == e->to	 ? BRANCH_SAME
		       : tip->classes == e->from ? BRANCH_MISSING
						 : BRANCH_OTHER;
	case EVENT_NAMESPACE:
		return !tip					 ? BRANCH_WITHOUT
		       : event_text_is_same(tip->ns, e->to_ns)	 ? BRANCH_SAME
		       : event_text_is_same(tip->ns, e->from_ns) ? BRANCH_MISSING
								 : BRANCH_OTHER;
	default:
		return !tip					     ? BRANCH_WITHOUT
		       : event_text_is_same(tip->path, e->to_path)   ? BRANCH_SAME
		       : event_text_is_same(tip->path, e->from_path) ? BRANCH_MISSING
								     : BRANCH_OTHER;
	}
}

/* The group's event of that change which the branch has; UINT32_MAX: none. */
static uint32_t find_member(const struct judge *j, const uint32_t *group, size_t count,
			    uint32_t root, size_t branch)
{
	for (uint32_t i = root; i < count; i++)
		if (find_root(j->roots, i) == root &&
		    j->reached[(size_t)group[i] * j->branches->count + branch])
			return i;
	return UINT32_MAX;
}

static void judge_branch(const struct judge *j, const uint32_t *group, size_t count, uint32_t root,
			 size_t branch, struct branch_cell *cell)
{
	const struct ksa_event *e = event_at(j, group[root]);
	const struct event_state *tip = find_tip(j->branches, branch, e->symbol);
	const uint32_t member = find_member(j, group, count, root, branch);

	*cell = (struct branch_cell){.commit = HISTORY_NONE,
				     .classes = tip ? tip->classes : 0,
				     .ns = tip ? tip->ns : NULL};
	if (member == UINT32_MAX) {
		cell->state = judge_tip(e, tip, find_tip(j->branches, branch, e->old_symbol));
		return;
	}
	cell->commit = event_at(j, group[member])->commit;
	if (!is_linked(j, group[root], group[member], &cell->link))
		cell->link = LINK_UPSTREAM; /* by way of a third */
}

static int add_change(const struct judge *j, const uint32_t *group, size_t count, uint32_t root)
{
	struct ksa_branches *b = j->branches;
	struct branch_change *change = &b->changes[b->change_count++];

	change->event = event_at(j, group[root]);
	change->cells = arena_calloc(&b->arena, b->count + 1, sizeof(*change->cells));
	if (!change->cells)
		return ksa_fail_nomem(j->err);
	for (size_t i = 0; i < b->count; i++) {
		judge_branch(j, group, count, root, i, &change->cells[i]);
		change->counts[change->cells[i].state]++;
	}
	b->missing += change->counts[BRANCH_MISSING] != 0;
	return 0;
}

static int judge_group(const struct judge *j, const uint32_t *group, size_t count)
{
	int r;

	if (count > MAX_GROUP)
		return ksa_fail(j->err, KSA_ELIMIT,
				"'%s' takes one and the same step in more than %d commits",
				event_at(j, group[0])->symbol, MAX_GROUP);
	r = count_turns(j, group, count);
	if (!r)
		join(j, group, count);
	for (uint32_t i = 0; i < count && !r; i++)
		if (find_root(j->roots, i) == i)
			r = add_change(j, group, count, i);
	return r;
}

static int find_reached(const struct judge *j)
{
	const struct ksa_branches *b = j->branches;
	const struct ksa_history *h = b->events->history;
	const size_t size = h->commit_count * sizeof(uint32_t);
	_cleanup_free_ uint32_t *marks = malloc(size + 1);
	_cleanup_free_ uint32_t *stack = malloc(size + 1);

	if (!marks || !stack)
		return ksa_fail_nomem(j->err);
	for (size_t i = 0; i < b->count; i++) {
		memset(marks, 0xff, size);
		history_mark(h, b->items[i].commit, 1, marks, stack);
		for (size_t e = 0; e < b->events->count; e++)
			j->reached[e * b->count + i] =
				marks[b->events->items[e].commit] != HISTORY_NONE;
	}
	return 0;
}

static int compare_changes(const void *a, const void *b, void *ctx)
{
	const struct branch_change *x = a, *y = b;
	const struct ksa_events *events = ctx;
	int c = strcmp(x->event->symbol, y->event->symbol);
	ptrdiff_t first = x->event - events->items, second = y->event - events->items;

	return c ? c : (first > second) - (first < second);
}

static int judge_all(struct judge *j)
{
	struct ksa_branches *b = j->branches;
	_cleanup_free_ uint32_t *list = NULL;
	int r = branches_sort(b->events, &list, j->err);

	if (!r)
		r = find_reached(j);
	for (size_t i = 0, end; i < b->events->count && !r; i = end) {
		end = branches_group_end(b->events, list, i);
		r = judge_group(j, list + i, end - i);
	}
	if (!r && b->change_count)
		qsort_r(b->changes, b->change_count, sizeof(*b->changes), compare_changes,
			(void *)(uintptr_t)b->events);
	return r;
}

int branches_finish(struct ksa_branches *b, const struct object_id *patch_ids,
		    struct ksa_error *err)
{
	const size_t count = b->events->count;
	_cleanup_free_ bool *reached = calloc(count * b->count + 1, sizeof(*reached));
	_cleanup_free_ uint32_t *roots = calloc(MAX_GROUP, sizeof(*roots));
	_cleanup_free_ uint32_t *turns = calloc(MAX_GROUP, sizeof(*turns));
	struct judge j = {b, patch_ids, reached, roots, turns, err};

	b->changes = arena_calloc(&b->arena, count + 1, sizeof(*b->changes));
	if (!reached || !roots || !turns || !b->changes)
		return ksa_fail_nomem(err);
	/* cppcheck-suppress memleak; reached and roots have a cleanup */
	return judge_all(&j);
}
