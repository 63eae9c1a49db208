// SPDX-License-Identifier: GPL-2.0-or-later
#include "audit/diff/diff.h"

#include <stdlib.h>
#include <string.h>

#include "audit/exports.h"
#include "base/cleanup.h"

static bool any_matches(struct export_matcher *m, const struct diff_row *row)
{
	for (int side = DIFF_OLD; side < DIFF_SIDES; side++)
		for (uint32_t i = 0; i < row->side[side].count; i++)
			if (export_matches(m, &row->side[side].items[i]))
				return true;
	return false;
}

/* Counts and leaves out what is folded. */
static bool is_folded(struct diff_view *view, const struct diff_row *row,
		      const struct diff_filter *filter)
{
	if (!filter->fold)
		return false;
	if (row->rust)
		view->folded_rust++;
	else if (row->tolerated == row->marks)
		view->folded_tolerated++;
	else if (row->severity == SEVERITY_CRC && !filter->axes && !diff_view_gated(view, row))
		view->folded_crcs++;
	else
		return false;
	return true;
}

/* True if the row is of the kind that is looked for. */
static bool is_wanted(const struct diff_view *view, const struct diff_row *row,
		      const struct diff_filter *filter)
{
	return (row->marks & view->axes) && (filter->all_rows || diff_in_scope(view->diff, row)) &&
	       (!filter->families.count || families_have(&filter->families, row->name));
}

static void count_gated(struct diff_view *view, const struct diff_row *row)
{
	unsigned int gated = diff_view_gated(view, row);

	view->gated += gated != 0;
	for (int axis = 0; axis < AXIS_COUNT && gated; axis++)
		view->gated_by[axis] += !!(gated & AXIS_MARK(axis));
}

int diff_view_make(const struct diff *diff, const struct diff_filter *filter,
		   struct diff_view *view, struct ksa_error *err)
{
	static const struct diff_filter everything;
	const struct diff_filter *f = filter ? filter : &everything;
	bool narrow = export_filter_is_narrow(&f->exports);
	_cleanup_(export_matcher_release) struct export_matcher m = {.filter = NULL};

	export_matcher_init(&m, &f->exports);
	*view = (struct diff_view){.diff = diff,
				   .families = f->families,
				   .folded = f->fold && !f->axes,
				   .filtered =
					   narrow || f->axes || f->families.count || diff->symbols,
				   .gate = f->gate,
				   .ease = f->ease,
				   .axes = f->axes ? f->axes | f->gate : AXIS_MARK(AXIS_COUNT) - 1};
	view->rows = calloc(diff->row_count + 1, sizeof(*view->rows));
	if (!view->rows)
		return ksa_fail_nomem(err);
	for (uint32_t i = 0; i < diff->row_count; i++) {
		const struct diff_row *row = &diff->rows[i];

		if (!is_wanted(view, row, f) || (narrow && !any_matches(&m, row)))
			continue;
		count_gated(view, row);
		if (!is_folded(view, row, f))
			view->rows[view->count++] = i;
	}
	if (!m.patterns.failed && !m.owner.failed)
		return 0;
	diff_view_release(view);
	return ksa_fail_nomem(err);
}

void diff_view_release(struct diff_view *view)
{
	free(view->rows);
	memset(view, 0, sizeof(*view));
}
