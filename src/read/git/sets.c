// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What the versions of files export. All versions of one file are read one after the other, in the
 * order of the commits: each is a small delta of the one before. Files are shared out to the
 * workers.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/vec.h"
#include "base/workers.h"
#include "read/git/build_internal.h"
#include "read/source/dirs.h"
#include "read/source/source.h"

static uint64_t hash_items(const struct export_item *items, size_t count)
{
	uint64_t hash = 0x9e3779b97f4a7c15u + count;

	for (size_t i = 0; i < count; i++) {
		hash = (hash ^ items[i].name) * 0xff51afd7ed558ccdu;
		hash = (hash ^ (items[i].ns * 31u + items[i].classes + items[i].kind * 257u)) *
		       0xc4ceb9fe1a85ec53u;
		hash ^= hash >> 29;
	}
	return hash;
}

static bool set_is(const struct history_build *b, uint32_t set, const struct export_item *items,
		   size_t count)
{
	return b->set_list[set].count + b->set_list[set].fact_count == count &&
	       memcmp(b->items + b->set_list[set].first, items, count * sizeof(*items)) == 0;
}

static int grow_slots(struct history_build *b, struct ksa_error *err)
{
	size_t count = b->set_slot_count ? b->set_slot_count * 2 : 4096;
	uint32_t *slots = calloc(count, sizeof(*slots));

	if (!slots)
		return ksa_fail_nomem(err);
	for (size_t i = 1; i < b->set_count; i++) {
		size_t at = hash_items(b->items + b->set_list[i].first,
				       b->set_list[i].count + b->set_list[i].fact_count);

		for (at &= count - 1; slots[at]; at = (at + 1) & (count - 1))
			;
		slots[at] = (uint32_t)i;
	}
	free(b->set_slots);
	b->set_slots = slots;
	b->set_slot_count = count;
	return 0;
}

static struct export_set describe(size_t first, const struct export_item *items, size_t count)
{
	struct export_set set = {.first = (uint32_t)first};

	for (size_t i = 0; i < count; i++) {
		if (items[i].kind >= FACT_NEED) {
			set.fact_count++;
			continue;
		}
		set.count++;
		set.kinds |= items[i].kind;
	}
	return set;
}

/* With the lock held. */
static int find_set(struct history_build *b, const struct export_item *items, size_t count,
		    uint32_t *set, struct ksa_error *err)
{
	size_t at;
	int r = 0;

	*set = SET_EMPTY;
	if (!count)
		return 0;
	if (b->set_count * 2 >= b->set_slot_count)
		r = grow_slots(b, err);
	if (r)
		return r;
	at = hash_items(items, count) & (b->set_slot_count - 1);
	for (; b->set_slots[at]; at = (at + 1) & (b->set_slot_count - 1))
		if (set_is(b, b->set_slots[at], items, count)) {
			*set = b->set_slots[at];
			return 0;
		}
	r = vec_reserve(&b->set_list, &b->set_capacity, b->set_count + 1, sizeof(*b->set_list),
			err);
	if (!r)
		r = vec_reserve(&b->items, &b->item_capacity, b->item_count + count,
				sizeof(*b->items), err);
	if (!r && b->item_count + count >= UINT32_MAX)
		r = ksa_fail(err, KSA_ELIMIT, "the history has more exports than can be counted");
	if (r)
		return r;
	memcpy(b->items + b->item_count, items, count * sizeof(*items));
	b->set_list[b->set_count] = describe(b->item_count, items, count);
	b->item_count += count;
	*set = b->set_slots[at] = (uint32_t)b->set_count++;
	return 0;
}

struct set_worker {
	struct repo *repo;
	struct source_scan scan;
	struct export_item *items;
	size_t item_count, item_capacity;
	const struct source_prelude *preludes; /* macros that hold in the file, or none */
	size_t prelude_count;
	struct object_id *ids; /* versions of the current file that were read */
	uint32_t *sets;
	uint32_t *slots; /* by id */
	size_t id_count, id_capacity, set_capacity, slot_count;
	size_t missing, endless;
};

