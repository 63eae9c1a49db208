// SPDX-License-Identifier: GPL-2.0
#include <linux/ktime.h>
#include <linux/module.h>

ktime_t ktime_get(void) __weak;
int tainted_first(void);

static const void *const uses[] __used = {ktime_get, tainted_first};

MODULE_DESCRIPTION("refers weakly to the GPL-only symbol");
MODULE_LICENSE("GPL");
