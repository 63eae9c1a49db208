// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Headers of a kernel: autoconf.h and then one header after another, a form feed between them.
 */
#include "fuzz.h"

#include <stdlib.h>
#include <string.h>

#include "read/headers/headers.h"

static void add(struct header_set *set, const char *path, const uint8_t *data, size_t size)
{
	unsigned char *copy = malloc(size + 1);
	struct header_file file = {.data = {copy, size, BYTES_HEAP}};

	if (!copy)
		abort();
	memcpy(copy, data, size);
	if (header_set_add(set, path, &file, NULL))
		abort();
}

/* What everybody relies on. */
static void check(const struct helpers *h)
{
	struct helper_reach reach = {.steps = NULL};

	for (size_t i = 0; i < h->count; i++) {
		const struct helper *helper = &h->items[i];

		if (i && strcmp(helper_text(h, helper - 1), helper_text(h, helper)) >= 0)
			abort();
		if (helpers_find(h, helper_text(h, helper)) != helper || !*helper_text(h, helper) ||
		    helper->file >= h->file_count || !helper->line)
			abort();
		for (uint32_t k = 0; k < helper->count; k++)
			if (h->refs[helper->first + k] >= h->name_count ||
			    h->refs[helper->first + k] == helper->name ||
			    (k && h->refs[helper->first + k] <= h->refs[helper->first + k - 1]))
				abort();
		if (i < 64 && (helpers_reach(h, helper, &reach, NULL) || !reach.count))
			abort();
	}
	helper_reach_release(&reach);
}

static bool is_even(void *ctx, const char *name)
{
	(void)ctx;
	return strlen(name) % 2 == 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char *const paths[] = {"include/generated/autoconf.h", "include/linux/a.h",
					    "arch/x86/include/asm/b.h", "include/linux/c.h"};
	const struct header_options options = {.places = true, .jobs = 1, .arch = "x86"};
	struct header_set set = {.items = NULL};
	struct helpers *helpers, *reduced;

	for (size_t i = 0; i < sizeof(paths) / sizeof(paths[0]) && data; i++) {
		const uint8_t *end = memchr(data, '\f', size);
		size_t length = end ? (size_t)(end - data) : size;

		add(&set, paths[i], data, length);
		size -= length + (end != NULL);
		data = end ? end + 1 : NULL;
	}
	if (set.count && header_set_read(&set, &options, &helpers, NULL) == 0) {
		check(helpers);
		if (helpers_reduce(helpers, is_even, NULL, &reduced, NULL))
			abort();
		helpers_free(reduced);
		helpers_free(helpers);
	}
	header_set_release(&set);
	return 0;
}
