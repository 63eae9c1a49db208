// SPDX-License-Identifier: GPL-2.0
#include <linux/ktime.h>
#include <linux/module.h>

struct apart_operations {
	ktime_t (*time)(void);
};

int apart_plain(int x);
ktime_t apart_time(void);
const void *apart_address(void);
extern int apart_table[4];
extern const struct apart_operations apart_operations;

int apart_plain(int x)
{
	return x + 42;
}
EXPORT_SYMBOL(apart_plain);

int apart_table[4];
EXPORT_SYMBOL(apart_table);

static noinline ktime_t now(void)
{
	return ktime_get() + 1;
}

ktime_t apart_time(void)
{
	return now() + 1;
}
EXPORT_SYMBOL(apart_time);

const void *apart_address(void)
{
	return ktime_get;
}
EXPORT_SYMBOL(apart_address);

const struct apart_operations apart_operations = {.time = now};
EXPORT_SYMBOL(apart_operations);

static int __init apart_init(void)
{
	return ktime_get() == 0;
}
module_init(apart_init);

static void __exit apart_exit(void)
{
}
module_exit(apart_exit);

MODULE_DESCRIPTION("some of its exports lead to a GPL-only one, in several ways");
MODULE_LICENSE("GPL");
