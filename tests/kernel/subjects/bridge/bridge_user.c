// SPDX-License-Identifier: GPL-2.0
#include <linux/module.h>

int bridge_plain(void);

static const void *const uses[] __used = {bridge_plain};

MODULE_DESCRIPTION("uses it");
MODULE_LICENSE("Proprietary");
