// SPDX-License-Identifier: GPL-2.0-or-later
#include "read/unpack/growing.h"

#include <stdlib.h>
#include <string.h>

#define FIRST_CAPACITY ((size_t)64 << 10)

void growing_release(struct growing *g)
{
	free(g->data);
}

int growing_reserve(struct growing *g, size_t need, struct ksa_error *err)
{
	size_t capacity = g->capacity ? g->capacity : FIRST_CAPACITY;
	unsigned char *data;

	if (need <= g->capacity)
		return 0;
	while (capacity < need)
		capacity = capacity > g->limit / 2 ? g->limit : capacity * 2;
	data = realloc(g->data, capacity);
	if (!data)
		return ksa_fail_nomem(err);
	g->data = data;
	g->capacity = capacity;
	return 0;
}

int growing_put(struct growing *g, uint64_t offset, const void *block, size_t length,
		const char *source, struct ksa_error *err)
{
	int r;

	if (offset > g->limit || length > g->limit - offset)
		return ksa_fail_at(err, KSA_ELIMIT, source, 0,
				   "unpacks to more than the limit of %zu bytes", g->limit);
	if (offset < g->used)
		return ksa_fail_at(err, KSA_EFORMAT, source, 0,
				   "is damaged: its pieces overlap; fetch the file again");
	r = growing_reserve(g, (size_t)offset + length, err);
	if (r)
		return r;
	if (offset > g->used)
		memset(g->data + g->used, 0, (size_t)offset - g->used);
	if (length)
		memcpy(g->data + offset, block, length);
	g->used = (size_t)offset + length;
	return 0;
}

void growing_take(struct growing *g, struct bytes *out)
{
	/* A package may hold very many very small files. */
	if (g->used < g->capacity / 2) {
		unsigned char *fit = realloc(g->data, g->used + 1);

		if (fit)
			g->data = fit;
	}
	*out = (struct bytes){.data = g->data, .size = g->used, .storage = BYTES_HEAP};
	g->data = NULL;
}

int growing_hint(struct growing *g, uint64_t hint, size_t packed, struct ksa_error *err)
{
	uint64_t plausible = (uint64_t)packed * 16 + FIRST_CAPACITY;

	if (hint > plausible)
		hint = plausible;
	if (hint > g->limit)
		hint = g->limit;
	return hint ? growing_reserve(g, (size_t)hint, err) : 0;
}
