// SPDX-License-Identifier: GPL-2.0
#include <linux/module.h>

int tainted_gpl(void);

static const void *const uses[] __used = {tainted_gpl};

MODULE_DESCRIPTION("uses a GPL-only export of a proprietary module");
MODULE_LICENSE("GPL");
