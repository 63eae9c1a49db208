/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef READ_KERNEL_BESIDE_H
#define READ_KERNEL_BESIDE_H

#include "model/kernel.h"

/*
 * The files beside a shipped snapshot ("debian-6.1.json.zst"), read while take(ctx) reads the
 * snapshot itself into the kernel: "debian-6.1.types.zst" and what its headers say, as far as the
 * options ask for them. Where headers are not read, the kernel notes where they are. One that is of
 * another release, or damaged, is a notice. Fails as take() does, or with KSA_EIO or KSA_ELIMIT.
 */
int beside_read(struct ksa_kernel *kernel, const char *snapshot,
		const struct ksa_read_options *options,
		int (*take)(void *ctx, struct ksa_error *err), void *ctx,
		struct ksa_error *err) _must_check_;

/* The prototypes of the kernel's exports from the first one on, from the file beside. */
int beside_take_prototypes(struct ksa_kernel *kernel, const char *snapshot, size_t first,
			   struct ksa_error *err) _must_check_;

#endif
