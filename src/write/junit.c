// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * JUnit's XML, as Jenkins, GitLab and Surefire read it: a suite a kernel, a case a module. Readers
 * take one outcome of a case, so there is one: "error" where something could not be checked, else
 * "failure" if a finding fails the run, else "skipped" if one would, were it not waived or in the
 * baseline, or is predicted. The findings that do not decide that are in system-out.
 */
#include "write/results.h"

#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/escape.h"
#include "base/vec.h"
#include "write/out.h"
#include "write/text/result_words.h"
#include "write/text/text.h"

/* What a case is made of. */
enum entry_kind { ENTRY_RUN = 0, ENTRY_GAP, ENTRY_RESULT };

struct entry {
	uint32_t kernel, module; /* or NO_INDEX */
	const char *subject; /* of an entry without module: the symbol or file; never NULL */
	enum entry_kind kind;
	uint32_t index;
};

/* From the best to the worst. */
enum case_outcome { CASE_PASSED = 0, CASE_SKIPPED, CASE_FAILED, CASE_ERROR, CASE_OUTCOMES };

struct writer {
	const struct ksa_report *report;
	struct {
		struct entry *items;
		size_t count, capacity;
	} entries;
	struct strbuf buf, value;
};

static void writer_release(struct writer *w)
{
	free(w->entries.items);
	strbuf_release(&w->buf);
	strbuf_release(&w->value);
}

static int compare_entries(const void *a, const void *b)
{
	const struct entry *x = a, *y = b;
	int order;

	if (x->kernel != y->kernel)
		return x->kernel < y->kernel ? -1 : 1;
	if (x->module != y->module)
		return x->module < y->module ? -1 : 1;
	order = x->module == NO_INDEX ? strcmp(x->subject, y->subject) : 0;
	if (order)
		return order;
	if (x->kind != y->kind)
		return x->kind < y->kind ? -1 : 1;
	return x->index < y->index ? -1 : x->index > y->index;
}

static bool same_case(const struct entry *a, const struct entry *b)
{
	return a->kernel == b->kernel && a->module == b->module &&
	       (a->module != NO_INDEX || strcmp(a->subject, b->subject) == 0);
}

static int add_entry(struct writer *w, const struct entry *entry, struct ksa_error *err)
{
	if (VEC_PUSH_ROOM(&w->entries, err))
		return KSA_ENOMEM;
	w->entries.items[w->entries.count++] = *entry;
	return 0;
}

/* A case that passes: each module on each kernel, where that was asked, else the run itself. */
static int add_runs(struct writer *w, struct ksa_error *err)
{
	const struct ksa_report *r = w->report;
	const struct entry run = {NO_INDEX, NO_INDEX, r->command, ENTRY_RUN, 0};
	int status = 0;

	if (!r->verdicts)
		return add_entry(w, &run, err);
	for (uint32_t k = 0; k < r->kernel_count && !report_is_predicted(r, k); k++) {
		for (uint32_t m = 0; m < r->module_count && !status; m++) {
			const struct entry cell = {k, m, "", ENTRY_RUN, 0};

			status = add_entry(w, &cell, err);
		}
	}
	return status;
}

static int make_entries(struct writer *w, struct ksa_error *err)
{
	const struct ksa_report *r = w->report;
	int status = add_runs(w, err);

	for (uint32_t i = 0; i < r->unchecked_count && !status; i++) {
		const struct ksa_unchecked *g = &r->unchecked[i];
		const struct entry entry = {g->kernel, g->module, g->symbol ? g->symbol : "",
					    ENTRY_GAP, i};

		status = add_entry(w, &entry, err);
	}
	for (uint32_t i = 0; i < r->finding_count && !status; i++) {
		const struct ksa_finding *f = &r->findings[i];
		const char *subject = f->symbol ? f->symbol : f->path ? f->path : "";
		const struct entry entry = {f->kernel, f->module, subject, ENTRY_RESULT, i};

		status = add_entry(w, &entry, err);
	}
	if (!status && w->entries.count)
		qsort(w->entries.items, w->entries.count, sizeof(*w->entries.items),
		      compare_entries);
	return status;
}

