// SPDX-License-Identifier: GPL-2.0
/* ld sorts by a hash of the names: tainted_first comes before ktime_get in .symtab. */
#include <linux/ktime.h>
#include <linux/module.h>

int tainted_first(void);

static const void *const uses[] __used = {ktime_get, tainted_first};

MODULE_DESCRIPTION("loses its GPL-only symbols");
MODULE_LICENSE("GPL");
