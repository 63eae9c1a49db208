// SPDX-License-Identifier: GPL-2.0-or-later
#include "audit/diff/diff.h"

#include <stdlib.h>
#include <string.h>

#include "base/strmap.h"
#include "base/vec.h"

static int compare_firsts(const void *a, const void *b)
{
	const struct diff_first *x = a, *y = b;

	if (x->axis != y->axis)
		return x->axis < y->axis ? -1 : 1;
	if (x->step != y->step)
		return x->step < y->step ? -1 : 1;
	return x->row < y->row ? -1 : x->row > y->row;
}

struct walker {
	struct diff_walk *walk;
	size_t capacity; /* of its firsts */
	struct strmap seen; /* name -> marks in the steps so far */
};

/* What of the marks of a row no step before it had. All rows are taken, because what is first does
 * not depend on what is shown. */
static int take_row(struct walker *k, const struct diff_view *view, uint32_t step, uint32_t index,
		    bool shown, struct ksa_error *err)
{
	const struct diff_row *row = &view->diff->rows[index];
	uint32_t before = 0, marks = row->marks & view->axes;
	struct diff_walk *walk = k->walk;
	int r = 0;

	if (view->folded)
		marks &= ~AXIS_MARK(AXIS_CRC);
	if (!marks || (row->rust && !shown))
		return 0;
	strmap_get(&k->seen, row->name, &before);
	for (int axis = 0; axis < AXIS_COUNT && !r && shown; axis++) {
		if (!(marks & ~before & AXIS_MARK(axis)))
			continue;
		r = vec_reserve(&walk->firsts, &k->capacity, walk->first_count + 1,
				sizeof(*walk->firsts), err);
		if (!r)
			walk->firsts[walk->first_count++] = (struct diff_first){
				.step = step, .row = index, .axis = (enum diff_axis)axis};
	}
	if (!r && strmap_set(&k->seen, row->name, before | marks))
		r = ksa_fail_nomem(err);
	return r;
}

static int take_step(struct walker *k, const struct diff_view *view, uint32_t step,
		     struct ksa_error *err)
{
	size_t at = 0;
	int r = 0;

	for (uint32_t i = 0; i < view->diff->row_count && !r; i++) {
		bool shown = at < view->count && view->rows[at] == i;

		at += shown;
		r = take_row(k, view, step, i, shown, err);
	}
	return r;
}

int diff_walk_make(struct diff *const *steps, const struct diff_view *views, size_t count,
		   struct diff_walk *walk, struct ksa_error *err)
{
	struct walker k = {.walk = walk};
	int r = 0;

	*walk = (struct diff_walk){.steps = steps, .views = views, .step_count = count};
	for (uint32_t step = 0; step < count && !r; step++)
		r = take_step(&k, &views[step], step, err);
	strmap_release(&k.seen);
	if (r)
		diff_walk_release(walk);
	else if (walk->first_count)
		qsort(walk->firsts, walk->first_count, sizeof(*walk->firsts), compare_firsts);
	return r;
}

void diff_walk_release(struct diff_walk *walk)
{
	free(walk->firsts);
	memset(walk, 0, sizeof(*walk));
}
