/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef MODEL_BRANCHES_H
#define MODEL_BRANCHES_H

#include "model/event.h"

/* What a branch makes of a change. */
enum branch_state {
	BRANCH_HAS, /* it has the change */
	BRANCH_SAME, /* it has not, and the symbol stands where the change leads to */
	BRANCH_MISSING, /* it stands where the change starts from */
	BRANCH_OTHER, /* it stands elsewhere */
	BRANCH_WITHOUT, /* it does not export the symbol: there is nothing to change */
	BRANCH_STATES
};

/* "has", "same", "missing", "other", "not exported". */
const char *branch_state_name(enum branch_state state);

/* By what a commit of a branch is the change. */
enum branch_link {
	LINK_COMMIT, /* it is the very commit */
	LINK_UPSTREAM, /* its message names it, or both name one */
	LINK_PATCH /* both do the same to the same files (git patch-id) */
};

struct branch_cell {
	uint32_t commit; /* of the change there; HISTORY_NONE: none */
	enum branch_state state;
	enum branch_link link;
	uint8_t classes; /* of the symbol at the branch's tip: mask of 1u << enum ksa_class */
	const char *ns; /* likewise; NULL: none */
};

struct branch_change {
	const struct ksa_event *event; /* the first of those that are this change */
	struct branch_cell *cells; /* by branch */
	size_t counts[BRANCH_STATES];
};

/* Which branches have which changes. Borrows the events. */
struct ksa_branches {
	struct arena arena;
	const struct ksa_events *events;
	const struct history_branch *items;
	size_t count;
	struct branch_change *changes; /* by symbol, then in the order of the events */
	size_t change_count;
	size_t missing; /* changes that some branch misses */

	/* What is to be read before it is known: the patch-ids of these commits, */
	uint32_t *asked; /* in rising order */
	size_t asked_count;
	/* and, for each branch, what these files export at its tip. */
	struct event_state *files;
	size_t file_count;
	struct event_state *tips; /* a branch's after another's: symbol, classes, ns */
	size_t tip_count, tip_capacity;
	size_t *tip_ends; /* by branch */
};

void ksa_branches_free(struct ksa_branches *branches);

#endif
