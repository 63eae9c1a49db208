// SPDX-License-Identifier: GPL-2.0-or-later
#include "read/rules/rule_dir.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/cleanup.h"
#include "base/vec.h"
#include "model/shipped.h"
#include "read/rules/call_helpers.h"
#include "read/rules/export_macros.h"
#include "read/rules/families.h"
#include "read/rules/forecast.h"
#include "read/rules/kbuild_variables.h"
#include "read/rules/licenses.h"
#include "read/rules/rules.h"
#include "read/rules/waivers.h"

static int loader_begin(struct rule_loader *loader, struct ksa_error *err)
{
	const struct ksa_rules *base = loader->base ? loader->base : &rules_shipped;
	int r = 0;

	if (loader->rules)
		return 0;
	loader->rules = calloc(1, sizeof(*loader->rules));
	if (!loader->rules)
		return ksa_fail_nomem(err);
	r = vec_reserve(&loader->list.items, &loader->list.capacity, base->rule_count,
			sizeof(*loader->list.items), err);
	if (!r)
		r = vec_reserve(&loader->families.items, &loader->families.capacity,
				base->family_count, sizeof(*loader->families.items), err);
	if (!r)
		r = vec_reserve(&loader->helpers.items, &loader->helpers.capacity,
				base->helper_count, sizeof(*loader->helpers.items), err);
	if (r)
		return r;
	memcpy(loader->list.items, base->rules, base->rule_count * sizeof(*loader->list.items));
	loader->list.count = base->rule_count;
	memcpy(loader->families.items, base->families,
	       base->family_count * sizeof(*loader->families.items));
	loader->families.count = base->family_count;
	memcpy(loader->helpers.items, base->helpers,
	       base->helper_count * sizeof(*loader->helpers.items));
	loader->helpers.count = base->helper_count;
	return 0;
}

void rule_loader_release(struct rule_loader *loader)
{
	ksa_rules_free(loader->rules);
	free(loader->files.items);
	free(loader->list.items);
	free(loader->families.items);
	free(loader->helpers.items);
	memset(loader, 0, sizeof(*loader));
}

static int add_file(struct rule_loader *loader, const char *path, struct ksa_error *err)
{
	const char *copy = arena_strdup(&loader->rules->arena, path);

	if (!copy)
		return ksa_fail_nomem(err);
	if (VEC_PUSH_ROOM(&loader->files, err))
		return KSA_ENOMEM;
	loader->files.items[loader->files.count++] = copy;
	return 0;
}

static int is_yaml(const struct dirent *entry)
{
	size_t length = strlen(entry->d_name);

	return entry->d_name[0] != '.' && length > 5 &&
	       strcmp(entry->d_name + length - 5, ".yaml") == 0;
}

/* Bytewise, whatever the locale. */
static int compare_names(const struct dirent **a, const struct dirent **b)
{
	return strcmp((*a)->d_name, (*b)->d_name);
}

static int add_directory(struct rule_loader *loader, const char *dir, struct ksa_error *err)
{
	struct dirent **entries = NULL;
	int n = scandir(dir, &entries, is_yaml, compare_names), r = 0;

	if (n < 0)
		return ksa_fail_at(err, KSA_EIO, dir, 0, "cannot read: %s", strerror(errno));
	if (n > RULE_DIR_FILES)
		r = ksa_fail_at(err, KSA_ELIMIT, dir, 0,
				"has %d files *.yaml, more than the limit of %d", n,
				RULE_DIR_FILES);
	/* A policy that was not checked out must not switch itself off. */
	if (n == 0)
		r = ksa_fail_at(err, KSA_ENODATA, dir, 0, "holds no rule file (*.yaml)");
	for (int i = 0; i < n; i++) {
		const char *path =
			arena_printf(&loader->rules->arena, "%s/%s", dir, entries[i]->d_name);

		if (!r)
			r = path ? add_file(loader, path, err) : ksa_fail_nomem(err);
		free(entries[i]);
	}
	free(entries);
	return r;
}

