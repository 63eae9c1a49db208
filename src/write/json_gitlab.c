// SPDX-License-Identifier: GPL-2.0-or-later
/* GitLab's code quality report: a subset of the Code Climate form. */
#include "write/results.h"

#include "base/cleanup.h"
#include "write/json.h"
#include "write/result_words.h"

static const char *severity(enum ksa_level level)
{
	return level == KSA_LEVEL_ERROR	    ? "critical"
	       : level == KSA_LEVEL_WARNING ? "minor"
					    : "info";
}

static json_t *location(const char *path, uint32_t line)
{
	json_t *o = json_object(), *lines = json_object();
	bool ok = lines && json_put(lines, "begin", json_integer(line ? line : 1));

	lines = json_finish(lines, ok);
	ok = json_put(o, "lines", lines) && json_put_text(o, "path", path);
	return json_finish(o, ok);
}

static json_t *finding(const struct results *r, const struct result *f)
{
	_cleanup_(strbuf_release) struct strbuf words = {NULL, 0, 0, false};
	json_t *o = json_object();
	bool ok;

	result_words(&words, r, f, true);
	ok = o && !words.failed && json_put_text(o, "description", strbuf_string(&words)) &&
	     json_put_text(o, "check_name", f->rule->id) &&
	     json_put_text(o, "fingerprint", f->identity) &&
	     json_put_text(o, "severity", severity(f->level)) &&
	     json_put(o, "location", location(result_file(r, f), f->line));
	return json_finish(o, ok);
}

/* What could not be checked fails the run: a page that shows nothing then would be wrong. */
static json_t *gap(const struct results *r, size_t index)
{
	_cleanup_(strbuf_release) struct strbuf words = {NULL, 0, 0, false};
	_cleanup_(strbuf_release) struct strbuf identity = {NULL, 0, 0, false};
	const struct result_gap *g = &r->gaps[index];
	const char *file = result_gap_file(r, g);
	json_t *o = json_object();
	bool ok;

	result_gap_words(&words, r, g, true);
	strbuf_printf(&identity, "unchecked:%s:%s", file, strbuf_string(&words));
	ok = o && !words.failed && !identity.failed &&
	     json_put_text(o, "description", strbuf_string(&words)) &&
	     json_put_text(o, "check_name", "unchecked") &&
	     json_put_text(o, "fingerprint", strbuf_string(&identity)) &&
	     json_put_text(o, "severity", "critical") && json_put(o, "location", location(file, 0));
	return json_finish(o, ok);
}

int write_results_gitlab(const struct results *r, FILE *out, struct ksa_error *err)
{
	struct json_writer w = {.out = out, .err = err, .empty = true};

	json_write_raw(&w, "[");
	for (size_t i = 0; i < r->count && !w.status; i++)
		if (result_counts(&r->items[i]))
			json_write_item(&w, finding(r, &r->items[i]));
	for (size_t i = 0; i < r->gap_count && !w.status; i++)
		json_write_item(&w, gap(r, i));
	json_write_raw(&w, w.empty ? "]\n" : "\n]\n");
	return json_write_flush(&w);
}
