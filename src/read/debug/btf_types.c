// SPDX-License-Identifier: GPL-2.0-or-later
#include "read/debug/btf_types.h"

#include <stdlib.h>
#include <string.h>

#include <bpf/btf.h>

#include "base/vec.h"
#include "model/declare.h"
#include "read/debug/btf_internal.h"

/* Pointers, and anonymous structures, in each other where twins are compared. */
#define MAX_DEPTH 16
#define MAX_STEPS 100000

/* Who has given a type what it is. */
enum origin { ORIGIN_NONE = 0, ORIGIN_IMAGE, ORIGIN_MODULE };

/* A type of a file whose name another one has already. */
struct twin {
	uint32_t number; /* of the other one */
	uint32_t id;
};

/*
 * Types are copied from the named ones on, each once, with what they refer to: a type gets its
 * number when something refers to it, and is filled in later, so that nothing recurses and circles
 * end.
 */
struct btf_copier {
	struct ctypes *types;
	struct ksa_error *err;
	const struct btf *btf; /* what is copied from */
	enum origin origin;
	unsigned int steps; /* of the comparison of two twins */
	uint32_t *image,
		*own; /* by a type of the image, or behind these: its number, 0: none yet */
	uint32_t image_count;
	const struct btf *image_btf;
	unsigned char *used; /* by a type of the image: modules refer to it */
	struct {
		uint32_t *items; /* types that have a number and are to be filled in */
		size_t count, capacity;
	} waiting;
	struct {
		struct twin *items;
		size_t count, capacity;
	} twins;
	struct {
		struct ctype_part *items; /* of the type that is filled in */
		size_t count, capacity;
	} parts;
	struct {
		uint8_t *items; /* by a number: enum origin */
		size_t count, capacity;
	} origins;
};

int btf_copier_new(struct ctypes *types, struct btf_copier **out, struct ksa_error *err)
{
	*out = calloc(1, sizeof(**out));
	if (!*out)
		return ksa_fail_nomem(err);
	(*out)->types = types;
	return 0;
}

void btf_copier_free(struct btf_copier *c)
{
	if (!c)
		return;
	free(c->image);
	free(c->used);
	free(c->own);
	free(c->waiting.items);
	free(c->twins.items);
	free(c->origins.items);
	free(c->parts.items);
	free(c);
}

static const char *text_at(const struct btf_copier *c, uint32_t offset)
{
	const char *s = btf__str_by_offset(c->btf, offset);

	return s ? s : "";
}

