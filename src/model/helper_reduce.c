// SPDX-License-Identifier: GPL-2.0-or-later
/* Of all helpers those that a snapshot keeps. */
#include "model/helper.h"

#include <stdlib.h>
#include <string.h>

struct reducing {
	const struct helpers *from;
	struct helpers *to;
	uint8_t *far; /* of each name to the nearest one that is wanted */
	uint32_t *names; /* that one helper names, numbers of to */
};

/* Register values and flags are in capitals; they lead nowhere, and are most of all helpers. */
static bool is_capital(const char *name)
{
	name += strspn(name, "_");
	return *name < 'a' || *name > 'z';
}

static int add_name(struct reducing *r, uint32_t name, uint32_t *number, struct ksa_error *err)
{
	const char *text = r->from->names[name].text;

	return helpers_add_name(r->to, text, strlen(text), number, err);
}

/* trace_x() is of no use to a module unless __tracepoint_x is wanted: most are not exported. */
static bool is_hidden_event(const struct reducing *r, const struct helper *helper)
{
	static const char tracepoint[] = "__tracepoint_", call[] = "__do_trace_";

	if (helper->kind != HELPER_GENERATED)
		return false;
	for (uint32_t i = 0; i < helper->count; i++) {
		uint32_t name = r->from->refs[helper->first + i];
		const char *text = r->from->names[name].text;

		if (strncmp(text, tracepoint, strlen(tracepoint)) == 0)
			return r->far[name] != 0;
		/* what calls the function of a hidden event, and nothing else */
		if (helper->count == 1 && strncmp(text, call, strlen(call)) == 0)
			return true;
	}
	return false;
}

static bool leads(const struct reducing *r, const struct helper *helper)
{
	for (uint32_t i = 0; i < helper->count; i++)
		if (r->far[r->from->refs[helper->first + i]] < HELPER_DEPTH)
			return true;
	return false;
}

/* The helper's own name comes first, as in a snapshot: so a snapshot that is read and written again
 * stays the same. */
static int reduce_one(struct reducing *r, const struct helper *helper, struct ksa_error *err)
{
	struct helper init = {.file = HELPER_NONE, .kind = helper->kind, .maybe = helper->maybe};
	size_t count = 0;
	int status;

	if (is_hidden_event(r, helper))
		return 0;
	if (!leads(r, helper)) {
		if (helper->kind == HELPER_CONSTANT && is_capital(helper_text(r->from, helper)))
			return 0;
		init.bare = true;
		init.maybe = false;
		init.kind = HELPER_MACRO;
	}
	status = add_name(r, helper->name, &init.name, err);
	for (uint32_t i = 0; i < helper->count && !status && !init.bare; i++) {
		uint32_t name = r->from->refs[helper->first + i];

		if (r->far[name] < HELPER_DEPTH)
			status = add_name(r, name, &r->names[count++], err);
	}
	return status ? status : helpers_define(r->to, &init, r->names, count, err);
}

/* They come last, in the order of autoconf.h: so a snapshot that is written again has the same. */
static int reduce_options(struct reducing *r, struct ksa_error *err)
{
	int status = 0;

	r->to->has_options = r->from->has_options;
	for (uint32_t i = 0; i < r->from->name_count && !status; i++) {
		uint32_t number;

		if (!(r->from->names[i].declared & DECLARED_OPTION))
			continue;
		status = add_name(r, i, &number, err);
		if (!status)
			helpers_declare(r->to, number, DECLARED_OPTION);
	}
	return status;
}

static int reduce_all(struct reducing *r, struct ksa_error *err)
{
	struct helpers *to = r->to;
	int status = 0;

	to->partial = true;
	to->has_configuration = r->from->has_configuration;
	to->basis = arena_strdup(&to->arena, r->from->basis);
	to->arch = arena_strdup(&to->arena, r->from->arch);
	if (!to->basis || !to->arch)
		return ksa_fail_nomem(err);
	for (size_t i = 0; i < r->from->count && !status; i++)
		status = reduce_one(r, &r->from->items[i], err);
	if (!status)
		status = reduce_options(r, err);
	return status ? status : helpers_seal(to, err);
}

int helpers_reduce(const struct helpers *helpers, bool (*wanted)(void *ctx, const char *name),
		   void *ctx, struct helpers **out, struct ksa_error *err)
{
	struct reducing r = {.from = helpers};
	int status = helpers_distances(helpers, wanted, ctx, &r.far, err);

	*out = NULL;
	if (!status) {
		r.names = malloc((helpers->ref_count + 1) * sizeof(*r.names));
		status = r.names ? helpers_new(&r.to, err) : ksa_fail_nomem(err);
	}
	if (!status)
		status = reduce_all(&r, err);
	free(r.names);
	free(r.far);
	if (status)
		helpers_free(r.to);
	else
		*out = r.to;
	return status;
}
