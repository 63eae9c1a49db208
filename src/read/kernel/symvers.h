/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef READ_KERNEL_SYMVERS_H
#define READ_KERNEL_SYMVERS_H

#include "base/bytes.h"
#include "model/kernel.h"

/* True if the bytes look like a Module.symvers: "0x", eight hex digits, a tab. */
bool symvers_is_symvers(const unsigned char *data, size_t size);

/*
 * Read a Module.symvers in any of its historical column orders (3 columns to 2.6.17, 4 to 5.3, 5
 * with the namespace before the module in 5.4.0-5.4.27 and 5.5, 5 with it last since 5190044c2965),
 * by content. A CRC of 0x00000000 means "not available", on one line as on all of them. Files
 * without a namespace column are of kernels without namespaces: known to have none. Without a type
 * column, and for modpost's "(unknown)", the class is not known. Sets has_image if vmlinux is an
 * owner, has_modules if any module is. A symbol may be listed for several modules.
 *
 * Accepted: no newline at the end of the last line (if it has all its fields), a missing empty
 * namespace field. Refused: CR LF, blanks for tabs, NULs, empty fields, other type texts. A damaged
 * line is KSA_EFORMAT with line, column (in bytes), what was expected; a line over 64 KiB is
 * KSA_ELIMIT; an empty file KSA_ENODATA.
 */
int symvers_read(struct ksa_kernel *kernel, const unsigned char *data, size_t size, uint32_t source,
		 const char *name, struct ksa_error *err) _must_check_;

#endif