static int compare_items(const void *a, const void *b)
{
	const struct export_item *x = a, *y = b;

	uint8_t first = x->kind < FACT_NEED ? 0 : x->kind;
	uint8_t second = y->kind < FACT_NEED ? 0 : y->kind;

	if (first != second)
		return first < second ? -1 : 1;
	if (x->name != y->name)
		return x->name < y->name ? -1 : 1;
	return (x->ns > y->ns) - (x->ns < y->ns);
}

/* A form, or a guess, that only one of the two has does not hold for both. */
static uint8_t join_kinds(uint8_t a, uint8_t b)
{
	uint8_t doubt = ITEM_FORMS | ITEM_GUESSED;

	return (uint8_t)(((a | b) & ~doubt) | ((a & doubt) == (b & doubt) ? a & doubt : 0));
}

/*
 * One item a name: a name that is there twice has both classes, and a namespace if any has. Facts
 * stay as they are.
 */
static size_t join_items(struct export_item *items, size_t count)
{
	size_t kept = 0;

	if (count)
		qsort(items, count, sizeof(*items), compare_items);
	for (size_t i = 0; i < count; i++) {
		struct export_item *last = kept ? &items[kept - 1] : NULL;

		if (last && items[i].kind < FACT_NEED && last->name == items[i].name) {
			last->classes |= items[i].classes;
			if (items[i].ns)
				last->ns = items[i].ns;
			last->kind = join_kinds(last->kind, items[i].kind);
			continue;
		}
		items[kept++] = items[i];
	}
	return kept;
}

int build_intern(struct history_build *b, struct export_item *items, size_t count, uint32_t *set,
		 struct ksa_error *err)
{
	return find_set(b, items, join_items(items, count), set, err);
}

/* With the lock held. */
static int take_export(struct history_build *b, const struct source_export *e,
		       struct export_item *item, struct ksa_error *err)
{
	bool late = e->default_ns && !e->ns && e->late_ns;
	int r = history_string(b->history, e->name, &item->name, err);

	*item = (struct export_item){
		.name = item->name,
		.classes = (uint8_t)(1u << e->cls),
		.kind = (uint8_t)((e->default_ns ? ITEM_DEFAULT : 0) | (late ? ITEM_LATE : 0) |
				  (e->guessed ? ITEM_GUESSED : 0) | e->form * ITEM_FORM),
	};
	return r ? r : history_string(b->history, late ? e->late_ns : e->ns, &item->ns, err);
}

static int take_fact(struct history_build *b, struct set_worker *w, uint8_t kind, const char *name,
		     const char *text, struct ksa_error *err)
{
	struct export_item *item = &w->items[w->item_count++];
	int r;

	*item = (struct export_item){.kind = kind};
	r = history_string(b->history, name, &item->name, err);
	return r ? r : history_string(b->history, text, &item->ns, err);
}

static int take_scan(struct history_build *b, struct set_worker *w, uint32_t *set,
		     struct ksa_error *err)
{
	const struct source_scan *scan = &w->scan;
	size_t count = scan->export_count + scan->needs.count + scan->definition_count;
	int r = vec_reserve(&w->items, &w->item_capacity, count, sizeof(*w->items), err);

	if (r)
		return r;
	pthread_mutex_lock(&b->lock);
	for (w->item_count = 0; w->item_count < scan->export_count && !r; w->item_count++)
		r = take_export(b, &scan->exports[w->item_count], &w->items[w->item_count], err);
	for (size_t i = 0; i < scan->needs.count && !r; i++)
		r = take_fact(b, w, FACT_NEED, scan->needs.items[i], NULL, err);
	for (size_t i = 0; i < scan->definition_count && !r; i++)
		r = take_fact(b, w, FACT_DEFINITION, scan->definitions[i].macro,
			      scan->definitions[i].text, err);
	if (!r)
		r = build_intern(b, w->items, w->item_count, set, err);
	pthread_mutex_unlock(&b->lock);
	return r;
}

static int take_makefile(struct history_build *b, struct set_worker *w,
			 const struct repo_object *blob, uint32_t *set, struct ksa_error *err)
{
	_cleanup_(arena_release) struct arena arena = {.blocks = NULL};
	struct source_makefile said;
	int r = source_makefile_scan(&arena, blob->data, blob->size, &said, err);

	if (!r)
		r = vec_reserve(&w->items, &w->item_capacity, 2, sizeof(*w->items), err);
	if (r)
		return r;
	pthread_mutex_lock(&b->lock);
	w->item_count = 0;
	if (said.ns)
		r = take_fact(b, w, FACT_NS, NULL, said.ns, err);
	if (!r && said.ns_below)
		r = take_fact(b, w, FACT_NS_BELOW, NULL, said.ns_below, err);
	if (!r)
		r = build_intern(b, w->items, w->item_count, set, err);
	pthread_mutex_unlock(&b->lock);
	return r;
}

