/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef AUDIT_DIFF_NAMES_H
#define AUDIT_DIFF_NAMES_H

#include "base/strmap.h"
#include "model/diff.h"

/*
 * How close names are: by the words between their underscores, where a rare word counts more than a
 * common one. Zero-initialize, then name_index_make; release in any case.
 */
struct name_index {
	struct arena arena;
	struct strmap ids; /* word -> id */
	const char **words; /* by id */
	uint32_t *sorted; /* ids by word */
	float *weights; /* by id: a rare word has more */
	uint32_t *postings, *posting_at; /* rows of side NEW alone that have the word, by id */
	uint32_t *row_words, *row_at; /* ids of the words of a row */
	float *row_weight; /* sum of the words' weights */
	size_t word_count;
};

/* Index the rows that were added or removed, Rust names aside. KSA_ENOMEM. */
int name_index_make(struct name_index *index, const struct diff *diff,
		    struct ksa_error *err) _must_check_;
void name_index_release(struct name_index *index);

/*
 * Call found(ctx, row, part) for added rows that share words with a removed one, maybe several
 * times a row; the sum of the parts is its closeness, 0 to about 1.
 */
void name_index_search(const struct name_index *index, uint32_t row,
		       void (*found)(void *ctx, uint32_t row, float part), void *ctx);

#endif
