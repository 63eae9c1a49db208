/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef AUDIT_DIFF_DIFF_INTERNAL_H
#define AUDIT_DIFF_DIFF_INTERNAL_H

#include "audit/diff/diff.h"

/* The parts of diff_make, in their order. */
int diff_judge_modules(struct diff *diff, const struct diff_input *input,
		       struct ksa_error *err) _must_check_;
int diff_find_families(struct diff *diff, const struct ksa_rules *rules,
		       struct ksa_error *err) _must_check_;
int diff_find_listed(struct diff *diff, struct ksa_error *err) _must_check_;
int diff_find_lost(struct diff *diff, struct ksa_error *err) _must_check_;
int diff_find_successors(struct diff *diff, struct ksa_error *err) _must_check_;
int diff_find_causes(struct diff *diff, const struct diff_input *input,
		     struct ksa_error *err) _must_check_;
int diff_find_gaps(struct diff *diff, struct ksa_error *err) _must_check_;

#endif
