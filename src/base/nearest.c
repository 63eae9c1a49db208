// SPDX-License-Identifier: GPL-2.0-or-later
#include "base/nearest.h"

#include <ctype.h>
#include <stdbool.h>
#include <string.h>

static unsigned int min3(unsigned int a, unsigned int b, unsigned int c)
{
	unsigned int m = a < b ? a : b;

	return m < c ? m : c;
}

static int lower(char c)
{
	return tolower((unsigned char)c);
}

/* True if a and b end in the same two letters, swapped. */
static bool is_swap(const char *a, const char *b)
{
	return lower(a[0]) == lower(b[-1]) && lower(a[-1]) == lower(b[0]);
}

/* Optimal string alignment: three rows of the table of distances are enough. */
unsigned int nearest_distance(const char *a, const char *b, unsigned int limit)
{
	unsigned int rows[3][NEAREST_LENGTH + 1], best;
	size_t n = strlen(a), m = strlen(b);

	if (n > NEAREST_LENGTH || m > NEAREST_LENGTH || (n > m ? n - m : m - n) > limit)
		return limit + 1;
	for (size_t j = 0; j <= m; j++)
		rows[0][j] = (unsigned int)j;
	for (size_t i = 1; i <= n; i++) {
		const unsigned int *up = rows[(i - 1) % 3], *up2 = rows[(i + 1) % 3];
		unsigned int *row = rows[i % 3];

		row[0] = best = (unsigned int)i;
		for (size_t j = 1; j <= m; j++) {
			unsigned int cost = lower(a[i - 1]) != lower(b[j - 1]);

			row[j] = min3(up[j] + 1, row[j - 1] + 1, up[j - 1] + cost);
			if (i > 1 && j > 1 && is_swap(&a[i - 1], &b[j - 1]) &&
			    up2[j - 2] + 1 < row[j])
				row[j] = up2[j - 2] + 1;
			best = row[j] < best ? row[j] : best;
		}
		if (best > limit)
			return limit + 1;
	}
	return rows[n % 3][m] > limit ? limit + 1 : rows[n % 3][m];
}

void nearest_add(struct nearest *nearest, const char *name)
{
	size_t length = strlen(nearest->name), at;
	unsigned int limit = (unsigned int)(length < NEAREST_LENGTH ? length : NEAREST_LENGTH) / 3;
	unsigned int distance;

	if (nearest->count == NEAREST_MAX && nearest->items[NEAREST_MAX - 1].distance < limit)
		limit = nearest->items[NEAREST_MAX - 1].distance;
	distance = nearest_distance(nearest->name, name, limit);
	if (distance > limit || strcmp(nearest->name, name) == 0)
		return;
	for (size_t i = 0; i < nearest->count; i++)
		if (strcmp(nearest->items[i].name, name) == 0)
			return;
	for (at = nearest->count; at && nearest->items[at - 1].distance > distance; at--)
		if (at < NEAREST_MAX)
			nearest->items[at] = nearest->items[at - 1];
	if (at == NEAREST_MAX)
		return;
	nearest->items[at].name = name;
	nearest->items[at].distance = distance;
	if (nearest->count < NEAREST_MAX)
		nearest->count++;
}
