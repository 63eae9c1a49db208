// SPDX-License-Identifier: GPL-2.0
#include <linux/module.h>

int tainted_last(void);

static const void *const uses[] __used = {tainted_last};

int inherited_onward(void);
int inherited_onward(void)
{
	return 0;
}
EXPORT_SYMBOL(inherited_onward);

MODULE_DESCRIPTION("uses a proprietary module and no GPL-only symbol");
MODULE_LICENSE("GPL");
