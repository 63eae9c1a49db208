// SPDX-License-Identifier: GPL-2.0
#include <linux/module.h>
#include <linux/version.h>

int own_function(void);
int own_function(void)
{
	return 0;
}
/* Up to 6.12 the name is a bare word. */
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 13, 0)
EXPORT_SYMBOL_NS(own_function, OWN);
#else
EXPORT_SYMBOL_NS(own_function, "OWN");
#endif

MODULE_DESCRIPTION("exports into a namespace of its own");
MODULE_LICENSE("GPL");
