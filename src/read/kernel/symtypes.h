/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef READ_KERNEL_SYMTYPES_H
#define READ_KERNEL_SYMTYPES_H

#include "base/bytes.h"
#include "model/kernel.h"

/*
 * True if the bytes look like what genksyms writes of an object file ("make fs/open.symtypes"), or
 * like several of these in one file as suse-kabi-tools consolidates them: a type as "s#file" at
 * first, or the name of a section. One that starts with an export is told by its name.
 */
bool symtypes_is_symtypes(const unsigned char *data, size_t size, const char *name);

/*
 * Add it to the kernel's type graph if anybody wants that. A file is a unit, or has one in each
 * section: what a section does not define is as the ones before it have it, but for "s##file",
 * which is no more than a tag to that section. KSA_EFORMAT with the line.
 */
int symtypes_read(struct ksa_kernel *kernel, const unsigned char *data, size_t size,
		  const char *name, struct ksa_error *err) _must_check_;

#endif
