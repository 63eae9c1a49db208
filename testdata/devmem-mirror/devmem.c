// SPDX-License-Identifier: GPL-2.0
/*
 * The device's memory: struct pages for it, which of them are in use, and migration to and fro.
 * Private memory is kept in a vmalloc() area that the CPU's page tables of processes never map;
 * coherent memory is RAM that the kernel was told to leave alone (memmap=16M$0x30000000).
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/bitmap.h>
#include <linux/delay.h>
#include <linux/highmem.h>
#include <linux/ioport.h>
#include <linux/migrate.h>
#include <linux/module.h>
#include <linux/moduleparam.h>
#include <linux/pagemap.h>
#include <linux/sizes.h>
#include <linux/vmalloc.h>

#include "compat.h"
#include "devmem_mirror.h"

/* Sizes and starts are multiples of this, the unit in which the kernel makes struct pages. */
#define GRAIN	(1ULL << SUBSECTION_SHIFT)
#define MAX_MIB 4096

/* Pages that are in use for a moment are given 10 seconds when the module goes. */
#define EVICT_ROUNDS   100
#define EVICT_PAUSE_MS 100

static unsigned long long coherent_start;
module_param(coherent_start, ullong, 0444);
MODULE_PARM_DESC(coherent_start, "physical address of memory hidden by memmap=, to be coherent");

static unsigned int size = 16;
module_param(size, uint, 0444);
MODULE_PARM_DESC(size, "device memory in MiB");

/* The device's memory; all of it is set once, but for the bits. */
static struct {
	enum devmem_mirror_kind kind;
	struct dev_pagemap pgmap;
	struct resource *resource;
	void *data; /* what is in the pages, in their order */
	unsigned long first; /* page frame number */
	unsigned long pages;
	unsigned long *used; /* a bit a page */
} devmem;

void *devmem_owner(void)
{
	return &devmem;
}

bool devmem_contains(const struct page *page)
{
	unsigned long pfn = page_to_pfn(page);

	return pfn >= devmem.first && pfn - devmem.first < devmem.pages;
}

static void *devmem_data(const struct page *page)
{
	return devmem.data + ((page_to_pfn(page) - devmem.first) << PAGE_SHIFT);
}

void devmem_read(void *to, struct page *page, size_t offset, size_t length)
{
	if (devmem_contains(page))
		memcpy(to, devmem_data(page) + offset, length);
	else
		memcpy_from_page(to, page, offset, length);
}

void devmem_write(struct page *page, size_t offset, const void *from, size_t length)
{
	if (devmem_contains(page)) {
		memcpy(devmem_data(page) + offset, from, length);
	} else {
		memcpy_to_page(page, offset, from, length);
		/* The CPU's page table knows nothing of this write. */
		set_page_dirty(page);
	}
}

void devmem_info(struct devmem_mirror_info *info)
{
	info->kind = devmem.kind;
	info->pages = devmem.pages;
	if (devmem.pages)
		info->used = bitmap_weight(devmem.used, devmem.pages);
}

/* devmem_alloc() - a free page, locked, with one reference; or NULL */
static struct page *devmem_alloc(void)
{
	struct page *page;
	unsigned long i;

	do {
		i = find_first_zero_bit(devmem.used, devmem.pages);
		if (i >= devmem.pages)
			return NULL;
	} while (test_and_set_bit(i, devmem.used));
	page = pfn_to_page(devmem.first + i);
	compat_page_init(page, &devmem.pgmap);
	return page;
}

static void devmem_free(struct compat_freed *freed)
{
	unsigned long pfn = page_to_pfn(compat_freed_page(freed));

	clear_bit_unlock(pfn - devmem.first, devmem.used);
}

/*
 * Both fill @dst, for every page of @src that the kernel lets us move, with a new page that holds
 * the same; 0 where there is none to be had. The kernel then frees the ones it does not want.
 */
static void devmem_copy_to_device(const unsigned long *src, unsigned long *dst, unsigned long count)
{
	unsigned long i;

	for (i = 0; i < count; i++) {
		struct page *from = migrate_pfn_to_page(src[i]);
		struct page *to;

		dst[i] = 0;
		if (!(src[i] & MIGRATE_PFN_MIGRATE))
			continue;
		to = devmem_alloc();
		if (!to)
			continue;
		if (from)
			memcpy_from_page(devmem_data(to), from, 0, PAGE_SIZE);
		else /* nothing there yet, or the zero page */
			memset(devmem_data(to), 0, PAGE_SIZE);
		dst[i] = migrate_pfn(page_to_pfn(to));
	}
}

