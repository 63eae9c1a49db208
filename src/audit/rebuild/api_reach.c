// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Which kernel headers each file of a source sees: a .c file those that it includes and that its
 * own headers include, with all that these include in their turn; a header of the source what any
 * of the .c files sees that include it.
 */
#include "audit/rebuild/api_internal.h"

#include <stdlib.h>
#include <string.h>

#include "base/vec.h"

#define MAX_UNITS ((size_t)2000) /* .c files of one module; a unit takes some 12 KB */

/* A file of the source. */
struct own_file {
	const char *path;
	uint32_t first, count; /* its #includes, in by_file */
};

/* A .c file with all that it includes. */
struct unit {
	uint8_t *own; /* by own file: enum declared_reach */
	uint8_t *old, *new; /* by header of either kernel: the same */
};

struct api_reach {
	const char **flags; /* what build files include by -include */
	size_t flag_count, flag_capacity;
	struct {
		struct own_file *items;
		size_t count, capacity;
	} files;
	struct strmap by_path; /* of files */
	const struct typed_include **by_file; /* those of one file lie together */
	struct {
		struct unit *items;
		size_t count, capacity;
	} units;
};

void api_reach_free(struct api_reach *reach)
{
	if (!reach)
		return;
	for (size_t i = 0; i < reach->units.count; i++) {
		free(reach->units.items[i].own);
		free(reach->units.items[i].old);
		free(reach->units.items[i].new);
	}
	free(reach->units.items);
	free(reach->flags);
	free(reach->files.items);
	free(reach->by_file);
	strmap_release(&reach->by_path);
	free(reach);
}

static int add_file(struct api_reach *reach, const char *path, uint32_t *index,
		    struct ksa_error *err)
{
	int added, r = VEC_PUSH_ROOM(&reach->files, err);

	if (r)
		return r;
	*index = (uint32_t)reach->files.count;
	added = strmap_add(&reach->by_path, path, index, NULL);
	if (added < 0)
		return ksa_fail_nomem(err);
	if (added)
		reach->files.items[reach->files.count++] = (struct own_file){.path = path};
	return 0;
}

/* Files that include nothing see what is included before them. */
static int take_files(struct api_reach *reach, const struct ksa_typed *typed, struct ksa_error *err)
{
	uint32_t index;
	int r = 0;

	for (size_t i = 0; i < typed->call_count && !r; i++)
		r = add_file(reach, typed->calls[i].site.file, &index, err);
	for (size_t i = 0; i < typed->access_count && !r; i++)
		r = add_file(reach, typed->accesses[i].site.file, &index, err);
	for (size_t i = 0; i < typed->definition_count && !r; i++)
		r = add_file(reach, typed->definitions[i].site.file, &index, err);
	return r;
}

/* The #includes of each file: they come file by file, but who knows. */
static int take_includes(struct api_reach *reach, const struct ksa_typed *typed,
			 struct ksa_error *err)
{
	uint32_t at = 0, index;
	int r = take_files(reach, typed, err);

	reach->by_file = calloc(typed->include_count + 1, sizeof(*reach->by_file));
	if (!reach->by_file)
		return ksa_fail_nomem(err);
	for (size_t i = 0; i < typed->include_count && !r; i++) {
		r = add_file(reach, typed->includes[i].site.file, &index, err);
		if (!r)
			reach->files.items[index].count++;
	}
	for (size_t i = 0; i < reach->files.count; i++) {
		reach->files.items[i].first = at;
		at += reach->files.items[i].count;
		reach->files.items[i].count = 0;
	}
	for (size_t i = 0; i < typed->include_count && !r; i++) {
		struct own_file *file;

		r = add_file(reach, typed->includes[i].site.file, &index, err);
		file = &reach->files.items[index];
		reach->by_file[file->first + file->count++] = &typed->includes[i];
	}
	return r;
}

/* "a/b/../c.h" of "a/b/x.c" and "../c.h", or NULL where it is too long; out has size bytes. */
static const char *beside(const char *file, const char *path, char *out, size_t size)
{
	const char *slash = strrchr(file, '/');
	size_t length = slash ? (size_t)(slash - file) : 0;

	if (length + strlen(path) + 2 > size)
		return NULL;
	memcpy(out, file, length);
	while (strncmp(path, "../", 3) == 0 || strncmp(path, "./", 2) == 0) {
		if (path[1] == '.') {
			while (length && out[length - 1] != '/')
				length--;
			length -= length > 0;
		}
		path = strchr(path, '/') + 1;
	}
	if (length)
		out[length++] = '/';
	memcpy(out + length, path, strlen(path) + 1);
	return out;
}

