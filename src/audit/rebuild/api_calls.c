// SPDX-License-Identifier: GPL-2.0-or-later
/* Calls of the kernel's functions and macros: how many arguments, of which types, and what becomes
 * of what they return. */
#include "audit/rebuild/api_internal.h"

static bool takes(const struct declared_arity *arity, uint32_t count)
{
	return count >= arity->least && (arity->most == UINT16_MAX || count <= arity->most);
}

/* "1 argument", "2 to 3 arguments", "at least 1 argument" */
static const char *say_arity(struct api *api, const struct declared_arity *arity)
{
	const char *s = arity->most == 1 ? "" : "s";

	if (arity->most == UINT16_MAX)
		return api_text(api, "at least %u argument%s", arity->least,
				arity->least == 1 ? "" : "s");
	if (arity->least != arity->most)
		return api_text(api, "%u to %u arguments", arity->least, arity->most);
	return api_text(api, "%u argument%s", arity->most, s);
}

/* The declaration that the headers have, or that is known of the export. */
static const char *say_declaration(struct api *api, const struct api_side *side,
				   const struct declared_arity *arity, const char *name)
{
	const struct ksa_export *e;
	uint32_t type;
	size_t count;

	if (arity->place && arity->place->text)
		return api_declaration(api, side->declared, arity->place);
	e = kernel_find_exports(side->kernel, name, &count);
	if (e && e->prototype)
		return e->prototype;
	if (side->types && ctypes_function(side->types, name, &type))
		return api_print_type(api, side, type, name);
	if (arity->place)
		return api_text(api, "%s(%s)", name, say_arity(api, arity));
	return name;
}

static const char *say_declarations(struct api *api, const char *name,
				    const struct declared_arity *old,
				    const struct declared_arity *new)
{
	return api_both(api, say_declaration(api, &api->old, old, name),
			say_declaration(api, &api->new, new, name));
}

static int told(struct api *api, const struct typed_call *call, const struct api_use *use,
		struct ksa_error *err)
{
	if (strmap_set(&api->calls, call->name, API_CALLS_TOLD))
		return ksa_fail_nomem(err);
	return api_add(api, use, err);
}

static struct api_use use_of(const struct typed_call *call)
{
	return (struct api_use){.rule = RULE_CALL_CHANGED,
				.level = api_level(&call->site),
				.symbol = call->name,
				.site = &call->site};
}

/* A call with as many arguments as both kernels take. */
static int judge_value(struct api *api, const struct typed_call *call,
		       const struct declared_arity *old, const struct declared_arity *new,
		       struct ksa_error *err)
{
	struct api_use use = use_of(call);

	if (call->value != TYPED_VALUE_USED || !old->never_void || !new->always_void)
		return api_note_fit(api, call->name, err);
	use.message =
		api_text(api, "'%s' returns nothing any more, and its value is used", call->name);
	use.detail = say_declarations(api, call->name, old, new);
	return told(api, call, &use, err);
}

static bool is_macro(const struct api_side *side, const char *name)
{
	size_t count = 0;
	const struct declared_place *places =
		side->declared ? declared_places(side->declared, name, &count) : NULL;

	for (size_t i = 0; i < count; i++)
		if (places[i].kind == DECLARES_MACRO ||
		    (places[i].kind == DECLARES_CONSTANT && places[i].alias != places[i].name))
			return true;
	return false;
}

/* The function that a call of that name calls, as far as its type is known. */
static bool find_function(const struct api_side *side, const char *name, uint32_t *type)
{
	return side->types && ctypes_function(side->types, name, type) && !is_macro(side, name);
}

/* An argument that fits what the function took, and not what it takes. */
static int judge_argument(struct api *api, const struct typed_call *call, uint32_t i,
			  const uint32_t types[2], struct ksa_error *err)
{
	const struct ctypes *a = api->old.types, *b = api->new.types;
	struct api_use use = use_of(call);
	uint32_t was, is;

	if (i >= ctype_at(a, types[0])->count || i >= ctype_at(b, types[1])->count)
		return 0;
	was = ctype_part(a, types[0], i)->type;
	is = ctype_part(b, types[1], i)->type;
	if (api_value_fits(&api->new, &call->arguments[i], is) != API_FIT_NO ||
	    api_value_fits(&api->old, &call->arguments[i], was) != API_FIT_YES)
		return 0;
	use.message = api_text(api, "argument %u of '%s' has another type", i + 1, call->name);
	use.detail = api_both(api, api_print_type(api, &api->old, types[0], call->name),
			      api_print_type(api, &api->new, types[1], call->name));
	return told(api, call, &use, err);
}

