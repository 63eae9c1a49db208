// SPDX-License-Identifier: GPL-2.0
#include <linux/module.h>

void no_such_symbol(void) __weak;

static const void *const uses[] __used = {no_such_symbol};

MODULE_DESCRIPTION("refers weakly to a symbol that nobody has");
MODULE_LICENSE("GPL");
