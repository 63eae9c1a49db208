// SPDX-License-Identifier: GPL-2.0-or-later
#include "audit/results/results.h"

#include "base/cleanup.h"
#include "base/strbuf.h"
#include "model/shipped.h"

/* The rule under which a changed symbol is told; RULE_NONE: it takes nothing from anybody, and does
 * not fail the run. */
static enum rule_id rule_of(const struct diff_view *view, const struct diff_row *row)
{
	switch ((enum diff_severity)row->severity) {
	case SEVERITY_REMOVED:
		return RULE_EXPORT_GONE;
	case SEVERITY_CLASS:
		return RULE_EXPORT_RESTRICTED;
	case SEVERITY_RESERVED:
	case SEVERITY_NAMESPACE:
		return RULE_EXPORT_NAMESPACED;
	case SEVERITY_PROTOTYPE:
		return RULE_PROTOTYPE_CHANGED;
	case SEVERITY_EASED:
		return RULE_EXPORT_RELAXED;
	case SEVERITY_SAME:
	case SEVERITY_ADDED:
	case SEVERITY_CRC:
	case SEVERITY_OWNER:
	case SEVERITY_COUNT:
		break;
	}
	return diff_view_is_gated(view, row) ? RULE_EXPORT_CHANGED : RULE_NONE;
}

static void add_value(const struct diff_row *row, enum diff_axis axis, enum diff_side side,
		      struct strbuf *buf)
{
	_cleanup_(strbuf_release) struct strbuf value = {NULL, 0, 0, false};

	diff_value(row, axis, side, &value);
	strbuf_printf(buf, value.length ? "'%s'" : "none", strbuf_string(&value));
}

/* The owner and the CRC are told where they fail the run. */
static void change_words(const struct diff_view *view, const struct diff_row *row,
			 struct strbuf *buf)
{
	static const enum diff_axis axes[] = {AXIS_CLASS, AXIS_NAMESPACE, AXIS_PROTOTYPE,
					      AXIS_OWNER, AXIS_CRC};
	const unsigned int told = AXIS_MARK(AXIS_CLASS) | AXIS_MARK(AXIS_NAMESPACE) |
				  AXIS_MARK(AXIS_PROTOTYPE) | view->gate;
	bool removed = row->marks & AXIS_MARK(AXIS_REMOVED), first = true;

	if (removed || (row->marks & AXIS_MARK(AXIS_ADDED))) {
		diff_value(row, AXIS_CLASS, removed ? DIFF_OLD : DIFF_NEW, buf);
		strbuf_printf(buf, " export '%s' is %s", row->name, removed ? "gone" : "new");
		if (row->lost == LOST_BEHIND_HEADERS) {
			strbuf_adds(buf, ", ");
			diff_lost_text(row, ": a rebuild does without it", buf);
		}
		return;
	}
	strbuf_printf(buf, "export '%s':", row->name);
	for (size_t i = 0; i < sizeof(axes) / sizeof(*axes); i++) {
		if (!(row->marks & told & AXIS_MARK(axes[i])))
			continue;
		strbuf_printf(buf, "%s %s ", first ? "" : ",", diff_axis_name(axes[i]));
		add_value(row, axes[i], DIFF_OLD, buf);
		strbuf_adds(buf, " -> ");
		add_value(row, axes[i], DIFF_NEW, buf);
		first = false;
	}
}

static void successor_words(const struct diff *diff, const struct diff_row *row, struct strbuf *buf)
{
	for (uint32_t i = 0; i < row->successor_count && i < 3; i++) {
		const struct diff_row *to = &diff->rows[row->successors[i].row];

		strbuf_printf(buf, "%s%s (", i ? "; " : "likely successor: ", to->name);
		diff_value(to, AXIS_CLASS, DIFF_NEW, buf);
		strbuf_adds(buf, "): ");
		diff_evidence_text(&row->successors[i], buf);
	}
}

/*
 * What fails the run is an error, whatever its rule says, and nothing else is: the formats for
 * other tools agree with the exit status.
 */
static enum ksa_level level_of(const struct diff_view *view, const struct diff_row *row,
			       const struct ksa_rule *rule)
{
	if (diff_view_is_gated(view, row))
		return KSA_LEVEL_ERROR;
	if (row->severity == SEVERITY_EASED)
		return KSA_LEVEL_NOTE;
	return view->gate && rule->level > KSA_LEVEL_WARNING ? KSA_LEVEL_WARNING : rule->level;
}

