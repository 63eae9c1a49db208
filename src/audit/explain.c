// SPDX-License-Identifier: GPL-2.0-or-later
/* What is known of a name: rules and families first, then what kernels export, then licenses. */
#include "audit/explain.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/cleanup.h"
#include "base/nearest.h"
#include "base/vec.h"
#include "model/license.h"
#include "model/shipped.h"

const char *explain_kind_name(enum explain_kind kind)
{
	static const char *const names[EXPLAIN_KINDS] = {
		[EXPLAIN_RULE] = "rule",       [EXPLAIN_FAMILY] = "family",
		[EXPLAIN_SYMBOL] = "symbol",   [EXPLAIN_LICENSE] = "license",
		[EXPLAIN_UNKNOWN] = "unknown",
	};

	return kind < EXPLAIN_KINDS ? names[kind] : "unknown";
}

/* A string that somebody may have written into MODULE_LICENSE(): no symbol looks like it. */
static bool is_license(const char *name)
{
	for (size_t i = 0; i < licenses_builtin.count; i++)
		if (strcasecmp(name, licenses_builtin.items[i].license) == 0)
			return true;
	if (strchr(name, '_'))
		return false;
	return license_nearest(name) || name[strcspn(name, " /+()")] || strcasestr(name, "gpl") ||
	       strcasestr(name, "apache") || strcasestr(name, "license");
}

enum explain_kind explain_kind_of(const struct ksa_rules *rules, const char *name)
{
	if (rules_find_by_name(rules, name))
		return EXPLAIN_RULE;
	if (rules_family(rules, name))
		return EXPLAIN_FAMILY;
	return is_license(name) ? EXPLAIN_LICENSE : EXPLAIN_SYMBOL;
}

static bool is_glob(const char *s)
{
	return s[strcspn(s, "*?[")] != '\0';
}

static bool is_listed(const char *const *list, const char *name)
{
	for (; list && *list; list++)
		if (strcmp(*list, name) == 0)
			return true;
	return false;
}

/* Call take for each list of symbols that a family has. false ends it. */
static bool each_list(const struct ksa_family *family,
		      bool (*take)(void *ctx, const char *const *list), void *ctx)
{
	bool more = take(ctx, family->members);

	for (size_t i = 0; i < family->class_count && more; i++)
		more = take(ctx, family->classes[i].symbols);
	for (size_t i = 0; i < family->step_count && more; i++) {
		more = take(ctx, family->steps[i].symbols);
		if (more && family->steps[i].became)
			more = take(ctx, family->steps[i].became);
	}
	return more;
}

static bool is_not_in(void *name, const char *const *list)
{
	return !is_listed(list, name);
}

static bool is_named(const struct ksa_rules *rules, const char *name)
{
	union {
		const char *in;
		void *out;
	} ctx = {.in = name};

	for (size_t i = 0; i < rules->family_count; i++)
		if (!each_list(&rules->families[i], is_not_in, ctx.out))
			return true;
	return false;
}

/* What each kernel has of the symbol, and what the page's families expect there. */
static int fill_symbol(struct explain_page *page, struct explain_symbol *symbol,
		       struct ksa_error *err)
{
	symbol->places = arena_calloc(&page->arena, page->kernel_count, sizeof(*symbol->places));
	if (!symbol->places)
		return ksa_fail_nomem(err);
	for (size_t k = 0; k < page->kernel_count; k++) {
		const struct ksa_kernel *kernel = page->kernels[k];
		const struct family_place where = {kernel->release, kernel->arch};
		struct explain_place *place = &symbol->places[k];

		place->items = kernel_find_exports(kernel, symbol->name, &place->count);
		place->unknown = !place->count && (!kernel->has_image || !kernel->has_modules);
		for (size_t f = 0; f < page->family_count && !place->expected; f++) {
			place->expected = family_expect(page->families[f], symbol->name, &where);
			place->starts = place->expected &&
					family_knows_start(page->families[f], place->expected,
							   symbol->name);
		}
	}
	return 0;
}

/* The steps that are about the name; NULL: all. Of all families, as what replaces a symbol may be
 * in another one. */
static int find_steps(struct explain_page *page, const struct ksa_rules *rules, const char *name,
		      struct ksa_error *err)
{
	size_t room = 0;

