// SPDX-License-Identifier: GPL-2.0
#include <linux/module.h>

int tainted_first(void);
int tainted_first(void)
{
	return 0;
}
EXPORT_SYMBOL(tainted_first);

int tainted_last(void);
int tainted_last(void)
{
	return 0;
}
EXPORT_SYMBOL(tainted_last);

int tainted_gpl(void);
int tainted_gpl(void)
{
	return 0;
}
EXPORT_SYMBOL_GPL(tainted_gpl);

MODULE_DESCRIPTION("a proprietary module with exports");
MODULE_LICENSE("Proprietary");
