// SPDX-License-Identifier: GPL-2.0-or-later
#include "write/diff.h"

#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/escape.h"
#include "write/text/diff_words.h"
#include "write/out.h"
#include "write/table.h"
#include "write/text/text.h"

#define MODULE_ROWS 20 /* more modules than that: only those that are not fine */
#define GAP_INDENT  "                     "

struct writer {
	const struct diff_text_options *options;
	FILE *out;
	bool crcs; /* tables have a column for them */
	struct strbuf buf; /* what is not written yet */
	struct strbuf escaped, value;
};

static void writer_release(struct writer *w)
{
	strbuf_release(&w->buf);
	strbuf_release(&w->escaped);
	strbuf_release(&w->value);
}

static int finish(struct writer *w, int status, struct ksa_error *err)
{
	w->buf.failed |= w->value.failed || w->escaped.failed;
	return out_end(status, &w->buf, w->out, err);
}

/* The string escaped; valid until the next call. */
static const char *escaped(struct writer *w, const char *s)
{
	strbuf_reset(&w->escaped);
	escape_text(&w->escaped, s);
	return strbuf_string(&w->escaped);
}

/* What was put in w->value, escaped; that is empty again then. */
static const char *escaped_value(struct writer *w)
{
	escaped(w, strbuf_string(&w->value));
	strbuf_reset(&w->value);
	return strbuf_string(&w->escaped);
}

/* An empty line, then "text (1,234)". */
static void heading(struct writer *w, const char *text, size_t count)
{
	strbuf_printf(&w->buf, "\n%s (", text);
	text_number(&w->buf, count);
	strbuf_adds(&w->buf, ")\n");
}

static const struct table_column columns[] = {
	{.name = "symbol", .id = COLUMN_SYMBOL, .widest = 48},
	{.name = "class", .id = COLUMN_CLASS, .widest = 24},
	{.name = "importers", .id = COLUMN_IMPORTERS, .widest = 16},
	{.name = "namespace", .id = COLUMN_NAMESPACE, .widest = 40},
	{.name = "crc", .id = COLUMN_CRC, .widest = 20},
	{.name = "owner", .id = COLUMN_OWNER},
	{.name = NULL}};

struct rows_table {
	struct writer *w;
	const struct diff *diff;
	const struct diff_rows *rows;
};

static const char *cell(const void *data, size_t row, int column, struct strbuf *scratch)
{
	const struct rows_table *t = data;

	diff_cell(t->diff, t->rows->items[row], (enum diff_column)column, scratch);
	return strbuf_string(scratch);
}

static const char *cell_color(const void *data, size_t i, int column)
{
	const struct rows_table *t = data;
	const struct diff_row *row = t->rows->items[i];

	if (column == COLUMN_CLASS && (row->marks & AXIS_MARK(AXIS_CLASS)))
		return row->severity == SEVERITY_CLASS ? COLOR_RED : COLOR_GREEN;
	if (column == COLUMN_CLASS && diff_class(row, DIFF_NEW, NULL) == KSA_CLASS_GPL)
		return COLOR_YELLOW;
	if (column == COLUMN_NAMESPACE && row->ns == NS_RESERVED)
		return COLOR_RED;
	return NULL;
}

static void below_row(const void *data, size_t i, struct strbuf *buf)
{
	const struct rows_table *t = data;
	const struct diff_row *row = t->rows->items[i];
	struct writer *w = t->w;

	for (int side = DIFF_OLD; side < DIFF_SIDES && (row->marks & AXIS_MARK(AXIS_PROTOTYPE));
	     side++) {
		diff_value(row, AXIS_PROTOTYPE, (enum diff_side)side, &w->value);
		strbuf_printf(buf, "    %s %s\n", side == DIFF_OLD ? "was" : "now",
			      escaped_value(w));
	}
	if (row->lost == LOST_BEHIND_HEADERS) {
		diff_lost_text(row, "", &w->value);
		strbuf_printf(buf, "    %s\n", escaped_value(w));
	}
	if (row->tolerated) {
		diff_tolerated_text(t->diff, row, &w->value);
		strbuf_printf(buf, "    tolerated: %s\n", escaped_value(w));
	}
	for (uint32_t k = 0; k < row->successor_count; k++) {
		diff_successor_words(t->diff, &row->successors[k], &w->value);
		strbuf_printf(buf, "    likely now %s\n", escaped_value(w));
	}
}