static size_t case_end(const struct writer *w, size_t first)
{
	size_t end = first + 1;

	while (end < w->entries.count &&
	       same_case(&w->entries.items[first], &w->entries.items[end]))
		end++;
	return end;
}

static size_t suite_end(const struct writer *w, size_t first)
{
	size_t end = first + 1;

	while (end < w->entries.count &&
	       w->entries.items[end].kernel == w->entries.items[first].kernel)
		end++;
	return end;
}

/* What one entry alone would make of its case. */
static enum case_outcome entry_outcome(const struct writer *w, const struct entry *entry)
{
	const struct ksa_finding *f;

	if (entry->kind == ENTRY_GAP)
		return CASE_ERROR;
	if (entry->kind == ENTRY_RUN)
		return CASE_PASSED;
	f = &w->report->findings[entry->index];
	if ((int)f->level < w->report->fail_on)
		return report_is_predicted(w->report, f->kernel) ? CASE_SKIPPED : CASE_PASSED;
	return finding_counts(f) ? CASE_FAILED : CASE_SKIPPED;
}

static enum case_outcome case_outcome(const struct writer *w, size_t first, size_t end)
{
	enum case_outcome worst = CASE_PASSED;

	for (size_t i = first; i < end; i++) {
		enum case_outcome outcome = entry_outcome(w, &w->entries.items[i]);

		if (outcome > worst)
			worst = outcome;
	}
	return worst;
}

/* Escaped as for a terminal, so that there is no byte that XML has no form of: but for two. */
static void add_xml(struct writer *w, const char *s)
{
	static const char specials[] = "&<>\"'";
	static const char *const names[] = {"&amp;", "&lt;", "&gt;", "&quot;", "&apos;"};

	for (; *s; s++) {
		const char *special = strchr(specials, *s);

		if (special)
			strbuf_adds(&w->buf, names[special - specials]);
		else if (strncmp(s, "\xef\xbf\xbe", 3) == 0 || strncmp(s, "\xef\xbf\xbf", 3) == 0)
			/* U+FFFE and U+FFFF are no characters of XML 1.0. */
			strbuf_printf(&w->buf, "\\xef\\xbf\\x%02x", (unsigned char)*(s += 2));
		else
			strbuf_addc(&w->buf, *s);
	}
}

static void add_attribute(struct writer *w, const char *name, const char *value)
{
	strbuf_reset(&w->value);
	escape_text(&w->value, value);
	strbuf_printf(&w->buf, " %s=\"", name);
	add_xml(w, strbuf_string(&w->value));
	strbuf_addc(&w->buf, '"');
}

static void add_value(struct writer *w)
{
	add_xml(w, strbuf_string(&w->value));
}

static const char *kernel_name(const struct writer *w, uint32_t kernel)
{
	return kernel == NO_INDEX ? w->report->command : w->report->kernels[kernel]->label;
}

/* tests="4" failures="1" errors="0" skipped="0", of the cases in [first, end). */
static void add_counts(struct writer *w, size_t first, size_t end)
{
	size_t tests = 0, counts[CASE_OUTCOMES] = {0};

	for (size_t next; first < end; first = next) {
		next = case_end(w, first);
		counts[case_outcome(w, first, next)]++;
		tests++;
	}
	strbuf_printf(&w->buf, " tests=\"%zu\" failures=\"%zu\" errors=\"%zu\" skipped=\"%zu\"",
		      tests, counts[CASE_FAILED], counts[CASE_ERROR], counts[CASE_SKIPPED]);
}

static void gap_line(struct writer *w, const struct ksa_unchecked *gap)
{
	strbuf_adds(&w->buf, "unchecked ");
	strbuf_reset(&w->value);
	unchecked_words(&w->value, w->report, gap, false);
	add_value(w);
	strbuf_addc(&w->buf, '\n');
}

