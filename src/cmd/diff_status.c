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

int diff_status(const struct diff_options *c, const struct diff_view *view)
{
	const struct diff_counts *counts = &view->diff->counts;
	bool fails_on_break = c->fail & 1u << FAIL_BREAK;
	int status = EXIT_CLEAN;

	for (int axis = 0; axis < AXIS_COUNT; axis++) {
		if (!(c->fail & AXIS_MARK(axis)))
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
	if (fails_on_break && counts->fates[FATE_BREAKS] + counts->fates[FATE_REFUSED])
		status = EXIT_FINDINGS;
	return status;
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
}
