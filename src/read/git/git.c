// SPDX-License-Identifier: GPL-2.0-or-later
/* Opening repositories, naming commits, reading objects. */
#include "read/git/git.h"

#include <dirent.h>
#include <stdalign.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/strbuf.h"
#include "read/git/owner.h"
#include "read/git/repo_internal.h"
#include "read/git/tree.h"

int git_fail(struct ksa_error *err, enum ksa_code code, const char *what)
{
	const git_error *last = git_error_last();

	return ksa_fail(err, code, "%s: %s", what,
			last && last->message ? last->message : "no reason was given");
}

static int open_failed(int status, const char *path, struct ksa_error *err)
{
	const git_error *last = git_error_last();

	if (status == GIT_ENOTFOUND)
		return ksa_fail(err, KSA_EUSAGE,
				"'%s' is no git repository, nor in the work tree of one", path);
	if (last && last->message && strstr(last->message, "sha256"))
		return ksa_fail(err, KSA_EUNSUPPORTED,
				"'%s' has SHA-256 object names, only SHA-1 is read", path);
	return ksa_fail(err, KSA_EIO, "cannot open the repository '%s': %s", path,
			last && last->message ? last->message : "no reason was given");
}

/*
 * libgit2 shares a pack, with its locks and its cache of bases, among all who open it by the same
 * name: two threads then wait for one another at each object and are slower than one. So each that
 * is open calls the same directory by a name of its own: its address, one bit after another.
 */
static int open_objects(struct repo *repo)
{
	struct strbuf name = {.failed = false};
	int status = GIT_ERROR;

	strbuf_printf(&name, "%sobjects", git_repository_commondir(repo->handle));
	for (uintptr_t address = (uintptr_t)repo / alignof(max_align_t); address; address >>= 1)
		strbuf_adds(&name, address & 1 ? "/." : "/");
	if (!name.failed)
		status = git_odb_open(&repo->odb, strbuf_string(&name));
	if (!status)
		status = git_repository_set_odb(repo->handle, repo->odb);
	strbuf_release(&name);
	return status;
}

int repo_open(const char *path, struct repo **out, struct ksa_error *err)
{
	struct repo *repo = calloc(1, sizeof(*repo));
	int status;

	*out = NULL;
	if (!repo)
		return ksa_fail_nomem(err);
	status = git_library_start(err);
	if (status) {
		free(repo);
		return status;
	}
	status = git_repository_open_ext(&repo->handle, path, 0, NULL);
	/* libgit2 says of a repository of another owner that there is none, or names no remedy. */
	if (status == GIT_ENOTFOUND || status == GIT_EOWNER)
		status = owner_open(path, status, &repo->handle, err);
	if (!status)
		status = open_objects(repo);
	if (status) {
		if (!err || !err->code)
			status = open_failed(status, path, err);
		repo_free(repo);
		return status;
	}
	*out = repo;
	return 0;
}

void repo_free(struct repo *repo)
{
	if (!repo)
		return;
	git_odb_free(repo->odb);
	git_repository_free(repo->handle);
	free(repo);
}

const char *repo_directory(const struct repo *repo)
{
	return git_repository_commondir(repo->handle);
}

/* git marks the packs that come from such a clone's remote (*.promisor), see git-index-pack(1). */
bool repo_is_partial(const struct repo *repo)
{
	_cleanup_free_ char *path = NULL;
	const struct dirent *entry;
	bool found = false;
	DIR *packs;

	if (asprintf(&path, "%sobjects/pack", repo_directory(repo)) < 0) {
		path = NULL;
		return false;
	}
	packs = opendir(path);
	while (packs && !found && (entry = readdir(packs))) {
		const char *end = strrchr(entry->d_name, '.');

		found = end && strcmp(end, ".promisor") == 0;
	}
	if (packs)
		closedir(packs);
	return found;
}

static void cleanup_object(git_object **object)
{
	git_object_free(*object);
}

