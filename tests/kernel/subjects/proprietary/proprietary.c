// SPDX-License-Identifier: GPL-2.0
#include <linux/math.h>
#include <linux/module.h>

static const void *const uses[] __used = {int_sqrt};

MODULE_DESCRIPTION("uses what every module may use");
MODULE_LICENSE("Proprietary");
