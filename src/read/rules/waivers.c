// SPDX-License-Identifier: GPL-2.0-or-later
#include "read/rules/waivers.h"

#include <stdlib.h>
#include <string.h>

#include "model/shipped.h"
#include "read/rules/rulefile.h"
#include "read/rules/rules.h"

enum waiver_key {
	WAIVER_RULE,
	WAIVER_MODULE,
	WAIVER_SYMBOL,
	WAIVER_REASON,
	WAIVER_EXPIRES,
	WAIVER_BY
};

static const struct rulefile_field waiver_fields[] = {
	{"rule", RULEFILE_TEXT, false},	   {"module", RULEFILE_TEXT, false},
	{"symbol", RULEFILE_TEXT, true},   {"reason", RULEFILE_TEXT, false},
	{"expires", RULEFILE_TEXT, false}, {"by", RULEFILE_TEXT, false},
	{NULL, RULEFILE_TEXT, false},
};

static int take_waiver(const struct rulefile *f, const struct ksa_rules *known,
		       const struct rulefile_node *map, struct waiver *out)
{
	const struct rulefile_node *n[sizeof(waiver_fields) / sizeof(*waiver_fields)];
	const struct ksa_rule *rule;
	int ret;

	if (map->kind != RULEFILE_MAP)
		return rulefile_fail(f, map, "expected a mapping for 'waivers'");
	ret = rulefile_fields(f, map, waiver_fields, n);
	if (ret)
		return ret;
	rule = rules_find_by_name(known, n[WAIVER_RULE]->text);
	if (!rule)
		return rulefile_fail(f, n[WAIVER_RULE],
				     "names the rule '%.40s', which is not known",
				     n[WAIVER_RULE]->text);
	if (!waiver_day_is_valid(n[WAIVER_EXPIRES]->text))
		return rulefile_fail(f, n[WAIVER_EXPIRES],
				     "expires on '%.40s', expected a day like 2026-12-31",
				     n[WAIVER_EXPIRES]->text);
	*out = (struct waiver){.rule = rule->id,
			       .module = n[WAIVER_MODULE]->text,
			       .symbol = n[WAIVER_SYMBOL] ? n[WAIVER_SYMBOL]->text : "*",
			       .reason = n[WAIVER_REASON]->text,
			       .expires = n[WAIVER_EXPIRES]->text,
			       .by = n[WAIVER_BY]->text,
			       .file = f->path,
			       .line = map->line};
	return 0;
}

static int fill_waivers(const struct rulefile *f, const struct ksa_rules *known,
			struct ksa_waivers *out)
{
	const struct rulefile_node *list = NULL;
	struct waiver *items;
	int ret = rules_take_table(f, "waivers", &list);

	if (ret)
		return ret;
	items = arena_calloc(f->arena, list->count, sizeof(*items));
	if (!items)
		return ksa_fail_nomem(f->err);
	for (const struct rulefile_node *w = list->child; w && !ret; w = w->next)
		ret = take_waiver(f, known, w, &items[out->count++]);
	out->items = items;
	return ret;
}

int waivers_read_text(const char *path, const unsigned char *text, size_t size,
		      const struct ksa_rules *known, struct ksa_waivers *out, struct ksa_error *err)
{
	struct rulefile f = {.path = arena_strdup(&out->arena, path),
			     .arena = &out->arena,
			     .err = err,
			     .noun = "list of waivers"};
	int ret = f.path ? rulefile_check_size(&f, size, WAIVERS_FILE_LIMIT) : ksa_fail_nomem(err);

	if (!ret)
		ret = rulefile_parse(&f, text, size);
	return ret ? ret : fill_waivers(&f, known, out);
}

int waivers_read_file(const char *path, const struct ksa_rules *known, struct ksa_waivers *out,
		      struct ksa_error *err)
{
	struct rulefile f = {.path = arena_strdup(&out->arena, path),
			     .arena = &out->arena,
			     .err = err,
			     .noun = "list of waivers"};
	int ret = f.path ? rulefile_read(&f, WAIVERS_FILE_LIMIT) : ksa_fail_nomem(err);

	return ret ? ret : fill_waivers(&f, known, out);
}

int ksa_waivers_open(const char *path, const struct ksa_rules *rules, struct ksa_waivers **out,
		     struct ksa_error *err)
{
	struct ksa_waivers *waivers = calloc(1, sizeof(*waivers));
	int ret;

	*out = NULL;
	if (!waivers)
		return ksa_fail_nomem(err);
	ret = waivers_read_file(path, rules ? rules : &rules_shipped, waivers, err);
	if (ret)
		ksa_waivers_free(waivers);
	else
		*out = waivers;
	return ret;
}

void ksa_waivers_free(struct ksa_waivers *waivers)
{
	if (!waivers)
		return;
	arena_release(&waivers->arena);
	free(waivers);
}
