// SPDX-License-Identifier: GPL-2.0
#include <linux/module.h>

int depends_function(void);

static const void *const uses[] __used = {depends_function};

MODULE_DESCRIPTION("uses it, and loses its depends=");
MODULE_LICENSE("GPL");
