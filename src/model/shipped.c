// SPDX-License-Identifier: GPL-2.0-or-later
/* Look-ups in what is compiled in; apart, as the rule compiler has nothing compiled in yet. */
#include "model/rule.h"

const struct ksa_rule *rule_find(const char *id)
{
	return rules_find(&rules_shipped, id);
}

const struct ksa_family *family_find(const char *name)
{
	return rules_family(&rules_shipped, name);
}
