// SPDX-License-Identifier: GPL-2.0
#include <linux/module.h>

void tun_get_socket(void);

static const void *const uses[] __used = {tun_get_socket};

MODULE_DESCRIPTION("uses a GPL-only symbol of a module of the kernel");
MODULE_LICENSE("Proprietary");
