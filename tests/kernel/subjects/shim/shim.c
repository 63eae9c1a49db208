// SPDX-License-Identifier: GPL-2.0
#include <linux/ktime.h>
#include <linux/module.h>

s64 shim_time(void);
s64 shim_time(void)
{
	return ktime_get();
}
EXPORT_SYMBOL(shim_time);

MODULE_DESCRIPTION("hands the time on");
MODULE_LICENSE("GPL");
