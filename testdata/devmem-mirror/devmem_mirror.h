/* SPDX-License-Identifier: GPL-2.0 */
/* The parts of the driver, to each other. */
#ifndef DEVMEM_MIRROR_H
#define DEVMEM_MIRROR_H

#include <linux/fs.h>
#include <linux/mm.h>
#include <linux/mmu_notifier.h>
#include <linux/mutex.h>
#include <linux/xarray.h>

#include "uapi.h"

/* Pages that are faulted or moved at once; arrays of this many longs are on the stack. */
#define BATCH 32

/**
 * struct mirror - an open file: the device's view of a range of one address space
 * @mm: the opener's; its struct is held, not its mappings
 * @notifier: calls us before anything in the range changes; in use once @end is not 0
 * @start: where the range starts
 * @end: where it ends, or 0 while there is none; written once, after all of the above
 * @setup: held while a range is set up
 * @lock: guards @table and the notifier's sequence. It is taken while the kernel reclaims
 *	memory, and under the mmap lock: its holder neither sleeps for memory nor touches
 *	memory of user space.
 * @table: the device's page table: page number to struct page, tagged with MIRROR_WRITE
 * @frame: a page for a mapping of bare page frames; see pfn.c
 */
struct mirror {
	struct mm_struct *mm;
	struct mmu_interval_notifier notifier;
	unsigned long start;
	unsigned long end;
	struct mutex setup;
	struct mutex lock;
	struct xarray table;
	unsigned long frame;
};

/* mirror.c */

/**
 * mirror_init() - an empty mirror of the current address space
 * @mirror: to initialize
 */
void mirror_init(struct mirror *mirror);

/**
 * mirror_release() - undo all of mirror_init() and mirror_set()
 * @mirror: nobody uses it any more
 */
void mirror_release(struct mirror *mirror);

/**
 * mirror_set() - start to mirror a range
 * @mirror: an empty mirror
 * @range: whole pages
 *
 * Return: 0, -EBUSY if there is a range already, or another error.
 */
int mirror_set(struct mirror *mirror, const struct devmem_mirror_range *range);

/**
 * mirror_copy() - read or write memory as the device does it, through its page table
 * @mirror: the mirror
 * @range: within the mirror; @range->done is counted up
 * @write: from the buffer to the range, not from the range to the buffer
 *
 * Return: 0 or a negative error, after which @range->done says how much was copied.
 */
int mirror_copy(struct mirror *mirror, struct devmem_mirror_range *range, bool write);

/**
 * mirror_snapshot() - say what the CPU maps where, and fault nothing
 * @mirror: the mirror
 * @range: within the mirror; a byte of DEVMEM_MIRROR_PAGE_* a page goes to its buffer
 *
 * Return: 0 or a negative error, after which @range->done says how many are right.
 */
int mirror_snapshot(struct mirror *mirror, struct devmem_mirror_range *range);

/* devmem.c */

/**
 * devmem_init() - make the device's memory, as the module's parameters and the kernel allow
 *
 * Return: 0, also when the device has none, or a negative error.
 */
int devmem_init(void);

/**
 * devmem_exit() - move all that is in the device's memory to RAM, and give it up
 *
 * Sleeps until nobody uses it any more. Nobody may start a migration to it any more.
 */
void devmem_exit(void);

/**
 * devmem_info() - what the device has
 * @info: out
 */
void devmem_info(struct devmem_mirror_info *info);

/**
 * devmem_owner() - what the kernel knows our pages by
 *
 * Return: an opaque pointer.
 */
void *devmem_owner(void);

/**
 * devmem_contains() - is a page in the device's memory?
 * @page: any page
 *
 * Return: true if it is.
 */
bool devmem_contains(const struct page *page);

/**
 * devmem_read() - copy from a page
 * @to: out
 * @page: any page, of the device or of RAM, that stays while we are at it
 * @offset: within the page
 * @length: bytes, not over the page's end
 */
void devmem_read(void *to, struct page *page, size_t offset, size_t length);

/**
 * devmem_write() - copy to a page
 * @page: any page, of the device or of RAM, that stays while we are at it
 * @offset: within the page
 * @from: what
 * @length: bytes, not over the page's end
 */
void devmem_write(struct page *page, size_t offset, const void *from, size_t length);

/**
 * devmem_migrate() - move pages of the current address space
 * @range: whole pages; @range->done counts those that moved. Pages that cannot move now, and
 *	those that are there already, stay where they are: that is no error.
 * @to_device: to the device, not to RAM
 *
 * Return: 0, -EOPNOTSUPP if the device has no memory, -EFAULT where nothing is mapped, -EINVAL
 * for a kind of mapping that cannot be migrated, or another error.
 */
int devmem_migrate(struct devmem_mirror_range *range, bool to_device);

/* pfn.c */

/**
 * pfn_mmap() - map one page as a bare page frame, whose first 8 bytes are its number
 * @mirror: the owner of the page
 * @vma: the new mapping: one page, shared
 *
 * Return: 0 or a negative error.
 */
int pfn_mmap(struct mirror *mirror, struct vm_area_struct *vma);

/**
 * pfn_lookup() - which frame is mapped at an address of the current address space?
 * @lookup: in and out
 *
 * Return: 0, -EPERM, -EFAULT if nothing is mapped, -EINVAL if it is no mapping of bare frames.
 */
int pfn_lookup(struct devmem_mirror_pfn *lookup);

#endif
