// SPDX-License-Identifier: GPL-2.0-or-later
/* A patch mail, each file's diff applied to the lines that it says are there, and its review. */
#include "fuzz.h"

#include <stdlib.h>

#include "audit/review/review.h"
#include "base/strbuf.h"
#include "read/patch/patch.h"
#include "read/review/review.h"

static void apply(const struct patch_file *file)
{
	struct strbuf old = {NULL, 0, 0, false};
	unsigned char *out = NULL;
	size_t size;

	for (size_t h = 0; h < file->hunk_count; h++) {
		for (size_t i = 0; i < file->hunks[h].line_count; i++) {
			const struct patch_line *line = &file->hunks[h].lines[i];

			if (line->sign == '+')
				continue;
			strbuf_add(&old, line->text, line->length);
			strbuf_addc(&old, '\n');
		}
	}
	if (patch_file_apply(file, (const unsigned char *)strbuf_string(&old), old.length, &out,
			     &size, NULL) == 0)
		free(out);
	patch_file_at(file, PATCH_NEW, 1);
	strbuf_release(&old);
}

static void judge(const struct patch_set *set)
{
	struct review_input input = {.patches = NULL};
	struct review *review = NULL;

	if (review_read_patches(&input, set, NULL) == 0 && review_make(&input, &review, NULL) == 0)
		review_free(review);
	review_input_release(&input);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct patch_set set = {0};
	struct ksa_error err = {0};

	if (patches_read_text(&set, "input", data, size, &err) == 0) {
		for (size_t i = 0; i < set.count; i++)
			for (size_t f = 0; f < set.patches[i].file_count; f++)
				apply(&set.patches[i].files[f]);
		judge(&set);
	}
	patch_set_release(&set);
	return 0;
}
