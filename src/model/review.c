// SPDX-License-Identifier: GPL-2.0-or-later
#include "model/review.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/vec.h"

void review_input_release(struct review_input *input)
{
	review_index_release(&input->index);
	strmap_release(&input->by_path);
	free(input->overlays);
	free(input->notices);
	arena_release(&input->arena);
	memset(input, 0, sizeof(*input));
}

int review_input_notice(struct review_input *input, struct ksa_error *err, const char *format, ...)
{
	const char *text;
	va_list ap;

	va_start(ap, format);
	text = arena_vprintf(&input->arena, format, ap);
	va_end(ap);
	return vec_add_text(&input->notices, &input->notice_count, &input->notice_capacity, text,
			    err);
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

bool review_next_part(const struct review *review, struct review_part *part)
{
	const struct ksa_report *report = &review->report;

	while (part->next < review->input->patch_count) {
		part->change = part->change_end;
		part->finding = part->finding_end;
		while (part->change_end < review->changes.count &&
		       review->changes.items[part->change_end].patch == part->next)
			part->change_end++;
		while (part->finding_end < report->finding_count &&
		       report->findings[part->finding_end].patch == part->next)
			part->finding_end++;
		part->patch = &review->input->patches[part->next++];
		if (part->change < part->change_end || part->finding < part->finding_end)
			return true;
	}
	return false;
}

void review_free(struct review *review)
{
	if (!review)
		return;
	free(review->changes.items);
	ksa_report_free(review->held);
	report_release(&review->report);
	free(review);
}
