// SPDX-License-Identifier: GPL-2.0-or-later
#include "base/strmap.h"

#include <stdlib.h>
#include <string.h>

struct strmap_slot {
	const char *key; /* NULL: free */
	uint32_t hash;
	uint32_t value;
};

/* FNV-1a with a final mix: short keys, no state, and no key set of symbol names degrades it. */
static uint32_t mix_hash(uint32_t h)
{
	h ^= h >> 15;
	h *= 0x2c1b3c6du;
	h ^= h >> 12;
	return h;
}

static uint32_t hash_string(const char *s)
{
	uint32_t h = 2166136261u;

	for (; *s; s++)
		h = (h ^ (unsigned char)*s) * 16777619u;
	return mix_hash(h);
}

static uint32_t hash_bytes(const char *s, size_t length)
{
	uint32_t h = 2166136261u;

	for (size_t i = 0; i < length; i++)
		h = (h ^ (unsigned char)s[i]) * 16777619u;
	return mix_hash(h);
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

static int add_hashed(struct strmap *map, const char *key, uint32_t hash, uint32_t *value,
		      const char **key_out)
{
	struct strmap_slot *slot;
	int added = 0;

	if (map->count + 1 > map->capacity / 4 * 3 && grow(map))
		return -1;
	slot = find_slot(map, key, hash);
	if (!slot->key) {
		*slot = (struct strmap_slot){.key = key, .hash = hash, .value = *value};
		map->count++;
		added = 1;
	}
	*value = slot->value;
	if (key_out)
		*key_out = slot->key;
	return added;
}

int strmap_add(struct strmap *map, const char *key, uint32_t *value, const char **key_out)
{
	return add_hashed(map, key, hash_string(key), value, key_out);
}

int strmap_set(struct strmap *map, const char *key, uint32_t value)
{
	uint32_t held = value;

	if (strmap_add(map, key, &held, NULL) < 0)
		return -1;
	find_slot(map, key, hash_string(key))->value = value;
	return 0;
}

void intern_release(struct intern *intern)
{
	strmap_release(&intern->map);
}

const char *intern_string(struct intern *intern, const char *s)
{
	uint32_t hash = hash_string(s), value = INTERN_NO_VALUE;
	const char *held = NULL;
	char *copy;

	if (intern->map.count) {
		const struct strmap_slot *slot = find_slot(&intern->map, s, hash);

		if (slot->key)
			return slot->key;
	}
	copy = arena_strdup(intern->arena, s);
	if (!copy || add_hashed(&intern->map, copy, hash, &value, &held) < 0)
		return NULL;
	return held;
}

const char *intern_bytes(struct intern *intern, const char *s, size_t length, uint32_t *value)
{
	struct strmap *map = &intern->map;
	uint32_t hash = hash_bytes(s, length);
	const char *held = NULL;
	char *copy;

	for (size_t i = hash; map->count; i++) {
		const struct strmap_slot *slot = &map->slots[i & (map->capacity - 1)];

		if (!slot->key)
			break;
		if (slot->hash == hash && strncmp(slot->key, s, length) == 0 &&
		    !slot->key[length]) {
			*value = slot->value;
			return slot->key;
		}
	}
	*value = (uint32_t)map->count;
	copy = arena_strndup(intern->arena, s, length);
	if (!copy || add_hashed(map, copy, hash, value, &held) < 0)
		return NULL;
	return held;
}
