// SPDX-License-Identifier: GPL-2.0
#include <linux/ktime.h>
#include <linux/module.h>

ktime_t ktime_get(void) __weak;

static const void *const uses[] __used = {ktime_get};

MODULE_DESCRIPTION("refers weakly to a GPL-only symbol");
MODULE_LICENSE("Proprietary");
