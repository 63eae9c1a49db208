/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef READ_KERNEL_MODULE_SIGNATURE_H
#define READ_KERNEL_MODULE_SIGNATURE_H

#include "model/module.h"

/*
 * Is the module signed, and what does the signature at the end of its file name: the signer, the
 * hash and the key. It is not verified; what cannot be read of it stays unknown.
 */
void module_signature_read(struct ksa_module *module, const unsigned char *data, size_t size);

#endif
