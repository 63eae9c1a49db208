// SPDX-License-Identifier: GPL-2.0-or-later
#include "read/rules/licenses.h"

#include <string.h>

#include "read/rules/rulefile.h"
#include "read/rules/rules.h"

static const struct rulefile_field license_fields[] = {
	{"license", RULEFILE_TEXT, false}, {"meaning", RULEFILE_TEXT, false},
	{"spdx", RULEFILE_TEXT, true},	   {"accepted", RULEFILE_TEXT, true},
	{"gpl2", RULEFILE_TEXT, true},	   {NULL, RULEFILE_TEXT, false},
};

static int take_license(const struct rulefile *f, const struct rulefile_node *map,
			struct license_entry *first, struct license_entry *out)
{
	const struct rulefile_node *n[sizeof(license_fields) / sizeof(*license_fields)];
	int r;

	if (map->kind != RULEFILE_MAP)
		return rulefile_fail(f, map, "expected a mapping for a license");
	r = rulefile_fields(f, map, license_fields, n);
	if (r)
		return r;
	if (n[3] && strcmp(n[3]->text, "yes") != 0)
		return rulefile_fail(f, n[3], "has the accepted '%.40s', expected \"yes\" or none",
				     n[3]->text);
	if (n[4] && strcmp(n[4]->text, "yes") != 0 && strcmp(n[4]->text, "no") != 0)
		return rulefile_fail(f, n[4], "has the gpl2 '%.40s', expected \"yes\" or \"no\"",
				     n[4]->text);
	for (; first < out; first++)
		if (strcmp(first->license, n[0]->text) == 0)
			return rulefile_fail(f, n[0], "has the license '%.40s' twice", n[0]->text);
	*out = (struct license_entry){
		.license = n[0]->text,
		.meaning = n[1]->text,
		.spdx = n[2] ? n[2]->text : NULL,
		.accepted = n[3] != NULL,
	};
	if (n[4])
		out->gpl2 = *n[4]->text == 'y' ? GPL2_YES : GPL2_NEVER;
	return 0;
}

int licenses_read_file(const char *path, struct arena *arena, struct license_table *out,
		       struct ksa_error *err)
{
	struct rulefile file = {
		.path = path, .arena = arena, .err = err, .noun = "table of license strings"};
	const struct rulefile_node *list = NULL;
	struct license_entry *items;
	size_t i = 0;
	int r = rulefile_read(&file, LICENSES_LIMIT);

	if (!r)
		r = rules_take_table(&file, "licenses", &list);
	if (r)
		return r;
	if (list->count > LICENSES_LIST_LIMIT)
		return rulefile_fail(&file, list, "has %zu licenses, the limit is %d", list->count,
				     LICENSES_LIST_LIMIT);
	items = arena_calloc(arena, list->count + 1, sizeof(*items));
	if (!items)
		return ksa_fail_nomem(err);
	for (const struct rulefile_node *map = list->child; map && !r; map = map->next, i++)
		r = take_license(&file, map, items, &items[i]);
	if (!r)
		*out = (struct license_table){items, list->count};
	return r;
}
