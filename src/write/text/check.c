// SPDX-License-Identifier: GPL-2.0-or-later
#include "write/check.h"

#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/escape.h"
#include "base/strmap.h"
#include "write/out.h"
#include "write/rules.h"
#include "write/text/text.h"

#define COLOR_OFF	   "\033[0m"
#define MATRIX_ROWS	   20 /* more modules than that: only those that are not ok */
#define CRC_EXAMPLES	   3
#define UNCHECKED_EXAMPLES 5

struct writer {
	const struct ksa_report *report;
	const struct check_text_options *options;
	struct strbuf buf;
	struct strbuf scratch;
};

static const char *escaped(struct writer *w, const char *s)
{
	strbuf_reset(&w->scratch);
	escape_text(&w->scratch, s);
	return strbuf_string(&w->scratch);
}

static const char *verdict_color(enum ksa_verdict v)
{
	static const char *const colors[] = {
		[KSA_VERDICT_OK] = "\033[32m",	    [KSA_VERDICT_WARNING] = "\033[33m",
		[KSA_VERDICT_REBUILD] = "\033[33m", [KSA_VERDICT_BREAKS] = "\033[31m",
		[KSA_VERDICT_REFUSED] = "\033[31m", [KSA_VERDICT_FAILS] = "\033[31m",
		[KSA_VERDICT_UNKNOWN] = "\033[35m",
	};

	return colors[v];
}

/* One row: a name, then a cell a kernel. */
static void matrix_row(struct writer *w, size_t m, size_t name_width, const size_t *widths)
{
	const struct ksa_report *report = w->report;
	const char *name = escaped(w, report->modules[m]->name);

	strbuf_adds(&w->buf, name);
	strbuf_pad(&w->buf, name_width - strlen(name));
	for (size_t k = 0; k < report->kernel_count; k++) {
		enum ksa_verdict v = ksa_report_verdict(report, m, k);
		const char *word = ksa_verdict_name(v), *beside = report_rebuild_word(report, m, k);
		size_t length = strlen(word) + (beside ? strlen(beside) + 3 : 0);

		strbuf_adds(&w->buf, "  ");
		if (w->options->color)
			strbuf_adds(&w->buf, verdict_color(v));
		strbuf_adds(&w->buf, word);
		if (w->options->color)
			strbuf_adds(&w->buf, COLOR_OFF);
		if (beside)
			strbuf_printf(&w->buf, " (%s)", beside);
		if (k + 1 < report->kernel_count)
			strbuf_pad(&w->buf, widths[k] > length ? widths[k] - length : 0);
	}
	strbuf_addc(&w->buf, '\n');
}

static bool row_is_shown(const struct writer *w, size_t m)
{
	return w->options->verbose || w->report->module_count <= MATRIX_ROWS ||
	       report_worst(w->report, m, w->report->kernel_count) != KSA_VERDICT_OK;
}

/* The kernels' labels, of which a predicted one's stands in parentheses. Sets widths. */
static void matrix_head(struct writer *w, size_t name_width, size_t *widths)
{
	const struct ksa_report *report = w->report;

	strbuf_adds(&w->buf, "MODULE");
	strbuf_pad(&w->buf, name_width - strlen("MODULE"));
	for (size_t k = 0; k < report->kernel_count; k++) {
		const char *label = escaped(w, report->kernels[k]->label);
		bool predicted = report_is_predicted(report, (uint32_t)k);
		size_t length = strlen(label) + (predicted ? 2 : 0);

		size_t room = strlen(report_has_rebuild_words(report, k) ? "rebuild (unknown)"
									 : "unknown");

		widths[k] = length > room ? length : room;
		strbuf_printf(&w->buf, predicted ? "  (%s)" : "  %s", label);
		if (k + 1 < report->kernel_count)
			strbuf_pad(&w->buf, widths[k] - length);
	}
	strbuf_addc(&w->buf, '\n');
}

/* What ok does not say of a rebuild. */
static void names_only(struct writer *w)
{
	if (report_has_names_only(w->report))
		strbuf_adds(&w->buf, "(ok of a rebuild: names were looked at, not types and calls; "
				     "--source DIR looks at these)\n");
}

