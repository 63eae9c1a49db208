/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef READ_KERNEL_ELF_KERNEL_H
#define READ_KERNEL_ELF_KERNEL_H

#include "base/bytes.h"
#include "model/kernel.h"

/*
 * Read the exports of an ELF vmlinux (ET_EXEC, ET_DYN or a kernel linked with -r), stripped or not,
 * of any architecture: __ksymtab* with __kcrctab* and, from 7.1 on, __kflagstab. The entry layout
 * is chosen by the bytes. Adds exports with owner "vmlinux", sets arch, has_image. Bytes behind the
 * ELF file (bzImage payloads carry a relocation list) are ignored. KSA_ENODATA when the file has no
 * export table: the text says why (NOBITS of a .debug file, CONFIG_MODULES=n, raw image inside).
 */
int elf_kernel_read(struct ksa_kernel *kernel, const unsigned char *data, size_t size,
		    uint32_t source, const char *name, struct ksa_error *err) _must_check_;

#endif
