// SPDX-License-Identifier: GPL-2.0-or-later
/* Branches by their names, and what makes two commits of them the same change. */
#include <fnmatch.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/vec.h"
#include "read/git/repo_internal.h"

#define MAX_BRANCHES 1000

struct branch_list {
	struct repo *repo;
	const struct string_list *globs;
	struct arena *arena;
	struct repo_branch *items;
	size_t count, capacity;
	bool *matched; /* by glob */
	struct ksa_error *err;
};

static int add_branch(struct branch_list *list, const char *name, const struct object_id *commit)
{
	int r;

	for (size_t i = 0; i < list->count; i++)
		if (strcmp(list->items[i].name, name) == 0)
			return 0;
	if (list->count >= MAX_BRANCHES)
		return ksa_fail(list->err, KSA_ELIMIT, "more than %d branches match; name fewer",
				MAX_BRANCHES);
	r = VEC_PUSH_ROOM(list, list->err);
	if (r)
		return r;
	list->items[list->count] = (struct repo_branch){arena_strdup(list->arena, name), *commit};
	return list->items[list->count++].name ? 0 : ksa_fail_nomem(list->err);
}

static bool is_wanted(struct branch_list *list, const char *name)
{
	const char *slash = strchr(name, '/');
	bool wanted = false;

	for (size_t i = 0; i < list->globs->count; i++) {
		const char *glob = list->globs->items[i];

		if (fnmatch(glob, name, 0) != 0 && (!slash || fnmatch(glob, slash + 1, 0) != 0))
			continue;
		wanted = list->matched[i] = true;
	}
	return wanted;
}

/* "refs/heads/x": x; "refs/remotes/origin/x": origin/x. */
static int take_reference(struct branch_list *list, const char *name, size_t prefix)
{
	const char *slash = strchr(name + prefix, '/');
	struct ksa_error why = {.code = 0};
	struct object_id id;
	int r;

	/* origin/HEAD is another name of one of them */
	if ((strncmp(name, "refs/remotes/", prefix) == 0 && slash && strcmp(slash, "/HEAD") == 0) ||
	    !is_wanted(list, name + prefix))
		return 0;
	r = repo_resolve(list->repo, name, &id, &why);
	if (r == KSA_EUSAGE)
		return ksa_fail(list->err, KSA_EUSAGE,
				"'%s' names no commit that is there: fetch it again, delete it, or "
				"name branches without it",
				name);
	return r ? ksa_pass(list->err, &why) : add_branch(list, name + prefix, &id);
}

static int walk_references(struct branch_list *list, const char *prefix)
{
	_cleanup_free_ char *glob = NULL;
	git_reference_iterator *refs = NULL;
	const char *name;
	int r = 0;

	if (asprintf(&glob, "%s*", prefix) < 0) {
		glob = NULL;
		return ksa_fail_nomem(list->err);
	}
	if (git_reference_iterator_glob_new(&refs, list->repo->handle, glob))
		return git_fail(list->err, KSA_EIO, "cannot read the branches");
	while (!r && git_reference_next_name(&name, refs) == 0)
		r = take_reference(list, name, strlen(prefix));
	git_reference_iterator_free(refs);
	return r;
}

static int take_revision(struct branch_list *list, const char *rev)
{
	struct ksa_error why = {.code = 0};
	struct object_id id;
	int r = repo_resolve(list->repo, rev, &id, &why);

	if (r == KSA_EUSAGE)
		return ksa_fail(list->err, KSA_EUSAGE,
				"no branch matches '%s', and no revision "
				"is of that name; see git branch -a",
				rev);
	return r ? ksa_pass(list->err, &why) : add_branch(list, rev, &id);
}

static int compare_branches(const void *a, const void *b)
{
	const struct repo_branch *x = a, *y = b;

	return strverscmp(x->name, y->name);
}

int repo_branches(struct repo *repo, const struct string_list *globs, struct arena *arena,
		  struct repo_branch **out, size_t *count, struct ksa_error *err)
{
	struct branch_list list = {.repo = repo, .globs = globs, .arena = arena, .err = err};
	int r = 0;

	list.matched = calloc(globs->count + 1, sizeof(*list.matched));
	if (!list.matched)
		r = ksa_fail_nomem(err);
	if (!r && globs->count)
		r = walk_references(&list, "refs/heads/");
	if (!r && globs->count)
		r = walk_references(&list, "refs/remotes/");
	for (size_t i = 0; i < globs->count && !r; i++)
		if (!list.matched[i])
			r = take_revision(&list, globs->items[i]);
	free(list.matched);
	if (!r && list.count)
		qsort(list.items, list.count, sizeof(*list.items), compare_branches);
	*out = list.items;
	*count = list.count;
	return r;
}

static int find_tree(struct repo *repo, const struct object_id *commit, git_object **tree,
		     struct object_id *parent)
{
	struct repo_commit c;
	git_oid id;
	int r = repo_read_commit(repo, commit, &c, NULL);

	if (!r) {
		memcpy(id.id, c.tree.bytes, OBJECT_ID_SIZE);
		if (git_object_lookup(tree, repo->handle, &id, GIT_OBJECT_TREE) ||
		    (parent && (c.parent_count != 1 || !repo_commit_parent(&c, 0, parent))))
			r = KSA_ENODATA;
	}
	repo_commit_release(&c);
	return r ? KSA_ENODATA : 0;
}

int repo_patch_id(struct repo *repo, const struct object_id *commit, struct object_id *out)
{
	git_object *before = NULL, *after = NULL;
	struct object_id parent;
	git_diff *diff = NULL;
	git_oid id;
	int r = find_tree(repo, commit, &after, &parent);

	if (!r)
		r = find_tree(repo, &parent, &before, NULL);
	if (!r && (git_diff_tree_to_tree(&diff, repo->handle, (git_tree *)before, (git_tree *)after,
					 NULL) ||
		   git_diff_patchid(&id, diff, NULL)))
		r = KSA_ENODATA;
	if (!r)
		memcpy(out->bytes, id.id, OBJECT_ID_SIZE);
	git_diff_free(diff);
	git_object_free(before);
	git_object_free(after);
	return r;
}
