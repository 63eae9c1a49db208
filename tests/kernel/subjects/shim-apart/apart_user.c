// SPDX-License-Identifier: GPL-2.0
#include <linux/ktime.h>
#include <linux/module.h>

int apart_plain(int x);
ktime_t apart_time(void);
const void *apart_address(void);
extern int apart_table[4];
extern const void *const apart_operations;

static const void *const uses[] __used = {apart_plain, apart_time, apart_address, apart_table,
					  &apart_operations};

MODULE_DESCRIPTION("uses them all");
MODULE_LICENSE("Proprietary");
