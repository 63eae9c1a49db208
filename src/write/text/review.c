// SPDX-License-Identifier: GPL-2.0-or-later
#include "write/review.h"

#include <string.h>

#include "base/cleanup.h"
#include "base/escape.h"
#include "model/pending.h"
#include "write/out.h"
#include "write/rules.h"
#include "write/text/text.h"

#define COLOR_OFF   "\033[0m"
#define COLOR_BOLD  "\033[1m"
#define SHOWN	    6 /* findings of one rule in one patch, without --verbose */
#define SHOWN_NAMES 24 /* symbols of one kind of change, likewise */

struct writer {
	const struct review *review;
	const struct review_text_options *options;
	struct strbuf buf, scratch;
	bool *done; /* of each change: it was listed */
};

static void writer_release(struct writer *w)
{
	strbuf_release(&w->buf);
	strbuf_release(&w->scratch);
	free(w->done);
}

static void escaped(struct writer *w, const char *s)
{
	escape_text(&w->buf, s);
}

static void escaped_scratch(struct writer *w)
{
	escape_text(&w->buf, strbuf_string(&w->scratch));
}

static void color(struct writer *w, const char *code)
{
	if (w->options->color)
		strbuf_adds(&w->buf, code);
}

static const char *level_color(enum ksa_level level)
{
	return level == KSA_LEVEL_ERROR	    ? "\033[31m"
	       : level == KSA_LEVEL_WARNING ? "\033[33m"
					    : "\033[36m";
}

static void verdict(struct writer *w)
{
	const struct review *review = w->review;
	enum ksa_level worst = review->report.levels[KSA_LEVEL_ERROR]	  ? KSA_LEVEL_ERROR
			       : review->report.levels[KSA_LEVEL_WARNING] ? KSA_LEVEL_WARNING
									  : KSA_LEVEL_NOTE;

	color(w, review->report.finding_count ? level_color(worst) : "\033[32m");
	review_level_words(review, &w->buf);
	color(w, COLOR_OFF);
	strbuf_adds(&w->buf, "; ");
	review_summary_words(review, &w->buf);
	strbuf_addc(&w->buf, '\n');
}

static void patch_head(struct writer *w, const struct patch *p)
{
	const char *before = "";
	size_t start;

	strbuf_addc(&w->buf, '\n');
	color(w, COLOR_BOLD);
	if (p->commit && w->review->input->range)
		strbuf_printf(&w->buf, "%.12s ", p->commit);
	escaped(w, p->subject ? p->subject : p->source);
	color(w, COLOR_OFF);
	strbuf_adds(&w->buf, "\n");
	start = w->buf.length;
	if (p->author) {
		strbuf_adds(&w->buf, p->quoted ? "  quoted by " : "  ");
		escaped(w, p->author);
		before = ", ";
	}
	if (p->has_date) {
		strbuf_adds(&w->buf, *before ? before : "  ");
		review_date_words(p, &w->buf);
		before = ", ";
	}
	if (p->upstream)
		strbuf_printf(&w->buf, "%sbackport of %.12s", *before ? before : "  ", p->upstream);
	if (w->buf.length > start)
		strbuf_addc(&w->buf, '\n');
}

/* The changes [from, to) that are described by the same words, in one list. */
static void change_group(struct writer *w, size_t from, size_t to)
{
	const struct review_change *items = w->review->changes.items;
	_cleanup_(strbuf_release) struct strbuf words = {NULL, 0, 0, false};
	_cleanup_(strbuf_release) struct strbuf name = {NULL, 0, 0, false};
	struct text_wrap wrap = {.buf = &w->buf, .indent = 4};
	size_t count = 0, start = w->buf.length;
	const char *last = "";

	review_change_words(&items[from], &words);
	strbuf_adds(&w->buf, "  ");
	escaped(w, strbuf_string(&words));
	strbuf_adds(&w->buf, ": ");
	wrap.column = w->buf.length - start;
	for (size_t i = from; i < to; i++) {
		if (w->done[i])
			continue;
		strbuf_reset(&w->scratch);
		review_change_words(&items[i], &w->scratch);
		if (strcmp(strbuf_string(&w->scratch), strbuf_string(&words)) != 0)
			continue;
		w->done[i] = true;
		if (i > from && strcmp(items[i].symbol, last) == 0)
			continue;
		last = items[i].symbol;
		if (++count > SHOWN_NAMES && !w->options->verbose)
			continue;
		strbuf_reset(&name);
		escape_text(&name, items[i].symbol);
		text_wrap_item(&wrap, strbuf_string(&name));
	}
	if (count > SHOWN_NAMES && !w->options->verbose)
		strbuf_printf(&w->buf, " and %zu more", count - SHOWN_NAMES);
	strbuf_addc(&w->buf, '\n');
}

