// SPDX-License-Identifier: GPL-2.0
#include <linux/ktime.h>
#include <linux/module.h>

static const char license[] __used __section(".modinfo")
	__aligned(1) = "license=GPL\0for files in x";

static const void *const uses[] __used = {ktime_get};

MODULE_DESCRIPTION("says GPL, NUL and something else");
