// SPDX-License-Identifier: GPL-2.0-or-later
/* The page of any command's findings: the verdict, what was not checked, the rules, the modules by
 * kernels, the findings. */
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "write/html/html.h"
#include "write/results.h"
#include "write/text/text.h"

#define NAMED_MODULES 5 /* as many are named in a sentence */
#define OPEN_NOTICES  10 /* more are folded away */

#define VERDICT_ORDER "unknown fails refused breaks rebuild warning ok"
#define LEVEL_ORDER   "error warning note"

/* The findings of one rule. */
struct tally {
	const struct ksa_rule *rule;
	size_t levels[KSA_LEVEL_ERROR + 1]; /* that count */
	size_t others; /* waived, or in the baseline */
	size_t modules; /* distinct ones, as findings come by module */
	uint32_t last;
};

struct page {
	struct html html;
	const struct ksa_report *r;
	struct tally *tallies; /* by id */
	size_t tally_count;
	struct strbuf value;
};

static void page_release(struct page *p)
{
	html_release(&p->html);
	strbuf_release(&p->value);
	free(p->tallies);
}

static size_t failing(const struct ksa_report *r)
{
	size_t n = 0;

	for (int level = KSA_LEVEL_NOTE; level <= KSA_LEVEL_ERROR; level++)
		n += level >= r->fail_on ? r->levels[level] : 0;
	return n;
}

/* "36 errors, 2 warnings", worst first; nothing if there are none. */
static void level_words(struct strbuf *buf, const size_t levels[])
{
	const char *before = "";

	for (int level = KSA_LEVEL_ERROR; level >= KSA_LEVEL_NOTE; level--) {
		if (!levels[level])
			continue;
		text_count(buf, before, levels[level], ksa_level_name((enum ksa_level)level));
		before = ", ";
	}
}

static const char *headline(struct page *p)
{
	const struct ksa_report *r = p->r;
	bool any = r->levels[KSA_LEVEL_ERROR] || r->levels[KSA_LEVEL_WARNING] ||
		   r->levels[KSA_LEVEL_NOTE];
	const char *verdict = failing(r)		      ? "fails, "
			      : r->unchecked_count	      ? "not decided, "
			      : r->fail_on <= KSA_LEVEL_ERROR ? "passes, "
							      : "";

	strbuf_reset(&p->value);
	strbuf_printf(&p->value, "ksymaudit %s: %s", r->command, verdict);
	if (any)
		level_words(&p->value, r->levels);
	else
		strbuf_adds(&p->value, "no findings");
	if (r->unchecked_count) {
		strbuf_adds(&p->value, ", ");
		text_number(&p->value, r->unchecked_count);
		strbuf_adds(&p->value, " not checked");
	}
	return strbuf_string(&p->value);
}

/* What the run was about, and what of it does not count. */
static void scope(struct page *p)
{
	const struct ksa_report *r = p->r;
	struct strbuf *buf = &p->html.buf;

	html_raw(&p->html, "<p>");
	if (r->modules)
		text_count(buf, "", r->module_count, "module");
	if (r->kernel_count)
		text_count(buf, r->modules ? ", " : "", r->kernel_count - r->predicted, "kernel");
	if (r->predicted)
		strbuf_printf(buf, " and %zu predicted", r->predicted);
	for (size_t k = 0; k < r->kernel_count; k++) {
		html_raw(&p->html, k ? ", " : " (");
		html_element(&p->html, "strong", r->kernels[k]->label);
		if (*r->kernels[k]->release &&
		    strcmp(r->kernels[k]->release, r->kernels[k]->label)) {
			html_raw(&p->html, ": ");
			html_text(&p->html, r->kernels[k]->release);
		}
		html_raw(&p->html, *r->kernels[k]->arch ? " " : "");
		html_text(&p->html, r->kernels[k]->arch);
	}
	html_raw(&p->html, r->kernel_count ? ")" : "");
	if (r->conditions) {
		html_raw(&p->html, "; ");
		html_text(&p->html, r->conditions);
	}
	if (r->waived)
		text_count(buf, "; ", r->waived, "waived finding");
	if (r->known) {
		text_count(buf, "; ", r->known, "finding");
		html_raw(&p->html, " of the baseline");
	}
	html_raw(&p->html, ".</p>\n");
}

