// SPDX-License-Identifier: GPL-2.0-or-later
#include "write/diff.h"

#include <ctype.h>
#include <string.h>

#include "base/cleanup.h"
#include "write/text/diff_words.h"
#include "write/markdown/markdown.h"
#include "write/out.h"
#include "write/text/text.h"

#define OPEN_ROWS 25 /* a longer list is folded away */

struct writer {
	const struct diff *diff;
	FILE *out;
	bool crcs; /* tables have a column for them */
	struct strbuf buf, value;
};

static void writer_release(struct writer *w)
{
	strbuf_release(&w->buf);
	strbuf_release(&w->value);
}

/* What was put in w->value, that is empty again then. */
static void put_value(struct writer *w)
{
	markdown_text(&w->buf, strbuf_string(&w->value));
	strbuf_reset(&w->value);
}

static void put_code(struct writer *w)
{
	markdown_code(&w->buf, strbuf_string(&w->value));
	strbuf_reset(&w->value);
}

/* A paragraph: "Notice: KERNEL: text". */
static void note(struct writer *w, const char *word, const char *kernel, const char *text)
{
	strbuf_printf(&w->buf, "\n%s: ", word);
	strbuf_printf(&w->value, "%s%s%s", kernel, *kernel ? ": " : "", text);
	put_value(w);
	strbuf_addc(&w->buf, '\n');
}

static void heading(struct writer *w, const char *title, size_t count)
{
	strbuf_printf(&w->buf, "\n### %c%s (", toupper(title[0]), title + 1);
	text_number(&w->buf, count);
	strbuf_adds(&w->buf, ")\n");
}

static void kernels(struct writer *w)
{
	strbuf_adds(&w->buf, "## Exports: ");
	markdown_text(&w->buf, w->diff->kernels[DIFF_OLD]->label);
	strbuf_adds(&w->buf, " to ");
	markdown_text(&w->buf, w->diff->kernels[DIFF_NEW]->label);
	strbuf_adds(&w->buf, "\n\n| | release | architecture | exports |\n|---|---|---|---:|\n");
	for (int side = DIFF_OLD; side < DIFF_SIDES; side++) {
		const struct ksa_kernel *k = w->diff->kernels[side];

		strbuf_adds(&w->buf, side == DIFF_OLD ? "| old | " : "| new | ");
		markdown_text(&w->buf, *k->release ? k->release : k->label);
		strbuf_adds(&w->buf, " | ");
		markdown_text(&w->buf, k->arch);
		strbuf_adds(&w->buf, " | ");
		text_number(&w->buf, k->export_count);
		strbuf_adds(&w->buf, " |\n");
	}
}

static void axis_line(struct writer *w, enum diff_axis axis)
{
	strbuf_printf(&w->buf, "| %s | ", diff_axis_name(axis));
	diff_axis_number(w->diff, axis, &w->buf);
	strbuf_adds(&w->buf, " | ");
	diff_axis_remarks(w->diff, axis, &w->value);
	put_value(w);
	strbuf_adds(&w->buf, " |\n");
}

static void notes(struct writer *w)
{
	for (size_t i = 0; i < w->diff->remark_count; i++)
		note(w, "Note", "", w->diff->remarks[i]);
	for (size_t i = 0; i < w->diff->gap_count; i++)
		if (w->diff->gaps[i].axis == AXIS_COUNT)
			note(w, "Note", "", w->diff->gaps[i].text);
	for (int side = DIFF_OLD; side < DIFF_SIDES; side++) {
		const struct ksa_kernel *k = w->diff->kernels[side];

		for (size_t i = 0; i < k->notice_count; i++)
			note(w, "Notice", k->label, k->notices[i]);
	}
}

static void modules(struct writer *w)
{
	if (!w->diff->module_count)
		return;
	heading(w, "modules", w->diff->module_count);
	strbuf_adds(&w->buf, "\n| module | verdict | |\n|---|---|---|\n");
	for (size_t i = 0; i < w->diff->module_count; i++) {
		const struct diff_module *m = &w->diff->modules[i];

		strbuf_adds(&w->buf, "| ");
		markdown_code(&w->buf, m->module->name);
		strbuf_printf(&w->buf, " | %s | ", diff_fate_name(m->fate));
		markdown_text(&w->buf, m->why ? m->why : "");
		strbuf_adds(&w->buf, " |\n");
	}
}

static int reclassified(struct writer *w, struct ksa_error *err)
{
	_cleanup_(diff_rows_release) struct diff_rows rows = {NULL, 0};
	int r = diff_reclassified(w->diff, &rows, err);

	if (r || !rows.count)
		return r;
	heading(w, "reclassified", rows.count);
	for (size_t i = 0; i < rows.count; i++) {
		if (i && !diff_reclassified_differ(rows.items[i], rows.items[i - 1])) {
			strbuf_adds(&w->buf, ", ");
		} else {
			strbuf_adds(&w->buf, "\n- ");
			diff_reclassified_head(rows.items[i], &w->value);
			put_value(w);
			strbuf_adds(&w->buf, ": ");
		}
		markdown_code(&w->buf, rows.items[i]->name);
	}
	strbuf_addc(&w->buf, '\n');
	return 0;
}

static void below_name(struct writer *w, const struct diff_row *row)
{
	for (int side = DIFF_OLD; side < DIFF_SIDES && (row->marks & AXIS_MARK(AXIS_PROTOTYPE));
	     side++) {
		diff_value(row, AXIS_PROTOTYPE, (enum diff_side)side, &w->value);
		strbuf_printf(&w->buf, "<br>%s ", side == DIFF_OLD ? "was" : "now");
		put_code(w);
	}
	diff_tolerated_text(w->diff, row, &w->value);
	strbuf_adds(&w->buf, w->value.length ? "<br>tolerated: " : "");
	put_value(w);
}

