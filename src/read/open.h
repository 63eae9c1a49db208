/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef READ_OPEN_H
#define READ_OPEN_H

#include "model/kernel.h"

/*
 * The helpers of a kernel that was opened without options->helpers: most answers do without them.
 * They are read from where the kernel was, unless they are there; kernel->helpers stays NULL where
 * there are no headers. Errors as of ksa_kernel_open().
 */
int kernel_read_helpers(struct ksa_kernel *kernel, const struct ksa_read_options *options,
			struct ksa_error *err) _must_check_;

#endif