int rule_loader_add(struct rule_loader *loader, const char *path, struct ksa_error *err)
{
	struct stat st;
	int r = loader_begin(loader, err);

	if (r)
		return r;
	if (stat(path, &st) < 0)
		return ksa_fail_at(err, KSA_EIO, path, 0, "cannot open: %s", strerror(errno));
	return S_ISDIR(st.st_mode) ? add_directory(loader, path, err) : add_file(loader, path, err);
}

enum file_kind {
	FILE_FAMILY,
	FILE_RULE,
	FILE_LEVELS,
	FILE_WAIVERS,
	FILE_MACROS,
	FILE_HELPERS,
	FILE_DOUBLES,
	FILE_VARIABLES,
	FILE_FORECAST,
	FILE_LICENSES,
	FILE_KINDS
};

static enum file_kind kind_of(const char *path)
{
	const char *base = owner_base_name(path);

	if (strncmp(base, "family-", strlen("family-")) == 0)
		return FILE_FAMILY;
	if (strcmp(base, "levels.yaml") == 0)
		return FILE_LEVELS;
	if (strcmp(base, "export-macros.yaml") == 0)
		return FILE_MACROS;
	if (strcmp(base, "call-helpers.yaml") == 0)
		return FILE_HELPERS;
	if (strcmp(base, "test-doubles.yaml") == 0)
		return FILE_DOUBLES;
	if (strcmp(base, "kbuild-variables.yaml") == 0)
		return FILE_VARIABLES;
	if (strcmp(base, "forecast.yaml") == 0)
		return FILE_FORECAST;
	if (strcmp(base, "licenses.yaml") == 0)
		return FILE_LICENSES;
	return strncmp(base, "waivers", strlen("waivers")) == 0 ? FILE_WAIVERS : FILE_RULE;
}

static int read_family(struct rule_loader *loader, const char *path, struct ksa_error *err)
{
	struct ksa_family family = {.name = NULL};
	int r = families_read_file(path, &loader->rules->arena, &family, err);

	for (size_t i = 0; i < loader->families.count && !r; i++) {
		if (strcmp(loader->families.items[i].name, family.name) != 0)
			continue;
		loader->families.items[i] = family;
		return 0;
	}
	if (!r)
		r = VEC_PUSH_ROOM(&loader->families, err);
	if (!r)
		loader->families.items[loader->families.count++] = family;
	return r;
}

/* What the readers below may look names up in. */
static struct ksa_rules known(const struct rule_loader *loader)
{
	return (struct ksa_rules){.rules = loader->list.items,
				  .rule_count = loader->list.count,
				  .families = loader->families.items,
				  .family_count = loader->families.count};
}

static int read_rule(struct rule_loader *loader, const char *path, struct ksa_error *err)
{
	const struct ksa_rules set = known(loader);
	struct ksa_rule rule = {.id = NULL};
	struct ksa_rule *place = NULL;
	int r = rules_read_known(path, &set, &loader->rules->arena, &rule, err);

	for (size_t i = 0; i < loader->list.count && !r; i++) {
		struct ksa_rule *other = &loader->list.items[i];

		if (strcmp(other->id, rule.id) == 0)
			place = other;
		else if (strcmp(other->slug, rule.slug) == 0)
			r = ksa_fail_at(err, KSA_EUSAGE, path, 0,
					"has the slug of '%s', choose another one", other->id);
	}
	if (r)
		return r;
	if (!rule.when && !rule_find(rule.id))
		return ksa_fail_at(
			err, KSA_EUSAGE, path, 0,
			"has the id '%s', which no rule of ksymaudit has: a rule of your "
			"own starts with other letters than KSA",
			rule.id);
	/* Other words change nothing of what a check of ours means. */
	if (!rule.effect.stages && !rule.when)
		rule.effect = rule_find(rule.id)->effect;
	if (place) {
		*place = rule;
		return 0;
	}
	r = VEC_PUSH_ROOM(&loader->list, err);
	if (!r)
		loader->list.items[loader->list.count++] = rule;
	return r;
}

