// SPDX-License-Identifier: GPL-2.0-or-later
/* The history of a repository: from the cache what it has, from the commits the rest. */
#include "read/git/index.h"

#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/vec.h"
#include "read/git/context.h"

void build_progress(const struct history_build *build, const char *what, size_t done, size_t total)
{
	const struct ksa_read_options *read = &build->options->read;

	if (read->progress)
		read->progress(read->progress_ctx, what, done, total);
}

/* "-rc1", "-pre3", "-beta2", "-test1" at the end, or before another such part. */
static bool is_candidate(const char *name)
{
	static const char *const words[] = {"-rc", "-pre", "-alpha", "-beta", "-test", "_rc", NULL};

	for (size_t i = 0; words[i]; i++) {
		const char *at = strstr(name, words[i]);

		if (at && (!at[strlen(words[i])] || strchr("0123456789.-", at[strlen(words[i])])))
			return true;
	}
	return false;
}

/* "2.6.31", "v6.1", "zfs-2.1.0", "2_15_0". */
static bool has_version(const char *name)
{
	for (; *name; name++)
		if (*name >= '0' && *name <= '9' && (name[1] == '.' || name[1] == '_') &&
		    name[2] >= '0' && name[2] <= '9')
			return true;
	return false;
}

/* Where tags have versions, those without are marks of another kind. */
static void find_releases(struct ksa_history *h)
{
	bool versions = false;

	for (size_t i = 0; i < h->tag_count; i++)
		versions |= has_version(h->tags[i].name);
	for (size_t i = 0; i < h->tag_count; i++)
		h->tags[i].release =
			!h->tags[i].candidate && (!versions || has_version(h->tags[i].name));
}

struct tag_list {
	struct history_build *build;
	struct ksa_error *err;
	int status;
};

static int take_tag(const char *name, git_oid *oid, void *ctx)
{
	struct tag_list *list = ctx;
	struct ksa_history *h = list->build->history;
	git_object *object = NULL, *commit = NULL;
	struct object_id id;
	uint32_t index;

	if (git_object_lookup(&object, list->build->repo->handle, oid, GIT_OBJECT_ANY) ||
	    git_object_peel(&commit, object, GIT_OBJECT_COMMIT)) {
		git_object_free(object);
		return 0; /* of a tree, as v2.6.11; or of something that is not here */
	}
	memcpy(id.bytes, git_object_id(commit)->id, OBJECT_ID_SIZE);
	git_object_free(commit);
	git_object_free(object);
	index = history_find_commit(h, &id);
	if (index == HISTORY_NONE)
		return 0; /* of a branch that was not asked for */
	if (strncmp(name, "refs/tags/", 10) == 0)
		name += 10;
	list->status = vec_reserve(&h->tags, &h->tag_capacity, h->tag_count + 1, sizeof(*h->tags),
				   list->err);
	if (list->status)
		return -1;
	h->tags[h->tag_count] = (struct history_tag){.name = arena_strdup(&h->arena, name),
						     .commit = index,
						     .candidate = is_candidate(name)};
	if (!h->tags[h->tag_count++].name)
		list->status = ksa_fail_nomem(list->err);
	return list->status ? -1 : 0;
}

static int compare_tags(const void *a, const void *b, void *ctx)
{
	const struct history_tag *x = a, *y = b;
	const struct ksa_history *h = ctx;
	uint32_t first = h->commits[x->commit].order, second = h->commits[y->commit].order;

	if (first != second)
		return first < second ? -1 : 1;
	/* Of one commit: the candidate came first, other marks last, else the names decide. */
	if (x->candidate != y->candidate)
		return x->candidate ? -1 : 1;
	if (x->release != y->release)
		return x->release ? -1 : 1;
	return strverscmp(x->name, y->name);
}

static int read_tags(struct history_build *build)
{
	struct tag_list list = {.build = build, .err = build->err};
	struct ksa_history *h = build->history;
	int status = git_tag_foreach(build->repo->handle, take_tag, &list);

	if (list.status)
		return list.status;
	if (status)
		return git_fail(build->err, KSA_EIO, "cannot read the tags");
	find_releases(h);
	if (h->tag_count)
		qsort_r(h->tags, h->tag_count, sizeof(*h->tags), compare_tags, h);
	return 0;
}

