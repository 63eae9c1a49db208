/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef READ_KERNEL_SYSMAP_H
#define READ_KERNEL_SYSMAP_H

#include "base/bytes.h"
#include "model/kernel.h"

/* True if the bytes look like a System.map or kallsyms: hex address, blank, type letter, blank. */
bool sysmap_is_sysmap(const unsigned char *data, size_t size);

/*
 * Read the exports of vmlinux from a System.map: __ksymtab_SYM labels, class by the range between
 * __start___ksymtab* and __stop___ksymtab*. From 7.1 (no __ksymtab_gpl range, __flags_ labels or
 * __start___kflagstab) the class is unknown, as it is where kallsyms hides the addresses.
 * Namespaces and CRCs are never known. Debian's one-line placeholder, and a map without labels, is
 * KSA_ENODATA; a damaged line KSA_EFORMAT with line and column.
 */
int sysmap_read(struct ksa_kernel *kernel, const unsigned char *data, size_t size, uint32_t source,
		const char *name, struct ksa_error *err) _must_check_;

#endif
