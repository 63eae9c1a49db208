/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef READ_KERNEL_CONTAINER_H
#define READ_KERNEL_CONTAINER_H

#include "base/bytes.h"

/*
 * The kernel that the header of a container names: a FIT (the kernel of its default configuration,
 * or of the only one), an Android boot.img of version 0 to 4, a unified kernel image. What else is
 * in it, a ramdisk say, may hold a kernel too.
 *
 * want is the name of a FIT's configuration or kernel, or NULL. 1: *kernel is a part of data. 0:
 * data is no such container. Else an error, which lists the kernels where the header does not say
 * which one it is (KSA_EUSAGE). name is what messages call the file.
 */
int container_find(const unsigned char *data, size_t size, const char *want, const char *name,
		   struct bytes *kernel, struct ksa_error *err) _must_check_;

#endif
