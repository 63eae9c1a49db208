// SPDX-License-Identifier: GPL-2.0-or-later
/* Who uses the exports of a revision: what its files say, turned round. */
#include "read/git/users.h"

#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "read/source/uses.h"

bool users_wants_path(const char *path)
{
	return source_language(path) == LANGUAGE_RUST;
}

bool users_count_path(const char *path)
{
	return strncmp(path, "tools/", strlen("tools/")) != 0;
}

void source_symbols_release(struct source_symbols *s)
{
	free(s->names);
	free(s->first);
	free(s->exported);
	memset(s, 0, sizeof(*s));
}

int source_symbols_make(struct source_symbols *s, struct facts *f, const struct source_files *files,
			struct ksa_error *err)
{
	size_t total = 0;
	int r = 0;

	for (size_t i = 0; i < files->count; i++)
		total += files->items[i].export_count;
	s->names = calloc(total + 1, sizeof(*s->names));
	s->first = calloc(files->count + 1, sizeof(*s->first));
	if (!s->names || !s->first)
		return ksa_fail_nomem(err);
	total = 0;
	for (size_t i = 0; i < files->count; i++) {
		const struct source_file *file = &files->items[i];

		s->first[i] = total;
		for (size_t k = 0; k < file->export_count && !r; k++)
			r = facts_name(f, file->exports[k].name, &s->names[total++], err);
	}
	s->first[files->count] = total;
	s->name_count = f->name_count;
	s->exported = r ? NULL : calloc(f->name_count + 1, 1);
	if (!s->exported)
		return r ? r : ksa_fail_nomem(err);
	for (size_t i = 0; i < total; i++)
		s->exported[s->names[i]] = 1;
	return 0;
}

/* One reading of all uses. */
struct walk {
	const struct facts *facts;
	const struct fact_wanted *files;
	const struct source_symbols *symbols;
	uint32_t *own; /* by name: the last file that exports it, + 1 */
	struct source_users *out;
};

/* Count the uses of one file, or put them in their places. */
static void walk_file(struct walk *w, size_t file, uint32_t user)
{
	const struct fact_blob *b = &w->facts->blobs[w->files[file].record];
	const struct source_symbols *s = w->symbols;
	struct source_users *out = w->out;

	for (size_t i = s->first[file]; i < s->first[file + 1]; i++)
		w->own[s->names[i]] = (uint32_t)file + 1;
	for (uint32_t i = 0; i < b->use_count; i++) {
		uint32_t name = w->facts->uses[b->uses + i];

		if (!s->exported[name] || w->own[name] == file + 1)
			continue;
		out->is_user[file] = true;
		if (out->files)
			out->files[out->first[name]] = user;
		out->first[name]++;
	}
}

static void walk_files(struct walk *w, size_t count)
{
	uint32_t users = 0;

	memset(w->own, 0, w->facts->name_count * sizeof(*w->own));
	for (size_t i = 0; i < count; i++) {
		if (w->files[i].record != FACTS_NONE && w->files[i].uses)
			walk_file(w, i, users);
		users += w->out->is_user[i];
	}
}

int source_users_find(const struct facts *f, const struct fact_wanted *files,
		      const struct source_symbols *symbols, size_t count, struct source_users *out,
		      struct ksa_error *err)
{
	_cleanup_free_ uint32_t *own = calloc(f->name_count + 1, sizeof(*own));
	struct walk w = {f, files, symbols, own, out};
	size_t total = 0;

	out->first = calloc(f->name_count + 2, sizeof(*out->first));
	out->is_user = calloc(count + 1, sizeof(*out->is_user));
	if (!own || !out->first || !out->is_user)
		return ksa_fail_nomem(err);
	walk_files(&w, count);
	for (size_t i = 0; i <= f->name_count; i++) {
		size_t n = out->first[i];

		out->first[i] = total;
		total += n;
	}
	out->files = calloc(total + 1, sizeof(*out->files));
	if (!out->files)
		return ksa_fail_nomem(err);
	walk_files(&w, count);
	/* Each start has become the end, which is the next one's start. */
	memmove(out->first + 1, out->first, (f->name_count + 1) * sizeof(*out->first));
	out->first[0] = 0;
	return 0;
}

void source_users_release(struct source_users *users)
{
	free(users->first);
	free(users->files);
	free(users->is_user);
	memset(users, 0, sizeof(*users));
}
