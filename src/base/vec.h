/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef BASE_VEC_H
#define BASE_VEC_H

#include <stddef.h>

#include "base/error.h"

/*
 * Make room for at least need elements of size bytes in the array *items (malloc'd, *capacity
 * elements). 0, or KSA_ENOMEM with the array as it was.
 */
int vec_reserve(void *items, size_t *capacity, size_t need, size_t size,
		struct ksa_error *err) _must_check_;

/* Room for one more: VEC_PUSH_ROOM(v, err) for a struct with items, count and capacity. */
#define VEC_PUSH_ROOM(v, err)                                                                      \
	vec_reserve(&(v)->items, &(v)->capacity, (v)->count + 1, sizeof(*(v)->items), (err))

/* Append text to an array of them; NULL stands for one that memory was too short for. KSA_ENOMEM.
 */
int vec_add_text(const char ***items, size_t *count, size_t *capacity, const char *text,
		 struct ksa_error *err) _must_check_;

#endif
