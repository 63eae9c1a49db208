// SPDX-License-Identifier: GPL-2.0-or-later
/* The page of a diff: for each step the kernels, the modules, the numbers by axis, the symbols. */
#include <string.h>

#include "base/cleanup.h"
#include "write/diff.h"
#include "write/text/diff_words.h"
#include "write/html/html.h"
#include "write/text/text.h"

struct page {
	struct html html;
	const struct diff *diff; /* of the step at hand */
	size_t step;
	struct strbuf value;
};

static void page_release(struct page *p)
{
	html_release(&p->html);
	strbuf_release(&p->value);
}

static void title(struct page *p, const struct diff_view *views, size_t count)
{
	strbuf_reset(&p->value);
	strbuf_printf(&p->value, "ksymaudit diff: %s", views[0].diff->kernels[DIFF_OLD]->label);
	for (size_t i = 0; i < count; i++)
		strbuf_printf(&p->value, " to %s", views[i].diff->kernels[DIFF_NEW]->label);
	p->html.buf.failed |= p->value.failed;
	html_begin(&p->html, strbuf_string(&p->value));
}

static void number(struct page *p, enum diff_axis axis)
{
	const struct diff_counts *counts = &p->diff->counts;

	if (!counts->compared[axis] && counts->uncompared[axis]) {
		html_raw(&p->html, "<strong>not compared</strong>:");
		return;
	}
	html_raw(&p->html, "<strong>");
	text_number(&p->html.buf, counts->marked[axis]);
	html_raw(&p->html, "</strong>");
}

/* The answer in one sentence. */
static void verdict(struct page *p, const struct diff_view *view)
{
	static const char *const words[AXIS_COUNT] = {[AXIS_REMOVED] = "removed",
						      [AXIS_CLASS] = "of another class",
						      [AXIS_NAMESPACE] = "of another namespace",
						      [AXIS_PROTOTYPE] = "of another prototype",
						      [AXIS_OWNER] = "of another owner",
						      [AXIS_ADDED] = "added"};
	const struct diff *d = p->diff;
	const char *before = "";

	html_raw(&p->html, "<p>");
	for (int fate = FATE_UNKNOWN; fate >= FATE_OK; fate--) {
		if (!d->counts.fates[fate])
			continue;
		text_count(&p->html.buf, before, d->counts.fates[fate], "module");
		strbuf_printf(&p->html.buf, " <span class=\"badge %s\">%s</span>",
			      diff_fate_name((enum diff_fate)fate),
			      diff_fate_name((enum diff_fate)fate));
		before = ", ";
	}
	html_raw(&p->html, d->module_count ? ". Of what the modules import: " : "Exports: ");
	before = "";
	for (int axis = 0; axis < AXIS_COUNT; axis++) {
		if (!words[axis] ||
		    (axis == AXIS_PROTOTYPE && !diff_axis_is_known(d, AXIS_PROTOTYPE)))
			continue;
		html_raw(&p->html, before);
		number(p, (enum diff_axis)axis);
		strbuf_printf(&p->html.buf, " %s", words[axis]);
		before = ", ";
	}
	html_raw(&p->html, ".</p>\n");
	strbuf_reset(&p->value);
	diff_gate_words(view, &p->value);
	if (p->value.length)
		html_element(&p->html, "p", strbuf_string(&p->value));
}

/* A table of the step at hand. */
static void begin_table(struct page *p, const char *name, const char *caption)
{
	char id[32];

	snprintf(id, sizeof(id), "%s-%zu", name, p->step);
	html_plain_table(&p->html, id, caption);
}

static void kernels(struct page *p)
{
	begin_table(p, "kernels", "The kernels");
	html_raw(&p->html,
		 "<tr><td></td><th scope=\"col\">Release</th>"
		 "<th scope=\"col\">Architecture</th>"
		 "<th scope=\"col\" class=\"number\">Exports</th></tr></thead>\n<tbody>\n");
	for (int side = DIFF_OLD; side < DIFF_SIDES; side++) {
		const struct ksa_kernel *k = p->diff->kernels[side];

		strbuf_printf(&p->html.buf,
			      "<tr><th scope=\"row\">%s: ", side == DIFF_OLD ? "old" : "new");
		html_text(&p->html, k->label);
		html_raw(&p->html, "</th><td>");
		html_text(&p->html, *k->release ? k->release : "not known");
		html_raw(&p->html, "</td><td>");
		html_text(&p->html, *k->arch ? k->arch : "not known");
		html_raw(&p->html, "</td><td class=\"number\">");
		text_number(&p->html.buf, k->export_count);
		html_raw(&p->html, "</td></tr>\n");
	}
	html_raw(&p->html, "</tbody>\n</table>\n</div>\n");
}

