// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Workflow commands of GitHub Actions: "::error file=F,line=N,title=T::MESSAGE" makes an annotation
 * of each finding. Of each level a step's first ten are shown and all are in its log: where there
 * are more, the tenth says so.
 */
#include "write/results.h"

#include <string.h>

#include "base/cleanup.h"
#include "base/escape.h"
#include "write/out.h"
#include "write/text/result_words.h"
#include "write/text/text.h"

#define SHOWN 10

struct writer {
	const struct ksa_report *report;
	struct strbuf buf, value;
	enum ksa_level level; /* at hand */
	size_t total, written; /* of that level */
};

static void writer_release(struct writer *w)
{
	strbuf_release(&w->buf);
	strbuf_release(&w->value);
}

/* Written by the runner's own rules (actions/toolkit, command.ts): data, and in_property more. */
static void add_value(struct writer *w, const char *s, bool in_property)
{
	for (; *s; s++) {
		bool special = *s == '%' || *s == '\r' || *s == '\n' ||
			       (in_property && (*s == ':' || *s == ','));

		if (special)
			strbuf_printf(&w->buf, "%%%02X", (unsigned char)*s);
		else
			strbuf_addc(&w->buf, *s);
	}
}

static void add_property(struct writer *w, const char *name, const char *value)
{
	strbuf_reset(&w->value);
	escape_text(&w->value, value);
	strbuf_adds(&w->buf, name);
	add_value(w, strbuf_string(&w->value), true);
}

static void begin(struct writer *w, const char *file, uint32_t line)
{
	static const char *const commands[] = {"::notice ", "::warning ", "::error "};
	const char *command = commands[w->level];

	if (w->total > SHOWN && w->written == SHOWN - 1)
		strbuf_printf(
			&w->buf,
			"%stitle=ksymaudit::%zu more of this level, in the log of this step\n",
			command, w->total - w->written);
	w->written++;
	strbuf_adds(&w->buf, command);
	if (!file)
		return;
	add_property(w, "file=", file);
	if (line)
		strbuf_printf(&w->buf, ",line=%u", line);
	strbuf_addc(&w->buf, ',');
}

static void end(struct writer *w)
{
	strbuf_adds(&w->buf, "::");
	add_value(w, strbuf_string(&w->value), false);
	strbuf_addc(&w->buf, '\n');
}

static void finding(struct writer *w, const struct ksa_finding *f)
{
	begin(w, finding_file(w->report, f), f->line);
	add_property(w, "title=", f->rule->id);
	if (f->symbol)
		add_property(w, " ", f->symbol);
	strbuf_reset(&w->value);
	finding_words(&w->value, w->report, f, true);
	if (f->fix && f->fix != f->rule->fix) {
		strbuf_adds(&w->value, "\nFix: ");
		escape_text(&w->value, f->fix);
	}
	end(w);
}

static void gap(struct writer *w, const struct ksa_unchecked *g)
{
	begin(w, unchecked_file(w->report, g), 0);
	strbuf_adds(&w->buf, "title=not checked");
	strbuf_reset(&w->value);
	unchecked_words(&w->value, w->report, g, true);
	end(w);
}

static void notice(struct writer *w, const char *text)
{
	begin(w, NULL, 0);
	strbuf_adds(&w->buf, "title=notice");
	strbuf_reset(&w->value);
	escape_text(&w->value, text);
	end(w);
}

static int write_level(struct writer *w, FILE *out, struct ksa_error *err)
{
	const struct ksa_report *r = w->report;
	int status = 0;

	w->written = 0;
	w->total = r->levels[w->level];
	if (w->level == KSA_LEVEL_ERROR)
		w->total += r->unchecked_count;
	if (w->level == KSA_LEVEL_NOTE)
		w->total += r->notice_count;
	for (size_t i = 0; i < r->finding_count && !status; i++) {
		if (r->findings[i].level != w->level || !finding_counts(&r->findings[i]))
			continue;
		finding(w, &r->findings[i]);
		status = out_piece(&w->buf, out, err);
	}
	for (size_t i = 0; i < r->unchecked_count && !status && w->level == KSA_LEVEL_ERROR; i++)
		gap(w, &r->unchecked[i]);
	for (size_t i = 0; i < r->notice_count && w->level == KSA_LEVEL_NOTE; i++)
		notice(w, r->notices[i]);
	return status;
}

int write_results_github(const struct ksa_report *r, FILE *out, struct ksa_error *err)
{
	_cleanup_(writer_release) struct writer w = {.report = r};
	int status = 0;

	for (int level = KSA_LEVEL_ERROR; level >= KSA_LEVEL_NOTE && !status; level--) {
		w.level = (enum ksa_level)level;
		status = write_level(&w, out, err);
	}
	if (!status && w.value.failed)
		status = ksa_fail_nomem(err);
	return out_end(status, &w.buf, out, err);
}