static int matrix(struct writer *w, struct ksa_error *err)
{
	const struct ksa_report *report = w->report;
	_cleanup_free_ size_t *widths = calloc(report->kernel_count + 1, sizeof(*widths));
	size_t name_width = strlen("MODULE"), hidden = 0, shown;

	if (!widths)
		return ksa_fail_nomem(err);
	for (size_t m = 0; m < report->module_count; m++) {
		size_t length = strlen(escaped(w, report->modules[m]->name));

		if (!row_is_shown(w, m))
			hidden++;
		else if (length > name_width)
			name_width = length;
	}
	shown = report->module_count - hidden;
	if (shown)
		matrix_head(w, name_width, widths);
	for (size_t m = 0; m < report->module_count; m++)
		if (row_is_shown(w, m))
			matrix_row(w, m, name_width, widths);
	if (hidden)
		strbuf_printf(&w->buf, "%s%zu module%s ok on every kernel\n", shown ? "and " : "",
			      hidden, hidden == 1 ? "" : "s");
	names_only(w);
	for (size_t k = 0; k < report->kernel_count && shown; k++) {
		if (!report_is_predicted(report, (uint32_t)k) &&
		    !report_has_rebuild_words(report, k))
			continue;
		strbuf_adds(&w->buf,
			    "(in parentheses: predicted for a rebuild; counts for nothing)\n");
		break;
	}
	return 0;
}

/* " [debian-6.1, debian-7.2]", or nothing when it is all kernels or the only one. */
static void add_kernels(struct writer *w, const bool *on)
{
	const struct ksa_report *report = w->report;
	size_t count = 0;

	for (size_t k = 0; k < report->kernel_count; k++)
		count += on[k];
	if (count == report->kernel_count)
		return;
	strbuf_adds(&w->buf, " [");
	for (size_t k = 0; k < report->kernel_count; k++) {
		if (!on[k])
			continue;
		strbuf_adds(&w->buf, escaped(w, report->kernels[k]->label));
		strbuf_adds(&w->buf, --count ? ", " : "]");
	}
}

/* The findings of one module and rule: [first, end). */
struct group {
	size_t first, end;
	bool waived, known, predicted;
	const struct ksa_rule *rule;
	unsigned int at; /* of all of them together */
};

static const char *at_text(unsigned int at)
{
	if (at == (KSA_AT_BUILD | KSA_AT_LOAD))
		return "at: build, load";
	if (at == KSA_AT_BUILD)
		return "at: build";
	return at == KSA_AT_LOAD ? "at: load" : "";
}

/* Where a finding is: what pending changes leave as it is, is there with them too. */
static void set_kernels(const struct writer *w, const struct ksa_finding *f, bool *on)
{
	on[f->kernel] = true;
	if (f->stays)
		on[w->report->kernel_count - 1] = true;
}

/* One line a symbol: findings that differ only in the kernel are one. */
static void symbol_lines(struct writer *w, const struct group *g, bool *on)
{
	const struct ksa_finding *findings = w->report->findings;

	for (size_t i = g->first, end; i < g->end; i = end) {
		const struct ksa_finding *f = &findings[i];

		memset(on, 0, w->report->kernel_count * sizeof(*on));
		for (end = i;
		     end < g->end && text_is_same(findings[end].symbol, f->symbol) &&
		     text_is_same(findings[end].message, f->message) &&
		     text_is_same(findings[end].evidence, f->evidence) && findings[end].at == f->at;
		     end++)
			set_kernels(w, &findings[end], on);
		strbuf_adds(&w->buf, "    ");
		strbuf_adds(&w->buf, escaped(w, f->message));
		if (f->evidence) {
			strbuf_adds(&w->buf, " (");
			strbuf_adds(&w->buf, escaped(w, f->evidence));
			strbuf_addc(&w->buf, ')');
		}
		if (f->at != g->at)
			strbuf_printf(&w->buf, " (%s)", at_text(f->at));
		add_kernels(w, on);
		strbuf_addc(&w->buf, '\n');
	}
}

/* The fixes that are of this case and not the rule's, each once, behind the group's lines. */
static void fix_lines(struct writer *w, const struct group *g)
{
	struct strmap seen = {NULL, 0, 0};

	for (size_t i = g->first; i < g->end; i++) {
		const struct ksa_finding *f = &w->report->findings[i];
		uint32_t value = 0;
		int added = f->fix == f->rule->fix ? 0 : strmap_add(&seen, f->fix, &value, NULL);

		if (added < 0)
			w->buf.failed = true;
		if (added > 0)
			strbuf_printf(&w->buf, "      fix: %s\n", escaped(w, f->fix));
	}
	strmap_release(&seen);
}

