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

static json_t *finding(const struct ksa_report *r, const struct ksa_finding *f)
{
	_cleanup_(strbuf_release) struct strbuf words = {NULL, 0, 0, false};
	json_t *o = json_object();
	bool ok;

	finding_words(&words, r, f, true);
	ok = o && !words.failed && json_put_text(o, "description", strbuf_string(&words)) &&
	     json_put_text(o, "check_name", f->rule->id) &&
	     json_put_text(o, "fingerprint", f->identity) &&
	     json_put_text(o, "severity", severity(f->level)) &&
	     json_put(o, "location", location(finding_file(r, f), f->line));
	return json_finish(o, ok);
}

/* What could not be checked fails the run: a page that shows nothing then would be wrong. */
static json_t *gap(const struct ksa_report *r, size_t index)
{
	_cleanup_(strbuf_release) struct strbuf words = {NULL, 0, 0, false};
	_cleanup_(strbuf_release) struct strbuf identity = {NULL, 0, 0, false};
	const struct ksa_unchecked *g = &r->unchecked[index];
	const char *file = unchecked_file(r, g);
	json_t *o = json_object();
	bool ok;

	unchecked_words(&words, r, g, true);
	strbuf_printf(&identity, "unchecked:%s:%s", file, strbuf_string(&words));
	ok = o && !words.failed && !identity.failed &&
	     json_put_text(o, "description", strbuf_string(&words)) &&
	     json_put_text(o, "check_name", "unchecked") &&
	     json_put_text(o, "fingerprint", strbuf_string(&identity)) &&
	     json_put_text(o, "severity", "critical") && json_put(o, "location", location(file, 0));
	return json_finish(o, ok);
}

int write_results_gitlab(const struct ksa_report *r, FILE *out, struct ksa_error *err)
{
	struct json_writer w = {.out = out, .err = err, .empty = true};

	json_write_raw(&w, "[");
	for (size_t i = 0; i < r->finding_count && !w.status; i++)
		if (finding_counts(&r->findings[i]))
			json_write_item(&w, finding(r, &r->findings[i]));
	for (size_t i = 0; i < r->unchecked_count && !w.status; i++)
		json_write_item(&w, gap(r, i));
	json_write_raw(&w, w.empty ? "]\n" : "\n]\n");
	return json_write_flush(&w);
}