static int rows_table(struct writer *w, const struct diff *diff, const struct diff_rows *rows,
		      struct ksa_error *err)
{
	const struct rows_table data = {w, diff, rows};
	const struct table t = {.columns = columns,
				.hide = w->crcs ? 0 : 1u << COLUMN_CRC,
				.count = rows->count,
				.data = &data,
				.cell = cell,
				.color = w->options->color ? cell_color : NULL,
				.below = below_row};

	return table_text(&t, &w->buf, w->out, err);
}

/* old: debian-6.1, 6.1.0-56-amd64 x86_64, 24,683 exports */
static void kernel_lines(struct writer *w, const char *before, const struct ksa_kernel *k)
{
	strbuf_adds(&w->buf, before);
	strbuf_adds(&w->buf, escaped(w, k->label));
	if (*k->release && strcmp(k->release, k->label) != 0)
		strbuf_printf(&w->buf, ", %s", escaped(w, k->release));
	if (*k->arch)
		strbuf_printf(&w->buf, " %s", escaped(w, k->arch));
	text_count(&w->buf, ", ", k->export_count, "export");
	strbuf_addc(&w->buf, '\n');
	if (w->options->quiet)
		return;
	text_sources(&w->buf, k, "     ");
	for (size_t i = 0; i < k->notice_count; i++)
		strbuf_printf(&w->buf, "     notice: %s\n", escaped(w, k->notices[i]));
}

static void gap_lines(struct writer *w, const struct diff *diff, enum diff_axis axis,
		      const char *before)
{
	for (size_t i = 0; i < diff->gap_count; i++) {
		if (diff->gaps[i].axis != axis)
			continue;
		strbuf_printf(&w->buf, "%s%s\n", before, escaped(w, diff->gaps[i].text));
		before = axis == AXIS_COUNT ? before : GAP_INDENT;
	}
}

static bool has_gap(const struct diff *diff, enum diff_axis axis)
{
	for (size_t i = 0; i < diff->gap_count; i++)
		if (diff->gaps[i].axis == axis)
			return true;
	return false;
}

static void axis_line(struct writer *w, const struct diff *diff, enum diff_axis axis)
{
	bool words;

	diff_axis_number(diff, axis, &w->value);
	strbuf_printf(&w->buf, "%-9s %9s", diff_axis_name(axis), escaped_value(w));
	diff_axis_words(diff, axis, &w->value);
	words = w->value.length;
	if (words)
		strbuf_printf(&w->buf, "  %s\n", escaped_value(w));
	else if (!has_gap(diff, axis))
		strbuf_addc(&w->buf, '\n');
	gap_lines(w, diff, axis, words ? GAP_INDENT : "  ");
}

static const char *fate_color(enum diff_fate fate)
{
	if (fate == FATE_OK)
		return COLOR_GREEN;
	if (fate == FATE_WARNING)
		return COLOR_YELLOW;
	return fate == FATE_UNKNOWN ? COLOR_PURPLE : COLOR_RED;
}

static bool module_is_shown(const struct writer *w, const struct diff *diff, size_t i)
{
	return w->options->verbose || diff->module_count <= MODULE_ROWS ||
	       diff->modules[i].fate != FATE_OK;
}

static void module_line(struct writer *w, const struct diff *diff, size_t i, size_t width)
{
	const struct diff_module *m = &diff->modules[i];
	const char *name = escaped(w, m->module->name), *fate = diff_fate_name(m->fate);

	strbuf_adds(&w->buf, name);
	strbuf_pad(&w->buf, width - text_width(name) + 2);
	strbuf_adds(&w->buf, w->options->color ? fate_color(m->fate) : "");
	strbuf_adds(&w->buf, fate);
	strbuf_adds(&w->buf, w->options->color ? COLOR_OFF : "");
	if (m->why) {
		strbuf_pad(&w->buf, strlen("VERDICT") - strlen(fate) + 2);
		strbuf_adds(&w->buf, escaped(w, m->why));
	}
	if (diff_module_fails(m, DIFF_OLD))
		strbuf_printf(&w->buf, " (fails on %s%s)",
			      escaped(w, diff->kernels[DIFF_OLD]->label),
			      diff_module_fails(m, DIFF_NEW) ? " too" : "");
	strbuf_addc(&w->buf, '\n');
}

