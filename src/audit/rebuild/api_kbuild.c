// SPDX-License-Identifier: GPL-2.0-or-later
/* Variables of the source's build files that the kernel's build does not read any more. */
#include "audit/rebuild/api_internal.h"

#include <string.h>

#include "model/kbuild_variable.h"
#include "model/release.h"

static bool is_since(const struct api_side *side, const char *since)
{
	struct release a, b;

	return release_parse(side->kernel->release, &a) && release_parse(since, &b) &&
	       release_compare(&a, &b) >= 0;
}

/* Whether the source may not build without what the variable says: macros, files, directories that
 * it needs. Else warnings and optimizations get lost, or nothing. */
static bool is_needed(const struct api *api, const char *value)
{
	return strstr(value, "-D") || strstr(value, "-include") ||
	       (strstr(value, "-I") && api_reach_needs_directory(api));
}

static int judge_variable(struct api *api, const struct typed_variable *set,
			  const struct kbuild_variable *v, struct ksa_error *err)
{
	struct typed_site *site = arena_calloc(&api->arena, 1, sizeof(*site));
	struct api_use use = {.rule = RULE_KBUILD_VARIABLE,
			      .level = is_needed(api, set->value) ? KSA_LEVEL_WARNING
								  : KSA_LEVEL_NOTE,
			      .symbol = v->name,
			      .site = site};

	if (!site)
		return ksa_fail_nomem(err);
	*site = (struct typed_site){.file = set->file, .line = set->line, .certainty = NAMED_YES};
	use.message = api_text(api, "Kbuild does not read '%s' any more", v->name);
	use.detail = api_text(api, "since %s; use %s", v->since, v->instead);
	return api_add(api, &use, err);
}

int api_judge_kbuild(struct api *api, struct ksa_error *err)
{
	const struct ksa_typed *typed = api->q->typed;
	const struct kbuild_variables *table = api->q->variables;
	int r = 0;

	for (size_t i = 0; i < typed->variable_count && table && !r; i++)
		for (size_t k = 0; k < table->count && !r; k++)
			if (strcmp(typed->variables[i].name, table->items[k].name) == 0 &&
			    is_since(&api->new, table->items[k].since) &&
			    !is_since(&api->old, table->items[k].since))
				r = judge_variable(api, &typed->variables[i], &table->items[k],
						   err);
	return r;
}
