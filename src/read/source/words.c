// SPDX-License-Identifier: GPL-2.0-or-later
#include "read/source/words.h"

#include <stdlib.h>

#include "base/vec.h"

#define MAX_WORDS 4000000u /* all of a kernel tree's have some 3 million */

void words_release(struct words *words)
{
	free(words->items);
	free(words->slots);
	arena_release(&words->arena);
	*words = (struct words){.items = NULL};
}

static uint32_t hash_of(struct span text)
{
	uint32_t hash = 0x811c9dc5u;

	for (const unsigned char *p = text.at; p < text.end; p++)
		hash = (hash ^ *p) * 0x01000193u;
	return hash ^ hash >> 15;
}

/* The slot of the word, or the free one where it belongs. */
static uint32_t *find_slot(const struct words *words, struct span text, uint32_t hash)
{
	size_t mask = words->slot_count - 1;

	for (size_t i = hash & mask;; i = (i + 1) & mask) {
		const struct word *word;

		if (!words->slots[i])
			return &words->slots[i];
		word = &words->items[words->slots[i] - 1];
		if (word->hash == hash && word->length == span_length(text) &&
		    memcmp(word->text, text.at, word->length) == 0)
			return &words->slots[i];
	}
}

static int grow(struct words *words, struct ksa_error *err)
{
	size_t count = words->slot_count ? words->slot_count * 2 : 4096;
	uint32_t *slots = calloc(count, sizeof(*slots));

	if (!slots)
		return ksa_fail_nomem(err);
	for (size_t i = 0; i < words->count; i++) {
		size_t at = words->items[i].hash & (count - 1);

		while (slots[at])
			at = (at + 1) & (count - 1);
		slots[at] = (uint32_t)i + 1;
	}
	free(words->slots);
	words->slots = slots;
	words->slot_count = count;
	return 0;
}

int words_add(struct words *words, struct span text, uint32_t *number, struct ksa_error *err)
{
	uint32_t hash = hash_of(text), *slot;
	const char *copy;
	int r;

	if (words->count >= words->slot_count / 2) {
		r = grow(words, err);
		if (r)
			return r;
	}
	slot = find_slot(words, text, hash);
	if (*slot) {
		*number = *slot - 1;
		return 0;
	}
	if (words->count >= MAX_WORDS || span_length(text) > UINT16_MAX)
		return ksa_fail(err, KSA_ELIMIT,
				"the source has more names, or longer ones, than "
				"any real one");
	r = VEC_PUSH_ROOM(words, err);
	if (r)
		return r;
	copy = arena_strndup(&words->arena, (const char *)text.at, span_length(text));
	if (!copy)
		return ksa_fail_nomem(err);
	words->items[words->count] = (struct word){copy, (uint32_t)span_length(text), hash};
	*slot = (uint32_t)++words->count;
	*number = *slot - 1;
	return 0;
}

uint32_t words_find(const struct words *words, struct span text)
{
	uint32_t slot = words->slot_count ? *find_slot(words, text, hash_of(text)) : 0;

	return slot ? slot - 1 : WORDS_NONE;
}
