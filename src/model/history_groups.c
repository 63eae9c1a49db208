// SPDX-License-Identifier: GPL-2.0-or-later
#include "model/history_groups.h"

#include <stdlib.h>
#include <string.h>

const char *const history_group_names[GROUP_COLUMNS] = {"commits",   "introduced", "removed",
							"to gpl",    "to plain",   "reclassified",
							"namespace", "moved",	   "renamed"};

const char *history_by_name(unsigned int by)
{
	static const char *const names[BY_COUNT] = {"", "author", "subsystem", "year"};

	return by < BY_COUNT ? names[by] : NULL;
}

void history_groups_release(struct history_groups *groups)
{
	free(groups->items);
	arena_release(&groups->arena);
	memset(groups, 0, sizeof(*groups));
}