/* Objects that should be there: a history that may lack changes must not look whole. */
static int say_missing(struct history_build *build)
{
	struct ksa_history *h = build->history;
	unsigned long long count = h->missing_files + h->missing_trees;
	const char *remedy = "run git fsck";

	if (!count)
		return 0;
	if (repo_is_partial(build->repo))
		remedy = "this is a partial clone: run git fetch --refetch --no-filter";
	h->incomplete = count == 1
				? arena_printf(&h->arena,
					       "%s is missing from the repository: what changed "
					       "there is not known; %s",
					       build->missing, remedy)
				: arena_printf(&h->arena,
					       "%s and %llu more are missing from the repository: "
					       "what changed there is not known; %s",
					       build->missing, count - 1, remedy);
	return h->incomplete ? 0 : ksa_fail_nomem(build->err);
}

static int add_notices(struct history_build *build)
{
	struct ksa_history *h = build->history;
	size_t edges = 0;
	int r = 0;

	for (size_t i = 0; i < h->commit_count; i++)
		edges += h->commits[i].boundary;
	if (edges)
		r = history_add_notice(
			h, build->err,
			"the history is cut off (a shallow clone) at %zu commit%s: what "
			"was exported there is listed as present",
			edges, edges == 1 ? "" : "s");
	if (!r && h->endless_files)
		r = history_add_notice(h, build->err,
				       "macros expand without end in %llu version%s of files: what "
				       "they export is not known (first: %s)",
				       (unsigned long long)h->endless_files,
				       h->endless_files == 1 ? "" : "s",
				       h->strings[h->endless_path]);
	return r ? r : say_missing(build);
}

static int add_replace_notice(struct history_build *build)
{
	git_reference_iterator *refs = NULL;
	const char *name;
	int r = 0;

	if (git_reference_iterator_glob_new(&refs, build->repo->handle, "refs/replace/*") == 0 &&
	    git_reference_next_name(&name, refs) == 0)
		r = history_add_notice(build->history, build->err,
				       "the repository has replacement objects (git replace): they "
				       "are not followed");
	git_reference_iterator_free(refs);
	return r;
}

void build_release(struct history_build *build)
{
	pthread_mutex_destroy(&build->lock);
	context_close(build);
	repo_free(build->repo);
	free(build->trees);
	free(build->files.items);
	free(build->files.ids.items);
	free(build->sets);
	free(build->items);
	free(build->set_list);
	free(build->set_slots);
}

/* Read what is new from this tip on. */
static int update(struct history_build *build, const struct object_id *tip, uint32_t *index,
		  bool *changed)
{
	int r = build_graph(build, tip, index);

	if (r || build->first == build->history->commit_count)
		return r;
	*changed = true;
	build->files.count = build->files.ids.count = 0;
	r = build_files(build);
	if (!r)
		r = build_sets(build);
	if (!r)
		r = context_collect(build);
	if (!r)
		r = context_add_files(build);
	if (!r)
		r = context_make_forms(build);
	if (!r)
		r = context_resolve(build);
	if (!r)
		r = build_changes(build);
	free(build->sets);
	build->sets = NULL;
	if (!r && *build->endless && !build->history->endless_path)
		r = history_string(build->history, build->endless, &build->history->endless_path,
				   build->err);
	if (!r)
		history_sort(build->history);
	return r;
}

static int new_history(const char *path, struct ksa_history **out, struct ksa_error *err)
{
	struct ksa_history *h = calloc(1, sizeof(*h));

	if (!h)
		return ksa_fail_nomem(err);
	*out = h;
	h->head = h->since = HISTORY_NONE;
	h->path = arena_strdup(&h->arena, path);
	return h->path ? 0 : ksa_fail_nomem(err);
}

int history_note_index(struct ksa_history *h, const struct ksa_error *why, const char *effect,
		       struct ksa_error *err)
{
	if (h->index_note)
		return 0;
	h->index_note = arena_printf(&h->arena, "%s%s%s; %s", why->source, *why->source ? ": " : "",
				     why->text, effect);
	return h->index_note ? 0 : ksa_fail_nomem(err);
}

