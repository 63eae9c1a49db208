// SPDX-License-Identifier: GPL-2.0
#include <linux/module.h>

int refused_user_fn(void);

static const void *const uses[] __used = {refused_user_fn};

MODULE_DESCRIPTION("needs what needs it");
MODULE_LICENSE("GPL");
