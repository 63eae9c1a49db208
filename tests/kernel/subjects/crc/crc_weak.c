// SPDX-License-Identifier: GPL-2.0
#include <linux/gcd.h>
#include <linux/module.h>

unsigned long gcd(unsigned long a, unsigned long b) __weak;

static const void *const uses[] __used = {gcd};

MODULE_DESCRIPTION("has a wrong CRC");
MODULE_LICENSE("GPL");
