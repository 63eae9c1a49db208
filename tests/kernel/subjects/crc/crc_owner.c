// SPDX-License-Identifier: GPL-2.0
#include <linux/module.h>

int crc_function(void);
int crc_function(void)
{
	return 0;
}
EXPORT_SYMBOL(crc_function);

MODULE_DESCRIPTION("owns a symbol");
MODULE_LICENSE("GPL");
