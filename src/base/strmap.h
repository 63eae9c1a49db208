/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef BASE_STRMAP_H
#define BASE_STRMAP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"

/*
 * A hash map from strings to 32-bit values (mostly indices). Keys are borrowed and must outlive the
 * map. Zero-initialize.
 */
struct strmap {
	struct strmap_slot *slots;
	size_t capacity; /* a power of two, or 0 */
	size_t count;
};

void strmap_release(struct strmap *map);

/* Look up key; true and *value (value may be NULL) when it is there. */
bool strmap_get(const struct strmap *map, const char *key, uint32_t *value);

/*
 * Add key with *value if it is not there; *value becomes what the map then holds, *key_out (may be
 * NULL) the key that is stored. 1: added, 0: was there, -1: out of memory.
 */
int strmap_add(struct strmap *map, const char *key, uint32_t *value,
	       const char **key_out) _must_check_;

/* Replace the value of a key, adding it if needed. 0, or -1 when out of memory. */
int strmap_set(struct strmap *map, const char *key, uint32_t value) _must_check_;

/*
 * Strings stored once, in an arena of the owner's. Zero-initialize, then set arena. The owner may
 * give each string a value with strmap_set; until then it is INTERN_NO_VALUE.
 */
#define INTERN_NO_VALUE UINT32_MAX

struct intern {
	struct arena *arena;
	struct strmap map;
};

void intern_release(struct intern *intern);

/* The one copy of the string, or NULL when out of memory. */
const char *intern_string(struct intern *intern, const char *s) _must_check_;

/* The same; a string that has no value yet gets this one. */
const char *intern_numbered(struct intern *intern, const char *s, uint32_t value) _must_check_;

/* The string will be asked for in a moment: let the processor fetch its place, which is in no cache
 * where there are many strings, while it does something else. */
void intern_expect(const struct intern *intern, const char *s, size_t length);

/* Let no string have a value. */
void intern_forget_values(struct intern *intern);

/*
 * The same of length bytes without a NUL among them. A new string's value becomes how many there
 * were before it, so that values number the strings if nobody sets others; *value (not NULL) is
 * what it is.
 */
const char *intern_bytes(struct intern *intern, const char *s, size_t length,
			 uint32_t *value) _must_check_;

#endif