static bool ends_with(const char *path, const char *tail)
{
	size_t a = strlen(path), b = strlen(tail);

	return a >= b && strcmp(path + a - b, tail) == 0 && (a == b || path[a - b - 1] == '/');
}

/* Mark the files of the source that an #include of its own may mean: the one beside it, or all of
 * that name. */
static bool mark_own(const struct api_reach *reach, const struct typed_include *include,
		     enum declared_reach how, uint8_t *own)
{
	char path[512];
	const char *there = beside(include->site.file, include->path, path, sizeof(path));
	const char *tail = include->path;
	uint32_t index;
	bool changed = false;

	if (there && strmap_get(&reach->by_path, there, &index)) {
		changed = own[index] < (uint8_t)how;
		own[index] = changed ? (uint8_t)how : own[index];
		return changed;
	}
	while (strncmp(tail, "../", 3) == 0)
		tail += 3;
	for (size_t i = 0; i < reach->files.count; i++)
		if (own[i] < (uint8_t)how && ends_with(reach->files.items[i].path, tail)) {
			own[i] = (uint8_t)how;
			changed = true;
		}
	return changed;
}

static enum declared_reach weaker(enum declared_reach a, enum declared_reach b)
{
	return a < b ? a : b;
}

static enum declared_reach how_sure(const struct typed_include *include)
{
	return include->site.certainty == NAMED_YES ? REACH_YES : REACH_MAYBE;
}

/* "-include $(src)/config.h" in build files: the words that follow it. */
static int take_flags(struct api *api, struct api_reach *reach, struct ksa_error *err)
{
	static const char flag[] = "-include";
	const struct ksa_typed *typed = api->q->typed;
	int r = 0;

	for (size_t i = 0; i < typed->variable_count && !r; i++) {
		const char *at = typed->variables[i].value;

		while (!r && at && (at = strstr(at, flag))) {
			size_t length;

			at += strlen(flag);
			at += strspn(at, " \t");
			length = strcspn(at, " \t");
			r = vec_add_text(&reach->flags, &reach->flag_count, &reach->flag_capacity,
					 api_text(api, "%.*s", (int)length, at), err);
		}
	}
	return r;
}

/* What the flags name among the source's own; the directories before may be make's variables. */
static void mark_flags(const struct api_reach *reach, uint8_t *own)
{
	for (size_t i = 0; i < reach->flag_count; i++) {
		const char *slash = strrchr(reach->flags[i], '/');
		const char *name = slash ? slash + 1 : reach->flags[i];

		for (size_t k = 0; k < reach->files.count; k++)
			if (ends_with(reach->files.items[k].path, name))
				own[k] = REACH_YES;
	}
}

/* All files of the source that a unit includes: until nothing is new. */
static void close_own(const struct api_reach *reach, uint8_t *own)
{
	bool changed = true;

	mark_flags(reach, own);
	while (changed) {
		changed = false;
		for (size_t i = 0; i < reach->files.count; i++) {
			const struct own_file *file = &reach->files.items[i];

			for (uint32_t k = 0; k < file->count && own[i]; k++) {
				const struct typed_include *include =
					reach->by_file[file->first + k];
				const enum declared_reach from = (enum declared_reach)own[i];

				changed |= include->is_own &&
					   mark_own(reach, include, weaker(from, how_sure(include)),
						    own);
			}
		}
	}
}

/* What the kernel's Makefile includes before all else (-include in LINUXINCLUDE). */
static const char *const forced[] = {"linux/compiler-version.h", "linux/kconfig.h",
				     "linux/compiler_types.h"};

/* True if the new kernel has no such header any more: what came by it is told with that. */
static bool is_gone(const struct api *api, const char *path)
{
	return declared_find(api->new.declared, path) == HELPER_NONE;
}

