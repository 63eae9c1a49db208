// SPDX-License-Identifier: GPL-2.0
/* Bare page frames: a mapping of one, and the look-up of what such a mapping maps. */
#include <linux/capability.h>
#include <linux/io.h>

#include "compat.h"
#include "devmem_mirror.h"

int pfn_mmap(struct mirror *mirror, struct vm_area_struct *vma)
{
	unsigned long pfn = virt_to_phys((void *)mirror->frame) >> PAGE_SHIFT;

	/* Where memory is, is nothing for everybody to know. */
	if (!capable(CAP_SYS_ADMIN))
		return -EPERM;
	/* The mapping holds the file, and the file the page: no reference is needed. */
	if (vma->vm_pgoff || vma->vm_end - vma->vm_start != PAGE_SIZE ||
	    !(vma->vm_flags & VM_SHARED))
		return -EINVAL;
	*(u64 *)mirror->frame = pfn;
	return remap_pfn_range(vma, vma->vm_start, pfn, PAGE_SIZE, vma->vm_page_prot);
}

int pfn_lookup(struct devmem_mirror_pfn *lookup)
{
	unsigned long address = lookup->address;
	struct vm_area_struct *vma;
	unsigned long pfn;
	int ret = -EFAULT;

	if (!capable(CAP_SYS_ADMIN))
		return -EPERM;
	mmap_read_lock(current->mm);
	vma = vma_lookup(current->mm, address);
	if (vma && !(vma->vm_flags & VM_PFNMAP))
		ret = -EINVAL;
	else if (vma)
		ret = compat_follow_pfn(vma, address, &pfn);
	if (!ret)
		lookup->pfn = pfn;
	mmap_read_unlock(current->mm);
	return ret;
}