static int find_revision(struct repo *repo, const char *rev, git_object **object,
			 struct ksa_error *err)
{
	int status = git_revparse_single(object, repo->handle, rev);

	if (status == GIT_EAMBIGUOUS)
		return ksa_fail(err, KSA_EUSAGE, "'%s' names several objects, give more digits",
				rev);
	if (status && strcmp(rev, "HEAD") == 0 && git_repository_head_unborn(repo->handle) == 1)
		return ksa_fail(err, KSA_EUSAGE,
				"'HEAD' has no commit yet, name a branch or tag that has one");
	if (status)
		return ksa_fail(err, KSA_EUSAGE, "'%s' names no revision of this repository", rev);
	return 0;
}

int repo_resolve(struct repo *repo, const char *rev, struct object_id *commit,
		 struct ksa_error *err)
{
	_cleanup_(cleanup_object) git_object *object = NULL;
	_cleanup_(cleanup_object) git_object *peeled = NULL;
	int r = find_revision(repo, rev, &object, err);

	if (r)
		return r;
	if (git_object_peel(&peeled, object, GIT_OBJECT_COMMIT) == 0) {
		memcpy(commit->bytes, git_object_id(peeled)->id, OBJECT_ID_SIZE);
		return 0;
	}
	return git_object_peel(&peeled, object, GIT_OBJECT_TREE) == 0
		       ? ksa_fail(err, KSA_EUSAGE,
				  "'%s' names no commit but a tree, which has no history", rev)
		       : ksa_fail(err, KSA_EUSAGE, "'%s' names no commit", rev);
}

int repo_resolve_tree(struct repo *repo, const char *rev, struct object_id *tree,
		      struct ksa_error *err)
{
	_cleanup_(cleanup_object) git_object *object = NULL;
	_cleanup_(cleanup_object) git_object *peeled = NULL;
	struct repo_commit commit;
	int r = find_revision(repo, rev, &object, err);

	if (r)
		return r;
	if (git_object_peel(&peeled, object, GIT_OBJECT_COMMIT) == 0) {
		struct object_id id;

		memcpy(id.bytes, git_object_id(peeled)->id, OBJECT_ID_SIZE);
		r = repo_read_commit(repo, &id, &commit, err);
		*tree = commit.tree;
		repo_commit_release(&commit);
		return r;
	}
	if (git_object_peel(&peeled, object, GIT_OBJECT_TREE))
		return ksa_fail(err, KSA_EUSAGE, "'%s' names no commit and no tree", rev);
	memcpy(tree->bytes, git_object_id(peeled)->id, OBJECT_ID_SIZE);
	return 0;
}

int repo_resolve_range(struct repo *repo, const char *range, struct object_id *from, bool *has_from,
		       struct object_id *to, struct ksa_error *err)
{
	const char *dots = strstr(range, "..");
	_cleanup_free_ char *left = NULL;
	int r;

	*has_from = dots != NULL;
	if (!dots)
		return repo_resolve(repo, range, to, err);
	if (dots[2] == '.')
		return ksa_fail(err, KSA_EUSAGE,
				"'%s' names the commits of two sides, give one as A..B", range);
	left = strndup(range, (size_t)(dots - range));
	if (!left)
		return ksa_fail_nomem(err);
	r = repo_resolve(repo, *left ? left : "HEAD", from, err);
	return r ? r : repo_resolve(repo, dots[2] ? dots + 2 : "HEAD", to, err);
}

static const git_object_t types[] = {
	[REPO_COMMIT] = GIT_OBJECT_COMMIT,
	[REPO_TREE] = GIT_OBJECT_TREE,
	[REPO_BLOB] = GIT_OBJECT_BLOB,
};

int repo_read(struct repo *repo, const struct object_id *id, enum repo_type type,
	      struct repo_object *out, struct ksa_error *err)
{
	char hex[OBJECT_ID_HEX + 1];
	git_odb_object *object;
	git_oid oid;
	int status;

