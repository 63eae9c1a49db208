// SPDX-License-Identifier: GPL-2.0
#include <linux/module.h>

int refused_base(void);

int refused_base(void)
{
	return 0;
}
EXPORT_SYMBOL(refused_base);

MODULE_DESCRIPTION("a proprietary module that others use");
MODULE_LICENSE("Proprietary");