static void axes(struct page *p)
{
	begin_table(p, "axes",
		    p->diff->module_count ? "Symbols that the modules import, by what changed"
					  : "Symbols, by what changed");
	html_raw(&p->html, "<tr><th scope=\"col\">Axis</th>"
			   "<th scope=\"col\" class=\"number\">Symbols</th>"
			   "<th scope=\"col\">Of which</th></tr></thead>\n<tbody>\n");
	for (int axis = 0; axis < AXIS_COUNT; axis++) {
		if (!diff_axis_is_known(p->diff, (enum diff_axis)axis))
			continue;
		html_raw(&p->html, "<tr><th scope=\"row\">");
		html_text(&p->html, diff_axis_name((enum diff_axis)axis));
		html_raw(&p->html, "</th><td class=\"number\">");
		diff_axis_number(p->diff, (enum diff_axis)axis, &p->html.buf);
		html_raw(&p->html, "</td><td>");
		strbuf_reset(&p->value);
		diff_axis_remarks(p->diff, (enum diff_axis)axis, &p->value);
		html_text(&p->html, strbuf_string(&p->value));
		html_raw(&p->html, "</td></tr>\n");
	}
	html_raw(&p->html, "</tbody>\n</table>\n</div>\n");
}

/* What could not be compared or read. */
static void notes(struct page *p)
{
	const struct diff *d = p->diff;
	size_t count = d->kernels[DIFF_OLD]->notice_count + d->kernels[DIFF_NEW]->notice_count;

	for (size_t i = 0; i < d->gap_count; i++)
		count += d->gaps[i].axis == AXIS_COUNT;
	if (!count && !d->remark_count)
		return;
	html_raw(&p->html, "<ul class=\"note\">\n");
	for (size_t i = 0; i < d->remark_count; i++) {
		html_element(&p->html, "li", d->remarks[i]);
		html_raw(&p->html, "\n");
	}
	for (size_t i = 0; i < p->diff->gap_count; i++)
		if (p->diff->gaps[i].axis == AXIS_COUNT) {
			html_element(&p->html, "li", p->diff->gaps[i].text);
			html_raw(&p->html, "\n");
		}
	for (int side = DIFF_OLD; side < DIFF_SIDES; side++) {
		const struct ksa_kernel *k = p->diff->kernels[side];

		for (size_t i = 0; i < k->notice_count; i++) {
			html_raw(&p->html, "<li>Notice: ");
			html_text(&p->html, k->label);
			html_raw(&p->html, ": ");
			html_text(&p->html, k->notices[i]);
			html_raw(&p->html, "</li>\n");
			html_drain(&p->html);
		}
	}
	html_raw(&p->html, "</ul>\n");
}

static void modules(struct page *p)
{
	static const struct html_column columns[] = {
		{"Module", NULL, HTML_NAME, false},
		{"Verdict", "unknown breaks refused warning ok", HTML_BADGE, true},
		{"Why", NULL, HTML_TEXT, false}};
	char id[32];
	struct html_table t = {
		.html = &p->html,
		.id = id,
		.noun = "module",
		.caption = "What becomes of each module once it is built for the new kernel",
		.columns = columns,
		.column_count = 3,
		.row_count = p->diff->module_count};

	if (!p->diff->module_count)
		return;
	snprintf(id, sizeof(id), "modules-%zu", p->step);
	html_raw(&p->html, "<h3>Modules</h3>\n");
	html_table_begin(&t);
	for (size_t i = 0; i < p->diff->module_count; i++) {
		const struct diff_module *m = &p->diff->modules[i];

		html_cell(&t, m->module->name);
		html_cell(&t, diff_fate_name(m->fate));
		html_cell(&t, m->why ? m->why : "");
		html_row_end(&t);
	}
	html_table_end(&t);
}