/* "2 fail (a, b)" */
static void verdict_words(struct page *p, size_t kernel, enum ksa_verdict verdict, size_t count)
{
	static const char *const words[][2] = {
		[KSA_VERDICT_OK] = {"is ok", "are ok"},
		[KSA_VERDICT_WARNING] = {"has a warning", "have warnings"},
		[KSA_VERDICT_REBUILD] = {"needs a rebuild", "need a rebuild"},
		[KSA_VERDICT_BREAKS] = {"breaks", "break"},
		[KSA_VERDICT_REFUSED] = {"is refused", "are refused"},
		[KSA_VERDICT_FAILS] = {"fails", "fail"},
		[KSA_VERDICT_UNKNOWN] = {"could not be decided", "could not be decided"}};
	const struct ksa_report *r = p->r;
	const char *before = " (";

	strbuf_printf(&p->html.buf, "<span class=\"badge %s\">", ksa_verdict_name(verdict));
	text_number(&p->html.buf, count);
	strbuf_printf(&p->html.buf, " %s</span>", words[verdict][count != 1]);
	for (size_t m = 0; m < r->module_count && count <= NAMED_MODULES; m++) {
		if (ksa_report_verdict(r, m, kernel) != verdict || verdict == KSA_VERDICT_OK)
			continue;
		html_raw(&p->html, before);
		html_element(&p->html, "code", r->modules[m]->name);
		before = ", ";
	}
	html_raw(&p->html, before[1] == ' ' ? ")" : "");
}

/* What fails where. */
static void by_kernel(struct page *p)
{
	const struct ksa_report *r = p->r;

	if (!r->verdicts || !r->module_count)
		return;
	html_raw(&p->html, "<ul class=\"verdicts\">\n");
	for (size_t k = 0; k < r->kernel_count; k++) {
		size_t counts[KSA_VERDICT_UNKNOWN + 1] = {0};
		const char *before = "";

		for (size_t m = 0; m < r->module_count; m++)
			counts[ksa_report_verdict(r, m, k)]++;
		html_raw(&p->html, "<li>");
		html_element(&p->html, "strong", r->kernels[k]->label);
		if (report_is_predicted(r, (uint32_t)k))
			html_raw(&p->html, " (predicted for a rebuild; counts for nothing)");
		text_count(&p->html.buf, ": of ", r->module_count, "module");
		html_raw(&p->html, " ");
		for (int v = KSA_VERDICT_UNKNOWN; v >= KSA_VERDICT_OK; v--) {
			if (!counts[v])
				continue;
			html_raw(&p->html, before);
			verdict_words(p, k, (enum ksa_verdict)v, counts[v]);
			before = ", ";
		}
		html_raw(&p->html, "</li>\n");
	}
	html_raw(&p->html, "</ul>\n");
}

static void gaps(struct page *p)
{
	static const struct html_column columns[] = {
		{"Kernel", NULL, HTML_TEXT, true},
		{"Module", NULL, HTML_NAME, false},
		{"Symbol", NULL, HTML_CODE, false},
		{"What could not be told", NULL, HTML_TEXT, false}};
	const struct ksa_report *r = p->r;
	struct html_table t = {.html = &p->html,
			       .id = "unchecked",
			       .noun = "question",
			       .caption = "What could not be checked. It fails the run.",
			       .columns = columns,
			       .column_count = 4,
			       .row_count = r->unchecked_count};

	if (!r->unchecked_count)
		return;
	html_raw(&p->html, "<h2>Not checked</h2>\n");
	html_table_begin(&t);
	for (size_t i = 0; i < r->unchecked_count; i++) {
		const struct ksa_unchecked *g = &r->unchecked[i];

		html_cell(&t, g->kernel == NO_INDEX ? "" : r->kernels[g->kernel]->label);
		html_cell(&t, g->module == NO_INDEX ? "" : r->modules[g->module]->name);
		html_cell(&t, g->symbol ? g->symbol : "");
		html_cell(&t, g->text);
		html_row_end(&t);
	}
	html_table_end(&t);
}

static void notices(struct page *p)
{
	const struct ksa_report *r = p->r;

	if (!r->notice_count)
		return;
	html_raw(&p->html, "<h2>Notices</h2>\n");
	if (r->notice_count > OPEN_NOTICES) {
		html_raw(&p->html, "<details><summary>");
		text_count(&p->html.buf, "", r->notice_count, "notice");
		html_raw(&p->html, " of what could not be read or compared</summary>\n");
	}
	html_raw(&p->html, "<ul>\n");
	for (size_t i = 0; i < r->notice_count; i++) {
		html_element(&p->html, "li", r->notices[i]);
		html_raw(&p->html, "\n");
		html_drain(&p->html);
	}
	html_raw(&p->html, r->notice_count > OPEN_NOTICES ? "</ul></details>\n" : "</ul>\n");
}