	for (size_t f = 0; f < rules->family_count; f++)
		room += rules->families[f].step_count;
	page->steps = arena_calloc(&page->arena, room, sizeof(*page->steps));
	if (!page->steps)
		return ksa_fail_nomem(err);
	for (size_t f = 0; f < rules->family_count; f++) {
		const struct ksa_family *family = &rules->families[f];

		if (!name && family != page->families[0])
			continue;
		for (size_t i = 0; i < family->step_count; i++) {
			const struct family_step *step = &family->steps[i];

			if (!name || family_names(step->symbols, name) ||
			    is_listed(step->became, name))
				page->steps[page->step_count++] =
					(struct explain_step){family, step};
		}
	}
	return 0;
}

static int compare_strings(const void *a, const void *b)
{
	const char *const *x = a, *const *y = b;

	return strcmp(*x, *y);
}

/* Sorted, each once. */
static size_t sort_strings(const char **items, size_t count)
{
	size_t kept = 0;

	if (count)
		qsort(items, count, sizeof(*items), compare_strings);
	for (size_t i = 0; i < count; i++)
		if (!kept || strcmp(items[kept - 1], items[i]) != 0)
			items[kept++] = items[i];
	return kept;
}

/* The users of all symbols of the page in kernel k. */
static int find_users_in(struct explain_page *page, size_t k, struct ksa_error *err)
{
	const struct ksa_kernel *kernel = page->kernels[k];
	_cleanup_free_ bool *uses = calloc(kernel->module_count + 1, sizeof(*uses));
	struct explain_users *users = &page->users[k];
	const char **image;
	uint32_t *modules;
	size_t room = 0;

	for (size_t s = 0; s < page->symbol_count; s++)
		for (size_t i = 0; i < page->symbols[s].places[k].count; i++)
			room += page->symbols[s].places[k].items[i].image_user_count;
	image = arena_calloc(&page->arena, room, sizeof(*image));
	modules = arena_calloc(&page->arena, kernel->module_count, sizeof(*modules));
	if (!uses || !image || !modules)
		return ksa_fail_nomem(err);
	room = 0;
	for (size_t s = 0; s < page->symbol_count; s++) {
		const struct explain_place *place = &page->symbols[s].places[k];

		for (size_t i = 0; i < place->count; i++) {
			const struct ksa_export *e = &place->items[i];

			for (uint32_t m = 0; m < e->importer_count; m++)
				uses[e->importers[m]] = true;
			for (uint32_t u = 0; u < e->image_user_count; u++)
				image[room++] = e->image_users[u];
		}
	}
	for (size_t m = 0; m < kernel->module_count; m++)
		if (uses[m])
			modules[users->module_count++] = (uint32_t)m;
	users->modules = modules;
	users->image = image;
	users->image_count = sort_strings(image, room);
	return 0;
}

static int find_users(struct explain_page *page, struct ksa_error *err)
{
	int r = 0;

	page->users = arena_calloc(&page->arena, page->kernel_count, sizeof(*page->users));
	if (!page->users)
		return ksa_fail_nomem(err);
	for (size_t k = 0; k < page->kernel_count && !r; k++)
		r = find_users_in(page, k, err);
	return r;
}

static int explain_symbol(struct explain_page *page, const struct ksa_rules *rules,
			  struct ksa_error *err)
{
	page->families = arena_calloc(&page->arena, rules->family_count, sizeof(*page->families));
	page->symbols = arena_calloc(&page->arena, 1, sizeof(*page->symbols));
	if (!page->families || !page->symbols)
		return ksa_fail_nomem(err);
	for (size_t f = 0; f < rules->family_count; f++)
		if (family_names(rules->families[f].members, page->name))
			page->families[page->family_count++] = &rules->families[f];
	page->symbols[0].name = page->name;
	page->symbol_count = 1;
	if (find_steps(page, rules, page->name, err))
		return KSA_ENOMEM;
	return fill_symbol(page, &page->symbols[0], err);
}

/* The names of a family while they are collected. */
struct names {
	const struct ksa_family *family;
	struct strmap seen;
	const char **items;
	size_t count, capacity;
	bool failed;
};

static void add_name(struct names *names, const char *name)
{
	uint32_t value = 0;
	int added = strmap_add(&names->seen, name, &value, NULL);

	names->failed = names->failed || added < 0;
	if (added <= 0)
		return;
	if (VEC_PUSH_ROOM(names, NULL))
		names->failed = true;
	else
		names->items[names->count++] = name;
}

static bool add_list(void *ctx, const char *const *list)
{
	struct names *names = ctx;

	for (; list && *list; list++)
		if (!is_glob(*list) && family_names(names->family->members, *list))
			add_name(names, *list);
	return !names->failed;
}

