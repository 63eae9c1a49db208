// SPDX-License-Identifier: GPL-2.0-or-later
#include "model/typed.h"

#include <stdlib.h>
#include <string.h>

void typed_release(struct ksa_typed *typed)
{
	arena_release(&typed->arena);
	*typed = (struct ksa_typed){.accesses = NULL};
}

const struct typed_definition *typed_find(const struct ksa_typed *typed, const char *name)
{
	size_t low = 0, high = typed->definition_count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (strcmp(typed->definitions[middle].name, name) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	if (low == typed->definition_count || strcmp(typed->definitions[low].name, name) != 0)
		return NULL;
	return &typed->definitions[low];
}

static int compare_names(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

bool typed_has_member(const struct ksa_typed *typed, const char *name)
{
	return typed->member_count && bsearch(&name, typed->members, typed->member_count,
					      sizeof(*typed->members), compare_names);
}
