// SPDX-License-Identifier: GPL-2.0-or-later
/* Where headers lie: directories and packages. */
#include "read/headers/headers.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "read/unpack/root.h"
#include "read/unpack/archive.h"

#define MAX_DEPTH    24 /* of directories; real ones are below 10 */
#define MAX_MAKEFILE ((size_t)4 << 20)

struct walk {
	struct header_set *set;
	const char *top; /* of the tree */
	unsigned int depth;
};

static char *join_path(const char *dir, const char *name)
{
	char *path;

	return asprintf(&path, "%s/%s", dir, name) < 0 ? NULL : path;
}

static bool is_directory(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0 && S_ISDIR(st.st_mode);
}

/* A link may lead out of the tree, and those in it lead to headers that are there as well. */
static unsigned char kind_of(const char *path, const struct dirent *entry)
{
	struct stat st;

	if (entry->d_type != DT_UNKNOWN)
		return entry->d_type;
	if (lstat(path, &st) != 0)
		return DT_UNKNOWN;
	return S_ISDIR(st.st_mode) ? DT_DIR : S_ISREG(st.st_mode) ? DT_REG : DT_UNKNOWN;
}

static int take_header(struct walk *w, const char *path, struct ksa_error *err)
{
	struct header_file file = {.disk = NULL};
	const char *below = header_path(path + strlen(w->top) + 1);

	if (!below)
		return 0;
	file.disk = arena_strdup(&w->set->arena, path);
	return file.disk ? header_set_add(w->set, below, &file, err) : ksa_fail_nomem(err);
}

/* All headers below top/below; below is "include", for example. */
static int walk_directory(struct walk *w, const char *dir, struct ksa_error *err)
{
	const struct dirent *entry;
	DIR *d;
	int r = 0;

	if (++w->depth > MAX_DEPTH)
		return ksa_fail_at(err, KSA_ELIMIT, dir, 0,
				   "is more than %d directories deep: this is no kernel's tree",
				   MAX_DEPTH);
	d = opendir(dir);
	if (!d)
		return ksa_fail_errno(err, dir, "read");
	while (!r && (entry = readdir(d))) {
		_cleanup_free_ char *path = NULL;
		unsigned char kind;

		if (entry->d_name[0] == '.')
			continue;
		path = join_path(dir, entry->d_name);
		if (!path) {
			r = ksa_fail_nomem(err);
			break;
		}
		kind = kind_of(path, entry);
		if (kind == DT_DIR && strcmp(path + strlen(w->top), "/include/config") != 0)
			r = walk_directory(w, path, err);
		else if (kind == DT_REG)
			r = take_header(w, path, err);
	}
	closedir(d);
	w->depth--;
	return r;
}

/* The include/ of each architecture below arch. */
static int walk_arches(struct walk *w, const char *arch, struct ksa_error *err)
{
	const struct dirent *entry;
	DIR *d = opendir(arch);
	int r = 0;

	if (!d)
		return errno == ENOENT || errno == ENOTDIR ? 0 : ksa_fail_errno(err, arch, "read");
	while (!r && (entry = readdir(d))) {
		_cleanup_free_ char *path = NULL;

		if (entry->d_name[0] == '.')
			continue;
		if (asprintf(&path, "%s/%s/include", arch, entry->d_name) < 0) {
			path = NULL;
			r = ksa_fail_nomem(err);
		} else if (is_directory(path)) {
			r = walk_directory(w, path, err);
		}
	}
	closedir(d);
	return r;
}

/* What include/ and the include/ of each architecture hold. */
static int walk_tree(struct header_set *set, const char *top, struct ksa_error *err)
{
	struct walk w = {.set = set, .top = top};
	_cleanup_free_ char *include = join_path(top, "include");
	_cleanup_free_ char *arch = join_path(top, "arch");
	int r = 0;

	if (!include || !arch)
		return ksa_fail_nomem(err);
	if (is_directory(include))
		r = walk_directory(&w, include, err);
	return r ? r : walk_arches(&w, arch, err);
}

/* What ROOT/usr/src/NAME and ROOT/lib/modules/RELEASE are below; NULL: the machine's own root, or
 * no such place; malloc'd. */
static char *root_of(const char *real)
{
	const char *src = strstr(real, "/usr/src/");
	const char *last = src;
	_cleanup_free_ char *release = strdup(real);
	char *modules = release ? strstr(release, "/lib/modules/") : NULL;

	while (last && (last = strstr(last + 1, "/usr/src/")))
		src = last;
	if (src)
		return src > real ? strndup(real, (size_t)(src - real)) : NULL;
	if (!modules)
		return NULL;
	modules += strlen("/lib/modules/");
	modules[strcspn(modules, "/")] = '\0';
	return root_of_tree(release);
}

/* The directory of the Makefile that a line includes, or NULL; malloc'd. */
static char *read_include(const char *line, const char *end)
{
	static const char word[] = "include ", file[] = "/Makefile";
	const char *at = line + strlen(word);

	if ((size_t)(end - line) <= strlen(word) || memcmp(line, word, strlen(word)) != 0)
		return NULL;
	while (end > at && isspace((unsigned char)end[-1]))
		end--;
	if ((size_t)(end - at) <= strlen(file) ||
	    memcmp(end - strlen(file), file, strlen(file)) != 0 ||
	    memchr(at, '$', (size_t)(end - at)))
		return NULL;
	return strndup(at, (size_t)(end - at) - strlen(file));
}

