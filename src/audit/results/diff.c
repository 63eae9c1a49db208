// SPDX-License-Identifier: GPL-2.0-or-later
#include "audit/results/results.h"

#include "base/cleanup.h"
#include "base/strbuf.h"
#include "model/shipped.h"

/* The part of a row's changes that is told under one rule. */
struct change {
	enum rule_id rule;
	unsigned int axes; /* mask of AXIS_MARK */
};

#define CHANGES_MAX 6 /* of a row */

/* One more, if there is anything of these axes. */
static void take(struct change *list, size_t *count, enum rule_id rule, unsigned int axes)
{
	if (axes)
		list[(*count)++] = (struct change){rule, axes};
}

/*
 * What is told of a row, each rule once: whoever accepts one change has not accepted the others.
 * What takes nothing from anybody is told only where it fails the run. Returns how many there are.
 */
static size_t changes_of(const struct diff_view *view, const struct diff_row *row,
			 struct change list[CHANGES_MAX])
{
	const unsigned int changed = row->rust ? 0 : row->marks & ~row->tolerated;
	const unsigned int eased = changed & diff_eased(row), taken = changed & ~eased;
	const unsigned int others =
		AXIS_MARK(AXIS_OWNER) | AXIS_MARK(AXIS_CRC) | AXIS_MARK(AXIS_ADDED);
	size_t count = 0;

	take(list, &count, RULE_EXPORT_GONE, taken & AXIS_MARK(AXIS_REMOVED));
	take(list, &count, RULE_EXPORT_RESTRICTED, taken & AXIS_MARK(AXIS_CLASS));
	take(list, &count, RULE_EXPORT_NAMESPACED, taken & AXIS_MARK(AXIS_NAMESPACE));
	take(list, &count, RULE_PROTOTYPE_CHANGED, taken & AXIS_MARK(AXIS_PROTOTYPE));
	take(list, &count, RULE_EXPORT_RELAXED, eased);
	take(list, &count, RULE_EXPORT_CHANGED, diff_view_gated(view, row) & others);
	return count;
}

static void add_value(const struct diff_row *row, enum diff_axis axis, enum diff_side side,
		      struct strbuf *buf)
{
	_cleanup_(strbuf_release) struct strbuf value = {NULL, 0, 0, false};

	diff_value(row, axis, side, &value);
	strbuf_printf(buf, value.length ? "'%s'" : "none", strbuf_string(&value));
}

static void change_words(const struct diff_row *row, unsigned int told, struct strbuf *buf)
{
	static const enum diff_axis axes[] = {AXIS_CLASS, AXIS_NAMESPACE, AXIS_PROTOTYPE,
					      AXIS_OWNER, AXIS_CRC};
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
		if (!(told & AXIS_MARK(axes[i])))
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
			       const struct change *change, const struct ksa_rule *rule)
{
	if (diff_view_gated(view, row) & change->axes)
		return KSA_LEVEL_ERROR;
	if (change->rule == RULE_EXPORT_RELAXED)
		return KSA_LEVEL_NOTE;
	return view->gate && rule->level > KSA_LEVEL_WARNING ? KSA_LEVEL_WARNING : rule->level;
}

static int add_change(struct ksa_report *r, const struct diff_view *view,
		      const struct diff_row *row, const struct change *change,
		      struct ksa_finding *f, struct ksa_error *err)
{
	_cleanup_(strbuf_release) struct strbuf words = {NULL, 0, 0, false};
	_cleanup_(strbuf_release) struct strbuf likely = {NULL, 0, 0, false};

	f->rule = rules_get(r->rules, change->rule);
	if (f->rule->off)
		return 0;
	f->level = level_of(view, row, change, f->rule);
	f->fix = f->rule->fix;
	change_words(row, change->axes, &words);
	successor_words(view->diff, row, &likely);
	if (likely.length)
		f->evidence = report_text(r, "%s", strbuf_string(&likely));
	if (words.failed || likely.failed)
		return ksa_fail_nomem(err);
	return report_add_finding(r, f, err, "%s", strbuf_string(&words));
}

