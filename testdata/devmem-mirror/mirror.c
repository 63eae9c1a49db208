// SPDX-License-Identifier: GPL-2.0
/*
 * The mirror: the device's page table is filled by hmm_range_fault() and emptied by the interval
 * notifier. An entry holds no reference to its page. It may be used under the mirror's lock
 * alone: the notifier takes the same lock, and the kernel waits for the notifier before it takes
 * the page away.
 */
#include <linux/hmm.h>
#include <linux/sched/mm.h>
#include <linux/sched/signal.h>
#include <linux/slab.h>
#include <linux/uaccess.h>

#include "devmem_mirror.h"

/* Tag of a table entry whose page may be written to. */
#define MIRROR_WRITE 1

/* For the copy of a page that is taken away again and again. */
#define COPY_TIMEOUT (10 * HZ)

static bool mirror_invalidate(struct mmu_interval_notifier *notifier,
			      const struct mmu_notifier_range *range, unsigned long sequence)
{
	struct mirror *mirror = container_of(notifier, struct mirror, notifier);
	unsigned long last = (range->end - 1) >> PAGE_SHIFT;
	unsigned long index;
	void *entry;

	if (mmu_notifier_range_blockable(range))
		mutex_lock(&mirror->lock);
	else if (!mutex_trylock(&mirror->lock))
		return false;
	mmu_interval_set_seq(notifier, sequence);
	xa_for_each_range(&mirror->table, index, entry, range->start >> PAGE_SHIFT, last)
		xa_erase(&mirror->table, index);
	mutex_unlock(&mirror->lock);
	return true;
}

static const struct mmu_interval_notifier_ops mirror_notifier = {
	.invalidate = mirror_invalidate,
};

void mirror_init(struct mirror *mirror)
{
	mirror->mm = current->mm;
	mmgrab(mirror->mm);
	mutex_init(&mirror->setup);
	mutex_init(&mirror->lock);
	xa_init(&mirror->table);
}

void mirror_release(struct mirror *mirror)
{
	if (mirror->end)
		mmu_interval_notifier_remove(&mirror->notifier);
	xa_destroy(&mirror->table);
	mmdrop(mirror->mm);
}

int mirror_set(struct mirror *mirror, const struct devmem_mirror_range *range)
{
	int ret = -EBUSY;

	if (!range->length || !PAGE_ALIGNED(range->address | range->length) ||
	    !access_ok(u64_to_user_ptr(range->address), range->length))
		return -EINVAL;
	mutex_lock(&mirror->setup);
	if (!mirror->end) {
		mirror->start = range->address;
		ret = mmu_interval_notifier_insert(&mirror->notifier, mirror->mm, range->address,
						   range->length, &mirror_notifier);
		if (!ret)
			smp_store_release(&mirror->end, range->address + range->length);
	}
	mutex_unlock(&mirror->setup);
	return ret;
}

/*
 * mirror_walk() - see what the CPU maps, at one moment
 * @start, @end: whole pages, BATCH at most
 * @flags: HMM_PFN_REQ_*, or 0 to fault nothing
 * @pfns: out, one a page
 *
 * Return: 0 with the lock held, under which @pfns are true; or a negative error, without it.
 */
static int mirror_walk(struct mirror *mirror, unsigned long start, unsigned long end,
		       unsigned long flags, unsigned long *pfns)
{
	unsigned long timeout = jiffies + msecs_to_jiffies(HMM_RANGE_DEFAULT_TIMEOUT);
	struct hmm_range range = {
		.notifier = &mirror->notifier,
		.start = start,
		.end = end,
		.hmm_pfns = pfns,
		.default_flags = flags,
		.dev_private_owner = devmem_owner(),
	};
	int ret;

	do {
		range.notifier_seq = mmu_interval_read_begin(range.notifier);
		mmap_read_lock(mirror->mm);
		ret = hmm_range_fault(&range);
		mmap_read_unlock(mirror->mm);
		if (ret == -EBUSY)
			continue;
		if (ret)
			return ret;
		mutex_lock(&mirror->lock);
		if (!mmu_interval_read_retry(range.notifier, range.notifier_seq))
			return 0;
		mutex_unlock(&mirror->lock);
	} while (!time_after(jiffies, timeout) && !fatal_signal_pending(current));
	return -EBUSY;
}

/*
 * mirror_unshare() - let the CPU have a page, so that it may copy it on write
 *
 * hmm_range_fault() reports our own private pages as they are, even if a write was asked for, and
 * never copies them. In RAM, the page is one like any other.
 */
static int mirror_unshare(unsigned long address)
{
	struct devmem_mirror_range range = {.address = address, .length = PAGE_SIZE};

	return devmem_migrate(&range, false);
}

/*
 * mirror_fault() - bring pages within reach of the CPU, and into the device's page table
 *
 * Return: 0 or a negative error. Even after 0 the first page may be missing, or not writable; it
 * has to be asked for again.
 */
