// SPDX-License-Identifier: GPL-2.0-or-later
/* The rules that users add: each import is held against their lists. */
#include "audit/check/check.h"

#include <fnmatch.h>
#include <string.h>

static bool any_glob(const char *const *globs, const char *s)
{
	for (; globs && *globs; globs++)
		if (fnmatch(*globs, s, 0) == 0)
			return true;
	return globs == NULL;
}

static bool is_listed(const char *const *list, const char *s)
{
	for (; *list; list++)
		if (strcmp(*list, s) == 0)
			return true;
	return false;
}

static bool in_families(const struct ksa_rules *rules, const char *const *names, const char *symbol)
{
	for (; *names; names++) {
		const struct ksa_family *family = rules_family(rules, *names);

		if (family && family_names(family->members, symbol))
			return true;
	}
	return false;
}

static bool license_holds(const struct check *c, const struct ksa_module *m,
			  enum rule_license license)
{
	return license == LICENSE_ANY ||
	       check_compatible_at_load(c, m) == (license == LICENSE_COMPATIBLE);
}

static bool holds(const struct check *c, const struct rule_when *when, const struct ksa_module *m,
		  const struct ksa_export *e)
{
	if (when->classes && !is_listed(when->classes, ksa_class_name((enum ksa_class)e->cls)))
		return false;
	if (when->namespaces &&
	    (!e->ns_known || !any_glob(when->namespaces, e->ns ? e->ns : "none")))
		return false;
	if (when->families && !in_families(c->rules, when->families, e->name))
		return false;
	return any_glob(when->symbols, e->name) && any_glob(when->modules, m->name) &&
	       (any_glob(when->owners, e->owner) ||
		any_glob(when->owners, owner_base_name(e->owner))) &&
	       license_holds(c, m, when->license);
}

/* A rule that only speaks of rebuilds, or whose cause a rebuild removes. */
static bool is_of_stage(const struct check *c, const struct rule_effect *e)
{
	return c->rebuild ? !e->cured : e->stages != STAGE_REBUILD;
}

int check_site_rules(struct check *c, uint32_t module, const struct ksa_export *e,
		     struct ksa_error *err)
{
	const struct ksa_module *m = c->report->modules[module];
	int r = 0;

	for (size_t i = 0; i < c->rules->rule_count && c->has_site_rules && !r; i++) {
		const struct ksa_rule *rule = &c->rules->rules[i];
		struct finding_init init = {.own = rule, .module = module, .symbol = e->name};

		if (!rule->when || rule->off || !is_of_stage(c, &rule->effect) ||
		    !holds(c, rule->when, m, e))
			continue;
		init.evidence = report_text(c->report, "%s, exported by %s%s%s",
					    ksa_class_name((enum ksa_class)e->cls), e->owner,
					    e->ns ? ", namespace " : "", e->ns ? e->ns : "");
		r = check_add(c, &init, err, "%s.ko uses '%s'", m->name, e->name);
	}
	return r;
}