	memcpy(oid.id, id->bytes, OBJECT_ID_SIZE);
	status = git_odb_read(&object, repo->odb, &oid);
	if (status == GIT_ENOTFOUND)
		return KSA_ENODATA;
	object_id_format(id, hex, OBJECT_ID_HEX);
	if (status) {
		const git_error *last = git_error_last();

		return ksa_fail(err, KSA_EFORMAT, "object %s cannot be read: %s", hex,
				last && last->message ? last->message : "no reason was given");
	}
	if (git_odb_object_type(object) != types[type]) {
		git_odb_object_free(object);
		return ksa_fail(err, KSA_EFORMAT, "object %s is not a %s", hex,
				git_object_type2string(types[type]));
	}
	out->data = git_odb_object_data(object);
	out->size = git_odb_object_size(object);
	out->handle = object;
	return 0;
}

void repo_object_release(struct repo_object *object)
{
	git_odb_object_free(object->handle);
	*object = (struct repo_object){.data = NULL};
}

/* The entry of that name in a tree. KSA_ENODATA: there is none, or no tree. */
static int find_entry(struct repo *repo, const struct object_id *id, const char *name,
		      size_t length, struct object_id *out, enum tree_mode *mode,
		      struct ksa_error *err)
{
	_cleanup_(repo_object_release) struct repo_object tree = {.data = NULL};
	struct tree_entry e;
	const unsigned char *at, *end;
	int r = repo_read(repo, id, REPO_TREE, &tree, err);

	if (r)
		return r;
	end = tree.data + tree.size;
	for (at = tree.data; tree_entry_at(at, end, &e); at = e.next) {
		if (strncmp(e.name, name, length) != 0 || e.name[length])
			continue;
		memcpy(out->bytes, e.id, OBJECT_ID_SIZE);
		*mode = e.mode;
		return 0;
	}
	return at == end ? KSA_ENODATA : tree_damaged(id, err);
}

int repo_find_path(struct repo *repo, const struct object_id *commit, const char *path,
		   struct object_id *blob, struct ksa_error *err)
{
	enum tree_mode mode = TREE_DIRECTORY;
	struct object_id at;
	struct repo_commit c;
	int r = repo_read_commit(repo, commit, &c, err);

	at = c.tree;
	repo_commit_release(&c);
	if (r == KSA_ENODATA) {
		char hex[OBJECT_ID_HEX + 1];

		object_id_format(commit, hex, OBJECT_ID_HEX);
		return ksa_fail(err, KSA_EIO, "commit %s is missing from the repository", hex);
	}
	while (!r && *path) {
		size_t length = strcspn(path, "/");

		if (mode != TREE_DIRECTORY)
			return KSA_ENODATA;
		r = find_entry(repo, &at, path, length, &at, &mode, err);
		path += length + (path[length] == '/');
	}
	if (!r && mode != TREE_FILE)
		r = KSA_ENODATA;
	if (!r)
		*blob = at;
	return r;
}

int repo_find_blob(struct repo *repo, const char *hex, struct object_id *blob,
		   struct ksa_error *err)
{
	size_t length = strlen(hex);
	git_oid part, found;
	git_object_t type;
	size_t size;
	int status;

	if (length < GIT_OID_MINPREFIXLEN || length > OBJECT_ID_HEX ||
	    git_oid_fromstrn(&part, hex, length))
		return KSA_ENODATA;
	status = git_odb_exists_prefix(&found, repo->odb, &part, length);
	if (!status)
		status = git_odb_read_header(&size, &type, repo->odb, &found);
	if (status == GIT_ENOTFOUND || status == GIT_EAMBIGUOUS ||
	    (!status && type != GIT_OBJECT_BLOB))
		return KSA_ENODATA;
	if (status)
		return git_fail(err, KSA_EFORMAT, "cannot look up a blob");
	memcpy(blob->bytes, found.id, OBJECT_ID_SIZE);
	return 0;
}
