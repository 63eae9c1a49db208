// SPDX-License-Identifier: GPL-2.0
#include <linux/module.h>

int gpl_export_function(void);

static const void *const uses[] __used = {gpl_export_function};

MODULE_DESCRIPTION("uses it");
MODULE_LICENSE("GPL");