static int compare_tallies(const void *a, const void *b)
{
	const struct tally *x = a, *y = b;

	return strcmp(x->rule->id, y->rule->id);
}

static void add_tally(struct tally *t, const struct ksa_finding *f)
{
	if (finding_counts(f))
		t->levels[f->level]++;
	else
		t->others++;
	if (f->module != NO_INDEX && t->last != f->module)
		t->modules++;
	t->last = f->module;
}

/* The tally of the finding's rule; NULL when out of memory. */
static struct tally *tally_of(struct page *p, struct strmap *by_id, size_t *capacity,
			      const struct ksa_finding *f)
{
	uint32_t at = (uint32_t)p->tally_count;

	if (strmap_get(by_id, f->rule->id, &at))
		return &p->tallies[at];
	if (p->tally_count == *capacity) {
		size_t more = *capacity ? 2 * *capacity : 16;
		struct tally *tallies = reallocarray(p->tallies, more, sizeof(*tallies));

		if (!tallies)
			return NULL;
		p->tallies = tallies;
		*capacity = more;
	}
	if (strmap_set(by_id, f->rule->id, at))
		return NULL;
	p->tallies[p->tally_count++] = (struct tally){.rule = f->rule, .last = NO_INDEX};
	return &p->tallies[at];
}

static int tally_rules(struct page *p)
{
	_cleanup_(strmap_release) struct strmap by_id = {NULL, 0, 0};
	size_t capacity = 0;

	for (size_t i = 0; i < p->r->finding_count; i++) {
		struct tally *t = tally_of(p, &by_id, &capacity, &p->r->findings[i]);

		if (!t)
			return ksa_fail_nomem(p->html.err);
		add_tally(t, &p->r->findings[i]);
	}
	if (p->tally_count)
		qsort(p->tallies, p->tally_count, sizeof(*p->tallies), compare_tallies);
	return 0;
}

static void paragraph(struct html *h, const char *head, const char *s)
{
	html_raw(h, "<p class=\"prose\"><strong>");
	html_raw(h, head);
	html_raw(h, "</strong> ");
	html_prose(h, s);
	html_raw(h, "</p>\n");
}

/* Links of the findings lead here. */
static void rule_section(struct page *p, const struct tally *t)
{
	struct html *h = &p->html;

	html_raw(h, "<details class=\"rule\" id=\"");
	html_text(h, t->rule->id);
	html_raw(h, "\"><summary>");
	html_element(h, "code", t->rule->id);
	html_raw(h, " ");
	html_element(h, "strong", t->rule->title);
	strbuf_reset(&p->value);
	strbuf_adds(&p->value, ": ");
	level_words(&p->value, t->levels);
	if (t->others) {
		strbuf_adds(&p->value, p->value.length > 2 ? ", " : "");
		text_number(&p->value, t->others);
		strbuf_adds(&p->value, " waived or in the baseline");
	}
	if (t->modules)
		text_count(&p->value, " in ", t->modules, "module");
	html_text(h, strbuf_string(&p->value));
	html_raw(h, "</summary>\n");
	paragraph(h, "Why:", t->rule->why);
	paragraph(h, "Fix:", t->rule->fix);
	if (t->rule->references && t->rule->references[0]) {
		html_raw(h, "<p><strong>Sources:</strong></p>\n<ul>\n");
		for (const char *const *ref = t->rule->references; *ref; ref++)
			html_element(h, "li", *ref);
		html_raw(h, "</ul>\n");
	}
	html_raw(h, "</details>\n");
}

static void rules(struct page *p)
{
	if (p->tally_count)
		html_raw(&p->html, "<h2 id=\"rules\">By rule</h2>\n");
	for (size_t i = 0; i < p->tally_count; i++)
		rule_section(p, &p->tallies[i]);
}

