/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef MODEL_HISTORY_STATS_H
#define MODEL_HISTORY_STATS_H

#include "model/history.h"

/*
 * The releases of a history, oldest first, each as a whole. Symbols are those that the history
 * knows, by the number of their string; an element's index is release * symbols + symbol.
 */
struct history_releases {
	uint32_t *tags; /* of each release: index in the history's tags */
	size_t count;
	size_t symbols; /* one more than the largest number */
	uint8_t *classes; /* mask of 1u << enum ksa_class; 0: not exported */
	uint8_t *used; /* not 0: by a source file that does not export it */
	uint64_t missing; /* files that the repository does not have */
};

void history_releases_release(struct history_releases *releases);

#define STATS_WAITS 4 /* used by the next release, the second, the third, later */

/* One release, against the one before it. Symbols are counted, not the files that export them. */
struct history_release {
	uint32_t tag; /* index in the history's tags */
	uint32_t plain, gpl; /* exports of this class alone */
	uint32_t mixed; /* of several classes, in several files or configurations */
	uint32_t other; /* gpl-future, unused, of unknown class */
	uint32_t new_plain, new_gpl, new_other; /* not exported by the release before */
	uint32_t removed;
	uint32_t to_gpl, to_plain; /* plain before and gpl now; gpl before and plain now */
	uint32_t unused; /* of the new ones: no source file but those that export them uses them */
	uint32_t waits[STATS_WAITS]; /* of these: when the first user came */
	uint32_t never; /* of these: none has come, or they went before */
};

struct history_stats {
	struct history_release *items; /* oldest first */
	size_t count;
	uint64_t missing; /* files that the repository does not have */
};

void history_stats_release(struct history_stats *stats);

/* The figures of a release. */
enum stats_column {
	STATS_PLAIN,
	STATS_GPL,
	STATS_MIXED,
	STATS_OTHER,
	STATS_NEW_PLAIN,
	STATS_NEW_GPL,
	STATS_NEW_OTHER,
	STATS_REMOVED,
	STATS_TO_GPL,
	STATS_TO_PLAIN,
	STATS_UNUSED,
	STATS_NEXT,
	STATS_SECOND,
	STATS_LATER,
	STATS_NEVER,
	STATS_COLUMNS
};

/* "plain", "new gpl", ... */
extern const char *const history_stats_names[STATS_COLUMNS];

/* The numbers of a release, by column. */
void history_stats_row(const struct history_release *release, uint32_t out[STATS_COLUMNS]);

/* A symbol behind a figure. */
struct history_stats_item {
	uint32_t tag; /* of the release: index in the history's tags */
	const char *symbol; /* borrowed from the history */
	uint8_t was, is; /* masks of classes: in the release before, and in this one */
};

struct history_stats_list {
	enum stats_column column;
	struct history_stats_item *items; /* by release, then symbol */
	size_t count, capacity;
};

void history_stats_list_release(struct history_stats_list *list);

#endif
