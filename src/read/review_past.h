/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef READ_REVIEW_PAST_H
#define READ_REVIEW_PAST_H

#include "read/git_index.h"

/* What a repository's history says of single symbols. Zero-initialize. */
struct review_past {
	const char *path; /* of the repository; borrowed */
	const char *cache; /* directory of the history's index, borrowed; NULL: it is not asked */
	struct object_id before; /* the last commit that counts */
	struct ksa_history *history; /* NULL: not read */
	bool tried;
};

void review_past_release(struct review_past *past);

/*
 * What the commits up to past->before did to the symbol's export, in a phrase in the arena: "plain
 * since 3b6748e2dd69 of 2009-06-16". NULL: nothing, or the index is not in the cache: a history is
 * not read for one question, which would take minutes.
 */
int review_past_tell(struct review_past *past, const char *symbol, struct arena *arena,
		     const char **phrase, struct ksa_error *err) _must_check_;

#endif
