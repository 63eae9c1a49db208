/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef MODEL_OBJECT_ID_H
#define MODEL_OBJECT_ID_H

#include <stdbool.h>
#include <string.h>

#define OBJECT_ID_SIZE 20
#define OBJECT_ID_HEX  40

/* The name of an object of a git repository (SHA-1; git's own term is object id). */
struct object_id {
	unsigned char bytes[OBJECT_ID_SIZE];
};

static inline bool object_id_is_equal(const struct object_id *a, const struct object_id *b)
{
	return memcmp(a->bytes, b->bytes, OBJECT_ID_SIZE) == 0;
}

/* True for the id that stands for no object. */
static inline bool object_id_is_zero(const struct object_id *id)
{
	static const struct object_id zero;

	return object_id_is_equal(id, &zero);
}

/* Write length (at most OBJECT_ID_HEX) hex digits and a NUL. */
static inline void object_id_format(const struct object_id *id, char *out, size_t length)
{
	static const char digits[] = "0123456789abcdef";

	for (size_t i = 0; i < length; i++)
		out[i] = digits[id->bytes[i / 2] >> (i % 2 ? 0 : 4) & 15];
	out[length] = '\0';
}

#endif
