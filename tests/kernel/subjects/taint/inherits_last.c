// SPDX-License-Identifier: GPL-2.0
/* ld sorts by a hash of the names: tainted_last comes after ktime_get in .symtab. */
#include <linux/ktime.h>
#include <linux/module.h>

int tainted_last(void);

static const void *const uses[] __used = {ktime_get, tainted_last};

MODULE_DESCRIPTION("has its GPL-only symbol already");
MODULE_LICENSE("GPL");
