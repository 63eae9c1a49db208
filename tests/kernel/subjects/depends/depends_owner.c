// SPDX-License-Identifier: GPL-2.0
#include <linux/module.h>

int depends_function(void);
int depends_function(void)
{
	return 0;
}
EXPORT_SYMBOL(depends_function);

MODULE_DESCRIPTION("owns a symbol");
MODULE_LICENSE("GPL");
