// SPDX-License-Identifier: GPL-2.0
/* The mirror alone: what the CPU and the device see of each other, whatever memory there is. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "exerciser.h"

bool test_bad_ranges(struct context *context)
{
	struct area area;
	unsigned char byte, *memory = map(NULL, 3 * PAGE, 0);
	int fd = context->fd;

	CHECK(ranged(fd, DEVMEM_MIRROR_IOC_MIRROR, memory + 1, PAGE, NULL, NULL) == EINVAL);
	CHECK(ranged(fd, DEVMEM_MIRROR_IOC_MIRROR, memory, PAGE + 1, NULL, NULL) == EINVAL);
	CHECK(ranged(fd, DEVMEM_MIRROR_IOC_MIRROR, memory, 0, NULL, NULL) == EINVAL);
	CHECK(ranged(fd, DEVMEM_MIRROR_IOC_MIRROR, memory, -PAGE, NULL, NULL) == EINVAL);
	CHECK(ranged(fd, DEVMEM_MIRROR_IOC_MIRROR, (void *)-PAGE, PAGE, NULL, NULL) == EINVAL);
	CHECK(ranged(fd, DEVMEM_MIRROR_IOC_READ, memory, 1, &byte, NULL) == EINVAL);
	area_over(&area, memory + PAGE, PAGE);
	fd = area.fd;
	CHECK(ranged(fd, DEVMEM_MIRROR_IOC_MIRROR, memory, PAGE, NULL, NULL) == EBUSY);
	CHECK(ranged(fd, DEVMEM_MIRROR_IOC_READ, memory + PAGE - 1, 1, &byte, NULL) == EINVAL);
	CHECK(ranged(fd, DEVMEM_MIRROR_IOC_READ, memory + 2 * PAGE, 1, &byte, NULL) == EINVAL);
	CHECK(ranged(fd, DEVMEM_MIRROR_IOC_READ, memory + PAGE, 0, &byte, NULL) == EINVAL);
	CHECK(ranged(fd, DEVMEM_MIRROR_IOC_READ, memory + PAGE, PAGE + 1, &byte, NULL) == EINVAL);
	CHECK(ranged(fd, DEVMEM_MIRROR_IOC_READ, memory + PAGE, SIZE_MAX, &byte, NULL) == EINVAL);
	CHECK(ranged(fd, DEVMEM_MIRROR_IOC_SNAPSHOT, memory + PAGE, 1, &byte, NULL) == EINVAL);
	CHECK(ranged(fd, DEVMEM_MIRROR_IOC_TO_DEVICE, memory + PAGE, 1, NULL, NULL) == EINVAL);
	CHECK(ranged(fd, DEVMEM_MIRROR_IOC_TO_RAM, memory, PAGE, NULL, NULL) == EINVAL);
	CHECK(ioctl(fd, _IO('D', 0x7f)) == -1 && errno == ENOTTY);
	CHECK(ioctl(fd, DEVMEM_MIRROR_IOC_READ, NULL) == -1 && errno == EFAULT);
	CHECK(ranged(fd, DEVMEM_MIRROR_IOC_READ, memory + PAGE, 1, NULL, NULL) == EFAULT);
	CHECK(ranged(fd, DEVMEM_MIRROR_IOC_WRITE, memory + PAGE, 1, NULL, NULL) == EFAULT);
	CHECK(ranged(fd, DEVMEM_MIRROR_IOC_SNAPSHOT, memory + PAGE, PAGE, NULL, NULL) == EFAULT);
	close(fd);
	munmap(memory, 3 * PAGE);
	return true;
}

bool test_read(struct context *context)
{
	struct area area;
	unsigned char buffer[100];
	uint64_t done;

	(void)context;
	area_init(&area, 200);
	fill(area.memory, area.length, 1);
	CHECK(mirror_filled(&area, 1));
	CHECK(ranged(area.fd, DEVMEM_MIRROR_IOC_READ, area.memory + 3 * PAGE - 50, 100, buffer,
		     &done) == 0);
	CHECK(done == 100 && !memcmp(buffer, area.memory + 3 * PAGE - 50, 100));
	area.memory[3 * PAGE] ^= 0xff; /* the device is told of nothing, and sees it all the same */
	CHECK(mirror_read(&area, 3 * PAGE, buffer, 1) == 0 && buffer[0] == area.memory[3 * PAGE]);
	area_release(&area);
	return true;
}

bool test_write(struct context *context)
{
	struct area area;
	unsigned char *buffer = map(NULL, 2 * PAGE, 0);

	(void)context;
	area_init(&area, PAGES);
	fill(area.memory, area.length, 2);
	fill(buffer, 2 * PAGE, 3);
	CHECK(mirror_write(&area, 2 * PAGE + 9, buffer, 2 * PAGE) == 0);
	CHECK(!memcmp(area.memory + 2 * PAGE + 9, buffer, 2 * PAGE));
	CHECK(filled(area.memory, 2 * PAGE + 9, 2));
	fill(area.memory + 2 * PAGE + 9, 2 * PAGE, 0);
	fill(buffer, 2 * PAGE, 2);
	CHECK(mirror_read(&area, 0, buffer, PAGE) == 0 && filled(buffer, PAGE, 2));
	munmap(buffer, 2 * PAGE);
	area_release(&area);
	return true;
}

