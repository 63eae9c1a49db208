// SPDX-License-Identifier: GPL-2.0-or-later
/* What of a source does not compile for the kernel to come: the places that say the same are one
 * finding. */
#include "audit/rebuild/api.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "audit/rebuild/api_internal.h"
#include "base/vec.h"

#define MAX_RESULTS ((size_t)20000) /* of one module; real ones have some hundred */

const char *api_text(struct api *api, const char *format, ...)
{
	const char *text;
	va_list ap;

	va_start(ap, format);
	text = arena_vprintf(&api->arena, format, ap);
	va_end(ap);
	api->lost |= !text;
	return text ? text : "";
}

/* A feature test of the project's own: its author knows that there is a choice. */
static bool is_feature_test(const char *condition)
{
	return condition && !strstr(condition, "CONFIG_") && !strstr(condition, "RHEL_");
}

enum ksa_level api_level(const struct typed_site *site)
{
	if (site->certainty == NAMED_MAYBE && is_feature_test(site->condition))
		return KSA_LEVEL_NOTE;
	/* Whether a macro is used, and with what, is not known. */
	if (site->certainty == NAMED_MAYBE || site->in_macro)
		return KSA_LEVEL_WARNING;
	return KSA_LEVEL_ERROR;
}

int api_add(struct api *api, const struct api_use *use, struct ksa_error *err)
{
	const char *key = api_text(api, "%d %s", (int)use->rule, use->symbol);
	uint32_t index = (uint32_t)api->results.count;
	struct api_result *result;
	int added = strmap_add(&api->by_key, key, &index, NULL);
	int r;

	if (added < 0)
		return ksa_fail_nomem(err);
	if (!added) {
		result = &api->results.items[index];
		result->places++;
		if (use->level > result->use.level)
			result->use = *use;
		return 0;
	}
	if (api->results.count >= MAX_RESULTS)
		return ksa_fail(err, KSA_ELIMIT,
				"the source has more than %zu places to be changed", MAX_RESULTS);
	r = VEC_PUSH_ROOM(&api->results, err);
	if (!r)
		api->results.items[api->results.count++] = (struct api_result){*use, 1};
	return r;
}

const char *api_both(struct api *api, const char *old, const char *new)
{
	return api_text(api, "%s: '%s', %s: '%s'", api->old.kernel->label, old,
			api->new.kernel->label, new);
}

const char *api_declaration(struct api *api, const struct declared *declared,
			    const struct declared_place *place)
{
	struct strbuf text = {.data = NULL};
	const char *copy = "";

	if (place) {
		declared_print(declared, place, &text);
		api->lost |= text.failed;
		copy = api_text(api, "%s", strbuf_string(&text));
		strbuf_release(&text);
	}
	return copy;
}

/* "m.c:3 and 2 more, behind 'CONFIG_X', which is not decided here; 6.1: ..." */
static const char *say(struct api *api, const struct api_result *result)
{
	const struct typed_site *site = result->use.site;
	const char *detail = result->use.detail ? result->use.detail : "";
	const char *more = "", *behind = "";

	if (!site)
		return detail;
	if (result->places > 1)
		more = api_text(api, " and %u more", result->places - 1);
	if (site->certainty == NAMED_MAYBE && site->condition)
		behind = api_text(api, ", behind '%s', which is not decided here", site->condition);
	return api_text(api, "%s:%u%s%s%s%s", site->file, site->line, more, behind,
			*detail ? "; " : "", detail);
}

static int finish(struct api *api, struct ksa_error *err)
{
	const size_t count = api->results.count;

	api->findings = calloc(count + 1, sizeof(*api->findings));
	if (!api->findings)
		return ksa_fail_nomem(err);
	for (size_t i = 0; i < count; i++) {
		const struct api_use *use = &api->results.items[i].use;

		api->findings[i] =
			(struct api_finding){.rule = use->rule,
					     .level = use->level,
					     .symbol = use->symbol,
					     .message = use->message,
					     .file = use->site ? use->site->file : NULL,
					     .line = use->site ? use->site->line : 0,
					     .evidence = say(api, &api->results.items[i])};
	}
	return api->lost ? ksa_fail_nomem(err) : 0;
}

static struct api_side side_of(const struct ksa_kernel *kernel)
{
	return (struct api_side){.kernel = kernel,
				 .declared = kernel->helpers ? kernel->helpers->declared : NULL,
				 .types = kernel->types};
}

/* What is judged, and what it takes. */
static const struct {
	int (*judge)(struct api *api, struct ksa_error *err);
	bool needs_headers, needs_types;
} steps[] = {
	{api_judge_includes, true, false}, {api_judge_names_seen, true, false},
	{api_judge_calls, false, false},   {api_judge_taken, true, false},
	{api_judge_members, false, true},  {api_judge_kbuild, false, false},
};

static int judge_all(struct api *api, struct ksa_error *err)
{
	const bool headers = api->old.declared && api->new.declared;
	const bool types = api->old.types && api->new.types;
	int r = headers ? api_reach_new(api, &api->reach, err) : 0;

	for (size_t i = 0; i < sizeof(steps) / sizeof(steps[0]) && !r; i++)
		if (headers >= steps[i].needs_headers && types >= steps[i].needs_types)
			r = steps[i].judge(api, err);
	return r ? r : finish(api, err);
}

int api_judge(const struct api_question *question, struct api **out, struct ksa_error *err)
{
	struct api *api = calloc(1, sizeof(*api));
	int r;

	*out = NULL;
	if (!api)
		return ksa_fail_nomem(err);
	api->q = question;
	api->old = side_of(question->from);
	api->new = side_of(question->to);
	if (question->to->types_of)
		api->new.types = NULL;
	r = judge_all(api, err);
	if (r) {
		api_free(api);
		return r;
	}
	*out = api;
	return 0;
}

void api_free(struct api *api)
{
	if (!api)
		return;
	api_reach_free(api->reach);
	arena_release(&api->arena);
	strmap_release(&api->by_key);
	strmap_release(&api->calls);
	free(api->results.items);
	free(api->findings);
	free(api);
}

const struct api_finding *api_findings(const struct api *api, size_t *count)
{
	*count = api->results.count;
	return api->findings;
}

enum api_calls api_calls(const struct api *api, const char *function)
{
	uint32_t value;

	if (strmap_get(&api->calls, function, &value))
		return (enum api_calls)value;
	return api_takes_the_same(api, function) ? API_CALLS_FIT : API_CALLS_UNKNOWN;
}

bool api_saw(const struct api *api, const char *file, const char *name)
{
	struct api_seen seen;

	return api_reach_name(api, &api->old, file, name, ~(1u << DECLARES_TAG), &seen) &&
	       seen.reach == REACH_YES;
}
