/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef READ_KERNEL_LOADING_H
#define READ_KERNEL_LOADING_H

#include "model/dotconfig.h"
#include "model/kernel.h"
#include "read/elf/elf.h"

/*
 * What decides whether the loader takes a module (model/loading.h), where that is wanted
 * (kernel->want_loading). What is known already stays.
 */

/* From an image: the loader's own messages, the types, and the configuration in it if there is one
 * (CONFIG_IKCONFIG). */
int loading_take_image(struct ksa_kernel *kernel, const struct elf_file *f,
		       struct ksa_error *err) _must_check_;
int loading_take_raw(struct ksa_kernel *kernel, const unsigned char *data, size_t size,
		     struct ksa_error *err) _must_check_;

/* From a .config. */
void loading_take_config(struct ksa_kernel *kernel, const struct dotconfig *config);

#endif
