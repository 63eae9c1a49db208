// SPDX-License-Identifier: GPL-2.0-or-later
#include "write/review.h"

#include <string.h>

#include "base/cleanup.h"
#include "model/pending.h"
#include "write/markdown/markdown.h"
#include "write/out.h"

#define OPEN_ROWS 25 /* a longer table is folded away */

struct writer {
	const struct review *review;
	struct strbuf buf, value;
};

static void writer_release(struct writer *w)
{
	strbuf_release(&w->buf);
	strbuf_release(&w->value);
}

static void location(struct writer *w, const char *path, uint32_t line)
{
	strbuf_reset(&w->value);
	strbuf_adds(&w->value, path);
	if (line)
		strbuf_printf(&w->value, ":%u", line);
	markdown_code(&w->buf, strbuf_string(&w->value));
}

static void head(struct writer *w, const struct patch *p)
{
	strbuf_adds(&w->buf, "\n### ");
	if (p->commit && w->review->input->range)
		strbuf_printf(&w->buf, "%.12s ", p->commit);
	markdown_text(&w->buf, p->subject ? p->subject : p->source);
	strbuf_adds(&w->buf, "\n");
	if (p->upstream)
		strbuf_printf(&w->buf, "\nBackport of %.12s.\n", p->upstream);
}

static void change_row(struct writer *w, const struct review_change *c)
{
	const struct review_place *p = &c->sides[c->sides[PATCH_NEW].path ? PATCH_NEW : PATCH_OLD];

	strbuf_adds(&w->buf, "| ");
	markdown_code(&w->buf, c->symbol);
	strbuf_adds(&w->buf, " | ");
	strbuf_reset(&w->value);
	review_change_words(c, &w->value);
	markdown_text(&w->buf, strbuf_string(&w->value));
	strbuf_adds(&w->buf, " | ");
	location(w, p->path, p->line);
	strbuf_adds(&w->buf, " |\n");
}

static void changes(struct writer *w, size_t from, size_t to)
{
	size_t count = 0;

	for (size_t i = from; i < to; i++)
		count += !w->review->changes.items[i].superseded;
	if (!count)
		return;
	if (count > OPEN_ROWS)
		strbuf_printf(&w->buf, "\n<details><summary>%zu exports</summary>\n", count);
	strbuf_adds(&w->buf, "\n| symbol | change | where |\n|---|---|---|\n");
	for (size_t i = from; i < to; i++)
		if (!w->review->changes.items[i].superseded)
			change_row(w, &w->review->changes.items[i]);
	if (count > OPEN_ROWS)
		strbuf_adds(&w->buf, "\n</details>\n");
}

static void findings(struct writer *w, size_t from, size_t to)
{
	const struct ksa_finding *f = w->review->report.findings;

	for (size_t i = from; i < to; i++) {
		if (f[i].waived)
			continue;
		if (i == from || f[i].rule != f[i - 1].rule || f[i].level != f[i - 1].level) {
			strbuf_printf(&w->buf, "\n**%s** %s: ", ksa_level_name(f[i].level),
				      f[i].rule->id);
			markdown_text(&w->buf, f[i].rule->title);
			strbuf_adds(&w->buf, "\n\n");
		}
		strbuf_adds(&w->buf, "- ");
		if (f[i].module != NO_INDEX) {
			markdown_code(&w->buf, w->review->report.modules[f[i].module]->name);
			strbuf_adds(&w->buf, ": ");
		} else if (f[i].path) {
			location(w, f[i].path, f[i].line);
			strbuf_adds(&w->buf, ": ");
		}
		markdown_message(&w->buf, f[i].message);
		if (f[i].evidence) {
			strbuf_adds(&w->buf, " (");
			markdown_message(&w->buf, f[i].evidence);
			strbuf_addc(&w->buf, ')');
		}
		strbuf_addc(&w->buf, '\n');
	}
}

static int patches(struct writer *w, FILE *out, struct ksa_error *err)
{
	struct review_part part = {.patch = NULL};
	int r = 0;

	while (!r && review_next_part(w->review, &part)) {
		head(w, part.patch->patch);
		changes(w, part.change, part.change_end);
		findings(w, part.finding, part.finding_end);
		r = out_piece(&w->buf, out, err);
	}
	return r;
}

/* The modules that the patches touch. */
static void modules(struct writer *w)
{
	const struct review *review = w->review;
	size_t touched = 0;

	for (size_t m = 0; m < review->held->module_count; m++) {
		const struct pending_change *c;

		if (!review_is_touched(review, m))
			continue;
		if (!touched++)
			strbuf_adds(&w->buf,
				    "\n| module | with these changes | touched |\n|---|---|---|\n");
		strbuf_adds(&w->buf, "| ");
		markdown_code(&w->buf, review->held->modules[m]->name);
		strbuf_adds(&w->buf, " | ");
		review_verdict_words(review, m, &w->buf);
		strbuf_adds(&w->buf, " | ");
		for (size_t at = 0;
		     (c = pending_next(review->pending, review->held->modules[m], &at));) {
			markdown_code(&w->buf, c->symbol);
			strbuf_adds(&w->buf, ": ");
			strbuf_reset(&w->value);
			pending_add_words(c, &w->value);
			markdown_text(&w->buf, strbuf_string(&w->value));
			strbuf_adds(&w->buf, "<br>");
		}
		strbuf_adds(&w->buf, " |\n");
	}
	if (!touched)
		strbuf_adds(&w->buf, "\nNone of the modules is touched.\n");
}

int write_review_markdown(const struct review *review, FILE *out, struct ksa_error *err)
{
	_cleanup_(writer_release) struct writer w = {.review = review};
	int r;

	strbuf_adds(&w.buf, "## Exports: ");
	review_level_words(review, &w.buf);
	strbuf_adds(&w.buf, "\n\n");
	strbuf_reset(&w.value);
	review_summary_words(review, &w.value);
	markdown_text(&w.buf, strbuf_string(&w.value));
	strbuf_adds(&w.buf, ".\n");
	r = patches(&w, out, err);
	if (review->held)
		modules(&w);
	for (size_t i = 0; i < review->report.notice_count; i++) {
		strbuf_adds(&w.buf, "\nNotice: ");
		markdown_text(&w.buf, review->report.notices[i]);
		strbuf_addc(&w.buf, '\n');
	}
	if (!r && w.value.failed)
		r = ksa_fail_nomem(err);
	return out_end(r, &w.buf, out, err);
}