static struct ksa_rule *find_rule(const struct rule_loader *loader, const char *name)
{
	const struct ksa_rules set = known(loader);
	const struct ksa_rule *rule = rules_find_by_name(&set, name);

	return rule ? &loader->list.items[rule - loader->list.items] : NULL;
}

/* levels.yaml: a level, or off, by rule. */
static int read_levels(struct rule_loader *loader, const char *path, struct ksa_error *err)
{
	static const struct rulefile_field fields[] = {
		{"schema", RULEFILE_TEXT, false},
		{"levels", RULEFILE_MAP, false},
		{NULL, RULEFILE_TEXT, false},
	};
	struct rulefile f = {
		.path = path, .arena = &loader->rules->arena, .err = err, .noun = "list of levels"};
	const struct rulefile_node *n[sizeof(fields) / sizeof(*fields)];
	int r = rulefile_read(&f, RULEFILE_LIMIT);

	if (!r)
		r = rulefile_fields(&f, f.root, fields, n);
	if (!r)
		r = rules_check_head(&f, n[0], NULL);
	if (r)
		return r;
	for (const struct rulefile_node *l = n[1]->child; l && !r; l = l->next) {
		struct rulefile_node place = {.line = l->key_line, .column = l->key_column};
		struct ksa_rule *rule = find_rule(loader, l->key);

		if (!rule)
			return rulefile_fail(&f, &place,
					     "names the rule '%.40s', which is not known", l->key);
		if (l->kind != RULEFILE_TEXT)
			return rulefile_fail(&f, l, "expected text for '%s'", l->key);
		rule->off = strcmp(l->text, "off") == 0;
		if (!rule->off && !rules_level_find(l->text, &rule->level))
			r = rulefile_fail(&f, l,
					  "has the level '%.40s', expected error, warning, note or "
					  "off",
					  l->text);
	}
	return r;
}

/* Only to find what is wrong with it: waivers are given with --waivers. */
static int read_waivers(struct rule_loader *loader, const char *path, struct ksa_error *err)
{
	const struct ksa_rules set = known(loader);
	struct ksa_waivers waivers = {.items = NULL};
	int r = loader->problem ? waivers_read_file(path, &set, &waivers, err) : 0;

	arena_release(&waivers.arena);
	return r;
}

/* The tables that are compiled in: what readers of sources and reviews know is not changed at run
 * time. */
static int read_macros(struct rule_loader *loader, const char *path, struct ksa_error *err)
{
	struct export_macros macros;

	return loader->problem ? export_macros_read_file(path, &loader->rules->arena, &macros, err)
			       : 0;
}

static int read_doubles(struct rule_loader *loader, const char *path, struct ksa_error *err)
{
	struct call_helpers *groups;
	size_t count;

	return loader->problem
		       ? test_doubles_read_file(path, &loader->rules->arena, &groups, &count, err)
		       : 0;
}

static int read_variables(struct rule_loader *loader, const char *path, struct ksa_error *err)
{
	struct kbuild_variables table;

	return loader->problem
		       ? kbuild_variables_read_file(path, &loader->rules->arena, &table, err)
		       : 0;
}

static int read_licenses(struct rule_loader *loader, const char *path, struct ksa_error *err)
{
	struct license_table table;

	return loader->problem ? licenses_read_file(path, &loader->rules->arena, &table, err) : 0;
}

/* More groups of helpers, on top of those there are. */
static int read_helpers(struct rule_loader *loader, const char *path, struct ksa_error *err)
{
	struct call_helpers *groups = NULL;
	size_t count = 0;
	int r = call_helpers_read_file(path, &loader->rules->arena, &groups, &count, err);

	if (!r)
		r = vec_reserve(&loader->helpers.items, &loader->helpers.capacity,
				loader->helpers.count + count, sizeof(*loader->helpers.items), err);
	if (!r && count)
		memcpy(&loader->helpers.items[loader->helpers.count], groups,
		       count * sizeof(*groups));
	loader->helpers.count += r ? 0 : count;
	return r;
}

