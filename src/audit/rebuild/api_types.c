// SPDX-License-Identifier: GPL-2.0-or-later
/* Types of the source, its expressions and its functions, held against the types of a kernel. */
#include "audit/rebuild/api_internal.h"

#include <string.h>

#include "base/strbuf.h"
#include "model/typed_ctype.h"

/* Too many types are as good as none that is known. */
bool api_type(const struct api_side *side, const struct typed_type *type, uint32_t *id)
{
	bool known;

	return typed_ctype(side->types, type, &known, id, NULL) == 0 && known;
}

/* Callbacks must have the very types: nothing is converted on the way. */
static enum api_fit same_type(const struct api_side *side, uint32_t a, uint32_t b)
{
	/* Qualifiers of a parameter itself, or of what is returned, do not count. */
	ctypes_strip(side->types, a, &a, NULL);
	ctypes_strip(side->types, b, &b, NULL);
	switch (ctypes_compare(side->types, a, side->types, b)) {
	case CTYPE_SAME:
	case CTYPE_COMPATIBLE:
		return API_FIT_YES;
	case CTYPE_UNKNOWN:
		return API_FIT_UNKNOWN;
	default:
		return API_FIT_NO;
	}
}

static enum api_fit parameter_fits(const struct api_side *side, const struct typed_type *param,
				   uint32_t type)
{
	uint32_t id;
	bool known;

	if (typed_ctype_parameter(side->types, param, &known, &id, NULL) || !known)
		return API_FIT_UNKNOWN;
	return same_type(side, id, type);
}

enum api_fit api_function_fits(const struct api_side *side, const struct typed_function *f,
			       uint32_t type)
{
	const struct ctype *wanted = ctype_at(side->types, type);
	enum api_fit fit, all = API_FIT_YES;
	uint32_t id;

	if (wanted->kind != CTYPE_FUNCTION || !f->has_params)
		return API_FIT_UNKNOWN;
	if (f->param_count != wanted->count || f->is_variadic != wanted->is_variadic)
		return API_FIT_NO;
	for (uint32_t i = 0; i < f->param_count; i++) {
		fit = parameter_fits(side, &f->params[i], ctype_part(side->types, type, i)->type);
		if (fit == API_FIT_NO)
			return fit;
		all = fit == API_FIT_UNKNOWN ? fit : all;
	}
	fit = api_type(side, &f->returns, &id)
		      ? same_type(side, id, ctype_at(side->types, type)->target)
		      : API_FIT_UNKNOWN;
	return fit == API_FIT_YES ? all : fit;
}

/* What a pointer points to, or an array's element; with its qualifiers. */
static bool dereference(const struct ctypes *types, uint32_t *type)
{
	uint32_t id;

	if (!ctypes_strip(types, *type, &id, NULL))
		return false;
	if (ctype_at(types, id)->kind != CTYPE_POINTER && ctype_at(types, id)->kind != CTYPE_ARRAY)
		return false;
	*type = ctype_at(types, id)->target;
	return true;
}

static bool take_step(const struct api_side *side, const struct typed_step *step,
		      struct api_walk *walk)
{
	struct ctypes *types = side->types;
	struct ctype_part part;
	uint32_t function;

	switch (step->kind) {
	case TYPED_ARROW:
		if (!dereference(types, &walk->type))
			return false;
		break;
	case TYPED_DOT:
		break;
	case TYPED_INDEX:
	case TYPED_DEREFERENCE:
		return dereference(types, &walk->type);
	case TYPED_ADDRESS:
		return ctypes_add(types,
				  &(struct ctype){
					  .kind = CTYPE_POINTER, .name = "", .target = walk->type},
				  NULL, 0, &walk->type, NULL) == 0;
	case TYPED_CALL:
		if (!ctypes_as_function(types, walk->type, &function))
			return false;
		walk->type = ctype_at(types, function)->target;
		return true;
	default:
		return false;
	}
	switch (ctypes_member(types, walk->type, step->name, &part)) {
	case CTYPE_HAS:
		walk->type = part.type;
		return true;
	case CTYPE_HAS_NOT:
		walk->result = API_WALK_NO_MEMBER;
		return false;
	default:
		return false;
	}
}

/* A macro may stand before the function of that name, and may be of another type. */
static bool is_function(const struct api_side *side, const char *name)
{
	size_t count = 0;
	const struct declared_place *places =
		side->declared ? declared_places(side->declared, name, &count) : NULL;

	for (size_t i = 0; i < count; i++)
		if (places[i].kind != DECLARES_FUNCTION && places[i].kind != DECLARES_INLINE)
			return false;
	return true;
}

