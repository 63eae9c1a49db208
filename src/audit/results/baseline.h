/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef AUDIT_RESULTS_BASELINE_H
#define AUDIT_RESULTS_BASELINE_H

#include "model/baseline.h"
#include "model/finding.h"

/*
 * Mark the findings of the report that the baseline has as known, and say in a notice (which fails
 * nothing) how many of its entries about the modules of the report are no longer found. KSA_ENOMEM.
 */
int baseline_apply(struct baseline *baseline, struct ksa_report *report,
		   struct ksa_error *err) _must_check_;

#endif
