// SPDX-License-Identifier: GPL-2.0-or-later
/* Whether C takes a value of one type for another (C11 6.2.7, 6.5.16.1), as gcc reads that. */
#include "model/ctypes.h"

#include <string.h>

/* The types of two kernels while they are compared. */
struct pair {
	const struct ctypes *a, *b;
	unsigned int steps;
};

/* Functions that take functions, in each other: real ones have two levels, and some 30 types. */
#define MAX_DEPTH 12
#define MAX_STEPS 10000

/* A type behind typedefs and qualifiers. */
struct bare {
	const struct ctype *type;
	uint32_t id;
	uint8_t qualifiers;
	const char *name; /* of the innermost typedef: what an anonymous structure is known by */
};

/* False: it is not known what stands there. */
static bool strip(const struct ctypes *types, uint32_t id, struct bare *out)
{
	*out = (struct bare){.name = ""};
	for (unsigned int depth = 0; depth < CTYPES_MAX_DEPTH; depth++) {
		const struct ctype *t = ctype_at(types, id);

		out->id = id;
		out->type = t;
		if (t->kind != CTYPE_TYPEDEF && t->kind != CTYPE_QUALIFIER)
			return true;
		if (t->is_forward)
			return false;
		if (t->kind == CTYPE_TYPEDEF)
			out->name = t->name;
		out->qualifiers |= t->qualifiers;
		id = t->target;
	}
	return false;
}

static bool is_tagged(const struct ctype *t)
{
	return t->kind == CTYPE_STRUCT || t->kind == CTYPE_UNION || t->kind == CTYPE_ENUM;
}

static bool is_number(const struct ctype *t)
{
	return t->kind == CTYPE_BASE || t->kind == CTYPE_ENUM;
}

/* By tag, or by the typedef that names what has none. */
static enum ctype_same compare_tags(const struct pair *p, const struct bare *a,
				    const struct bare *b)
{
	bool one_kernel = p->a == p->b;

	if (a->type->kind != b->type->kind)
		return CTYPE_DIFFERENT;
	if (one_kernel && a->id == b->id)
		return CTYPE_SAME;
	if (*a->type->name && *b->type->name)
		return strcmp(a->type->name, b->type->name) == 0 ? CTYPE_SAME : CTYPE_DIFFERENT;
	/* Anonymous, or it got a tag meanwhile: a typedef's name is the same then. */
	if (one_kernel)
		return CTYPE_DIFFERENT;
	if (!*a->name || !*b->name)
		return CTYPE_UNKNOWN;
	return strcmp(a->name, b->name) == 0 ? CTYPE_SAME : CTYPE_DIFFERENT;
}

static enum ctype_same compare_bases(const struct bare *a, const struct bare *b)
{
	if (!*a->type->name || !*b->type->name)
		return CTYPE_UNKNOWN;
	return strcmp(a->type->name, b->type->name) == 0 ? CTYPE_SAME : CTYPE_DIFFERENT;
}

/* gcc takes for an enumeration the type unsigned int, or int if some value is negative. */
static enum ctype_same compare_enum(const struct ctype *e, const struct ctype *base)
{
	if (e->is_forward)
		return CTYPE_UNKNOWN;
	return strcmp(base->name, e->is_signed ? "int" : "unsigned int") == 0 ? CTYPE_COMPATIBLE
									      : CTYPE_DIFFERENT;
}

/* The worse of the answers to two parts of a question. */
static enum ctype_same worse(enum ctype_same x, enum ctype_same y)
{
	if (x == CTYPE_DIFFERENT || y == CTYPE_DIFFERENT)
		return CTYPE_DIFFERENT;
	if (x == CTYPE_UNKNOWN || y == CTYPE_UNKNOWN)
		return CTYPE_UNKNOWN;
	return x > y ? x : y;
}

static enum ctype_same compatible(struct pair *p, uint32_t ia, uint32_t ib, bool with_qualifiers,
				  unsigned int depth);

