// SPDX-License-Identifier: GPL-2.0-or-later
#include "read/source/module_source_internal.h"

#include <stdlib.h>

#include "base/vec.h"

#define MAX_SITES 20000000u

static bool is_same(const struct source_site *a, const struct source_site *b)
{
	return a->word == b->word && a->file == b->file && a->branch == b->branch &&
	       a->macro == b->macro && a->is_call == b->is_call;
}

static uint32_t hash_of(const struct source_site *site)
{
	uint64_t hash = site->word * 0x9e3779b97f4a7c15u;

	hash = (hash ^ site->file) * 0x9e3779b97f4a7c15u;
	hash = (hash ^ site->branch) * 0x9e3779b97f4a7c15u;
	hash = (hash ^ (site->macro << 1 | site->is_call)) * 0x9e3779b97f4a7c15u;
	return (uint32_t)(hash >> 32);
}

static uint32_t *find_slot(struct module_source *source, const struct source_site *site)
{
	size_t mask = source->site_slot_count - 1;

	for (size_t i = hash_of(site) & mask;; i = (i + 1) & mask) {
		uint32_t at = source->site_slots[i];

		if (!at || is_same(&source->sites.items[at - 1], site))
			return &source->site_slots[i];
	}
}

static int grow(struct module_source *source, struct ksa_error *err)
{
	size_t count = source->site_slot_count ? source->site_slot_count * 2 : 8192;
	uint32_t *slots = calloc(count, sizeof(*slots));

	if (!slots)
		return ksa_fail_nomem(err);
	free(source->site_slots);
	source->site_slots = slots;
	source->site_slot_count = count;
	for (size_t i = 0; i < source->sites.count; i++)
		*find_slot(source, &source->sites.items[i]) = (uint32_t)i + 1;
	return 0;
}

int module_source_add_site(struct module_source *source, const struct source_site *site,
			   struct ksa_error *err)
{
	uint32_t *slot;
	int r = 0;

	if (source->sites.count >= source->site_slot_count / 2)
		r = grow(source, err);
	if (r)
		return r;
	slot = find_slot(source, site);
	if (*slot) {
		source->sites.items[*slot - 1].count++;
		return 0;
	}
	if (source->sites.count >= MAX_SITES)
		return ksa_fail(err, KSA_ELIMIT,
				"the source names more than %u names, more than any real one",
				MAX_SITES);
	r = VEC_PUSH_ROOM(&source->sites, err);
	if (r)
		return r;
	source->sites.items[source->sites.count++] = *site;
	source->sites.items[source->sites.count - 1].count = 1;
	*slot = (uint32_t)source->sites.count;
	return 0;
}

int module_source_add_definition(struct module_source *source,
				 const struct source_definition *definition, uint32_t *index,
				 struct ksa_error *err)
{
	size_t before = source->by_word.count;
	int r = VEC_PUSH_ROOM(&source->definitions, err);

	if (!r && definition->word >= before)
		r = vec_reserve(&source->by_word.items, &source->by_word.capacity,
				definition->word + 1, sizeof(*source->by_word.items), err);
	if (r)
		return r;
	if (definition->word >= before) {
		source->by_word.count = source->by_word.capacity;
		memset(source->by_word.items + before, 0,
		       (source->by_word.count - before) * sizeof(*source->by_word.items));
	}
	*index = (uint32_t)source->definitions.count;
	source->definitions.items[*index] = *definition;
	source->definitions.items[*index].next = source->by_word.items[definition->word];
	source->by_word.items[definition->word] = *index + 1;
	source->definitions.count++;
	return 0;
}

uint32_t module_source_definition(const struct module_source *source, uint32_t word)
{
	return word < source->by_word.count ? source->by_word.items[word] : 0;
}
