// SPDX-License-Identifier: GPL-2.0-or-later
/* What is to be said where a list of exports is made for modules. */
#include "audit/used_by.h"

#include "base/cleanup.h"
#include "base/strbuf.h"

#define SHOWN 20 /* names in a sentence */

/* Names in a row, the first of them. */
struct names {
	struct strbuf text;
	size_t count;
};

static void names_release(struct names *n)
{
	strbuf_release(&n->text);
}

static void add_name(struct names *n, const char *name, const char *module)
{
	if (n->count++ >= SHOWN)
		return;
	strbuf_printf(&n->text, "%s%s", n->count > 1 ? ", " : "", name);
	if (module)
		strbuf_printf(&n->text, " (%s.ko)", module);
}

static int say(struct ksa_kernel *kernel, struct names *n, const char *before,
	       struct ksa_error *err)
{
	if (!n->count)
		return 0;
	if (n->count > SHOWN)
		strbuf_printf(&n->text, " and %zu more", n->count - SHOWN);
	if (n->text.failed)
		return ksa_fail_nomem(err);
	return kernel_add_notice(kernel, err, "%s: %s", before, strbuf_string(&n->text));
}

static const struct ksa_export *find(const struct ksa_kernel *kernel, const char *name)
{
	size_t count;

	return kernel_find_exports(kernel, name, &count);
}

int used_by_note_missing(struct ksa_kernel *kernel, const struct import_set *set,
			 struct ksa_error *err)
{
	_cleanup_(names_release) struct names n = {.count = 0};
	_cleanup_(strmap_release) struct strmap said = {NULL, 0, 0};

	for (size_t m = 0; m < set->module_count; m++) {
		const struct ksa_module *module = set->modules[m];

		for (size_t i = 0; i < module->import_count; i++) {
			const struct ksa_import *import = &module->imports[i];
			uint32_t value = 0;
			int added;

			if (import->weak || !import_set_has(set, import->name, NULL) ||
			    find(kernel, import->name))
				continue;
			added = strmap_add(&said, import->name, &value, NULL);
			if (added < 0)
				return ksa_fail_nomem(err);
			if (added)
				add_name(&n, import->name, module->name);
		}
	}
	return say(kernel, &n, "imported by the modules, not exported and left out", err);
}

int used_by_note_kept(struct ksa_kernel *kernel, const struct ksa_symbol_list *kept,
		      struct ksa_error *err)
{
	_cleanup_(names_release) struct names gone = {.count = 0}, other = {.count = 0};
	_cleanup_(strbuf_release) struct strbuf before = {NULL, 0, 0, false};
	int r;

	for (size_t i = 0; i < kept->count; i++) {
		const struct listed_symbol *s = &kept->items[i];
		const struct ksa_export *e = find(kernel, s->name);

		/* Each name once: where it stands first. */
		if (symbol_list_find(kept, s->name) != s)
			continue;
		if (!e)
			add_name(&gone, s->name, NULL);
		else if (s->has_crc && e->has_crc && s->crc != e->crc)
			add_name(&other, s->name, NULL);
	}
	strbuf_printf(&before, "%s: stays there, and this kernel does not export it",
		      kept->files[0].path);
	r = say(kernel, &gone, strbuf_string(&before), err);
	strbuf_reset(&before);
	strbuf_printf(&before, "%s: stays there with another CRC than this kernel's",
		      kept->files[0].path);
	return r ? r : say(kernel, &other, strbuf_string(&before), err);
}
