/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef MODEL_HISTORY_GROUPS_H
#define MODEL_HISTORY_GROUPS_H

#include "model/event.h"

/* What events are counted by. */
enum history_by { BY_NOTHING, BY_AUTHOR, BY_SUBSYSTEM, BY_YEAR, BY_COUNT };

/* "author", "subsystem", "year"; NULL for the others. */
const char *history_by_name(unsigned int by);

/* What is counted: kinds of events, and two of their cases. */
enum group_column {
	GROUP_COMMITS,
	GROUP_INTRODUCED,
	GROUP_REMOVED,
	GROUP_TO_GPL, /* from plain, of the reclassified */
	GROUP_TO_PLAIN, /* from gpl, likewise */
	GROUP_RECLASSIFIED, /* all of them */
	GROUP_NAMESPACE,
	GROUP_MOVED,
	GROUP_RENAMED,
	GROUP_COLUMNS
};

extern const char *const history_group_names[GROUP_COLUMNS];

struct history_group {
	const char *key;
	size_t counts[GROUP_COLUMNS];
	uint32_t last; /* the last commit that is counted */
};

/* The events by author, or the like. */
struct history_groups {
	struct arena arena;
	enum history_by by;
	struct history_group *items; /* years in their order; else the most events first */
	size_t count, capacity;
};

void history_groups_release(struct history_groups *groups);

#endif
