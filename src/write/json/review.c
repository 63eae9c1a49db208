// SPDX-License-Identifier: GPL-2.0-or-later
#include "write/review.h"

#include <stdio.h>
#include <time.h>

#include "model/pending.h"
#include "write/json/json.h"

/* ISO 8601 with the author's zone. */
static void add_date(struct json_writer *w, const struct patch *p)
{
	time_t seconds = (time_t)(p->date + p->zone * 60);
	int zone = p->zone < 0 ? -p->zone : p->zone;
	char text[64], all[80];
	struct tm tm;

	if (!p->has_date || !gmtime_r(&seconds, &tm) ||
	    !strftime(text, sizeof(text), "%Y-%m-%dT%H:%M:%S", &tm))
		return;
	snprintf(all, sizeof(all), "%s%c%02d:%02d", text, p->zone < 0 ? '-' : '+', zone / 60,
		 zone % 60);
	json_add_text(w, "date", all);
}

static void add_patch(struct json_writer *w, const struct patch *p, bool range)
{
	json_begin_object(w, NULL);
	if (!range) {
		json_add_text(w, "source", p->source);
		json_add_nonzero(w, "line", p->at);
	}
	json_add_text(w, "commit", p->commit);
	json_add_text(w, "subject", p->subject);
	json_add_text(w, "author", p->author);
	json_add_text(w, "email", p->email);
	add_date(w, p);
	json_add_text(w, "upstream", p->upstream);
	json_add_texts(w, "fixes", p->fixes.items, p->fixes.count);
	json_add_texts(w, "links", p->links.items, p->links.count);
	json_add_flag(w, "quoted", p->quoted);
	if (p->parts) {
		json_add_number(w, "part", p->part);
		json_add_number(w, "parts", p->parts);
		json_add_number(w, "version", p->version);
	}
	json_end(w);
}

static void add_place(struct json_writer *w, const char *key, const struct review_place *p)
{
	if (!p->path)
		return;
	json_begin_object(w, key);
	json_add_text(w, "path", p->path);
	json_add_nonzero(w, "line", p->line);
	json_add_nonzero(w, "mail_line", p->at);
	json_add_text(w, "class", ksa_class_name((enum ksa_class)p->cls));
	json_add_text(w, "namespace", p->ns);
	json_end(w);
}

static void add_change(struct json_writer *w, const struct review_change *c)
{
	json_begin_object(w, NULL);
	json_add_text(w, "symbol", c->symbol);
	json_add_number(w, "patch", c->patch);
	json_add_text(w, "what", review_what_name((enum review_what)c->what));
	json_add_text(w, "kind", ksa_kind_name((enum ksa_kind)c->kind));
	json_add_flag(w, "pasted", c->pasted);
	json_add_flag(w, "test", c->test);
	json_add_flag(w, "superseded", c->superseded);
	add_place(w, "old", &c->sides[PATCH_OLD]);
	add_place(w, "new", &c->sides[PATCH_NEW]);
	json_end(w);
}

static void add_finding(struct json_writer *w, const struct ksa_finding *f)
{
	json_begin_finding(w, f);
	json_add_number(w, "patch", f->patch);
	if (f->module != NO_INDEX)
		json_add_number(w, "module", f->module);
	json_add_text(w, "path", f->path);
	json_add_nonzero(w, "line", f->line);
	json_add_nonzero(w, "mail_line", f->mail_line);
	json_end_finding(w, f);
}

static void add_touched(struct json_writer *w, size_t module, const struct pending_change *c)
{
	json_begin_object(w, NULL);
	json_add_number(w, "module", module);
	json_add_text(w, "symbol", c->symbol);
	json_add_text(w, "what", pending_what_name(pending_what(c)));
	json_add_number(w, "patch", pending_by(c));
	json_add_flag(w, "in_header", c->in_header);
	if (c->successor) {
		json_add_text(w, "successor", c->successor);
		json_add_text(w, "successor_class",
			      ksa_class_name((enum ksa_class)c->successor_cls));
	}
	add_place(w, "old", &c->sides[PATCH_OLD]);
	add_place(w, "new", &c->sides[PATCH_NEW]);
	json_end(w);
}

/* The modules that were given: how each fares without the patches and with them, and what of its
 * imports they change. */
static void add_held(struct json_writer *w, const struct review *review)
{
	const struct ksa_report *held = review->held;
	const struct pending_change *c;

	json_add_kernel(w, "held_against", held->kernels[0]);
	json_begin_array(w, "modules");
	for (size_t m = 0; m < held->module_count; m++)
		json_add_module(w, held->modules[m]);
	json_end(w);
	json_begin_array(w, "matrix");
	for (size_t m = 0; m < held->module_count; m++) {
		json_begin_array(w, NULL);
		for (size_t k = 0; k < held->kernel_count; k++)
			json_add_text(w, NULL, ksa_verdict_name(ksa_report_verdict(held, m, k)));
		json_end(w);
	}
	json_end(w);
	json_begin_array(w, "touched");
	for (size_t m = 0; m < held->module_count; m++)
		for (size_t at = 0; (c = pending_next(review->pending, held->modules[m], &at));)
			add_touched(w, m, c);
	json_end(w);
	json_begin_array(w, "unchecked");
	for (size_t i = 0; i < review->report.unchecked_count; i++)
		json_add_unchecked(w, &review->report.unchecked[i]);
	json_end(w);
}

static void add_summary(struct json_writer *w, const struct review *review)
{
	const struct ksa_report *report = &review->report;

	json_begin_object(w, "summary");
	json_add_number(w, "patches", review->input->patch_count + review->input->skipped);
	for (int what = 0; what < REVIEW_WHAT_COUNT; what++)
		json_add_number(w, review_what_name((enum review_what)what), review->by_what[what]);
	json_add_number(w, "errors", report->levels[KSA_LEVEL_ERROR]);
	json_add_number(w, "warnings", report->levels[KSA_LEVEL_WARNING]);
	json_add_number(w, "notes", report->levels[KSA_LEVEL_NOTE]);
	json_add_nonzero(w, "waived", report->waived);
	json_end(w);
}

int write_review_json(const struct review *review, FILE *out, struct ksa_error *err)
{
	const struct review_input *in = review->input;
	struct json_writer w;

	json_write_begin(&w, out, "review", err);
	json_add_text(&w, "range", in->range);
	json_add_flag(&w, "net", in->net);
	json_add_text(&w, "tree", in->tree ? in->tree->name : NULL);
	json_add_text(&w, "config", in->config ? in->config->name : NULL);
	if (in->kernel)
		json_add_kernel(&w, "kernel", in->kernel);
	json_begin_array(&w, "patches");
	for (size_t i = 0; i < in->patch_count; i++)
		add_patch(&w, in->patches[i].patch, in->range != NULL);
	json_end(&w);
	json_begin_array(&w, "changes");
	for (size_t i = 0; i < review->changes.count; i++)
		add_change(&w, &review->changes.items[i]);
	json_end(&w);
	json_begin_array(&w, "findings");
	for (size_t i = 0; i < review->report.finding_count; i++)
		add_finding(&w, &review->report.findings[i]);
	json_end(&w);
	if (review->held)
		add_held(&w, review);
	json_add_texts(&w, "notices", review->report.notices, review->report.notice_count);
	add_summary(&w, review);
	return json_write_end(&w);
}
