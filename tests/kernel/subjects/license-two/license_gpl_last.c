// SPDX-License-Identifier: GPL-2.0
#include <linux/ktime.h>
#include <linux/module.h>

/* One array, because the compiler may put two of them in any order. */
static const char licenses[] __used __section(".modinfo")
	__aligned(1) = "license=Proprietary\0license=GPL";

static const void *const uses[] __used = {ktime_get};

MODULE_DESCRIPTION("says Proprietary and then GPL");
