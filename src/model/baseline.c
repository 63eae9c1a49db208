// SPDX-License-Identifier: GPL-2.0-or-later
#include "model/baseline.h"

#include <stdlib.h>

void baseline_release(struct baseline *baseline)
{
	strmap_release(&baseline->entries);
	free(baseline->used);
	free(baseline->names);
	arena_release(&baseline->arena);
}
