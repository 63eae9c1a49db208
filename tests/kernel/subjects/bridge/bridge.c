// SPDX-License-Identifier: GPL-2.0
#include <linux/module.h>

int bridge_plain(void);
int bridge_plain(void)
{
	return 0;
}
EXPORT_SYMBOL(bridge_plain);

MODULE_DESCRIPTION("exports a plain function of its own");
MODULE_LICENSE("GPL");