/* From the cache as far as it goes. One that is damaged is as good as none. */
static int load(struct history_build *build, const char *path, char **cache, uint64_t state)
{
	struct ksa_error why = {.code = 0};
	int r;

	if (*cache && cache_load(build->history, *cache, state, &why))
		return 0;
	if (build->options->cached_only)
		return KSA_ENODATA;
	if (!*cache)
		return 0;
	ksa_history_free(build->history);
	build->history = NULL;
	r = new_history(path, &build->history, build->err);
	if (r || why.code != KSA_EUSAGE)
		return r;
	/* A file is replaced by one of ours. In a directory of others it would not be read either.
	 */
	if (strcmp(why.source, *cache) != 0) {
		free(*cache);
		*cache = NULL;
	}
	return history_note_index(build->history, &why, "the index there is not used", build->err);
}

/* An index that was made without Makefiles does not do where they count. */
static int decide_makefiles(struct history_build *build, uint64_t *state)
{
	const char *until = build->options->until;
	const char *tips[] = {until || build->options->branches.count ? until : "HEAD", "HEAD"};
	int r = 0;

	for (size_t i = 0; i < 2 && !r && !build->makefiles; i++) {
		struct object_id tip;

		if (!tips[i])
			continue;
		r = repo_resolve(build->repo, tips[i], &tip, i ? NULL : build->err);
		if (r && i)
			return 0; /* a HEAD without commits */
		if (!r)
			r = context_wants_makefiles(build, &tip, &build->makefiles);
	}
	*state += build->makefiles;
	return r;
}

/* What is missing may be there the next time: such a history is not kept. */
static int store(struct history_build *build, const char *cache, uint64_t state)
{
	const struct ksa_history *h = build->history;
	struct ksa_error why = {.code = 0};

	if (h->missing_files || h->missing_trees || cache_store(h, cache, state, &why) == 0)
		return 0;
	return history_note_index(build->history, &why, "the next run starts anew", build->err);
}

static int read_branches(struct history_build *build, bool *changed)
{
	struct ksa_history *h = build->history;
	struct repo_branch *list = NULL;
	size_t count = 0;
	int r = repo_branches(build->repo, &build->options->branches, &h->arena, &list, &count,
			      build->err);

	for (size_t i = 0; i < count && !r; i++) {
		uint32_t index;

		r = update(build, &list[i].commit, &index, changed);
		if (!r)
			r = vec_reserve(&h->branches, &h->branch_capacity, h->branch_count + 1,
					sizeof(*h->branches), build->err);
		if (!r)
			h->branches[h->branch_count++] =
				(struct history_branch){list[i].name, index};
	}
	free(list);
	return r;
}

static int read_tip(struct history_build *build, const char *rev, uint32_t *index, bool *changed)
{
	struct object_id tip;
	int r = repo_resolve(build->repo, rev, &tip, build->err);

	return r ? r : update(build, &tip, index, changed);
}

static int read_tips(struct history_build *build, const char *cache, uint64_t state)
{
	const struct history_options *options = build->options;
	struct ksa_history *h = build->history;
	const char *until = options->until || options->branches.count ? options->until : "HEAD";
	bool changed = false;
	int r = until ? read_tip(build, until, &h->head, &changed) : 0;

	if (!r)
		r = read_branches(build, &changed);
	if (!r && options->since)
		r = read_tip(build, options->since, &h->since, &changed);
	if (!r && changed && cache)
		r = store(build, cache, state);
	if (!r)
		r = read_tags(build);
	if (!r)
		r = add_notices(build);
	return r ? r : add_replace_notice(build);
}

int history_read(const char *path, const struct history_options *options, struct ksa_history **out,
		 struct ksa_error *err)
{
	struct history_build build = {.options = options, .err = err};
	_cleanup_free_ char *cache = NULL;
	uint64_t state = 0;
	int r;

	*out = NULL;
	pthread_mutex_init(&build.lock, NULL);
	r = new_history(path, &build.history, err);
	if (!r)
		r = repo_open(path, &build.repo, err);
	if (!r)
		r = cache_state(&build, &state);
	if (!r)
		r = decide_makefiles(&build, &state);
	if (!r)
		r = context_open(&build);
	if (!r && options->cache) {
		cache = cache_path(&build);
		if (!cache)
			r = ksa_fail_nomem(err);
	}
	if (!r)
		r = load(&build, path, &cache, state);
	if (!r)
		r = read_tips(&build, cache, state);
	if (r)
		ksa_history_free(build.history);
	else
		*out = build.history;
	build_release(&build);
	return r;
}
