// SPDX-License-Identifier: GPL-2.0
#include <linux/module.h>

s64 shim_time(void);

static const void *const uses[] __used = {shim_time};

MODULE_DESCRIPTION("takes the time from the shim, as it may");
MODULE_LICENSE("GPL");
