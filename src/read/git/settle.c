// SPDX-License-Identifier: GPL-2.0-or-later
#include "read/git/settle.h"

#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "read/source/dirs.h"

#define MAX_ROUNDS 4 /* macros of headers that use macros of other headers */

static int copy_exports(struct source_file *file, const struct source_scan *scan,
			struct arena *arena)
{
	file->gap_count = scan->gap_count;
	file->export_count = 0;
	file->exports = arena_calloc(arena, scan->export_count, sizeof(*file->exports));
	for (size_t i = 0; i < scan->export_count && file->exports; i++) {
		const struct source_export *from = &scan->exports[i];
		struct source_export e = *from;

		e.name = arena_strdup(arena, from->name);
		e.ns = from->ns ? arena_strdup(arena, from->ns) : NULL;
		e.late_ns = from->late_ns ? arena_strdup(arena, from->late_ns) : NULL;
		if (!e.name || !e.ns != !from->ns || !e.late_ns != !from->late_ns)
			return KSA_ENOMEM;
		file->exports[file->export_count++] = e;
	}
	return file->exports ? 0 : KSA_ENOMEM;
}

static int copy_facts(struct source_file *file, const struct source_scan *scan, struct arena *arena)
{
	size_t needs = scan->needs.count, definitions = scan->definition_count;

	file->needs.items = needs ? arena_calloc(arena, needs, sizeof(*file->needs.items)) : NULL;
	file->needs.count = file->definition_count = 0;
	file->definitions =
		definitions ? arena_calloc(arena, definitions, sizeof(*file->definitions)) : NULL;
	if ((needs && !file->needs.items) || (definitions && !file->definitions))
		return KSA_ENOMEM;
	for (size_t i = 0; i < needs; i++)
		if (!(file->needs.items[file->needs.count++] =
			      arena_strdup(arena, scan->needs.items[i])))
			return KSA_ENOMEM;
	for (size_t i = 0; i < definitions; i++) {
		const struct source_defined d = {arena_strdup(arena, scan->definitions[i].macro),
						 arena_strdup(arena, scan->definitions[i].text)};

		if (!d.macro || !d.text)
			return KSA_ENOMEM;
		file->definitions[file->definition_count++] = d;
	}
	return 0;
}

int source_file_keep(struct source_file *file, const struct source_scan *scan, struct arena *arena,
		     struct ksa_error *err)
{
	int r = copy_exports(file, scan, arena);

	if (!r)
		r = copy_facts(file, scan, arena);
	return r ? ksa_fail_nomem(err) : 0;
}

struct settling {
	struct repo *repo;
	struct source_files *files;
	struct arena *arena;
	struct source_scan scan;
	const struct source_file **headers; /* those that define something */
	size_t header_count;
	struct ksa_error *err;
};

/* The headers that are put before a file. */
struct preludes {
	const struct source_file *files[SOURCE_MAX_PRELUDES];
	struct repo_object objects[SOURCE_MAX_PRELUDES];
	struct source_prelude texts[SOURCE_MAX_PRELUDES];
	size_t count;
};

static bool defines(const struct source_file *header, const char *macro)
{
	for (size_t i = 0; i < header->definition_count; i++)
		if (strcmp(header->definitions[i].macro, macro) == 0)
			return true;
	return false;
}

static const struct source_file *find_header(const struct settling *s,
					     const struct source_file *file,
					     struct source_prelude text, const char *macro)
{
	const struct source_file *best = NULL;
	int best_score = 0;

	for (size_t i = 0; i < s->header_count; i++) {
		const struct source_file *header = s->headers[i];
		int score;

		if (!defines(header, macro))
			continue;
		score = source_nearness(file->path, header->path);
		if (source_includes(text.data, text.size, header->path))
			score += SOURCE_INCLUDED;
		if (best && score <= best_score)
			continue;
		best = header;
		best_score = score;
	}
	return best;
}

static int add_prelude(struct settling *s, struct preludes *p, const struct source_file *header)
{
	int r;

	if (!header || p->count == SOURCE_MAX_PRELUDES)
		return 0;
	for (size_t i = 0; i < p->count; i++)
		if (p->files[i] == header)
			return 0;
	r = repo_read(s->repo, &header->blob, REPO_BLOB, &p->objects[p->count], s->err);
	if (r)
		return r == KSA_ENODATA ? 0 : r;
	p->texts[p->count] =
		(struct source_prelude){p->objects[p->count].data, p->objects[p->count].size};
	p->files[p->count++] = header;
	return 0;
}

static int settle_needs(struct settling *s, struct source_file *file)
{
	_cleanup_(repo_object_release) struct repo_object blob = {.data = NULL};
	struct preludes p = {.count = 0};
	int r = repo_read(s->repo, &file->blob, REPO_BLOB, &blob, s->err);
	struct source_prelude text = {blob.data, blob.size};

	for (int round = 0; round < MAX_ROUNDS && !r && file->needs.count; round++) {
		size_t before = p.count;

		for (size_t i = 0; i < file->needs.count && !r; i++)
			r = add_prelude(s, &p, find_header(s, file, text, file->needs.items[i]));
		if (r || p.count == before)
			break;
		r = source_scan_with(&s->scan, file->path, text, p.texts, p.count, s->err);
		if (!r)
			r = source_file_keep(file, &s->scan, s->arena, s->err);
	}
	for (size_t i = 0; i < p.count; i++)
		repo_object_release(&p.objects[i]);
	return r == KSA_ENODATA ? 0 : r;
}

/* Which forms the tree exports: a mask of 1u << source_form. */
static unsigned int find_forms(const struct settling *s)
{
	unsigned int forms = 1u << SOURCE_FORM_PLAIN;

	for (size_t i = 0; i < s->header_count; i++) {
		const struct source_file *header = s->headers[i];

		for (size_t k = 0; k < header->definition_count; k++)
			if (source_has_forms(header->path))
				forms |= source_forms(header->definitions[k].macro,
						      header->definitions[k].text);
	}
	return forms;
}

static void drop_forms(struct source_file *file, unsigned int forms)
{
	size_t kept = 0;

	for (size_t i = 0; i < file->export_count; i++)
		if (forms & 1u << file->exports[i].form)
			file->exports[kept++] = file->exports[i];
	file->export_count = kept;
}

int source_files_settle(struct repo *repo, struct source_files *files, struct arena *arena,
			struct ksa_error *err)
{
	struct settling s = {.repo = repo, .files = files, .arena = arena, .err = err};
	unsigned int forms;
	int r = 0;

	s.headers = calloc(files->count + 1, sizeof(struct source_file *));
	if (!s.headers)
		return ksa_fail_nomem(err);
	for (size_t i = 0; i < files->count; i++)
		if (files->items[i].definition_count)
			s.headers[s.header_count++] = &files->items[i];
	forms = find_forms(&s);
	for (size_t i = 0; i < files->count && !r; i++) {
		if (files->items[i].needs.count && s.header_count)
			r = settle_needs(&s, &files->items[i]);
		drop_forms(&files->items[i], forms);
	}
	source_scan_release(&s.scan);
	free(s.headers);
	return r;
}
