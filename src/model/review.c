// SPDX-License-Identifier: GPL-2.0-or-later
#include "model/review.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/vec.h"

void review_input_release(struct review_input *input)
{
	strmap_release(&input->by_path);
	free(input->overlays);
	free(input->notices);
	arena_release(&input->arena);
	memset(input, 0, sizeof(*input));
}

int review_input_notice(struct review_input *input, struct ksa_error *err, const char *format, ...)
{
	char text[1024];
	va_list ap;
	const char *copy;
	int r = vec_reserve(&input->notices, &input->notice_capacity, input->notice_count + 1,
			    sizeof(*input->notices), err);

	if (r)
		return r;
	va_start(ap, format);
	vsnprintf(text, sizeof(text), format, ap);
	va_end(ap);
	copy = arena_strdup(&input->arena, text);
	if (!copy)
		return ksa_fail_nomem(err);
	input->notices[input->notice_count++] = copy;
	return 0;
}

int review_read(const struct review_input *input, const char *path, const char **text, size_t *size,
		struct ksa_error *err)
{
	uint32_t at;

	if (strmap_get(&input->by_path, path, &at)) {
		const struct review_overlay *o = &input->overlays[at];

		if (!o->text)
			return ksa_fail(err, KSA_ENODATA, "'%s' is removed", path);
		*text = o->text;
		*size = o->size;
		return 0;
	}
	if (!input->tree)
		return ksa_fail(err, KSA_ENODATA, "'%s' is not known", path);
	return input->tree->read(input->tree->ctx, path, text, size, err);
}

const char *review_what_name(enum review_what what)
{
	static const char *const names[REVIEW_WHAT_COUNT] = {"added", "removed", "changed",
							     "moved"};

	return what < REVIEW_WHAT_COUNT ? names[what] : "changed";
}

void review_free(struct review *review)
{
	if (!review)
		return;
	free(review->changes.items);
	free(review->findings);
	free(review->notices);
	arena_release(&review->arena);
	free(review);
}
