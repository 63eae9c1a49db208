// SPDX-License-Identifier: GPL-2.0-or-later
/* Which files of a tree have some names in them: all of its source is read once, on all cores. */
#include "read/review/find.h"

#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/vec.h"
#include "base/workers.h"
#include "read/review/scan.h"

#define CHUNK  64 /* files that a worker takes at a time */
#define RECENT 4 /* versions of a file among which the next one may be again */

/* The names by hash; open addressing, a power of two. */
struct table {
	const struct review_name *names;
	uint32_t *slots; /* index + 1; 0: free */
	size_t size;
};

struct match {
	uint32_t file; /* one version of it */
	uint32_t name;
	bool exported;
};

struct matches {
	struct match *items;
	size_t count, capacity;
};

struct finder {
	struct find_target *target;
	struct table table;
	size_t name_count;
	struct find_files files; /* sorted by path */
	struct {
		size_t *items; /* where the versions of each path start, and the end */
		size_t count, capacity;
	} paths;
	unsigned int workers;
	struct repo **repos; /* one a worker; the first is the target's */
	struct matches *matches; /* one a chunk of files */
	uint8_t **seen; /* one a worker: what a file was found to have of each name */
	size_t *missing; /* one a worker: blobs that the repository does not have */
};

enum { SEEN = 1, SEEN_EXPORTED = 2 };

static bool is_word(unsigned char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
	       c == '_';
}

/* FNV-1a, as the scan of a text computes it on the way. */
#define HASH_START	   0x811c9dc5u
#define HASH_STEP(hash, c) (((hash) ^ (unsigned char)(c)) * 0x01000193u)

static int table_make(struct table *t, const struct review_name *names, size_t count,
		      struct ksa_error *err)
{
	t->names = names;
	for (t->size = 64; t->size < count * 4; t->size *= 2)
		;
	t->slots = calloc(t->size, sizeof(*t->slots));
	if (!t->slots)
		return ksa_fail_nomem(err);
	for (size_t i = 0; i < count; i++) {
		uint32_t hash = HASH_START;

		for (const char *s = names[i].name; *s; s++)
			hash = HASH_STEP(hash, *s);
		while (t->slots[hash & (t->size - 1)])
			hash++;
		t->slots[hash & (t->size - 1)] = (uint32_t)i + 1;
	}
	return 0;
}

/* The index of a word, or SIZE_MAX. */
static size_t table_find(const struct table *t, uint32_t hash, const char *word, size_t length)
{
	for (;; hash++) {
		uint32_t at = t->slots[hash & (t->size - 1)];

		if (!at)
			return SIZE_MAX;
		if (strncmp(t->names[at - 1].name, word, length) == 0 &&
		    !t->names[at - 1].name[length])
			return at - 1;
	}
}

/* Whether the word before, "EXPORT_SYMBOL(" or the like, exports the one that follows. */
static bool is_exported(const char *word, const char *end, const char *at)
{
	if (!end || end - word < 6 || !memmem(word, (size_t)(end - word), "EXPORT", 6))
		return false;
	while (end < at && (*end == '(' || *end == ' ' || *end == '\t' || *end == '\n'))
		end++;
	return end == at;
}

static void scan_text(const struct finder *f, const unsigned char *data, size_t size, uint8_t *seen)
{
	const char *text = (const char *)data, *end = text + size, *word = NULL, *word_end = NULL;

	for (const char *s = text; s < end;) {
		const char *start = s;
		uint32_t hash = HASH_START;
		size_t name;

		if (!is_word((unsigned char)*s)) {
			s++;
			continue;
		}
		for (; s < end && is_word((unsigned char)*s); s++)
			hash = HASH_STEP(hash, *s);
		name = table_find(&f->table, hash, start, (size_t)(s - start));
		if (name != SIZE_MAX)
			seen[name] |=
				is_exported(word, word_end, start) ? SEEN | SEEN_EXPORTED : SEEN;
		word = start;
		word_end = s;
	}
}

static int add_file(void *ctx, const char *path, const struct object_id *blob,
		    struct ksa_error *err)
{
	struct finder *f = ctx;
	const char *copy;
	int r;

	if (!review_is_code(path) && !review_is_build_file(path))
		return 0;
	r = VEC_PUSH_ROOM(&f->files, err);
	copy = r ? NULL : arena_strdup(f->target->arena, path);
	if (!copy)
		return ksa_fail_nomem(err);
	f->files.items[f->files.count++] = (struct find_file){.path = copy, .blob = *blob};
	return 0;
}

static int compare_files(const void *x, const void *y)
{
	const struct find_file *a = x, *b = y;
	int r = a->path == b->path ? 0 : strcmp(a->path, b->path);

	return r ? r : (a->order > b->order) - (a->order < b->order);
}

