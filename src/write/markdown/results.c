// SPDX-License-Identifier: GPL-2.0-or-later
#include "write/results.h"

#include <string.h>

#include "base/cleanup.h"
#include "write/markdown/markdown.h"
#include "write/out.h"
#include "write/text/result_words.h"
#include "write/text/text.h"

#define OPEN_ROWS 25 /* a longer table is folded away */
/* GitHub refuses a step summary over 1 MiB as a whole; a cell may be as long as a message is. */
#define SIZE_LIMIT (1000u * 1024)

struct writer {
	const struct ksa_report *report;
	struct strbuf buf, value;
	size_t left_out; /* rows, as there was no more room */
};

static void writer_release(struct writer *w)
{
	strbuf_release(&w->buf);
	strbuf_release(&w->value);
}

/* True if a row may be written, else it is counted. */
static bool has_room(struct writer *w)
{
	if (w->buf.length < SIZE_LIMIT)
		return true;
	w->left_out++;
	return false;
}

/* A row was written from there on; if it went over the limit, it is taken back. */
static void end_row(struct writer *w, size_t start)
{
	strbuf_addc(&w->buf, '\n');
	if (w->buf.length <= SIZE_LIMIT)
		return;
	w->buf.length = start;
	w->left_out++;
}

static void open_table(struct writer *w, size_t rows, const char *noun)
{
	if (rows <= OPEN_ROWS)
		return;
	strbuf_adds(&w->buf, "\n<details><summary>");
	text_count(&w->buf, "", rows, noun);
	strbuf_adds(&w->buf, "</summary>\n");
}

static void close_table(struct writer *w, size_t rows)
{
	if (rows > OPEN_ROWS)
		strbuf_adds(&w->buf, "\n</details>\n");
}

static void head(struct writer *w)
{
	const struct ksa_report *r = w->report;

	strbuf_printf(&w->buf, "## ksymaudit %s: ", r->command);
	report_summary_words(&w->buf, r);
	strbuf_adds(&w->buf, "\n");
	if (!r->module_count && !r->kernel_count)
		return;
	strbuf_adds(&w->buf, "\n");
	if (r->module_count)
		text_count(&w->buf, "", r->module_count, "module");
	if (r->kernel_count)
		text_count(&w->buf, r->module_count ? ", " : "", r->kernel_count - r->predicted,
			   "kernel");
	if (r->predicted)
		strbuf_printf(&w->buf, " (and %zu predicted)", r->predicted);
	strbuf_adds(&w->buf, ".\n");
}

static bool is_ok(const struct ksa_report *r, size_t module)
{
	return report_worst(r, module, r->kernel_count) == KSA_VERDICT_OK;
}

static void matrix_row(struct writer *w, size_t m)
{
	const struct ksa_report *r = w->report;
	size_t start = w->buf.length;

	if (!has_room(w))
		return;
	strbuf_adds(&w->buf, "| ");
	markdown_code(&w->buf, r->modules[m]->name);
	for (size_t k = 0; k < r->kernel_count; k++) {
		enum ksa_verdict v = ksa_report_verdict(r, m, k);
		bool fails = v >= KSA_VERDICT_BREAKS && !report_is_predicted(r, (uint32_t)k);
		const char *beside = report_rebuild_word(r, m, k);

		strbuf_printf(&w->buf, " | %s%s%s", fails ? "**" : "", ksa_verdict_name(v),
			      fails ? "**" : "");
		if (beside)
			strbuf_printf(&w->buf, " (rebuild: %s)", beside);
	}
	strbuf_adds(&w->buf, " |");
	end_row(w, start);
}

