// SPDX-License-Identifier: GPL-2.0-or-later
/* What a snapshot keeps of a kernel's types. */
#include "model/ctypes.h"

#include <stdlib.h>
#include <string.h>

#include "base/vec.h"

#define MENTIONED 1 /* by a type */
#define EMBEDDED  2 /* by value: a compiler has to know all of it */
#define PASSED	  4 /* by functions: typedefs are needed for that, but no enumerators */

struct reducer {
	struct ctypes *types;
	unsigned char *seen; /* by a type: how what is kept refers to it, a mask */
	unsigned char *kept; /* by a type: it has a name and is kept */
	struct {
		struct mention *items; /* whose own references are to be seen */
		size_t count, capacity;
	} waiting;
	struct ksa_error *err;
};

struct mention {
	uint32_t id;
	unsigned char how;
};

static bool is_structure(const struct ctype *t)
{
	return t->kind == CTYPE_STRUCT || t->kind == CTYPE_UNION;
}

/* Numbers whose names say how wide they are: __le32, u8, uint16_t. Bytes are so too. */
static bool is_fixed_number(const struct ctype *t)
{
	static const char *const names[] = {
		"u8",	   "u16",      "u32",	   "u64",      "s8",	  "s16",
		"s32",	   "s64",      "__u8",	   "__u16",    "__u32",	  "__u64",
		"__s8",	   "__s16",    "__s32",	   "__s64",    "__le16",  "__le32",
		"__le64",  "__be16",   "__be32",   "__be64",   "__sum16", "__wsum",
		"uint8_t", "uint16_t", "uint32_t", "uint64_t", "int8_t",  "int16_t",
		"int32_t", "int64_t",  "guid_t",   "uuid_t",   "char",	  "unsigned char",
	};

	if (t->kind != CTYPE_TYPEDEF && t->kind != CTYPE_BASE)
		return false;
	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
		if (strcmp(t->name, names[i]) == 0)
			return true;
	return false;
}

/* What a type is but for arrays and qualifiers; a member of a layout is a number or a layout. */
static uint32_t element_of(const struct ctypes *types, uint32_t id)
{
	for (unsigned int depth = 0; depth < CTYPES_MAX_DEPTH; depth++) {
		const struct ctype *t = ctype_at(types, id);

		if (t->kind != CTYPE_ARRAY && t->kind != CTYPE_QUALIFIER)
			break;
		id = t->target;
	}
	return id;
}

/* fits: by a type, whether it is a number of a fixed width or a layout, as far as that is known. */
static bool is_layout(const struct ctypes *types, const struct ctype *t, const unsigned char *fits)
{
	if (!is_structure(t) || t->is_forward || !t->count)
		return false;
	for (uint32_t i = 0; i < t->count; i++)
		if (!fits[element_of(types, types->parts[t->first + i].type)])
			return false;
	return true;
}

static int forget_layouts(struct reducer *r)
{
	struct ctypes *types = r->types;
	unsigned char *fits = calloc(types->count, 1);
	bool more = true;

	if (!fits)
		return ksa_fail_nomem(r->err);
	for (size_t i = 0; i < types->count; i++)
		fits[i] = is_fixed_number(&types->items[i]);
	/* Layouts are in each other: some five times. What is left after some more stays. */
	for (unsigned int round = 0; round < 10 && more; round++) {
		more = false;
		for (size_t i = 0; i < types->count; i++) {
			if (!fits[i] && is_layout(types, &types->items[i], fits))
				fits[i] = more = true;
		}
	}
	for (size_t i = 0; i < types->count; i++)
		if (fits[i] && is_structure(&types->items[i]) && *types->items[i].name)
			types->items[i].is_forward = true;
	free(fits);
	return 0;
}

/* Note that something that is kept refers to a type. */
static int mention(struct reducer *r, uint32_t id, unsigned char how)
{
	const struct ctype *t = ctype_at(r->types, id);
	int result;

	id = (uint32_t)(t - r->types->items);
	if ((r->seen[id] & how) == how)
		return 0;
	r->seen[id] |= how;
	if (is_structure(t) && *t->name && !(how & EMBEDDED))
		return 0;
	r->kept[id] = *t->name != '\0';
	if (t->is_forward)
		return 0;
	result = VEC_PUSH_ROOM(&r->waiting, r->err);
	if (!result)
		r->waiting.items[r->waiting.count++] = (struct mention){id, how};
	return result;
}

/* A typedef is needed for whatever refers to it, a structure's members only where it is embedded.
 */
static int follow(struct reducer *r, const struct mention *m)
{
	const struct ctype *t = ctype_at(r->types, m->id);
	bool loose = t->kind == CTYPE_POINTER || t->kind == CTYPE_FUNCTION;
	unsigned char how = loose ? m->how & ~EMBEDDED : m->how;
	int result = mention(r, t->target, how);

	if (is_structure(t))
		how = MENTIONED | EMBEDDED;
	else if (t->kind != CTYPE_FUNCTION)
		return result;
	for (uint32_t i = 0; i < t->count && !result; i++)
		result = mention(r, r->types->parts[t->first + i].type, how);
	return result;
}

static int follow_all(struct reducer *r)
{
	int result = 0;

	while (r->waiting.count && !result) {
		struct mention m = r->waiting.items[--r->waiting.count];

		result = follow(r, &m);
	}
	return result;
}

static void forget_rest(struct reducer *r)
{
	for (size_t i = 0; i < r->types->count; i++) {
		struct ctype *t = &r->types->items[i];

		if (t->kind == CTYPE_ENUM && !(r->seen[i] & MENTIONED))
			t->is_forward = true;
		if ((is_structure(t) || t->kind == CTYPE_TYPEDEF) && *t->name && !r->kept[i])
			t->is_forward = true;
	}
}

int ctypes_reduce(struct ctypes *types,
		  bool (*wanted)(void *ctx, enum ctype_kind kind, const char *name), void *ctx,
		  struct ksa_error *err)
{
	struct reducer r = {.types = types,
			    .err = err,
			    .seen = calloc(types->count, 1),
			    .kept = calloc(types->count, 1)};
	int result = r.seen && r.kept ? forget_layouts(&r) : ksa_fail_nomem(err);

	for (uint32_t id = 1; id < types->count && !result; id++) {
		const struct ctype *t = &types->items[id];

		if ((is_structure(t) || t->kind == CTYPE_TYPEDEF) && *t->name && !t->is_forward &&
		    wanted(ctx, (enum ctype_kind)t->kind, t->name)) {
			result = mention(&r, id, MENTIONED | EMBEDDED);
			if (!result)
				result = follow_all(&r);
		}
	}
	for (size_t i = 0; i < types->declared_count && !result; i++) {
		result = mention(&r, types->declared[i], PASSED);
		if (!result)
			result = follow_all(&r);
	}
	if (!result)
		forget_rest(&r);
	free(r.seen);
	free(r.kept);
	free(r.waiting.items);
	return result;
}
