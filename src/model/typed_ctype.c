// SPDX-License-Identifier: GPL-2.0-or-later
#include "model/typed_ctype.h"

#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"

#define MAX_NESTING 16 /* functions in the parameters of functions */
#define MAX_PARAMS  64

struct naming {
	struct ctypes *types;
	struct ksa_error *err;
	unsigned int depth;
	bool known;
};

static int name_function(struct naming *n, const struct typed_function *f, uint32_t *id);

static int wrap(struct naming *n, enum ctype_kind kind, uint8_t qualifiers, uint32_t *id)
{
	const struct ctype init = {
		.kind = (uint8_t)kind, .qualifiers = qualifiers, .name = "", .target = *id};

	return ctypes_add(n->types, &init, NULL, 0, id, n->err);
}

/* What the type is before pointers and arrays. */
static int name_base(struct naming *n, const struct typed_type *t, uint32_t *id)
{
	static const enum ctype_kind kinds[] = {[TYPED_STRUCT] = CTYPE_STRUCT,
						[TYPED_UNION] = CTYPE_UNION,
						[TYPED_ENUM] = CTYPE_ENUM,
						[TYPED_NAME] = CTYPE_TYPEDEF};

	*id = 0;
	switch (t->kind) {
	case TYPED_BASE:
		if (strcmp(t->name, "void") == 0)
			return 0;
		return ctypes_add(n->types, &(struct ctype){.kind = CTYPE_BASE, .name = t->name},
				  NULL, 0, id, n->err);
	case TYPED_STRUCT:
	case TYPED_UNION:
	case TYPED_ENUM:
	case TYPED_NAME:
		if (t->name)
			*id = ctypes_find(n->types, kinds[t->kind], t->name);
		/* A tag is a type, also where nothing more is known of it. */
		if (!*id && t->name && t->kind != TYPED_NAME)
			return ctypes_add(n->types,
					  &(struct ctype){.kind = (uint8_t)kinds[t->kind],
							  .name = t->name,
							  .is_forward = true},
					  NULL, 0, id, n->err);
		n->known &= *id != 0;
		return 0;
	case TYPED_FUNCTION:
		if (t->function)
			return name_function(n, t->function, id);
		break;
	default:
		break;
	}
	n->known = false;
	return 0;
}

/* Of what is named. */
static uint8_t qualifiers_of(const struct typed_type *t)
{
	return (uint8_t)((t->is_const ? CTYPE_CONST : 0) | (t->is_volatile ? CTYPE_VOLATILE : 0));
}

static int name_type(struct naming *n, const struct typed_type *t, uint32_t *id)
{
	uint8_t qualifiers = qualifiers_of(t);
	int r = name_base(n, t, id);

	if (qualifiers && !r && n->known)
		r = wrap(n, CTYPE_QUALIFIER, qualifiers, id);
	for (unsigned int i = 0; i < t->pointers && !r && n->known; i++) {
		r = wrap(n, CTYPE_POINTER, 0, id);
		if (!r && i < 8 && t->pointer_consts & (1u << i))
			r = wrap(n, CTYPE_QUALIFIER, CTYPE_CONST, id);
	}
	for (unsigned int i = 0; i < t->arrays && !r && n->known; i++)
		r = wrap(n, CTYPE_ARRAY, 0, id);
	return r;
}

static int name_parameter(struct naming *n, const struct typed_type *t, uint32_t *id)
{
	struct typed_type decayed = *t;
	const bool is_array = t->arrays > 0;
	int r;

	decayed.arrays = (uint8_t)(t->arrays - is_array);
	if (t->kind == TYPED_FUNCTION && !t->pointers)
		decayed.pointers = 1;
	r = name_type(n, &decayed, id);
	return !r && is_array && n->known ? wrap(n, CTYPE_POINTER, 0, id) : r;
}

static int name_function(struct naming *n, const struct typed_function *f, uint32_t *id)
{
	struct ctype_part params[MAX_PARAMS];
	struct ctype init = {.kind = CTYPE_FUNCTION, .name = "", .is_variadic = f->is_variadic};
	int r = 0;

	if (!f->has_params || f->param_count > MAX_PARAMS || n->depth >= MAX_NESTING) {
		n->known = false;
		return 0;
	}
	n->depth++;
	for (uint32_t i = 0; i < f->param_count && !r && n->known; i++) {
		params[i] = (struct ctype_part){.name = ""};
		r = name_parameter(n, &f->params[i], &params[i].type);
	}
	if (!r && n->known)
		r = name_type(n, &f->returns, &init.target);
	n->depth--;
	return r || !n->known ? r : ctypes_add(n->types, &init, params, f->param_count, id, n->err);
}

static int finish(const struct naming *n, int r, bool *known, uint32_t *id)
{
	*known = !r && n->known;
	if (!*known)
		*id = 0;
	return r;
}

int typed_ctype(struct ctypes *types, const struct typed_type *type, bool *known, uint32_t *id,
		struct ksa_error *err)
{
	struct naming n = {.types = types, .err = err, .known = true};
	int r = name_type(&n, type, id);

	return finish(&n, r, known, id);
}

int typed_ctype_parameter(struct ctypes *types, const struct typed_type *type, bool *known,
			  uint32_t *id, struct ksa_error *err)
{
	struct naming n = {.types = types, .err = err, .known = true};
	int r = name_parameter(&n, type, id);

	return finish(&n, r, known, id);
}

int typed_ctype_function(struct ctypes *types, const struct typed_function *function, bool *known,
			 uint32_t *id, struct ksa_error *err)
{
	struct naming n = {.types = types, .err = err, .known = true};
	int r = name_function(&n, function, id);

	return finish(&n, r, known, id);
}
