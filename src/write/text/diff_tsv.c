// SPDX-License-Identifier: GPL-2.0-or-later
#include "write/diff.h"

#include <string.h>

#include "base/cleanup.h"
#include "base/escape.h"
#include "write/text/diff_words.h"
#include "write/out.h"

static void add_value(struct strbuf *buf, struct strbuf *value, const struct diff_row *row,
		      enum diff_axis axis, enum diff_side side)
{
	strbuf_reset(value);
	diff_value(row, axis, side, value);
	escape_text(buf, strbuf_string(value));
}

/* Who lets the change pass. */
static void add_tolerated(struct strbuf *buf, const struct diff *diff, const struct diff_row *row,
			  int axis)
{
	size_t count;
	const struct diff_tolerated *t = diff_tolerated_by(diff, row, &count);

	strbuf_addc(buf, '\t');
	for (size_t i = 0; i < count; i++)
		if (t[i].axes & AXIS_MARK(axis))
			escape_text(buf, t[i].by);
}

/* One line a mark. escape_text writes tabs and line ends as \xNN: no name can forge a column. */
static void add_row(struct strbuf *buf, struct strbuf *value, const struct diff_view *view,
		    const struct diff_row *row, bool walk)
{
	for (int axis = 0; axis < AXIS_COUNT; axis++) {
		if (!(row->marks & view->axes & AXIS_MARK(axis)))
			continue;
		escape_text(buf, row->name);
		strbuf_printf(buf, "\t%s\t", diff_axis_name((enum diff_axis)axis));
		add_value(buf, value, row, (enum diff_axis)axis, DIFF_OLD);
		strbuf_addc(buf, '\t');
		add_value(buf, value, row, (enum diff_axis)axis, DIFF_NEW);
		for (int side = DIFF_OLD; side < DIFF_SIDES && walk; side++) {
			strbuf_addc(buf, '\t');
			escape_text(buf, view->diff->kernels[side]->label);
		}
		if (view->diff->has_policy)
			add_tolerated(buf, view->diff, row, axis);
		strbuf_addc(buf, '\n');
	}
}

/* What the list has and no row that is shown tells: "NAME absent", after the others. */
static void add_listed(struct strbuf *buf, const struct diff_view *view, const char *name,
		       enum diff_listed fate, bool walk)
{
	escape_text(buf, name);
	strbuf_printf(buf, "\t%s\t\t", diff_listed_name(fate));
	for (int side = DIFF_OLD; side < DIFF_SIDES && walk; side++) {
		strbuf_addc(buf, '\t');
		escape_text(buf, view->diff->kernels[side]->label);
	}
	strbuf_adds(buf, view->diff->has_policy ? "\t\n" : "\n");
}

static void add_unchanged(struct strbuf *buf, const struct diff_view *view, bool walk)
{
	const struct diff *diff = view->diff;

	for (size_t i = 0; diff->symbols && i < diff->row_count; i++) {
		enum diff_listed fate = diff_listed_fate(&diff->rows[i]);

		if (fate != LISTED_CHANGED && diff_in_scope(diff, &diff->rows[i]))
			add_listed(buf, view, diff->rows[i].name, fate, walk);
	}
	for (size_t i = 0; i < diff->absent_count; i++)
		add_listed(buf, view, diff->absent[i], LISTED_ABSENT, walk);
}

int write_diff_tsv(const struct diff_view *views, size_t count, FILE *out, struct ksa_error *err)
{
	_cleanup_(strbuf_release) struct strbuf buf = {NULL, 0, 0, false};
	_cleanup_(strbuf_release) struct strbuf value = {NULL, 0, 0, false};
	_cleanup_free_ size_t *at = calloc(count + 1, sizeof(*at));
	int r = at ? 0 : ksa_fail_nomem(err);

	strbuf_printf(&buf, "#symbol\taxis\told\tnew%s%s\n", count > 1 ? "\tfrom\tto" : "",
		      views[0].diff->has_policy ? "\ttolerated" : "");
	while (!r) {
		size_t i = diff_next_view(views, count, at);

		if (i == count)
			break;
		add_row(&buf, &value, &views[i], &views[i].diff->rows[views[i].rows[at[i]++]],
			count > 1);
		r = out_piece(&buf, out, err);
	}
	for (size_t i = 0; i < count && !r; i++) {
		add_unchanged(&buf, &views[i], count > 1);
		r = out_piece(&buf, out, err);
	}
	if (!r && value.failed)
		r = ksa_fail_nomem(err);
	return out_end(r, &buf, out, err);
}
