// SPDX-License-Identifier: GPL-2.0
#include <linux/ktime.h>
#include <linux/module.h>

int refused_base(void);
int refused_fn(void);

static const void *const uses[] __used = {ktime_get, refused_base};

int refused_fn(void)
{
	return 0;
}
EXPORT_SYMBOL(refused_fn);

MODULE_DESCRIPTION("builds, and is refused by the loader");
MODULE_LICENSE("GPL");
