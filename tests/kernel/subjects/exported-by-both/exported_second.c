// SPDX-License-Identifier: GPL-2.0
#include <linux/module.h>

int exported_by_both(void);
int exported_by_both(void)
{
	return 0;
}
EXPORT_SYMBOL(exported_by_both);

MODULE_DESCRIPTION("exports the same as the other");
MODULE_LICENSE("GPL");
