// SPDX-License-Identifier: GPL-2.0-or-later
#include "read/source/module_source.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/files.h"
#include "base/bytes.h"
#include "base/cleanup.h"
#include "base/vec.h"
#include "read/source/kbuild.h"
#include "read/source/module_source_internal.h"

#define MAX_FILES     100000 /* a whole kernel tree has some 60,000 */
#define MAX_FILE_SIZE ((size_t)32 << 20) /* tables that hardware's makers generate have 20 MB */
#define MAX_SIZE      ((size_t)1 << 30) /* of all files */

void module_source_free(struct module_source *source)
{
	if (!source)
		return;
	words_release(&source->words);
	branches_release(&source->branches);
	free(source->files.items);
	free(source->includes.items);
	free(source->sites.items);
	free(source->stops.items);
	free(source->undefined.items);
	free(source->tokens.items);
	free(source->bodies.items);
	free(source->site_slots);
	free(source->definitions.items);
	free(source->by_word.items);
	free(source->locals.items);
	free(source->notices.items);
	free(source->root);
	kbuild_free(source->kbuild);
	arena_release(&source->arena);
	free(source);
}

static void cleanup_source(struct module_source **source)
{
	module_source_free(*source);
}

/* True for a source file; "x.mod.c" is modpost's. */
static bool is_source(const char *path, enum source_part *part)
{
	*part = path_ends_in(path, ".h")   ? PART_HEADER
		: path_ends_in(path, ".S") ? PART_ASSEMBLY
					   : PART_C;
	return *part != PART_C || (path_ends_in(path, ".c") && !path_ends_in(path, ".mod.c"));
}

static int add_notice(struct module_source *source, const char *text, struct ksa_error *err)
{
	return vec_add_text(&source->notices.items, &source->notices.count,
			    &source->notices.capacity, text, err);
}

/* True for a link to a file that is below the directory too. */
static bool is_inside(const struct module_source *source, const char *path)
{
	_cleanup_free_ char *real = realpath(path, NULL);
	size_t length = strlen(source->root);

	return real && strncmp(real, source->root, length) == 0 &&
	       (real[length] == '/' || !real[length]);
}

static int add_file(struct module_source *source, const char *relative, enum source_part part,
		    struct ksa_error *err)
{
	int r = VEC_PUSH_ROOM(&source->files, err);
	struct source_part_file file = {.part = part};

	if (r)
		return r;
	file.path = arena_strdup(&source->arena, relative);
	if (!file.path)
		return ksa_fail_nomem(err);
	source->files.items[source->files.count++] = file;
	return 0;
}

/* Names of the text of the file that was added last, and whether that is all of it. */
static int read_text(struct module_source *source, const char *relative, const unsigned char *data,
		     size_t size, struct ksa_error *err)
{
	struct ksa_error why = {.code = 0};
	const char *damage;
	int r = module_names_scan(source, (uint32_t)source->files.count - 1, data, size, &why);

	if (r == KSA_ELIMIT)
		return ksa_fail_at(err, KSA_ELIMIT, relative, 0, "%s", why.text);
	if (r)
		return ksa_pass(err, &why);
	damage = module_source_damage(source, relative, data, size);
	return !damage || *damage ? add_notice(source, damage, err) : 0;
}

int module_source_add(struct module_source *source, const char *relative, const unsigned char *data,
		      size_t size, struct ksa_error *err)
{
	enum source_part part;
	int r;

	if (!is_source(relative, &part))
		return !size ? 0 : kbuild_add(source->kbuild, relative, data, size, err);
	r = add_file(source, relative, part, err);
	return r || !size ? r : read_text(source, relative, data, size, err);
}

/* A file of the directory: a source, or one of the build. */
static int take_file(struct module_source *source, const char *path, const char *relative,
		     size_t *total, struct ksa_error *err)
{
	_cleanup_(bytes_release) struct bytes bytes = {.data = NULL};
	struct ksa_error why = {.code = 0};
	enum source_part part;
	int r;

	if (!is_source(relative, &part) && !kbuild_knows(relative))
		return 0;
	if (source->files.count >= MAX_FILES || *total > MAX_SIZE)
		return ksa_fail_at(err, KSA_ELIMIT, source->root, 0,
				   "has more source files than any real module");
	r = bytes_map_file(&bytes, path, MAX_FILE_SIZE, &why);
	if (r == KSA_ELIMIT || r == KSA_EIO)
		return add_notice(
			source,
			arena_printf(&source->arena, "'%s' is not read: %s", relative, why.text),
			err);
	if (r)
		return ksa_pass(err, &why);
	*total += bytes.size;
	return module_source_add(source, relative, bytes.data, bytes.size, err);
}