static void devmem_copy_to_ram(const unsigned long *src, unsigned long *dst, unsigned long count)
{
	unsigned long i;

	for (i = 0; i < count; i++) {
		struct page *from = migrate_pfn_to_page(src[i]);
		struct page *to;

		dst[i] = 0;
		if (!(src[i] & MIGRATE_PFN_MIGRATE) || !from || !devmem_contains(from))
			continue;
		to = alloc_page(GFP_HIGHUSER_MOVABLE);
		if (!to)
			continue;
		lock_page(to);
		memcpy_to_page(to, 0, devmem_data(from), PAGE_SIZE);
		dst[i] = migrate_pfn(page_to_pfn(to));
	}
}

/* devmem_migrate_vma() - one migration, as far as one mapping and one batch go */
static int devmem_migrate_vma(struct migrate_vma *args, bool to_device, __u64 *moved)
{
	unsigned long i;
	int ret = migrate_vma_setup(args);

	if (ret)
		return ret;
	if (to_device)
		devmem_copy_to_device(args->src, args->dst, args->npages);
	else
		devmem_copy_to_ram(args->src, args->dst, args->npages);
	migrate_vma_pages(args);
	for (i = 0; i < args->npages; i++)
		if (args->dst[i] && (args->src[i] & MIGRATE_PFN_MIGRATE))
			++*moved;
	migrate_vma_finalize(args);
	return 0;
}

int devmem_migrate(struct devmem_mirror_range *range, bool to_device)
{
	struct mm_struct *mm = current->mm;
	unsigned long address = range->address;
	unsigned long end = range->address + range->length;
	unsigned long src[BATCH], dst[BATCH];
	struct migrate_vma args = {.src = src, .dst = dst, .pgmap_owner = devmem_owner()};
	int ret = 0;

	if (devmem.kind == DEVMEM_MIRROR_NONE)
		return -EOPNOTSUPP;
	if (to_device)
		args.flags = MIGRATE_VMA_SELECT_SYSTEM;
	else if (devmem.kind == DEVMEM_MIRROR_PRIVATE)
		args.flags = MIGRATE_VMA_SELECT_DEVICE_PRIVATE;
	else
		args.flags = MIGRATE_VMA_SELECT_DEVICE_COHERENT;
	while (address < end && !ret) {
		if (fatal_signal_pending(current))
			return -EINTR;
		mmap_read_lock(mm);
		args.vma = vma_lookup(mm, address);
		if (args.vma) {
			args.start = address;
			address = min3(end, args.vma->vm_end, address + BATCH * PAGE_SIZE);
			args.end = address;
			ret = devmem_migrate_vma(&args, to_device, &range->done);
		} else {
			ret = -EFAULT;
		}
		mmap_read_unlock(mm);
	}
	return ret;
}

/* devmem_fault() - the CPU wants a page that it cannot reach: move it to RAM */
static vm_fault_t devmem_fault(struct vm_fault *vmf)
{
	unsigned long src, dst;
	struct migrate_vma args = {
		.vma = vmf->vma,
		.start = vmf->address & PAGE_MASK,
		.end = (vmf->address & PAGE_MASK) + PAGE_SIZE,
		.src = &src,
		.dst = &dst,
		.pgmap_owner = devmem_owner(),
		.flags = MIGRATE_VMA_SELECT_DEVICE_PRIVATE,
		.fault_page = vmf->page,
	};
	vm_fault_t ret = 0;

	if (migrate_vma_setup(&args))
		return VM_FAULT_SIGBUS;
	devmem_copy_to_ram(&src, &dst, 1);
	/* A page that did not want to go is no error: the CPU comes back for it. */
	if ((src & MIGRATE_PFN_MIGRATE) && !dst)
		ret = VM_FAULT_OOM;
	migrate_vma_pages(&args);
	migrate_vma_finalize(&args);
	return ret;
}

static const struct dev_pagemap_ops devmem_operations = {
	.compat_free = devmem_free,
	.migrate_to_ram = devmem_fault,
};

/* devmem_evict() - move what is left to RAM, whosever it is */
static void devmem_evict(void)
{
	unsigned long src[BATCH], dst[BATCH];
	unsigned long i;

	for (i = 0; i < devmem.pages; i += BATCH) { /* GRAIN is a multiple of it */
		if (find_next_bit(devmem.used, i + BATCH, i) >= i + BATCH)
			continue;
		migrate_device_range(src, devmem.first + i, BATCH);
		devmem_copy_to_ram(src, dst, BATCH);
		migrate_device_pages(src, dst, BATCH);
		migrate_device_finalize(src, dst, BATCH);
		cond_resched();
	}
}