/* The program's own is compiled in; this is only looked over. */
static int read_forecast(struct rule_loader *loader, const char *path, struct ksa_error *err)
{
	struct forecast_row *rows;
	size_t count;

	return forecast_read_file(path, &loader->rules->arena, &rows, &count, err);
}

typedef int (*file_reader)(struct rule_loader *loader, const char *path, struct ksa_error *err);

static const file_reader file_readers[FILE_KINDS] = {
	[FILE_FAMILY] = read_family,	 [FILE_RULE] = read_rule,
	[FILE_LEVELS] = read_levels,	 [FILE_WAIVERS] = read_waivers,
	[FILE_MACROS] = read_macros,	 [FILE_HELPERS] = read_helpers,
	[FILE_DOUBLES] = read_doubles,	 [FILE_VARIABLES] = read_variables,
	[FILE_FORECAST] = read_forecast, [FILE_LICENSES] = read_licenses,
};

/* Read one file; what is wrong with it goes where problems go. */
static int read_one(struct rule_loader *loader, enum file_kind kind, const char *path,
		    struct ksa_error *err)
{
	struct ksa_error problem = {.code = 0};
	int r;

	if (!loader->problem)
		return file_readers[kind](loader, path, err);
	r = file_readers[kind](loader, path, &problem);
	if (r != KSA_EFORMAT && r != KSA_EUSAGE && r != KSA_ELIMIT) {
		if (r)
			ksa_pass(err, &problem);
		return r;
	}
	loader->problem(loader->ctx, &problem);
	loader->problems++;
	return 0;
}

static int compare_rules(const void *a, const void *b)
{
	const struct ksa_rule *x = a, *y = b;

	return strcmp(x->id, y->id);
}

static int compare_families(const void *a, const void *b)
{
	const struct ksa_family *x = a, *y = b;

	return strcmp(x->name, y->name);
}

int rule_loader_read(struct rule_loader *loader, struct ksa_error *err)
{
	int r = loader_begin(loader, err);

	for (int kind = 0; kind < FILE_KINDS && !r; kind++)
		for (size_t i = 0; i < loader->files.count && !r; i++)
			if ((int)kind_of(loader->files.items[i]) == kind)
				r = read_one(loader, (enum file_kind)kind, loader->files.items[i],
					     err);
	if (r)
		return r;
	qsort(loader->list.items, loader->list.count, sizeof(*loader->list.items), compare_rules);
	qsort(loader->families.items, loader->families.count, sizeof(*loader->families.items),
	      compare_families);
	loader->rules->rule_count = loader->list.count;
	loader->rules->family_count = loader->families.count;
	loader->rules->helper_count = loader->helpers.count;
	loader->rules->rules = take_ptr(loader->list.items);
	loader->rules->families = take_ptr(loader->families.items);
	loader->rules->helpers = take_ptr(loader->helpers.items);
	return 0;
}

int ksa_rules_open(const char *const *dirs, size_t count, struct ksa_rules **out,
		   struct ksa_error *err)
{
	struct rule_loader loader = {.rules = NULL};
	int r = 0;

	*out = NULL;
	for (size_t i = 0; i < count && !r; i++)
		r = rule_loader_add(&loader, dirs[i], err);
	if (!r)
		r = rule_loader_read(&loader, err);
	if (!r)
		*out = take_ptr(loader.rules);
	rule_loader_release(&loader);
	return r;
}

void ksa_rules_free(struct ksa_rules *rules)
{
	union {
		const void *in;
		void *out;
	} list = {.in = NULL}, families = {.in = NULL}, helpers = {.in = NULL};

	if (!rules)
		return;
	list.in = rules->rules;
	families.in = rules->families;
	helpers.in = rules->helpers;
	free(list.out);
	free(families.out);
	free(helpers.out);
	arena_release(&rules->arena);
	free(rules);
}
