// SPDX-License-Identifier: GPL-2.0-or-later
#include "model/helper.h"

#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/search.h"
#include "base/vec.h"
#include "model/declared.h"

const char *const helper_kind_names[HELPER_KINDS] = {
	[HELPER_MACRO] = "macro",
	[HELPER_CONSTANT] = "constant",
	[HELPER_INLINE] = "inline",
	[HELPER_GENERATED] = "generated",
};

int helpers_new(struct helpers **out, struct ksa_error *err)
{
	struct helpers *helpers = calloc(1, sizeof(*helpers));

	if (!helpers)
		return ksa_fail_nomem(err);
	helpers->intern.arena = &helpers->arena;
	helpers->basis = "";
	helpers->arch = "";
	*out = helpers;
	return 0;
}

void helpers_free(struct helpers *helpers)
{
	if (!helpers)
		return;
	intern_release(&helpers->intern);
	arena_release(&helpers->arena);
	free(helpers->names);
	free(helpers->items);
	free(helpers->refs);
	free(helpers->users);
	free(helpers->user_first);
	free(helpers->files);
	declared_free(helpers->declared);
	free(helpers);
}

int helpers_add_name(struct helpers *helpers, const char *name, size_t length, uint32_t *number,
		     struct ksa_error *err)
{
	const char *text = intern_bytes(&helpers->intern, name, length, number);
	int r;

	if (!text)
		return ksa_fail_nomem(err);
	if (*number < helpers->name_count)
		return 0;
	r = vec_reserve(&helpers->names, &helpers->name_capacity, helpers->name_count + 1,
			sizeof(*helpers->names), err);
	if (!r)
		helpers->names[helpers->name_count++] =
			(struct helper_name){.text = text, .helper = HELPER_NONE};
	return r;
}

int helpers_add_file(struct helpers *helpers, const char *path, uint32_t *index,
		     struct ksa_error *err)
{
	*index = (uint32_t)helpers->file_count;
	return vec_add_text(&helpers->files, &helpers->file_count, &helpers->file_capacity,
			    arena_strdup(&helpers->arena, path), err);
}

int helpers_define(struct helpers *helpers, const struct helper *init, const uint32_t *names,
		   size_t count, struct ksa_error *err)
{
	struct helper *helper;
	int r;

	if (helpers->count >= HELPERS_MAX || count > HELPERS_MAX_REFS - helpers->ref_count)
		return ksa_fail(err, KSA_ELIMIT,
				"more than %u macros and inline functions, or %u names in their "
				"bodies: these are no kernel's headers",
				HELPERS_MAX, HELPERS_MAX_REFS);
	r = VEC_PUSH_ROOM(helpers, err);
	if (!r)
		r = vec_reserve(&helpers->refs, &helpers->ref_capacity, helpers->ref_count + count,
				sizeof(*helpers->refs), err);
	if (r)
		return r;
	helper = &helpers->items[helpers->count++];
	*helper = *init;
	helper->first = (uint32_t)helpers->ref_count;
	helper->count = (uint32_t)count;
	if (count)
		memcpy(helpers->refs + helpers->ref_count, names, count * sizeof(*names));
	helpers->ref_count += count;
	return 0;
}

void helpers_declare(struct helpers *helpers, uint32_t number, uint8_t declared)
{
	helpers->names[number].declared |= declared;
}

/* The definitions of each name in the order in which they came, while they are joined. */
struct joining {
	struct helpers *helpers;
	uint32_t *next; /* by a definition: the next one of its name */
	uint32_t *seen; /* by a name: the number of the helper that names it, from 1 on */
	uint32_t *refs;
	size_t ref_count;
};

/* A name and where it goes among others: its first bytes decide nearly always. */
struct sort_key {
	uint64_t start;
	const char *text;
	uint32_t definition;
};

static int compare_keys(const void *a, const void *b)
{
	const struct sort_key *x = a, *y = b;

	if (x->start != y->start)
		return x->start < y->start ? -1 : 1;
	return strcmp(x->text, y->text);
}

static uint64_t start_of(const char *text)
{
	uint64_t start = 0;

	for (int i = 0; i < 8; i++) {
		start = start << 8 | (unsigned char)*text;
		text += *text != '\0';
	}
	return start;
}

/* Chain the definitions of each name; *keys has the first of each, malloc'd and sorted. */
static int chain_definitions(struct joining *j, struct sort_key **keys, size_t *count,
			     struct ksa_error *err)
{
	struct helpers *h = j->helpers;
	_cleanup_free_ uint32_t *last = calloc(h->name_count + 1, sizeof(*last));

	*count = 0;
	*keys = calloc(h->count + 1, sizeof(**keys));
	if (!last || !*keys)
		return ksa_fail_nomem(err);
	for (uint32_t i = 0; i < h->count; i++) {
		uint32_t name = h->items[i].name;

		j->next[i] = HELPER_NONE;
		if (last[name]) {
			j->next[last[name] - 1] = i;
		} else {
			const char *text = h->names[name].text;

			(*keys)[(*count)++] = (struct sort_key){start_of(text), text, i};
		}
		last[name] = i + 1;
	}
	qsort(*keys, *count, sizeof(**keys), compare_keys);
	return 0;
}

