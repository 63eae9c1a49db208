// SPDX-License-Identifier: GPL-2.0
#include <linux/ktime.h>
#include <linux/module.h>

static const void *const uses[] __used = {ktime_get};

MODULE_DESCRIPTION("is signed with a key that no kernel has");
MODULE_LICENSE("GPL");
