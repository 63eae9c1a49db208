/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef READ_GIT_KERNEL_H
#define READ_GIT_KERNEL_H

#include "model/kernel.h"

/* True for REPO@REV. */
bool git_kernel_is_spec(const char *spec);

/* The sources of a revision in a git repository, as a kernel; its label is the revision. */
int git_kernel_read(struct ksa_kernel *kernel, const struct ksa_read_options *options,
		    const char *spec, struct ksa_error *err) _must_check_;

#endif
