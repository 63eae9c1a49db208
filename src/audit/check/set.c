// SPDX-License-Identifier: GPL-2.0-or-later
/* What shows only when the modules are seen together: duplicate exports. */
#include "audit/check/check.h"

#include <stdio.h>
#include <string.h>

static int duplicate(struct check *c, uint32_t module, const struct ksa_export *e,
		     const char *other, unsigned int at, bool as_warning, struct ksa_error *err)
{
	const char *name = c->report->modules[module]->name;
	struct finding_init init = {.rule = RULE_DUPLICATE_EXPORT,
				    .at = at,
				    .module = module,
				    .as_warning = as_warning,
				    .symbol = e->name};

	if (!(at & KSA_AT_BUILD))
		return check_add(c, &init, err, "%s: exports duplicate symbol %s (owned by %s)",
				 name, e->name, owner_base_name(other));
	return check_add(c, &init, err, "%s: '%s' exported twice. Previous export was in %s", name,
			 e->name, other);
}

static int duplicate_in_kernel(struct check *c, uint32_t module, const struct ksa_export *e,
			       struct ksa_error *err)
{
	const char *name = c->report->modules[module]->name;
	const struct ksa_export *k;
	size_t count;
	int r = 0;

	k = kernel_find_exports(c->kernel, e->name, &count);
	for (size_t i = 0; i < count && !r; i++) {
		/* What a module under check replaces in the kernel's tree does not count. External
		 * modules may redefine what another module of the kernel exports: modpost lets
		 * them, the loader refuses only while the other one is loaded. */
		if (owner_is_same(k[i].owner, name) || check_is_replaced(c, k[i].owner))
			continue;
		if (!owner_is_known(k[i].owner)) /* maybe an earlier build of the module itself */
			continue;
		if (strcmp(k[i].owner, "vmlinux") == 0)
			r = duplicate(c, module, e, k[i].owner, KSA_AT_BUILD | KSA_AT_LOAD, false,
				      err);
		else
			r = duplicate(c, module, e, k[i].owner, KSA_AT_LOAD, true, err);
	}
	return r;
}

/* Two files of one name are two builds of one module: only one of them will be loaded. */
static bool is_same_module(const struct check *c, uint32_t a, uint32_t b)
{
	return a == b ||
	       module_name_compare(c->report->modules[a]->name, c->report->modules[b]->name) == 0;
}

static int duplicates(struct check *c, struct ksa_error *err)
{
	int r = 0;

	for (size_t i = 0; i < c->export_count && !r; i++) {
		const struct set_export *x = &c->exports[i];

		r = duplicate_in_kernel(c, x->module, x->export_, err);
		/* Each is held against the one before it: one finding a module too many. */
		if (!r && x->next != NO_INDEX &&
		    !is_same_module(c, c->exports[x->next].module, x->module))
			r = duplicate(c, c->exports[x->next].module, x->export_,
				      c->report->modules[x->module]->name, KSA_AT_LOAD, false, err);
	}
	return r;
}

int check_set_facts(struct check *c, struct ksa_error *err)
{
	int r = duplicates(c, err);

	if (!r)
		r = check_replaces(c, err);
	return r ? r : check_shims(c, err);
}
