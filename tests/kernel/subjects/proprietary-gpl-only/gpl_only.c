// SPDX-License-Identifier: GPL-2.0
#include <linux/gcd.h>
#include <linux/ktime.h>
#include <linux/math.h>
#include <linux/module.h>

static const void *const uses[] __used = {gcd, int_sqrt, ktime_get};

MODULE_DESCRIPTION("uses GPL-only symbols");
MODULE_LICENSE("Proprietary");
