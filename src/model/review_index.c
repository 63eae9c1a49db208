// SPDX-License-Identifier: GPL-2.0-or-later
#include "model/review_index.h"

#include <stdlib.h>
#include <string.h>

#include "model/review.h"

static int compare_place(const struct review_spot *spot, const char *path, uint32_t patch)
{
	int r = strcmp(spot->path, path);

	return r ? r : (spot->patch > patch) - (spot->patch < patch);
}

static int compare_spots(const void *x, const void *y)
{
	const struct review_spot *a = x, *b = y;
	int r = compare_place(a, b->path, b->patch);

	return r ? r : (a->file > b->file) - (a->file < b->file);
}

int review_index_make(struct review_index *index, const struct review_patch *patches, size_t count,
		      struct ksa_error *err)
{
	size_t files = 0;

	review_index_release(index);
	for (size_t p = 0; p < count; p++)
		files += patches[p].file_count;
	if (!files)
		return 0;
	index->items = calloc(files, sizeof(*index->items));
	if (!index->items)
		return ksa_fail_nomem(err);
	for (uint32_t p = 0; p < count; p++) {
		for (uint32_t f = 0; f < patches[p].file_count; f++) {
			const char *path = patches[p].files[f].sides[PATCH_NEW].path;

			if (path)
				index->items[index->count++] = (struct review_spot){path, p, f};
		}
	}
	if (index->count)
		qsort(index->items, index->count, sizeof(*index->items), compare_spots);
	return 0;
}

void review_index_release(struct review_index *index)
{
	free(index->items);
	memset(index, 0, sizeof(*index));
}

size_t review_index_find(const struct review_index *index, const char *path, uint32_t patch)
{
	size_t low = 0, high = index->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (compare_place(&index->items[middle], path, patch) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

const struct review_spot *review_index_range(const struct review_index *index, const char *path,
					     uint32_t patch, uint32_t patch_end, size_t *count)
{
	size_t from = review_index_find(index, path, patch);

	*count = review_index_find(index, path, patch_end) - from;
	return *count ? &index->items[from] : NULL;
}
