/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef AUDIT_REVIEW_REVIEW_H
#define AUDIT_REVIEW_REVIEW_H

#include "model/review.h"

/*
 * Judge what the patches do to exports. input must outlive *out.
 * KSA_ENOMEM, and what the tree fails with.
 */
int review_make(const struct review_input *input, struct review **out,
		struct ksa_error *err) _must_check_;

#endif
