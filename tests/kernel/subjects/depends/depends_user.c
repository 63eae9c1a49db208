// SPDX-License-Identifier: GPL-2.0
#include <linux/module.h>

int depends_function(void);
int depends_dash_function(void);

static const void *const uses[] __used = {depends_function, depends_dash_function};

MODULE_DESCRIPTION("uses both");
MODULE_LICENSE("GPL");
