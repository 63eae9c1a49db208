/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef BASE_NEAREST_H
#define BASE_NEAREST_H

#include <stddef.h>

#define NEAREST_MAX    5
#define NEAREST_LENGTH 128 /* of names that are compared; longer ones are near to nothing */

/* The few names that are closest to one that was mistyped. Zero-initialize, set name. */
struct nearest {
	const char *name;
	struct {
		const char *name;
		unsigned int distance;
	} items[NEAREST_MAX]; /* the closest first, then in the order of nearest_add */
	size_t count;
};

/* Letters that must be added, dropped, changed or swapped with the next one, case aside, to make a
 * of b; more than limit is limit + 1. */
unsigned int nearest_distance(const char *a, const char *b, unsigned int limit);

/* Take a name into account; it is borrowed. What is further off than a third of its letters is not
 * kept, and neither is the name itself. */
void nearest_add(struct nearest *nearest, const char *name);

#endif