/* Versions of one path stay in their order: each is made of the one before it in a pack. */
static void sort_files(struct find_files *files)
{
	for (size_t i = 0; i < files->count; i++)
		files->items[i].order = (uint32_t)i;
	if (files->count)
		qsort(files->items, files->count, sizeof(*files->items), compare_files);
}

/* The same version as one shortly before. */
static bool is_again(const struct find_file *first, const struct find_file *last,
		     const struct find_file *file)
{
	for (size_t i = 0; i < RECENT && last > first; i++)
		if (object_id_is_equal(&(--last)->blob, &file->blob))
			return true;
	return false;
}

/* Put versions of one path together, each once as far as that is easy to see. */
static int group_files(struct finder *f, struct ksa_error *err)
{
	struct find_file *items = f->files.items;
	size_t kept = 0, first = 0;
	int r = 0;

	for (size_t i = 0; i < f->files.count && !r; i++) {
		bool same = kept && strcmp(items[i].path, items[kept - 1].path) == 0;

		if (same && is_again(&items[first], &items[kept], &items[i]))
			continue;
		if (!same) {
			first = kept;
			r = VEC_PUSH_ROOM(&f->paths, err);
			if (!r)
				f->paths.items[f->paths.count++] = first;
		}
		items[kept++] = items[i];
	}
	f->files.count = kept;
	if (!r)
		r = VEC_PUSH_ROOM(&f->paths, err);
	if (!r)
		f->paths.items[f->paths.count] = kept;
	return r;
}

/* All that is to be looked through. */
static int find_files(struct finder *f, size_t *missing, struct ksa_error *err)
{
	struct find_files *more = f->target->more;
	int r;

	if (more) {
		f->files = *more;
		*more = (struct find_files){.items = NULL};
	}
	r = repo_walk(f->target->repo, f->target->commit, add_file, f, missing, err);
	if (!r && f->files.count > UINT32_MAX)
		r = ksa_fail(err, KSA_ELIMIT,
			     "the range has more versions of files than can be "
			     "counted");
	if (!r && more)
		sort_files(&f->files);
	return r ? r : group_files(f, err);
}

#define BLOCK 256 /* bytes compared at a time */

static size_t common_start(const unsigned char *a, const unsigned char *b, size_t size)
{
	size_t i = 0;

	while (i + BLOCK <= size && memcmp(a + i, b + i, BLOCK) == 0)
		i += BLOCK;
	while (i < size && a[i] == b[i])
		i++;
	return i;
}

/* The same from the ends backwards. */
static size_t common_end(const unsigned char *a, const unsigned char *b, size_t size)
{
	size_t i = 0;

	while (i + BLOCK <= size && memcmp(a - i - BLOCK, b - i - BLOCK, BLOCK) == 0)
		i += BLOCK;
	while (i < size && a[-1 - (ptrdiff_t)i] == b[-1 - (ptrdiff_t)i])
		i++;
	return i;
}

/* To the start of the word before the one at hand: it may export it. */
static size_t two_words_back(const unsigned char *data, size_t at)
{
	for (int words = 0; words < 2; words++) {
		while (at && is_word(data[at - 1]))
			at--;
		while (at && !is_word(data[at - 1]))
			at--;
	}
	while (at && is_word(data[at - 1]))
		at--;
	return at;
}

/* To the end of the word behind the one at hand: that may export it. */
static size_t two_words_on(const unsigned char *data, size_t at, size_t size)
{
	for (int words = 0; words < 2; words++) {
		while (at < size && is_word(data[at]))
			at++;
		while (at < size && !is_word(data[at]))
			at++;
	}
	while (at < size && is_word(data[at]))
		at++;
	return at;
}

/* What a version has and the one before it, which was looked through, has not: most of a file stays
 * the same from one commit to the next. */
static void scan_difference(const struct finder *f, const struct repo_object *last,
			    const struct repo_object *blob, uint8_t *seen)
{
	size_t least = last->size < blob->size ? last->size : blob->size;
	size_t start = common_start(last->data, blob->data, least), end;

	if (start == least && last->size >= blob->size)
		end = blob->size; /* cut off at most: a word may be another one now */
	else
		end = blob->size -
		      common_end(last->data + last->size, blob->data + blob->size, least - start);
	start = two_words_back(blob->data, start);
	end = two_words_on(blob->data, end, blob->size);
	scan_text(f, blob->data + start, end - start, seen);
}

/* last: the version before; the one at hand takes its place. */
static int scan_file(struct finder *f, unsigned int worker, const struct object_id *id,
		     struct repo_object *last, struct ksa_error *err)
{
	struct repo_object blob = {.data = NULL};
	int r = repo_read(f->repos[worker], id, REPO_BLOB, &blob, err);

