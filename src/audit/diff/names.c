// SPDX-License-Identifier: GPL-2.0-or-later
#include "audit/diff/names.h"

#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/search.h"

#define MAX_WORDS   24 /* of a name; what comes after does not count */
#define MIN_PREFIX  3 /* "pfn" starts "pfnmap", but "a" starts everything */
#define MAX_LIKE    16 /* words that start as one does */
#define PART_PREFIX 0.6f /* how much a word counts that only starts alike */
/* A word of more added names than this says nothing. */
#define MAX_POSTINGS 400

static bool is_indexed(const struct diff_row *row)
{
	return !row->rust && (row->marks & (AXIS_MARK(AXIS_ADDED) | AXIS_MARK(AXIS_REMOVED)));
}

static bool is_added(const struct diff_row *row)
{
	return (row->marks & AXIS_MARK(AXIS_ADDED)) && !row->rust;
}

/* The next word at *s; 0 at the end. *s is moved to its start, the caller moves behind it. */
static size_t next_word(const char **s)
{
	*s += strspn(*s, "_");
	return strcspn(*s, "_");
}

static uint32_t word_id(struct name_index *x, const char *word, size_t length)
{
	uint32_t id = (uint32_t)x->word_count;
	char *key = arena_strndup(&x->arena, word, length);
	int added = key ? strmap_add(&x->ids, key, &id, NULL) : -1;

	if (added > 0)
		x->words[x->word_count++] = key;
	return added < 0 ? NO_INDEX : id;
}

/* Upper bounds: names, and words in them. */
static size_t count_words(const struct diff *diff)
{
	size_t words = 0;

	for (size_t i = 0; i < diff->row_count; i++) {
		const char *s = diff->rows[i].name;
		size_t length;

		if (!is_indexed(&diff->rows[i]))
			continue;
		for (int n = 0; n < MAX_WORDS && (length = next_word(&s)); n++, s += length)
			words++;
	}
	return words;
}

static int split_rows(struct name_index *x, const struct diff *diff, uint32_t *uses,
		      struct ksa_error *err)
{
	uint32_t at = 0;

	for (size_t i = 0; i < diff->row_count; i++) {
		const char *s = diff->rows[i].name;
		size_t length;

		x->row_at[i] = at;
		if (!is_indexed(&diff->rows[i]))
			continue;
		for (int n = 0; n < MAX_WORDS && (length = next_word(&s)); n++, s += length) {
			uint32_t id = word_id(x, s, length);

			if (id == NO_INDEX)
				return ksa_fail_nomem(err);
			x->row_words[at++] = id;
			uses[id]++;
		}
	}
	x->row_at[diff->row_count] = at;
	return 0;
}

/* About the logarithm of how rare a word is. */
static float weight_of(size_t total, uint32_t uses)
{
	size_t ratio = total / (uses ? uses : 1);
	float weight = 0.3f;

	for (; ratio > 1; ratio >>= 1)
		weight += 1;
	return weight;
}

static void weigh(struct name_index *x, const struct diff *diff, const uint32_t *uses)
{
	size_t total = 0;

	for (size_t i = 0; i < diff->row_count; i++)
		total += is_indexed(&diff->rows[i]);
	for (size_t w = 0; w < x->word_count; w++)
		x->weights[w] = weight_of(total, uses[w]);
	for (size_t i = 0; i < diff->row_count; i++)
		for (uint32_t k = x->row_at[i]; k < x->row_at[i + 1]; k++)
			x->row_weight[i] += x->weights[x->row_words[k]];
}

/* Which added rows have a word: count, sum up, fill from behind. */
static void post(struct name_index *x, const struct diff *diff)
{
	for (uint32_t i = 0; i < diff->row_count; i++)
		for (uint32_t k = x->row_at[i]; k < x->row_at[i + 1]; k++)
			x->posting_at[x->row_words[k]] += is_added(&diff->rows[i]);
	for (size_t w = 1; w <= x->word_count; w++)
		x->posting_at[w] += x->posting_at[w - 1];
	for (uint32_t i = (uint32_t)diff->row_count; i-- > 0;)
		for (uint32_t k = x->row_at[i]; k < x->row_at[i + 1]; k++)
			if (is_added(&diff->rows[i]))
				x->postings[--x->posting_at[x->row_words[k]]] = i;
}

