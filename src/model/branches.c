// SPDX-License-Identifier: GPL-2.0-or-later
#include "model/branches.h"

#include <stdlib.h>

const char *branch_state_name(enum branch_state state)
{
	static const char *const names[BRANCH_STATES] = {"has", "same", "missing", "other",
							 "not exported"};

	return names[state];
}

void ksa_branches_free(struct ksa_branches *branches)
{
	if (!branches)
		return;
	free(branches->asked);
	free(branches->files);
	free(branches->tips);
	arena_release(&branches->arena);
	free(branches);
}
