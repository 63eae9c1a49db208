/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef AUDIT_REVIEW_HELD_H
#define AUDIT_REVIEW_HELD_H

#include "model/pending.h"

/*
 * Take over into a review what modules fare with its patches: held is ksa_check's report of them on
 * [the kernel, the kernel with pending], which the review owns from then on, also if this fails;
 * pending must outlive it. Findings that the patches bring become the review's, each of its patch,
 * and what could not be told of them too. KSA_ENOMEM.
 */
int review_hold(struct review *review, struct ksa_report *held, const struct ksa_pending *pending,
		struct ksa_error *err) _must_check_;

#endif