/* By whom and why a group is waived, each waiver once. */
static void waiver_lines(struct writer *w, const struct group *g)
{
	const struct waiver *before = NULL;

	for (size_t i = g->first; i < g->end && g->waived; i++) {
		const struct waiver *waiver = w->report->findings[i].waived;

		if (waiver == before)
			continue;
		before = waiver;
		strbuf_printf(&w->buf, "      waived until %s by %s", waiver->expires,
			      escaped(w, waiver->by));
		strbuf_printf(&w->buf, " (%s:%u)\n", escaped(w, waiver->file), waiver->line);
		wrap_prose(&w->buf, "        ", waiver->reason);
	}
}

/* CRC rows say one thing: built against another kernel. One line, with the first few. */
static void crc_line(struct writer *w, const struct group *g, bool *on)
{
	const struct ksa_finding *findings = w->report->findings;

	for (size_t k = 0; k < w->report->kernel_count; k++) {
		size_t count = 0;

		for (size_t i = g->first; i < g->end; i++) {
			if (findings[i].kernel != k)
				continue;
			if (count++ >= CRC_EXAMPLES)
				continue;
			strbuf_adds(&w->buf, count == 1 ? "    " : "; ");
			strbuf_adds(&w->buf, escaped(w, findings[i].symbol));
			strbuf_printf(&w->buf, " (%s)", escaped(w, findings[i].evidence));
		}
		if (!count)
			continue;
		if (count > CRC_EXAMPLES)
			strbuf_printf(&w->buf, "; and %zu more (-v)", count - CRC_EXAMPLES);
		memset(on, 0, w->report->kernel_count * sizeof(*on));
		on[k] = true;
		add_kernels(w, on);
		strbuf_addc(&w->buf, '\n');
	}
}

static void group_text(struct writer *w, const struct group *g, bool *on)
{
	const struct ksa_finding *f = &w->report->findings[g->first];
	const char *color = f->level == KSA_LEVEL_ERROR	    ? "\033[31m"
			    : f->level == KSA_LEVEL_WARNING ? "\033[33m"
							    : "\033[36m";
	size_t symbols = 1;

	for (size_t i = g->first + 1; i < g->end; i++)
		symbols += !text_is_same(w->report->findings[i].symbol,
					 w->report->findings[i - 1].symbol);
	strbuf_printf(&w->buf, "  %s%s%s%s %s: %s",
		      g->waived	 ? "waived "
		      : g->known ? "known "
				 : "",
		      w->options->color ? color : "",
		      g->predicted ? "predicted" : ksa_level_name(f->level),
		      w->options->color ? COLOR_OFF : "", g->rule->id, escaped(w, g->rule->title));
	strbuf_printf(&w->buf, " (%zu%s%s)\n", symbols, g->at ? "; " : "", at_text(g->at));
	if (w->options->explain) {
		wrap_prose(&w->buf, "      why: ", g->rule->why);
		wrap_prose(&w->buf, "      fix: ", g->rule->fix);
	}
	if (g->rule->effect.change == CHANGE_CRC && !w->options->verbose)
		crc_line(w, g, on);
	else
		symbol_lines(w, g, on);
	fix_lines(w, g);
	waiver_lines(w, g);
}

/* The symbols of one module, kernel and text: [first, end). One line with the first few. */
static void unchecked_group(struct writer *w, size_t first, size_t end, bool *on)
{
	const struct ksa_unchecked *items = w->report->unchecked;
	size_t count = end - first, shown = w->options->verbose ? 1 : UNCHECKED_EXAMPLES;

	memset(on, 0, w->report->kernel_count * sizeof(*on));
	on[items[first].kernel] = true;
	for (size_t i = first; i < end; i += shown) {
		strbuf_adds(&w->buf, "    ");
		for (size_t k = i; k < end && k < i + shown; k++) {
			strbuf_adds(&w->buf, k > i ? ", " : "");
			strbuf_adds(&w->buf, items[k].symbol ? escaped(w, items[k].symbol) : "");
		}
		if (!w->options->verbose && count > shown)
			strbuf_printf(&w->buf, " and %zu more (-v)", count - shown);
		strbuf_adds(&w->buf, items[i].symbol ? ": " : "");
		strbuf_adds(&w->buf, escaped(w, items[i].text));
		add_kernels(w, on);
		strbuf_addc(&w->buf, '\n');
		if (!w->options->verbose)
			break;
	}
}

