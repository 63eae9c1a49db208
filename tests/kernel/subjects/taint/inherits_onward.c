// SPDX-License-Identifier: GPL-2.0
#include <linux/ktime.h>
#include <linux/module.h>

int inherited_onward(void);

static const void *const uses[] __used = {inherited_onward, ktime_get};

MODULE_DESCRIPTION("inherits from a module that inherited");
MODULE_LICENSE("GPL");
