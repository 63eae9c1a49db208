// SPDX-License-Identifier: GPL-2.0
#include <linux/module.h>

int tun_get_socket(void);
int tun_get_socket(void)
{
	return 0;
}
EXPORT_SYMBOL(tun_get_socket);

MODULE_DESCRIPTION("exports what a module of the kernel exports");
MODULE_LICENSE("GPL");
