// SPDX-License-Identifier: GPL-2.0-or-later
/* Names that the source defines and the headers of the new kernel, of which it sees some, take. */
#include "audit/rebuild/api_internal.h"

#define A(kind)	 (1u << DECLARES_##kind)
#define ORDINARY (A(FUNCTION) | A(INLINE) | A(OBJECT) | A(TYPEDEF) | A(ENUMERATOR))
#define MACROS	 (A(MACRO) | A(CONSTANT))

/* As what a header must declare the name for the source's definition to collide with it. */
static unsigned int rivals(const struct typed_definition *d)
{
	switch (d->kind) {
	case TYPED_DEFINES_FUNCTION:
	case TYPED_DEFINES_OBJECT:
	case TYPED_DEFINES_ENUMERATOR:
	case TYPED_DEFINES_TYPEDEF:
		return ORDINARY | MACROS;
	case TYPED_DEFINES_STRUCT:
	case TYPED_DEFINES_UNION:
	case TYPED_DEFINES_ENUM:
		return A(TAG);
	default:
		return 0; /* a macro may take any name */
	}
}

/* Whether the compiler must refuse it: what may be the same declaration again is not told so. */
static bool must_collide(const struct typed_definition *d, const struct declared_place *place)
{
	if (place->kind == DECLARES_TAG || place->kind == DECLARES_INLINE)
		return true;
	if (d->kind == TYPED_DEFINES_TYPEDEF)
		return !(A(TYPEDEF) & 1u << place->kind) && !(MACROS & 1u << place->kind);
	if (d->kind == TYPED_DEFINES_FUNCTION && place->kind == DECLARES_FUNCTION)
		return d->is_static;
	if (d->kind == TYPED_DEFINES_OBJECT && place->kind == DECLARES_OBJECT)
		return d->is_static;
	return !(MACROS & 1u << place->kind);
}

/* How a function of the source's stands to the one of that name that a header declares: the same
 * declaration once more is no trouble. */
static enum api_fit redeclares(const struct api *api, const struct typed_definition *d,
			       const struct declared_place *place)
{
	uint32_t type;

	if (d->kind != TYPED_DEFINES_FUNCTION || place->kind != DECLARES_FUNCTION || d->is_static ||
	    !d->function || !api->new.types || !ctypes_function(api->new.types, d->name, &type))
		return API_FIT_UNKNOWN;
	return api_function_fits(&api->new, d->function, type);
}

static const char *say_place(struct api *api, const struct declared_place *place)
{
	const struct declared *declared = api->new.declared;

	return api_text(api, "%s:%u: '%s'", declared->of->files[place->file], place->line,
			api_declaration(api, declared, place));
}

static int judge_definition(struct api *api, const struct typed_definition *d,
			    struct ksa_error *err)
{
	const unsigned int kinds = rivals(d);
	struct api_seen before, now;
	enum api_fit same;
	struct api_use use = {.rule = RULE_NAME_TAKEN,
			      .level = api_level(&d->site),
			      .symbol = d->name,
			      .site = &d->site};

	if (!kinds || !api_reach_name(api, &api->new, d->site.file, d->name, kinds, &now) ||
	    now.reach == REACH_NOT)
		return 0;
	/* It was no trouble before. */
	if (api_reach_name(api, &api->old, d->site.file, d->name, kinds, &before) &&
	    before.reach != REACH_NOT)
		return 0;
	same = redeclares(api, d, now.place);
	if (same == API_FIT_YES)
		return 0;
	if ((now.reach == REACH_MAYBE || (same != API_FIT_NO && !must_collide(d, now.place))) &&
	    use.level == KSA_LEVEL_ERROR)
		use.level = KSA_LEVEL_WARNING;
	use.message = api_text(api, "'%s' is defined by the source, and by a header it includes",
			       d->name);
	use.detail = say_place(api, now.place);
	return api_add(api, &use, err);
}

int api_judge_taken(struct api *api, struct ksa_error *err)
{
	const struct ksa_typed *typed = api->q->typed;
	int r = 0;

	for (size_t i = 0; i < typed->definition_count && !r; i++)
		r = judge_definition(api, &typed->definitions[i], err);
	return r;
}
