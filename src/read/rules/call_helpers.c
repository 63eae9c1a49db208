// SPDX-License-Identifier: GPL-2.0-or-later
#include "read/rules/call_helpers.h"

#include <string.h>

#include "read/rules/families.h"
#include "read/rules/rulefile.h"
#include "read/rules/rules.h"

static const struct rulefile_field group_fields[] = {
	{"group", RULEFILE_TEXT, false},
	{"title", RULEFILE_TEXT, false},
	{"members", RULEFILE_LIST, false},
	{NULL, RULEFILE_TEXT, false},
};

static int take_group(const struct rulefile *f, const char *key, const struct rulefile_node *map,
		      const struct rulefile_node *schema, struct call_helpers *out)
{
	const struct rulefile_node *n[sizeof(group_fields) / sizeof(*group_fields)];
	int ret;

	if (map->kind != RULEFILE_MAP)
		return rulefile_fail(f, map, "expected a mapping for '%s'", key);
	ret = rulefile_fields(f, map, group_fields, n);
	if (!ret)
		ret = rules_check_head(f, schema, n[1]);
	if (ret)
		return ret;
	out->group = n[0]->text;
	out->title = n[1]->text;
	if (out->group[strspn(out->group, "abcdefghijklmnopqrstuvwxyz0123456789-")])
		return rulefile_fail(f, n[0],
				     "has the group '%.40s', expected lower case letters, digits "
				     "and '-'",
				     out->group);
	return families_take_symbols(f, n[2], &out->members);
}

static int fill(const struct rulefile *f, const char *key, struct call_helpers **out, size_t *count)
{
	const struct rulefile_field fields[] = {
		{"schema", RULEFILE_TEXT, false},
		{key, RULEFILE_LIST, false},
		{NULL, RULEFILE_TEXT, false},
	};
	const struct rulefile_node *n[sizeof(fields) / sizeof(*fields)];
	struct call_helpers *groups;
	size_t i = 0;
	int ret = rulefile_fields(f, f->root, fields, n);

	if (!ret)
		ret = rules_check_head(f, n[0], NULL);
	if (ret)
		return ret;
	if (n[1]->count > CALL_HELPERS_LIST_LIMIT)
		return rulefile_fail(f, n[1], "has %zu groups, the limit is %d", n[1]->count,
				     CALL_HELPERS_LIST_LIMIT);
	groups = arena_calloc(f->arena, n[1]->count + 1, sizeof(*groups));
	if (!groups)
		return ksa_fail_nomem(f->err);
	for (const struct rulefile_node *map = n[1]->child; map && !ret; map = map->next, i++) {
		ret = take_group(f, key, map, n[0], &groups[i]);
		for (size_t k = 0; k < i && !ret; k++)
			if (strcmp(groups[k].group, groups[i].group) == 0)
				ret = rulefile_fail(f, map, "has the group '%.40s' again",
						    groups[i].group);
	}
	if (!ret) {
		*out = groups;
		*count = n[1]->count;
	}
	return ret;
}

int call_helpers_read_text(const char *path, const unsigned char *text, size_t size,
			   struct arena *arena, struct call_helpers **out, size_t *count,
			   struct ksa_error *err)
{
	struct rulefile file = {
		.path = path, .arena = arena, .err = err, .noun = "list of helpers"};
	int ret = rulefile_check_size(&file, size, CALL_HELPERS_LIMIT);

	if (!ret)
		ret = rulefile_parse(&file, text, size);
	return ret ? ret : fill(&file, "helpers", out, count);
}

int call_helpers_read_file(const char *path, struct arena *arena, struct call_helpers **out,
			   size_t *count, struct ksa_error *err)
{
	struct rulefile file = {
		.path = path, .arena = arena, .err = err, .noun = "list of helpers"};
	int ret = rulefile_read(&file, CALL_HELPERS_LIMIT);

	return ret ? ret : fill(&file, "helpers", out, count);
}

int test_doubles_read_file(const char *path, struct arena *arena, struct call_helpers **out,
			   size_t *count, struct ksa_error *err)
{
	struct rulefile file = {
		.path = path, .arena = arena, .err = err, .noun = "list of test doubles"};
	int ret = rulefile_read(&file, CALL_HELPERS_LIMIT);

	return ret ? ret : fill(&file, "doubles", out, count);
}
