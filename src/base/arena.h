/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef BASE_ARENA_H
#define BASE_ARENA_H

#include <stdarg.h>
#include <stddef.h>

#include "base/error.h"

/*
 * Memory for parse-and-keep data: allocations live until the arena is released or reset, none is
 * freed alone. Zero-initialize. Not thread-safe: one arena a thread. In sanitizer builds each
 * allocation is its own malloc, so that an overrun is seen.
 */
struct arena {
	struct arena_block *blocks;
	size_t used; /* bytes used in the newest block */
};

void arena_release(struct arena *arena);

/* Forget all allocations, keep one block for reuse. */
void arena_reset(struct arena *arena);

/* Make what another arena holds part of this one; the other one is empty then. */
void arena_take(struct arena *arena, struct arena *from);

/* size bytes aligned to 16 with undefined content, or NULL when out of memory. size 0 is valid. */
void *arena_alloc(struct arena *arena, size_t size) _must_check_;

/* count * size zeroed bytes; NULL when out of memory or the product overflows. */
void *arena_calloc(struct arena *arena, size_t count, size_t size) _must_check_;

/* A NUL-terminated copy of length bytes (which may hold NULs). */
char *arena_strndup(struct arena *arena, const char *s, size_t length) _must_check_;
char *arena_strdup(struct arena *arena, const char *s) _must_check_;
char *arena_printf(struct arena *arena, const char *format, ...) _must_check_ _printf_(2, 3);
char *arena_vprintf(struct arena *arena, const char *format, va_list ap) _must_check_
	_printf_(2, 0);

#endif
