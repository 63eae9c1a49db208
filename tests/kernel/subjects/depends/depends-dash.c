// SPDX-License-Identifier: GPL-2.0
#include <linux/module.h>

int depends_dash_function(void);
int depends_dash_function(void)
{
	return 0;
}
EXPORT_SYMBOL(depends_dash_function);

MODULE_DESCRIPTION("has a dash in its name");
MODULE_LICENSE("GPL");
