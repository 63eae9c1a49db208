// SPDX-License-Identifier: GPL-2.0
#include <linux/mm.h>
#include <linux/module.h>

int follow_pfn(struct vm_area_struct *vma, unsigned long address, unsigned long *pfn);

static const void *const uses[] __used = {follow_pfn};

MODULE_DESCRIPTION("uses follow_pfn, which went in 6.10");
MODULE_LICENSE("GPL");
