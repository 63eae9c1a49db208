// SPDX-License-Identifier: GPL-2.0-or-later
#include "model/ctypes.h"

#include <stdlib.h>
#include <string.h>

#include "base/vec.h"
#include "model/ctypes_internal.h"

int ctypes_new(struct ctypes **out, struct ksa_error *err)
{
	struct ctypes *types = calloc(1, sizeof(*types));
	uint32_t id;
	int r;

	*out = NULL;
	if (!types)
		return ksa_fail_nomem(err);
	types->intern.arena = &types->arena;
	r = ctypes_reserve(types, &id, err);
	if (r) {
		ctypes_free(types);
		return r;
	}
	types->items[id] = (struct ctype){.name = "void", .kind = CTYPE_VOID};
	*out = types;
	return 0;
}

void ctypes_free(struct ctypes *types)
{
	if (!types)
		return;
	for (size_t i = 0; i < 4; i++)
		strmap_release(&types->names[i]);
	strmap_release(&types->functions);
	strmap_release(&types->enumerators);
	intern_release(&types->intern);
	arena_release(&types->arena);
	free(types->items);
	free(types->parts);
	free(types->declared);
	free(types);
}

int ctypes_reserve(struct ctypes *types, uint32_t *id, struct ksa_error *err)
{
	int r;

	if (types->count >= CTYPES_MAX)
		return ksa_fail(err, KSA_ELIMIT, "more than %u types: these are no kernel's",
				CTYPES_MAX);
	r = VEC_PUSH_ROOM(types, err);
	if (r)
		return r;
	*id = (uint32_t)types->count++;
	types->items[*id] = (struct ctype){.name = "", .kind = CTYPE_BASE};
	return 0;
}

/* Which of the maps finds types of that kind by name; negative: none. */
static int map_of(uint8_t kind)
{
	switch (kind) {
	case CTYPE_STRUCT:
		return 0;
	case CTYPE_UNION:
		return 1;
	case CTYPE_ENUM:
		return 2;
	case CTYPE_TYPEDEF:
	case CTYPE_BASE:
		return 3;
	default:
		return -1;
	}
}

/* Append the parts of a type, with names that the types' arena has. */
static int add_parts(struct ctypes *types, const struct ctype_part *parts, size_t count,
		     struct ksa_error *err)
{
	int r;

	if (count > CTYPES_MAX_PARTS - types->part_count)
		return ksa_fail(err, KSA_ELIMIT,
				"more than %u members of types: these are no kernel's",
				CTYPES_MAX_PARTS);
	r = vec_reserve(&types->parts, &types->part_capacity, types->part_count + count,
			sizeof(*types->parts), err);
	if (r)
		return r;
	if (count)
		memcpy(types->parts + types->part_count, parts, count * sizeof(*parts));
	types->part_count += count;
	return 0;
}

/* Keep the names of a type's parts. */
static int keep_names(struct ctypes *types, size_t first, struct ksa_error *err)
{
	for (size_t i = first; i < types->part_count; i++) {
		const char *name = types->parts[i].name;

		types->parts[i].name = intern_string(&types->intern, name ? name : "");
		if (!types->parts[i].name)
			return ksa_fail_nomem(err);
	}
	return 0;
}

/* Let names be found: the type's own, and those of enumerators. The first one of a name stays. */
static int index_type(struct ctypes *types, uint32_t id, struct ksa_error *err)
{
	const struct ctype *t = &types->items[id];
	int map = map_of(t->kind);
	uint32_t value = id;

	if (map >= 0 && *t->name && strmap_add(&types->names[map], t->name, &value, NULL) < 0)
		return ksa_fail_nomem(err);
	for (uint32_t i = 0; t->kind == CTYPE_ENUM && i < t->count; i++) {
		value = id;
		if (strmap_add(&types->enumerators, types->parts[t->first + i].name, &value, NULL) <
		    0)
			return ksa_fail_nomem(err);
	}
	return 0;
}

/* Let a number be that type, whose parts are those from first on. */
static int set_type(struct ctypes *types, uint32_t id, const struct ctype *init, size_t first,
		    struct ksa_error *err)
{
	struct ctype *t = &types->items[id];

	*t = *init;
	t->first = (uint32_t)first;
	if (init->kind != CTYPE_ARRAY)
		t->count = (uint32_t)(types->part_count - first);
	return index_type(types, id, err);
}

int ctypes_set_kept(struct ctypes *types, uint32_t id, const struct ctype *init,
		    const struct ctype_part *parts, size_t count, struct ksa_error *err)
{
	size_t first = types->part_count;
	int r = add_parts(types, parts, count, err);

	return r ? r : set_type(types, id, init, first, err);
}

int ctypes_set(struct ctypes *types, uint32_t id, const struct ctype *init,
	       const struct ctype_part *parts, size_t count, struct ksa_error *err)
{
	size_t first = types->part_count;
	struct ctype kept = *init;
	int r = add_parts(types, parts, count, err);

	if (!r)
		r = keep_names(types, first, err);
	if (r)
		return r;
	kept.name = intern_string(&types->intern, init->name ? init->name : "");
	return kept.name ? set_type(types, id, &kept, first, err) : ksa_fail_nomem(err);
}