static void module_lines(struct writer *w, const struct diff *diff)
{
	size_t width = strlen("MODULE"), shown = 0;

	for (size_t i = 0; i < diff->module_count; i++) {
		size_t length = text_width(escaped(w, diff->modules[i].module->name));

		if (!module_is_shown(w, diff, i))
			continue;
		shown++;
		width = length > width ? length : width;
	}
	strbuf_addc(&w->buf, '\n');
	if (shown) {
		strbuf_adds(&w->buf, "MODULE");
		strbuf_pad(&w->buf, width - strlen("MODULE") + 2);
		strbuf_printf(&w->buf, "VERDICT  when built for %s\n",
			      escaped(w, diff->kernels[DIFF_NEW]->label));
	}
	for (size_t i = 0; i < diff->module_count; i++)
		if (module_is_shown(w, diff, i))
			module_line(w, diff, i, width);
	if (shown < diff->module_count) {
		text_count(&w->buf, shown ? "and " : "", diff->module_count - shown, "module");
		strbuf_adds(&w->buf, " ok\n");
	}
	text_count(&w->buf, "\nof what ", diff->module_count, "module");
	strbuf_printf(&w->buf, " import%s:", diff->module_count == 1 ? "s" : "");
}

/* "plain -> gpl, drivers/soc/qcom/qmi_helpers", then the names: a paragraph a group. */
static int reclassified(struct writer *w, const struct diff *diff, struct ksa_error *err)
{
	_cleanup_(diff_rows_release) struct diff_rows rows = {NULL, 0};
	int r = diff_reclassified(diff, &rows, err);
	size_t end;

	if (!r && rows.count)
		heading(w, "reclassified", rows.count);
	for (size_t i = 0; i < rows.count; i = end) {
		struct text_wrap wrap = {.buf = &w->buf, .indent = 4, .column = 4};

		diff_reclassified_head(rows.items[i], &w->value);
		strbuf_printf(&w->buf, "  %s\n    ", escaped_value(w));
		for (end = i;
		     end < rows.count && !diff_reclassified_differ(rows.items[end], rows.items[i]);
		     end++)
			text_wrap_item(&wrap, escaped(w, rows.items[end]->name));
		strbuf_addc(&w->buf, '\n');
	}
	return r;
}

/* What changed of a member of a family, on one line. */
static void member_line(struct writer *w, const struct diff *diff, const struct diff_row *row,
			size_t width)
{
	const char *name = escaped(w, row->name), *separator = "  ";

	strbuf_printf(&w->buf, "    %s", name);
	strbuf_pad(&w->buf, width - text_width(name));
	for (int axis = 0; axis < AXIS_COUNT; axis++) {
		if (axis == AXIS_CRC || !(row->marks & AXIS_MARK(axis)))
			continue;
		strbuf_printf(&w->buf, "%s%s", separator, diff_axis_name((enum diff_axis)axis));
		separator = "; ";
		if (axis == AXIS_REMOVED || axis == AXIS_ADDED)
			diff_value(row, (enum diff_axis)axis,
				   axis == AXIS_REMOVED ? DIFF_OLD : DIFF_NEW, &w->value);
		else
			diff_cell(diff, row,
				  axis == AXIS_CLASS	   ? COLUMN_CLASS
				  : axis == AXIS_NAMESPACE ? COLUMN_NAMESPACE
							   : COLUMN_OWNER,
				  &w->value);
		strbuf_printf(&w->buf, " (%s)", escaped_value(w));
	}
	if (!(row->marks & ~AXIS_MARK(AXIS_CRC))) {
		diff_cell(diff, row, COLUMN_CLASS, &w->value);
		strbuf_printf(&w->buf, "  %s, unchanged", escaped_value(w));
	}
	if (row->successor_count) {
		strbuf_adds(&w->buf, "; likely now ");
		strbuf_adds(&w->buf, escaped(w, diff->rows[row->successors[0].row].name));
	}
	strbuf_addc(&w->buf, '\n');
}