/* Names that no compiler makes are left out, as if there were none. */
static const char *name_at(const struct btf_copier *c, uint32_t offset)
{
	const char *s = text_at(c, offset);
	size_t length =
		strspn(s, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_");

	return s[length] || (*s >= '0' && *s <= '9') ? "" : s;
}

static uint32_t *slot_of(struct btf_copier *c, uint32_t id)
{
	return id < c->image_count ? &c->image[id] : &c->own[id - c->image_count];
}

/* enum ctype_kind of a kind of BTF; void: it is no type of C. */
static enum ctype_kind kind_of(const struct btf_type *t)
{
	switch (btf_kind(t)) {
	case BTF_KIND_INT:
	case BTF_KIND_FLOAT:
		return CTYPE_BASE;
	case BTF_KIND_PTR:
		return CTYPE_POINTER;
	case BTF_KIND_ARRAY:
		return CTYPE_ARRAY;
	case BTF_KIND_FUNC_PROTO:
		return CTYPE_FUNCTION;
	case BTF_KIND_STRUCT:
		return CTYPE_STRUCT;
	case BTF_KIND_UNION:
		return CTYPE_UNION;
	case BTF_KIND_FWD:
		return btf_kflag(t) ? CTYPE_UNION : CTYPE_STRUCT;
	case BTF_KIND_ENUM:
	case BTF_KIND_ENUM64:
		return CTYPE_ENUM;
	case BTF_KIND_TYPEDEF:
		return CTYPE_TYPEDEF;
	case BTF_KIND_CONST:
	case BTF_KIND_VOLATILE:
	case BTF_KIND_RESTRICT:
	case BTF_KIND_TYPE_TAG: /* such as "user": a qualifier that C does not know */
		return CTYPE_QUALIFIER;
	default:
		return CTYPE_VOID;
	}
}

/* A function has none: a volatile one is what does not return (gcc). */
static uint8_t qualifier_of(const struct btf_copier *c, const struct btf_type *t)
{
	const struct btf_type *target = btf_is_mod(t) ? btf__type_by_id(c->btf, t->type) : NULL;

	if (target && btf_is_func_proto(target))
		return 0;
	switch (btf_kind(t)) {
	case BTF_KIND_CONST:
		return CTYPE_CONST;
	case BTF_KIND_VOLATILE:
		return CTYPE_VOLATILE;
	case BTF_KIND_RESTRICT:
		return CTYPE_RESTRICT;
	default:
		return 0;
	}
}

static bool is_named(enum ctype_kind kind)
{
	return kind == CTYPE_BASE || kind == CTYPE_STRUCT || kind == CTYPE_UNION ||
	       kind == CTYPE_ENUM || kind == CTYPE_TYPEDEF;
}

/* An enumeration of no enumerators is one of which only the tag is known. */
static bool is_forward(const struct btf_type *t)
{
	return btf_kind(t) == BTF_KIND_FWD || (btf_is_any_enum(t) && !btf_vlen(t));
}

static int get_origin(struct btf_copier *c, uint32_t number, uint8_t **out)
{
	int r = vec_reserve(&c->origins.items, &c->origins.capacity, c->types->count,
			    sizeof(*c->origins.items), c->err);

	if (r)
		return r;
	while (c->origins.count < c->types->count)
		c->origins.items[c->origins.count++] = ORIGIN_NONE;
	*out = &c->origins.items[number];
	return 0;
}

static int push_waiting(struct btf_copier *c, uint32_t id)
{
	int r = VEC_PUSH_ROOM(&c->waiting, c->err);

	if (!r)
		c->waiting.items[c->waiting.count++] = id;
	return r;
}

static int push_twin(struct btf_copier *c, uint32_t number, uint32_t id)
{
	int r = VEC_PUSH_ROOM(&c->twins, c->err);

	if (!r)
		c->twins.items[c->twins.count++] = (struct twin){number, id};
	return r;
}

/* A number for a type that has a name: that of the one of its name, if there is one. */
static int number_named(struct btf_copier *c, uint32_t id, const struct ctype *init, uint32_t *slot)
{
	bool is_forward_only = is_forward(btf__type_by_id(c->btf, id));
	uint8_t *origin;
	int r = ctypes_add(c->types, init, NULL, 0, slot, c->err);

	if (!r)
		r = get_origin(c, *slot, &origin);
	if (r || is_forward_only || init->kind == CTYPE_BASE)
		return r;
	if (*origin == ORIGIN_NONE) {
		*origin = (uint8_t)c->origin;
		return push_waiting(c, id);
	}
	/* Modules bring copies of the image's, which need not be complete. */
	return *origin == ORIGIN_IMAGE && c->origin == ORIGIN_MODULE ? 0 : push_twin(c, *slot, id);
}

/* A number for a type that has none. */
static int number(struct btf_copier *c, uint32_t id, const struct btf_type *t, uint32_t *slot)
{
	enum ctype_kind kind = kind_of(t);
	struct ctype init = {.kind = (uint8_t)kind, .is_forward = kind != CTYPE_BASE};
	int r;

	init.name = kind == CTYPE_BASE ? declare_usual_name(text_at(c, t->name_off))
				       : name_at(c, t->name_off);
	if (is_named(kind) && *init.name)
		return number_named(c, id, &init, slot);
	r = ctypes_reserve(c->types, slot, c->err);
	return r || is_forward(t) || kind == CTYPE_BASE ? r : push_waiting(c, id);
}

/* The number of a type that something refers to; 0 is void, and what is no type. */
static int want(struct btf_copier *c, uint32_t id, uint32_t *out)
{
	const struct btf_type *t = id ? btf__type_by_id(c->btf, id) : NULL;
	uint32_t *slot;
	int r;

	*out = 0;
	if (!t || kind_of(t) == CTYPE_VOID)
		return 0;
	slot = slot_of(c, id);
	if (!*slot) {
		r = number(c, id, t, slot);
		if (r)
			return r;
	}
	*out = *slot;
	return 0;
}

static int add_part(struct btf_copier *c, const char *name, uint32_t type, uint32_t bits)
{
	struct ctype_part part = {.name = name, .bits = (uint8_t)(bits < 256 ? bits : 255)};
	int r = want(c, type, &part.type);

	if (!r)
		r = VEC_PUSH_ROOM(&c->parts, c->err);
	if (!r)
		c->parts.items[c->parts.count++] = part;
	return r;
}

static int take_members(struct btf_copier *c, const struct btf_type *t)
{
	const struct btf_member *m = btf_members(t);
	int r = 0;

	for (uint32_t i = 0; i < btf_vlen(t) && !r; i++)
		r = add_part(c, name_at(c, m[i].name_off), m[i].type,
			     btf_member_bitfield_size(t, i));
	return r;
}

/* The last parameter of no type and no name stands for any number of them. */
static int take_parameters(struct btf_copier *c, const struct btf_type *t, struct ctype *out)
{
	const struct btf_param *p = btf_params(t);
	uint32_t count = btf_vlen(t);
	int r = 0;

	out->is_variadic = count && !p[count - 1].type && !p[count - 1].name_off;
	for (uint32_t i = 0; i < count - out->is_variadic && !r; i++)
		r = add_part(c, name_at(c, p[i].name_off), p[i].type, 0);
	return r;
}

/* gcc takes for an enumeration int where a value is negative. Before pahole 1.24 (2022) that was
 * not said of the whole. */
static int take_enumerators(struct btf_copier *c, const struct btf_type *t, struct ctype *out)
{
	int r = 0;

	out->is_signed = btf_kflag(t);
	for (uint32_t i = 0; i < btf_vlen(t) && !r; i++) {
		bool is_64 = btf_is_enum64(t);

		r = add_part(
			c, name_at(c, is_64 ? btf_enum64(t)[i].name_off : btf_enum(t)[i].name_off),
			0, 0);
		out->is_signed |= !is_64 && btf_enum(t)[i].val < 0;
	}
	return r;
}

static void use_parts(struct btf_copier *c, const struct btf_type *t, unsigned int depth);

/* Note that a module refers to a type of the image, and to what has no tag behind it. */
static void use(struct btf_copier *c, uint32_t id, unsigned int depth)
{
	const struct btf_type *t;

	if (!id || id >= c->image_count || c->used[id] || depth == MAX_DEPTH)
		return;
	c->used[id] = 1;
	t = btf__type_by_id(c->btf, id);
	if (!btf_is_composite(t))
		use_parts(c, t, depth + 1);
}

static void use_parts(struct btf_copier *c, const struct btf_type *t, unsigned int depth)
{
	if (btf_is_array(t))
		use(c, btf_array(t)->type, depth);
	else if (btf_is_ptr(t) || btf_is_mod(t) || btf_is_typedef(t) || btf_is_func_proto(t))
		use(c, t->type, depth);
	for (uint32_t i = 0; btf_is_func_proto(t) && i < btf_vlen(t); i++)
		use(c, btf_params(t)[i].type, depth);
	for (uint32_t i = 0; btf_is_composite(t) && i < btf_vlen(t); i++)
		use(c, btf_members(t)[i].type, depth);
}

/* Give a type that has a number what it is. */
static int fill(struct btf_copier *c, uint32_t id)
{
	const struct btf_type *t = btf__type_by_id(c->btf, id);
	struct ctype init = {.name = name_at(c, t->name_off), .kind = (uint8_t)kind_of(t)};
	int r = 0;

	c->parts.count = 0;
	switch (init.kind) {
	case CTYPE_STRUCT:
	case CTYPE_UNION:
		r = take_members(c, t);
		break;
	case CTYPE_ENUM:
		r = take_enumerators(c, t, &init);
		break;
	case CTYPE_FUNCTION:
		r = take_parameters(c, t, &init);
		break;
	case CTYPE_ARRAY:
		init.count = btf_array(t)->nelems;
		break;
	default:
		init.qualifiers = qualifier_of(c, t);
	}
	if (!r && init.kind != CTYPE_STRUCT && init.kind != CTYPE_UNION && init.kind != CTYPE_ENUM)
		r = want(c, init.kind == CTYPE_ARRAY ? btf_array(t)->type : t->type, &init.target);
	return r ? r
		 : ctypes_set(c->types, *slot_of(c, id), &init, c->parts.items, c->parts.count,
			      c->err);
}

static bool is_same_type(struct btf_copier *c, uint32_t number, uint32_t id, unsigned int depth);

static const char *part_name(const struct btf_copier *c, const struct btf_type *t, uint32_t i)
{
	if (btf_is_enum64(t))
		return name_at(c, btf_enum64(t)[i].name_off);
	if (btf_is_enum(t))
		return name_at(c, btf_enum(t)[i].name_off);
	if (btf_is_func_proto(t))
		return ""; /* they are no part of the type */
	return name_at(c, btf_members(t)[i].name_off);
}

static uint32_t part_type(const struct btf_type *t, uint32_t i)
{
	if (btf_is_any_enum(t))
		return 0;
	return btf_is_func_proto(t) ? btf_params(t)[i].type : btf_members(t)[i].type;
}

static bool has_same_parts(struct btf_copier *c, const struct ctype *a, const struct btf_type *b,
			   unsigned int depth)
{
	if (a->count + a->is_variadic != btf_vlen(b))
		return false;
	for (uint32_t i = 0; i < a->count; i++) {
		const struct ctype_part *part = &c->types->parts[a->first + i];

		if (a->kind != CTYPE_FUNCTION && strcmp(part->name, part_name(c, b, i)) != 0)
			return false;
		if (!is_same_type(c, part->type, part_type(b, i), depth))
			return false;
	}
	return true;
}

/* Whether two types of one kind are the same but for what they refer to. *end: they refer to
 * nothing that is to be looked at. */
static bool is_same_head(struct btf_copier *c, const struct ctype *a, const struct btf_type *b,
			 unsigned int depth, bool *end)
{
	*end = true;
	switch (a->kind) {
	case CTYPE_BASE:
		return strcmp(a->name, declare_usual_name(text_at(c, b->name_off))) == 0;
	case CTYPE_TYPEDEF:
		return strcmp(a->name, name_at(c, b->name_off)) == 0;
	case CTYPE_STRUCT:
	case CTYPE_UNION:
	case CTYPE_ENUM:
		if (*a->name || *name_at(c, b->name_off))
			return strcmp(a->name, name_at(c, b->name_off)) == 0;
		return has_same_parts(c, a, b, depth + 1);
	default:
		*end = false;
		break;
	}
	if (a->kind == CTYPE_FUNCTION)
		return has_same_parts(c, a, b, depth + 1);
	return a->kind == CTYPE_ARRAY ? a->count == btf_array(b)->nelems
				      : a->qualifiers == qualifier_of(c, b);
}

/* Types behind the names of two twins: named ones are the same if their names are. */
static bool is_same_type(struct btf_copier *c, uint32_t number, uint32_t id, unsigned int depth)
{
	for (; depth < MAX_DEPTH && ++c->steps <= MAX_STEPS; depth++) {
		const struct ctype *a = ctype_at(c->types, number);
		const struct btf_type *b = id ? btf__type_by_id(c->btf, id) : NULL;
		bool end;

		if (!b || a->kind != kind_of(b))
			return !b && a->kind == CTYPE_VOID;
		if (a->kind == CTYPE_VOID || !is_same_head(c, a, b, depth, &end))
			return false;
		if (end)
			return true;
		number = a->target;
		id = a->kind == CTYPE_ARRAY ? btf_array(b)->type : b->type;
	}
	return false;
}

/* Of twins that differ no more than the name is known: which one a source means cannot be told. */
static void settle_twins(struct btf_copier *c)
{
	for (size_t i = 0; i < c->twins.count; i++) {
		const struct twin *twin = &c->twins.items[i];
		struct ctype *a = &c->types->items[twin->number];
		const struct btf_type *b = btf__type_by_id(c->btf, twin->id);
		bool same = a->kind == kind_of(b);

		c->steps = 0;
		if (a->is_forward)
			continue;
		if (same && a->kind == CTYPE_TYPEDEF)
			same = is_same_type(c, a->target, b->type, 0);
		else if (same)
			same = has_same_parts(c, a, b, 0);
		a->is_forward = a->is_disputed = !same;
	}
	c->twins.count = 0;
}

/* Let the functions that are wanted have their types. */
static int declare(struct btf_copier *c, const struct btf_info *info,
		   const struct btf_wanted *functions)
{
	int r = 0;

	for (size_t i = 0; i < functions->count && !r; i++) {
		const struct ksa_export *e = &functions->exports[i];
		const struct btf_type *t, *proto;
		uint32_t id, type;

		if ((functions->owner && strcmp(functions->owner, e->owner) != 0) ||
		    !strmap_get(&info->names, e->name, &id))
			continue;
		t = btf__type_by_id(c->btf, id);
		proto = btf_is_func(t) ? btf__type_by_id(c->btf, t->type) : NULL;
		if (!proto || !btf_is_func_proto(proto))
			continue;
		r = want(c, t->type, &type);
		if (!r)
			r = ctypes_declare(c->types, e->name, type, c->err);
	}
	return r;
}

/* Copy the named types of a file, from its first own one on, and its functions. */
static int copy(struct btf_copier *c, const struct btf_info *info,
		const struct btf_wanted *functions)
{
	uint32_t count = btf__type_cnt(info->btf), number;
	int r = 0;

	c->btf = info->btf;
	for (uint32_t id = info->first; id < count && !r; id++) {
		enum ctype_kind kind = kind_of(btf__type_by_id(c->btf, id));

		if (kind == CTYPE_STRUCT || kind == CTYPE_UNION || kind == CTYPE_ENUM ||
		    kind == CTYPE_TYPEDEF)
			r = want(c, id, &number);
	}
	if (!r)
		r = declare(c, info, functions);
	while (c->waiting.count && !r)
		r = fill(c, c->waiting.items[--c->waiting.count]);
	if (!r)
		settle_twins(c);
	return r;
}

int btf_copier_add_image(struct btf_copier *c, const struct btf_info *image,
			 const struct btf_wanted *functions, struct ksa_error *err)
{
	c->err = err;
	c->origin = ORIGIN_IMAGE;
	c->image_count = btf__type_cnt(image->btf);
	c->image_btf = image->btf;
	c->image = calloc(c->image_count, sizeof(*c->image));
	c->used = calloc(c->image_count, 1);
	return c->image && c->used ? copy(c, image, functions) : ksa_fail_nomem(err);
}

int btf_copier_add_module(struct btf_copier *c, const struct btf_info *module,
			  const struct btf_wanted *functions, struct ksa_error *err)
{
	uint32_t count = btf__type_cnt(module->btf);
	int r;

	if (module->first != c->image_count || count == c->image_count)
		return 0;
	c->err = err;
	c->btf = module->btf;
	c->origin = ORIGIN_MODULE;
	for (uint32_t id = c->image_count; id < count; id++)
		use_parts(c, btf__type_by_id(c->btf, id), 0);
	c->own = calloc(count - c->image_count, sizeof(*c->own));
	r = c->own ? copy(c, module, functions) : ksa_fail_nomem(err);
	free(c->own);
	c->own = NULL;
	return r;
}

/* Those of the image's twins that no module refers to are no header's. */
int btf_copier_finish(struct btf_copier *c, struct ksa_error *err)
{
	uint32_t *chosen = calloc(c->types->count, sizeof(*chosen));
	int r = chosen ? 0 : ksa_fail_nomem(err);

	c->err = err;
	c->btf = c->image_btf;
	for (uint32_t id = 1; id < c->image_count && !r; id++) {
		uint32_t number = c->image[id];

		if (!c->used[id] || !c->types->items[number].is_disputed ||
		    is_forward(btf__type_by_id(c->btf, id)))
			continue;
		chosen[number] = chosen[number] ? UINT32_MAX : id;
	}
	for (uint32_t number = 1, count = (uint32_t)c->types->count; number < count && !r; number++)
		if (chosen[number] && chosen[number] != UINT32_MAX &&
		    c->types->items[number].is_disputed)
			r = fill(c, chosen[number]);
	while (c->waiting.count && !r)
		r = fill(c, c->waiting.items[--c->waiting.count]);
	c->twins.count = 0;
	free(chosen);
	return r;
}
