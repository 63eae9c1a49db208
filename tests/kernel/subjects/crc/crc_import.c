// SPDX-License-Identifier: GPL-2.0
#include <linux/gcd.h>
#include <linux/ktime.h>
#include <linux/module.h>

static const void *const uses[] __used = {gcd, ktime_get};

MODULE_DESCRIPTION("has a wrong CRC");
MODULE_LICENSE("GPL");
