/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef MODEL_REVIEW_INDEX_H
#define MODEL_REVIEW_INDEX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"

struct review_patch; /* model/review.h */

/*
 * Where patches show a path: a series has tens of thousands of files, and each of them asks for its
 * own and for its Makefiles.
 */

/* A file of a patch, under the path that the patch leaves it with. */
struct review_spot {
	const char *path; /* the file's */
	uint32_t patch, file; /* indices in the patches, and in the files of that one */
};

/* Sorted by path, patch and file. Zero-initialize. */
struct review_index {
	struct review_spot *items; /* owned */
	size_t count;
};

/*
 * Index all files that are there after their patch; those that it removes are not in it. The
 * patches must outlive the index, and keep their files. What it held before is freed. KSA_ENOMEM.
 */
int review_index_make(struct review_index *index, const struct review_patch *patches, size_t count,
		      struct ksa_error *err) _must_check_;

void review_index_release(struct review_index *index);

/* The first place of the path in this patch or a later one, as an index of items; if there is none,
 * where it would be: behind all places of the path in earlier patches. At most index->count. */
size_t review_index_find(const struct review_index *index, const char *path, uint32_t patch);

/* The places of the path in the patches [patch, patch_end): their first one, and how many. */
const struct review_spot *review_index_range(const struct review_index *index, const char *path,
					     uint32_t patch, uint32_t patch_end, size_t *count);

#endif
