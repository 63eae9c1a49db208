/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef READ_KERNEL_DOTCONFIG_H
#define READ_KERNEL_DOTCONFIG_H

#include "model/dotconfig.h"

/*
 * Read a .config as Kconfig writes it ("CONFIG_X=m", "# CONFIG_X is not set"); later lines win.
 * KSA_EIO; KSA_ELIMIT: over 16 MiB; KSA_EFORMAT: it sets nothing, so it is no .config.
 */
int dotconfig_read(struct dotconfig *config, const char *path, struct ksa_error *err) _must_check_;
int dotconfig_read_text(struct dotconfig *config, const char *name, const unsigned char *data,
			size_t size, struct ksa_error *err) _must_check_;

#endif