/* "error KSA001 follow_pte: MESSAGE", with how it is excused, or with_fix what to do about it,
 * below.
 */
static void result_line(struct writer *w, const struct ksa_finding *f, bool with_fix)
{
	strbuf_printf(&w->buf, "%s%s %s",
		      f->waived	 ? "waived "
		      : f->known ? "known "
				 : "",
		      ksa_level_name(f->level), f->rule->id);
	strbuf_reset(&w->value);
	if (f->symbol) {
		strbuf_addc(&w->value, ' ');
		escape_text(&w->value, f->symbol);
	}
	strbuf_adds(&w->value, ": ");
	finding_words(&w->value, w->report, f, false);
	if (!finding_counts(f)) {
		strbuf_adds(&w->value, "\n  ");
		finding_excuse_words(&w->value, f);
	} else if (with_fix) {
		strbuf_adds(&w->value, "\n  fix: ");
		escape_text(&w->value, f->fix);
	}
	strbuf_addc(&w->value, '\n');
	add_value(w);
}

/* One of the entries before end. The same fix of several that follow each other is behind the last.
 */
static void entry_line(struct writer *w, const struct entry *entry, const struct entry *end)
{
	const struct ksa_report *r = w->report;
	const struct ksa_finding *f, *next = NULL;

	if (entry->kind == ENTRY_GAP) {
		gap_line(w, &r->unchecked[entry->index]);
		return;
	}
	f = &r->findings[entry->index];
	if (entry + 1 < end && entry[1].kind == ENTRY_RESULT)
		next = &r->findings[entry[1].index];
	result_line(w, f,
		    !next || !finding_counts(next) || next->level != f->level ||
			    strcmp(next->fix, f->fix) != 0);
}

/* True if the entry is among what makes its case what it is. */
static bool decides(const struct writer *w, const struct entry *entry, enum case_outcome outcome)
{
	enum case_outcome own = entry_outcome(w, entry);

	return own != CASE_PASSED &&
	       (own == outcome || (own == CASE_FAILED && outcome == CASE_ERROR));
}

/* The entries of a case, [first, end), and what they make of it. */
struct test_case {
	const struct entry *first, *end;
	enum case_outcome outcome;
};

/* The rest of it. */
static void system_out(struct writer *w, const struct test_case *c)
{
	bool any = false;

	for (const struct entry *e = c->first; e < c->end; e++) {
		if (e->kind == ENTRY_RUN || decides(w, e, c->outcome))
			continue;
		strbuf_adds(&w->buf, any ? "" : "    <system-out>");
		any = true;
		entry_line(w, e, c->end);
	}
	strbuf_adds(&w->buf, any ? "</system-out>\n" : "");
}

/* The message: the first of what decides, and how many more. */
static void summary(struct writer *w, const struct test_case *c, struct strbuf *message)
{
	const struct entry *example = NULL;
	size_t more = 0;

	for (const struct entry *e = c->first; e < c->end; e++) {
		if (!decides(w, e, c->outcome))
			continue;
		more += example != NULL;
		example = example ? example : e;
	}
	if (!example)
		return;
	if (example->kind == ENTRY_GAP) {
		strbuf_adds(message, "not checked: ");
		unchecked_words(message, w->report, &w->report->unchecked[example->index], false);
	} else {
		const struct ksa_finding *f = &w->report->findings[example->index];

		strbuf_printf(message, "%s: ", f->rule->id);
		finding_words(message, w->report, f, false);
	}
	if (more)
		strbuf_printf(message, " (and %zu more)", more);
}

