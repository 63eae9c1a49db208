// SPDX-License-Identifier: GPL-2.0-or-later
#include "audit/modules.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/strbuf.h"
#include "base/vec.h"
#include "model/license.h"

/* More license strings than that are counted, not shown. */
#define MAX_SHOWN 4
#define MAX_ID	  128

/* The one class of a symbol, and whether it is for named modules; unknown where exports differ. */
struct imported {
	bool found, reserved;
	enum ksa_class cls;
};

struct judging {
	struct inventory *inventory;
	const struct ksa_kernel *kernel;
	struct strmap by_export; /* symbol -> index in provided */
	struct imported *provided; /* what the items export themselves; malloc'd */
	/* The strings of a module, each behind its length, as it may have any byte, -> index. */
	struct strmap by_license;
	struct intern names; /* of ids that are taken */
	size_t license_capacity;
};

static void release_judging(struct judging *j)
{
	strmap_release(&j->by_export);
	free(j->provided);
	strmap_release(&j->by_license);
	intern_release(&j->names);
}

/* The id, of length bytes in a buffer of size, or with the first number behind it that is free. */
static int take_id(struct judging *j, char *id, size_t length, size_t size, const char **out)
{
	const char *base = NULL;

	for (;;) {
		size_t before = j->names.map.count;
		uint32_t n = INTERN_NO_VALUE;

		*out = intern_string(&j->names, id);
		if (!*out)
			return KSA_ENOMEM;
		if (j->names.map.count > before)
			return 0;
		/* The value of the one without a number is the number that was given last. */
		base = base ? base : *out;
		strmap_get(&j->names.map, base, &n);
		n = n == INTERN_NO_VALUE ? 2 : n + 1;
		if (strmap_set(&j->names.map, base, n))
			return KSA_ENOMEM;
		snprintf(id + length, size - length, "-%u", n);
	}
}