static void matrix_head(struct writer *w)
{
	const struct ksa_report *r = w->report;

	strbuf_adds(&w->buf, "\n| module");
	for (size_t k = 0; k < r->kernel_count; k++) {
		bool predicted = report_is_predicted(r, (uint32_t)k);

		strbuf_adds(&w->buf, predicted ? " | predicted: " : " | ");
		markdown_text(&w->buf, r->kernels[k]->label);
	}
	strbuf_adds(&w->buf, " |\n|---");
	for (size_t k = 0; k < r->kernel_count; k++)
		strbuf_adds(&w->buf, "|---");
	strbuf_adds(&w->buf, "|\n");
}

/* All modules while they are few, else those that are not ok. */
static void matrix(struct writer *w)
{
	const struct ksa_report *r = w->report;
	size_t ok = 0, rows;

	if (!r->verdicts || !r->module_count)
		return;
	for (size_t m = 0; m < r->module_count && r->module_count > OPEN_ROWS; m++)
		ok += is_ok(r, m);
	rows = r->module_count - ok;
	open_table(w, rows, "module");
	if (rows)
		matrix_head(w);
	for (size_t m = 0; m < r->module_count; m++)
		if (!ok || !is_ok(r, m))
			matrix_row(w, m);
	close_table(w, rows);
	if (ok) {
		text_count(&w->buf, rows ? "\nAnd " : "\n", ok, "module");
		strbuf_adds(&w->buf, " ok on every kernel.\n");
	}
}

static void code_cell(struct writer *w, const char *s)
{
	strbuf_adds(&w->buf, " | ");
	if (s)
		markdown_code(&w->buf, s);
}

static void kernels_cell(struct writer *w, size_t first, size_t end)
{
	const struct ksa_report *r = w->report;

	strbuf_adds(&w->buf, " | ");
	for (size_t i = first; i < end; i++) {
		if (r->findings[i].kernel == NO_INDEX)
			continue;
		strbuf_adds(&w->buf, i > first ? ", " : "");
		markdown_text(&w->buf, r->kernels[r->findings[i].kernel]->label);
	}
}

static void where_cell(struct writer *w, const struct ksa_finding *f)
{
	if (f->module != NO_INDEX) {
		code_cell(w, w->report->modules[f->module]->name);
		return;
	}
	strbuf_reset(&w->value);
	strbuf_adds(&w->value, f->path ? f->path : "");
	if (f->path && f->line)
		strbuf_printf(&w->value, ":%u", f->line);
	code_cell(w, f->path ? strbuf_string(&w->value) : NULL);
}

static void row(struct writer *w, size_t first, size_t end)
{
	const struct ksa_finding *f = &w->report->findings[first];
	size_t start = w->buf.length;

	if (!has_room(w))
		return;
	strbuf_printf(&w->buf, "| %s | %s", ksa_level_name(f->level), f->rule->id);
	where_cell(w, f);
	code_cell(w, f->symbol);
	kernels_cell(w, first, end);
	strbuf_adds(&w->buf, " | ");
	markdown_message(&w->buf, finding_text(f));
	if (f->evidence) {
		strbuf_adds(&w->buf, " (");
		markdown_message(&w->buf, f->evidence);
		strbuf_addc(&w->buf, ')');
	}
	if (!finding_counts(f)) {
		strbuf_adds(&w->buf, " | ");
		strbuf_reset(&w->value);
		finding_excuse_words(&w->value, f);
		markdown_text(&w->buf, strbuf_string(&w->value));
	}
	strbuf_adds(&w->buf, " |");
	end_row(w, start);
}

/* Those of one level that count; with excused, those of all levels that do not. */
static size_t rows(struct writer *w, enum ksa_level level, bool excused, bool write)
{
	const struct ksa_report *r = w->report;
	size_t count = 0;

	for (size_t i = 0, end; i < r->finding_count; i = end) {
		const struct ksa_finding *f = &r->findings[i];

		end = report_group_end(r, i);
		if (finding_counts(f) == excused || (!excused && f->level != level))
			continue;
		count++;
		if (write)
			row(w, i, end);
	}
	return count;
}

