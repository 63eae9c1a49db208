// SPDX-License-Identifier: GPL-2.0
/* Migration: where pages are, what is in them, and whether the device gets its own back. */
#define _GNU_SOURCE
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>

#include "exerciser.h"

bool test_no_memory(struct context *context)
{
	struct area area;

	if (context->kind != DEVMEM_MIRROR_NONE)
		return true;
	area_init(&area, PAGES);
	CHECK(part(&area, DEVMEM_MIRROR_IOC_TO_DEVICE, 0, PAGE, NULL) == EOPNOTSUPP);
	CHECK(part(&area, DEVMEM_MIRROR_IOC_TO_RAM, 0, PAGE, NULL) == EOPNOTSUPP);
	area_release(&area);
	return true;
}

bool test_to_device(struct context *context)
{
	struct area area;
	uint64_t moved, done = 0;

	area_init(&area, 2 * PAGES);
	fill(area.memory, area.length, 20);
	CHECK(ranged(area.fd, DEVMEM_MIRROR_IOC_TO_DEVICE, area.memory, area.length, NULL,
		     &moved) == 0);
	CHECK(moved == (uint64_t)count(&area, VALID | DEVICE));
	CHECK(used(context) == moved);
	CHECK(all_to_device(&area));
	CHECK(used(context) == 2 * PAGES);
	CHECK(mirror_filled(&area, 20));
	CHECK(count(&area, VALID | DEVICE) == 2 * PAGES); /* reading does not bring them back */
	CHECK(ranged(area.fd, DEVMEM_MIRROR_IOC_TO_DEVICE, area.memory, area.length, NULL, &done) ==
	      0);
	CHECK(done == 0);
	CHECK(filled(area.memory, area.length, 20));
	area_release(&area);
	CHECK(comes_down_to(context, 0));
	return true;
}

bool test_device_write(struct context *context)
{
	struct area area;
	unsigned char *buffer = map(NULL, PAGES * PAGE, 0);

	(void)context;
	area_init(&area, PAGES);
	fill(area.memory, area.length, 21);
	CHECK(all_to_device(&area));
	fill(buffer, area.length, 22);
	CHECK(mirror_write(&area, 0, buffer, area.length) == 0);
	CHECK(count(&area, VALID | WRITABLE | DEVICE) == PAGES);
	CHECK(mirror_filled(&area, 22));
	CHECK(filled(area.memory, area.length, 22));
	munmap(buffer, PAGES * PAGE);
	area_release(&area);
	return true;
}

bool test_cpu_access(struct context *context)
{
	struct area area;
	long stays = context->kind == DEVMEM_MIRROR_COHERENT ? PAGES : PAGES - 2;
	volatile unsigned char *memory;

	area_init(&area, PAGES);
	memory = area.memory;
	fill(area.memory, area.length, 23);
	CHECK(all_to_device(&area));
	CHECK(memory[2 * PAGE] == memory[2 * PAGE]);
	memory[5 * PAGE] = memory[5 * PAGE];
	CHECK(count(&area, VALID | DEVICE) == stays);
	CHECK(used(context) == (uint64_t)stays);
	CHECK(mirror_filled(&area, 23));
	CHECK(filled(area.memory, area.length, 23));
	CHECK(count(&area, VALID | DEVICE) ==
	      (context->kind == DEVMEM_MIRROR_COHERENT ? PAGES : 0));
	area_release(&area);
	return true;
}

bool test_to_ram(struct context *context)
{
	struct area area;
	uint64_t moved = 0;

	area_init(&area, PAGES);
	fill(area.memory, area.length, 24);
	CHECK(all_to_device(&area));
	CHECK(ranged(area.fd, DEVMEM_MIRROR_IOC_TO_RAM, area.memory + PAGE, PAGE, NULL, &moved) ==
	      0);
	CHECK(moved <= 1 && count(&area, DEVICE) == PAGES - (long)moved);
	CHECK(all_to_ram(&area));
	CHECK(used(context) == 0);
	CHECK(count(&area, VALID) == PAGES);
	CHECK(mirror_filled(&area, 24) && filled(area.memory, area.length, 24));
	CHECK(all_to_device(&area) && mirror_filled(&area, 24)); /* and again */
	CHECK(all_to_ram(&area) && filled(area.memory, area.length, 24));
	area_release(&area);
	return true;
}

bool test_untouched(struct context *context)
{
	struct area area;
	unsigned char *buffer = map(NULL, PAGES * PAGE, 0);
	volatile unsigned char *memory;

	(void)context;
	area_init(&area, PAGES);
	memory = area.memory;
	CHECK(memory[PAGE] == 0); /* this one is the zero page now */
	memset(buffer, 1, area.length);
	CHECK(all_to_device(&area));
	CHECK(mirror_read(&area, 0, buffer, area.length) == 0);
	for (size_t i = 0; i < area.length; i++)
		CHECK(buffer[i] == 0 && memory[i] == 0);
	munmap(buffer, PAGES * PAGE);
	area_release(&area);
	return true;
}

bool test_device_fork(struct context *context)
{
	struct area area;

	area_init(&area, PAGES);
	fill(area.memory, area.length, 25);
	CHECK(all_to_device(&area));
	CHECK(fork_keeps(&area, 25));
	CHECK(all_to_device(&area));
	CHECK(fork_parts(&area, 25));
	CHECK(all_to_device(&area) && mirror_filled(&area, 26));
	area_release(&area);
	CHECK(comes_down_to(context, 0));
	return true;
}

