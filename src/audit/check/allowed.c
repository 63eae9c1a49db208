// SPDX-License-Identifier: GPL-2.0-or-later
/* What a module may use of the kernel, by lists of what is promised. */
#include "audit/check/check.h"

#include <string.h>

#include "model/symbol_list.h"

/* Where the kernel has it, as far as that is known. */
static const char *place(const struct check *c, const struct provider *p)
{
	const struct ksa_export *e = p->export_;

	if (!e)
		return "nor is it among the kernel's exports";
	return report_text(c->report, "%s, exported by %s", ksa_class_name((enum ksa_class)e->cls),
			   e->owner);
}

int check_other_promise(struct check *c, uint32_t module, const struct ksa_import *import,
			uint32_t crc, const char *where, struct ksa_error *err)
{
	const struct ksa_module *m = c->report->modules[module];
	struct finding_init init = {
		.rule = RULE_PROMISED_CRC_DIFFERS, .module = module, .symbol = import->name};

	init.evidence = report_text(c->report, "0x%08x in %s.ko, 0x%08x on %s", import->crc,
				    m->name, crc, where);
	return check_add(c, &init, err, "%s.ko has another version of symbol '%s' than is promised",
			 m->name, import->name);
}

int check_not_promised(struct check *c, uint32_t module, const char *symbol, struct ksa_error *err)
{
	struct finding_init init = {.rule = RULE_NOT_ON_LIST, .module = module, .symbol = symbol};

	/* Whether it loads is another question, which the list leaves open. */
	c->state[module].unchecked = true;
	return check_add(c, &init, err, "%s.ko uses '%s', which is not on the list",
			 c->report->modules[module]->name, symbol);
}

/* The lists that give a CRC must have that of the module, one of them at least. */
static int compare_crc(struct check *c, uint32_t module, const struct ksa_import *import,
		       const struct listed_symbol *first, struct ksa_error *err)
{
	const struct ksa_symbol_list *list = c->options->allowed;
	const struct listed_symbol *other = NULL;

	if (c->rebuild || !import->has_crc)
		return 0;
	for (const struct listed_symbol *s = first; s; s = symbol_list_next(list, s)) {
		if (!s->has_crc)
			continue;
		if (s->crc == import->crc)
			return 0;
		other = other ? other : s;
	}
	if (!other)
		return 0;
	return check_other_promise(
		c, module, import, other->crc,
		report_text(c->report, "%s:%u", list->files[other->file].path, other->line), err);
}

int check_allowed(struct check *c, uint32_t module, const struct ksa_import *import,
		  const struct provider *provider, struct ksa_error *err)
{
	const struct ksa_symbol_list *list = c->options->allowed;
	const struct listed_symbol *listed;
	struct finding_init init = {
		.rule = RULE_NOT_ON_LIST, .module = module, .symbol = import->name};

	/* What another module under check exports is nothing that the kernel could promise. */
	if (!list || provider->module != NO_INDEX)
		return 0;
	listed = symbol_list_find(list, import->name);
	if (listed)
		return compare_crc(c, module, import, listed, err);
	/* A weak one does without what is not there; module_layout only stands for struct module.
	 */
	if ((import->weak && !provider->export_) || strcmp(import->name, "module_layout") == 0)
		return 0;
	init.evidence = place(c, provider);
	return check_add(c, &init, err, "%s.ko uses '%s', which is not on the list",
			 c->report->modules[module]->name, import->name);
}