/* all: also the members that did not change. */
static void family_lines(struct writer *w, const struct diff *diff, const struct diff_family *f,
			 bool all)
{
	size_t width = 0;

	for (int pass = 0; pass < 2; pass++) {
		for (size_t i = 0; i < f->row_count; i++) {
			const struct diff_row *row = &diff->rows[f->rows[i]];
			size_t length = text_width(escaped(w, row->name));

			if (!diff_in_scope(diff, row) ||
			    (!all && !(row->marks & ~AXIS_MARK(AXIS_CRC))))
				continue;
			if (pass)
				member_line(w, diff, row, width);
			else
				width = length > width ? length : width;
		}
	}
}

static void one_family(struct writer *w, const struct diff *diff, const struct ksa_family *family)
{
	const struct diff_family *f = diff_family_of(diff, family);

	if (!f || !f->row_count) {
		strbuf_printf(&w->buf, "\nfamily %s: neither kernel has a symbol of it\n",
			      family->name);
		return;
	}
	strbuf_printf(&w->buf, "\nfamily %s: %zu of %zu changed\n", family->name, f->changed,
		      f->row_count);
	family_lines(w, diff, f, true);
}

static void families(struct writer *w, const struct diff *diff)
{
	struct text_wrap wrap = {.buf = &w->buf, .indent = 4, .column = strlen("  unchanged: ")};
	const bool part = diff->module_count || diff->symbols;
	size_t changed = 0, present = 0;

	for (size_t i = 0; i < diff->family_count; i++) {
		changed += diff->families[i].changed > 0;
		present += diff->families[i].row_count > 0;
	}
	if (!present || (part && !changed))
		return;
	strbuf_adds(&w->buf, "\nfamilies\n");
	for (size_t i = 0; i < diff->family_count; i++) {
		const struct diff_family *f = &diff->families[i];

		if (!f->changed)
			continue;
		strbuf_printf(&w->buf, "  %s: %zu of %zu changed\n", f->family->name, f->changed,
			      f->row_count);
		family_lines(w, diff, f, false);
	}
	if (changed == present || part)
		return;
	strbuf_adds(&w->buf, "  unchanged: ");
	for (size_t i = 0; i < diff->family_count; i++) {
		if (diff->families[i].changed || !diff->families[i].row_count)
			continue;
		strbuf_printf(&w->value, "%s %zu", diff->families[i].family->name,
			      diff->families[i].row_count);
		text_wrap_item(&wrap, escaped_value(w));
	}
	strbuf_addc(&w->buf, '\n');
}

/* "of 796 listed symbols: 20 changed, 770 unchanged, 6 absent"; -v has their names. */
static void list_lines(struct writer *w, const struct diff *diff)
{
	const char *before = ":";

	text_count(&w->buf, "\nof ", ksa_symbol_list_count(diff->symbols), "listed symbol");
	for (int fate = 0; fate < LISTED_COUNT; fate++) {
		if (!diff->listed[fate])
			continue;
		strbuf_printf(&w->buf, "%s ", before);
		text_number(&w->buf, diff->listed[fate]);
		strbuf_printf(&w->buf, " %s", diff_listed_name((enum diff_listed)fate));
		before = ",";
	}
	strbuf_addc(&w->buf, '\n');
}

