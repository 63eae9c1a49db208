/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef CMD_POLICY_H
#define CMD_POLICY_H

#include "audit/results/policy.h"
#include "cmd/cmd.h"
#include "model/baseline.h"

/* What of the findings does not count, as the user says it. Zero-initialize; release in any case.
 */
struct policy_options {
	const char *waivers_file, *baseline_file, *new_baseline;
	struct ksa_waivers *waivers;
	struct baseline baseline;
	char today[11];
};

/* The rows of a command's options; policy is a struct policy_options in its context. */
/* NOLINTBEGIN(bugprone-macro-parentheses): types and initializers take none */
#define POLICY_WAIVERS(object, policy)                                                             \
	OPTION_FIELDS(0, "waivers", "FILE", TO_TEXT(object, policy.waivers_file),                  \
		      "findings that this file waives do not count")
#define POLICY_BASELINE(object, policy)                                                            \
	OPTION_FIELDS(0, "baseline", "FILE", TO_TEXT(object, policy.baseline_file),                \
		      "findings that this file has do not count")
#define POLICY_WRITE_BASELINE(object, policy)                                                      \
	OPTION_FIELDS(0, "write-baseline", "FILE", TO_TEXT(object, policy.new_baseline),           \
		      "write all findings there, for --baseline; they are accepted")
/* NOLINTEND(bugprone-macro-parentheses) */

/* Read the files. 0, or EXIT_TROUBLE after saying why not. */
int policy_open(struct invocation *inv, struct policy_options *policy);
void policy_release(struct policy_options *policy);

/* True if there is anything that findings are to be held against. */
bool policy_judges(const struct policy_options *policy);

/* The exit status of a run whose findings give this one: what was written as the baseline is
 * accepted. */
int policy_status(const struct policy_options *policy, int status);

#endif