static int add_row(struct ksa_report *r, const struct diff_view *view, const struct diff_row *row,
		   uint32_t kernel, struct ksa_error *err)
{
	struct change changes[CHANGES_MAX];
	size_t count = changes_of(view, row, changes);
	int status = 0;

	for (size_t i = 0; i < count && !status; i++) {
		struct ksa_finding f = {.kernel = kernel, .module = NO_INDEX, .symbol = row->name};

		status = add_change(r, view, row, &changes[i], &f, err);
	}
	return status;
}

/* Of the check of the modules what is about the new kernel of the step. */
static int add_findings(struct ksa_report *r, const struct ksa_report *report, uint32_t kernel,
			struct ksa_error *err)
{
	int status = 0;

	for (size_t i = 0; report && i < report->finding_count && !status; i++) {
		struct ksa_finding f = report->findings[i];

		/* results_settle_diff() says itself what has expired. */
		if (f.kernel != DIFF_NEW || f.rule == rules_get(r->rules, RULE_WAIVER_EXPIRED))
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
		status = add_row(r, view, &diff->rows[view->rows[i]], kernel, err);
	for (size_t i = 0; i < diff->gap_count && !status; i++)
		status = report_add_notice(
			r, err, "%s to %s: %s: %s", diff->kernels[DIFF_OLD]->label,
			diff->kernels[DIFF_NEW]->label,
			diff->gaps[i].axis < AXIS_COUNT ? diff_axis_name(diff->gaps[i].axis)
							: "all",
			diff->gaps[i].text);
	for (size_t i = 0; i < diff->remark_count && !status; i++) {
		status = report_add_notice(r, err, "%s", diff->remarks[i]);
		r->remark_count++;
	}
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

/* The changes that the finding tells do not count: the row shows who says so. */
static int let_pass(const struct ksa_report *r, struct diff *diff, const struct diff_view *view,
		    const struct ksa_finding *f, const char *by, struct ksa_error *err)
{
	const uint32_t index = diff_find(diff, f->symbol);
	struct change changes[CHANGES_MAX];
	size_t count = index == NO_INDEX ? 0 : changes_of(view, &diff->rows[index], changes);

	for (size_t i = 0; i < count; i++)
		if (f->rule == rules_get(r->rules, changes[i].rule))
			return by ? diff_let_pass(diff, index, changes[i].axes, by, err)
				  : ksa_fail_nomem(err);
	return 0;
}

/* What a finding means for the step that it is of. */
static int settle(const struct ksa_report *r, struct diff *diff, const struct diff_view *view,
		  const struct ksa_finding *f, const char *baseline, struct ksa_error *err)
{
	const struct waiver *w = f->waived;

	if (f->rule == rules_get(r->rules, RULE_WAIVER_EXPIRED))
		return diff_add_remark(diff, err, "%s (%s)", f->message, f->evidence);
	if (finding_counts(f) || f->module != NO_INDEX || !f->symbol)
		return 0;
	if (!w)
		return let_pass(r, diff, view, f, baseline, err);
	return let_pass(r, diff, view, f,
			arena_printf(&diff->arena, "%s:%u: waived by %s until %s", w->file, w->line,
				     w->by, w->expires),
			err);
}

int results_settle_diff(struct ksa_report *r, struct diff *const *steps,
			const struct diff_view *views, const struct policy *policy,
			struct baseline *baseline, struct ksa_error *err)
{
	const size_t count = r->kernel_count - 1, before = r->notice_count;
	int status = policy->waivers ? policy_waive(r, policy, err) : 0;

	if (!status && baseline)
		status = baseline_apply(baseline, r, err);
	else if (!status)
		report_sort(r);
	for (size_t i = 0; i < r->finding_count && !status; i++) {
		const struct ksa_finding *f = &r->findings[i];

		status = settle(r, steps[f->kernel - 1], &views[f->kernel - 1], f,
				baseline ? baseline->file : NULL, err);
	}
	for (size_t i = before; i < r->notice_count && !status; i++)
		status = diff_add_remark(steps[count - 1], err, "%s", r->notices[i]);
	for (size_t i = 0; i < count; i++)
		diff_count_tolerated(steps[i]);
	return status;
}
