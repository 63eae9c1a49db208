// SPDX-License-Identifier: GPL-2.0-or-later
#include "audit/review/tracks.h"

#include <string.h>

#include "base/vec.h"

bool tracks_is_same_text(const char *a, const char *b)
{
	return a && b ? strcmp(a, b) == 0 : a == b;
}

static bool is_same_state(const struct review_place *a, const struct review_place *b)
{
	return a->cls == b->cls && tracks_is_same_text(a->ns, b->ns);
}

/* The track that a change goes on from; NULL: none yet. */
static struct track *find_track(struct tracks *tracks, const struct review_change *c)
{
	const struct review_place *old = &c->sides[PATCH_OLD];
	struct track *gone = NULL;

	for (size_t i = 0; i < tracks->count; i++) {
		struct track *t = &tracks->items[i];

		if (old->path && t->now && strcmp(t->now->path, old->path) == 0)
			return t;
		if (!t->now && !gone)
			gone = t;
	}
	return old->path ? NULL : gone;
}

static void follow(struct track *t, const struct review_change *c)
{
	const struct review_place *new_ = &c->sides[PATCH_NEW];
	const struct review_place *before = t->now ? t->now : t->last;

	if (!new_->path || !t->now)
		t->presence_by = c->patch;
	if (new_->path && (!before || before->cls != new_->cls))
		t->class_by = c->patch;
	if (new_->path && (!before || !tracks_is_same_text(before->ns, new_->ns)))
		t->ns_by = c->patch;
	if (t->now)
		t->last = t->now;
	t->now = new_->path ? new_ : NULL;
	t->change = c;
}

int tracks_follow(struct tracks *tracks, const struct review_change *c, struct ksa_error *err)
{
	const struct review_place *old = &c->sides[PATCH_OLD];
	struct track *t;
	int r;

	if (c->test || (!old->path && !c->sides[PATCH_NEW].path))
		return 0;
	t = find_track(tracks, c);
	if (!t) {
		r = VEC_PUSH_ROOM(tracks, err);
		if (r)
			return r;
		t = &tracks->items[tracks->count++];
		*t = (struct track){.first = old->path ? &c->sides[PATCH_OLD] : NULL,
				    .presence_by = NO_INDEX,
				    .class_by = NO_INDEX,
				    .ns_by = NO_INDEX};
		t->now = t->first;
	}
	follow(t, c);
	return 0;
}

void tracks_join_moved(struct tracks *tracks)
{
	for (size_t i = 0; i < tracks->count; i++) {
		struct track *gone = &tracks->items[i];

		if (!gone->first || gone->now)
			continue;
		for (size_t k = 0; k < tracks->count; k++) {
			struct track *come = &tracks->items[k];

			if (come->first || !come->now)
				continue;
			come->first = gone->first;
			gone->first = NULL;
			break;
		}
	}
}

bool track_changes(const struct track *t)
{
	if (!t->first || !t->now)
		return t->first != t->now;
	return !is_same_state(t->first, t->now);
}