static int mirror_fault(struct mirror *mirror, unsigned long start, unsigned long end, bool write)
{
	unsigned long flags = HMM_PFN_REQ_FAULT | (write ? HMM_PFN_REQ_WRITE : 0);
	unsigned long pfns[BATCH];
	unsigned long i;
	int ret = mirror_walk(mirror, start, end, flags, pfns);

	if (ret)
		return ret;
	for (i = 0; i < (end - start) >> PAGE_SHIFT && !ret; i++) {
		bool writable = pfns[i] & HMM_PFN_WRITE;
		void *entry = xa_tag_pointer(hmm_pfn_to_page(pfns[i]), writable ? MIRROR_WRITE : 0);

		/* GFP_KERNEL could wait for our own notifier, and that for our lock. */
		ret = xa_err(xa_store(&mirror->table, (start >> PAGE_SHIFT) + i, entry,
				      GFP_ATOMIC | __GFP_NOWARN));
	}
	mutex_unlock(&mirror->lock);
	if (!ret && write && !(pfns[0] & HMM_PFN_WRITE))
		ret = mirror_unshare(start);
	return ret;
}

/* mirror_access() - copy within one page, if it is in the device's page table */
static bool mirror_access(struct mirror *mirror, unsigned long address, void *data, size_t length,
			  bool write)
{
	void *entry;
	bool hit;

	mutex_lock(&mirror->lock);
	entry = xa_load(&mirror->table, address >> PAGE_SHIFT);
	hit = entry && (!write || xa_pointer_tag(entry) == MIRROR_WRITE);
	if (hit && write)
		devmem_write(xa_untag_pointer(entry), offset_in_page(address), data, length);
	else if (hit)
		devmem_read(data, xa_untag_pointer(entry), offset_in_page(address), length);
	mutex_unlock(&mirror->lock);
	return hit;
}

/* mirror_copy_page() - copy within one page, which is faulted as often as it takes */
static int mirror_copy_page(struct mirror *mirror, unsigned long address, void *data, size_t length,
			    bool write)
{
	unsigned long start = address & PAGE_MASK;
	unsigned long end = min(mirror->end, start + BATCH * PAGE_SIZE);
	unsigned long timeout = jiffies + COPY_TIMEOUT;
	int ret;

	while (!mirror_access(mirror, address, data, length, write)) {
		if (time_after(jiffies, timeout) || fatal_signal_pending(current))
			return -EBUSY;
		ret = mirror_fault(mirror, start, end, write);
		if (ret && end - start > PAGE_SIZE)
			end = start + PAGE_SIZE; /* it may be another page that is at fault */
		else if (ret)
			return ret;
	}
	return 0;
}

int mirror_copy(struct mirror *mirror, struct devmem_mirror_range *range, bool write)
{
	void *page = (void *)__get_free_page(GFP_KERNEL);
	int ret = page ? 0 : -ENOMEM;

	while (!ret && range->done < range->length) {
		unsigned long address = range->address + range->done;
		void __user *buffer = u64_to_user_ptr(range->buffer + range->done);
		size_t length = min_t(u64, PAGE_SIZE - offset_in_page(address),
				      range->length - range->done);

		if (write && copy_from_user(page, buffer, length))
			ret = -EFAULT;
		if (!ret)
			ret = mirror_copy_page(mirror, address, page, length, write);
		if (!ret && !write && copy_to_user(buffer, page, length))
			ret = -EFAULT;
		if (!ret)
			range->done += length;
	}
	free_page((unsigned long)page);
	return ret;
}

static u8 mirror_page_flags(unsigned long pfn)
{
	u8 flags = DEVMEM_MIRROR_PAGE_VALID;

	if (pfn & HMM_PFN_ERROR)
		return DEVMEM_MIRROR_PAGE_ERROR;
	if (!(pfn & HMM_PFN_VALID))
		return 0;
	if (pfn & HMM_PFN_WRITE)
		flags |= DEVMEM_MIRROR_PAGE_WRITE;
	if (devmem_contains(hmm_pfn_to_page(pfn)))
		flags |= DEVMEM_MIRROR_PAGE_DEVICE;
	return flags;
}

int mirror_snapshot(struct mirror *mirror, struct devmem_mirror_range *range)
{
	unsigned long pages = range->length >> PAGE_SHIFT;
	unsigned long pfns[BATCH];
	u8 flags[BATCH];

	while (range->done < pages) {
		unsigned long start = range->address + (range->done << PAGE_SHIFT);
		unsigned long count = min_t(u64, pages - range->done, BATCH);
		unsigned long i;
		int ret;

		memset(pfns, 0, sizeof(pfns)); /* on input: no page is asked for */
		ret = mirror_walk(mirror, start, start + (count << PAGE_SHIFT), 0, pfns);
		if (ret)
			return ret;
		for (i = 0; i < count; i++)
			flags[i] = mirror_page_flags(pfns[i]);
		mutex_unlock(&mirror->lock);
		if (copy_to_user(u64_to_user_ptr(range->buffer + range->done), flags, count))
			return -EFAULT;
		range->done += count;
	}
	return 0;
}