/* The same for one module: its part of the list is contiguous. */
static void unchecked_lines(struct writer *w, size_t first, size_t end, bool *on)
{
	const struct ksa_unchecked *items = w->report->unchecked;

	if (first < end)
		strbuf_adds(&w->buf, "  not checked: the kernel's sources cannot tell\n");
	for (size_t i = first, next; i < end; i = next) {
		for (next = i + 1; next < end && items[next].kernel == items[i].kernel &&
				   text_is_same(items[next].text, items[i].text);
		     next++)
			;
		unchecked_group(w, i, next, on);
	}
}

static void module_head(struct writer *w, size_t m)
{
	const struct ksa_module *module = w->report->modules[m];

	strbuf_printf(&w->buf, "\n%s (license", escaped(w, module->path));
	if (!module->licenses.count)
		strbuf_adds(&w->buf, ": none");
	for (size_t i = 0; i < module->licenses.count; i++)
		strbuf_printf(&w->buf, "%s '%s'", i ? "," : "",
			      escaped(w, module->licenses.items[i]));
	if (w->report->assumed_license)
		strbuf_printf(&w->buf, "; judged as '%s'", escaped(w, w->report->assumed_license));
	strbuf_adds(&w->buf, ")\n");
}

/* Where the parts of one module start in a list: those of module m are [at[m], at[m + 1]). */
struct index {
	size_t *findings, *unchecked;
};

/* What does not count, and what a leading notice has said of all modules, only -v shows. */
static bool is_shown(const struct writer *w, const struct ksa_finding *f)
{
	return w->options->verbose || (finding_counts(f) && !f->is_led);
}

static void names_line(struct writer *w, const struct rebuild_names *names, const char *what,
		       const char *label)
{
	if (!names->count)
		return;
	text_count(&w->buf, "  ", names->count, "name");
	strbuf_printf(&w->buf, " that %s", what);
	strbuf_adds(&w->buf, label ? escaped(w, label) : "");
	for (size_t i = 0; i < names->count && w->options->verbose; i++)
		strbuf_printf(&w->buf, "%s%s", i ? ", " : ": ", escaped(w, names->items[i]));
	strbuf_adds(&w->buf, w->options->verbose ? "\n" : " (-v)\n");
}

/* True if what a rebuild does without is told: -v tells it where rebuilds were not asked for. */
static bool tells_rebuilds(const struct writer *w)
{
	return w->report->rebuild || w->options->verbose;
}

/* What a rebuild does without, folded to a line a kernel. */
static void brought_lines(struct writer *w, size_t m)
{
	const struct ksa_report *report = w->report;

	for (size_t k = 0; k < report->kernel_count && tells_rebuilds(w); k++) {
		const struct ksa_rebuild *b = &report->rebuilds[m * report->kernel_count + k];

		names_line(w, &b->brought, "headers bring: rebuilt by the headers of ",
			   report->kernels[k]->label);
		names_line(w, &b->left_out, "conditions of the source leave out on ",
			   report->kernels[k]->label);
	}
}

static void module_text(struct writer *w, size_t m, const struct index *at, bool *on)
{
	size_t first = at->findings[m], end = at->findings[m + 1];

	module_head(w, m);
	while (first < end) {
		const struct ksa_finding *f = &w->report->findings[first];
		struct group g = {.first = first,
				  .rule = f->rule,
				  .waived = f->waived != NULL,
				  .known = f->known,
				  .predicted = report_is_predicted(w->report, f->kernel)};

		if (!is_shown(w, f)) {
			first++;
			continue;
		}
		for (g.end = first;
		     g.end < end && w->report->findings[g.end].rule == g.rule &&
		     w->report->findings[g.end].level == f->level &&
		     w->report->findings[g.end].known == g.known &&
		     report_is_predicted(w->report, w->report->findings[g.end].kernel) ==
			     g.predicted &&
		     (w->report->findings[g.end].waived != NULL) == g.waived;
		     g.end++)
			g.at |= w->report->findings[g.end].at;
		group_text(w, &g, on);
		first = g.end;
	}
	unchecked_lines(w, at->unchecked[m], at->unchecked[m + 1], on);
	brought_lines(w, m);
}

/* Both lists are sorted by module: count, then sum up. */
static void make_index(const struct ksa_report *report, const struct index *at)
{
	for (size_t i = 0; i < report->finding_count; i++)
		at->findings[report->findings[i].module + 1]++;
	for (size_t i = 0; i < report->unchecked_count; i++)
		at->unchecked[report->unchecked[i].module + 1]++;
	for (size_t m = 0; m < report->module_count; m++) {
		at->findings[m + 1] += at->findings[m];
		at->unchecked[m + 1] += at->unchecked[m];
	}
}

