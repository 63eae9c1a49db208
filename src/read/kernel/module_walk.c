// SPDX-License-Identifier: GPL-2.0-or-later
#include "read/kernel/module_walk.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/files.h"
#include "base/cleanup.h"
#include "base/strmap.h"
#include "base/vec.h"
#include "read/kernel/modules.h"
#include "read/unpack/root.h"

/* A tree has a few; with each directory walked once this bounds what a stranger's may cost. */
#define MAX_LINKS 4096

/* A directory that is to be walked; both are in the walk's arena. */
struct place {
	const char *path;
	const char *relative; /* below the first directory; "" is that one itself */
};

struct walk {
	enum module_walk_kind kind;
	module_visitor visit;
	void *ctx;
	char *root; /* as root_of_tree() gives it */
	struct arena arena;
	struct intern seen; /* device and inode of each directory that was walked */
	struct {
		struct place *items;
		size_t count, capacity;
	} places;
};

static void release_walk(struct walk *w)
{
	free(w->root);
	free(w->places.items);
	intern_release(&w->seen);
	arena_release(&w->arena);
}

static int add_place(struct walk *w, const char *path, const char *relative, struct ksa_error *err)
{
	struct place *place;
	int r;

	if (w->places.count >= MAX_LINKS)
		return ksa_fail_at(err, KSA_ELIMIT, path, 0,
				   "is one more than the limit of %d links to directories",
				   MAX_LINKS);
	r = VEC_PUSH_ROOM(&w->places, err);
	if (r)
		return r;
	place = &w->places.items[w->places.count++];
	place->path = arena_strdup(&w->arena, path);
	place->relative = arena_strdup(&w->arena, relative);
	return place->path && place->relative ? 0 : ksa_fail_nomem(err);
}

static bool is_passed_over(const FTSENT *e)
{
	return strcmp(e->fts_name, "build") == 0 || strcmp(e->fts_name, "source") == 0;
}

/* Note a directory; *again if it is not to be walked: it was, or depmod passes over it too. */
static int see_directory(struct walk *w, const FTSENT *e, bool *again, struct ksa_error *err)
{
	size_t before = w->seen.map.count;
	char key[48];

	*again = w->kind == MODULE_WALK_TREE && e->fts_level > 0 && is_passed_over(e);
	if (*again)
		return 0;
	snprintf(key, sizeof(key), "%llx:%llx", (unsigned long long)e->fts_statp->st_dev,
		 (unsigned long long)e->fts_statp->st_ino);
	if (!intern_string(&w->seen, key))
		return ksa_fail_nomem(err);
	*again = w->seen.map.count == before;
	return 0;
}

/* A link: to a directory, or to a module. name is below the place, relative as place's. */
static int take_link(struct walk *w, const struct place *place, const char *real, const FTSENT *e,
		     const char *name, const char *relative, struct ksa_error *err)
{
	_cleanup_free_ char *path = root_path(w->root, place->path, real, name);
	struct stat st;

	if (!path)
		return ksa_fail_nomem(err);
	if (stat(path, &st) < 0 || !S_ISDIR(st.st_mode))
		return modules_is_module_path(name) ? w->visit(w->ctx, path, relative, err) : 0;
	return w->kind == MODULE_WALK_TREE && !is_passed_over(e) ? add_place(w, path, relative, err)
								 : 0;
}

static int take_entry(struct walk *w, const struct place *place, const char *real, const FTSENT *e,
		      struct ksa_error *err)
{
	const char *name = e->fts_path + strlen(place->path);
	_cleanup_free_ char *relative = NULL;

	name += *name == '/';
	if (asprintf(&relative, "%s%s%s", place->relative, *place->relative ? "/" : "", name) < 0) {
		relative = NULL;
		return ksa_fail_nomem(err);
	}
	if (e->fts_info == FTS_SL)
		return take_link(w, place, real, e, name, relative, err);
	/* A FIFO: whoever opens it says what it is, nothing is passed over. */
	if ((e->fts_info == FTS_F || e->fts_info == FTS_DEFAULT) && modules_is_module_path(name))
		return w->visit(w->ctx, e->fts_path, relative, err);
	return 0;
}

static int walk_place(struct walk *w, struct place place, struct ksa_error *err)
{
	_cleanup_free_ char *path = strdup(place.path);
	_cleanup_free_ char *real = realpath(place.path, NULL);
	_cleanup_(files_close) FTS *fts = NULL;
	char *paths[] = {path, NULL};
	bool again;
	int r = 0;

	if (!path)
		return ksa_fail_nomem(err);
	fts = fts_open(paths, FTS_PHYSICAL | FTS_NOCHDIR | FTS_COMFOLLOW, files_by_name);
	if (!fts || !real)
		/* cppcheck-suppress memleak; path has a cleanup */
		return ksa_fail_errno(err, place.path, "read");
	while (!r) {
		FTSENT *e;

		errno = 0;
		e = fts_read(fts);
		if (!e && errno)
			return ksa_fail_errno(err, place.path, "read");
		if (!e)
			break;
		if (e->fts_info == FTS_DNR || e->fts_info == FTS_ERR || e->fts_info == FTS_NS)
			return ksa_fail_at(err, KSA_EIO, e->fts_path, 0, "cannot read: %s",
					   strerror(e->fts_errno));
		if (e->fts_info != FTS_D) {
			r = e->fts_level ? take_entry(w, &place, real, e, err) : 0;
			continue;
		}
		r = see_directory(w, e, &again, err);
		if (!r && again)
			fts_set(fts, e, FTS_SKIP);
	}
	return r;
}

int module_walk(const char *dir, enum module_walk_kind kind, module_visitor visit, void *ctx,
		struct ksa_error *err)
{
	_cleanup_(release_walk) struct walk w = {.kind = kind, .visit = visit, .ctx = ctx};
	_cleanup_free_ char *path = strdup(dir), *real = realpath(dir, NULL);
	int r;

	if (!path)
		return ksa_fail_nomem(err);
	if (!real)
		/* cppcheck-suppress memleak; path has a cleanup */
		return ksa_fail_errno(err, dir, "read");
	for (size_t n = strlen(path); n > 1 && path[n - 1] == '/'; n--)
		path[n - 1] = '\0';
	w.seen.arena = &w.arena;
	w.root = kind == MODULE_WALK_TREE ? root_of_tree(real) : NULL;
	r = add_place(&w, path, "", err);
	/* Links that are found are walked behind what there is. */
	for (size_t i = 0; i < w.places.count && !r; i++)
		r = walk_place(&w, w.places.items[i], err);
	return r;
}
