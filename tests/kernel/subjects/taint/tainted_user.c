// SPDX-License-Identifier: GPL-2.0
#include <linux/module.h>

int tainted_last(void);

static const void *const uses[] __used = {tainted_last};

MODULE_DESCRIPTION("proprietary itself: nothing to inherit");
MODULE_LICENSE("Proprietary");
