/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef READ_KERNEL_LOADED_H
#define READ_KERNEL_LOADED_H

#include "model/inventory.h"

/* True if the text is of the form of /proc/modules, or empty. */
bool loaded_is_list(const unsigned char *data, size_t size);

/* Read /proc/modules, or a copy, into inventory->loaded. KSA_EFORMAT with the line; KSA_ELIMIT. */
int loaded_read(struct inventory *inventory, const unsigned char *data, size_t size,
		const char *source, struct ksa_error *err) _must_check_;

#endif