static int reach_headers(const struct api *api, const struct api_side *side, const uint8_t *own,
			 uint8_t *out, struct ksa_error *err)
{
	const struct api_reach *reach = api->reach;
	const struct declared *declared = side->declared;
	int r = 0;

	for (size_t i = 0; i < sizeof(forced) / sizeof(forced[0]) && !r; i++)
		r = declared_reach(declared, declared_find(declared, forced[i]), REACH_YES, out,
				   err);
	for (size_t i = 0; i < reach->flag_count && !r; i++)
		r = declared_reach(declared, declared_find(declared, reach->flags[i]), REACH_YES,
				   out, err);
	for (size_t i = 0; i < reach->files.count && !r; i++) {
		const struct own_file *file = &reach->files.items[i];

		for (uint32_t k = 0; k < file->count && own[i] && !r; k++) {
			const struct typed_include *include = reach->by_file[file->first + k];

			/* One of the source's own may go on to the kernel's of that name. */
			if (!is_gone(api, include->path))
				r = declared_reach(
					declared, declared_find(declared, include->path),
					weaker((enum declared_reach)own[i], how_sure(include)), out,
					err);
		}
	}
	return r;
}

static bool is_unit(const char *path)
{
	size_t length = strlen(path);

	return length > 2 && strcmp(path + length - 2, ".c") == 0;
}

static int add_unit(struct api *api, struct api_reach *reach, size_t file, struct ksa_error *err)
{
	struct unit *unit;
	int r = VEC_PUSH_ROOM(&reach->units, err);

	if (r)
		return r;
	unit = &reach->units.items[reach->units.count++];
	unit->own = calloc(reach->files.count + 1, 1);
	unit->old = calloc(api->old.declared->of->file_count + 1, 1);
	unit->new = calloc(api->new.declared->of->file_count + 1, 1);
	if (!unit->own || !unit->old || !unit->new)
		return ksa_fail_nomem(err);
	unit->own[file] = REACH_YES;
	close_own(reach, unit->own);
	r = reach_headers(api, &api->old, unit->own, unit->old, err);
	return r ? r : reach_headers(api, &api->new, unit->own, unit->new, err);
}

int api_reach_new(struct api *api, struct api_reach **out, struct ksa_error *err)
{
	struct api_reach *reach = calloc(1, sizeof(*reach));
	int r;

	*out = reach;
	if (!reach)
		return ksa_fail_nomem(err);
	r = take_includes(reach, api->q->typed, err);
	if (!r)
		r = take_flags(api, reach, err);
	for (size_t i = 0; !r && i < reach->files.count; i++)
		if (is_unit(reach->files.items[i].path) && reach->units.count < MAX_UNITS)
			r = add_unit(api, reach, i, err);
	return r;
}

/* The best place of the name in what the unit sees. */
static void see(const struct api_side *side, const uint8_t *headers, const char *name,
		unsigned int kinds, struct api_seen *seen)
{
	size_t count;
	const struct declared_place *places = declared_places(side->declared, name, &count);

	for (size_t i = 0; i < count; i++) {
		const struct declared_place *p = &places[i];
		enum declared_reach reach = (enum declared_reach)headers[p->file];

		if (!(kinds & (1u << p->kind)))
			continue;
		if (p->maybe)
			reach = weaker(reach, REACH_MAYBE);
		if (!seen->place || reach > seen->reach)
			*seen = (struct api_seen){reach, p};
	}
}

bool api_reach_name(const struct api *api, const struct api_side *side, const char *file,
		    const char *name, unsigned int kinds, struct api_seen *seen)
{
	const struct api_reach *reach = api->reach;
	uint32_t index;

	*seen = (struct api_seen){REACH_NOT, NULL};
	if (!reach || !strmap_get(&reach->by_path, file, &index))
		return false;
	for (size_t i = 0; i < reach->units.count; i++) {
		const struct unit *unit = &reach->units.items[i];

		if (unit->own[index] != REACH_NOT)
			see(side, side == &api->old ? unit->old : unit->new, name, kinds, seen);
	}
	return seen->place != NULL;
}

bool api_reach_needs_directory(const struct api *api)
{
	const struct ksa_typed *typed = api->q->typed;
	char path[512];

	for (size_t i = 0; api->reach && i < typed->include_count; i++) {
		const struct typed_include *include = &typed->includes[i];
		const char *there = beside(include->site.file, include->path, path, sizeof(path));

		if (include->is_own &&
		    !(include->quoted && there && strmap_get(&api->reach->by_path, there, NULL)))
			return true;
	}
	return !api->reach;
}
