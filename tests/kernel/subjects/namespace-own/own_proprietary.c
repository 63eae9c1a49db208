// SPDX-License-Identifier: GPL-2.0
#include <linux/module.h>
#include <linux/version.h>

int own_function(void);

static const void *const uses[] __used = {own_function};

#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 13, 0)
MODULE_IMPORT_NS(OWN);
#else
MODULE_IMPORT_NS("OWN");
#endif
MODULE_DESCRIPTION("imports it: the export is a plain one");
MODULE_LICENSE("Proprietary");
