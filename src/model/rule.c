// SPDX-License-Identifier: GPL-2.0-or-later
#include "model/finding.h"

#include <stdlib.h>
#include <string.h>

#include "model/family.h"

static int compare_id(const void *id, const void *rule)
{
	return strcmp(id, ((const struct ksa_rule *)rule)->id);
}

const struct ksa_rule *rule_find(const char *id)
{
	return bsearch(id, rules_builtin, rules_builtin_count, sizeof(rules_builtin[0]),
		       compare_id);
}

const struct ksa_family *family_find(const char *name)
{
	for (size_t i = 0; i < families_builtin_count; i++)
		if (strcmp(families_builtin[i].name, name) == 0)
			return &families_builtin[i];
	return NULL;
}
