// SPDX-License-Identifier: GPL-2.0-or-later
#include "cmd/diff.h"

#include <string.h>

#include "base/vec.h"

const struct option diff_option_table[] = {
	{'i', "interactive", NULL, "show it on the terminal, to look around in"},
	{'m', "module", "MODULE", "only what it imports, and its verdict; may be repeated"},
	{0, "only", "AXIS[,AXIS]", "only removed, class, namespace, owner, crc, prototype, added"},
	{0, "prototypes", NULL, "compare prototypes too; --only and --fail-on prototype do so too"},
	{0, "family", "FAMILY", "only symbols of this family"},
	{0, "class", "CLASS[,CLASS]", "only plain, gpl, gpl-future, unused, unused-gpl, unknown"},
	{0, "namespace", "GLOB", "only exports in such a namespace ('' for none)"},
	{0, "owner", "GLOB", "only exports of such modules ('vmlinux' for the image)"},
	{0, "grep", "GLOB", "only symbols of such a name"},
	{0, "defined-in", "WHERE", "only exports of vmlinux, or of modules"},
	{0, "fail-on", "WHAT[,WHAT]", "exit 1 on an AXIS, break (default with -m), never"},
	{0, NULL, NULL, NULL},
};

static int take_axes(struct invocation *inv, const struct option *o, const char *value,
		     unsigned int *axes)
{
	size_t length;

	for (;; value += length + 1) {
		enum diff_axis axis;

		length = strcspn(value, ",");
		if (!diff_axis_find(value, length, &axis))
			return bad_value(inv, o, value);
		*axes |= AXIS_MARK(axis);
		if (!value[length])
			return 0;
	}
}

/* "break" may stand in any place of the list, "never" alone. */
static int take_fail_on(struct invocation *inv, struct diff_options *c, const struct option *o,
			const char *value)
{
	size_t length;

	c->fail_given = true;
	c->fail_axes = 0;
	c->fail_break = false;
	if (strcmp(value, "never") == 0)
		return 0;
	for (;; value += length + 1) {
		enum diff_axis axis;

		length = strcspn(value, ",");
		if (length == strlen("break") && strncmp(value, "break", length) == 0)
			c->fail_break = true;
		else if (diff_axis_find(value, length, &axis))
			c->fail_axes |= AXIS_MARK(axis);
		else
			return bad_value(inv, o, value);
		if (!value[length])
			return 0;
	}
}

int diff_take(struct invocation *inv, struct diff_options *c, const struct option *o,
	      const char *value)
{
	struct ksa_error err = {.code = 0};

	if (strcmp(o->name, "module") == 0) {
		if (VEC_PUSH_ROOM(&c->modules, &err))
			return print_error(&err);
		c->modules.items[c->modules.count++] = value;
		return 0;
	}
	if (strcmp(o->name, "interactive") == 0) {
		c->interactive = true;
		return 0;
	}
	if (strcmp(o->name, "prototypes") == 0) {
		c->prototypes = true;
		return 0;
	}
	if (strcmp(o->name, "only") == 0)
		return take_axes(inv, o, value, &c->filter.axes);
	if (strcmp(o->name, "fail-on") == 0)
		return take_fail_on(inv, c, o, value);
	if (strcmp(o->name, "family") != 0)
		return take_filter(inv, &c->filter.exports, o, value);
	c->family = value;
	return 0;
}

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

int diff_status(const struct diff_options *c, const struct diff *diff)
{
	const struct diff_counts *counts = &diff->counts;
	int status = EXIT_CLEAN;

	for (int axis = 0; axis < AXIS_COUNT; axis++) {
		if (!(c->fail_axes & AXIS_MARK(axis)))
			continue;
		if (is_unanswered(counts, axis)) {
			print_note("ksymaudit: --fail-on: not all could be compared: ",
				   diff_axis_name((enum diff_axis)axis));
			return EXIT_TROUBLE;
		}
		/* Rust names change with every build: a module that uses one has --module */
		if (counts->marked[axis])
			status = EXIT_FINDINGS;
	}
	if (c->fail_break && counts->fates[FATE_UNKNOWN]) {
		print_note("ksymaudit: --fail-on: not all could be told: ", "break");
		return EXIT_TROUBLE;
	}
	if (c->fail_break && counts->fates[FATE_BREAKS] + counts->fates[FATE_REFUSED])
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