/* Why CRCs changed. */
static void causes(struct page *p)
{
	static const struct html_column columns[] = {{"Type", NULL, HTML_NAME, false},
						     {"Symbols", NULL, HTML_NUMBER, false},
						     {"What differs", NULL, HTML_TEXT, false},
						     {"One of them", NULL, HTML_TEXT, false}};
	const struct diff_causes *c = &p->diff->causes;
	char id[32], number[32];
	struct html_table t = {.html = &p->html,
			       .id = id,
			       .noun = "cause",
			       .caption = "Why CRCs changed: the type that differs nearest to each "
					  "symbol's prototype",
			       .columns = columns,
			       .column_count = 4,
			       .row_count = c->count};

	if (!c->known || !(c->explained + c->untyped + c->unexplained))
		return;
	snprintf(id, sizeof(id), "causes-%zu", p->step);
	html_raw(&p->html, "<h3>Why CRCs changed</h3>\n");
	if (c->likely)
		html_raw(&p->html, "<p>Likely: no headers are at hand.</p>\n");
	strbuf_reset(&p->value);
	diff_unexplained_words(p->diff, &p->value);
	if (p->value.length) {
		html_raw(&p->html, "<p>Not explained: ");
		html_text(&p->html, strbuf_string(&p->value));
		html_raw(&p->html, ".</p>\n");
	}
	if (!c->count)
		return;
	html_table_begin(&t);
	for (size_t i = 0; i < c->count; i++) {
		snprintf(number, sizeof(number), "%zu", c->items[i].count);
		html_cell(&t, c->items[i].name ? c->items[i].name : "their own prototypes");
		html_cell(&t, number);
		html_cell(&t, c->items[i].what);
		html_cell(&t, p->diff->rows[c->items[i].first].name);
		html_row_end(&t);
	}
	html_table_end(&t);
}

static const char *cell(struct page *p, const struct diff_row *row, enum diff_column column)
{
	strbuf_reset(&p->value);
	diff_cell(p->diff, row, column, &p->value);
	p->html.buf.failed |= p->value.failed;
	return strbuf_string(&p->value);
}

static const char *successor(struct page *p, const struct diff_row *row, uint32_t i)
{
	strbuf_reset(&p->value);
	diff_successor_words(p->diff, &row->successors[i], &p->value);
	return strbuf_string(&p->value);
}

static const char *lost(struct page *p, const struct diff_row *row)
{
	strbuf_reset(&p->value);
	diff_lost_text(row, "", &p->value);
	return strbuf_string(&p->value);
}

static void row_details(struct page *p, struct html_table *t, const struct diff_row *row)
{
	static const char *const labels[DIFF_SIDES] = {"Declared as", "Now declared as"};

	const bool behind = row->lost == LOST_BEHIND_HEADERS;

	if (row->lost == LOST_GONE)
		html_detail(t, "Fate", lost(p, row));
	for (uint32_t i = !behind; i < row->successor_count; i++)
		html_detail(t, i ? "Or" : "Likely now", successor(p, row, i));
	for (int side = DIFF_OLD; side < DIFF_SIDES; side++) {
		strbuf_reset(&p->value);
		if (row->marks & AXIS_MARK(AXIS_PROTOTYPE))
			diff_value(row, AXIS_PROTOTYPE, (enum diff_side)side, &p->value);
		html_detail(t, labels[side], strbuf_string(&p->value));
	}
	strbuf_reset(&p->value);
	diff_tolerated_text(p->diff, row, &p->value);
	html_detail(t, "Tolerated", strbuf_string(&p->value));
}

/* What else there is to say of the symbol. */
static const char *remark(struct page *p, const struct diff_row *row)
{
	if (row->lost == LOST_BEHIND_HEADERS)
		return lost(p, row);
	if (row->successor_count)
		return successor(p, row, 0);
	if (row->owner_gone)
		return "its module is gone too";
	return row->marks & AXIS_MARK(AXIS_PROTOTYPE) ? "declared otherwise" : "";
}

