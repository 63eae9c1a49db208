// SPDX-License-Identifier: GPL-2.0
#include <linux/ktime.h>
#include <linux/module.h>

int tainted_last(void) __weak;

static const void *const uses[] __used = {ktime_get, tainted_last};

MODULE_DESCRIPTION("refers weakly to the proprietary module");
MODULE_LICENSE("GPL");
