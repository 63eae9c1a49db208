// SPDX-License-Identifier: GPL-2.0-or-later
/* Modules that take the place of the kernel's own: what of the kernel that breaks, and what cannot
 * be replaced. */
#include "audit/check/replaces.h"

#include <stdlib.h>
#include <string.h>

#include "audit/check/check.h"
#include "base/cleanup.h"
#include "base/strbuf.h"

#define MAX_NAMED 5

/* The module's own export that stands for the kernel's; NULL: none. */
static const struct ksa_export *counterpart(const struct ksa_module *module,
					    const struct ksa_export *e)
{
	for (size_t i = 0; i < module->export_count; i++)
		if (strcmp(module->exports[i].name, e->name) == 0)
			return &module->exports[i];
	return NULL;
}

static bool has_other_crc(const struct ksa_export *ours, const struct ksa_export *e)
{
	return ours->has_crc && e->has_crc && ours->crc != e->crc;
}

bool check_loses_exports(const struct ksa_kernel *kernel, const struct ksa_module *module)
{
	if (!kernel_find_module(kernel, module->name))
		return false;
	for (size_t i = 0; i < kernel->export_count; i++) {
		const struct ksa_export *e = &kernel->exports[i], *ours;

		if (!owner_is_same(e->owner, module->name))
			continue;
		ours = counterpart(module, e);
		if (!ours || has_other_crc(ours, e))
			return true;
	}
	return false;
}

/* The kernel's modules that use an export and are not replaced themselves; their number. */
static size_t list_users(struct check *c, const struct ksa_export *e, struct strbuf *names)
{
	size_t count = 0;

	for (uint32_t i = 0; i < e->importer_count; i++) {
		const char *user = c->kernel->modules[e->importers[i]].name;

		if (check_is_replaced(c, user) || count++ >= MAX_NAMED)
			continue;
		strbuf_adds(names, count > 1 ? ", " : "");
		strbuf_adds(names, owner_base_name(user));
	}
	return count;
}

static int broken_export(struct check *c, uint32_t index, const struct ksa_export *e,
			 struct ksa_error *err)
{
	const struct ksa_module *m = c->report->modules[index];
	_cleanup_(strbuf_release) struct strbuf names = {0};
	struct provider p = check_find(c, NO_INDEX, e->name);
	struct finding_init init = {
		.rule = RULE_REPLACES_EXPORT, .module = index, .symbol = e->name};
	size_t users;

	if (p.export_ && (c->rebuild || !has_other_crc(p.export_, e)))
		return 0;
	users = list_users(c, e, &names);
	if (!users)
		return 0;
	if (names.failed)
		return ksa_fail_nomem(err);
	init.evidence = report_text(c->report, "%zu %s of the kernel %s it: %s%s", users,
				    users == 1 ? "module" : "modules", users == 1 ? "uses" : "use",
				    names.data, users > MAX_NAMED ? " ..." : "");
	return check_add(c, &init, err, "%s.ko takes the place of the kernel's %s and %s '%s'",
			 m->name, e->owner, p.export_ ? "has another CRC for" : "does not export",
			 e->name);
}

/*
 * mod_sysfs_init(): the last that the loader objects to. Whether what is built in has a directory
 * in /sys/module depends on its parameters, version and driver, which modules.builtin does not
 * name.
 */
static int name_of_builtin(struct check *c, uint32_t index, struct ksa_error *err)
{
	const struct ksa_module *m = c->report->modules[index];
	const struct kernel_module *theirs = kernel_find_module(c->kernel, m->name);
	struct finding_init init = {.rule = RULE_NAME_OF_BUILTIN,
				    .at = KSA_AT_LOAD,
				    .module = index,
				    .uncertain = true};

	if (!theirs || !theirs->builtin || m->is_object || c->state[index].refusal != REFUSAL_NONE)
		return 0;
	init.evidence = report_text(c->report, "modules.builtin has '%s'", theirs->name);
	return check_add(
		c, &init, err,
		"%s: has the name of a built-in module; if /sys/module has that, the loader "
		"says 'module is already loaded'",
		m->name);
}

int check_replaces(struct check *c, struct ksa_error *err)
{
	const struct ksa_kernel *k = c->kernel;
	int r = 0;

	for (uint32_t m = 0; m < c->report->module_count && !r; m++) {
		const struct ksa_module *module = c->report->modules[m];

		r = name_of_builtin(c, m, err);
		if (r || !k->has_imports || !check_loses_exports(k, module))
			continue;
		for (size_t i = 0; i < k->export_count && !r; i++)
			if (owner_is_same(k->exports[i].owner, module->name))
				r = broken_export(c, m, &k->exports[i], err);
	}
	return r;
}
