// SPDX-License-Identifier: GPL-2.0
#include <linux/module.h>

int refused_fn(void) __weak;

static const void *const uses[] __used = {refused_fn};

MODULE_DESCRIPTION("does without the refused one");
MODULE_LICENSE("GPL");
