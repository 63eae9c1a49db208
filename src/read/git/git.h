/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef READ_GIT_GIT_H
#define READ_GIT_GIT_H

#include "base/bytes.h"
#include "model/object_id.h"
#include "model/patch.h"

/*
 * A git repository: bare or with a work tree, a linked work tree, with alternates, shallow,
 * partial. One handle is used by one thread at a time; several handles of one repository may be
 * open.
 */
struct repo;

/*
 * Open the repository at path: its top, a directory below it, or a bare one. KSA_EUSAGE: none is
 * there; KSA_EIO: it belongs to somebody else, or cannot be read; KSA_EUNSUPPORTED: of a form that
 * is not read (SHA-256 object names).
 */
int repo_open(const char *path, struct repo **out, struct ksa_error *err) _must_check_;
void repo_free(struct repo *repo);

/* The directory with objects and refs (git's "common directory"), with a '/' at its end. */
const char *repo_directory(const struct repo *repo);

/* Was it cloned with a filter (gitpartial-clone), so that objects are to be fetched when wanted? */
bool repo_is_partial(const struct repo *repo);

/* The commit that a revision names ("v6.1", "HEAD~3", "2b94f5ef8f77"). KSA_EUSAGE: none of that
 * name. */
int repo_resolve(struct repo *repo, const char *rev, struct object_id *commit,
		 struct ksa_error *err) _must_check_;

/* A branch and the commit at its tip. */
struct repo_branch {
	const char *name;
	struct object_id commit;
};

/*
 * The branches, local and of remotes, that these globs match, in the order of their names; a glob
 * is held against the name with and without its remote's. One that matches none may name a
 * revision. Names live in the arena, *out is malloc'd, also where this fails. KSA_EUSAGE: none of
 * that name; KSA_ELIMIT: more than 1,000.
 */
int repo_branches(struct repo *repo, const struct string_list *globs, struct arena *arena,
		  struct repo_branch **out, size_t *count, struct ksa_error *err) _must_check_;

/* git's patch-id: two commits that do the same to the same files share it, wherever the lines are.
 * KSA_ENODATA: a merge or a first commit has none, or objects are missing. */
int repo_patch_id(struct repo *repo, const struct object_id *commit,
		  struct object_id *out) _must_check_;

/* The tree that a revision names: a commit's, or of a tag of a tree, as v2.6.11 of Linux is one.
 * KSA_EUSAGE as above. */
int repo_resolve_tree(struct repo *repo, const char *rev, struct object_id *tree,
		      struct ksa_error *err) _must_check_;

/*
 * "A..B", "A.." or "B": the commits of B's history that are not in A's. *has_from is false for a
 * single revision. KSA_EUSAGE as above, and for "A...B", which names two sides.
 */
int repo_resolve_range(struct repo *repo, const char *range, struct object_id *from, bool *has_from,
		       struct object_id *to, struct ksa_error *err) _must_check_;

enum repo_type { REPO_COMMIT, REPO_TREE, REPO_BLOB };

/* An object's bytes; repo_object_release gives them back. Zero-initialize. */
struct repo_object {
	const unsigned char *data;
	size_t size;
	void *handle;
};

/* KSA_ENODATA (err is not filled): the repository does not have it, as a partial or shallow clone
 * may not. KSA_EFORMAT: it is of another type, or damaged. */
int repo_read(struct repo *repo, const struct object_id *id, enum repo_type type,
	      struct repo_object *out, struct ksa_error *err) _must_check_;
void repo_object_release(struct repo_object *object);

/* The blob at a path of a commit's tree; KSA_ENODATA (err is not filled): no file is there. */
int repo_find_path(struct repo *repo, const struct object_id *commit, const char *path,
		   struct object_id *blob, struct ksa_error *err) _must_check_;