bool test_snapshot(struct context *context)
{
	struct area area;
	unsigned char byte = 1;

	(void)context;
	area_init(&area, PAGES);
	CHECK(count(&area, VALID) == 0);
	CHECK(mirror_read(&area, 0, &byte, 1) == 0 && byte == 0);
	CHECK(count(&area, VALID) >= 1 && count(&area, VALID | WRITABLE) == 0);
	byte = 5;
	CHECK(mirror_write(&area, 0, &byte, 1) == 0 && area.memory[0] == 5);
	CHECK(count(&area, VALID | WRITABLE) >= 1);
	CHECK(count(&area, DEVICE) == 0);
	munmap(area.memory, PAGE);
	CHECK(count(&area, DEVMEM_MIRROR_PAGE_ERROR) == 1);
	area_release(&area);
	return true;
}

bool test_munmap(struct context *context)
{
	struct area area;
	unsigned char *buffer = map(NULL, PAGES * PAGE, 0);
	uint64_t done;

	(void)context;
	area_init(&area, PAGES);
	fill(area.memory, area.length, 4);
	CHECK(mirror_filled(&area, 4));
	munmap(area.memory + 3 * PAGE, PAGE);
	CHECK(ranged(area.fd, DEVMEM_MIRROR_IOC_READ, area.memory, area.length, buffer, &done) ==
	      EFAULT);
	CHECK(done == 3 * PAGE && filled(buffer, done, 4));
	CHECK(ranged(area.fd, DEVMEM_MIRROR_IOC_WRITE, area.memory + PAGE, 3 * PAGE, buffer,
		     &done) == EFAULT);
	CHECK(done == 2 * PAGE);
	map(area.memory + 3 * PAGE, PAGE, MAP_FIXED);
	CHECK(mirror_read(&area, 3 * PAGE, buffer, PAGE) == 0);
	for (size_t i = 0; i < PAGE; i++)
		CHECK(buffer[i] == 0);
	CHECK(madvise(area.memory + 5 * PAGE, PAGE, MADV_DONTNEED) == 0);
	CHECK(mirror_read(&area, 5 * PAGE, buffer, 1) == 0 && buffer[0] == 0);
	munmap(buffer, PAGES * PAGE);
	area_release(&area);
	return true;
}

bool test_mprotect(struct context *context)
{
	struct area area;
	unsigned char byte = 1;

	(void)context;
	area_init(&area, PAGES);
	fill(area.memory, area.length, 5);
	CHECK(mirror_write(&area, 0, area.memory, area.length) == 0);
	CHECK(mprotect(area.memory, area.length, PROT_READ) == 0);
	CHECK(mirror_write(&area, PAGE, &byte, 1) == EPERM);
	CHECK(mirror_filled(&area, 5));
	CHECK(mprotect(area.memory, area.length, PROT_NONE) == 0);
	CHECK(mirror_read(&area, PAGE, &byte, 1) == EFAULT);
	CHECK(mprotect(area.memory, area.length, PROT_READ | PROT_WRITE) == 0);
	CHECK(mirror_filled(&area, 5) && filled(area.memory, area.length, 5));
	CHECK(mirror_write(&area, PAGE, &byte, 1) == 0);
	area_release(&area);
	return true;
}

bool test_mremap(struct context *context)
{
	struct area area;
	unsigned char byte, *elsewhere = map(NULL, PAGES * PAGE, 0);

	area_init(&area, PAGES);
	fill(area.memory, area.length, 6);
	CHECK(mirror_filled(&area, 6));
	CHECK(context->kind == DEVMEM_MIRROR_NONE || all_to_device(&area));
	CHECK(mremap(area.memory, area.length, area.length, MREMAP_MAYMOVE | MREMAP_FIXED,
		     elsewhere) == elsewhere);
	CHECK(mirror_read(&area, 0, &byte, 1) == EFAULT);
	CHECK(mremap(elsewhere, area.length, area.length, MREMAP_MAYMOVE | MREMAP_FIXED,
		     area.memory) == area.memory);
	CHECK(mirror_filled(&area, 6) && filled(area.memory, area.length, 6));
	area_release(&area);
	return true;
}

bool test_fork(struct context *context)
{
	struct area area;

	(void)context;
	area_init(&area, PAGES);
	fill(area.memory, area.length, 7);
	CHECK(mirror_filled(&area, 7));
	CHECK(fork_keeps(&area, 7));
	CHECK(fork_parts(&area, 7));
	area_release(&area);
	return true;
}

