// SPDX-License-Identifier: GPL-2.0
#include <linux/fs.h>
#include <linux/module.h>

static const void *const uses[] __used = {anon_inode_make_secure_inode};

MODULE_DESCRIPTION("has the name, and no import");
MODULE_LICENSE("GPL");
