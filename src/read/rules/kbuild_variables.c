// SPDX-License-Identifier: GPL-2.0-or-later
#include "read/rules/kbuild_variables.h"

#include <string.h>

#include "model/release.h"
#include "read/rules/rulefile.h"
#include "read/rules/rules.h"

static const struct rulefile_field variable_fields[] = {
	{"variable", RULEFILE_TEXT, false},
	{"since", RULEFILE_TEXT, false},
	{"instead", RULEFILE_TEXT, false},
	{NULL, RULEFILE_TEXT, false},
};

static int take_variable(const struct rulefile *f, const struct rulefile_node *map,
			 struct kbuild_variable *out)
{
	const struct rulefile_node *n[sizeof(variable_fields) / sizeof(*variable_fields)];
	int r;

	if (map->kind != RULEFILE_MAP)
		return rulefile_fail(f, map, "expected a mapping for a variable");
	r = rulefile_fields(f, map, variable_fields, n);
	if (r)
		return r;
	if (!release_is_plain(n[1]->text))
		return rulefile_fail(f, n[1],
				     "has the since '%.40s', expected a release like \"6.12\"",
				     n[1]->text);
	*out = (struct kbuild_variable){n[0]->text, n[1]->text, n[2]->text};
	return 0;
}

int kbuild_variables_read_file(const char *path, struct arena *arena, struct kbuild_variables *out,
			       struct ksa_error *err)
{
	struct rulefile file = {
		.path = path, .arena = arena, .err = err, .noun = "table of Kbuild's variables"};
	const struct rulefile_node *list = NULL;
	struct kbuild_variable *items;
	size_t i = 0;
	int r = rulefile_read(&file, KBUILD_VARIABLES_LIMIT);

	if (!r)
		r = rules_take_table(&file, "variables", &list);
	if (r)
		return r;
	if (list->count > KBUILD_VARIABLES_LIST_LIMIT)
		return rulefile_fail(&file, list, "has %zu variables, the limit is %d", list->count,
				     KBUILD_VARIABLES_LIST_LIMIT);
	items = arena_calloc(arena, list->count + 1, sizeof(*items));
	if (!items)
		return ksa_fail_nomem(err);
	for (const struct rulefile_node *map = list->child; map && !r; map = map->next)
		r = take_variable(&file, map, &items[i++]);
	if (!r)
		*out = (struct kbuild_variables){items, list->count};
	return r;
}
