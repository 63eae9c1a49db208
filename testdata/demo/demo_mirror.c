// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What a device memory driver asks of the kernel, reduced to its references: an object in the
 * shape of a kernel module (.modinfo, undefined symbols, struct module's section) that needs no
 * kernel headers to compile. It is made to be checked, not to be loaded.
 *
 * LICENSE is the MODULE_LICENSE() of the build: -DLICENSE='"GPL"' or '"Proprietary"'.
 */
#ifndef LICENSE
#error "define LICENSE, for example -DLICENSE='\"GPL\"'"
#endif

#define MODINFO_JOIN(a, b) a##b
#define MODINFO_NAME(line) MODINFO_JOIN(modinfo_, line)
#define MODINFO(tag, value)                                                                        \
	static const char MODINFO_NAME(__LINE__)[]                                                 \
		__attribute__((section(".modinfo"), used, aligned(1))) = tag "=" value

MODINFO("license", LICENSE);
MODINFO("description", "mirrors a process address space for a device");
MODINFO("author", "the ksymaudit demo");
MODINFO("depends", "");
MODINFO("name", "demo_mirror");

/* Stands for struct module: readers know a module by this section. */
unsigned char __this_module[64]
	__attribute__((section(".gnu.linkonce.this_module"), used, aligned(64))) = {0};

/* Any address will do: only the references count, so no prototype has to be right. */
#define KERNEL_FUNCTION(name) extern int name(void)

/* Mirroring: page table snapshots, and the notifier that keeps them honest. */
KERNEL_FUNCTION(hmm_range_fault);
KERNEL_FUNCTION(mmu_interval_notifier_insert);
KERNEL_FUNCTION(mmu_interval_notifier_remove);
KERNEL_FUNCTION(mmu_interval_read_begin);
/* Device memory: struct pages for it, and migration to and fro. */
KERNEL_FUNCTION(memremap_pages);
KERNEL_FUNCTION(memunmap_pages);
KERNEL_FUNCTION(migrate_vma_setup);
KERNEL_FUNCTION(migrate_vma_pages);
KERNEL_FUNCTION(migrate_vma_finalize);
/* The old way to a page frame number, and what it was replaced by. */
KERNEL_FUNCTION(follow_pfn);
/* Ordinary company. */
KERNEL_FUNCTION(kfree);
KERNEL_FUNCTION(_printk);

int init_module(void);
void cleanup_module(void);

int init_module(void)
{
	return _printk() + mmu_interval_notifier_insert() + mmu_interval_read_begin() +
	       hmm_range_fault() + memremap_pages() + migrate_vma_setup() + migrate_vma_pages() +
	       migrate_vma_finalize() + follow_pfn();
}

void cleanup_module(void)
{
	memunmap_pages();
	mmu_interval_notifier_remove();
	kfree();
}
