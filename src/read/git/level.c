// SPDX-License-Identifier: GPL-2.0-or-later
/* One level of directories, compared on all cores. */
#include "read/git/level.h"

#include <stdlib.h>
#include <string.h>

#include "base/strbuf.h"
#include "base/vec.h"
#include "base/workers.h"
#include "read/source/dirs.h"

/* The last trees that were read: the next comparison of a directory wants one of them again. */
#define KEPT 24

#define CHUNK 1024 /* directories that a worker takes at a time */
#define LEAST 256 /* a chunk ends with a path from here on */

struct kept_tree {
	struct object_id id;
	struct repo_object object;
	uint64_t used;
};

struct level_worker {
	struct repo *repo;
	struct kept_tree kept[KEPT];
	uint64_t tick;
	struct strbuf path;
	struct arena arena; /* of paths */
	struct strmap by_path; /* path -> index */
	struct {
		struct level_path *items;
		size_t count, capacity;
	} paths;
	size_t bytes; /* of them */
};

/* One chunk at work. */
struct comparison {
	const struct history_build *build;
	const struct file_changes *dirs;
	struct level_chunk *chunk;
	struct level_worker *worker;
	struct ksa_error *err;
};

struct level_job {
	struct level *level;
	const struct history_build *build;
	const struct file_changes *dirs;
	size_t done, found;
};

void level_chunk_release(struct level_chunk *chunk)
{
	free(chunk->found.items);
	free(chunk->missing.items);
	free(chunk->ids.items);
	*chunk = (struct level_chunk){.first = 0};
}

void level_release(struct level *level)
{
	for (size_t i = 0; i < level->chunk_count; i++)
		level_chunk_release(&level->chunks[i]);
	free(level->chunks);
	for (unsigned int i = 0; i < level->worker_count && level->workers; i++) {
		struct level_worker *w = &level->workers[i];

		for (size_t k = 0; k < KEPT; k++)
			repo_object_release(&w->kept[k].object);
		repo_free(w->repo);
		strbuf_release(&w->path);
		strmap_release(&w->by_path);
		free(w->paths.items);
		arena_release(&w->arena);
	}
	free(level->workers);
	*level = (struct level){.chunks = NULL};
}

struct level_path *level_path(struct level *level, const struct level_chunk *chunk,
			      const struct level_found *found)
{
	return &level->workers[chunk->worker].paths.items[found->path];
}

static int missing_tree(struct comparison *c, uint32_t path, const struct object_id *id)
{
	int r = VEC_PUSH_ROOM(&c->chunk->missing, c->err);

	if (!r)
		c->chunk->missing.items[c->chunk->missing.count++] =
			(struct level_missing){path, *id};
	return r ? r : KSA_ENODATA;
}

/* Missing trees are kept apart: their *object stays empty. */
static int get_tree(struct comparison *c, uint32_t path, const struct object_id *id,
		    const struct repo_object **out)
{
	static const struct repo_object none;
	struct level_worker *w = c->worker;
	struct kept_tree *oldest = &w->kept[0];
	int r;

	*out = &none;
	if (object_id_is_zero(id))
		return 0;
	for (size_t i = 0; i < KEPT; i++) {
		struct kept_tree *k = &w->kept[i];

		if (k->used && object_id_is_equal(&k->id, id)) {
			k->used = ++w->tick;
			*out = &k->object;
			return 0;
		}
		if (k->used < oldest->used)
			oldest = k;
	}
	repo_object_release(&oldest->object);
	oldest->used = 0;
	r = repo_read(w->repo, id, REPO_TREE, &oldest->object, c->err);
	if (r)
		return r == KSA_ENODATA ? missing_tree(c, path, id) : r;
	oldest->id = *id;
	oldest->used = ++w->tick;
	*out = &oldest->object;
	return 0;
}

/* The index of a path among the worker's; *wanted false: no matter of exports. */
static int find_path(struct comparison *c, uint32_t parent, const char *name, bool directory,
		     uint32_t *index, bool *wanted)
{
	struct level_worker *w = c->worker;
	const char *text;
	int r;

	strbuf_reset(&w->path);
	if (parent)
		strbuf_adds(&w->path, c->build->history->strings[parent]);
	strbuf_adds(&w->path, name);
	if (directory)
		strbuf_addc(&w->path, '/');
	if (w->path.failed)
		return ksa_fail_nomem(c->err);
	text = strbuf_string(&w->path);
	*wanted = directory || build_wants_path(text) ||
		  (c->build->makefiles && source_is_makefile(text));
	if (!*wanted || strmap_get(&w->by_path, text, index))
		return 0;
	r = VEC_PUSH_ROOM(&w->paths, c->err);
	text = r ? NULL : arena_strndup(&w->arena, text, w->path.length);
	*index = (uint32_t)w->paths.count;
	if (!text || strmap_add(&w->by_path, text, index, NULL) < 0)
		return r ? r : ksa_fail_nomem(c->err);
	w->paths.items[w->paths.count++] = (struct level_path){text, 0};
	w->bytes += w->path.length;
	return 0;
}