int ctypes_add(struct ctypes *types, const struct ctype *init, const struct ctype_part *parts,
	       size_t count, uint32_t *id, struct ksa_error *err)
{
	int map = map_of(init->kind);
	int r;

	if (map >= 0 && init->name && *init->name &&
	    strmap_get(&types->names[map], init->name, id)) {
		const struct ctype *known = &types->items[*id];

		if (!known->is_forward || known->is_disputed || init->is_forward)
			return 0;
		return ctypes_set(types, *id, init, parts, count, err);
	}
	r = ctypes_reserve(types, id, err);
	return r ? r : ctypes_set(types, *id, init, parts, count, err);
}

int ctypes_declare(struct ctypes *types, const char *name, uint32_t type, struct ksa_error *err)
{
	const char *kept = intern_string(&types->intern, name);
	uint32_t found = type;
	int added, r = vec_reserve(&types->declared, &types->declared_capacity,
				   types->declared_count + 1, sizeof(*types->declared), err);

	if (r)
		return r;
	added = kept ? strmap_add(&types->functions, kept, &found, NULL) : -1;
	if (added < 0)
		return ksa_fail_nomem(err);
	if (added)
		types->declared[types->declared_count++] = type;
	return 0;
}

uint32_t ctypes_find(const struct ctypes *types, enum ctype_kind kind, const char *name)
{
	int map = map_of((uint8_t)kind);
	uint32_t id;

	if (map < 0 || !strmap_get(&types->names[map], name, &id) || types->items[id].kind != kind)
		return 0;
	return id;
}

bool ctypes_strip(const struct ctypes *types, uint32_t id, uint32_t *out, uint8_t *qualifiers)
{
	uint8_t seen = 0;

	*out = 0;
	for (unsigned int depth = 0; depth < CTYPES_MAX_DEPTH; depth++) {
		const struct ctype *t = ctype_at(types, id);

		if (t->kind != CTYPE_TYPEDEF && t->kind != CTYPE_QUALIFIER) {
			*out = id;
			if (qualifiers)
				*qualifiers = seen;
			return true;
		}
		if (t->is_forward)
			return false;
		if (t->kind == CTYPE_QUALIFIER)
			seen |= t->qualifiers;
		id = t->target;
	}
	return false;
}

/* What is walked of a structure. */
struct walk {
	const struct ctypes *types;
	bool (*fn)(void *ctx, const struct ctype_part *member);
	void *ctx;
	size_t steps; /* of all: anonymous members can refer to each other in many ways */
	bool stopped;
};

#define MAX_STEPS 100000

/* False: the members of the type are not known, or not all of them. */
static bool walk_members(struct walk *w, uint32_t id, unsigned int depth)
{
	bool known = true;
	const struct ctype *t;

	if (depth == CTYPES_MAX_DEPTH || !ctypes_strip(w->types, id, &id, NULL))
		return false;
	t = ctype_at(w->types, id);
	if ((t->kind != CTYPE_STRUCT && t->kind != CTYPE_UNION) || t->is_forward)
		return false;
	for (uint32_t i = 0; i < t->count && !w->stopped; i++) {
		const struct ctype_part *part = &w->types->parts[t->first + i];

		if (++w->steps > MAX_STEPS)
			return false;
		if (*part->name)
			w->stopped = !w->fn(w->ctx, part);
		else if (!part->bits) /* "int : 3;" is a hole */
			known &= walk_members(w, part->type, depth + 1);
	}
	return known;
}

bool ctypes_members(const struct ctypes *types, uint32_t id,
		    bool (*fn)(void *ctx, const struct ctype_part *member), void *ctx)
{
	struct walk walk = {.types = types, .fn = fn, .ctx = ctx};

	return walk_members(&walk, id, 0);
}

struct search {
	const char *name;
	const struct ctype_part *found;
};

static bool is_other(void *ctx, const struct ctype_part *member)
{
	struct search *s = ctx;

	if (strcmp(member->name, s->name) != 0)
		return true;
	s->found = member;
	return false;
}

enum ctype_known ctypes_member(const struct ctypes *types, uint32_t id, const char *name,
			       struct ctype_part *out)
{
	struct search search = {.name = name};
	bool known = ctypes_members(types, id, is_other, &search);

	if (search.found) {
		if (out)
			*out = *search.found;
		return CTYPE_HAS;
	}
	return known ? CTYPE_HAS_NOT : CTYPE_NOT_KNOWN;
}

bool ctypes_function(const struct ctypes *types, const char *name, uint32_t *type)
{
	return strmap_get(&types->functions, name, type);
}

bool ctypes_as_function(const struct ctypes *types, uint32_t id, uint32_t *function)
{
	if (!ctypes_strip(types, id, &id, NULL))
		return false;
	if (ctype_at(types, id)->kind == CTYPE_POINTER &&
	    !ctypes_strip(types, ctype_at(types, id)->target, &id, NULL))
		return false;
	*function = id;
	return ctype_at(types, id)->kind == CTYPE_FUNCTION;
}

uint32_t ctypes_enumerator(const struct ctypes *types, const char *name)
{
	uint32_t id;

	return strmap_get(&types->enumerators, name, &id) ? id : 0;
}