/* A commit's tree. KSA_ENODATA: the repository does not have the commit. */
int repo_tree_of(struct repo *repo, const struct object_id *commit, struct object_id *tree,
		 struct ksa_error *err) _must_check_;

/* The blob of an abbreviated name (of a patch's "index" line). KSA_ENODATA (err is not filled):
 * none, or several. */
int repo_find_blob(struct repo *repo, const char *hex, struct object_id *blob,
		   struct ksa_error *err) _must_check_;

/* An entry of a commit's tree, a regular file; path is from the top, borrowed for the call. A
 * non-zero return ends the walk and is what it returns. */
typedef int (*repo_visit)(void *ctx, const char *path, const struct object_id *blob,
			  struct ksa_error *err);

/*
 * All files of a commit, in the order of their paths. Links and submodules are left out. missing
 * (may be NULL) counts directories that the repository does not have; without it they are
 * KSA_ENODATA. KSA_ELIMIT: more files, longer paths or deeper directories than any project's (a
 * tree can hold one directory many times, and that many others).
 */
int repo_walk(struct repo *repo, const struct object_id *commit, repo_visit visit, void *ctx,
	      size_t *missing, struct ksa_error *err) _must_check_;

/* The same of a tree. */
int repo_walk_tree(struct repo *repo, const struct object_id *tree, repo_visit visit, void *ctx,
		   size_t *missing, struct ksa_error *err) _must_check_;

/*
 * What a commit says of itself, as a patch without files: commit, author, date, subject, message,
 * upstream commit, fixes, links. Text in another encoding that the commit names is made UTF-8.
 * Strings live in the arena.
 */
int repo_describe(struct repo *repo, const struct object_id *commit, struct arena *arena,
		  struct patch *out, struct ksa_error *err) _must_check_;

/* The first parent of a commit. KSA_ENODATA (err is not filled): it has none. */
int repo_first_parent(struct repo *repo, const struct object_id *commit, struct object_id *parent,
		      struct ksa_error *err) _must_check_;

/* The parents of a commit, in the arena. KSA_ENODATA (err is not filled): the commit is not there.
 */
int repo_parents(struct repo *repo, const struct object_id *commit, struct arena *arena,
		 struct object_id **out, size_t *count, struct ksa_error *err) _must_check_;

/* Where two commits part: of several such commits the first. KSA_ENODATA: they have nothing in
 * common. */
int repo_merge_base(struct repo *repo, const struct object_id *a, const struct object_id *b,
		    struct object_id *out, struct ksa_error *err) _must_check_;

/* The commits of a range, the oldest first, merges among them. *ids is malloc'd. */
int repo_list(struct repo *repo, const struct object_id *from, const struct object_id *to,
	      struct object_id **ids, size_t *count, struct ksa_error *err) _must_check_;

/* A file that a commit changes against its first parent; a zero id: not there on that side. A
 * renamed file is one that goes and one that comes. */
struct repo_change {
	const char *path;
	struct object_id blob[PATCH_SIDES];
};

struct repo_changes {
	struct repo_change *items;
	size_t count;
};

/* Those of one commit, by path; strings and the array live in the arena. */
int repo_changes(struct repo *repo, const struct object_id *commit, struct arena *arena,
		 struct repo_change **out, size_t *count, struct ksa_error *err) _must_check_;

/* The same between two commits. */
int repo_compare(struct repo *repo, const struct object_id *from, const struct object_id *to,
		 struct arena *arena, struct repo_changes *out, struct ksa_error *err) _must_check_;

/* A file that a merge has like none of its parents; a zero id: not there. */
struct repo_merge_change {
	const char *path;
	struct object_id blob; /* the merge's */
	const struct object_id *parents; /* in their order */
};

/* Those of one merge; all lives in the arena. */
int repo_merge_changes(struct repo *repo, const struct object_id *commit, struct arena *arena,
		       struct repo_merge_change **out, size_t *count,
		       struct ksa_error *err) _must_check_;

#endif