/* What else a table of removed rows says of each. */
static void removed_cells(struct writer *w, const struct diff_row *row, bool behind)
{
	if (behind) {
		strbuf_addc(&w->buf, ' ');
		diff_lost_text(row, "", &w->value);
		put_value(w);
		strbuf_adds(&w->buf, " |");
	}
	for (uint32_t i = 0; i < row->successor_count; i++) {
		diff_successor_words(w->diff, &row->successors[i], &w->value);
		strbuf_adds(&w->buf, i ? "<br>" : " ");
		put_value(w);
	}
	strbuf_adds(&w->buf, " |");
}

static bool has_removed_cells(enum diff_section section)
{
	return section == SECTION_REMOVED || section == SECTION_BEHIND_HEADERS;
}

static void row_line(struct writer *w, const struct diff_row *row, enum diff_section section)
{
	for (int c = 0; c < DIFF_COLUMNS; c++) {
		if (c == COLUMN_CRC && !w->crcs)
			continue;
		strbuf_adds(&w->buf, "| ");
		diff_cell(w->diff, row, (enum diff_column)c, &w->value);
		if (c == COLUMN_SYMBOL) {
			put_code(w);
			below_name(w, row);
		} else {
			put_value(w);
		}
		strbuf_addc(&w->buf, ' ');
	}
	strbuf_addc(&w->buf, '|');
	if (has_removed_cells(section))
		removed_cells(w, row, section == SECTION_BEHIND_HEADERS);
	strbuf_addc(&w->buf, '\n');
}

static int section(struct writer *w, const struct diff_view *view, enum diff_section section,
		   struct ksa_error *err)
{
	_cleanup_(diff_rows_release) struct diff_rows rows = {NULL, 0};
	const bool likely = has_removed_cells(section), behind = section == SECTION_BEHIND_HEADERS;
	int r = diff_section_rows(view, section, &rows, err);
	const bool is_folded = rows.count > OPEN_ROWS || behind;

	if (r || !rows.count)
		return r;
	heading(w, diff_section_title(view->diff, section), rows.count);
	if (is_folded)
		strbuf_adds(&w->buf, "\n<details>\n");
	strbuf_printf(&w->buf,
		      "\n| symbol | class | importers | namespace |%s owner |%s%s\n"
		      "|---|---|---|---|---|%s%s%s\n",
		      w->crcs ? " CRC |" : "", behind ? " behind |" : "",
		      likely ? " likely now |" : "", w->crcs ? "---|" : "", behind ? "---|" : "",
		      likely ? "---|" : "");
	for (size_t i = 0; i < rows.count && !r; i++) {
		row_line(w, rows.items[i], section);
		r = out_piece(&w->buf, w->out, err);
	}
	if (is_folded)
		strbuf_adds(&w->buf, "\n</details>\n");
	return r;
}

/* Why CRCs changed: what stands behind most of them. */
static void causes(struct writer *w)
{
	const struct diff_causes *c = &w->diff->causes;
	size_t shown = c->count < DIFF_SOME_CAUSES ? c->count : DIFF_SOME_CAUSES;

	if (!c->known || !(c->explained + c->untyped + c->unexplained))
		return;
	heading(w, diff_causes_title(w->diff), c->explained + c->untyped + c->unexplained);
	strbuf_adds(&w->buf, "\n| symbols | cause |\n|---:|---|\n");
	for (size_t i = 0; i < shown; i++) {
		strbuf_adds(&w->buf, "| ");
		text_number(&w->buf, c->items[i].count);
		strbuf_adds(&w->buf, " | ");
		diff_cause_text(&c->items[i], "their own prototypes", &w->value);
		put_value(w);
		strbuf_adds(&w->buf, " |\n");
	}
	if (shown < c->count)
		text_count(&w->buf, "\nAnd ", c->count - shown, "more cause");
	strbuf_adds(&w->buf, shown < c->count ? ".\n" : "");
	diff_unexplained_words(w->diff, &w->value);
	if (!w->value.length)
		return;
	strbuf_adds(&w->buf, "\nNot explained: ");
	put_value(w);
	strbuf_adds(&w->buf, ".\n");
}

int write_diff_markdown(const struct diff_view *view, FILE *out, struct ksa_error *err)
{
	_cleanup_(writer_release) struct writer w = {
		.diff = view->diff, .out = out, .crcs = diff_wants_crcs(view)};
	int r;

	kernels(&w);
	notes(&w);
	modules(&w);
	strbuf_printf(&w.buf, "\n| axis | %s | |\n|---|---:|---|\n",
		      view->diff->module_count ? "symbols that the modules import" : "symbols");
	for (int axis = 0; axis < AXIS_COUNT; axis++)
		if (diff_axis_is_known(view->diff, (enum diff_axis)axis))
			axis_line(&w, (enum diff_axis)axis);
	diff_gate_words(view, &w.value);
	if (w.value.length)
		strbuf_printf(&w.buf, "\n**%s**\n", strbuf_string(&w.value));
	strbuf_reset(&w.value);
	r = reclassified(&w, err);
	for (int s = 0; s < SECTION_COUNT && !r; s++)
		r = section(&w, view, (enum diff_section)s, err);
	if (!view->filtered || diff_wants_crcs(view))
		causes(&w);
	diff_folded_words(view, &w.value);
	if (w.value.length)
		strbuf_printf(&w.buf, "\nNot listed: %s.\n", strbuf_string(&w.value));
	if (!r && w.value.failed)
		r = ksa_fail_nomem(err);
	return out_end(r, &w.buf, out, err);
}
