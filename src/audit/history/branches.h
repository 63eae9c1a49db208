/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef AUDIT_HISTORY_BRANCHES_H
#define AUDIT_HISTORY_BRANCHES_H

#include "model/branches.h"

/*
 * Which branches of the events' history have which changes, in four steps: branches_new() says
 * what has to be read; branches_take_tip() takes what one branch exports (exports of
 * branches->files at its tip), once for each, in order; branches_finish() joins the events that are
 * one change, with the patch-ids of branches->asked, and judges. KSA_ENOMEM; KSA_ELIMIT for
 * histories in which one export changes back and forth thousands of times.
 */
int branches_new(const struct ksa_events *events, struct ksa_branches **out,
		 struct ksa_error *err) _must_check_;
int branches_take_tip(struct ksa_branches *branches, size_t branch,
		      const struct history_exports *exports, struct ksa_error *err) _must_check_;
int branches_finish(struct ksa_branches *branches, const struct object_id *patch_ids,
		    struct ksa_error *err) _must_check_;

#endif
