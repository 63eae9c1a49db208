// SPDX-License-Identifier: GPL-2.0-or-later
#include "model/rule.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

const char *const rule_stage_names[] = {"build",  "load", "rebuild", "review",
					"kernel", "list", NULL};
const char *const rule_about_names[] = {"symbol", "module", "kernel", "change", NULL};
const char *const rule_outcome_names[] = {
	"none",	      "refused",     "bad-types",  "bad-export",    "missing-import",
	"bad-import", "bad-modinfo", "bad-format", "bad-signature", NULL};
const char *const rule_change_names[] = {"none",     "removed",	  "gpl", "gpl-future", "unused",
					 "reserved", "namespace", "crc", NULL};

static int compare_id(const void *id, const void *rule)
{
	return strcmp(id, ((const struct ksa_rule *)rule)->id);
}

const struct ksa_rule *rules_find(const struct ksa_rules *rules, const char *id)
{
	return bsearch(id, rules->rules, rules->rule_count, sizeof(*rules->rules), compare_id);
}

const struct ksa_rule *rules_find_by_name(const struct ksa_rules *rules, const char *name)
{
	for (size_t i = 0; i < rules->rule_count; i++)
		if (strcasecmp(rules->rules[i].id, name) == 0 ||
		    strcmp(rules->rules[i].slug, name) == 0)
			return &rules->rules[i];
	return NULL;
}

const struct ksa_family *rules_family(const struct ksa_rules *rules, const char *name)
{
	for (size_t i = 0; i < rules->family_count; i++)
		if (strcmp(rules->families[i].name, name) == 0)
			return &rules->families[i];
	return NULL;
}

const struct call_helpers *rules_helper(const struct ksa_rules *rules, const char *function)
{
	for (size_t i = 0; i < rules->helper_count; i++)
		if (family_names(rules->helpers[i].members, function))
			return &rules->helpers[i];
	return NULL;
}
