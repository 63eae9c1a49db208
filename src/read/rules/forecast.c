// SPDX-License-Identifier: GPL-2.0-or-later
#include "read/rules/forecast.h"

#include <string.h>

#include "model/release.h"
#include "read/rules/rulefile.h"
#include "read/rules/rules.h"

static const struct rulefile_field row_fields[] = {
	{"sign", RULEFILE_TEXT, false}, {"since", RULEFILE_TEXT, true},
	{"from", RULEFILE_TEXT, false}, {"to", RULEFILE_TEXT, false},
	{"n", RULEFILE_TEXT, false},	{"gone", RULEFILE_TEXT, false},
	{NULL, RULEFILE_TEXT, false},
};

static int take_sign(const struct rulefile *f, const struct rulefile_node *at,
		     enum forecast_sign *out)
{
	for (int i = 0; i < FORECAST_SIGNS; i++) {
		if (strcmp(forecast_sign_names[i], at->text) != 0)
			continue;
		*out = (enum forecast_sign)i;
		return 0;
	}
	return rulefile_fail(f, at,
			     "has the sign '%.40s', expected all, importers-drained or "
			     "only-staging",
			     at->text);
}

static int take_release(const struct rulefile *f, const struct rulefile_node *at, const char **out)
{
	*out = at ? at->text : NULL;
	if (at && !release_is_plain(at->text))
		return rulefile_fail(f, at, "has '%.40s', expected a release like 6.12", at->text);
	return 0;
}

static int take_count(const struct rulefile *f, const struct rulefile_node *at, uint32_t *out)
{
	size_t length = strlen(at->text);

	*out = 0;
	if (length > 7 || strspn(at->text, "0123456789") != length)
		return rulefile_fail(f, at, "has '%.40s', expected a number of exports", at->text);
	for (const char *c = at->text; *c; c++)
		*out = *out * 10 + (uint32_t)(*c - '0');
	return 0;
}

static int take_row(const struct rulefile *f, const struct rulefile_node *map,
		    struct forecast_row *out)
{
	const struct rulefile_node *n[sizeof(row_fields) / sizeof(*row_fields)];
	int r;

	if (map->kind != RULEFILE_MAP)
		return rulefile_fail(f, map, "expected a mapping for 'forecast'");
	r = rulefile_fields(f, map, row_fields, n);
	if (!r)
		r = take_sign(f, n[0], &out->sign);
	if (!r)
		r = take_release(f, n[1], &out->since);
	if (!r)
		r = take_release(f, n[2], &out->from);
	if (!r)
		r = take_release(f, n[3], &out->to);
	if (!r)
		r = take_count(f, n[4], &out->count);
	if (!r)
		r = take_count(f, n[5], &out->gone);
	if (r)
		return r;
	if (out->gone > out->count)
		return rulefile_fail(f, n[5], "has %u gone of %u", out->gone, out->count);
	if ((out->sign == FORECAST_DRAINED) != (out->since != NULL))
		return rulefile_fail(f, map, "'since' is for importers-drained, which needs it");
	return 0;
}

static int fill(const struct rulefile *f, struct forecast_row **out, size_t *count)
{
	const struct rulefile_node *list = NULL;
	struct forecast_row *rows;
	size_t i = 0;
	int r = rules_take_table(f, "forecast", &list);

	if (r)
		return r;
	if (list->count > FORECAST_ROWS)
		return rulefile_fail(f, list, "has %zu rows, the limit is %d", list->count,
				     FORECAST_ROWS);
	rows = arena_calloc(f->arena, list->count + 1, sizeof(*rows));
	if (!rows)
		return ksa_fail_nomem(f->err);
	for (const struct rulefile_node *map = list->child; map && !r; map = map->next)
		r = take_row(f, map, &rows[i++]);
	*out = rows;
	*count = i;
	return r;
}

int forecast_read_text(const char *path, const unsigned char *text, size_t size,
		       struct arena *arena, struct forecast_row **out, size_t *count,
		       struct ksa_error *err)
{
	struct rulefile file = {.path = path, .arena = arena, .err = err, .noun = "table of signs"};
	int r = rulefile_check_size(&file, size, RULEFILE_LIMIT);

	if (!r)
		r = rulefile_parse(&file, text, size);
	return r ? r : fill(&file, out, count);
}

int forecast_read_file(const char *path, struct arena *arena, struct forecast_row **out,
		       size_t *count, struct ksa_error *err)
{
	struct rulefile file = {.path = path, .arena = arena, .err = err, .noun = "table of signs"};
	int r = rulefile_read(&file, RULEFILE_LIMIT);

	return r ? r : fill(&file, out, count);
}
