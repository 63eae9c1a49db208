// SPDX-License-Identifier: GPL-2.0-or-later
/* From what modules were built with to what the kernel must have exported. */
#include "read/kernel/versions.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/strbuf.h"
#include "base/vec.h"

#define EXAMPLES    3 /* of symbols with two CRCs, in the notice */
#define MAX_DEPENDS 256 /* that a module's own are looked at for owners; real ones have some 30 */

/* A symbol that has a version in some module. */
struct implied {
	const char *name;
	uint32_t crc;
	const struct ksa_module *module; /* the first one that has it */
	const char **owners; /* modules that all depends so far have in common */
	size_t owner_count;
	bool owners_known; /* those are all that there may be */
	bool disputed;
};

struct table {
	struct ksa_kernel *kernel;
	struct ksa_module *const *modules;
	size_t module_count;
	struct strmap by_name; /* borrows the modules' strings */
	struct strmap exporters; /* the same: symbol -> module, the first one that exports it */
	struct strmap given; /* names of modules with '-' folded to '_' */
	struct implied *items;
	size_t count, capacity;
	size_t without, disputed;
	const char *first_without;
	struct strbuf examples; /* of the disputed ones */
};

static int add_first(struct table *t, const struct ksa_import *import, const struct ksa_module *m,
		     struct ksa_error *err)
{
	struct implied *item;
	int r = VEC_PUSH_ROOM(t, err);

	if (r)
		return r;
	item = &t->items[t->count++];
	*item = (struct implied){.name = import->name, .crc = import->crc, .module = m};
	item->owners_known = m->depends.count <= MAX_DEPENDS;
	if (!item->owners_known)
		return 0;
	item->owners = arena_calloc(&t->kernel->arena, m->depends.count, sizeof(*item->owners));
	if (!item->owners)
		return ksa_fail_nomem(err);
	for (size_t i = 0; i < m->depends.count; i++)
		item->owners[item->owner_count++] = m->depends.items[i];
	return 0;
}

static bool has_dependency(const struct ksa_module *m, const char *name)
{
	for (size_t i = 0; i < m->depends.count; i++)
		if (module_name_compare(m->depends.items[i], name) == 0)
			return true;
	return false;
}

static void add_again(struct table *t, struct implied *item, const struct ksa_import *import,
		      const struct ksa_module *m)
{
	size_t kept = 0;

	for (size_t i = 0; i < item->owner_count; i++)
		if (m->depends.count > MAX_DEPENDS || has_dependency(m, item->owners[i]))
			item->owners[kept++] = item->owners[i];
	item->owner_count = kept;
	if (item->disputed || item->crc == import->crc)
		return;
	item->disputed = true;
	if (t->disputed++ < EXAMPLES)
		strbuf_printf(&t->examples, "%s%s (0x%08x in %s, 0x%08x in %s)",
			      t->disputed > 1 ? ", " : "", item->name, item->crc,
			      item->module->path, import->crc, m->path);
}

static int add_import(struct table *t, const struct ksa_import *import, const struct ksa_module *m,
		      struct ksa_error *err)
{
	uint32_t at = (uint32_t)t->count;
	int added;

	if (!import->has_crc)
		return 0;
	if (strmap_get(&t->by_name, import->name, &at)) {
		add_again(t, &t->items[at], import, m);
		return 0;
	}
	added = strmap_set(&t->by_name, import->name, at);
	return added ? ksa_fail_nomem(err) : add_first(t, import, m, err);
}

static int add_module(struct table *t, const struct ksa_module *m, struct ksa_error *err)
{
	/* modpost looks it up like the others, though no module names it. */
	const struct ksa_import layout = {
		.name = "module_layout", .crc = m->layout_crc, .has_crc = m->has_layout_crc};
	int r = kernel_set_arch(t->kernel, m->arch, m->path, err);

	if (r)
		return r;
	if (!m->has_versions) {
		t->first_without = t->without++ ? t->first_without : m->path;
		return 0;
	}
	for (size_t i = 0; i < m->import_count && !r; i++)
		if (strcmp(m->imports[i].name, layout.name) != 0)
			r = add_import(t, &m->imports[i], m, err);
	return r ? r : add_import(t, &layout, m, err);
}

/* One release, if all modules have the same; their names may differ where versions decide. */
static int set_release(struct ksa_kernel *kernel, struct ksa_module *const *modules, size_t count,
		       struct ksa_error *err)
{
	const char *magic = modules[0]->vermagic;
	_cleanup_free_ char *release = NULL;
	int r;