/* A link that leads out of the directory, or nowhere, is not followed: what it names is said. */
static int pass_link(struct module_source *source, const char *relative, struct ksa_error *err)
{
	enum source_part part;

	if (!is_source(relative, &part))
		return 0;
	return add_notice(source,
			  arena_printf(&source->arena,
				       "'%s' is not read: it is a link that leads out of the "
				       "directory; copy what it links to",
				       relative),
			  err);
}

/* An entry of the directory; hidden ones and links that lead out of it are passed over. */
static int take_entry(struct module_source *source, FTS *fts, FTSENT *e, size_t *total,
		      struct ksa_error *err)
{
	const char *relative = e->fts_path + strlen(source->root);
	struct stat st;

	relative += *relative == '/';
	if (e->fts_level > 0 && e->fts_name[0] == '.') {
		fts_set(fts, e, FTS_SKIP);
		return 0;
	}
	switch (e->fts_info) {
	case FTS_SL:
		if (stat(e->fts_accpath, &st) < 0 || !is_inside(source, e->fts_accpath))
			return pass_link(source, relative, err);
		if (!S_ISREG(st.st_mode))
			return 0;
		return take_file(source, e->fts_accpath, relative, total, err);
	case FTS_F:
		return take_file(source, e->fts_accpath, relative, total, err);
	case FTS_DNR:
	case FTS_ERR:
		errno = e->fts_errno;
		return ksa_fail_errno(err, e->fts_path, "read");
	default:
		return 0;
	}
}

static int walk(struct module_source *source, struct ksa_error *err)
{
	char *const roots[] = {source->root, NULL};
	_cleanup_(files_close) FTS *fts =
		fts_open(roots, FTS_PHYSICAL | FTS_NOCHDIR, files_by_name);
	size_t total = 0;
	FTSENT *e;
	int r = 0;

	if (!fts)
		return ksa_fail_errno(err, source->root, "read");
	errno = 0;
	while (!r && (e = fts_read(fts)) != NULL)
		r = take_entry(source, fts, e, &total, err);
	if (!r && errno)
		r = ksa_fail_errno(err, source->root, "read");
	return r;
}

int module_source_new(const char *root, struct module_source **out, struct ksa_error *err)
{
	_cleanup_(cleanup_source) struct module_source *source = calloc(1, sizeof(*source));
	int r = source ? kbuild_new(&source->kbuild, err) : ksa_fail_nomem(err);

	if (r)
		return r;
	source->root = strdup(root);
	if (!source->root)
		return ksa_fail_nomem(err);
	*out = take_ptr(source);
	return 0;
}

int module_source_finish(struct module_source *source, struct ksa_error *err)
{
	struct strmap included = {.slots = NULL};
	int r = 0;

	for (size_t i = 0; i < source->includes.count && !r; i++) {
		const char *path = source->includes.items[i].path, *slash = strrchr(path, '/');

		if (path_ends_in(path, ".c") &&
		    strmap_set(&included, slash ? slash + 1 : path, 0) < 0)
			r = ksa_fail_nomem(err);
	}
	for (size_t i = 0; i < source->definitions.count && included.count && !r; i++) {
		struct source_definition *d = &source->definitions.items[i];
		const char *path = source->files.items[d->file].path, *slash = strrchr(path, '/');

		d->of_file = d->of_file && !strmap_get(&included, slash ? slash + 1 : path, NULL);
	}
	strmap_release(&included);
	return r;
}

int module_source_open(const char *dir, struct module_source **out, struct ksa_error *err)
{
	_cleanup_(cleanup_source) struct module_source *source = NULL;
	_cleanup_free_ char *real = realpath(dir, NULL);
	bool has_code = false;
	struct stat st;
	int r;

	if (!real)
		return ksa_fail_errno(err, dir, "read");
	if (stat(real, &st) < 0 || !S_ISDIR(st.st_mode))
		return ksa_fail_at(err, KSA_EUSAGE, dir, 0,
				   "is no directory: give the one that holds the module's source");
	r = module_source_new(real, &source, err);
	if (!r)
		r = walk(source, err);
	if (!r)
		r = module_source_finish(source, err);
	if (r)
		return r;
	for (size_t i = 0; i < source->files.count; i++)
		has_code |= source->files.items[i].part != PART_HEADER;
	if (!has_code)
		return ksa_fail_at(err, KSA_ENODATA, dir, 0,
				   "holds no .c or .S file: give the directory of the module's "
				   "source");
	*out = take_ptr(source);
	return 0;
}
