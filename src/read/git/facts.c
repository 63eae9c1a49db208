// SPDX-License-Identifier: GPL-2.0-or-later
/* Facts of versions of files and of trees, in memory. */
#include "read/git/facts.h"

#include <stdlib.h>
#include <string.h>

#include "base/vec.h"

void facts_free(struct facts *f)
{
	if (!f)
		return;
	free(f->path);
	free(f->names);
	strmap_release(&f->by_name);
	free(f->blobs);
	free(f->exports);
	free(f->uses);
	free(f->words);
	free(f->sets);
	free(f->set_names);
	free(f->trees);
	free(f->symbols);
	free(f->slots);
	arena_release(&f->arena);
	free(f);
}

int facts_name(struct facts *f, const char *name, uint32_t *number, struct ksa_error *err)
{
	const char *copy;
	int r;

	*number = 0;
	if (!name || strmap_get(&f->by_name, name, number))
		return 0;
	/* 0 is for no name. */
	r = vec_reserve(&f->names, &f->name_capacity, f->name_count + 2, sizeof(*f->names), err);
	if (r)
		return r;
	if (!f->name_count)
		f->names[f->name_count++] = NULL;
	if (f->name_count >= FACTS_NONE)
		return ksa_fail(err, KSA_ELIMIT,
				"the repository has more names than can be counted");
	copy = arena_strdup(&f->arena, name);
	*number = (uint32_t)f->name_count;
	if (!copy || strmap_add(&f->by_name, copy, number, NULL) < 0)
		return ksa_fail_nomem(err);
	f->names[f->name_count++] = copy;
	return 0;
}

struct fact_where facts_where(const char *path, bool exports)
{
	uint64_t hash = 0xcbf29ce484222325u + exports;

	for (const char *s = path; *s; s++)
		hash = (hash ^ (unsigned char)*s) * 0x100000001b3u;
	return (struct fact_where){{(uint32_t)hash, (uint32_t)(hash >> 32)}};
}

static size_t slot_of(const struct facts *f, const struct object_id *blob, struct fact_where where)
{
	uint64_t hash;

	memcpy(&hash, blob->bytes, sizeof(hash));
	hash = (hash ^ where.hash[0] ^ (uint64_t)where.hash[1] << 32) * 0x9fb21c651e98df25u;
	return (size_t)(hash >> 20) & (f->slot_count - 1);
}

static bool is_at(const struct facts *f, uint32_t index, const struct object_id *blob,
		  struct fact_where where)
{
	const struct fact_blob *b = &f->blobs[index];

	return b->where.hash[0] == where.hash[0] && b->where.hash[1] == where.hash[1] &&
	       object_id_is_equal(&b->blob, blob);
}

/* The slot of a version, or the free one where it belongs. */
static size_t find_slot(const struct facts *f, const struct object_id *blob,
			struct fact_where where)
{
	size_t at = slot_of(f, blob, where);

	while (f->slots[at] && !is_at(f, f->slots[at] - 1, blob, where))
		at = (at + 1) & (f->slot_count - 1);
	return at;
}

static int grow_slots(struct facts *f, struct ksa_error *err)
{
	size_t count = 4096;
	uint32_t *slots;

	while (count < (f->blob_count + 1) * 3)
		count *= 2;
	slots = calloc(count, sizeof(*slots));
	if (!slots)
		return ksa_fail_nomem(err);
	free(f->slots);
	f->slots = slots;
	f->slot_count = count;
	for (size_t i = 0; i < f->blob_count; i++)
		f->slots[find_slot(f, &f->blobs[i].blob, f->blobs[i].where)] = (uint32_t)i + 1;
	return 0;
}

uint32_t facts_find_blob(struct facts *f, const struct object_id *blob, struct fact_where where)
{
	if (!f->slot_count && grow_slots(f, NULL))
		return FACTS_NONE;
	return f->slots[find_slot(f, blob, where)] - 1; /* FACTS_NONE where it is free */
}

int facts_add_blob(struct facts *f, const struct object_id *blob, struct fact_where where,
		   uint32_t *index, bool *is_new, struct ksa_error *err)
{
	int r = (f->blob_count + 1) * 2 > f->slot_count ? grow_slots(f, err) : 0;
	size_t at;

	*is_new = false;
	if (r)
		return r;
	at = find_slot(f, blob, where);
	*index = f->slots[at] - 1;
	if (f->slots[at])
		return 0;
	if (f->blob_count >= FACTS_NONE - 1)
		return ksa_fail(err, KSA_ELIMIT,
				"the repository has more files than can be counted");
	r = vec_reserve(&f->blobs, &f->blob_capacity, f->blob_count + 1, sizeof(*f->blobs), err);
	if (r)
		return r;
	*is_new = true;
	*index = (uint32_t)f->blob_count++;
	f->slots[at] = *index + 1;
	f->blobs[*index] = (struct fact_blob){.blob = *blob, .where = where};
	return 0;
}

int facts_add_set(struct facts *f, const uint8_t *names, uint32_t *set, struct ksa_error *err)
{
	int r = vec_reserve(&f->sets, &f->set_capacity, f->set_count + 2, sizeof(*f->sets), err);

	if (!r)
		r = vec_reserve(&f->set_names, &f->set_name_capacity,
				f->set_name_count + f->name_count, sizeof(*f->set_names), err);
	if (r)
		return r;
	if (!f->set_count)
		f->sets[f->set_count++] = (struct fact_set){0, 0};
	*set = (uint32_t)f->set_count++;
	f->sets[*set] = (struct fact_set){(uint32_t)f->set_name_count, 0};
	for (size_t i = 1; i < f->name_count; i++)
		if (names[i]) {
			f->set_names[f->set_name_count++] = (uint32_t)i;
			f->sets[*set].name_count++;
		}
	return 0;
}

uint32_t facts_find_tree(const struct facts *f, const struct object_id *tree)
{
	for (size_t i = 0; i < f->tree_count; i++)
		if (object_id_is_equal(&f->trees[i].tree, tree))
			return (uint32_t)i;
	return FACTS_NONE;
}

int facts_add_tree(struct facts *f, const struct object_id *tree, const struct fact_symbol *symbols,
		   size_t count, struct ksa_error *err)
{
	int r = vec_reserve(&f->trees, &f->tree_capacity, f->tree_count + 1, sizeof(*f->trees),
			    err);

	if (!r)
		r = vec_reserve(&f->symbols, &f->symbol_capacity, f->symbol_count + count,
				sizeof(*f->symbols), err);
	if (!r && f->symbol_count + count >= FACTS_NONE)
		r = ksa_fail(err, KSA_ELIMIT, "the releases have more exports than can be counted");
	if (r)
		return r;
	if (count)
		memcpy(f->symbols + f->symbol_count, symbols, count * sizeof(*symbols));
	f->trees[f->tree_count++] =
		(struct fact_tree){*tree, (uint32_t)f->symbol_count, (uint32_t)count};
	f->symbol_count += count;
	f->changed = true;
	return 0;
}