/* What a commit has (ids[0]) as one of its parents has it is nothing that it did. NULL: nothing. */
static bool is_as_in_parent(const unsigned char *const *ids, uint32_t count)
{
	for (uint32_t i = 1; i < count; i++)
		if (ids[0] && ids[i] ? memcmp(ids[0], ids[i], OBJECT_ID_SIZE) == 0
				     : ids[0] == ids[i])
			return true;
	return false;
}

/* One name, in the trees where present[i] is set; entries[0] is the commit's. */
static int compare_name(struct comparison *c, const struct file_change *dir,
			const struct tree_entry *entries, const bool *present, enum tree_mode mode)
{
	struct level_chunk *chunk = c->chunk;
	struct level_found found = {.commit = dir->commit,
				    .ids = (uint32_t)chunk->ids.count,
				    .id_count = dir->id_count,
				    .directory = mode == TREE_DIRECTORY};
	const unsigned char *ids[HISTORY_MAX_PARENTS + 1];
	const char *name = NULL;
	bool wanted;
	int r;

	for (uint32_t i = 0; i < dir->id_count; i++) {
		ids[i] = present[i] && entries[i].mode == mode ? entries[i].id : NULL;
		if (ids[i])
			name = entries[i].name;
	}
	if (!name || is_as_in_parent(ids, dir->id_count))
		return 0;
	r = find_path(c, dir->path, name, found.directory, &found.path, &wanted);
	if (r || !wanted)
		return r;
	for (uint32_t i = 0; i < dir->id_count && !r; i++)
		r = build_push_id(&chunk->ids, ids[i], c->err);
	if (!r)
		r = VEC_PUSH_ROOM(&chunk->found, c->err);
	if (!r)
		chunk->found.items[chunk->found.count++] = found;
	return r;
}

/* A walk over the trees of one directory, name by name. */
struct tree_walk {
	uint32_t count;
	const unsigned char *at[HISTORY_MAX_PARENTS + 1], *end[HISTORY_MAX_PARENTS + 1];
	struct tree_entry entries[HISTORY_MAX_PARENTS + 1]; /* where each stands */
	bool have[HISTORY_MAX_PARENTS + 1]; /* false: at its end */
	bool present[HISTORY_MAX_PARENTS + 1]; /* has the name that is looked at */
};

static void step(struct tree_walk *w, uint32_t i)
{
	w->have[i] = tree_entry_at(w->at[i], w->end[i], &w->entries[i]);
	if (w->have[i])
		w->at[i] = w->entries[i].next;
}

/* What two trees have in common, byte for byte, is most of them. */
static void pass_common(struct tree_walk *w)
{
	const struct tree_entry *e = w->entries;

	while (w->count == 2 && w->have[0] && w->have[1]) {
		size_t size = (size_t)(e[0].next - e[0].start);

		if (size != (size_t)(e[1].next - e[1].start) ||
		    memcmp(e[0].start, e[1].start, size) != 0)
			return;
		step(w, 0);
		step(w, 1);
	}
}

/* Find the next name, and which trees have it. False: none is left. */
static bool find_name(struct tree_walk *w)
{
	const struct tree_entry *least = NULL;

	pass_common(w);
	for (uint32_t i = 0; i < w->count; i++)
		if (w->have[i] && (!least || tree_entry_compare(&w->entries[i], least) < 0))
			least = &w->entries[i];
	for (uint32_t i = 0; least && i < w->count; i++)
		w->present[i] = w->have[i] && tree_entry_compare(&w->entries[i], least) == 0;
	return least;
}

