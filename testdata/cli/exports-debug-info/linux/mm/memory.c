// SPDX-License-Identifier: GPL-2.0-or-later
/* Sections are sorted by name, as modpost has them: follow_pfn before jiffies. */
#include "../export.h"

struct vm_area_struct;

int follow_pfn(struct vm_area_struct *vma, unsigned long address, unsigned long *pfn)
{
	*pfn = address;
	return vma != 0;
}
EXPORT_SYMBOL(follow_pfn);

volatile unsigned long jiffies = 1;
EXPORT_SYMBOL(jiffies);

/* lib/memcpy.S: without types, nor a line. */
EXPORT_SYMBOL(memcpy);

void *(*set_callback(void *(*cb)(int, const char *const *names)))(int)
{
	return cb ? 0 : (void *)1;
}
EXPORT_SYMBOL_GPL(set_callback);
