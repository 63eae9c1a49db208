// SPDX-License-Identifier: GPL-2.0
#include <linux/ktime.h>
#include <linux/module.h>

static const void *const uses[] __used = {ktime_get};

MODULE_DESCRIPTION("has a struct module of another size");
MODULE_LICENSE("GPL");
