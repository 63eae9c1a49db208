// SPDX-License-Identifier: GPL-2.0-or-later
#include "model/declared.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/vec.h"

/* Bounds what hostile headers can cost: real ones have 500,000 places and 40,000 #includes. */
#define MAX_PLACES   ((size_t)4000000)
#define MAX_INCLUDES ((size_t)1000000)

int declared_new(const struct helpers *of, struct declared **out, struct ksa_error *err)
{
	*out = calloc(1, sizeof(**out));
	if (!*out)
		return ksa_fail_nomem(err);
	(*out)->of = of;
	(*out)->arch = "";
	return 0;
}

void declared_free(struct declared *declared)
{
	if (!declared)
		return;
	arena_release(&declared->arena);
	strmap_release(&declared->paths);
	strmap_release(&declared->objects);
	free(declared->places);
	free(declared->first);
	free(declared->includes);
	free(declared->include_first);
	helpers_free(declared->own);
	free(declared);
}

int declared_add(struct declared *declared, const struct declared_place *place,
		 struct ksa_error *err)
{
	struct declared_place *copy;
	int r;

	if (declared->place_count >= MAX_PLACES)
		return ksa_fail(err, KSA_ELIMIT,
				"more than %zu declarations: these are no kernel's headers",
				MAX_PLACES);
	r = vec_reserve(&declared->places, &declared->place_capacity, declared->place_count + 1,
			sizeof(*declared->places), err);
	if (r)
		return r;
	copy = &declared->places[declared->place_count++];
	*copy = *place;
	if (place->text) {
		copy->text = arena_strdup(&declared->arena, place->text);
		r = copy->text ? 0 : ksa_fail_nomem(err);
	}
	return r;
}

int declared_index_files(struct declared *declared, struct ksa_error *err)
{
	for (size_t i = 0; i < declared->of->file_count; i++) {
		uint32_t index = (uint32_t)i;

		if (strmap_add(&declared->paths, declared->of->files[i], &index, NULL) < 0)
			return ksa_fail_nomem(err);
	}
	return 0;
}

static uint32_t find_below(const struct declared *declared, const char *dir, const char *path)
{
	char full[512];
	uint32_t number;
	int length = snprintf(full, sizeof(full), "%s%s", dir, path);

	if (length < 0 || (size_t)length >= sizeof(full) ||
	    !strmap_get(&declared->paths, full, &number))
		return HELPER_NONE;
	return number;
}

uint32_t declared_find(const struct declared *declared, const char *path)
{
	/* arch: below arch/NAME/. The order of LINUXINCLUDE in the kernel's Makefile. */
	static const struct {
		const char *dir;
		bool arch;
	} places[] = {{"include/", true},
		      {"include/generated/", true},
		      {"include/", false},
		      {"include/uapi/", true},
		      {"include/generated/uapi/", true},
		      {"include/uapi/", false},
		      {"include/generated/uapi/", false}};
	uint32_t found = HELPER_NONE;

	for (size_t i = 0; i < sizeof(places) / sizeof(places[0]) && found == HELPER_NONE; i++) {
		char dir[128];

		if (places[i].arch && !*declared->arch)
			continue;
		snprintf(dir, sizeof(dir), "%s%s%s%s", places[i].arch ? "arch/" : "",
			 places[i].arch ? declared->arch : "", places[i].arch ? "/" : "",
			 places[i].dir);
		found = find_below(declared, dir, path);
	}
	return found;
}

/* "x.h" beside the file that includes it, which "../" may lead away from. */
static uint32_t find_beside(const struct declared *declared, uint32_t from, const char *path)
{
	const char *file = declared->of->files[from], *slash = strrchr(file, '/');
	size_t length = slash ? (size_t)(slash - file) : 0;
	char dir[512];

	if (length + 2 > sizeof(dir))
		return HELPER_NONE;
	memcpy(dir, file, length);
	dir[length] = '\0';
	while (strncmp(path, "../", 3) == 0) {
		char *last = strrchr(dir, '/');

		if (!last)
			return HELPER_NONE;
		*last = '\0';
		path += 3;
	}
	length = strlen(dir);
	dir[length++] = '/';
	dir[length] = '\0';
	return find_below(declared, dir, path);
}

int declared_add_include(struct declared *declared, const struct declared_include *include,
			 const char *path, bool quoted, struct ksa_error *err)
{
	struct declared_include found = *include;

	found.to = quoted ? find_beside(declared, include->from, path) : HELPER_NONE;
	if (found.to == HELPER_NONE)
		found.to = declared_find(declared, path);
	return found.to == HELPER_NONE ? 0 : declared_add_numbered(declared, &found, err);
}

int declared_add_numbered(struct declared *declared, const struct declared_include *include,
			  struct ksa_error *err)
{
	int r;

	if (declared->include_count >= MAX_INCLUDES)
		return ksa_fail(err, KSA_ELIMIT,
				"more than %zu #includes: these are no kernel's headers",
				MAX_INCLUDES);
	r = vec_reserve(&declared->includes, &declared->include_capacity,
			declared->include_count + 1, sizeof(*declared->includes), err);
	if (r)
		return r;
	declared->includes[declared->include_count++] = *include;
	return 0;
}

/* Sort items of size bytes, whose keys are below count, by a counting sort that keeps their order;
 * *first is made: by key the first one. */
