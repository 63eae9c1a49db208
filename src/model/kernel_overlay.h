/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef MODEL_KERNEL_OVERLAY_H
#define MODEL_KERNEL_OVERLAY_H

#include "model/kernel.h"

/*
 * A kernel that is another one but for its exports: these count ones (with their strings borrowed),
 * in any order. Modules, headers and all else are base's, which must be sealed, have been asked for
 * all that will be wanted, and outlive *out. The label is copied. KSA_ENOMEM.
 */
int kernel_overlay(const struct ksa_kernel *base, const char *label,
		   const struct ksa_export *exports, size_t count, struct ksa_kernel **out,
		   struct ksa_error *err) _must_check_;

#endif