/* Where the first Makefile lies that this one includes by a plain path; NULL: nowhere; malloc'd. */
static char *included_tree(const char *makefile)
{
	_cleanup_(bytes_release) struct bytes data = {.data = NULL};
	const char *at, *end;
	char *tree = NULL;

	if (bytes_read_file(&data, makefile, MAX_MAKEFILE, NULL) || !data.size)
		return NULL;
	at = (const char *)data.data;
	end = at + data.size;
	while (at < end && !tree) {
		const char *newline = memchr(at, '\n', (size_t)(end - at));
		const char *stop = newline ? newline : end;

		tree = read_include(at, stop);
		at = stop + (stop < end);
	}
	return tree;
}

/* The directory of that name beside this one, or NULL; malloc'd. */
static char *find_beside(const char *real, const char *name)
{
	_cleanup_free_ char *beside = NULL;

	if (asprintf(&beside, "%s/../%s", real, name) < 0) {
		beside = NULL;
		return NULL;
	}
	return is_directory(beside) ? realpath(beside, NULL) : NULL;
}

/*
 * The other half of the headers in dir: what its Makefile includes, in the root that dir is in, or
 * beside it; NULL: there is none. malloc'd.
 */
static char *other_half(const char *real)
{
	_cleanup_free_ char *makefile = join_path(real, "Makefile");
	_cleanup_free_ char *tree = makefile ? included_tree(makefile) : NULL;
	_cleanup_free_ char *root = root_of(real);
	const char *top = root ? root : "";
	const char *base = tree ? strrchr(tree, '/') : NULL;
	char *found;

	if (!tree)
		return NULL;
	found = root_resolve(top, *tree == '/' ? top : real, tree);
	if (found && is_directory(found))
		return found;
	free(found);
	return base ? find_beside(real, base + 1) : NULL;
}

static int walk_halves(struct header_set *set, const char *dir, struct ksa_error *err)
{
	_cleanup_free_ char *real = realpath(dir, NULL);
	_cleanup_free_ char *other = NULL;
	size_t before = set->count;
	int r;

	if (!real)
		return ksa_fail_errno(err, dir, "resolve");
	r = walk_tree(set, real, err);
	if (!r && set->count > before)
		r = header_set_add_basis(set, real, err);
	other = r ? NULL : other_half(real);
	return other && strcmp(other, real) != 0 ? walk_tree(set, other, err) : r;
}

/* Each directory below dir that holds headers: usr/src of an unpacked package. */
static int walk_sources(struct header_set *set, const char *dir, struct ksa_error *err)
{
	static const char *const markers[] = {"include/generated", "include/linux"};
	struct dirent **entries = NULL;
	int n = scandir(dir, &entries, NULL, alphasort), r = 0;

	if (n < 0 && errno != ENOENT && errno != ENOTDIR)
		return ksa_fail_errno(err, dir, "read");
	/* The half with the configuration first. */
	for (size_t k = 0; k < sizeof(markers) / sizeof(markers[0]); k++) {
		for (int i = 0; i < n && !r; i++) {
			_cleanup_free_ char *path = NULL, *marker = NULL;

			if (entries[i]->d_name[0] == '.')
				continue;
			path = join_path(dir, entries[i]->d_name);
			marker = path ? join_path(path, markers[k]) : NULL;
			if (!marker)
				r = ksa_fail_nomem(err);
			else if (is_directory(marker))
				r = walk_halves(set, path, err);
		}
	}
	for (int i = 0; i < n; i++)
		free(entries[i]);
	free(entries);
	return r;
}

int header_set_add_directory(struct header_set *set, const char *dir, struct ksa_error *err)
{
	/* "build" of a /lib/modules/RELEASE, "source" of a build tree elsewhere. */
	static const char *const links[] = {".", "build", "source", "build/source"};
	static const char *const sources[] = {"usr/src", "usr/src/kernels"};
	_cleanup_free_ char *real = realpath(dir, NULL);
	_cleanup_free_ char *root = NULL;
	int r = 0;

	if (!real)
		return ksa_fail_errno(err, dir, "resolve");
	root = root_of(real);
	for (size_t i = 0; i < sizeof(links) / sizeof(links[0]) && !r; i++) {
		_cleanup_free_ char *path = root_path(root, dir, real, links[i]);
		_cleanup_free_ char *include = path ? join_path(path, "include") : NULL;

		if (!include)
			return ksa_fail_nomem(err);
		if (is_directory(include))
			r = walk_halves(set, path, err);
	}
	for (size_t i = 0; i < sizeof(sources) / sizeof(sources[0]) && !r && !set->count; i++) {
		_cleanup_free_ char *path = join_path(dir, sources[i]);

		if (!path)
			return ksa_fail_nomem(err);
		r = walk_sources(set, path, err);
	}
	return r;
}

static int take_member(void *ctx, struct archive_member *member, struct ksa_error *err)
{
	struct header_set *set = ctx;
	struct header_file file = {.disk = NULL};
	const char *path = member->is_regular ? header_path(member->path) : NULL;
	int r;

	/* Those of the C library, usr/include/linux, have no kernel in them. */
	if (!path || strncmp(member->path, "usr/include/", 12) == 0)
		return 0;
	r = archive_member_read(member, &file.data, err);
	if (!r)
		r = header_set_add(set, path, &file, err);
	if (r)
		bytes_release(&file.data);
	return r;
}

int header_set_add_package(struct header_set *set, const char *path, struct ksa_error *err)
{
	size_t before = set->count;
	int r = archive_walk(path, take_member, set, err);

	return r || set->count == before ? r : header_set_add_basis(set, path, err);
}