static void matrix_row(struct html_table *t, const struct ksa_report *r, size_t m)
{
	const struct ksa_module *module = r->modules[m];
	const bool any = t->column_count > r->kernel_count + 2; /* a kernel has two columns */
	struct strbuf licenses = {NULL, 0, 0, false};

	for (size_t i = 0; i < module->licenses.count; i++)
		strbuf_printf(&licenses, "%s%s", i ? ", " : "", module->licenses.items[i]);
	html_cell(t, module->name);
	html_cell(t, module->licenses.count ? strbuf_string(&licenses) : "none");
	for (size_t k = 0; k < r->kernel_count; k++) {
		const char *beside = report_rebuild_word(r, m, k);

		html_cell(t, ksa_verdict_name(ksa_report_verdict(r, m, k)));
		if (any && report_has_rebuild_words(r, k))
			html_cell(t, beside ? beside : "");
	}
	html_row_end(t);
	t->html->buf.failed |= licenses.failed;
	strbuf_release(&licenses);
}

static const char *kernel_title(struct page *p, struct arena *arena, size_t kernel)
{
	const char *label = p->r->kernels[kernel]->label;

	if (!report_is_predicted(p->r, (uint32_t)kernel))
		return label;
	label = arena_printf(arena, "(%s)", label);
	if (!label)
		p->html.buf.failed = true;
	return label ? label : "";
}

static const char *rebuild_title(struct page *p, struct arena *arena, size_t kernel)
{
	const char *title = arena_printf(arena, "(%s, rebuilt)", p->r->kernels[kernel]->label);

	if (!title)
		p->html.buf.failed = true;
	return title ? title : "";
}

static void matrix(struct page *p)
{
	const struct ksa_report *r = p->r;
	_cleanup_free_ struct html_column *columns =
		calloc(2 * r->kernel_count + 2, sizeof(*columns));
	_cleanup_(arena_release) struct arena titles = {0};
	struct html_table t = {
		.html = &p->html,
		.id = "modules",
		.noun = "module",
		.caption = "What becomes of each module on each kernel, the worst first",
		.columns = columns,
		.column_count = 2,
		.row_count = r->module_count};

	if (!columns) {
		p->html.buf.failed = true;
		return;
	}
	if (!r->verdicts || !r->module_count || !r->kernel_count)
		return;
	columns[0] = (struct html_column){"Module", NULL, HTML_FIND, false};
	columns[1] = (struct html_column){"License", NULL, HTML_TEXT, true};
	for (size_t k = 0; k < r->kernel_count; k++) {
		columns[t.column_count++] = (struct html_column){kernel_title(p, &titles, k),
								 VERDICT_ORDER, HTML_BADGE, true};
		if (report_has_rebuild_words(r, k))
			columns[t.column_count++] = (struct html_column){
				rebuild_title(p, &titles, k), VERDICT_ORDER, HTML_BADGE, true};
	}
	html_raw(&p->html, "<h2>Modules by kernels</h2>\n");
	if (r->predicted || t.column_count > r->kernel_count + 2)
		html_raw(&p->html,
			 "<p>In parentheses: predicted for a rebuild; counts for nothing.</p>\n");
	html_table_begin(&t);
	for (int v = KSA_VERDICT_UNKNOWN; v >= KSA_VERDICT_OK; v--)
		for (size_t m = 0; m < r->module_count; m++)
			if ((int)report_worst(r, m, r->kernel_count - r->predicted) == v)
				matrix_row(&t, r, m);
	html_table_end(&t);
}

enum {
	COLUMN_LEVEL,
	COLUMN_STATE,
	COLUMN_RULE,
	COLUMN_MODULE,
	COLUMN_SYMBOL,
	COLUMN_KERNELS,
	COLUMN_MESSAGE,
	COLUMNS
};

static const struct html_column all_columns[COLUMNS] = {
	[COLUMN_LEVEL] = {"Level", LEVEL_ORDER, HTML_BADGE, true},
	[COLUMN_STATE] = {"State", "counts waived known", HTML_TEXT, true},
	[COLUMN_RULE] = {"Rule", NULL, HTML_RULE, true},
	[COLUMN_MODULE] = {"Module", NULL, HTML_NAME, false},
	[COLUMN_SYMBOL] = {"Symbol", NULL, HTML_CODE, false},
	[COLUMN_KERNELS] = {"Kernels", NULL, HTML_TEXT, true},
	[COLUMN_MESSAGE] = {"Finding", NULL, HTML_MAIN, false},
};