/* <failure message="..." type="findings">, a line and a fix each. */
static void outcome(struct writer *w, const struct test_case *c)
{
	static const char *const elements[] = {
		[CASE_SKIPPED] = "skipped", [CASE_FAILED] = "failure", [CASE_ERROR] = "error"};
	_cleanup_(strbuf_release) struct strbuf message = {NULL, 0, 0, false};

	if (c->outcome == CASE_PASSED)
		return;
	summary(w, c, &message);
	w->buf.failed |= message.failed;
	strbuf_printf(&w->buf, "    <%s message=\"", elements[c->outcome]);
	add_xml(w, strbuf_string(&message));
	strbuf_addc(&w->buf, '"');
	if (c->outcome != CASE_SKIPPED)
		strbuf_printf(&w->buf, " type=\"%s\"",
			      c->outcome == CASE_ERROR ? "unchecked" : "findings");
	strbuf_addc(&w->buf, '>');
	for (const struct entry *e = c->first; e < c->end; e++)
		if (decides(w, e, c->outcome))
			entry_line(w, e, c->end);
	strbuf_printf(&w->buf, "</%s>\n", elements[c->outcome]);
}

static void write_case(struct writer *w, const struct test_case *c)
{
	const struct ksa_report *r = w->report;
	const struct entry *e = c->first;
	const struct ksa_finding named = {.kernel = e->kernel, .module = e->module};

	strbuf_adds(&w->buf, "  <testcase");
	add_attribute(w, "name", e->module != NO_INDEX ? r->modules[e->module]->name : e->subject);
	add_attribute(w, "classname", kernel_name(w, e->kernel));
	if (e->module != NO_INDEX)
		add_attribute(w, "file", finding_file(r, &named));
	if (c->outcome == CASE_PASSED && c->end == c->first + 1 && e->kind == ENTRY_RUN) {
		strbuf_adds(&w->buf, "/>\n");
		return;
	}
	strbuf_adds(&w->buf, ">\n");
	outcome(w, c);
	system_out(w, c);
	strbuf_adds(&w->buf, "  </testcase>\n");
}

static void write_notices(struct writer *w)
{
	const struct ksa_report *r = w->report;

	if (r->notice_count)
		strbuf_adds(&w->buf, "  <system-out>");
	for (size_t i = 0; i < r->notice_count; i++) {
		strbuf_reset(&w->value);
		strbuf_adds(&w->value, "notice: ");
		escape_text(&w->value, r->notices[i]);
		strbuf_addc(&w->value, '\n');
		add_value(w);
	}
	if (r->notice_count)
		strbuf_adds(&w->buf, "</system-out>\n");
}

static int write_suite(struct writer *w, size_t first, size_t end, FILE *out, struct ksa_error *err)
{
	const struct entry *entries = w->entries.items;
	bool last = end == w->entries.count;
	int r = 0;

	strbuf_adds(&w->buf, "<testsuite");
	add_attribute(w, "name", kernel_name(w, entries[first].kernel));
	add_counts(w, first, end);
	strbuf_adds(&w->buf, ">\n");
	for (size_t next; first < end && !r; first = next) {
		struct test_case c = {entries + first, NULL, CASE_PASSED};

		next = case_end(w, first);
		c.end = entries + next;
		c.outcome = case_outcome(w, first, next);
		write_case(w, &c);
		r = out_piece(&w->buf, out, err);
	}
	if (last)
		write_notices(w);
	strbuf_adds(&w->buf, "</testsuite>\n");
	return r;
}

int write_results_junit(const struct ksa_report *report, FILE *out, struct ksa_error *err)
{
	_cleanup_(writer_release) struct writer w = {.report = report};
	int r = make_entries(&w, err);

	if (r)
		return r;
	strbuf_printf(
		&w.buf,
		"<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"ksymaudit %s\"",
		report->command);
	add_counts(&w, 0, w.entries.count);
	strbuf_adds(&w.buf, ">\n");
	for (size_t first = 0, end; first < w.entries.count && !r; first = end) {
		end = suite_end(&w, first);
		r = write_suite(&w, first, end, out, err);
	}
	strbuf_adds(&w.buf, "</testsuites>\n");
	if (!r && w.value.failed)
		r = ksa_fail_nomem(err);
	return out_end(r, &w.buf, out, err);
}
