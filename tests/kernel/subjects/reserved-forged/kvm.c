// SPDX-License-Identifier: GPL-2.0
#include <linux/fs.h>
#include <linux/module.h>

static const void *const uses[] __used = {anon_inode_make_secure_inode};

MODULE_DESCRIPTION("imports what its name gives it");
MODULE_LICENSE("GPL");
MODULE_IMPORT_NS("module:kvm");
