// SPDX-License-Identifier: GPL-2.0
#include <linux/module.h>

int reserved_function(void);

static const void *const uses[] __used = {reserved_function};

MODULE_DESCRIPTION("is named, or its beginning is");
MODULE_LICENSE("GPL");
