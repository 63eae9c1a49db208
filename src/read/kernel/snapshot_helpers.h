/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef READ_KERNEL_SNAPSHOT_HELPERS_H
#define READ_KERNEL_SNAPSHOT_HELPERS_H

#include "model/kernel.h"
#include "read/kernel/json.h"

/* Read what stands behind "headers" in a snapshot into the kernel, which gives up other helpers; or
 * pass over it, if nobody wants them. */
int snapshot_read_helpers(struct json_reader *json, struct ksa_kernel *kernel,
			  struct ksa_error *err) _must_check_;

/*
 * The same from the file beside a shipped snapshot, which is apart as most readers do not want it;
 * maybe compressed. One that is of another kernel, or damaged, is a notice. KSA_EIO, KSA_ELIMIT.
 */
int snapshot_take_helpers(struct ksa_kernel *kernel, const char *path,
			  struct ksa_error *err) _must_check_;

#endif