	for (size_t i = 1; i < count && magic; i++)
		if (!modules[i]->vermagic || strcmp(modules[i]->vermagic, magic) != 0)
			return kernel_add_notice(kernel, err,
						 "the modules were not built for one kernel: the "
						 "vermagic of %s is '%s', that of %s '%s'",
						 modules[0]->path, magic, modules[i]->path,
						 modules[i]->vermagic ? modules[i]->vermagic
								      : "none");
	if (!magic)
		return 0;
	release = strndup(magic, strcspn(magic, " "));
	if (!release)
		return ksa_fail_nomem(err);
	r = kernel_set_release(kernel, release, modules[0]->path, err);
	if (!r)
		r = kernel_set_vermagic(kernel, magic, err);
	if (!r && *kernel->release)
		kernel->label = kernel->release;
	return r;
}

/* Which modules there are, and what they export: those say whether it is they who own a symbol. */
static int index_modules(struct table *t, struct ksa_error *err)
{
	for (size_t i = 0; i < t->module_count; i++) {
		const struct ksa_module *m = t->modules[i];
		uint32_t index = (uint32_t)i;
		char folded[256], *name;

		module_fold_name(m->name, folded, sizeof(folded));
		name = arena_strdup(&t->kernel->arena, folded);
		if (!name || strmap_set(&t->given, name, index))
			return ksa_fail_nomem(err);
		for (size_t k = 0; k < m->export_count; k++)
			if (strmap_add(&t->exporters, m->exports[k].name, &index, NULL) < 0)
				return ksa_fail_nomem(err);
	}
	return 0;
}

/* One of the modules that all importers depend on, or vmlinux. */
static const char *owner_of(const struct table *t, const struct implied *item)
{
	const char *exporter = NULL;
	uint32_t index;

	if (!item->owners_known)
		return UNKNOWN_OWNER;
	if (strmap_get(&t->exporters, item->name, &index))
		exporter = t->modules[index]->name;
	for (size_t i = 0; i < item->owner_count && exporter; i++)
		if (module_name_compare(item->owners[i], exporter) == 0)
			return exporter;
	for (size_t i = 0; i < item->owner_count; i++) {
		char folded[256];

		module_fold_name(item->owners[i], folded, sizeof(folded));
		if (!strmap_get(&t->given, folded, &index))
			return UNKNOWN_OWNER;
	}
	return "vmlinux";
}

static int give_exports(struct table *t, uint32_t source, struct ksa_error *err)
{
	int r = 0;

	for (size_t i = 0; i < t->count && !r; i++) {
		const struct implied *item = &t->items[i];
		const struct ksa_export e = {
			.name = item->name,
			.owner = owner_of(t, item),
			.crc = item->disputed ? 0 : item->crc,
			.has_crc = !item->disputed,
			.source = source,
		};

		r = kernel_add_export(t->kernel, &e, err);
	}
	return r;
}

static int say_rest(struct table *t, struct ksa_error *err)
{
	int r = 0;

	if (t->disputed)
		r = kernel_add_notice(
			t->kernel, err,
			"the modules do not agree on the CRC of %zu symbol%s, which is left "
			"out: %s%s",
			t->disputed, t->disputed == 1 ? "" : "s", strbuf_string(&t->examples),
			t->disputed > EXAMPLES ? ", ..." : "");
	if (!r && t->without)
		r = kernel_add_notice(t->kernel, err,
				      "%zu of %zu modules have no symbol versions (first: %s)",
				      t->without, t->module_count, t->first_without);
	return r;
}

static int fill(struct table *t, struct ksa_error *err)
{
	uint32_t source = 0;
	int r = kernel_add_source(t->kernel, t->kernel->spec, SOURCE_VERSIONS, &source, err);

	for (size_t i = 0; i < t->module_count && !r; i++)
		r = add_module(t, t->modules[i], err);
	if (!r && !t->count)
		return ksa_fail_at(err, KSA_ENODATA, t->kernel->spec, 0,
				   "no symbol versions: built for a kernel without "
				   "CONFIG_MODVERSIONS, or not seen by modpost yet");
	if (!r)
		r = set_release(t->kernel, t->modules, t->module_count, err);
	if (!r)
		r = index_modules(t, err);
	if (!r)
		r = give_exports(t, source, err);
	if (!r && t->examples.failed)
		r = ksa_fail_nomem(err);
	if (!r)
		r = say_rest(t, err);
	return r ? r : kernel_seal(t->kernel, err);
}

int versions_kernel(struct ksa_module *const *modules, size_t count, struct ksa_kernel **out,
		    struct ksa_error *err)
{
	struct table t = {.modules = modules, .module_count = count};
	char spec[64];
	int r;

	*out = NULL;
	snprintf(spec, sizeof(spec), "the versions of %zu modules", count);
	r = kernel_new(count == 1 ? modules[0]->path : spec, &t.kernel, err);
	if (!r)
		r = fill(&t, err);
	strmap_release(&t.by_name);
	strmap_release(&t.exporters);
	strmap_release(&t.given);
	strbuf_release(&t.examples);
	free(t.items);
	if (r)
		ksa_kernel_free(t.kernel);
	else
		*out = t.kernel;
	return r;
}
