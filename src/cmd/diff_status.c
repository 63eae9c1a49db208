// SPDX-License-Identifier: GPL-2.0-or-later
#include "cmd/diff.h"

/* An axis that could not be compared, in all or in part: a gate must not pass over it. */
static bool is_unanswered(const struct diff_counts *counts, int axis)
{
	/* Of these it is not even known whether both kernels have them. */
	if (counts->uncompared[AXIS_REMOVED] || counts->uncompared[AXIS_ADDED])
		return true;
	/* Of CRCs and prototypes only a kernel without any is a gap, not a symbol without one. */
	if ((axis == AXIS_CRC || axis == AXIS_PROTOTYPE) && counts->compared[axis])
		return false;
	return counts->uncompared[axis] || (axis == AXIS_PROTOTYPE && !counts->compared[axis]);
}

void diff_set_gate(unsigned int fail, struct diff_filter *filter)
{
	const unsigned int both = AXIS_MARK(AXIS_CLASS) | AXIS_MARK(AXIS_NAMESPACE);

	filter->gate = fail & (AXIS_MARK(AXIS_COUNT) - 1);
	if (!(fail & 1u << FAIL_ABI))
		return;
	filter->ease = both & ~filter->gate;
	filter->gate |= both | AXIS_MARK(AXIS_REMOVED) | AXIS_MARK(AXIS_CRC);
}

/* True if a module breaks or is refused, and not all that is found of it is accepted. */
static bool any_breaks(const struct diff *diff)
{
	const struct ksa_report *r = diff->report;

	for (size_t i = 0; i < r->finding_count; i++) {
		const struct ksa_finding *f = &r->findings[i];
		enum diff_fate fate =
			f->module == NO_INDEX ? FATE_OK : diff->modules[f->module].fate;

		if (f->kernel == DIFF_NEW && f->level == KSA_LEVEL_ERROR && finding_counts(f) &&
		    (fate == FATE_BREAKS || fate == FATE_REFUSED))
			return true;
	}
	return false;
}

int diff_status(const struct diff_options *c, const struct diff_view *view)
{
	const struct diff_counts *counts = &view->diff->counts;
	bool fails_on_break = c->fail & 1u << FAIL_BREAK;
	int status = EXIT_CLEAN;

	for (int axis = 0; axis < AXIS_COUNT; axis++) {
		if (!(view->gate & AXIS_MARK(axis)))
			continue;
		if (is_unanswered(counts, axis)) {
			print_note("ksymaudit: --fail-on: not all could be compared: ",
				   diff_axis_name((enum diff_axis)axis));
			return EXIT_TROUBLE;
		}
	}
	if (view->gated)
		status = EXIT_FINDINGS;
	if (fails_on_break && counts->fates[FATE_UNKNOWN]) {
		print_note("ksymaudit: --fail-on: not all could be told: ", "break");
		return EXIT_TROUBLE;
	}
	if (fails_on_break && any_breaks(view->diff))
		status = EXIT_FINDINGS;
	return policy_status(&c->policy, status);
}

void diff_print_gaps(const struct invocation *inv, const struct diff *diff)
{
	for (size_t i = 0; i < diff->gap_count; i++) {
		const struct diff_gap *gap = &diff->gaps[i];
		char prefix[64];

		if (gap->remark || inv->common.quiet)
			continue;
		snprintf(prefix, sizeof(prefix), "ksymaudit: notice: %s: ",
			 gap->axis < AXIS_COUNT ? diff_axis_name(gap->axis) : "all");
		print_note(prefix, gap->text);
	}
	for (size_t i = 0; i < diff->remark_count && !inv->common.quiet; i++)
		print_note("ksymaudit: notice: ", diff->remarks[i]);
}