static int add_change(struct ksa_report *r, const struct diff_view *view,
		      const struct diff_row *row, uint32_t kernel, struct ksa_error *err)
{
	_cleanup_(strbuf_release) struct strbuf words = {NULL, 0, 0, false};
	_cleanup_(strbuf_release) struct strbuf likely = {NULL, 0, 0, false};
	const enum rule_id which = row->rust ? RULE_NONE : rule_of(view, row);
	const struct ksa_rule *rule = which == RULE_NONE ? NULL : rules_get(r->rules, which);
	struct ksa_finding f = {
		.rule = rule, .kernel = kernel, .module = NO_INDEX, .symbol = row->name};

	if (!rule || rule->off)
		return 0;
	f.level = level_of(view, row, rule);
	f.fix = rule->fix;
	change_words(view, row, &words);
	successor_words(view->diff, row, &likely);
	if (likely.length)
		f.evidence = report_text(r, "%s", strbuf_string(&likely));
	if (words.failed || likely.failed)
		return ksa_fail_nomem(err);
	return report_add_finding(r, &f, err, "%s", strbuf_string(&words));
}

/* Of the check of the modules what is about the new kernel of the step. */
static int add_findings(struct ksa_report *r, const struct ksa_report *report, uint32_t kernel,
			struct ksa_error *err)
{
	int status = 0;

	for (size_t i = 0; report && i < report->finding_count && !status; i++) {
		struct ksa_finding f = report->findings[i];

		if (f.kernel != DIFF_NEW)
			continue;
		f.kernel = kernel;
		status = report_add_finding(r, &f, err, "%s", f.message);
	}
	for (size_t i = 0; report && i < report->unchecked_count && !status; i++) {
		struct ksa_unchecked u = report->unchecked[i];

		if (u.kernel != DIFF_NEW)
			continue;
		u.kernel = kernel;
		status = report_add_unchecked(r, &u, err);
	}
	return status;
}

static int add_verdicts(struct ksa_report *r, const struct diff_view *views, size_t count,
			struct ksa_error *err)
{
	r->verdicts = arena_calloc(&r->arena, r->module_count, r->kernel_count);
	if (!r->verdicts)
		return ksa_fail_nomem(err);
	for (size_t m = 0; m < r->module_count; m++) {
		uint8_t *row = &r->verdicts[m * r->kernel_count];

		row[0] = (uint8_t)views[0].diff->modules[m].verdict[DIFF_OLD];
		for (size_t i = 0; i < count; i++)
			row[i + 1] = (uint8_t)views[i].diff->modules[m].verdict[DIFF_NEW];
	}
	return 0;
}

static int add_step(struct ksa_report *r, const struct diff_view *view, uint32_t kernel,
		    struct ksa_error *err)
{
	const struct diff *diff = view->diff;
	int status = add_findings(r, diff->report, kernel, err);

	for (size_t i = 0; i < view->count && !status; i++)
		status = add_change(r, view, &diff->rows[view->rows[i]], kernel, err);
	for (size_t i = 0; i < diff->gap_count && !status; i++)
		status = report_add_notice(
			r, err, "%s to %s: %s: %s", diff->kernels[DIFF_OLD]->label,
			diff->kernels[DIFF_NEW]->label,
			diff->gaps[i].axis < AXIS_COUNT ? diff_axis_name(diff->gaps[i].axis)
							: "all",
			diff->gaps[i].text);
	return status;
}

int results_of_diff(const struct diff_view *views, size_t count, const struct ksa_rules *rules,
		    struct ksa_report *r, struct ksa_error *err)
{
	const struct diff *first = views[0].diff;
	int status = 0;

	r->command = "diff";
	r->rules = rules;
	r->fail_on = first->module_count || views[0].gate ? KSA_LEVEL_ERROR : KSA_LEVEL_ERROR + 1;
	r->kernels = arena_calloc(&r->arena, count + 1, sizeof(*r->kernels));
	if (!r->kernels)
		return ksa_fail_nomem(err);
	r->kernels[r->kernel_count++] = first->kernels[DIFF_OLD];
	for (size_t i = 0; i < count; i++)
		r->kernels[r->kernel_count++] = views[i].diff->kernels[DIFF_NEW];
	if (first->report) {
		r->modules = first->report->modules;
		r->module_count = first->report->module_count;
		status = add_verdicts(r, views, count, err);
	}
	for (size_t i = 0; i < count && !status; i++)
		status = add_step(r, &views[i], (uint32_t)i + 1, err);
	for (size_t k = 0; k < r->kernel_count && !status; k++)
		status = report_add_kernel_notices(r, r->kernels[k], err);
	report_count(r);
	return status;
}
