// SPDX-License-Identifier: GPL-2.0
#include <linux/module.h>

int refused_fn(void);
int refused_user_fn(void);

static const void *const uses[] __used = {refused_fn};

int refused_user_fn(void)
{
	return 0;
}
EXPORT_SYMBOL(refused_user_fn);

MODULE_DESCRIPTION("has nothing wrong but that it needs the refused one");
MODULE_LICENSE("GPL");
