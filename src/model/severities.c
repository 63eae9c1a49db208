// SPDX-License-Identifier: GPL-2.0-or-later
#include "model/severities.h"

#include <stdlib.h>
#include <string.h>

void severities_release(struct severities *severities)
{
	arena_release(&severities->arena);
	free(severities->items);
	free(severities->used);
	memset(severities, 0, sizeof(*severities));
}
