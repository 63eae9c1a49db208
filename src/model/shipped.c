// SPDX-License-Identifier: GPL-2.0-or-later
/* Look-ups in what is compiled in; apart, as the rule compiler has nothing compiled in yet. */
#include "model/shipped.h"

#include <string.h>

const struct ksa_rule *rule_find(const char *id)
{
	return rules_find(&rules_shipped, id);
}

const struct ksa_rule *rule_by_change(enum rule_change change)
{
	for (int i = 0; i < RULE_COUNT && change != CHANGE_NONE; i++)
		if (rules_builtin[i].effect.change == change)
			return &rules_builtin[i];
	return NULL;
}

const struct ksa_rule *rules_get(const struct ksa_rules *rules, enum rule_id which)
{
	return rules_find(rules, rules_builtin[which].id);
}

bool rule_is(const struct ksa_rule *rule, enum rule_id which)
{
	return strcmp(rule->id, rules_builtin[which].id) == 0;
}

const struct ksa_family *family_find(const char *name)
{
	return rules_family(&rules_shipped, name);
}