/* What a parameter is declared as: an array or a function there is a pointer. The qualifiers of a
 * parameter are no part of the function's type. */
static enum ctype_same compare_parameter(struct pair *p, uint32_t ia, uint32_t ib,
					 unsigned int depth)
{
	struct bare a, b;

	if (!strip(p->a, ia, &a) || !strip(p->b, ib, &b))
		return CTYPE_UNKNOWN;
	if (a.type->kind == CTYPE_FUNCTION && b.type->kind == CTYPE_POINTER)
		return compatible(p, a.id, b.type->target, true, depth);
	if (a.type->kind == CTYPE_POINTER && b.type->kind == CTYPE_FUNCTION)
		return compatible(p, a.type->target, b.id, true, depth);
	if ((a.type->kind == CTYPE_ARRAY || a.type->kind == CTYPE_POINTER) &&
	    (b.type->kind == CTYPE_ARRAY || b.type->kind == CTYPE_POINTER))
		return compatible(p, a.type->target, b.type->target, true, depth);
	return compatible(p, ia, ib, false, depth);
}

static enum ctype_same compare_functions(struct pair *p, const struct ctype *a,
					 const struct ctype *b, unsigned int depth)
{
	enum ctype_same same;

	if (a->count != b->count || a->is_variadic != b->is_variadic)
		return CTYPE_DIFFERENT;
	same = compatible(p, a->target, b->target, false, depth);
	for (uint32_t i = 0; i < a->count && same != CTYPE_DIFFERENT; i++)
		same = worse(same, compare_parameter(p, p->a->parts[a->first + i].type,
						     p->b->parts[b->first + i].type, depth));
	return same;
}

static enum ctype_same compare_arrays(struct pair *p, const struct ctype *a, const struct ctype *b,
				      unsigned int depth)
{
	enum ctype_same same = compatible(p, a->target, b->target, true, depth);

	if (a->count == b->count)
		return same;
	return a->count && b->count ? CTYPE_DIFFERENT : worse(same, CTYPE_COMPATIBLE);
}

/* Types that C has to find compatible, as no value is converted: CTYPE_CONVERTED and
 * CTYPE_DISCARDED are no answers here. */
static enum ctype_same compatible(struct pair *p, uint32_t ia, uint32_t ib, bool with_qualifiers,
				  unsigned int depth)
{
	struct bare a, b;

	if (depth == MAX_DEPTH || ++p->steps > MAX_STEPS || !strip(p->a, ia, &a) ||
	    !strip(p->b, ib, &b))
		return CTYPE_UNKNOWN;
	if (with_qualifiers && a.qualifiers != b.qualifiers)
		return CTYPE_DIFFERENT;
	if (a.type->kind == CTYPE_ENUM && b.type->kind == CTYPE_BASE)
		return compare_enum(a.type, b.type);
	if (a.type->kind == CTYPE_BASE && b.type->kind == CTYPE_ENUM)
		return compare_enum(b.type, a.type);
	if (a.type->kind != b.type->kind)
		return CTYPE_DIFFERENT;
	switch (a.type->kind) {
	case CTYPE_VOID:
		return CTYPE_SAME;
	case CTYPE_BASE:
		return compare_bases(&a, &b);
	case CTYPE_POINTER:
		return compatible(p, a.type->target, b.type->target, true, depth + 1);
	case CTYPE_ARRAY:
		return compare_arrays(p, a.type, b.type, depth + 1);
	case CTYPE_FUNCTION:
		return compare_functions(p, a.type, b.type, depth + 1);
	default:
		return compare_tags(p, &a, &b);
	}
}

