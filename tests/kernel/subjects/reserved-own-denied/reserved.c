// SPDX-License-Identifier: GPL-2.0
#include <linux/module.h>

int reserved_function(void);
int reserved_function(void)
{
	return 0;
}
EXPORT_SYMBOL_FOR_MODULES(reserved_function, "friend,fellow-*");

MODULE_DESCRIPTION("reserves an export");
MODULE_LICENSE("GPL");