/* The path with what an id may not hold made '-': "kernel-fs-ext4-ext4.ko". */
static int give_id(struct judging *j, struct inventory_item *item, struct ksa_error *err)
{
	char id[MAX_ID + 24];
	size_t length = strlen(item->path), skip = length > MAX_ID ? length - MAX_ID : 0;

	for (size_t i = skip; i <= length; i++) {
		char c = item->path[i];
		bool plain = !c || (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') ||
			     (c >= 'A' && c <= 'Z') || c == '.';

		id[i - skip] = plain ? c : '-';
	}
	length -= skip;
	return take_id(j, id, length, sizeof(id), &item->id) ? ksa_fail_nomem(err) : 0;
}

/* Each string once, in the order of the file. */
static int collect_strings(struct judging *j, const struct string_list *given,
			   struct inventory_license *out, struct ksa_error *err)
{
	const char **strings =
		arena_calloc(&j->inventory->arena, given->count + 1, sizeof(*strings));
	struct strmap seen = {NULL, 0, 0};
	int added = 0;

	if (!strings)
		return ksa_fail_nomem(err);
	for (size_t i = 0; i < given->count && added >= 0; i++) {
		uint32_t value = 0;

		added = strmap_add(&seen, given->items[i], &value, NULL);
		if (added > 0)
			strings[out->count++] = given->items[i];
	}
	out->strings = strings;
	strmap_release(&seen);
	return added < 0 ? ksa_fail_nomem(err) : 0;
}

static int describe_license(struct judging *j, const struct ksa_module *module,
			    struct inventory_license *l, struct ksa_error *err)
{
	_cleanup_(strbuf_release) struct strbuf text = {NULL, 0, 0, false};
	_cleanup_(strbuf_release) struct strbuf spdx = {NULL, 0, 0, false};
	bool certain = l->count > 0;

	for (size_t i = 0; i < l->count; i++) {
		const char *expression = license_spdx(l->strings[i]);

		if (i < MAX_SHOWN)
			strbuf_printf(&text, "%s%s", i ? " + " : "", l->strings[i]);
		certain = certain && expression;
		if (certain)
			strbuf_printf(&spdx, "%s%s", i ? " AND " : "", expression);
	}
	if (l->count > MAX_SHOWN)
		strbuf_printf(&text, " + %zu more", l->count - MAX_SHOWN);
	l->at_build = module_is_compatible_at_build(module);
	l->at_load = module_is_compatible_at_load(module);
	l->text = arena_strdup(&j->inventory->arena, strbuf_string(&text));
	l->spdx = certain ? arena_strdup(&j->inventory->arena, strbuf_string(&spdx)) : NULL;
	if (!l->text || (certain && !l->spdx) || text.failed || spdx.failed)
		return ksa_fail_nomem(err);
	return 0;
}

static int take_license(struct judging *j, struct inventory_item *item, struct ksa_error *err)
{
	_cleanup_(strbuf_release) struct strbuf key = {NULL, 0, 0, false};
	struct inventory *inventory = j->inventory;
	struct inventory_license license = {.count = 0};
	const char *kept;
	int r = collect_strings(j, &item->module->licenses, &license, err);

	for (size_t i = 0; i < license.count && !r; i++)
		strbuf_printf(&key, "%zu %s\n", strlen(license.strings[i]), license.strings[i]);
	if (r || key.failed)
		return r ? r : ksa_fail_nomem(err);
	if (!strmap_get(&j->by_license, strbuf_string(&key), &item->license)) {
		r = vec_reserve(&inventory->licenses, &j->license_capacity,
				inventory->license_count + 1, sizeof(license), err);
		if (!r)
			r = describe_license(j, item->module, &license, err);
		kept = r ? NULL : arena_strdup(&inventory->arena, strbuf_string(&key));
		item->license = (uint32_t)inventory->license_count;
		if (r || !kept || strmap_set(&j->by_license, kept, item->license))
			return r ? r : ksa_fail_nomem(err);
		inventory->licenses[inventory->license_count++] = license;
	}
	inventory->licenses[item->license].modules++;
	return 0;
}

/*
 * What load_module() adds by the module alone (kernel/module/main.c: check_modinfo,
 * module_augment_kernel_taints): P, O, C, E, K and N. E is of kernels that check signatures, as
 * those of distributions do.
 */
static void find_taints(struct inventory_item *item)
{
	const struct ksa_module *m = item->module;
	char *at = item->taints;

	if (m->builtin)
		return;
	if (!module_is_compatible_at_load(m))
		*at++ = 'P';
	if (!m->in_tree)
		*at++ = 'O';
	if (m->staging)
		*at++ = 'C';
	if (!m->is_signed)
		*at++ = 'E';
	if (m->livepatch)
		*at++ = 'K';
	if (m->test)
		*at++ = 'N';
}

static void count_exports(struct inventory_item *item)
{
	for (size_t i = 0; i < item->module->export_count; i++) {
		const struct ksa_export *e = &item->module->exports[i];

		if (namespace_is_reserved(e->ns))
			item->exports.reserved++;
		else if (e->cls == KSA_CLASS_PLAIN)
			item->exports.plain++;
		else if (e->cls == KSA_CLASS_GPL)
			item->exports.gpl++;
		else
			item->exports.other++;
	}
}

static void see_export(struct imported *imported, const struct ksa_export *e)
{
	bool reserved = namespace_is_reserved(e->ns);

	if (imported->found && (imported->cls != e->cls || imported->reserved != reserved))
		*imported = (struct imported){.found = true, .cls = KSA_CLASS_UNKNOWN};
	else
		*imported = (struct imported){true, reserved, (enum ksa_class)e->cls};
}

static int index_exports(struct judging *j, struct ksa_error *err)
{
	size_t count = 0;

	for (size_t i = 0; i < j->inventory->count; i++)
		count += j->inventory->items[i].module->export_count;
	j->provided = calloc(count + 1, sizeof(*j->provided));
	if (!j->provided)
		return ksa_fail_nomem(err);
	for (size_t i = 0; i < j->inventory->count; i++) {
		const struct ksa_module *m = j->inventory->items[i].module;

		for (size_t k = 0; k < m->export_count; k++) {
			uint32_t at = (uint32_t)j->by_export.count;

			if (strmap_add(&j->by_export, m->exports[k].name, &at, NULL) < 0)
				return ksa_fail_nomem(err);
			see_export(&j->provided[at], &m->exports[k]);
		}
	}
	return 0;
}

static struct imported find_import(const struct judging *j, const char *symbol)
{
	struct imported imported = {.found = false};
	size_t count = 0;
	const struct ksa_export *e = kernel_find_exports(j->kernel, symbol, &count);
	uint32_t at;

	for (size_t i = 0; i < count; i++)
		see_export(&imported, &e[i]);
	if (!imported.found && strmap_get(&j->by_export, symbol, &at))
		imported = j->provided[at];
	/* What nobody promises may be exported all the same. */
	if (!imported.found && j->kernel->promised)
		imported = (struct imported){.found = true, .cls = KSA_CLASS_UNKNOWN};
	return imported;
}

static void count_import(struct inventory_item *item, const struct imported *imported,
			 const char *symbol)
{
	struct inventory_imports *n = &item->imports;

	if (!imported->found) {
		n->missing++;
	} else if (imported->reserved) {
		n->reserved++;
		item->reserved.items[item->reserved.count++] = symbol;
	} else if (imported->cls == KSA_CLASS_GPL) {
		n->gpl++;
		item->gpl_only.items[item->gpl_only.count++] = symbol;
	} else if (imported->cls == KSA_CLASS_PLAIN) {
		n->plain++;
	} else if (imported->cls == KSA_CLASS_UNKNOWN) {
		n->unknown++;
	} else {
		n->other++;
	}
}

static int compare_symbols(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* A weak import that nobody exports is not missing: it is NULL then. */
static int count_imports(const struct judging *j, struct inventory_item *item,
			 struct ksa_error *err)
{
	const struct ksa_module *m = item->module;
	struct arena *arena = &j->inventory->arena;

	item->imports.all = m->import_count;
	if (!j->kernel) {
		item->imports.unknown = m->import_count;
		return 0;
	}
	item->gpl_only.items = arena_calloc(arena, m->import_count + 1, sizeof(char *));
	item->reserved.items = arena_calloc(arena, m->import_count + 1, sizeof(char *));
	if (!item->gpl_only.items || !item->reserved.items)
		return ksa_fail_nomem(err);
	for (size_t i = 0; i < m->import_count; i++) {
		const struct imported imported = find_import(j, m->imports[i].name);

		if (!imported.found && m->imports[i].weak)
			item->imports.other++;
		else
			count_import(item, &imported, m->imports[i].name);
	}
	/* A module has them in the order of its symbol table, which a rebuild may change. */
	qsort(item->gpl_only.items, item->gpl_only.count, sizeof(char *), compare_symbols);
	qsort(item->reserved.items, item->reserved.count, sizeof(char *), compare_symbols);
	return 0;
}

/* Modules by license, the most frequent license first. */
struct place {
	const struct inventory_license *license;
	uint32_t from;
};

static int compare_places(const void *a, const void *b)
{
	const struct inventory_license *x = ((const struct place *)a)->license,
				       *y = ((const struct place *)b)->license;

	if (x->modules != y->modules)
		return x->modules < y->modules ? 1 : -1;
	return strcmp(x->text, y->text);
}

static int sort_licenses(struct inventory *inventory, struct ksa_error *err)
{
	size_t n = inventory->license_count;
	_cleanup_free_ struct place *places = calloc(n + 1, sizeof(*places));
	_cleanup_free_ uint32_t *to = calloc(n + 1, sizeof(*to));
	struct inventory_license *sorted = calloc(n + 1, sizeof(*sorted));

	if (!places || !to || !sorted) {
		free(sorted);
		return ksa_fail_nomem(err);
	}
	for (size_t i = 0; i < n; i++)
		places[i] = (struct place){&inventory->licenses[i], (uint32_t)i};
	qsort(places, n, sizeof(*places), compare_places);
	for (size_t i = 0; i < n; i++) {
		sorted[i] = *places[i].license;
		to[places[i].from] = (uint32_t)i;
	}
	for (size_t i = 0; i < inventory->count; i++)
		inventory->items[i].license = to[inventory->items[i].license];
	free(inventory->licenses);
	inventory->licenses = sorted;
	return 0;
}

/* What is to be known of the kernel, beside its exports: that it is a list of what is promised. */
static int take_notices(struct inventory *inventory, const struct ksa_kernel *kernel,
			struct ksa_error *err)
{
	int r = 0;

	for (size_t i = 0; kernel && i < kernel->notice_count && !r; i++)
		r = vec_add_text(&inventory->notices, &inventory->notice_count,
				 &inventory->notice_capacity,
				 arena_printf(&inventory->arena, "%s: %s", kernel->label,
					      kernel->notices[i]),
				 err);
	return r;
}

int modules_judge(struct inventory *inventory, const struct ksa_kernel *kernel,
		  struct ksa_error *err)
{
	_cleanup_(release_judging) struct judging j = {.inventory = inventory, .kernel = kernel};
	int r;

	j.names.arena = &inventory->arena;
	inventory->kernel = kernel;
	r = kernel ? index_exports(&j, err) : 0;
	if (!r)
		r = take_notices(inventory, kernel, err);
	for (size_t i = 0; i < inventory->count && !r; i++) {
		struct inventory_item *item = &inventory->items[i];

		find_taints(item);
		count_exports(item);
		inventory->in_tree += item->module->in_tree;
		inventory->builtin += item->module->builtin;
		inventory->signed_ += item->module->is_signed;
		r = give_id(&j, item, err);
		if (!r)
			r = take_license(&j, item, err);
		if (!r)
			r = count_imports(&j, item, err);
	}
	return r ? r : sort_licenses(inventory, err);
}