/* Join the definition at index and those after it in its chain; mark is unique to them. */
static void join(struct joining *j, uint32_t index, uint32_t mark, struct helper *out)
{
	struct helpers *h = j->helpers;

	*out = h->items[index];
	out->first = (uint32_t)j->ref_count;
	j->seen[out->name] = mark;
	for (uint32_t i = index; i != HELPER_NONE; i = j->next[i]) {
		const struct helper *d = &h->items[i];

		out->maybe |= d->maybe;
		out->bare &= d->bare;
		for (uint32_t k = d->first; k < d->first + d->count; k++) {
			uint32_t name = h->refs[k];

			if (j->seen[name] != mark)
				j->refs[j->ref_count++] = name;
			j->seen[name] = mark;
		}
	}
	out->count = (uint32_t)j->ref_count - out->first;
	qsort(j->refs + out->first, out->count, sizeof(*j->refs), compare_u32);
}

static int join_all(struct joining *j, struct ksa_error *err)
{
	struct helpers *h = j->helpers;
	_cleanup_free_ struct sort_key *keys = NULL;
	struct helper *items;
	size_t count;
	int r = chain_definitions(j, &keys, &count, err);

	if (r)
		return r;
	items = calloc(count + 1, sizeof(*items));
	if (!items)
		return ksa_fail_nomem(err);
	for (size_t i = 0; i < count; i++) {
		join(j, keys[i].definition, (uint32_t)i + 1, &items[i]);
		h->names[items[i].name].helper = (uint32_t)i;
	}
	free(h->items);
	h->items = items;
	h->count = count;
	h->capacity = count + 1;
	free(h->refs);
	h->refs = take_ptr(j->refs);
	h->ref_capacity = h->ref_count;
	h->ref_count = j->ref_count;
	return 0;
}

/* For each name the helpers that name it. */
static int index_users(struct helpers *h, struct ksa_error *err)
{
	uint32_t *first = calloc(h->name_count + 2, sizeof(*first));
	uint32_t *users = malloc((h->ref_count + 1) * sizeof(*users));

	h->user_first = first;
	h->users = users;
	if (!first || !users)
		return ksa_fail_nomem(err);
	for (size_t i = 0; i < h->ref_count; i++)
		first[h->refs[i] + 2]++;
	for (size_t i = 1; i < h->name_count; i++)
		first[i + 1] += first[i];
	for (uint32_t i = 0; i < h->count; i++)
		for (uint32_t k = 0; k < h->items[i].count; k++)
			users[first[h->refs[h->items[i].first + k] + 1]++] = i;
	return 0;
}

int helpers_seal(struct helpers *helpers, struct ksa_error *err)
{
	struct joining j = {.helpers = helpers};
	int r = 0;

	j.next = malloc((helpers->count + 1) * sizeof(*j.next));
	j.seen = calloc(helpers->name_count + 1, sizeof(*j.seen));
	j.refs = malloc((helpers->ref_count + 1) * sizeof(*j.refs));
	if (!j.next || !j.seen || !j.refs)
		r = ksa_fail_nomem(err);
	if (!r)
		r = join_all(&j, err);
	free(j.next);
	free(j.seen);
	free(j.refs);
	return r ? r : index_users(helpers, err);
}

uint32_t helpers_number(const struct helpers *helpers, const char *name)
{
	uint32_t number;

	return strmap_get(&helpers->intern.map, name, &number) ? number : HELPER_NONE;
}

const struct helper *helpers_find(const struct helpers *helpers, const char *name)
{
	uint32_t number = helpers_number(helpers, name);
	uint32_t index = number == HELPER_NONE ? HELPER_NONE : helpers->names[number].helper;

	return index == HELPER_NONE ? NULL : &helpers->items[index];
}

uint8_t helpers_declared(const struct helpers *helpers, const char *name)
{
	uint32_t number = helpers_number(helpers, name);

	return number == HELPER_NONE ? 0 : helpers->names[number].declared;
}

void helpers_print_name(const struct helpers *helpers, uint32_t number, struct strbuf *out)
{
	uint32_t index = helpers->names[number].helper;

	strbuf_adds(out, helpers->names[number].text);
	if (index != HELPER_NONE && helpers->items[index].kind != HELPER_CONSTANT)
		strbuf_adds(out, "()");
}

void helpers_print_place(const struct helpers *helpers, const struct helper *helper,
			 struct strbuf *out)
{
	if (helper->file == HELPER_NONE)
		return;
	strbuf_adds(out, helpers->files[helper->file]);
	if (helper->line)
		strbuf_printf(out, ":%u", helper->line);
}