static bool is_macro(const struct api_side *side, const char *name)
{
	size_t count;
	const struct declared_place *places = declared_places(side->declared, name, &count);

	for (size_t i = 0; i < count; i++)
		if (places[i].kind == DECLARES_MACRO || places[i].kind == DECLARES_CONSTANT)
			return true;
	return false;
}

static bool begin_walk(const struct api_side *side, const struct typed_expr *expr, uint32_t *type)
{
	uint32_t function;

	switch (expr->root) {
	case TYPED_ROOT_TYPE:
		return api_type(side, &expr->type, type);
	case TYPED_ROOT_CALL:
		if (!ctypes_function(side->types, expr->name, &function) ||
		    !is_function(side, expr->name))
			return false;
		*type = ctype_at(side->types, function)->target;
		return true;
	case TYPED_ROOT_NAME:
		return (ctypes_function(side->types, expr->name, type) &&
			is_function(side, expr->name)) ||
		       (side->declared && strmap_get(&side->declared->objects, expr->name, type) &&
			!is_macro(side, expr->name));
	default:
		return false;
	}
}

struct api_walk api_walk(const struct api_side *side, const struct typed_expr *expr)
{
	struct api_walk walk = {.result = API_WALK_UNKNOWN};

	if (expr->root == TYPED_ROOT_OWN_FUNCTION && expr->function &&
	    (!expr->step_count ||
	     (expr->step_count == 1 && expr->steps[0].kind == TYPED_ADDRESS))) {
		walk.function = expr->function;
		walk.result = API_WALK_DONE;
		return walk;
	}
	if (!begin_walk(side, expr, &walk.type))
		return walk;
	for (; walk.step < expr->step_count; walk.step++)
		if (!take_step(side, &expr->steps[walk.step], &walk))
			return walk;
	walk.result = API_WALK_DONE;
	return walk;
}

enum api_fit api_value_fits(const struct api_side *side, const struct typed_expr *value,
			    uint32_t type)
{
	const struct api_walk walk = api_walk(side, value);
	uint32_t function;

	if (walk.result != API_WALK_DONE)
		return API_FIT_UNKNOWN;
	if (walk.function)
		return ctypes_as_function(side->types, type, &function)
			       ? api_function_fits(side, walk.function, function)
			       : API_FIT_UNKNOWN;
	switch (ctypes_compare(side->types, walk.type, side->types, type)) {
	case CTYPE_UNKNOWN:
		return API_FIT_UNKNOWN;
	case CTYPE_DIFFERENT:
		return API_FIT_NO;
	default:
		return API_FIT_YES;
	}
}

const char *api_print_type(struct api *api, const struct api_side *side, uint32_t type,
			   const char *declarator)
{
	struct strbuf text = {.data = NULL};
	const char *copy = "?";

	if (ctypes_print(side->types, type, declarator, &text))
		copy = api_text(api, "%s", strbuf_string(&text));
	strbuf_release(&text);
	return copy;
}

static void print_typed(struct strbuf *out, const struct typed_type *t)
{
	static const char *const tags[] = {
		[TYPED_STRUCT] = "struct ", [TYPED_UNION] = "union ", [TYPED_ENUM] = "enum "};
	const char *name = t->name ? t->name : "?";

	if (t->kind == TYPED_FUNCTION) {
		strbuf_adds(out, "(function)");
		return;
	}
	strbuf_printf(out, "%s%s%s", t->is_const ? "const " : "",
		      t->kind < sizeof(tags) / sizeof(tags[0]) && tags[t->kind] ? tags[t->kind]
										: "",
		      t->kind == TYPED_UNKNOWN ? "?" : name);
	if (t->pointers || t->arrays)
		strbuf_addc(out, ' ');
	for (unsigned int i = 0; i < t->pointers; i++)
		strbuf_addc(out, '*');
	for (unsigned int i = 0; i < t->arrays; i++)
		strbuf_adds(out, "[]");
}

const char *api_print_function(struct api *api, const struct typed_function *f)
{
	struct strbuf text = {.data = NULL};
	const char *copy;

	print_typed(&text, &f->returns);
	if (!f->returns.pointers)
		strbuf_addc(&text, ' ');
	strbuf_printf(&text, "%s(", f->name ? f->name : "");
	for (uint32_t i = 0; i < f->param_count; i++) {
		strbuf_adds(&text, i ? ", " : "");
		print_typed(&text, &f->params[i]);
	}
	strbuf_adds(&text, f->is_variadic ? ", ...)" : f->param_count ? ")" : "void)");
	api->lost |= text.failed;
	copy = api_text(api, "%s", strbuf_string(&text));
	strbuf_release(&text);
	return copy;
}