void build_name_missing(struct history_build *b, const char *what, const char *path,
			const struct object_id *id)
{
	char hex[OBJECT_ID_HEX + 1];

	object_id_format(id, hex, OBJECT_ID_HEX);
	pthread_mutex_lock(&b->lock);
	if (!*b->missing)
		snprintf(b->missing, sizeof(b->missing), "%s %s (%.200s)", what, hex,
			 path && *path ? path : "the top");
	pthread_mutex_unlock(&b->lock);
}

static int read_version(struct history_build *b, struct set_worker *w, const char *path,
			const struct object_id *id, uint32_t *set, struct ksa_error *err)
{
	_cleanup_(repo_object_release) struct repo_object blob = {.data = NULL};
	struct ksa_error why = {.code = 0};
	int r = repo_read(w->repo, id, REPO_BLOB, &blob, err);

	*set = SET_EMPTY;
	if (r == KSA_ENODATA) {
		*set = SET_UNKNOWN;
		w->missing++;
		build_name_missing(b, "blob", path, id);
		return 0;
	}
	if (!r && source_is_makefile(path))
		return take_makefile(b, w, &blob, set, err);
	if (r || !source_may_export(path, blob.data, blob.size))
		return r;
	r = source_scan_with(&w->scan, path, (struct source_prelude){blob.data, blob.size},
			     w->preludes, w->prelude_count, &why);
	if (r == KSA_ELIMIT) {
		*set = SET_UNKNOWN; /* a file made to expand without end */
		w->endless++;
		pthread_mutex_lock(&b->lock);
		if (!*b->endless)
			snprintf(b->endless, sizeof(b->endless), "%.250s", path);
		pthread_mutex_unlock(&b->lock);
		return 0;
	}
	if (r)
		ksa_pass(err, &why);
	return r ? r : take_scan(b, w, set, err);
}

int build_set_of(struct history_build *b, const char *path, const struct object_id *blob,
		 uint32_t *set)
{
	return build_set_with(b, path, blob, NULL, 0, set);
}

int build_set_with(struct history_build *b, const char *path, const struct object_id *blob,
		   const struct source_prelude *preludes, size_t count, uint32_t *set)
{
	struct set_worker w = {.repo = b->repo, .preludes = preludes, .prelude_count = count};
	int r = 0;

	*set = SET_EMPTY;
	if (!object_id_is_zero(blob))
		r = read_version(b, &w, path, blob, set, b->err);
	b->history->missing_files += w.missing;
	b->history->endless_files += w.endless;
	source_scan_release(&w.scan);
	free(w.items);
	return r;
}

struct file_group {
	uint32_t first, count; /* of build->files */
};

struct set_job {
	struct history_build *build;
	struct file_group *groups;
	size_t group_count, group_capacity;
	struct set_worker *workers;
	size_t done; /* groups; for progress alone */
};

static int grow_versions(struct set_worker *w, struct ksa_error *err)
{
	size_t count = w->slot_count ? w->slot_count * 2 : 256;
	uint32_t *slots = calloc(count, sizeof(*slots));

	if (!slots)
		return ksa_fail_nomem(err);
	for (size_t i = 0; i < w->id_count; i++) {
		size_t at;

		memcpy(&at, w->ids[i].bytes, sizeof(at));
		for (at &= count - 1; slots[at]; at = (at + 1) & (count - 1))
			;
		slots[at] = (uint32_t)i + 1;
	}
	free(w->slots);
	w->slots = slots;
	w->slot_count = count;
	return 0;
}

