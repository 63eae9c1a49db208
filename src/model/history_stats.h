/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef MODEL_HISTORY_STATS_H
#define MODEL_HISTORY_STATS_H

#include "model/history.h"

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

#endif
