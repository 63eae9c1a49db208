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
static struct export_state state_of(const struct history_build *b, uint32_t set, uint32_t name)
{
	const struct export_set *s = &b->set_list[set];
	const struct export_item *items = b->items + s->first;
	size_t at = SEARCH_FIRST(i, s->count, items[i].name < name);

	if (at < s->count && items[at].name == name)
		return (struct export_state){.ns = items[at].ns, .classes = items[at].classes};
	return (struct export_state){.ns = 0};
}

static int add_change(struct history_build *b, const struct file_change *f, uint32_t name,
		      struct export_state from, struct export_state to)
{
	struct ksa_history *h = b->history;
	int r = vec_reserve(&h->changes, &h->change_capacity, h->change_count + 1,
			    sizeof(*h->changes), b->err);

	if (!r)
		h->changes[h->change_count++] = (struct history_change){
			.commit = f->commit, .path = f->path, .name = name, .from = from, .to = to};
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
			r = add_change(b, f, name, was, is);
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

/* What the file said where the sides part. */
static int read_base(struct history_build *b, const struct file_change *f, uint32_t *set)
{
	const struct ksa_history *h = b->history;
	const struct history_commit *c = &h->commits[f->commit];
	struct object_id blob = {{0}};
	uint32_t base = h->parents[c->parents];
	int r = 0;

	*set = SET_EMPTY;
	for (uint32_t i = 1; i < c->parent_count && !r && base != HISTORY_NONE; i++)
		r = history_merge_base(h, base, h->parents[c->parents + i], &base, b->err);
	if (r || base == HISTORY_NONE)
		return r;
	r = repo_find_path(b->repo, &h->commits[base].id, h->strings[f->path], &blob, b->err);
	if (r == KSA_ENODATA)
		return 0;
	return r ? r : build_set_of(b, h->strings[f->path], &blob, set);
}

/*
 * Did the merge itself do something to the symbol? It did if its state is no parent's; and if the
 * parents differ, one of them has what their common ancestor had, and the merge keeps that: it
 * drops what the other side did.
 */
static int judge_symbol(struct history_build *b, const struct file_change *f, uint32_t name,
			uint32_t *base)
{
	const uint32_t *sets = b->sets + f->ids;
	struct export_state is = state_of(b, sets[0], name), first = state_of(b, sets[1], name);
	struct export_state was, changed = first;
	bool agreed = true, known = false;
	int r;

	for (uint32_t i = 1; i < f->id_count; i++) {
		struct export_state s = state_of(b, sets[i], name);

		agreed &= export_state_is_equal(s, first);
		known |= export_state_is_equal(s, is);
	}
	if (agreed)
		return known ? 0 : add_change(b, f, name, first, is);
	if (!known)
		return add_change(b, f, name, first, is);
	if (*base == SET_UNKNOWN) {
		r = read_base(b, f, base);
		if (r || *base == SET_UNKNOWN)
			return r;
	}
	was = state_of(b, *base, name);
	if (!export_state_is_equal(is, was))
		return 0;
	for (uint32_t i = 1; i < f->id_count; i++) {
		struct export_state s = state_of(b, sets[i], name);

		if (!export_state_is_equal(s, was))
			changed = s;
	}
	return add_change(b, f, name, changed, is);
}

static int compare_uint(const void *a, const void *b)
{
	const uint32_t *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

static int compare_merge(struct history_build *b, const struct file_change *f)
{
	const uint32_t *sets = b->sets + f->ids;
	_cleanup_free_ uint32_t *names = NULL;
	uint32_t base = SET_UNKNOWN;
	size_t count = 0, total = 0;
	bool same = true;
	int r = 0;

	for (uint32_t i = 1; i < f->id_count; i++)
		same &= sets[i] == sets[0];
	if (same)
		return 0;
	for (uint32_t i = 0; i < f->id_count; i++)
		total += b->set_list[sets[i]].count;
	names = malloc((total + 1) * sizeof(*names));
	if (!names)
		return ksa_fail_nomem(b->err);
	for (uint32_t i = 0; i < f->id_count; i++)
		for (uint32_t k = 0; k < b->set_list[sets[i]].count; k++)
			names[count++] = b->items[b->set_list[sets[i]].first + k].name;
	qsort(names, count, sizeof(*names), compare_uint);
	for (size_t i = 0; i < count && !r; i++)
		if (!i || names[i] != names[i - 1])
			r = judge_symbol(b, f, names[i], &base);
	return r;
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

		if (has_unknown(b, f))
			continue; /* said by its own notice */
		if (f->id_count == 2)
			r = compare_two(b, f, b->sets[f->ids + 1], b->sets[f->ids]);
		else
			r = compare_merge(b, f);
	}
	return r ? r : add_infos(b, first);
}
