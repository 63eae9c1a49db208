/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef READ_KERNEL_SNAPSHOT_H
#define READ_KERNEL_SNAPSHOT_H

#include "base/bytes.h"
#include "model/kernel.h"

/* True if the bytes start like a JSON object, which no other form of a kernel does. */
bool snapshot_is_snapshot(const unsigned char *data, size_t size);

/*
 * Read a snapshot: what `exports -f json` writes (rules/schema/report.schema.json). source is the
 * index of a registered source of kind SOURCE_SNAPSHOT, name what messages call it. The sources
 * that the snapshot itself was made from are added with inherited set. Written again, the kernel
 * gives the same bytes (names that were not UTF-8 were written escaped; they are sorted as that).
 * Unknown members are passed over.
 *
 * KSA_EFORMAT with line and column where the file is not what it should be; KSA_EUSAGE for one that
 * was written with a filter, or by another command; KSA_EUNSUPPORTED for a newer schema.
 */
int snapshot_read(struct ksa_kernel *kernel, const unsigned char *data, size_t size,
		  uint32_t source, const char *name, struct ksa_error *err) _must_check_;

#endif
