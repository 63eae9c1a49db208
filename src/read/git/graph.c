// SPDX-License-Identifier: GPL-2.0-or-later
/* The graph of commits: read from the tip down to what is known already. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/vec.h"
#include "read/git/build_internal.h"

#define MAX_LIST ((size_t)16 << 20) /* bytes of a shallow or grafts file */

/* Commits whose parents are given by info/grafts, or cut off by shallow. */
struct grafts {
	struct bytes shallow, grafts;
};

static int read_list(const struct repo *repo, const char *name, struct bytes *out,
		     struct ksa_error *err)
{
	_cleanup_free_ char *path = NULL;
	struct ksa_error why = {.code = 0};
	int r;

	if (asprintf(&path, "%s%s", repo_directory(repo), name) < 0) {
		path = NULL;
		return ksa_fail_nomem(err);
	}
	r = bytes_read_file(out, path, MAX_LIST, &why);
	return r == KSA_ENOMEM ? ksa_fail_nomem(err) : 0; /* mostly there is none */
}

static int read_grafts(struct history_build *build, struct grafts *grafts)
{
	int r = read_list(build->repo, "shallow", &grafts->shallow, build->err);

	return r ? r : read_list(build->repo, "info/grafts", &grafts->grafts, build->err);
}

static void release_grafts(struct grafts *grafts)
{
	bytes_release(&grafts->shallow);
	bytes_release(&grafts->grafts);
}

static uint64_t hash_bytes(uint64_t hash, const void *data, size_t size)
{
	const unsigned char *p = data;

	for (size_t i = 0; i < size; i++)
		hash = (hash ^ p[i]) * 0x100000001b3u;
	return hash;
}

int cache_state(struct history_build *build, uint64_t *state)
{
	struct grafts grafts = {.shallow = {.data = NULL}};
	int r = read_grafts(build, &grafts);

	*state = hash_bytes(0xcbf29ce484222325u, grafts.shallow.data, grafts.shallow.size);
	*state = hash_bytes(*state, "|", 1);
	*state = hash_bytes(*state, grafts.grafts.data, grafts.grafts.size);
	release_grafts(&grafts);
	return r;
}

/* The line of a list that starts with the commit's id; NULL if there is none. */
static const char *find_line(const struct bytes *list, const struct object_id *id, size_t *length)
{
	char hex[OBJECT_ID_HEX + 1];
	const char *at = (const char *)list->data, *end = at ? at + list->size : at;

	if (!list->size)
		return NULL;
	object_id_format(id, hex, OBJECT_ID_HEX);
	while (at < end) {
		const char *newline = memchr(at, '\n', (size_t)(end - at));

		*length = (size_t)((newline ? newline : end) - at);
		if (*length >= OBJECT_ID_HEX && memcmp(at, hex, OBJECT_ID_HEX) == 0)
			return at;
		at += *length + 1;
	}
	return NULL;
}

static int add_parent(struct history_build *build, uint32_t commit, const struct object_id *id)
{
	struct ksa_history *h = build->history;
	uint32_t parent = history_find_commit(h, id);
	int r = 0;

	if (h->commits[commit].parent_count >= HISTORY_MAX_PARENTS)
		return ksa_fail(build->err, KSA_ELIMIT, "a commit has more than %d parents",
				HISTORY_MAX_PARENTS);
	if (parent == HISTORY_NONE)
		r = history_add_commit(h, id, &parent, build->err);
	if (!r)
		r = vec_reserve(&h->parents, &h->parent_capacity, h->parent_count + 1,
				sizeof(*h->parents), build->err);
	if (r)
		return r;
	h->parents[h->parent_count++] = parent;
	h->commits[commit].parent_count++;
	return 0;
}

/* "COMMIT PARENT...": the parents that a graft gives. */
static int graft_parents(struct history_build *build, uint32_t commit, const char *line,
			 size_t length)
{
	for (size_t at = OBJECT_ID_HEX + 1; at + OBJECT_ID_HEX <= length; at += OBJECT_ID_HEX + 1) {
		struct object_id id;
		git_oid oid;
		int r;

		if (git_oid_fromstrn(&oid, line + at, OBJECT_ID_HEX))
			return ksa_fail(build->err, KSA_EFORMAT, "info/grafts is damaged");
		memcpy(id.bytes, oid.id, OBJECT_ID_SIZE);
		r = add_parent(build, commit, &id);
		if (r)
			return r;
	}
	return 0;
}

int build_commit_missing(const struct object_id *id, struct ksa_error *err)
{
	char hex[OBJECT_ID_HEX + 1];

	object_id_format(id, hex, OBJECT_ID_HEX);
	return ksa_fail(err, KSA_EIO,
			"commit %s is missing from the repository, and it is no shallow clone "
			"there: run git fsck, and fetch it again",
			hex);
}

static int take_commit(struct history_build *build, const struct grafts *grafts, uint32_t index)
{
	struct ksa_history *h = build->history;
	struct object_id id = h->commits[index].id, parent;
	struct repo_commit commit;
	const char *line, *text;
	size_t length;
	int16_t zone;
	int r = repo_read_commit(build->repo, &id, &commit, build->err);

	h->commits[index].parents = (uint32_t)h->parent_count;
	if (!r) {
		text = repo_commit_header(&commit, "committer", &length);
		if (text)
			repo_commit_time(text, length, &h->commits[index].time, &zone);
		build->trees[index] = commit.tree;
		line = find_line(&grafts->grafts, &id, &length);
		if (line)
			r = graft_parents(build, index, line, length);
		else if (find_line(&grafts->shallow, &id, &length))
			h->commits[index].boundary = true;
		else
			for (size_t i = 0; !r && repo_commit_parent(&commit, i, &parent); i++)
				r = add_parent(build, index, &parent);
	}
	repo_commit_release(&commit);
	return r == KSA_ENODATA ? build_commit_missing(&id, build->err) : r;
}

int build_graph(struct history_build *build, const struct object_id *tip, uint32_t *index)
{
	struct ksa_history *h = build->history;
	struct grafts grafts = {.shallow = {.data = NULL}};
	int r;

	build->first = h->commit_count;
	*index = history_find_commit(h, tip);
	if (*index != HISTORY_NONE)
		return 0;
	r = read_grafts(build, &grafts);
	if (!r)
		r = history_add_commit(h, tip, index, build->err);
	for (size_t i = build->first; i < h->commit_count && !r; i++) {
		if (i % 1024 == 0)
			build_progress(build, "commits read", i - build->first, 0);
		r = vec_reserve(&build->trees, &build->tree_capacity, h->commit_count,
				sizeof(*build->trees), build->err);
		if (r)
			break;
		memset(&build->trees[i], 0, sizeof(*build->trees));
		r = take_commit(build, &grafts, (uint32_t)i);
	}
	release_grafts(&grafts);
	return r ? r : history_give_order(h, build->err);
}