static void findings(struct writer *w, bool excused)
{
	enum ksa_level top = excused ? KSA_LEVEL_NOTE : KSA_LEVEL_ERROR;
	size_t count = 0;

	for (int level = (int)top; level >= KSA_LEVEL_NOTE; level--)
		count += rows(w, (enum ksa_level)level, excused, false);
	if (!count)
		return;
	strbuf_adds(&w->buf, excused ? "\nWaived or in the baseline:\n" : "");
	open_table(w, count, "finding");
	strbuf_printf(&w->buf,
		      "\n| level | rule | where | symbol | kernel | finding |%s\n"
		      "|---|---|---|---|---|---|%s\n",
		      excused ? " why it does not count |" : "", excused ? "---|" : "");
	for (int level = (int)top; level >= KSA_LEVEL_NOTE; level--)
		rows(w, (enum ksa_level)level, excused, true);
	close_table(w, count);
}

static void rules(struct writer *w)
{
	const struct ksa_report *r = w->report;
	size_t used = 0;

	for (size_t k = 0; k < r->rules->rule_count; k++) {
		const struct ksa_rule *rule = &r->rules->rules[k];
		bool found = false;

		for (size_t i = 0; i < r->finding_count && !found; i++)
			found = finding_counts(&r->findings[i]) &&
				strcmp(r->findings[i].rule->id, rule->id) == 0;
		if (!found)
			continue;
		strbuf_adds(&w->buf, used++ ? "" : "\n");
		strbuf_printf(&w->buf, "- **%s** ", rule->id);
		markdown_text(&w->buf, rule->title);
		strbuf_adds(&w->buf, ". ");
		markdown_text(&w->buf, rule->fix);
		strbuf_adds(&w->buf, "\n");
	}
}

static void gaps(struct writer *w)
{
	const struct ksa_report *r = w->report;

	if (!r->unchecked_count)
		return;
	open_table(w, r->unchecked_count, "question that could not be answered");
	strbuf_adds(&w->buf, "\n| not checked | symbol | kernel | why |\n|---|---|---|---|\n");
	for (size_t i = 0; i < r->unchecked_count; i++) {
		const struct ksa_unchecked *g = &r->unchecked[i];
		size_t start = w->buf.length;

		if (!has_room(w))
			continue;
		strbuf_adds(&w->buf, "| ");
		if (g->module != NO_INDEX)
			markdown_code(&w->buf, r->modules[g->module]->name);
		code_cell(w, g->symbol);
		strbuf_adds(&w->buf, " | ");
		if (g->kernel != NO_INDEX)
			markdown_text(&w->buf, r->kernels[g->kernel]->label);
		strbuf_adds(&w->buf, " | ");
		markdown_message(&w->buf, g->text);
		strbuf_adds(&w->buf, " |");
		end_row(w, start);
	}
	close_table(w, r->unchecked_count);
}

static void notices(struct writer *w)
{
	const struct ksa_report *r = w->report;

	for (size_t i = 0; i < r->notice_count; i++) {
		size_t start = w->buf.length;

		if (!has_room(w))
			continue;
		strbuf_adds(&w->buf, "\nNotice: ");
		markdown_text(&w->buf, r->notices[i]);
		end_row(w, start);
	}
}

int write_results_markdown(const struct ksa_report *report, FILE *out, struct ksa_error *err)
{
	_cleanup_(writer_release) struct writer w = {.report = report};
	int r = 0;

	head(&w);
	matrix(&w);
	findings(&w, false);
	rules(&w);
	gaps(&w);
	findings(&w, true);
	notices(&w);
	if (w.left_out) {
		text_count(&w.buf, "\n", w.left_out, "line");
		strbuf_adds(&w.buf, " more: this page holds 1 MiB, other formats have them.\n");
	}
	if (w.value.failed)
		r = ksa_fail_nomem(err);
	return out_end(r, &w.buf, out, err);
}