/* All that one directory's trees have, name by name. */
static int compare_trees(struct comparison *c, const struct file_change *dir,
			 const struct repo_object *const *trees, uint32_t count)
{
	struct tree_walk w;
	int r = 0;

	w.count = count;
	for (uint32_t i = 0; i < w.count; i++) {
		/* NOLINTNEXTLINE(clang-analyzer-core.NullDereference): get_tree() always sets it */
		w.end[i] = trees[i]->size ? trees[i]->data + trees[i]->size : trees[i]->data;
		w.at[i] = trees[i]->data;
		step(&w, i);
	}
	while (!r && find_name(&w)) {
		r = compare_name(c, dir, w.entries, w.present, TREE_FILE);
		if (!r)
			r = compare_name(c, dir, w.entries, w.present, TREE_DIRECTORY);
		for (uint32_t i = 0; i < w.count; i++)
			if (w.present[i])
				step(&w, i);
	}
	for (uint32_t i = 0; i < w.count && !r; i++)
		if (w.at[i] != w.end[i])
			r = tree_damaged(&c->dirs->ids.items[dir->ids + i], c->err);
	return r;
}

static int compare_directory(struct comparison *c, const struct file_change *dir)
{
	const struct repo_object *trees[HISTORY_MAX_PARENTS + 1];
	const struct object_id *ids = &c->dirs->ids.items[dir->ids];
	bool keep = dir->id_count < KEPT;
	struct repo_object copies[HISTORY_MAX_PARENTS + 1];
	uint32_t read = 0;
	int r = 0;

	for (; read < dir->id_count && !r; read++) {
		copies[read] = (struct repo_object){.data = NULL};
		trees[read] = &copies[read];
		if (keep)
			r = get_tree(c, dir->path, &ids[read], &trees[read]);
		else if (!object_id_is_zero(&ids[read]))
			r = repo_read(c->worker->repo, &ids[read], REPO_TREE, &copies[read],
				      c->err);
		if (!keep && r == KSA_ENODATA)
			r = missing_tree(c, dir->path, &ids[read]);
	}
	if (!r)
		r = compare_trees(c, dir, trees, read);
	while (!keep && read--)
		repo_object_release(&copies[read]);
	/* What cannot be compared is told; the rest goes on. */
	return r == KSA_ENODATA ? 0 : r;
}

static int compare_chunk(void *ctx, unsigned int worker, size_t item, struct ksa_error *err)
{
	struct level_job *job = ctx;
	struct level_worker *w = &job->level->workers[worker];
	struct comparison c = {.build = job->build,
			       .dirs = job->dirs,
			       .chunk = &job->level->chunks[item],
			       .worker = w,
			       .err = err};
	int r = w->repo ? 0 : repo_open(job->build->history->path, &w->repo, err);

	c.chunk->worker = worker;
	for (size_t i = c.chunk->first; i < c.chunk->end && !r; i++) {
		size_t before = c.chunk->found.count;

		r = compare_directory(&c, &job->dirs->items[i]);
		if (__atomic_add_fetch(&job->found, c.chunk->found.count - before,
				       __ATOMIC_RELAXED) <= LEVEL_MAX_CHANGES &&
		    w->bytes <= TREE_MAX_BYTES)
			continue;
		c.chunk->cut = true; /* whose fault it is, is found when all is put together */
		break;
	}
	build_progress(
		job->build, "directories compared",
		__atomic_add_fetch(&job->done, c.chunk->end - c.chunk->first, __ATOMIC_RELAXED),
		job->dirs->count);
	return r;
}

static int make_chunks(struct level *level, const struct file_changes *dirs, struct ksa_error *err)
{
	for (size_t i = 0, k; i < dirs->count; i = k) {
		int r = vec_reserve(&level->chunks, &level->chunk_capacity, level->chunk_count + 1,
				    sizeof(*level->chunks), err);

		if (r)
			return r;
		for (k = i + 1; k < dirs->count && k - i < CHUNK; k++)
			if (k - i >= LEAST && dirs->items[k].path != dirs->items[k - 1].path)
				break;
		level->chunks[level->chunk_count++] = (struct level_chunk){.first = i, .end = k};
	}
	return 0;
}

int level_compare(struct level *level, struct history_build *build, const struct file_changes *dirs)
{
	struct level_job job = {.level = level, .build = build, .dirs = dirs};
	int r = make_chunks(level, dirs, build->err);

	level->worker_count = workers_count(build->options->read.jobs);
	level->workers = calloc(level->worker_count, sizeof(*level->workers));
	if (!level->workers)
		return ksa_fail_nomem(build->err);
	return r ? r
		 : workers_run(level->worker_count, level->chunk_count, compare_chunk, &job,
			       build->err);
}