static void changes(struct writer *w, size_t from, size_t to)
{
	for (size_t i = from; i < to; i++)
		if (!w->done[i] && !w->review->changes.items[i].superseded)
			change_group(w, i, to);
}

static void location(struct writer *w, const struct ksa_finding *f)
{
	if (f->module != NO_INDEX) {
		escaped(w, w->review->report.modules[f->module]->name);
		strbuf_adds(&w->buf, ".ko: ");
		return;
	}
	if (!f->path)
		return;
	escaped(w, f->path);
	if (f->line)
		strbuf_printf(&w->buf, ":%u", f->line);
	if (f->mail_line && w->options->verbose) {
		strbuf_adds(&w->buf, " (");
		escaped(w, w->review->input->patches[f->patch].patch->source);
		strbuf_printf(&w->buf, ":%u)", f->mail_line);
	}
	strbuf_adds(&w->buf, ": ");
}

static void wrapped(struct writer *w, const char *label, const char *text)
{
	strbuf_reset(&w->scratch);
	strbuf_adds(&w->scratch, label);
	escape_text(&w->scratch, text);
	wrap_text(&w->buf, "      ", strbuf_string(&w->scratch));
}

static void waiver_line(struct writer *w, const struct waiver *waiver)
{
	strbuf_printf(&w->buf, "      waived until %s by ", waiver->expires);
	escaped(w, waiver->by);
	strbuf_adds(&w->buf, ": ");
	escaped(w, waiver->reason);
	strbuf_addc(&w->buf, '\n');
}

/* One of a group, next the one behind it or NULL: what is so for both is said behind the last. */
static void finding_lines(struct writer *w, const struct ksa_finding *f,
			  const struct ksa_finding *next)
{
	strbuf_adds(&w->buf, "    ");
	location(w, f);
	escaped(w, f->message);
	strbuf_addc(&w->buf, '\n');
	if (f->evidence && !(next && text_is_same(f->evidence, next->evidence)))
		wrapped(w, "", f->evidence);
	if (f->fix != f->rule->fix && !(next && text_is_same(f->fix, next->fix)))
		wrapped(w, "fix: ", f->fix);
}

/* count findings of one rule and level in one patch. */
static void finding_group(struct writer *w, const struct ksa_finding *f, size_t count)
{
	const struct ksa_rule *rule = f->rule;
	size_t shown = count > SHOWN && !w->options->verbose ? SHOWN - 1 : count;

	if (f->waived && !w->options->verbose)
		return;
	strbuf_adds(&w->buf, f->waived ? "  waived " : "  ");
	color(w, level_color(f->level));
	strbuf_printf(&w->buf, "%s %s", ksa_level_name(f->level), rule->id);
	color(w, COLOR_OFF);
	strbuf_adds(&w->buf, ": ");
	escaped(w, rule->title);
	if (count > 1)
		strbuf_printf(&w->buf, " (%zu)", count);
	strbuf_addc(&w->buf, '\n');
	for (size_t i = 0; i < shown; i++)
		finding_lines(w, &f[i], i + 1 < shown ? &f[i + 1] : NULL);
	if (shown < count)
		strbuf_printf(&w->buf, "    and %zu more (-v lists all)\n", count - shown);
	if (f->waived)
		waiver_line(w, f->waived);
	if (w->options->explain) {
		wrap_prose(&w->buf, "      why: ", rule->why);
		wrap_prose(&w->buf, "      fix: ", rule->fix);
	}
}

