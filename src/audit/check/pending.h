/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef AUDIT_CHECK_PENDING_H
#define AUDIT_CHECK_PENDING_H

#include "model/pending.h"

/*
 * The kernel as it would be after the changes, named "LABEL + NAME"; it borrows the kernel and the
 * changes. KSA_ENOMEM.
 */
int pending_kernel(const struct ksa_kernel *kernel, const struct ksa_pending *pending,
		   struct ksa_kernel **out, struct ksa_error *err) _must_check_;

#endif
