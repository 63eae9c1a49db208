// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The indexes of a repository: the first byte says which one, the rest is the file, whose head is
 * made to fit. What is taken is then used.
 */
#include "fuzz.h"

#include <stdlib.h>
#include <string.h>

#include "audit/history/history.h"
#include "read/git/build_internal.h"
#include "read/git/users.h"

static void read_history(const unsigned char *data, size_t size)
{
	struct ksa_history *h = calloc(1, sizeof(*h));
	const struct event_filter all = {.kinds = 0};
	struct ksa_events *events = NULL;
	uint32_t base;

	if (!h)
		return;
	h->head = h->since = HISTORY_NONE;
	if (cache_take(h, data, size, 0) && h->commit_count) {
		h->head = 0;
		history_sort(h);
		if (history_merge_base(h, 0, (uint32_t)h->commit_count - 1, &base, NULL) == 0 &&
		    history_events(h, &all, &events, NULL) == 0)
			ksa_events_free(events);
	}
	ksa_history_free(h);
}

static void use_facts(struct facts *f)
{
	struct fact_wanted *files = calloc(f->blob_count + 1, sizeof(*files));
	struct source_symbols symbols = {.first = calloc(f->blob_count + 1, sizeof(size_t)),
					 .exported = calloc(f->name_count + 1, 1)};
	struct source_users users = {.first = NULL};
	uint32_t name;

	if (!files || !symbols.first || !symbols.exported)
		abort();
	for (size_t i = 0; i < f->blob_count; i++) {
		files[i] =
			(struct fact_wanted){.path = "a.c", .blob = f->blobs[i].blob, .uses = true};
		files[i].record = facts_find_blob(f, &f->blobs[i].blob, f->blobs[i].where);
		for (uint32_t k = 0; k < f->blobs[i].export_count; k++)
			symbols.exported[f->exports[f->blobs[i].exports + k].name] = 1;
	}
	if (source_users_find(f, files, &symbols, f->blob_count, &users, NULL))
		abort();
	for (size_t i = 0; i < f->tree_count; i++)
		facts_find_tree(f, &f->trees[i].tree);
	if (facts_name(f, "new", &name, NULL))
		abort();
	source_users_release(&users);
	source_symbols_release(&symbols);
	free(files);
}

static void read_facts(const unsigned char *data, size_t size)
{
	struct facts *f = calloc(1, sizeof(*f));

	if (f && facts_take(f, data, size))
		use_facts(f);
	facts_free(f);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	unsigned char *copy;

	if (!size)
		return 0;
	copy = malloc(size);
	if (!copy)
		return 0;
	memcpy(copy, data + 1, size - 1);
	if (data[0] & 1) {
		facts_seal(copy, size - 1);
		read_facts(copy, size - 1);
	} else {
		cache_seal(copy, size - 1, 0);
		read_history(copy, size - 1);
	}
	free(copy);
	return 0;
}
