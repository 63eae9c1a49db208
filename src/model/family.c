// SPDX-License-Identifier: GPL-2.0-or-later
#include "model/family.h"

#include <string.h>

const struct ksa_family *family_find(const char *name)
{
	for (size_t i = 0; i < families_builtin_count; i++)
		if (strcmp(families_builtin[i].name, name) == 0)
			return &families_builtin[i];
	return NULL;
}
