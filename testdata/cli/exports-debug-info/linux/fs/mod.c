// SPDX-License-Identifier: GPL-2.0-or-later
#include "../export.h"

static const char license[] __attribute__((used, section(".modinfo"))) = "license=GPL\0intree=Y";
char this_module[64] __attribute__((section(".gnu.linkonce.this_module")));

struct super_block;
struct file_system_type {
	int x;
};

int mod_mount(struct file_system_type *type, const struct super_block *sb)
{
	return type->x + (sb != 0);
}
EXPORT_SYMBOL_GPL(mod_mount);
