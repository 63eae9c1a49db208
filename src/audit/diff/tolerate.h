/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef AUDIT_DIFF_TOLERATE_H
#define AUDIT_DIFF_TOLERATE_H

#include "model/diff.h"
#include "model/severities.h"

/*
 * Mark what the rules let pass, of every changed row, and which rules decided on an export of
 * either kernel. A rule is held against what the old kernel has, of an added symbol against the
 * new one; of several exports all must pass. KSA_ENOMEM.
 */
int diff_tolerate(struct diff *diff, struct severities *severities,
		  struct ksa_error *err) _must_check_;

/* Say in remarks of the diff how many of the rules decided on nothing; each: which ones too.
 * KSA_ENOMEM. */
int diff_note_unused(struct diff *diff, const struct severities *severities, bool each,
		     struct ksa_error *err) _must_check_;

#endif
