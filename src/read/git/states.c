// SPDX-License-Identifier: GPL-2.0-or-later
/* What files export at the end of a history. */
#include <stdlib.h>

#include "base/cleanup.h"
#include "base/vec.h"
#include "read/git/context.h"

/* One of each class: a name may be exported in several ways. */
static int keep_item(struct history_exports *out, const struct export_item *item, uint32_t path,
		     struct ksa_error *err)
{
	int r = 0;

	for (int cls = 0; cls < 8 && !r; cls++) {
		if (!(item->classes & 1u << cls))
			continue;
		r = VEC_PUSH_ROOM(out, err);
		if (!r)
			out->items[out->count++] = (struct history_export){
				path, item->name, item->ns, (enum ksa_class)cls};
	}
	return r;
}

static int read_file(struct history_build *b, uint32_t path, struct history_exports *out)
{
	struct export_set s;
	uint32_t set;
	int r = context_set_at(b, b->history->head, path, &set);

	if (r || set == SET_UNKNOWN)
		return r;
	s = b->set_list[set];
	for (uint32_t i = 0; i < s.count && !r; i++)
		r = keep_item(out, &b->items[s.first + i], path, b->err);
	return r;
}

static int read_files(struct history_build *b, const struct event_state *states, size_t count,
		      struct history_exports *out)
{
	size_t known = b->history->string_count;
	_cleanup_free_ bool *seen = calloc(known + 1, sizeof(*seen));
	int r = seen ? repo_open(b->history->path, &b->repo, b->err) : ksa_fail_nomem(b->err);

	if (!r)
		r = context_wants_makefiles(b, &b->history->commits[b->history->head].id,
					    &b->makefiles);
	if (!r)
		r = context_open(b);
	for (size_t i = 0; i < count && !r; i++) {
		uint32_t number;

		r = history_string(b->history, states[i].path, &number, b->err);
		if (r || (number < known && seen[number]))
			continue;
		if (number < known)
			seen[number] = true;
		r = read_file(b, number, out);
	}
	return r;
}

int history_read_patch_ids(const struct ksa_history *history, const uint32_t *commits, size_t count,
			   struct object_id *out, struct ksa_error *err)
{
	struct repo *repo = NULL;
	int r = count ? repo_open(history->path, &repo, err) : 0;

	for (size_t i = 0; i < count && !r; i++)
		if (repo_patch_id(repo, &history->commits[commits[i]].id, &out[i]))
			out[i] = (struct object_id){.bytes = {0}};
	repo_free(repo);
	return r;
}

int history_read_files(struct ksa_history *history, const struct event_state *states, size_t count,
		       struct history_exports *out, struct ksa_error *err)
{
	static const struct history_options options;
	struct history_build b = {.history = history, .options = &options, .err = err};
	int r = 0;

	pthread_mutex_init(&b.lock, NULL);
	if (count)
		r = read_files(&b, states, count, out);
	build_release(&b);
	return r;
}