/* devmem_check() - are the module's parameters good? */
static int devmem_check(unsigned long long bytes)
{
	if (!size || size > MAX_MIB || !IS_ALIGNED(bytes, GRAIN)) {
		pr_err("size=%u: not a multiple of %llu up to %u (MiB)\n", size, GRAIN / SZ_1M,
		       MAX_MIB);
		return -EINVAL;
	}
	if (!IS_ALIGNED(coherent_start, GRAIN)) {
		pr_err("coherent_start=0x%llx: not a multiple of 0x%llx\n", coherent_start, GRAIN);
		return -EINVAL;
	}
	return 0;
}

/* devmem_reserve() - physical addresses for the memory, real ones or made up */
static int devmem_reserve(unsigned long long bytes)
{
	if (coherent_start) {
		devmem.kind = DEVMEM_MIRROR_COHERENT;
		devmem.resource = request_mem_region(coherent_start, bytes, KBUILD_MODNAME);
		if (!devmem.resource) {
			pr_err("coherent_start=0x%llx: in use\n", coherent_start);
			return -EBUSY;
		}
	} else {
		devmem.kind = DEVMEM_MIRROR_PRIVATE;
		devmem.resource = request_free_mem_region(&iomem_resource, bytes, KBUILD_MODNAME);
		if (IS_ERR(devmem.resource))
			return PTR_ERR(devmem.resource);
	}
	devmem.first = PHYS_PFN(devmem.resource->start);
	devmem.pages = PHYS_PFN(bytes);
	return 0;
}

/* devmem_remap() - struct pages for the memory, and a place for what is in it */
static int devmem_remap(void)
{
	struct dev_pagemap *pgmap = &devmem.pgmap;
	bool private = devmem.kind == DEVMEM_MIRROR_PRIVATE;
	void *address;

	pgmap->type = private ? MEMORY_DEVICE_PRIVATE : MEMORY_DEVICE_COHERENT;
	pgmap->range.start = PFN_PHYS(devmem.first);
	pgmap->range.end = PFN_PHYS(devmem.first + devmem.pages) - 1;
	pgmap->nr_range = 1;
	pgmap->ops = &devmem_operations;
	pgmap->owner = devmem_owner();
	if (private) {
		devmem.data = vzalloc(devmem.pages << PAGE_SHIFT);
		if (!devmem.data)
			return -ENOMEM;
	}
	address = memremap_pages(pgmap, NUMA_NO_NODE);
	if (IS_ERR(address)) {
		if (private)
			vfree(devmem.data);
		return PTR_ERR(address);
	}
	if (!private)
		devmem.data = address;
	return 0;
}

static void devmem_unreserve(void)
{
	release_mem_region(devmem.resource->start, resource_size(devmem.resource));
}

int devmem_init(void)
{
	unsigned long long bytes = (unsigned long long)size * SZ_1M;
	int ret;

	if (!coherent_start && !IS_ENABLED(CONFIG_DEVICE_PRIVATE)) {
		pr_info("no device memory: no coherent_start=, no DEVICE_PRIVATE in this kernel\n");
		return 0;
	}
	ret = devmem_check(bytes);
	if (ret)
		return ret;
	ret = devmem_reserve(bytes);
	if (ret)
		return ret;
	devmem.used = bitmap_zalloc(devmem.pages, GFP_KERNEL);
	if (!devmem.used) {
		devmem_unreserve();
		return -ENOMEM;
	}
	ret = devmem_remap();
	if (ret) {
		bitmap_free(devmem.used);
		devmem_unreserve();
		return ret;
	}
	pr_info("%lu pages of %s device memory at %pR\n", devmem.pages,
		coherent_start ? "coherent" : "private", devmem.resource);
	return 0;
}

void devmem_exit(void)
{
	unsigned int round;

	if (devmem.kind == DEVMEM_MIRROR_NONE)
		return;
	for (round = 0; !bitmap_empty(devmem.used, devmem.pages); round++) {
		devmem_evict();
		if (round == EVICT_ROUNDS)
			pr_err("leak: %u device pages do not come back\n",
			       bitmap_weight(devmem.used, devmem.pages));
		if (!bitmap_empty(devmem.used, devmem.pages))
			msleep(EVICT_PAUSE_MS);
	}
	/* Waits until the last callback is through. */
	memunmap_pages(&devmem.pgmap);
	if (devmem.kind == DEVMEM_MIRROR_PRIVATE)
		vfree(devmem.data);
	bitmap_free(devmem.used);
	devmem_unreserve();
}