/* The set of one version of the current file; each is read once. */
static int find_version(struct set_job *job, struct set_worker *w, const char *path,
			const struct object_id *id, uint32_t *set, struct ksa_error *err)
{
	size_t at;
	int r = 0;

	*set = SET_EMPTY;
	if (object_id_is_zero(id))
		return 0;
	if ((w->id_count + 1) * 2 > w->slot_count)
		r = grow_versions(w, err);
	if (!r)
		r = vec_reserve(&w->ids, &w->id_capacity, w->id_count + 1, sizeof(*w->ids), err);
	if (!r)
		r = vec_reserve(&w->sets, &w->set_capacity, w->id_count + 1, sizeof(*w->sets), err);
	if (r)
		return r;
	memcpy(&at, id->bytes, sizeof(at));
	for (at &= w->slot_count - 1; w->slots[at]; at = (at + 1) & (w->slot_count - 1))
		if (object_id_is_equal(&w->ids[w->slots[at] - 1], id)) {
			*set = w->sets[w->slots[at] - 1];
			return 0;
		}
	r = read_version(job->build, w, path, id, set, err);
	if (r)
		return r;
	w->ids[w->id_count] = *id;
	w->sets[w->id_count] = *set;
	w->slots[at] = (uint32_t)++w->id_count;
	return 0;
}

static int read_group(void *ctx, unsigned int worker, size_t item, struct ksa_error *err)
{
	struct set_job *job = ctx;
	struct history_build *b = job->build;
	struct set_worker *w = &job->workers[worker];
	const struct file_group *group = &job->groups[item];
	const char *path;
	int r = 0;

	if (!w->repo) {
		r = repo_open(b->history->path, &w->repo, err);
		if (r)
			return r;
	}
	pthread_mutex_lock(&b->lock);
	path = b->history->strings[b->files.items[group->first].path];
	pthread_mutex_unlock(&b->lock);
	w->id_count = 0;
	if (w->slots)
		memset(w->slots, 0, w->slot_count * sizeof(*w->slots));
	for (uint32_t i = group->first; i < group->first + group->count && !r; i++) {
		const struct file_change *f = &b->files.items[i];

		for (uint32_t k = f->ids; k < f->ids + f->id_count && !r; k++)
			r = find_version(job, w, path, &b->files.ids.items[k], &b->sets[k], err);
	}
	if (w->slot_count > 4096) { /* clearing it for each small file would cost more */
		free(w->slots);
		w->slots = NULL;
		w->slot_count = 0;
	}
	build_progress(b, "files read", __atomic_add_fetch(&job->done, 1, __ATOMIC_RELAXED),
		       job->group_count);
	return r;
}

/* A group a file; those of one name stand together. */
static int make_groups(struct set_job *job)
{
	const struct file_changes *files = &job->build->files;
	int r = 0;

	for (size_t i = 0, k; i < files->count && !r; i = k) {
		for (k = i + 1; k < files->count && files->items[k].path == files->items[i].path;)
			k++;
		r = vec_reserve(&job->groups, &job->group_capacity, job->group_count + 1,
				sizeof(*job->groups), job->build->err);
		if (!r)
			job->groups[job->group_count++] =
				(struct file_group){(uint32_t)i, (uint32_t)(k - i)};
	}
	return r;
}

int build_begin_sets(struct history_build *b)
{
	int r = b->set_count ? 0
			     : vec_reserve(&b->set_list, &b->set_capacity, 1, sizeof(*b->set_list),
					   b->err);

	if (!r && !b->set_count)
		b->set_list[b->set_count++] = (struct export_set){.first = 0};
	return r;
}

int build_sets(struct history_build *b)
{
	unsigned int workers = workers_count(b->options->read.jobs);
	struct set_job job = {.build = b};
	int r = make_groups(&job);

	b->sets = calloc(b->files.ids.count + 1, sizeof(*b->sets));
	job.workers = calloc(workers, sizeof(*job.workers));
	if (!r && (!b->sets || !job.workers))
		r = ksa_fail_nomem(b->err);
	if (!r)
		r = build_begin_sets(b);
	if (!r)
		r = workers_run(workers, job.group_count, read_group, &job, b->err);
	for (unsigned int i = 0; job.workers && i < workers; i++) {
		struct set_worker *w = &job.workers[i];

		b->history->missing_files += w->missing;
		b->history->endless_files += w->endless;
		repo_free(w->repo);
		source_scan_release(&w->scan);
		free(w->items);
		free(w->ids);
		free(w->sets);
		free(w->slots);
	}
	free(job.workers);
	free(job.groups);
	return r;
}
