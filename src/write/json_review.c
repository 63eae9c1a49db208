// SPDX-License-Identifier: GPL-2.0-or-later
#include "write/review.h"

#include <stdio.h>
#include <time.h>

#include "write/json.h"

static bool put_number(json_t *object, const char *key, size_t n)
{
	return json_put(object, key, json_integer((json_int_t)n));
}

/* Nothing is set for 0. */
static bool put_position(json_t *object, const char *key, size_t n)
{
	return !n || put_number(object, key, n);
}

static bool put_flag(json_t *object, const char *key, bool flag)
{
	return !flag || json_put(object, key, json_true());
}

/* ISO 8601 with the author's zone. */
static bool put_date(json_t *object, const struct patch *p)
{
	time_t seconds = (time_t)(p->date + p->zone * 60);
	int zone = p->zone < 0 ? -p->zone : p->zone;
	char text[64], all[80];
	struct tm tm;

	if (!p->has_date || !gmtime_r(&seconds, &tm) ||
	    !strftime(text, sizeof(text), "%Y-%m-%dT%H:%M:%S", &tm))
		return true;
	snprintf(all, sizeof(all), "%s%c%02d:%02d", text, p->zone < 0 ? '-' : '+', zone / 60,
		 zone % 60);
	return json_put_text(object, "date", all);
}

static json_t *patch_json(const struct patch *p, bool range)
{
	json_t *o = json_object();
	bool ok = o && (range || json_put_text(o, "source", p->source)) &&
		  (range || put_position(o, "line", p->at)) &&
		  json_put_text(o, "commit", p->commit) &&
		  json_put_text(o, "subject", p->subject) &&
		  json_put_text(o, "author", p->author) && json_put_text(o, "email", p->email) &&
		  put_date(o, p) && json_put_text(o, "upstream", p->upstream) &&
		  json_put(o, "fixes", json_strings(p->fixes.items, p->fixes.count)) &&
		  json_put(o, "links", json_strings(p->links.items, p->links.count)) &&
		  put_flag(o, "quoted", p->quoted);

	if (ok && p->parts)
		ok = put_number(o, "part", p->part) && put_number(o, "parts", p->parts) &&
		     put_number(o, "version", p->version);
	return json_finish(o, ok);
}

static bool put_place(json_t *object, const char *key, const struct review_place *p)
{
	json_t *o;
	bool ok;

	if (!p->path)
		return true;
	o = json_object();
	ok = o && json_put_text(o, "path", p->path) && put_position(o, "line", p->line) &&
	     put_position(o, "mail_line", p->at) &&
	     json_put_text(o, "class", ksa_class_name((enum ksa_class)p->cls)) &&
	     json_put_text(o, "namespace", p->ns);
	return json_put(object, key, json_finish(o, ok));
}

static json_t *change_json(const struct review_change *c)
{
	json_t *o = json_object();
	bool ok = o && json_put_text(o, "symbol", c->symbol) && put_number(o, "patch", c->patch) &&
		  json_put_text(o, "what", review_what_name((enum review_what)c->what)) &&
		  json_put_text(o, "kind", ksa_kind_name((enum ksa_kind)c->kind)) &&
		  put_flag(o, "pasted", c->pasted) && put_flag(o, "test", c->test) &&
		  put_flag(o, "superseded", c->superseded) &&
		  put_place(o, "old", &c->sides[PATCH_OLD]) &&
		  put_place(o, "new", &c->sides[PATCH_NEW]);

	return json_finish(o, ok);
}

static json_t *finding_json(const struct ksa_finding *f)
{
	json_t *o = json_object();
	bool ok = o && json_put_text(o, "rule", f->rule->id) &&
		  json_put_text(o, "level", ksa_level_name(f->level)) &&
		  put_number(o, "patch", f->patch) && json_put_text(o, "path", f->path) &&
		  put_position(o, "line", f->line) && put_position(o, "mail_line", f->mail_line) &&
		  json_put_text(o, "symbol", f->symbol) &&
		  json_put_text(o, "message", f->message) &&
		  json_put_text(o, "reason", f->rule->why) && json_put_text(o, "fix", f->fix) &&
		  json_put_text(o, "evidence", f->evidence) &&
		  json_put_text(o, "identity", f->identity);

	if (f->waived)
		ok = ok && json_put(o, "waived", json_waiver(f->waived));
	return json_finish(o, ok);
}

static json_t *summary(const struct review *review)
{
	json_t *o = json_object();
	bool ok =
		o && put_number(o, "patches", review->input->patch_count + review->input->skipped);

	for (int w = 0; w < REVIEW_WHAT_COUNT && ok; w++)
		ok = put_number(o, review_what_name((enum review_what)w), review->by_what[w]);
	ok = ok && put_number(o, "errors", review->report.levels[KSA_LEVEL_ERROR]) &&
	     put_number(o, "warnings", review->report.levels[KSA_LEVEL_WARNING]) &&
	     put_number(o, "notes", review->report.levels[KSA_LEVEL_NOTE]);
	if (review->report.waived)
		ok = ok && put_number(o, "waived", review->report.waived);
	return json_finish(o, ok);
}

int write_review_json(const struct review *review, FILE *out, struct ksa_error *err)
{
	const struct review_input *in = review->input;
	struct json_writer w;

	json_write_begin(&w, out, "review", err);
	if (in->range)
		json_write_value(&w, "range", json_text(in->range));
	if (in->tree)
		json_write_value(&w, "tree", json_text(in->tree->name));
	if (in->config)
		json_write_value(&w, "config", json_text(in->config->name));
	if (in->kernel)
		json_write_value(&w, "kernel", json_kernel(in->kernel));
	json_write_array(&w, "patches");
	for (size_t i = 0; i < in->patch_count; i++)
		json_write_item(&w, patch_json(in->patches[i].patch, in->range != NULL));
	json_write_array_end(&w);
	json_write_array(&w, "changes");
	for (size_t i = 0; i < review->changes.count; i++)
		json_write_item(&w, change_json(&review->changes.items[i]));
	json_write_array_end(&w);
	json_write_array(&w, "findings");
	for (size_t i = 0; i < review->report.finding_count; i++)
		json_write_item(&w, finding_json(&review->report.findings[i]));
	json_write_array_end(&w);
	json_add_texts(&w, "notices", review->report.notices, review->report.notice_count);
	json_write_value(&w, "summary", summary(review));
	return json_write_end(&w);
}
