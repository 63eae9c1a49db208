/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef READ_KERNEL_FOREIGN_H
#define READ_KERNEL_FOREIGN_H

#include "base/bytes.h"

/*
 * Files that are known and not read: images of file systems and disks, what is packed by LZO. Fails
 * with KSA_EUNSUPPORTED, what the file is and what to give instead; 0 for all other bytes. name is
 * what messages call the file. Not for bytes that are a kernel image: a bzImage ends its first
 * sector as a disk does.
 */
int foreign_refuse(const unsigned char *data, size_t size, const char *name,
		   struct ksa_error *err) _must_check_;

#endif
