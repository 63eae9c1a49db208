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

/* The exports of a kernel by the module that has them, where that is one under check as well. */
struct owned {
	uint32_t *first; /* by the kernel's module; NO_INDEX: none */
	uint32_t *next; /* by export: the same module's next one */
};

static void owned_release(struct owned *o)
{
	free(o->first);
	free(o->next);
}

/* The kernel's module of that name; NULL: there is none, or it exports nothing. */
static const struct kernel_module *owner_in(const struct ksa_kernel *k, const struct owned *o,
					    const char *name)
{
	const struct kernel_module *m = kernel_find_module(k, name);

	return m && o->first[m - k->modules] != NO_INDEX ? m : NULL;
}

static bool is_replaced(const struct ksa_kernel *k, struct ksa_module *const *modules, size_t count)
{
	for (size_t m = 0; m < count; m++)
		if (kernel_find_module(k, modules[m]->name))
			return true;
	return false;
}

/* first is NULL where no module takes the place of one of the kernel's. */
static int owned_init(struct owned *o, const struct ksa_kernel *k,
		      struct ksa_module *const *modules, size_t count, struct ksa_error *err)
{
	if (!is_replaced(k, modules, count))
		return 0;
	o->first = malloc((k->module_count + 1) * sizeof(*o->first));
	o->next = malloc((k->export_count + 1) * sizeof(*o->next));
	if (!o->first || !o->next)
		return ksa_fail_nomem(err);
	memset(o->first, 0xff, (k->module_count + 1) * sizeof(*o->first));
	for (size_t i = k->export_count; i-- > 0;) {
		const char *owner = k->exports[i].owner;
		const struct kernel_module *m =
			strcmp(owner, "vmlinux") == 0 ? NULL : kernel_find_module(k, owner);

		o->next[i] = m ? o->first[m - k->modules] : NO_INDEX;
		if (m)
			o->first[m - k->modules] = (uint32_t)i;
	}
	return 0;
}

/* Does the module lack one of the exports of the kernel's module whose place it takes, or have it
 * with another CRC? */
static bool loses_exports(const struct ksa_kernel *k, const struct owned *o,
			  const struct ksa_module *module)
{
	const struct kernel_module *theirs = owner_in(k, o, module->name);
	uint32_t i = theirs ? o->first[theirs - k->modules] : NO_INDEX;

	for (; i != NO_INDEX; i = o->next[i]) {
		const struct ksa_export *e = &k->exports[i], *ours = counterpart(module, e);

		if (!ours || has_other_crc(ours, e))
			return true;
	}
	return false;
}

int check_loses_exports(const struct ksa_kernel *kernel, struct ksa_module *const *modules,
			size_t count, bool *loses, struct ksa_error *err)
{
	_cleanup_(owned_release) struct owned o = {NULL, NULL};
	int r = owned_init(&o, kernel, modules, count, err);

	*loses = false;
	for (size_t m = 0; m < count && !r && o.first && !*loses; m++)
		*loses = loses_exports(kernel, &o, modules[m]);
	return r;
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
	const struct ksa_report *report = c->report;
	_cleanup_(owned_release) struct owned o = {NULL, NULL};
	int r = 0;

	for (uint32_t m = 0; m < report->module_count && !r; m++)
		r = name_of_builtin(c, m, err);
	if (!r && k->has_imports)
		r = owned_init(&o, k, report->modules, report->module_count, err);
	for (uint32_t m = 0; m < report->module_count && !r && o.first; m++) {
		const struct ksa_module *module = report->modules[m];
		uint32_t i = NO_INDEX;

		if (loses_exports(k, &o, module))
			i = o.first[owner_in(k, &o, module->name) - k->modules];
		for (; i != NO_INDEX && !r; i = o.next[i])
			r = broken_export(c, m, &k->exports[i], err);
	}
	return r;
}
