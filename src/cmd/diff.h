/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef CMD_DIFF_H
#define CMD_DIFF_H

#include "cmd/policy.h"
#include "model/diff.h"

/* What the options of diff say. */
struct diff_options {
	struct diff_filter filter;
	struct string_list why; /* symbols */
	struct string_list families; /* as given: --rules may come later */
	unsigned int fail; /* mask of 1u << an axis or one of these: what is exit status 1 */
	bool interactive, prototypes;
	struct string_list modules, symbols; /* paths */
	struct string_list severities; /* paths */
	struct policy_options policy;
	const char *source; /* directory of their source, or NULL */
};

/* What else --fail-on takes. */
enum { FAIL_BREAK = AXIS_COUNT, FAIL_NEVER, FAIL_ABI };

/* What --fail-on says of the axes, in the filter. */
void diff_set_gate(unsigned int fail, struct diff_filter *filter);

/* The exit status that --fail-on gives two kernels, of what passes the filters; what could not be
 * compared is said. */
int diff_status(const struct diff_options *options, const struct diff_view *view);

/* 0 if -i can be had with these options and operands; or EXIT_TROUBLE after saying why not. */
int diff_check_interactive(const struct invocation *inv);

/* Show the diff interactively; 0, or EXIT_TROUBLE after saying what failed. */
int diff_interactive(const struct invocation *inv, const struct diff *diff,
		     const struct diff_options *options);

/* Print the keys of -i, as options_dump does: lines "key diff NAMES HELP". */
void diff_dump_keys(void);

/* TSV has no place for what could not be compared: say it on standard error. */
void diff_print_gaps(const struct invocation *inv, const struct diff *diff);

#endif