bool test_device_munmap(struct context *context)
{
	struct area area;

	area_init(&area, PAGES);
	fill(area.memory, area.length, 27);
	CHECK(all_to_device(&area));
	munmap(area.memory + 4 * PAGE, 3 * PAGE);
	CHECK(comes_down_to(context, PAGES - 3));
	CHECK(madvise(area.memory, PAGE, MADV_DONTNEED) == 0 && area.memory[0] == 0);
	CHECK(comes_down_to(context, PAGES - 4));
	close(area.fd); /* the pages are the process's, not the mirror's */
	CHECK(used(context) == PAGES - 4);
	munmap(area.memory, area.length);
	CHECK(comes_down_to(context, 0));
	return true;
}

bool test_device_mprotect(struct context *context)
{
	struct area area;
	unsigned char byte = 0;

	(void)context;
	area_init(&area, PAGES);
	fill(area.memory, area.length, 28);
	CHECK(all_to_device(&area));
	CHECK(mprotect(area.memory, area.length, PROT_READ) == 0);
	CHECK(mirror_write(&area, 0, &byte, 1) == EPERM);
	CHECK(mirror_filled(&area, 28));
	CHECK(filled(area.memory, area.length, 28));
	CHECK(all_to_device(&area)); /* pages that may only be read migrate as well */
	CHECK(mprotect(area.memory, area.length, PROT_READ | PROT_WRITE) == 0);
	CHECK(mirror_write(&area, 0, &byte, 1) == 0 && area.memory[0] == 0);
	area_release(&area);
	return true;
}

bool test_huge(struct context *context)
{
	size_t huge = 512 * PAGE;
	unsigned char *memory = map(NULL, 2 * huge, 0), *aligned;
	struct area area;

	(void)context;
	aligned = (unsigned char *)(((uintptr_t)memory + huge - 1) & ~(huge - 1));
	madvise(aligned, huge, MADV_HUGEPAGE); /* as the kernel likes; it works without */
	area_over(&area, aligned, huge);
	fill(aligned, huge, 29);
	CHECK(all_to_device(&area));
	CHECK(mirror_filled(&area, 29));
	CHECK(all_to_ram(&area));
	CHECK(filled(aligned, huge, 29));
	close(area.fd);
	munmap(memory, 2 * huge);
	return true;
}

bool test_full(struct context *context)
{
	struct area area;
	uint64_t moved = 0;

	area_init(&area, context->device_pages + 2 * PAGES);
	fill(area.memory, area.length, 30);
	for (int i = 0; i < 100 && used(context) < context->device_pages; i++)
		CHECK(part(&area, DEVMEM_MIRROR_IOC_TO_DEVICE, 0, area.length, NULL) == 0);
	CHECK(used(context) == context->device_pages);
	CHECK(count(&area, DEVICE) == (long)context->device_pages);
	CHECK(ranged(area.fd, DEVMEM_MIRROR_IOC_TO_DEVICE, area.memory, area.length, NULL,
		     &moved) == 0);
	CHECK(moved == 0);
	CHECK(mirror_filled(&area, 30));
	CHECK(filled(area.memory, area.length, 30));
	area_release(&area);
	CHECK(comes_down_to(context, 0));
	return true;
}

bool test_holes(struct context *context)
{
	struct area area;
	uint64_t moved;

	area_init(&area, PAGES);
	fill(area.memory, area.length, 31);
	munmap(area.memory + 5 * PAGE, PAGE);
	CHECK(ranged(area.fd, DEVMEM_MIRROR_IOC_TO_DEVICE, area.memory, area.length, NULL,
		     &moved) == EFAULT);
	CHECK(moved <= 5 && used(context) == moved);
	CHECK(ranged(area.fd, DEVMEM_MIRROR_IOC_TO_RAM, area.memory + 5 * PAGE, PAGE, NULL,
		     &moved) == EFAULT);
	CHECK(filled(area.memory, 5 * PAGE, 31));
	area_release(&area);
	return true;
}

/* Migrates its own memory to and fro, until it finds it changed. */
static bool migrates(unsigned int salt, unsigned int rounds)
{
	struct area area;

	area_init(&area, PAGES);
	fill(area.memory, area.length, salt);
	for (unsigned int i = 0; i < rounds; i++) {
		CHECK(part(&area, DEVMEM_MIRROR_IOC_TO_DEVICE, 0, area.length, NULL) == 0);
		CHECK(i % 2 || mirror_filled(&area, salt));
		CHECK(filled(area.memory, area.length, salt));
	}
	return true; /* the rest is for exit() to release */
}

bool test_processes(struct context *context)
{
	pid_t first = child_of_ours(), second;

	if (!first)
		_exit(!migrates(32, 50));
	second = child_of_ours();
	if (!second)
		_exit(!migrates(33, 50));
	CHECK(exited(first));
	CHECK(exited(second));
	CHECK(comes_down_to(context, 0));
	return true;
}

bool test_kill(struct context *context)
{
	for (useconds_t delay = 1000; delay < 200000; delay *= 2) {
		pid_t child = child_of_ours();
		int status;

		if (!child)
			_exit(!migrates(34, ~0u));
		usleep(delay);
		CHECK(kill(child, SIGKILL) == 0);
		CHECK(waitpid(child, &status, 0) == child);
		CHECK(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
	}
	CHECK(comes_down_to(context, 0));
	return true;
}