bool test_shared_file(struct context *context)
{
	struct area area;
	int fd = memfd_create("exerciser", MFD_CLOEXEC);
	unsigned char byte = 9, *memory, *second;

	need(fd >= 0 && ftruncate(fd, (off_t)(PAGES * PAGE)) == 0, "memfd");
	memory = mmap(NULL, PAGES * PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	second = mmap(NULL, PAGES * PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	need(memory != MAP_FAILED && second != MAP_FAILED, "mmap");
	area_over(&area, memory, PAGES * PAGE);
	fill(second, area.length, 8);
	CHECK(mirror_filled(&area, 8));
	CHECK(mirror_write(&area, PAGE, &byte, 1) == 0 && second[PAGE] == 9);
	if (context->kind != DEVMEM_MIRROR_NONE) {
		part(&area, DEVMEM_MIRROR_IOC_TO_DEVICE, 0, area.length, NULL);
		CHECK(count(&area, DEVICE) == 0 && used(context) == 0);
		CHECK(second[PAGE] == 9 && memory[PAGE] == 9);
	}
	munmap(second, area.length);
	close(fd);
	area_release(&area);
	return true;
}

/* Faults of this page bring in its neighbors, which may be going away at that moment. */
static void *fault_neighbors(void *argument)
{
	const struct area *area = argument;
	unsigned char byte = 1;

	while (byte) {
		madvise(area->memory, PAGE, MADV_DONTNEED);
		if (mirror_read(area, 0, &byte, 1))
			break;
		byte = !area->memory[2 * PAGE];
	}
	return NULL;
}

bool test_race(struct context *context)
{
	struct area area;
	pthread_t thread;
	unsigned int seen, i;

	(void)context;
	area_init(&area, 3);
	errno = pthread_create(&thread, NULL, fault_neighbors, &area);
	need(errno == 0, "pthread_create");
	for (i = 1; i <= 2000; i++) {
		volatile unsigned int *word = (unsigned int *)(area.memory + PAGE);

		madvise(area.memory + PAGE, PAGE, MADV_DONTNEED);
		*word = i;
		if (mirror_read(&area, PAGE, &seen, sizeof(seen)) || seen != i)
			break;
	}
	*(volatile unsigned char *)(area.memory + 2 * PAGE) = 1;
	pthread_join(thread, NULL);
	area_release(&area);
	CHECK(i == 2001);
	return true;
}

static bool pfn_errors(const void *memory)
{
	struct devmem_mirror_pfn lookup = {.address = (uintptr_t)memory};
	int fd = open(DEVMEM_MIRROR_PATH, O_RDWR | O_CLOEXEC);

	need(fd >= 0, DEVMEM_MIRROR_PATH);
	CHECK(ioctl(fd, DEVMEM_MIRROR_IOC_PFN, NULL) == -1 && errno == EFAULT);
	CHECK(mmap(NULL, PAGE, PROT_READ, MAP_PRIVATE, fd, 0) == MAP_FAILED && errno == EINVAL);
	CHECK(mmap(NULL, 2 * PAGE, PROT_READ, MAP_SHARED, fd, 0) == MAP_FAILED && errno == EINVAL);
	CHECK(setresuid(65534, 65534, 65534) == 0);
	CHECK(ioctl(fd, DEVMEM_MIRROR_IOC_PFN, &lookup) == -1 && errno == EPERM);
	CHECK(mmap(NULL, PAGE, PROT_READ, MAP_SHARED, fd, 0) == MAP_FAILED && errno == EPERM);
	return true;
}

bool test_pfn(struct context *context)
{
	int second = open(DEVMEM_MIRROR_PATH, O_RDWR | O_CLOEXEC);
	uint64_t *one = mmap(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, context->fd, 0);
	uint64_t *two = mmap(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, second, 0);
	unsigned char *plain = map(NULL, PAGE, 0), byte;
	struct devmem_mirror_pfn lookup = {.address = (uintptr_t)one + 5};
	struct area area;
	pid_t child;

	need(second >= 0 && one != MAP_FAILED && two != MAP_FAILED, "mmap of the device");
	close(second); /* the mapping holds the file */
	CHECK(ioctl(context->fd, DEVMEM_MIRROR_IOC_PFN, &lookup) == 0);
	CHECK(lookup.pfn && lookup.pfn == *one && *one != *two);
	lookup.address = (uintptr_t)two;
	CHECK(ioctl(context->fd, DEVMEM_MIRROR_IOC_PFN, &lookup) == 0 && lookup.pfn == *two);
	lookup.address = (uintptr_t)plain;
	CHECK(ioctl(context->fd, DEVMEM_MIRROR_IOC_PFN, &lookup) == -1 && errno == EINVAL);
	munmap(plain, PAGE);
	CHECK(ioctl(context->fd, DEVMEM_MIRROR_IOC_PFN, &lookup) == -1 && errno == EFAULT);
	area_over(&area, one, PAGE); /* frames without a struct page are not for the mirror */
	CHECK(mirror_read(&area, 0, &byte, 1) == EFAULT);
	CHECK(context->kind == DEVMEM_MIRROR_NONE ||
	      part(&area, DEVMEM_MIRROR_IOC_TO_DEVICE, 0, PAGE, NULL) == EINVAL);
	child = child_of_ours();
	if (!child)
		_exit(!pfn_errors(one));
	CHECK(exited(child));
	munmap(two, PAGE);
	area_release(&area);
	return true;
}