/* What happened to a symbol, in one word. */
static const char *change(const struct diff_row *row)
{
	return row->lost == LOST_BEHIND_HEADERS
		       ? "behind-headers"
		       : diff_severity_name((enum diff_severity)row->severity);
}

static void put_rows(struct page *p, struct html_table *t, const struct diff_view *view,
		     enum diff_section section)
{
	_cleanup_(diff_rows_release) struct diff_rows rows = {NULL, 0};

	if (!p->html.status)
		p->html.status = diff_section_rows(view, section, &rows, p->html.err);
	for (size_t i = 0; i < rows.count && !p->html.status; i++) {
		const struct diff_row *row = rows.items[i];

		html_cell(t, row->name);
		html_cell(t, change(row));
		for (int c = COLUMN_CLASS; c < DIFF_COLUMNS; c++)
			if (c != COLUMN_CRC || diff_wants_crcs(view))
				html_cell(t, cell(p, row, (enum diff_column)c));
		html_cell(t, remark(p, row));
		row_details(p, t, row);
		html_row_end(t);
	}
}

static const struct html_column symbol_columns[] = {
	{"Symbol", NULL, HTML_NAME, false},
	{"Change",
	 "removed behind-headers class reserved prototype namespace owner eased crc added "
	 "unchanged",
	 HTML_BADGE, true},
	{"Class", NULL, HTML_CHANGE, true},
	{"Importers", NULL, HTML_NUMBER, false},
	{"Namespace", NULL, HTML_CHANGE, false},
	{"CRC", NULL, HTML_CHANGE, false},
	{"Owner", NULL, HTML_CHANGE, false},
	{"Likely now", NULL, HTML_MAIN, false}};

#define SYMBOL_COLUMNS (sizeof(symbol_columns) / sizeof(symbol_columns[0]))

static void symbol_table(struct page *p, const struct diff_view *view)
{
	struct html_column columns[SYMBOL_COLUMNS];
	char id[32];
	struct html_table t = {.html = &p->html,
			       .id = id,
			       .noun = "symbol",
			       .caption = "Symbols, by what hurts most. Change is the worst that "
					  "happened to the symbol (behind-headers: removed, and a "
					  "rebuild does without it); values are old -> new.",
			       .columns = columns,
			       .row_count = view->count};

	for (size_t c = 0; c < SYMBOL_COLUMNS; c++)
		if (c != COLUMN_CRC + 1 || diff_wants_crcs(view))
			columns[t.column_count++] = symbol_columns[c];
	snprintf(id, sizeof(id), "symbols-%zu", p->step);
	html_table_begin(&t);
	for (int s = 0; s < SECTION_COUNT; s++)
		put_rows(p, &t, view, (enum diff_section)s);
	html_table_end(&t);
}

static void symbols(struct page *p, const struct diff_view *view)
{
	html_raw(&p->html, "<h3>Changed symbols</h3>\n");
	strbuf_reset(&p->value);
	diff_folded_words(view, &p->value);
	if (p->value.length) {
		html_raw(&p->html, "<p>Not listed: ");
		html_text(&p->html, strbuf_string(&p->value));
		html_raw(&p->html, " (<code>-v</code> lists them).</p>\n");
	}
	if (view->count)
		symbol_table(p, view);
	else
		html_raw(&p->html, "<p>None.</p>\n");
}

static void step_title(struct page *p)
{
	html_raw(&p->html, "<h2>");
	html_text(&p->html, p->diff->kernels[DIFF_OLD]->label);
	html_raw(&p->html, " to ");
	html_text(&p->html, p->diff->kernels[DIFF_NEW]->label);
	html_raw(&p->html, "</h2>\n");
}

int write_diff_html(const struct diff_view *views, size_t count, FILE *out, struct ksa_error *err)
{
	_cleanup_(page_release) struct page p = {.html = {.out = out, .err = err}};

	title(&p, views, count);
	for (size_t i = 0; i < count; i++) {
		p.diff = views[i].diff;
		p.step = i;
		if (count > 1)
			step_title(&p);
		verdict(&p, &views[i]);
		notes(&p);
		kernels(&p);
		axes(&p);
		modules(&p);
		symbols(&p, &views[i]);
		causes(&p);
	}
	p.html.buf.failed |= p.value.failed;
	return html_end(&p.html);
}
