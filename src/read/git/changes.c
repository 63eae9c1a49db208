// SPDX-License-Identifier: GPL-2.0-or-later
/* From versions to changes: what each commit does to each export of a file. */
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/search.h"
#include "base/strbuf.h"
#include "base/vec.h"
#include "read/git/build_internal.h"
#include "read/source/body.h"

#define MAX_RENAMES 64 /* more in one file and commit are another thing */

struct export_state build_state_of(const struct history_build *b, uint32_t set, uint32_t name)
{
	const struct export_set *s = &b->set_list[set];
	const struct export_item *items = b->items + s->first;
	size_t at = SEARCH_FIRST(i, s->count, items[i].name < name);

	if (at < s->count && items[at].name == name)
		return (struct export_state){.ns = items[at].ns, .classes = items[at].classes};
	return (struct export_state){.ns = 0};
}

int build_add_change(struct history_build *b, const struct history_change *change)
{
	struct ksa_history *h = b->history;
	int r = vec_reserve(&h->changes, &h->change_capacity, h->change_count + 1,
			    sizeof(*h->changes), b->err);

	if (!r)
		h->changes[h->change_count++] = *change;
	return r;
}

static int add_bodies(struct history_build *b, const struct file_change *f, size_t first);

static int compare_two(struct history_build *b, const struct file_change *f, uint32_t from,
		       uint32_t to)
{
	const struct export_set *x = &b->set_list[from], *y = &b->set_list[to];
	const struct export_item *old = b->items + x->first, *new = b->items + y->first;
	size_t first = b->history->change_count;
	uint32_t i = 0, k = 0;
	int r = 0;

	while ((i < x->count || k < y->count) && !r) {
		struct export_state was = {.ns = 0}, is = {.ns = 0};
		uint32_t name = i < x->count && (k >= y->count || old[i].name <= new[k].name)
					? old[i].name
					: new[k].name;

		if (i < x->count && old[i].name == name) {
			was = (struct export_state){.ns = old[i].ns, .classes = old[i].classes};
			i++;
		}
		if (k < y->count && new[k].name == name) {
			is = (struct export_state){.ns = new[k].ns, .classes = new[k].classes};
			k++;
		}
		if (!export_state_is_equal(was, is))
			r = build_add_change(b, &(struct history_change){.commit = f->commit,
									 .path = f->path,
									 .name = name,
									 .from = was,
									 .to = is});
	}
	return r ? r : add_bodies(b, f, first);
}

/* Both names that go and names that come: what their definitions look like tells a renamed one. */
static int add_bodies(struct history_build *b, const struct file_change *f, size_t first)
{
	struct ksa_history *h = b->history;
	struct repo_object blobs[2] = {{.data = NULL}, {.data = NULL}};
	size_t gone = 0, come = 0;
	int r = 0;

	for (size_t i = first; i < h->change_count; i++) {
		gone += !h->changes[i].to.classes;
		come += !h->changes[i].from.classes;
	}
	if (!gone || !come || gone > MAX_RENAMES || come > MAX_RENAMES)
		return 0;
	for (int i = 0; i < 2 && !r; i++)
		r = repo_read(b->repo, &b->files.ids.items[f->ids + (uint32_t)i], REPO_BLOB,
			      &blobs[i], b->err);
	for (size_t i = first; i < h->change_count && !r; i++) {
		struct history_change *c = &h->changes[i];
		const struct repo_object *blob = &blobs[c->to.classes ? 0 : 1];

		if (!c->to.classes || !c->from.classes)
			c->body = source_body_hash(blob->data, blob->size, h->strings[c->name]);
	}
	for (int i = 0; i < 2; i++)
		repo_object_release(&blobs[i]);
	return r == KSA_ENODATA ? 0 : r;
}

static int join_lines(struct history_build *b, const struct string_list *list, uint32_t *number)
{
	_cleanup_(strbuf_release) struct strbuf text = {NULL, 0, 0, false};

	*number = 0;
	for (size_t i = 0; i < list->count && i < 32; i++)
		strbuf_printf(&text, "%s%s", i ? "\n" : "", list->items[i]);
	if (text.failed)
		return ksa_fail_nomem(b->err);
	return list->count ? history_string(b->history, strbuf_string(&text), number, b->err) : 0;
}

static int add_info(struct history_build *b, struct arena *arena, uint32_t commit)
{
	struct ksa_history *h = b->history;
	struct history_info info = {.commit = commit};
	struct patch said;
	int r = repo_describe(b->repo, &h->commits[commit].id, arena, &said, b->err);

	if (!r)
		r = history_string(h, said.author, &info.author, b->err);
	if (!r)
		r = history_string(h, said.email, &info.email, b->err);
	if (!r)
		r = history_string(h, said.title, &info.subject, b->err);
	if (!r)
		r = history_string(h, said.upstream, &info.upstream, b->err);
	if (!r)
		r = history_string(h, said.reverts, &info.reverts, b->err);
	if (!r)
		r = join_lines(b, &said.links, &info.links);
	if (!r)
		r = join_lines(b, &said.fixes, &info.fixes);
	info.date = said.date;
	info.zone = said.zone;
	if (!r)
		r = vec_reserve(&h->infos, &h->info_capacity, h->info_count + 1, sizeof(*h->infos),
				b->err);
	if (!r)
		h->infos[h->info_count++] = info;
	arena_reset(arena);
	return r;
}

static int add_infos(struct history_build *b, size_t first)
{
	_cleanup_(arena_release) struct arena arena = {.blocks = NULL};
	const struct ksa_history *h = b->history;
	_cleanup_free_ bool *seen = calloc(h->commit_count + 1, sizeof(*seen));
	int r = seen ? 0 : ksa_fail_nomem(b->err);

	for (size_t i = first; i < h->change_count && !r; i++) {
		uint32_t commit = h->changes[i].commit;

		if (!seen[commit])
			r = add_info(b, &arena, commit);
		seen[commit] = true;
	}
	return r;
}

static bool has_unknown(const struct history_build *b, const struct file_change *f)
{
	for (uint32_t i = f->ids; i < f->ids + f->id_count; i++)
		if (b->sets[i] == SET_UNKNOWN)
			return true;
	return false;
}

int build_changes(struct history_build *b)
{
	size_t first = b->history->change_count;
	int r = 0;

	for (size_t i = 0; i < b->files.count && !r; i++) {
		const struct file_change *f = &b->files.items[i];

		/* What is not known is said by its own notice. */
		if (f->id_count == 2 && !has_unknown(b, f))
			r = compare_two(b, f, b->sets[f->ids + 1], b->sets[f->ids]);
	}
	/* What the commits do is known from here on: it tells where a symbol may stand. */
	if (!r)
		r = build_merges(b);
	return r ? r : add_infos(b, first);
}