/* The modules and the numbers. */
static void numbers(struct writer *w, const struct diff_view *view)
{
	const struct diff *diff = view->diff;

	for (size_t i = 0; i < diff->remark_count; i++)
		strbuf_printf(&w->buf, "note: %s\n", escaped(w, diff->remarks[i]));
	gap_lines(w, diff, AXIS_COUNT, "note: ");
	if (diff->module_count)
		module_lines(w, diff);
	if (diff->symbols)
		list_lines(w, diff);
	strbuf_addc(&w->buf, '\n');
	for (int axis = 0; axis < AXIS_COUNT; axis++)
		if (diff_axis_is_known(diff, (enum diff_axis)axis))
			axis_line(w, diff, (enum diff_axis)axis);
	diff_gate_words(view, &w->value);
	if (w->value.length)
		strbuf_printf(&w->buf, "%s\n", escaped_value(w));
}

static int head(struct writer *w, const struct diff_view *view, struct ksa_error *err)
{
	const struct diff *diff = view->diff;
	int r;

	kernel_lines(w, "old: ", diff->kernels[DIFF_OLD]);
	kernel_lines(w, "new: ", diff->kernels[DIFF_NEW]);
	numbers(w, view);
	if (w->options->quiet)
		return 0;
	r = reclassified(w, diff, err);
	for (size_t i = 0; i < view->families.count && !r; i++)
		one_family(w, diff, view->families.items[i]);
	if (!r && !view->families.count)
		families(w, diff);
	return r;
}

/* Who lets the row pass, once for several that follow on each other. */
static void tolerated_line(struct writer *w, const struct diff *diff, const struct diff_row *row,
			   const struct diff_row *next)
{
	size_t count, others = 0;
	const struct diff_tolerated *t = diff_tolerated_by(diff, row, &count), *u = NULL;

	if (next)
		u = diff_tolerated_by(diff, next, &others);
	if (!count || (count == 1 && others == 1 && strcmp(t->by, u->by) == 0))
		return;
	diff_tolerated_text(diff, row, &w->value);
	strbuf_printf(&w->buf, "    tolerated: %s\n", escaped_value(w));
}

/* Names of what went with its module, a paragraph a module. */
static void gone_with_modules(struct writer *w, const struct diff *diff,
			      const struct diff_rows *rows)
{
	size_t end;

	for (size_t i = 0; i < rows->count; i = end) {
		const char *owner = rows->items[i]->side[DIFF_OLD].items->owner;
		struct text_wrap wrap = {.buf = &w->buf, .indent = 4, .column = 4};

		strbuf_printf(&w->buf, "  %s\n    ", escaped(w, owner));
		for (end = i; end < rows->count &&
			      strcmp(rows->items[end]->side[DIFF_OLD].items->owner, owner) == 0;
		     end++)
			text_wrap_item(&wrap, escaped(w, rows->items[end]->name));
		strbuf_addc(&w->buf, '\n');
		for (; i < end; i++)
			tolerated_line(w, diff, rows->items[i],
				       i + 1 < end ? rows->items[i + 1] : NULL);
	}
}

static int section(struct writer *w, const struct diff_view *view, enum diff_section section,
		   struct ksa_error *err)
{
	_cleanup_(diff_rows_release) struct diff_rows rows = {NULL, 0};
	int r = diff_section_rows(view, section, &rows, err);

	if (r || !rows.count)
		return r;
	heading(w, diff_section_title(view->diff, section), rows.count);
	if (section != SECTION_WITH_MODULES)
		return rows_table(w, view->diff, &rows, err);
	gone_with_modules(w, view->diff, &rows);
	return 0;
}

/* A paragraph of names. */
static void listed(struct writer *w, const struct diff *diff, enum diff_listed fate)
{
	struct text_wrap wrap = {.buf = &w->buf, .indent = 2, .column = 2};

	if (!diff->listed[fate])
		return;
	heading(w, diff_listed_name(fate), diff->listed[fate]);
	strbuf_adds(&w->buf, "  ");
	for (size_t i = 0; i < diff->row_count; i++)
		if (diff_in_scope(diff, &diff->rows[i]) && diff_listed_fate(&diff->rows[i]) == fate)
			text_wrap_item(&wrap, escaped(w, diff->rows[i].name));
	for (size_t i = 0; i < diff->absent_count && fate == LISTED_ABSENT; i++)
		text_wrap_item(&wrap, escaped(w, diff->absent[i]));
	strbuf_addc(&w->buf, '\n');
}

