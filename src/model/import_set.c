// SPDX-License-Identifier: GPL-2.0-or-later
#include "model/import_set.h"

#include <string.h>

#include "base/cleanup.h"

/* One that was given twice is one, and so are several of a name: groups of a list go by it. */
static bool is_other(const struct import_set *set, uint32_t a, uint32_t b)
{
	return a != b && a != NO_INDEX && strcmp(set->modules[a]->name, set->modules[b]->name) != 0;
}

static int add(struct import_set *set, const char *name, uint32_t module, struct ksa_error *err)
{
	uint32_t value = module;

	if (strmap_add(&set->names, name, &value, NULL) < 0)
		return ksa_fail_nomem(err);
	if (is_other(set, value, module) && strmap_set(&set->names, name, NO_INDEX))
		return ksa_fail_nomem(err);
	return 0;
}

static int add_module(struct import_set *set, uint32_t index, const struct strmap *own,
		      struct ksa_error *err)
{
	const struct ksa_module *m = set->modules[index];
	/* The loader looks for it in the kernel's exports as for an import
	 * (check_modstruct_version()). */
	int r = m->has_layout_crc ? add(set, "module_layout", index, err) : 0;

	for (size_t i = 0; i < m->import_count && !r; i++)
		if (!strmap_get(own, m->imports[i].name, NULL))
			r = add(set, m->imports[i].name, index, err);
	return r;
}

int import_set_make(struct import_set *set, struct ksa_module *const *modules, size_t count,
		    struct ksa_error *err)
{
	_cleanup_(strmap_release) struct strmap own = {NULL, 0, 0};
	int r = 0;

	set->modules = modules;
	set->module_count = count;
	for (size_t m = 0; m < count; m++) {
		for (size_t i = 0; i < modules[m]->export_count; i++) {
			uint32_t value = 0;

			if (strmap_add(&own, modules[m]->exports[i].name, &value, NULL) < 0)
				return ksa_fail_nomem(err);
		}
	}
	for (size_t m = 0; m < count && !r; m++)
		r = add_module(set, (uint32_t)m, &own, err);
	return r;
}

void import_set_release(struct import_set *set)
{
	strmap_release(&set->names);
}

bool import_set_has(const struct import_set *set, const char *symbol, uint32_t *module)
{
	return strmap_get(&set->names, symbol, module);
}
