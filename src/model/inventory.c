// SPDX-License-Identifier: GPL-2.0-or-later
#include "model/inventory.h"

#include <stdlib.h>
#include <string.h>

#include "base/vec.h"

void inventory_release(struct inventory *inventory)
{
	for (size_t i = 0; i < inventory->count; i++)
		module_free(inventory->items[i].module);
	free(inventory->items);
	free(inventory->sources);
	free(inventory->gaps);
	free(inventory->loaded);
	free(inventory->licenses);
	free(inventory->notices);
	arena_release(&inventory->arena);
	memset(inventory, 0, sizeof(*inventory));
}

int inventory_add_gap(struct inventory *inventory, const char *path, const char *why,
		      struct ksa_error *err)
{
	struct inventory_gap gap = {arena_strdup(&inventory->arena, path),
				    arena_strdup(&inventory->arena, why)};
	int r = vec_reserve(&inventory->gaps, &inventory->gap_capacity, inventory->gap_count + 1,
			    sizeof(gap), err);

	if (r)
		return r;
	if (!gap.path || !gap.why)
		return ksa_fail_nomem(err);
	inventory->gaps[inventory->gap_count++] = gap;
	return 0;
}