/* Members by name, and what the kernels export of the patterns. */
static void collect(const struct explain_page *page, struct names *names)
{
	each_list(names->family, add_list, names);
	for (size_t k = 0; k < page->kernel_count; k++)
		for (size_t i = 0; i < page->kernels[k]->export_count; i++)
			if (family_names(names->family->members, page->kernels[k]->exports[i].name))
				add_name(names, page->kernels[k]->exports[i].name);
	if (names->count)
		qsort(names->items, names->count, sizeof(*names->items), compare_strings);
}

static int explain_family(struct explain_page *page, const struct ksa_rules *rules,
			  struct ksa_error *err)
{
	struct names names = {.family = rules_family(rules, page->name)};
	int r = 0;

	page->families = arena_calloc(&page->arena, 1, sizeof(*page->families));
	if (!page->families)
		return ksa_fail_nomem(err);
	page->families[0] = names.family;
	page->family_count = 1;
	collect(page, &names);
	page->symbols = arena_calloc(&page->arena, names.count, sizeof(*page->symbols));
	if (names.failed || !page->symbols)
		r = ksa_fail_nomem(err);
	for (size_t i = 0; i < names.count && !r; i++) {
		page->symbols[i].name = names.items[i];
		r = fill_symbol(page, &page->symbols[i], err);
	}
	page->symbol_count = names.count;
	free(names.items);
	strmap_release(&names.seen);
	return r ? r : find_steps(page, rules, NULL, err);
}

static bool add_near(void *ctx, const char *const *list)
{
	for (; list && *list; list++)
		if (!is_glob(*list))
			nearest_add(ctx, *list);
	return true;
}

static int find_nearest(struct explain_page *page, const struct ksa_rules *rules,
			struct ksa_error *err)
{
	struct nearest nearest = {.name = page->name};

	for (size_t i = 0; i < rules->rule_count; i++) {
		nearest_add(&nearest, rules->rules[i].id);
		nearest_add(&nearest, rules->rules[i].slug);
	}
	for (size_t i = 0; i < rules->family_count; i++) {
		nearest_add(&nearest, rules->families[i].name);
		each_list(&rules->families[i], add_near, &nearest);
	}
	for (size_t k = 0; k < page->kernel_count; k++)
		for (size_t i = 0; i < page->kernels[k]->export_count; i++)
			nearest_add(&nearest, page->kernels[k]->exports[i].name);
	page->nearest = arena_calloc(&page->arena, NEAREST_MAX, sizeof(*page->nearest));
	if (!page->nearest)
		return ksa_fail_nomem(err);
	for (size_t i = 0; i < nearest.count; i++)
		page->nearest[page->nearest_count++] = nearest.items[i].name;
	return 0;
}

static void explain_license(struct explain_page *page, const struct ksa_rules *rules)
{
	page->license = license_find(page->name);
	if (page->license && page->license->accepted) {
		page->license_meaning = page->license->meaning;
		return;
	}
	page->rule = rules_get(rules, RULE_UNKNOWN_LICENSE);
	page->license_nearest = license_nearest(page->name);
	if (page->license_nearest)
		page->license_meaning = license_meaning(page->license_nearest);
}

int explain_make(struct explain_page *page, const struct ksa_rules *rules, struct ksa_error *err)
{
	bool known = false;
	size_t count;
	int r;

	page->kind = explain_kind_of(rules, page->name);
	if (page->kind == EXPLAIN_RULE) {
		page->rule = rules_find_by_name(rules, page->name);
		return 0;
	}
	if (page->kind == EXPLAIN_LICENSE) {
		explain_license(page, rules);
		return 0;
	}
	if (page->kind == EXPLAIN_FAMILY) {
		r = explain_family(page, rules, err);
		return r ? r : find_users(page, err);
	}
	known = is_named(rules, page->name) || (page->events && page->events->count);
	for (size_t k = 0; k < page->kernel_count && !known; k++)
		known = kernel_find_exports(page->kernels[k], page->name, &count) != NULL;
	if (known) {
		r = explain_symbol(page, rules, err);
		return r ? r : find_users(page, err);
	}
	page->kind = EXPLAIN_UNKNOWN;
	return find_nearest(page, rules, err);
}

void explain_release(struct explain_page *page)
{
	arena_release(&page->arena);
	memset(page, 0, sizeof(*page));
}