static void findings(struct writer *w, size_t from, size_t to)
{
	const struct ksa_finding *f = w->review->report.findings;

	while (from < to) {
		size_t end = from + 1;

		while (end < to && f[end].rule == f[from].rule && f[end].level == f[from].level &&
		       f[end].waived == f[from].waived)
			end++;
		finding_group(w, &f[from], end - from);
		from = end;
	}
}

static int patches(struct writer *w, FILE *out, struct ksa_error *err)
{
	struct review_part part = {.patch = NULL};
	int r = 0;

	while (!r && review_next_part(w->review, &part)) {
		patch_head(w, part.patch->patch);
		changes(w, part.change, part.change_end);
		findings(w, part.finding, part.finding_end);
		r = out_piece(&w->buf, out, err);
	}
	return r;
}

/* What the patches do to what a module imports. */
static void touches(struct writer *w, size_t module)
{
	const struct review *review = w->review;
	const struct pending_change *c;
	size_t at = 0;

	while ((c = pending_next(review->pending, review->held->modules[module], &at))) {
		strbuf_reset(&w->scratch);
		strbuf_printf(&w->scratch, "%s: ", c->symbol);
		pending_add_words(c, &w->scratch);
		strbuf_adds(&w->scratch, " by ");
		pending_add_patch(review->pending, pending_patch(review->pending, c), &w->scratch);
		strbuf_adds(&w->buf, "    ");
		escaped_scratch(w);
		strbuf_addc(&w->buf, '\n');
	}
}

/* The modules that were given, of which the patches touch some. */
static void modules(struct writer *w)
{
	const struct ksa_report *held = w->review->held;
	size_t touched = 0;

	for (size_t m = 0; m < held->module_count; m++)
		touched += review_is_touched(w->review, m);
	strbuf_adds(&w->buf, "\nheld against ");
	escaped(w, held->kernels[0]->label);
	text_count(&w->buf, ": ", held->module_count, "module");
	strbuf_printf(&w->buf, ", %zu of them touched\n", touched);
	for (size_t m = 0; m < held->module_count; m++) {
		if (!review_is_touched(w->review, m) && !w->options->verbose)
			continue;
		strbuf_adds(&w->buf, "  ");
		escaped(w, held->modules[m]->name);
		strbuf_adds(&w->buf, ": ");
		review_verdict_words(w->review, m, &w->buf);
		strbuf_addc(&w->buf, '\n');
		touches(w, m);
	}
	for (size_t i = 0; i < w->review->report.unchecked_count; i++) {
		const struct ksa_unchecked *u = &w->review->report.unchecked[i];

		strbuf_adds(&w->buf, "  not checked: ");
		escaped(w, held->modules[u->module]->name);
		strbuf_adds(&w->buf, ": ");
		escaped(w, u->symbol ? u->symbol : "");
		strbuf_adds(&w->buf, u->symbol ? ": " : "");
		escaped(w, u->text);
		strbuf_addc(&w->buf, '\n');
	}
}

static void notices(struct writer *w)
{
	for (size_t i = 0; i < w->review->report.notice_count; i++) {
		strbuf_adds(&w->buf, i ? "notice: " : "\nnotice: ");
		escaped(w, w->review->report.notices[i]);
		strbuf_addc(&w->buf, '\n');
	}
}

int write_review_text(const struct review *review, const struct review_text_options *options,
		      FILE *out, struct ksa_error *err)
{
	_cleanup_(writer_release) struct writer w = {
		.review = review,
		.options = options,
		.done = calloc(review->changes.count + 1, sizeof(*w.done))};
	int r = w.done ? 0 : ksa_fail_nomem(err);

	if (r)
		return r;
	verdict(&w);
	if (!options->quiet)
		r = patches(&w, out, err);
	if (review->held)
		modules(&w);
	if (!options->quiet || options->strict)
		notices(&w);
	if (!r && w.scratch.failed)
		r = ksa_fail_nomem(err);
	return out_end(r, &w.buf, out, err);
}
