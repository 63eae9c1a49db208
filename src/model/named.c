// SPDX-License-Identifier: GPL-2.0-or-later
#include "model/named.h"

#include <string.h>

#include "base/search.h"

void named_release(struct ksa_named *named)
{
	arena_release(&named->arena);
	*named = (struct ksa_named){.names = NULL};
}

const struct named_name *named_find(const struct ksa_named *named, const char *name)
{
	size_t at = SEARCH_FIRST(i, named->name_count, strcmp(named->names[i].name, name) < 0);

	if (at == named->name_count || strcmp(named->names[at].name, name) != 0)
		return NULL;
	return &named->names[at];
}
