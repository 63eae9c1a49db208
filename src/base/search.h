/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef BASE_SEARCH_H
#define BASE_SEARCH_H

#include <stddef.h>
#include <stdint.h>

/*
 * The first i below count for which before, an expression of i, does not hold; count if it holds
 * for all. What is searched is sorted: before holds for a first part of it and for nothing behind.
 * SEARCH_FIRST(i, n, items[i].key < key) is the first item that is not less than key.
 */
#define SEARCH_FIRST(i, count, before)                                                             \
	({                                                                                         \
		size_t search_low = 0, search_high = (count);                                      \
		while (search_low < search_high) {                                                 \
			size_t i = search_low + (search_high - search_low) / 2;                    \
			if (before)                                                                \
				search_low = (i) + 1;                                              \
			else                                                                       \
				search_high = i;                                                   \
		}                                                                                  \
		search_low;                                                                        \
	})

/* Numbers in rising order, for qsort() and bsearch(). */
static inline int compare_u32(const void *a, const void *b)
{
	uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;

	return x < y ? -1 : x > y;
}

#endif