static int compare_words(const void *a, const void *b, void *words)
{
	const uint32_t *x = a, *y = b;
	const char *const *names = words;

	return strcmp(names[*x], names[*y]);
}

int name_index_make(struct name_index *x, const struct diff *diff, struct ksa_error *err)
{
	size_t words = count_words(diff);
	_cleanup_free_ uint32_t *uses = calloc(words + 1, sizeof(*uses));
	int r;

	x->words = arena_calloc(&x->arena, words + 1, sizeof(*x->words));
	x->sorted = arena_calloc(&x->arena, words + 1, sizeof(*x->sorted));
	x->weights = arena_calloc(&x->arena, words + 1, sizeof(*x->weights));
	x->postings = arena_calloc(&x->arena, words + 1, sizeof(*x->postings));
	x->posting_at = arena_calloc(&x->arena, words + 2, sizeof(*x->posting_at));
	x->row_words = arena_calloc(&x->arena, words + 1, sizeof(*x->row_words));
	x->row_at = arena_calloc(&x->arena, diff->row_count + 1, sizeof(*x->row_at));
	x->row_weight = arena_calloc(&x->arena, diff->row_count + 1, sizeof(*x->row_weight));
	if (!uses || !x->words || !x->sorted || !x->weights || !x->postings || !x->posting_at ||
	    !x->row_words || !x->row_at || !x->row_weight)
		return ksa_fail_nomem(err);
	r = split_rows(x, diff, uses, err);
	if (r)
		return r;
	weigh(x, diff, uses);
	post(x, diff);
	for (size_t i = 0; i < x->word_count; i++)
		x->sorted[i] = (uint32_t)i;
	qsort_r(x->sorted, x->word_count, sizeof(*x->sorted), compare_words, x->words);
	return 0;
}

void name_index_release(struct name_index *x)
{
	strmap_release(&x->ids);
	arena_release(&x->arena);
}

/* One search. */
struct search {
	const struct name_index *index;
	uint32_t row;
	void (*found)(void *ctx, uint32_t row, float part);
	void *ctx;
};

/* All added rows that have this word share that much weight with the row. */
static void take_word(const struct search *s, uint32_t word, float weight)
{
	const struct name_index *x = s->index;
	uint32_t first = x->posting_at[word], end = x->posting_at[word + 1];

	if (end - first > MAX_POSTINGS)
		return;
	for (uint32_t i = first; i < end; i++) {
		uint32_t other = x->postings[i];
		float sum = x->row_weight[s->row] + x->row_weight[other];

		s->found(s->ctx, other, sum > 0 ? 2 * weight / sum : 0);
	}
}

/* The first word in order that is not less than this one. */
static size_t first_from(const struct name_index *x, const char *word)
{
	return SEARCH_FIRST(i, x->word_count, strcmp(x->words[x->sorted[i]], word) < 0);
}

static void take_alike(const struct search *s, uint32_t like, uint32_t word)
{
	const float *weights = s->index->weights;

	take_word(s, like,
		  PART_PREFIX * (weights[like] < weights[word] ? weights[like] : weights[word]));
}

/* Words that this one starts, and words that start this one. */
static void take_prefixes(const struct search *s, uint32_t word)
{
	const struct name_index *x = s->index;
	const char *text = x->words[word];
	size_t length = strlen(text), at = first_from(x, text) + 1;
	char prefix[32];

	if (length < MIN_PREFIX || length >= sizeof(prefix))
		return;
	for (size_t n = 0; n < MAX_LIKE && at + n < x->word_count; n++) {
		if (strncmp(x->words[x->sorted[at + n]], text, length) != 0)
			break;
		take_alike(s, x->sorted[at + n], word);
	}
	for (size_t n = MIN_PREFIX; n < length; n++) {
		uint32_t id;

		memcpy(prefix, text, n);
		prefix[n] = '\0';
		if (strmap_get(&x->ids, prefix, &id))
			take_alike(s, id, word);
	}
}

void name_index_search(const struct name_index *index, uint32_t row,
		       void (*found)(void *ctx, uint32_t row, float part), void *ctx)
{
	const struct search s = {.index = index, .row = row, .found = found, .ctx = ctx};

	for (uint32_t k = index->row_at[row]; k < index->row_at[row + 1]; k++) {
		uint32_t word = index->row_words[k];

		take_word(&s, word, index->weights[word]);
		take_prefixes(&s, word);
	}
}
