// SPDX-License-Identifier: GPL-2.0-or-later
/* What of the changes somebody lets pass, and what there is to say of that. */
#include "model/diff.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "base/search.h"
#include "base/vec.h"

const struct diff_tolerated *diff_tolerated_by(const struct diff *diff, const struct diff_row *row,
					       size_t *count)
{
	const uint32_t index = (uint32_t)(row - diff->rows);
	size_t at = SEARCH_FIRST(i, diff->tolerated_count, diff->tolerated[i].row < index);

	*count = 0;
	while (at + *count < diff->tolerated_count && diff->tolerated[at + *count].row == index)
		(*count)++;
	return diff->tolerated + at;
}

int diff_let_pass(struct diff *diff, uint32_t row, unsigned int axes, const char *by,
		  struct ksa_error *err)
{
	int r = vec_reserve(&diff->tolerated, &diff->tolerated_capacity, diff->tolerated_count + 1,
			    sizeof(*diff->tolerated), err);

	if (r)
		return r;
	diff->tolerated[diff->tolerated_count++] = (struct diff_tolerated){row, axes, by};
	diff->rows[row].tolerated |= (uint8_t)axes;
	return 0;
}

static int compare_tolerated(const void *a, const void *b)
{
	const struct diff_tolerated *x = a, *y = b;
	int c = compare_u32(&x->row, &y->row);

	return c ? c : strcmp(x->by, y->by);
}

/* Sort them, and join those of a row by the same. */
static void join_tolerated(struct diff *diff)
{
	struct diff_tolerated *t = diff->tolerated;
	size_t kept = 0;

	if (diff->tolerated_count)
		qsort(t, diff->tolerated_count, sizeof(*t), compare_tolerated);
	for (size_t i = 0; i < diff->tolerated_count; i++) {
		if (kept && compare_tolerated(&t[kept - 1], &t[i]) == 0)
			t[kept - 1].axes |= t[i].axes;
		else
			t[kept++] = t[i];
	}
	diff->tolerated_count = kept;
}

void diff_count_tolerated(struct diff *diff)
{
	join_tolerated(diff);
	memset(diff->counts.tolerated, 0, sizeof(diff->counts.tolerated));
	for (size_t i = 0; i < diff->row_count; i++) {
		const struct diff_row *row = &diff->rows[i];

		for (int axis = 0; axis < AXIS_COUNT && row->tolerated; axis++)
			if ((row->tolerated & AXIS_MARK(axis)) && !row->rust &&
			    diff_in_scope(diff, row))
				diff->counts.tolerated[axis]++;
	}
}

int diff_add_remark(struct diff *diff, struct ksa_error *err, const char *format, ...)
{
	const char *text;
	va_list ap;

	va_start(ap, format);
	text = arena_vprintf(&diff->arena, format, ap);
	va_end(ap);
	return vec_add_text(&diff->remarks, &diff->remark_count, &diff->remark_capacity, text, err);
}

void diff_tolerated_text(const struct diff *diff, const struct diff_row *row, struct strbuf *out)
{
	size_t count;
	const struct diff_tolerated *t = diff_tolerated_by(diff, row, &count);

	for (size_t i = 0; i < count; i++) {
		strbuf_adds(out, i ? "; " : "");
		for (int axis = 0, any = 0; axis < AXIS_COUNT; axis++)
			if (t[i].axes & AXIS_MARK(axis))
				strbuf_printf(out, "%s%s", any++ ? ", " : "",
					      diff_axis_name((enum diff_axis)axis));
		strbuf_printf(out, " by %s", t[i].by);
	}
}