/* Numbers of one size, that may differ in their sign. */
static bool is_sign_variant(const struct ctype *a, const struct ctype *b)
{
	static const char *const variants[][3] = {
		{"char", "signed char", "unsigned char"},
		{"short int", "short unsigned int", ""},
		{"int", "unsigned int", ""},
		{"long int", "long unsigned int", ""},
		{"long long int", "long long unsigned int", ""},
	};
	const char *x = a->name, *y = b->name;

	if (a->kind != CTYPE_BASE || b->kind != CTYPE_BASE)
		return false;
	for (size_t i = 0; i < sizeof(variants) / sizeof(*variants); i++) {
		bool has_x = false, has_y = false;

		for (size_t k = 0; k < 3; k++) {
			has_x |= *x && strcmp(x, variants[i][k]) == 0;
			has_y |= *y && strcmp(y, variants[i][k]) == 0;
		}
		if (has_x)
			return has_y;
	}
	return false;
}

/* What pointers to these say to each other. Kernels are built with -Wno-pointer-sign. */
static enum ctype_same compare_targets(struct pair *p, uint32_t ia, uint32_t ib)
{
	struct bare a, b;
	enum ctype_same same;

	if (!strip(p->a, ia, &a) || !strip(p->b, ib, &b))
		return CTYPE_UNKNOWN;
	same = compatible(p, ia, ib, false, 0);
	/* gcc has no word of qualifiers there. */
	if ((a.type->kind == CTYPE_VOID && b.type->kind == CTYPE_FUNCTION) ||
	    (a.type->kind == CTYPE_FUNCTION && b.type->kind == CTYPE_VOID))
		return CTYPE_CONVERTED;
	if (same == CTYPE_DIFFERENT && (a.type->kind == CTYPE_VOID || b.type->kind == CTYPE_VOID ||
					is_sign_variant(a.type, b.type)))
		same = CTYPE_CONVERTED;
	if (same == CTYPE_DIFFERENT || a.qualifiers == b.qualifiers)
		return same;
	if (a.qualifiers & ~b.qualifiers)
		return same == CTYPE_UNKNOWN ? same : CTYPE_DISCARDED;
	return worse(same, CTYPE_CONVERTED);
}

/* What the value of an array or a function points to; true for a pointer too. */
static bool decay(const struct bare *x, uint32_t *target)
{
	*target = x->type->kind == CTYPE_FUNCTION ? x->id : x->type->target;
	return x->type->kind == CTYPE_POINTER || x->type->kind == CTYPE_ARRAY ||
	       x->type->kind == CTYPE_FUNCTION;
}

/* Values of types that are not compatible. */
static enum ctype_same compare_values(const struct bare *a, const struct bare *b)
{
	if (is_number(a->type) && is_number(b->type))
		return CTYPE_CONVERTED;
	if (b->type->kind == CTYPE_BASE && strcmp(b->type->name, "_Bool") == 0 &&
	    (a->type->kind == CTYPE_POINTER || a->type->kind == CTYPE_ARRAY))
		return CTYPE_CONVERTED;
	/* It may be one that takes what its members take (transparent_union): BTF has no word
	 * of that. */
	return b->type->kind == CTYPE_UNION && !is_tagged(a->type) ? CTYPE_UNKNOWN
								   : CTYPE_DIFFERENT;
}

enum ctype_same ctypes_compare(const struct ctypes *a, uint32_t ia, const struct ctypes *b,
			       uint32_t ib)
{
	struct pair p = {.a = a, .b = b};
	enum ctype_same same;
	struct bare x, y;
	uint32_t from, to;

	if (!strip(a, ia, &x) || !strip(b, ib, &y))
		return CTYPE_UNKNOWN;
	if (x.type->kind == CTYPE_FUNCTION && y.type->kind == CTYPE_FUNCTION)
		return compatible(&p, x.id, y.id, false, 0);
	if (decay(&x, &from) && decay(&y, &to))
		return compare_targets(&p, from, to);
	same = compatible(&p, ia, ib, false, 0);
	return same == CTYPE_DIFFERENT ? compare_values(&x, &y) : same;
}
