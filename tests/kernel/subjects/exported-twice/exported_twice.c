// SPDX-License-Identifier: GPL-2.0
#include <linux/module.h>

unsigned long gcd(unsigned long a, unsigned long b);
unsigned long gcd(unsigned long a, unsigned long b)
{
	return a + b;
}
EXPORT_SYMBOL(gcd);

MODULE_DESCRIPTION("exports what vmlinux exports");
MODULE_LICENSE("GPL");
