// SPDX-License-Identifier: GPL-2.0-or-later
/* Types as C spells them. */
#include "model/ctypes.h"

#include "model/declare.h"

/* "const volatile ", in the order in which C programmers write them. */
static const char *qualifier_words(uint8_t qualifiers)
{
	static const char *const words[] = {
		"",	     "const ",		"volatile ",	      "const volatile ",
		"restrict ", "const restrict ", "volatile restrict ", "const volatile restrict ",
	};

	return words[qualifiers & (CTYPE_CONST | CTYPE_VOLATILE | CTYPE_RESTRICT)];
}

static const char *keyword_of(const struct ctype *t)
{
	switch (t->kind) {
	case CTYPE_STRUCT:
		return "struct ";
	case CTYPE_UNION:
		return "union ";
	case CTYPE_ENUM:
		return "enum ";
	case CTYPE_QUALIFIER:
		return qualifier_words(t->qualifiers);
	default:
		return "";
	}
}

static enum declare_shape shape_of(const struct ctype *t)
{
	switch (t->kind) {
	case CTYPE_POINTER:
		return DECLARE_POINTER;
	case CTYPE_ARRAY:
		return DECLARE_ARRAY;
	case CTYPE_FUNCTION:
		return DECLARE_FUNCTION;
	case CTYPE_QUALIFIER:
		return DECLARE_MODIFIER;
	default:
		return DECLARE_BASE;
	}
}

static bool get_type(const void *ctx, uint64_t id, struct declare_type *out)
{
	const struct ctype *t = ctype_at(ctx, (uint32_t)id);

	*out = (struct declare_type){.shape = shape_of(t),
				     .keyword = keyword_of(t),
				     .name = t->name,
				     .target = t->target,
				     .elements = t->count};
	return true;
}

/* The cursor is the number of the next parameter; the one behind the last may be "...". */
static int next_parameter(const void *ctx, uint64_t function, uint64_t *cursor,
			  struct declare_param *out)
{
	const struct ctypes *types = ctx;
	const struct ctype *t = ctype_at(types, (uint32_t)function);
	uint64_t i = (*cursor)++;

	*out = (struct declare_param){.name = "", .is_ellipsis = i == t->count};
	if (i < t->count) {
		const struct ctype_part *part = &types->parts[t->first + i];

		out->name = part->name;
		out->type = part->type;
		return 1;
	}
	return out->is_ellipsis && t->is_variadic;
}

bool ctypes_print(const struct ctypes *types, uint32_t id, const char *declarator,
		  struct strbuf *out)
{
	const struct declare_types spelled = {types, get_type, next_parameter};

	return declare_write(&spelled, id, declarator, out);
}
