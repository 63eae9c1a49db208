/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef READ_SOURCE_WORDS_H
#define READ_SOURCE_WORDS_H

#include "base/arena.h"
#include "read/source/lex.h"

#define WORDS_NONE UINT32_MAX

/* The identifiers of some files, each once, numbered in the order in which they came.
 * Zero-initialize. */
struct words {
	struct arena arena;
	struct word {
		const char *text;
		uint32_t length, hash;
	} * items;
	size_t count, capacity;
	uint32_t *slots; /* number + 1 of each; an open hash */
	size_t slot_count; /* a power of two */
};

void words_release(struct words *words);

/* The number of the word, which is added if it is new. KSA_ENOMEM; KSA_ELIMIT: 4 million. */
int words_add(struct words *words, struct span text, uint32_t *number,
	      struct ksa_error *err) _must_check_;

/* The number of the word, or WORDS_NONE. */
uint32_t words_find(const struct words *words, struct span text);

#endif
