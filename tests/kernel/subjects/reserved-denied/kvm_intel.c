// SPDX-License-Identifier: GPL-2.0
#include <linux/module.h>

void perf_load_guest_lvtpc(void);

static const void *const uses[] __used = {perf_load_guest_lvtpc};

MODULE_DESCRIPTION("has an underscore for the dash");
MODULE_LICENSE("GPL");
