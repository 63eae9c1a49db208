// SPDX-License-Identifier: GPL-2.0-or-later
/* GitLab's code quality report: a subset of the Code Climate form. */
#include "write/results.h"

#include "base/cleanup.h"
#include "write/json/json.h"
#include "write/text/result_words.h"

static const char *severity(enum ksa_level level)
{
	return level == KSA_LEVEL_ERROR	    ? "critical"
	       : level == KSA_LEVEL_WARNING ? "minor"
					    : "info";
}

static void add_location(struct json_writer *w, const char *path, uint32_t line)
{
	json_begin_object(w, "location");
	json_begin_object(w, "lines");
	json_add_number(w, "begin", line ? line : 1);
	json_end(w);
	json_add_text(w, "path", path);
	json_end(w);
}

static void add_finding(struct json_writer *w, const struct ksa_report *r,
			const struct ksa_finding *f)
{
	_cleanup_(strbuf_release) struct strbuf words = {NULL, 0, 0, false};

	finding_words(&words, r, f, true);
	json_begin_object(w, NULL);
	json_add_strbuf(w, "description", &words);
	json_add_text(w, "check_name", f->rule->id);
	json_add_text(w, "fingerprint", f->identity);
	json_add_text(w, "severity", severity(f->level));
	add_location(w, finding_file(r, f), f->line);
	json_end(w);
}

/* What could not be checked fails the run: a page that shows nothing then would be wrong. */
static void add_gap(struct json_writer *w, const struct ksa_report *r,
		    const struct ksa_unchecked *g)
{
	_cleanup_(strbuf_release) struct strbuf words = {NULL, 0, 0, false};
	_cleanup_(strbuf_release) struct strbuf identity = {NULL, 0, 0, false};
	const char *file = unchecked_file(r, g);

	unchecked_words(&words, r, g, true);
	strbuf_printf(&identity, "unchecked:%s:%s", file, strbuf_string(&words));
	json_begin_object(w, NULL);
	json_add_strbuf(w, "description", &words);
	json_add_text(w, "check_name", "unchecked");
	json_add_strbuf(w, "fingerprint", &identity);
	json_add_text(w, "severity", "critical");
	add_location(w, file, 0);
	json_end(w);
}

int write_results_gitlab(const struct ksa_report *r, FILE *out, struct ksa_error *err)
{
	struct json_writer w = {.out = out, .err = err};

	json_begin_array(&w, NULL);
	for (size_t i = 0; i < r->finding_count && !w.status; i++)
		if (finding_counts(&r->findings[i]))
			add_finding(&w, r, &r->findings[i]);
	for (size_t i = 0; i < r->unchecked_count && !w.status; i++)
		add_gap(&w, r, &r->unchecked[i]);
	json_end(&w);
	return json_write_flush(&w);
}
