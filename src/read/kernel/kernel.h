/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef READ_KERNEL_KERNEL_H
#define READ_KERNEL_KERNEL_H

#include "model/kernel.h"

/* A form of KERNEL that another reader reads, one that knows nothing of files and packages. */
struct kernel_opener {
	/* True if a part of the name has this form; asked for what is no file or snapshot. */
	bool (*takes)(const char *part);
	/* Add its exports to the kernel, and its label if the kernel has no other part. */
	int (*read)(struct ksa_kernel *kernel, const struct ksa_read_options *options,
		    const char *part, struct ksa_error *err);
};

/* As ksa_kernel_open, with further forms; the last opener has NULL for both. */
int kernel_open(const char *spec, const struct ksa_read_options *options,
		const struct kernel_opener *openers, struct ksa_kernel **out,
		struct ksa_error *err) _must_check_;

#endif
