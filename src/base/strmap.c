// SPDX-License-Identifier: GPL-2.0-or-later
#include "base/strmap.h"

#include <stdlib.h>
#include <string.h>

struct strmap_slot {
	const char *key; /* NULL: free */
	uint32_t hash;
	uint32_t value;
};

/*
 * Eight bytes at a time, multiplied and folded: symbol names are some twenty bytes long, and a
 * kernel's are hashed a hundred thousand times.
 */
static uint32_t hash_bytes(const char *s, size_t length)
{
	const uint64_t factor = UINT64_C(0x9e3779b97f4a7c15);
	uint64_t h = (uint64_t)length * factor, word;

	for (; length >= sizeof(word); s += sizeof(word), length -= sizeof(word)) {
		memcpy(&word, s, sizeof(word));
		h = (h ^ word) * factor;
		h ^= h >> 32;
	}
	word = 0;
	memcpy(&word, s, length);
	h = (h ^ word) * factor;
	h ^= h >> 29;
	h *= factor;
	return (uint32_t)(h >> 32);
}

static uint32_t hash_string(const char *s)
{
	return hash_bytes(s, strlen(s));
}

void strmap_release(struct strmap *map)
{
	free(map->slots);
	memset(map, 0, sizeof(*map));
}

/* The slot that holds key, or the free slot where it belongs. The map is never full. */
static struct strmap_slot *find_slot(const struct strmap *map, const char *key, uint32_t hash)
{
	size_t mask = map->capacity - 1;
	size_t i = hash & mask;

	while (map->slots[i].key &&
	       (map->slots[i].hash != hash || strcmp(map->slots[i].key, key) != 0))
		i = (i + 1) & mask;
	return &map->slots[i];
}

static int grow(struct strmap *map)
{
	/* Small maps stay small; one that grows at all mostly holds a kernel's 30,000 names. */
	struct strmap bigger = {.capacity = map->capacity ? map->capacity * 4 : 64};

	bigger.slots = calloc(bigger.capacity, sizeof(*bigger.slots));
	if (!bigger.slots)
		return -1;
	for (size_t i = 0; i < map->capacity; i++) {
		const struct strmap_slot *slot = &map->slots[i];
		size_t at = slot->hash & (bigger.capacity - 1);

		if (!slot->key)
			continue;
		while (bigger.slots[at].key)
			at = (at + 1) & (bigger.capacity - 1);
		bigger.slots[at] = *slot;
	}
	bigger.count = map->count;
	free(map->slots);
	*map = bigger;
	return 0;
}

bool strmap_get(const struct strmap *map, const char *key, uint32_t *value)
{
	const struct strmap_slot *slot;

	if (!map->count)
		return false;
	slot = find_slot(map, key, hash_string(key));
	if (!slot->key)
		return false;
	if (value)
		*value = slot->value;
	return true;
}

/* Let there be a free slot for one more. */
static int make_room(struct strmap *map)
{
	return map->count + 1 > map->capacity / 4 * 3 ? grow(map) : 0;
}

/* The slot of key, which is in the map from now on, with value if it is new: then *added. NULL: no
 * memory. */
static struct strmap_slot *add_slot(struct strmap *map, const char *key, uint32_t value,
				    bool *added)
{
	uint32_t hash = hash_string(key);
	struct strmap_slot *slot;

	if (make_room(map))
		return NULL;
	slot = find_slot(map, key, hash);
	*added = !slot->key;
	if (*added) {
		*slot = (struct strmap_slot){.key = key, .hash = hash, .value = value};
		map->count++;
	}
	return slot;
}

int strmap_add(struct strmap *map, const char *key, uint32_t *value, const char **key_out)
{
	bool added;
	const struct strmap_slot *slot = add_slot(map, key, *value, &added);

	if (!slot)
		return -1;
	*value = slot->value;
	if (key_out)
		*key_out = slot->key;
	return added;
}

int strmap_set(struct strmap *map, const char *key, uint32_t value)
{
	bool added;
	struct strmap_slot *slot = add_slot(map, key, value, &added);

	if (!slot)
		return -1;
	slot->value = value;
	return 0;
}

void intern_release(struct intern *intern)
{
	strmap_release(&intern->map);
}

/* The slot of that string, or the free one where it belongs. The map has room. */
static struct strmap_slot *find_bytes(const struct strmap *map, const char *s, size_t length,
				      uint32_t hash)
{
	size_t mask = map->capacity - 1;
	size_t i = hash & mask;

	while (map->slots[i].key &&
	       (map->slots[i].hash != hash || strncmp(map->slots[i].key, s, length) != 0 ||
		map->slots[i].key[length]))
		i = (i + 1) & mask;
	return &map->slots[i];
}

/* The slot of that string, with a copy of it in it if it is new: then *added. NULL: no memory. */
static struct strmap_slot *intern_slot(struct intern *intern, const char *s, size_t length,
				       bool *added)
{
	struct strmap *map = &intern->map;
	uint32_t hash = hash_bytes(s, length);
	struct strmap_slot *slot;
	char *copy;

	if (make_room(map))
		return NULL;
	slot = find_bytes(map, s, length, hash);
	*added = !slot->key;
	if (slot->key)
		return slot;
	copy = arena_strndup(intern->arena, s, length);
	if (!copy)
		return NULL;
	*slot = (struct strmap_slot){.key = copy, .hash = hash, .value = INTERN_NO_VALUE};
	map->count++;
	return slot;
}

const char *intern_string(struct intern *intern, const char *s)
{
	bool added;
	const struct strmap_slot *slot = intern_slot(intern, s, strlen(s), &added);

	return slot ? slot->key : NULL;
}

const char *intern_numbered(struct intern *intern, const char *s, uint32_t value)
{
	bool added;
	struct strmap_slot *slot = intern_slot(intern, s, strlen(s), &added);

	if (!slot)
		return NULL;
	if (slot->value == INTERN_NO_VALUE)
		slot->value = value;
	return slot->key;
}

void intern_expect(const struct intern *intern, const char *s, size_t length)
{
	const struct strmap *map = &intern->map;

	if (map->capacity)
		__builtin_prefetch(&map->slots[hash_bytes(s, length) & (map->capacity - 1)], 1);
}

void intern_forget_values(struct intern *intern)
{
	for (size_t i = 0; i < intern->map.capacity; i++)
		intern->map.slots[i].value = INTERN_NO_VALUE;
}

const char *intern_bytes(struct intern *intern, const char *s, size_t length, uint32_t *value)
{
	uint32_t before = (uint32_t)intern->map.count;
	bool added;
	struct strmap_slot *slot = intern_slot(intern, s, length, &added);

	if (!slot)
		return NULL;
	if (added)
		slot->value = before;
	*value = slot->value;
	return slot->key;
}
