// SPDX-License-Identifier: GPL-2.0-or-later
#include "read/source/module_files.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/vec.h"
#include "model/kernel.h"
#include "read/source/kbuild.h"

#define MAX_ALIKE 1024 /* files of one base name that are looked at */

/* The choice while it is made. */
struct choice {
	const struct module_source *source;
	bool *chosen;
	struct strmap by_base; /* base name -> index + 1 of the last file that has it */
	uint32_t *next; /* of each file: index + 1 of one with the same base name, 0: none */
	struct {
		uint32_t *items;
		size_t count, capacity;
	} queue; /* chosen files whose includes are to be followed */
};

/* Kbuild and the loader take '-' and '_' for the same. */
static bool module_is_same_name(const char *a, const char *b)
{
	char x[256], y[256];

	module_fold_name(a, x, sizeof(x));
	module_fold_name(b, y, sizeof(y));
	return strcmp(x, y) == 0;
}

static const char *base_name(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

static int index_names(struct choice *c, struct ksa_error *err)
{
	size_t count = c->source->files.count;

	c->next = calloc(count, sizeof(*c->next));
	if (!c->next)
		return ksa_fail_nomem(err);
	for (uint32_t i = 0; i < count; i++) {
		const char *name = base_name(c->source->files.items[i].path);

		strmap_get(&c->by_base, name, &c->next[i]);
		if (strmap_set(&c->by_base, name, i + 1) < 0)
			return ksa_fail_nomem(err);
	}
	return 0;
}

static int choose(struct choice *c, uint32_t file, struct ksa_error *err)
{
	int r;

	if (c->chosen[file])
		return 0;
	r = VEC_PUSH_ROOM(&c->queue, err);
	if (r)
		return r;
	c->queue.items[c->queue.count++] = file;
	c->chosen[file] = true;
	return 0;
}

/* How many parts at their ends two paths have in common. */
static size_t common_parts(const char *a, const char *b)
{
	const char *p = a + strlen(a), *q = b + strlen(b);
	size_t parts = 0;

	while (p > a && q > b && p[-1] == q[-1]) {
		p--;
		q--;
		parts += *p == '/';
	}
	return parts + ((p == a || p[-1] == '/') && (q == b || q[-1] == '/'));
}

static size_t count_parts(const char *path)
{
	size_t parts = 1;

	for (; *path; path++)
		parts += *path == '/';
	return parts;
}

/*
 * Choose the files whose paths end like this one in the most parts; with whole, in all of its
 * parts but "." and "..".
 */
static int choose_like(struct choice *c, const char *path, bool whole, bool *found,
		       struct ksa_error *err)
{
	uint32_t first = 0, seen = 0;
	size_t best = 1;
	int r = 0;

	while (strncmp(path, "./", 2) == 0 || strncmp(path, "../", 3) == 0)
		path += path[1] == '/' ? 2 : 3;
	if (whole)
		best = count_parts(path);
	*found = false;
	strmap_get(&c->by_base, base_name(path), &first);
	for (uint32_t at = first; at && !whole && seen++ < MAX_ALIKE; at = c->next[at - 1]) {
		size_t parts = common_parts(c->source->files.items[at - 1].path, path);

		best = parts > best ? parts : best;
	}
	seen = 0;
	for (uint32_t at = first; at && !r && seen++ < MAX_ALIKE; at = c->next[at - 1]) {
		if (common_parts(c->source->files.items[at - 1].path, path) < best)
			continue;
		*found = true;
		r = choose(c, at - 1, err);
	}
	return r;
}

/* A quoted #include is beside the file that has it, else anywhere; others by their whole path. */
static int choose_included(struct choice *c, const char *from, const struct source_include *include,
			   struct ksa_error *err)
{
	_cleanup_free_ char *beside = NULL;
	bool found;

	if (include->quoted && strncmp(include->path, "..", 2) != 0 && strchr(from, '/')) {
		int length = (int)(base_name(from) - from), r;

		if (asprintf(&beside, "%.*s%s", length, from, include->path) < 0) {
			beside = NULL;
			return ksa_fail_nomem(err);
		}
		r = choose_like(c, beside, true, &found, err);
		if (r || found)
			return r;
	}
	return choose_like(c, include->path, true, &found, err);
}

/* Choose what the chosen files include. */
static int close_over_includes(struct choice *c, struct ksa_error *err)
{
	int r = 0;

	while (c->queue.count && !r) {
		const struct source_part_file *file =
			&c->source->files.items[c->queue.items[--c->queue.count]];

		for (uint32_t i = 0; i < file->include_count && !r; i++)
			r = choose_included(c, file->path,
					    &c->source->includes.items[file->first_include + i],
					    err);
	}
	return r;
}

/* The sources of an object: "zfs/arc" is "zfs/arc.c" or "zfs/arc.S". */
static int choose_object(struct choice *c, const char *object, bool *found, struct ksa_error *err)
{
	static const char *const endings[] = {".c", ".S"};
	int r = 0;

	*found = false;
	for (size_t i = 0; i < 2 && !r && !*found; i++) {
		_cleanup_free_ char *path = NULL;

		if (asprintf(&path, "%s%s", object, endings[i]) < 0) {
			path = NULL;
			return ksa_fail_nomem(err);
		}
		r = choose_like(c, path, true, found, err);
	}
	return r;
}

static int choose_by_kbuild(struct choice *c, const char *module, bool *any, bool *partly,
			    struct ksa_error *err)
{
	struct kbuild_list objects;
	int r = kbuild_objects(c->source->kbuild, module, &objects, err);

	if (r)
		return r;
	*partly = objects.partly;
	for (size_t i = 0; i < objects.count && !r; i++) {
		bool found;

		r = choose_object(c, objects.items[i], &found, err);
		*any |= found;
		*partly |= !found;
	}
	kbuild_list_release(&objects);
	return r;
}

/* All modules that the build files name. */
static int choose_modules(struct choice *c, bool *any, bool *partly, struct ksa_error *err)
{
	struct kbuild_list modules;
	int r = kbuild_modules(c->source->kbuild, &modules, err);
	bool parts = false;

	if (r)
		return r;
	*partly = modules.partly;
	for (size_t i = 0; i < modules.count && !r; i++) {
		r = choose_by_kbuild(c, modules.items[i], any, &parts, err);
		*partly |= parts;
	}
	kbuild_list_release(&modules);
	return r;
}

static int choose_units(struct choice *c, const struct string_list *units, bool *any,
			struct ksa_error *err)
{
	int r = 0;

	for (size_t i = 0; i < units->count && !r; i++) {
		bool found;

		r = choose_like(c, units->items[i], false, &found, err);
		*any |= found;
	}
	return r;
}

/* The sources that Kbuild puts into modules of other names. */
static int find_others(const struct choice *c, const char *module, bool *others,
		       struct ksa_error *err)
{
	struct choice other = {
		.source = c->source, .chosen = others, .by_base = c->by_base, .next = c->next};
	struct kbuild_list modules;
	bool any = false, partly;
	int r = kbuild_modules(c->source->kbuild, &modules, err);

	for (size_t i = 0; i < modules.count && !r; i++)
		if (!module_is_same_name(modules.items[i], module))
			r = choose_by_kbuild(&other, modules.items[i], &any, &partly, err);
	kbuild_list_release(&modules);
	free(other.queue.items);
	return r;
}

/* All sources that are not known to be another module's. */
static int choose_all(struct choice *c, const char *module, struct ksa_error *err)
{
	size_t count = c->source->files.count;
	_cleanup_free_ bool *others = calloc(count + 1, sizeof(*others));
	int r = others ? 0 : ksa_fail_nomem(err);

	if (!r && module)
		r = find_others(c, module, others, err);
	for (uint32_t i = 0; i < count && !r; i++)
		if (c->source->files.items[i].part != PART_HEADER && !others[i])
			r = choose(c, i, err);
	return r;
}

int module_files_choose(const struct module_source *source,
			const struct module_source_question *question, bool *chosen,
			enum module_files_by *by, bool *partly, struct ksa_error *err)
{
	struct choice c = {.source = source, .chosen = chosen};
	bool any = false;
	int r = index_names(&c, err);

	*partly = false;
	*by = FILES_BY_UNITS;
	if (!r)
		r = choose_units(&c, &question->units, &any, err);
	if (!r && !any) {
		*by = FILES_BY_KBUILD;
		r = question->module ? choose_by_kbuild(&c, question->module, &any, partly, err)
				     : choose_modules(&c, &any, partly, err);
	}
	/* What is not known to be of another module may be of this one. */
	if (!r && (!any || (*by == FILES_BY_KBUILD && *partly))) {
		*by = any ? FILES_BY_KBUILD : FILES_ALL;
		r = choose_all(&c, question->module, err);
	}
	if (!r)
		r = close_over_includes(&c, err);
	strmap_release(&c.by_base);
	free(c.next);
	free(c.queue.items);
	return r;
}
