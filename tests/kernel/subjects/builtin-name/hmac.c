// SPDX-License-Identifier: GPL-2.0
#include <linux/module.h>

MODULE_DESCRIPTION("has the name of a module that is built in");
MODULE_LICENSE("GPL");