static bool has_column(const struct ksa_report *r, int column)
{
	bool has = column != COLUMN_STATE && column != COLUMN_MODULE && column != COLUMN_SYMBOL &&
		   column != COLUMN_KERNELS;

	for (size_t i = 0; i < r->finding_count && !has; i++) {
		const struct ksa_finding *f = &r->findings[i];

		has = (column == COLUMN_STATE && !finding_counts(f)) ||
		      (column == COLUMN_MODULE && f->module != NO_INDEX) ||
		      (column == COLUMN_SYMBOL && f->symbol) ||
		      (column == COLUMN_KERNELS && f->kernel != NO_INDEX);
	}
	return has;
}

static const char *kernels_text(struct page *p, size_t first, size_t end)
{
	strbuf_reset(&p->value);
	for (size_t i = first; i < end; i++)
		if (p->r->findings[i].kernel != NO_INDEX)
			strbuf_printf(&p->value, "%s%s", i > first ? ", " : "",
				      p->r->kernels[p->r->findings[i].kernel]->label);
	p->html.buf.failed |= p->value.failed;
	return strbuf_string(&p->value);
}

static const char *column_text(struct page *p, int column, size_t first, size_t end)
{
	const struct ksa_finding *f = &p->r->findings[first];

	switch (column) {
	case COLUMN_LEVEL:
		return ksa_level_name(f->level);
	case COLUMN_STATE:
		return f->waived ? "waived" : f->known ? "known" : "counts";
	case COLUMN_RULE:
		return f->rule->id;
	case COLUMN_MODULE:
		return f->module == NO_INDEX ? "" : p->r->modules[f->module]->name;
	case COLUMN_SYMBOL:
		return f->symbol ? f->symbol : "";
	case COLUMN_KERNELS:
		return kernels_text(p, first, end);
	default:
		return finding_text(f);
	}
}

static void finding_details(struct page *p, struct html_table *t, const struct ksa_finding *f)
{
	html_detail(t, "Why", f->rule->why);
	html_detail(t, "Fix", f->fix ? f->fix : f->rule->fix);
	html_detail(t, "Evidence", f->evidence);
	if (f->waived) {
		strbuf_reset(&p->value);
		strbuf_printf(&p->value, "by %s until %s: %s", f->waived->by, f->waived->expires,
			      f->waived->reason);
		html_detail(t, "Waived", strbuf_string(&p->value));
	}
	html_detail(t, "Known", f->known ? "the baseline has it" : NULL);
	if (f->path) {
		strbuf_reset(&p->value);
		strbuf_adds(&p->value, f->path);
		if (f->line)
			strbuf_printf(&p->value, ":%u", f->line);
		html_detail(t, "File", strbuf_string(&p->value));
	}
	html_detail(t, "Commit", f->commit);
}

static void findings(struct page *p)
{
	const struct ksa_report *r = p->r;
	struct html_column columns[COLUMNS];
	int shown[COLUMNS];
	struct html_table t = {.html = &p->html,
			       .id = "findings",
			       .noun = "finding",
			       .caption = "Findings; each opens to its reason and fix",
			       .columns = columns};

	if (!r->finding_count)
		return;
	for (int c = 0; c < COLUMNS; c++) {
		if (!has_column(r, c))
			continue;
		shown[t.column_count] = c;
		columns[t.column_count++] = all_columns[c];
	}
	for (size_t i = 0; i < r->finding_count; i = report_group_end(r, i))
		t.row_count++;
	html_raw(&p->html, "<h2>Findings</h2>\n");
	if (t.row_count < r->finding_count)
		html_raw(&p->html, "<p>The same finding on several kernels is one row.</p>\n");
	html_table_begin(&t);
	for (size_t i = 0, end; i < r->finding_count; i = end) {
		end = report_group_end(r, i);
		for (size_t c = 0; c < t.column_count; c++)
			html_cell(&t, column_text(p, shown[c], i, end));
		finding_details(p, &t, &r->findings[i]);
		html_row_end(&t);
	}
	html_table_end(&t);
}

int write_results_html(const struct ksa_report *r, FILE *out, struct ksa_error *err)
{
	_cleanup_(page_release) struct page p = {.html = {.out = out, .err = err}, .r = r};

	p.html.status = tally_rules(&p);
	html_begin(&p.html, headline(&p));
	scope(&p);
	by_kernel(&p);
	gaps(&p);
	notices(&p);
	rules(&p);
	matrix(&p);
	findings(&p);
	p.html.buf.failed |= p.value.failed;
	return html_end(&p.html);
}
