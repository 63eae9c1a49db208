/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef AUDIT_RESULTS_RESULTS_H
#define AUDIT_RESULTS_RESULTS_H

#include "audit/results/baseline.h"
#include "audit/results/policy.h"
#include "model/diff.h"
#include "model/finding.h"
#include "model/users.h"
#include "model/wrapper.h"

/*
 * What the commands that compare or list have found, as a report like that of a check. All that is
 * given must outlive *out, which is zero, and to be released in any case. KSA_ENOMEM.
 */

/*
 * What each of count steps changed that takes something from modules (or gives it), under the rules
 * KSA022, KSA023, KSA040 to KSA042 and KSA076, and what is found of the modules on its new kernel.
 * None of it fails a run but the latter: diff has its own --fail-on.
 */
int results_of_diff(const struct diff_view *views, size_t count, const struct ksa_rules *rules,
		    struct ksa_report *out, struct ksa_error *err) _must_check_;

/*
 * Hold that against waivers and a baseline (or NULL): what does not count is let pass in the steps,
 * whose views are to be made anew then, and what there is to say of it is remarked there.
 * KSA_ENOMEM.
 */
int results_settle_diff(struct ksa_report *report, struct diff *const *steps,
			const struct diff_view *views, const struct policy *policy,
			struct baseline *baseline, struct ksa_error *err) _must_check_;

/* Each wrapper under KSA028, those that are not thin as notes. */
int results_of_wrappers(const struct wrappers *wrappers, const struct ksa_rules *rules,
			struct ksa_report *out, struct ksa_error *err) _must_check_;

/* Each export without a user under KSA043. */
int results_of_users(const struct users *users, const struct ksa_rules *rules,
		     struct ksa_report *out, struct ksa_error *err) _must_check_;

#endif