static int sort_by_number(void **items, size_t item_count, size_t size, size_t keys,
			  uint32_t **first, struct ksa_error *err)
{
	unsigned char *sorted = malloc(item_count * size + 1);
	uint32_t *at = calloc(keys + 2, sizeof(*at));
	const unsigned char *from = *items;

	*first = at;
	if (!sorted || !at) {
		free(sorted);
		return ksa_fail_nomem(err);
	}
	/* Both kinds of items begin with their key. */
	for (size_t i = 0; i < item_count; i++)
		at[*(const uint32_t *)(const void *)(from + i * size) + 2]++;
	for (size_t i = 2; i < keys + 2; i++)
		at[i] += at[i - 1];
	for (size_t i = 0; i < item_count; i++) {
		const unsigned char *item = from + i * size;
		uint32_t place = at[*(const uint32_t *)(const void *)item + 1]++;

		memcpy(sorted + place * size, item, size);
	}
	free(*items);
	*items = sorted;
	return 0;
}

int declared_seal(struct declared *d, struct ksa_error *err)
{
	void *items = d->places;
	int r = sort_by_number(&items, d->place_count, sizeof(*d->places), d->of->name_count,
			       &d->first, err);

	d->places = items;
	if (r)
		return r;
	items = d->includes;
	r = sort_by_number(&items, d->include_count, sizeof(*d->includes), d->of->file_count,
			   &d->include_first, err);
	d->includes = items;
	d->place_capacity = d->place_count;
	d->include_capacity = d->include_count;
	return r;
}

const struct declared_place *declared_places(const struct declared *declared, const char *name,
					     size_t *count)
{
	uint32_t number = helpers_number(declared->of, name);

	*count = number == HELPER_NONE ? 0 : declared->first[number + 1] - declared->first[number];
	return *count ? declared->places + declared->first[number] : NULL;
}

static bool is_called(const struct declared_place *p)
{
	return p->kind == DECLARES_FUNCTION || p->kind == DECLARES_INLINE ||
	       p->kind == DECLARES_MACRO;
}

static void take_arity(struct declared_arity *arity, const struct declared_place *p)
{
	const uint16_t least = p->arguments;
	const uint16_t most = p->is_variadic ? UINT16_MAX : p->arguments;

	arity->always_void &= p->kind != DECLARES_MACRO && p->is_void;
	arity->never_void &= p->kind != DECLARES_MACRO && !p->is_void;
	if (!arity->place) {
		arity->least = least;
		arity->most = most;
	}
	arity->varies |= least != arity->least || most != arity->most;
	arity->least = least < arity->least ? least : arity->least;
	arity->most = most > arity->most ? most : arity->most;
	if (!arity->place || (arity->place->maybe && !p->maybe))
		arity->place = p;
}

#define MAX_ALIAS 4 /* names that stand for names */

static void find_arity(const struct declared *declared, uint32_t number, unsigned int depth,
		       struct declared_arity *arity)
{
	for (uint32_t i = declared->first[number]; i < declared->first[number + 1]; i++) {
		const struct declared_place *p = &declared->places[i];

		if (p->kind == DECLARES_CONSTANT && p->alias != HELPER_NONE && depth < MAX_ALIAS)
			find_arity(declared, p->alias, depth + 1, arity);
		else if (p->kind == DECLARES_TAG ||
			 (p->kind == DECLARES_CONSTANT && p->alias == number))
			continue; /* no name of a function; "#define f f" */
		else if (is_called(p) && p->arguments != DECLARED_ANY)
			take_arity(arity, p);
		else
			arity->known = false;
	}
}

struct declared_arity declared_arity(const struct declared *declared, const char *name)
{
	struct declared_arity arity = {.known = true, .always_void = true, .never_void = true};
	uint32_t number = helpers_number(declared->of, name);

	if (number != HELPER_NONE)
		find_arity(declared, number, 0, &arity);
	if (!arity.place)
		arity.known = arity.always_void = arity.never_void = false;
	return arity;
}

int declared_reach(const struct declared *declared, uint32_t file, enum declared_reach how,
		   uint8_t *reach, struct ksa_error *err)
{
	const size_t files = declared->of->file_count;
	_cleanup_free_ uint32_t *waiting = NULL;
	size_t count = 0;

	if (file >= files || reach[file] >= (uint8_t)how)
		return 0;
	waiting = malloc((2 * files + 2) * sizeof(*waiting));
	if (!waiting)
		return ksa_fail_nomem(err);
	reach[file] = (uint8_t)how;
	waiting[count++] = file;
	/* Each file is taken at most twice: as what may be reached, and as what is. */
	while (count) {
		uint32_t from = waiting[--count];

		for (uint32_t i = declared->include_first[from];
		     i < declared->include_first[from + 1]; i++) {
			const struct declared_include *include = &declared->includes[i];
			const uint8_t next = include->maybe ? REACH_MAYBE : reach[from];

			if (reach[include->to] >= next)
				continue;
			reach[include->to] = next;
			waiting[count++] = include->to;
		}
	}
	return 0;
}

static bool says_nothing(const char *word, size_t length)
{
	static const char *const words[] = {
		"extern",	   "static",	   "inline",	    "__inline", "__inline__",
		"__always_inline", "__must_check", "asmlinkage",    "noinline", "notrace",
		"__init",	   "__pure",	   "__maybe_unused"};

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (strlen(words[i]) == length && memcmp(words[i], word, length) == 0)
			return true;
	return false;
}

/* "struct class * __must_check f(int)" as "struct class *f(int)". */
void declared_print(const struct declared *declared, const struct declared_place *place,
		    struct strbuf *out)
{
	const char *text = place->text;
	char before = '\0';

	if (!text) {
		strbuf_adds(out, declared->of->names[place->name].text);
		return;
	}
	while (*text) {
		const size_t length = strcspn(text, " ");

		if (!says_nothing(text, length)) {
			strbuf_adds(out, before && before != '*' ? " " : "");
			strbuf_add(out, text, length);
			before = text[length - (length > 0)];
		}
		text += length + (text[length] == ' ');
	}
}
