/* SPDX-License-Identifier: GPL-2.0 */
/* What differs between kernels; Kbuild finds out which of the HAVE_ are there. */
#ifndef DEVMEM_MIRROR_COMPAT_H
#define DEVMEM_MIRROR_COMPAT_H

#include <linux/memremap.h>
#include <linux/mm.h>

#if !IS_ENABLED(CONFIG_HMM_MIRROR) || !IS_ENABLED(CONFIG_DEVICE_MIGRATION)
#error "this kernel has no HMM_MIRROR or no DEVICE_MIGRATION"
#endif

/* The callback for a device page that nobody uses any more had a page, and has a folio. */
#ifdef HAVE_FOLIO_FREE
#define compat_free		 folio_free
#define compat_freed		 folio
#define compat_freed_page(folio) folio_page(folio, 0)
#else
#define compat_free		page_free
#define compat_freed		page
#define compat_freed_page(page) (page)
#endif

/**
 * compat_page_init() - make a free device page a used one: one reference, locked
 * @page: the page
 * @pgmap: where it is from
 */
static inline void compat_page_init(struct page *page, struct dev_pagemap *pgmap)
{
#ifdef HAVE_PAGE_INIT_PGMAP
	zone_device_page_init(page, pgmap, 0);
#else
	zone_device_page_init(page);
#endif
}

/**
 * compat_follow_pfn() - the page frame that is mapped at an address
 * @vma: a mapping of bare page frames; the caller holds the mmap lock
 * @address: an address within it
 * @pfn: out
 *
 * Return: 0 or a negative error. The frame is the caller's as long as the mmap lock is, and no
 * longer: nothing holds a reference to it.
 */
static inline int compat_follow_pfn(struct vm_area_struct *vma, unsigned long address,
				    unsigned long *pfn)
{
#ifdef HAVE_FOLLOW_PFNMAP
	struct follow_pfnmap_args args = {.vma = vma, .address = address};
	int ret = follow_pfnmap_start(&args);

	if (ret)
		return ret;
	*pfn = args.pfn;
	follow_pfnmap_end(&args);
	return 0;
#else
	return follow_pfn(vma, address, pfn);
#endif
}

#endif
