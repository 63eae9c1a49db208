// SPDX-License-Identifier: GPL-2.0-or-later
/* The symbols that the question is about, where somebody has a list of them. */
#include "audit/diff/diff_internal.h"

#include <stdlib.h>
#include <string.h>

static int compare_names(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

int diff_find_listed(struct diff *diff, struct ksa_error *err)
{
	const struct ksa_symbol_list *list = diff->symbols;

	if (!list)
		return 0;
	for (size_t i = 0; i < diff->row_count; i++)
		diff->rows[i].listed = symbol_list_find(list, diff->rows[i].name) != NULL;
	diff->absent = arena_calloc(&diff->arena, list->by_name.count + 1, sizeof(*diff->absent));
	if (!diff->absent)
		return ksa_fail_nomem(err);
	for (size_t i = 0; i < list->count; i++) {
		const struct listed_symbol *s = &list->items[i];

		/* Each name once: where it stands first. */
		if (symbol_list_find(list, s->name) == s && diff_find(diff, s->name) == NO_INDEX)
			diff->absent[diff->absent_count++] = s->name;
	}
	qsort(diff->absent, diff->absent_count, sizeof(*diff->absent), compare_names);
	diff->listed[LISTED_ABSENT] = diff->absent_count;
	return 0;
}