static void folded(struct writer *w, const struct diff_view *view)
{
	if (view->filtered && !view->count)
		strbuf_adds(&w->buf, "\nnothing of what was asked for changed\n");
	diff_folded_words(view, &w->value);
	if (w->value.length)
		strbuf_printf(&w->buf, "\nnot listed (-v): %s\n", escaped_value(w));
}

int write_diff_text(const struct diff_view *view, const struct diff_text_options *options,
		    FILE *out, struct ksa_error *err)
{
	_cleanup_(writer_release) struct writer w = {
		.options = options, .out = out, .crcs = options->verbose || diff_wants_crcs(view)};
	int r = head(&w, view, err);

	for (int s = 0; s < SECTION_COUNT && !r && !options->quiet; s++)
		r = section(&w, view, (enum diff_section)s, err);
	for (int fate = LISTED_SAME; fate < LISTED_COUNT && !r && options->verbose; fate++)
		if (view->diff->symbols)
			listed(&w, view->diff, (enum diff_listed)fate);
	if (!r && !options->quiet) {
		if (!view->filtered || diff_wants_crcs(view))
			diff_causes_text(view->diff, options->verbose, &w.buf);
		folded(&w, view);
	}
	return finish(&w, r, err);
}

/* The firsts of an axis from *at on that are of one step. */
static int walk_step(struct writer *w, const struct diff_walk *walk, size_t *at,
		     struct ksa_error *err)
{
	const struct diff_first *f = &walk->firsts[*at];
	const struct diff *diff = walk->steps[f->step];
	_cleanup_(diff_rows_release) struct diff_rows rows = {NULL, 0};

	rows.items = calloc(walk->first_count - *at, sizeof(*rows.items));
	if (!rows.items)
		return ksa_fail_nomem(err);
	for (; *at < walk->first_count && walk->firsts[*at].axis == f->axis &&
	       walk->firsts[*at].step == f->step;
	     (*at)++)
		rows.items[rows.count++] = &diff->rows[walk->firsts[*at].row];
	strbuf_printf(&w->buf, "\n%s, first in %s (", diff_axis_name(f->axis),
		      escaped(w, diff->kernels[DIFF_NEW]->label));
	text_number(&w->buf, rows.count);
	strbuf_adds(&w->buf, ")\n");
	return rows_table(w, diff, &rows, err);
}

int write_diff_walk_text(const struct diff_walk *walk, const struct diff_text_options *options,
			 FILE *out, struct ksa_error *err)
{
	_cleanup_(writer_release) struct writer w = {.options = options, .out = out};
	int r = 0;

	for (size_t i = 0; i < walk->step_count; i++) {
		if (!i)
			kernel_lines(&w, "", walk->steps[0]->kernels[DIFF_OLD]);
		kernel_lines(&w, "", walk->steps[i]->kernels[DIFF_NEW]);
	}
	for (size_t i = 0; i < walk->step_count; i++) {
		strbuf_printf(&w.buf, "\n%s -> ",
			      escaped(&w, walk->steps[i]->kernels[DIFF_OLD]->label));
		strbuf_printf(&w.buf, "%s\n",
			      escaped(&w, walk->steps[i]->kernels[DIFF_NEW]->label));
		numbers(&w, &walk->views[i]);
	}
	for (size_t i = 0; i < walk->first_count && !r && !options->quiet;)
		r = walk_step(&w, walk, &i, err);
	if (!walk->first_count && !options->quiet)
		strbuf_adds(&w.buf, walk->views[0].filtered
					    ? "\nnothing of what was asked for changed\n"
					    : "\nnothing changed\n");
	for (size_t i = 0; i < walk->step_count && !options->quiet; i++) {
		diff_folded_words(&walk->views[i], &w.value);
		if (!w.value.length)
			continue;
		strbuf_printf(&w.buf, "\nnot listed (-v): %s, to ", escaped_value(&w));
		strbuf_printf(&w.buf, "%s\n",
			      escaped(&w, walk->steps[i]->kernels[DIFF_NEW]->label));
	}
	return finish(&w, r, err);
}
