/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef AUDIT_REVIEW_PENDING_H
#define AUDIT_REVIEW_PENDING_H

#include "model/pending.h"

/* For whom it is asked what patches do to exports. */
struct pending_scope {
	const struct ksa_kernel *kernel; /* that does not have them yet */
	struct ksa_module *const *modules; /* what these import is looked into thoroughly */
	size_t module_count;
};

/*
 * What the patches of input do in the end to the exports of the kernel, and which they add. Changes
 * below the directory of another architecture than the kernel's do not count. Where input has a
 * tree, it tells of what the modules import whether another file still exports it, or a header now
 * defines it. *out, zeroed, is to be released in any case; input must outlive it, and takes what
 * could not be read as a notice. KSA_ENOMEM, and what the tree fails with.
 */
int pending_make(struct review_input *input, const struct pending_scope *scope,
		 struct ksa_pending *out, struct ksa_error *err) _must_check_;

#endif
