// SPDX-License-Identifier: GPL-2.0-or-later
#include "base/arena.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Blocks double from small (each of 4,000 modules has an arena) to large (a kernel has one). */
#define FIRST_BLOCK   ((size_t)4 * 1024)
#define LARGEST_BLOCK ((size_t)256 * 1024)
#define ALIGNMENT     ((size_t)16)

struct arena_block {
	struct arena_block *next;
	size_t size;
	_Alignas(16) unsigned char data[];
};

void arena_release(struct arena *arena)
{
	struct arena_block *block = arena->blocks;

	while (block) {
		struct arena_block *next = block->next;

		free(block);
		block = next;
	}
	arena->blocks = NULL;
	arena->used = 0;
}

void arena_reset(struct arena *arena)
{
	struct arena_block *keep = arena->blocks;

	if (!keep)
		return;
	struct arena old = {.blocks = keep->next};
	arena_release(&old);
	keep->next = NULL;
	arena->used = 0;
}

void arena_take(struct arena *arena, struct arena *from)
{
	struct arena_block **end = &arena->blocks;

	if (!arena->blocks)
		arena->used = from->used;
	while (*end)
		end = &(*end)->next;
	*end = from->blocks;
	*from = (struct arena){.blocks = NULL};
}

static struct arena_block *block_new(struct arena *arena, size_t size)
{
	struct arena_block *block;

	if (size > SIZE_MAX - sizeof(*block))
		return NULL;
	block = malloc(sizeof(*block) + size);
	if (!block)
		return NULL;
	block->size = size;
	block->next = arena->blocks;
	arena->blocks = block;
	arena->used = 0;
	return block;
}

static void *take(struct arena *arena, size_t size, size_t alignment)
{
	struct arena_block *block = arena->blocks;

	if (size > SIZE_MAX - ALIGNMENT)
		return NULL;
#ifdef KSA_SANITIZE
	(void)alignment;
	block = block_new(arena, size);
	return block ? block->data : NULL;
#else
	size_t at = (arena->used + alignment - 1) & ~(alignment - 1);

	if (!block || at > block->size || block->size - at < size) {
		size_t wanted = block ? block->size * 2 : FIRST_BLOCK;

		if (wanted > LARGEST_BLOCK)
			wanted = LARGEST_BLOCK;
		block = block_new(arena, size > wanted ? size : wanted);
		if (!block)
			return NULL;
		at = 0;
	}
	arena->used = at + size;
	return block->data + at;
#endif
}

void *arena_alloc(struct arena *arena, size_t size)
{
	return take(arena, size, ALIGNMENT);
}

void *arena_calloc(struct arena *arena, size_t count, size_t size)
{
	size_t total;
	void *p;

	if (__builtin_mul_overflow(count, size, &total))
		return NULL;
	p = arena_alloc(arena, total);
	return p ? memset(p, 0, total) : NULL;
}

char *arena_strndup(struct arena *arena, const char *s, size_t length)
{
	/* A kernel has 30,000 names: they stand close together. */
	char *p = length < SIZE_MAX ? take(arena, length + 1, 1) : NULL;

	if (!p)
		return NULL;
	memcpy(p, s, length);
	p[length] = '\0';
	return p;
}

char *arena_strdup(struct arena *arena, const char *s)
{
	return arena_strndup(arena, s, strlen(s));
}

char *arena_printf(struct arena *arena, const char *format, ...)
{
	va_list ap;
	char *p;

	va_start(ap, format);
	p = arena_vprintf(arena, format, ap);
	va_end(ap);
	return p;
}

char *arena_vprintf(struct arena *arena, const char *format, va_list ap)
{
	char *p = NULL;
	va_list again;
	int length;

	va_copy(again, ap);
	length = vsnprintf(NULL, 0, format, again);
	va_end(again);
	if (length >= 0)
		p = arena_alloc(arena, (size_t)length + 1);
	if (p)
		vsnprintf(p, (size_t)length + 1, format, ap);
	return p;
}