static bool has_brought(const struct writer *w, size_t m)
{
	const struct ksa_report *report = w->report;

	for (size_t k = 0; k < report->kernel_count && tells_rebuilds(w); k++) {
		const struct ksa_rebuild *b = &report->rebuilds[m * report->kernel_count + k];

		if (b->brought.count || b->left_out.count)
			return true;
	}
	return false;
}

static bool has_details(const struct writer *w, size_t m, const struct index *at)
{
	for (size_t i = at->findings[m]; i < at->findings[m + 1]; i++)
		if (is_shown(w, &w->report->findings[i]))
			return true;
	return at->unchecked[m] < at->unchecked[m + 1] || has_brought(w, m);
}

static int details(struct writer *w, FILE *out, struct ksa_error *err)
{
	const struct ksa_report *report = w->report;
	_cleanup_free_ bool *on = calloc(report->kernel_count + 1, sizeof(*on));
	_cleanup_free_ size_t *findings = calloc(report->module_count + 2, sizeof(*findings));
	_cleanup_free_ size_t *unchecked = calloc(report->module_count + 2, sizeof(*unchecked));
	const struct index at = {findings, unchecked};
	int r = 0;

	if (!on || !findings || !unchecked)
		return ksa_fail_nomem(err);
	make_index(report, &at);
	for (int v = KSA_VERDICT_UNKNOWN; v >= KSA_VERDICT_OK && !r; v--) {
		for (size_t m = 0; m < report->module_count && !r; m++) {
			if ((int)report_worst(report, m, report->kernel_count) != v ||
			    !has_details(w, m, &at))
				continue;
			module_text(w, m, &at, on);
			r = out_piece(&w->buf, out, err);
		}
	}
	return r;
}

static void notices(struct writer *w)
{
	for (size_t i = w->report->lead_count; i < w->report->notice_count; i++)
		strbuf_printf(&w->buf, "\nnotice: %s", escaped(w, w->report->notices[i]));
	if (w->buf.length && w->buf.data[w->buf.length - 1] != '\n')
		strbuf_addc(&w->buf, '\n');
}

static void last_line(struct writer *w)
{
	const struct ksa_report *report = w->report;

	text_count(&w->buf, "\n", report->module_count, "module");
	text_count(&w->buf, ", ", report->kernel_count - report->predicted, "kernel");
	if (report->predicted)
		strbuf_printf(&w->buf, " (and %zu predicted)", report->predicted);
	text_count(&w->buf, ", ", report->reference_count, "reference");
	if (report->conditions)
		strbuf_printf(&w->buf, ", %s", escaped(w, report->conditions));
	strbuf_adds(&w->buf, ": ");
	if (report->finding_count == report->waived + report->known)
		strbuf_adds(&w->buf, report->known ? "no new findings" : "no findings");
	else {
		text_count(&w->buf, "", report->levels[KSA_LEVEL_ERROR], "error");
		text_count(&w->buf, ", ", report->levels[KSA_LEVEL_WARNING], "warning");
		text_count(&w->buf, ", ", report->levels[KSA_LEVEL_NOTE], "note");
	}
	if (report->waived) {
		strbuf_adds(&w->buf, "; ");
		text_number(&w->buf, report->waived);
		strbuf_printf(&w->buf, " waived%s", w->options->verbose ? "" : " (-v)");
	}
	if (report->known) {
		strbuf_adds(&w->buf, "; ");
		text_number(&w->buf, report->known);
		strbuf_printf(&w->buf, " in the baseline%s", w->options->verbose ? "" : " (-v)");
	}
	if (report->unchecked_count) {
		strbuf_adds(&w->buf, "; ");
		text_number(&w->buf, report->unchecked_count);
		strbuf_adds(&w->buf, " not checked");
	}
	strbuf_addc(&w->buf, '\n');
}

int write_check_text(const struct ksa_report *report, const struct check_text_options *options,
		     FILE *out, struct ksa_error *err)
{
	struct writer w = {.report = report, .options = options};
	int r;

	for (size_t i = 0; i < report->lead_count; i++)
		strbuf_printf(&w.buf, "%s\n\n", escaped(&w, report->notices[i]));
	r = matrix(&w, err);
	if (!r && !options->quiet)
		r = details(&w, out, err);
	if (!r && (!options->quiet || options->strict))
		notices(&w);
	if (!r) {
		last_line(&w);
		r = out_flush(&w.buf, out, err);
	}
	strbuf_release(&w.buf);
	strbuf_release(&w.scratch);
	return r;
}
