/* SPDX-License-Identifier: GPL-2.0 */
/* What the parts of the exerciser share. */
#ifndef EXERCISER_H
#define EXERCISER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>
#include <unistd.h>

#include "uapi.h"

#define PAGE	 ((size_t)sysconf(_SC_PAGESIZE))
#define PAGES	 16 /* of an area, where its size does not matter */
#define VALID	 DEVMEM_MIRROR_PAGE_VALID
#define WRITABLE DEVMEM_MIRROR_PAGE_WRITE
#define DEVICE	 DEVMEM_MIRROR_PAGE_DEVICE

/**
 * struct context - what the tests are given
 * @fd: the device, opened, without a mirror
 * @kind: of its memory
 * @expect: what @kind has to be, or -1
 * @device_pages: how many it has
 * @seed: of the random operations
 * @operations: how many of them
 * @keep: the FIFO of pages that outlive the driver, to be put there; or NULL
 * @kept: the same, to be asked for; or NULL
 */
struct context {
	int fd;
	enum devmem_mirror_kind kind;
	int expect;
	uint64_t device_pages;
	uint64_t seed;
	unsigned long operations;
	const char *keep, *kept;
};

/**
 * struct area - memory of this process, with a mirror over all of it
 * @fd: the mirror
 * @length: bytes, whole pages
 * @memory: where it starts
 */
struct area {
	int fd;
	size_t length;
	unsigned char *memory;
};

/* In a test, which returns whether all is well: end it here if not. */
#define CHECK(condition)                                                                           \
	do {                                                                                       \
		if (!(condition))                                                                  \
			return complain(__FILE__, __LINE__, #condition);                           \
	} while (0)

/* complain() - print a TAP diagnostic, and errno; false */
bool complain(const char *file, int line, const char *text);

/* need() - give up, with errno, unless @condition: no test makes sense without it */
void need(bool condition, const char *what);

/* ranged() - an ioctl on a range; @buffer and @done may be NULL. 0, or the errno. */
int ranged(int fd, unsigned long command, const void *address, size_t length, void *buffer,
	   uint64_t *done);

/* part() - an ioctl on part of an area, again while the address space is busy. 0, or the errno. */
int part(const struct area *area, unsigned long command, size_t offset, size_t length,
	 void *buffer);

/* mirror_read(), mirror_write() - as the device does it. 0, or the errno. */
int mirror_read(const struct area *area, size_t offset, void *buffer, size_t length);
int mirror_write(const struct area *area, size_t offset, const void *buffer, size_t length);

/* map() - new private memory; @flags are those of mmap() in addition, for @address */
void *map(void *address, size_t length, int flags);

/* area_over() - mirror memory that is there; area_init() - memory and mirror */
void area_over(struct area *area, void *memory, size_t length);
void area_init(struct area *area, size_t pages);

/* area_release() - close the mirror, unmap the memory */
void area_release(struct area *area);

/* fill() - bytes that tell each place from all others, and each @salt from its neighbors */
void fill(unsigned char *memory, size_t length, unsigned int salt);

/* filled() - are they there? */
bool filled(const unsigned char *memory, size_t length, unsigned int salt);

/* mirror_filled() - and does the device see them? */
bool mirror_filled(const struct area *area, unsigned int salt);

/* count() - pages of an area that have all of @flags, as a snapshot has it; or -1 */
long count(const struct area *area, unsigned int flags);

/* used() - device pages in use */
uint64_t used(const struct context *context);

/* comes_down_to() - are there ever only so many, once the kernel has buried its dead? */
bool comes_down_to(const struct context *context, uint64_t expected);

/* all_to_device(), all_to_ram() - migrate until each page is there; false if that never happens */
bool all_to_device(const struct area *area);
bool all_to_ram(const struct area *area);

/* child_of_ours() - fork(), with an empty stdout */
pid_t child_of_ours(void);

/* exited() - wait for a child: did it end by itself, with status 0? */
bool exited(pid_t child);

/* fork_keeps() - a child reads and overwrites a filled area; this process notices nothing */
bool fork_keeps(const struct area *area, unsigned int salt);

/* fork_parts() - the device writes to an area after a fork; the child notices nothing. Afterwards
 * the area is filled with @salt + 1. */
bool fork_parts(const struct area *area, unsigned int salt);

/* The tests: true if all is well. Those of exerciser_device.c need a device with memory. */
bool test_bad_ranges(struct context *context);
bool test_read(struct context *context);
bool test_write(struct context *context);
bool test_snapshot(struct context *context);
bool test_munmap(struct context *context);
bool test_mprotect(struct context *context);
bool test_mremap(struct context *context);
bool test_fork(struct context *context);
bool test_race(struct context *context);
bool test_shared_file(struct context *context);
bool test_pfn(struct context *context);

bool test_no_memory(struct context *context);
bool test_to_device(struct context *context);
bool test_device_write(struct context *context);
bool test_cpu_access(struct context *context);
bool test_to_ram(struct context *context);
bool test_untouched(struct context *context);
bool test_device_fork(struct context *context);
bool test_device_munmap(struct context *context);
bool test_device_mprotect(struct context *context);
bool test_huge(struct context *context);
bool test_full(struct context *context);
bool test_holes(struct context *context);
bool test_processes(struct context *context);
bool test_kill(struct context *context);

bool test_random(struct context *context);

/* keep() - leave a process behind that has pages in the device; kept() - ask it, after the driver
 * was unloaded. Both print TAP; the exit status. */
int keep(struct context *context, const char *path);
int kept(const char *path);

#endif
