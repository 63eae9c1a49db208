/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef AUDIT_RESULTS_POLICY_H
#define AUDIT_RESULTS_POLICY_H

#include "model/finding.h"

/* What users want of the findings, beside their rules (report->rules). */
struct policy {
	const struct ksa_waivers *waivers; /* or NULL */
	const char *today; /* "2026-12-31", for these */
	bool say_unused; /* a notice for each that waives nothing, which fails no run */
};

/*
 * Apply levels, rules that are off, waivers and the report's family to all that was found, once all
 * else was judged: what the kernel does with a module is no matter of anybody's policy. KSA_ENOMEM.
 */
int policy_apply(struct ksa_report *report, const struct policy *policy,
		 struct ksa_error *err) _must_check_;

/* Of that the waivers alone, of which there are some. KSA_ENOMEM. */
int policy_waive(struct ksa_report *report, const struct policy *policy,
		 struct ksa_error *err) _must_check_;

#endif
