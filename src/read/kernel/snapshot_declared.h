/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef READ_KERNEL_SNAPSHOT_DECLARED_H
#define READ_KERNEL_SNAPSHOT_DECLARED_H

#include "model/kernel.h"
#include "read/kernel/json.h"

/* Read what stands behind "declared" in a snapshot into the kernel's header facts, which must be
 * there; or pass over it, if nobody wants it. */
int snapshot_read_declared(struct json_reader *json, struct ksa_kernel *kernel,
			   struct ksa_error *err) _must_check_;

/*
 * The same from the file beside a shipped snapshot, which is apart as most readers do not want it;
 * maybe compressed. One that is of another kernel, or damaged, is a notice. KSA_EIO, KSA_ELIMIT.
 */
int snapshot_take_declared(struct ksa_kernel *kernel, const char *path,
			   struct ksa_error *err) _must_check_;

#endif
