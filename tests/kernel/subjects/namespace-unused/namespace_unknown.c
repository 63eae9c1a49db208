// SPDX-License-Identifier: GPL-2.0
#include <linux/ktime.h>
#include <linux/module.h>
#include <linux/version.h>

static const void *const uses[] __used = {ktime_get};

#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 13, 0)
MODULE_IMPORT_NS(NO_SUCH_NAMESPACE);
#else
MODULE_IMPORT_NS("NO_SUCH_NAMESPACE");
#endif
MODULE_DESCRIPTION("imports a namespace that nobody has");
MODULE_LICENSE("GPL");
