// SPDX-License-Identifier: GPL-2.0
#include <linux/module.h>

int gpl_export_function(void);
int gpl_export_function(void)
{
	return 0;
}
EXPORT_SYMBOL_GPL(gpl_export_function);

MODULE_DESCRIPTION("exports a GPL-only function");
MODULE_LICENSE("GPL");