static int judge_arguments(struct api *api, const struct typed_call *call, struct ksa_error *err)
{
	uint32_t types[2];
	int r = 0;

	if (!find_function(&api->old, call->name, &types[0]) ||
	    !find_function(&api->new, call->name, &types[1]))
		return 0;
	for (uint32_t i = 0; i < call->argument_count && !r; i++)
		r = judge_argument(api, call, i, types, err);
	return r;
}

/* Whether what is given where the one type is wanted may be given where the other one is. */
static bool converts(enum ctype_same same)
{
	return same == CTYPE_SAME || same == CTYPE_COMPATIBLE || same == CTYPE_CONVERTED ||
	       same == CTYPE_DISCARDED;
}

bool api_takes_the_same(const struct api *api, const char *name)
{
	const struct ctypes *a = api->old.types, *b = api->new.types;
	const struct ctype *old, *new;
	uint32_t was, is;

	if (!a || !b || !ctypes_function(a, name, &was) || !ctypes_function(b, name, &is))
		return false;
	old = ctype_at(a, was);
	new = ctype_at(b, is);
	if (old->count != new->count || old->is_variadic != new->is_variadic)
		return false;
	for (uint32_t i = 0; i < old->count; i++)
		if (!converts(ctypes_compare(a, ctype_part(a, was, i)->type, b,
					     ctype_part(b, is, i)->type)))
			return false;
	/* Of what returned nothing nobody uses the value. */
	return ctype_at(a, old->target)->kind == CTYPE_VOID ||
	       converts(ctypes_compare(b, new->target, a, old->target));
}

/* How many arguments a name takes: by the headers, or where these are not at hand, by the type of
 * the export, unless some header has a macro or an inline function of that name. */
static struct declared_arity find_arity(const struct api_side *side, const char *name)
{
	struct declared_arity arity = {.known = false};
	const struct ctype *function;
	uint32_t type;

	if (side->declared)
		return declared_arity(side->declared, name);
	if (!side->types || !side->kernel->helpers || helpers_find(side->kernel->helpers, name) ||
	    !ctypes_function(side->types, name, &type))
		return arity;
	function = ctype_at(side->types, type);
	arity.known = true;
	arity.least = (uint16_t)(function->count < UINT16_MAX ? function->count : UINT16_MAX);
	arity.most = function->is_variadic ? UINT16_MAX : arity.least;
	arity.always_void = ctype_at(side->types, function->target)->kind == CTYPE_VOID;
	arity.never_void = !arity.always_void;
	return arity;
}

static int judge_call(struct api *api, const struct typed_call *call, struct ksa_error *err)
{
	const struct declared_arity old = find_arity(&api->old, call->name);
	const struct declared_arity new = find_arity(&api->new, call->name);
	struct api_use use = use_of(call);
	int r;

	if (!new.known || !call->has_count)
		return 0;
	if (takes(&new, call->argument_count)) {
		r = judge_arguments(api, call, err);
		return r ? r : judge_value(api, call, &old, &new, err);
	}
	/* What did not fit before either is not understood. */
	if (!old.known || !takes(&old, call->argument_count))
		return 0;
	use.message = api_text(api, "'%s' takes %s, and is called with %u", call->name,
			       say_arity(api, &new), call->argument_count);
	use.detail = say_declarations(api, call->name, &old, &new);
	return told(api, call, &use, err);
}

int api_note_fit(struct api *api, const char *function, struct ksa_error *err)
{
	uint32_t value = API_CALLS_FIT;

	return strmap_add(&api->calls, function, &value, NULL) < 0 ? ksa_fail_nomem(err) : 0;
}

int api_judge_calls(struct api *api, struct ksa_error *err)
{
	const struct ksa_typed *typed = api->q->typed;
	int r = 0;

	for (size_t i = 0; i < typed->call_count && !r; i++)
		if (!typed->calls[i].callee)
			r = judge_call(api, &typed->calls[i], err);
	return r;
}