	if (r == KSA_ENODATA) {
		f->missing[worker]++;
		return 0;
	}
	if (r)
		return r;
	if (last->size && blob.size)
		scan_difference(f, last, &blob, f->seen[worker]);
	else
		scan_text(f, blob.data, blob.size, f->seen[worker]);
	repo_object_release(last);
	*last = blob;
	return 0;
}

/* All versions of one path. */
static int scan_path(struct finder *f, unsigned int worker, size_t path, struct matches *out,
		     struct ksa_error *err)
{
	_cleanup_(repo_object_release) struct repo_object last = {.data = NULL};
	uint8_t *seen = f->seen[worker];
	size_t first = f->paths.items[path];
	int r = 0;

	memset(seen, 0, f->name_count);
	for (size_t i = first; i < f->paths.items[path + 1] && !r; i++)
		r = scan_file(f, worker, &f->files.items[i].blob, &last, err);
	for (size_t i = 0; i < f->name_count && !r; i++) {
		if (!seen[i] || (f->table.names[i].exports_only && !(seen[i] & SEEN_EXPORTED)))
			continue;
		r = VEC_PUSH_ROOM(out, err);
		if (!r)
			out->items[out->count++] = (struct match){(uint32_t)first, (uint32_t)i,
								  (seen[i] & SEEN_EXPORTED) != 0};
	}
	return r;
}

static int scan_chunk(void *ctx, unsigned int worker, size_t chunk, struct ksa_error *err)
{
	struct finder *f = ctx;
	const struct ksa_read_options *options = f->target->options;
	size_t end = (chunk + 1) * CHUNK;
	int r = 0;

	if (end > f->paths.count)
		end = f->paths.count;
	if (!f->repos[worker])
		r = repo_open(f->target->path, &f->repos[worker], err);
	for (size_t i = chunk * CHUNK; i < end && !r; i++)
		r = scan_path(f, worker, i, &f->matches[chunk], err);
	if (options->progress)
		options->progress(options->progress_ctx, "files", end, f->paths.count);
	return r;
}

static int make_room(struct finder *f, size_t chunks, struct ksa_error *err)
{
	f->repos = calloc(f->workers, sizeof(*f->repos));
	f->seen = calloc(f->workers, sizeof(*f->seen));
	f->missing = calloc(f->workers, sizeof(*f->missing));
	f->matches = calloc(chunks + 1, sizeof(*f->matches));
	if (!f->repos || !f->seen || !f->missing || !f->matches)
		return ksa_fail_nomem(err);
	f->repos[0] = f->target->repo;
	for (unsigned int w = 0; w < f->workers; w++) {
		f->seen[w] = malloc(f->name_count + 1);
		if (!f->seen[w])
			return ksa_fail_nomem(err);
	}
	return 0;
}

static void finder_release(struct finder *f, size_t chunks)
{
	for (unsigned int w = 0; w < f->workers; w++) {
		if (w && f->repos)
			repo_free(f->repos[w]);
		if (f->seen)
			free(f->seen[w]);
	}
	for (size_t c = 0; c < chunks && f->matches; c++)
		free(f->matches[c].items);
	free(f->repos);
	free(f->seen);
	free(f->missing);
	free(f->matches);
	free(f->files.items);
	free(f->paths.items);
	free(f->table.slots);
}

int find_mentions(struct find_target *target, const struct review_name *names, size_t count,
		  int (*found)(void *found_ctx, size_t name, const char *path, bool exported,
			       struct ksa_error *err),
		  void *found_ctx, struct ksa_error *err)
{
	struct finder f = {.target = target,
			   .name_count = count,
			   .workers = workers_count(target->options->jobs)};
	size_t chunks = 0, missing = 0;
	int r = table_make(&f.table, names, count, err);

	if (!r)
		r = find_files(&f, &missing, err);
	if (!r) {
		chunks = (f.paths.count + CHUNK - 1) / CHUNK;
		r = make_room(&f, chunks, err);
	}
	if (!r)
		r = workers_run(f.workers, chunks, scan_chunk, &f, err);
	for (size_t c = 0; c < chunks && !r; c++) {
		for (size_t i = 0; i < f.matches[c].count && !r; i++) {
			const struct match *m = &f.matches[c].items[i];

			r = found(found_ctx, m->name, f.files.items[m->file].path, m->exported,
				  err);
		}
		free(f.matches[c].items);
		f.matches[c].items = NULL;
	}
	for (unsigned int w = 0; w < f.workers && f.missing; w++)
		missing += f.missing[w];
	target->missing = missing;
	finder_release(&f, chunks);
	return r;
}
