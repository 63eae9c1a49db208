/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef READ_KERNEL_SYMBOL_LIST_H
#define READ_KERNEL_SYMBOL_LIST_H

#include "base/bytes.h"
#include "model/symbol_list.h"

/*
 * Read a list of symbols, in whatever form its bytes have, and add it to *list, which is to be
 * released in any case. The rows of a table are read as those of a Module.symvers. In the other
 * forms blanks around a name, CR LF and what follows a '#' are let be; a name may be there again.
 * KSA_EFORMAT with the line and what was expected, KSA_ELIMIT, KSA_ENODATA (it names nothing),
 * KSA_ENOMEM.
 */
int symbol_list_read(struct ksa_symbol_list *list, const char *path, const struct bytes *bytes,
		     struct ksa_error *err) _must_check_;

/* The largest file that is read. */
#define SYMBOL_LIST_MAX ((size_t)16 * 1024 * 1024)

#endif
