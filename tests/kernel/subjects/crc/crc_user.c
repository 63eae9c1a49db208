// SPDX-License-Identifier: GPL-2.0
#include <linux/module.h>

int crc_function(void);

static const void *const uses[] __used = {crc_function};

MODULE_DESCRIPTION("was built with another version of it");
MODULE_LICENSE("GPL");
