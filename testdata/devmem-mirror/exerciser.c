// SPDX-License-Identifier: GPL-2.0
/*
 * Exercises /dev/devmem_mirror, and says in TAP what came of it:
 *
 *	exerciser [--expect private|coherent|none] [--seed N] [--operations N]
 *	exerciser --keep FIFO, then unload the driver, then exerciser --kept FIFO
 *
 * Nobody else may use the device meanwhile, because its pages are counted. Exit status: 0 if all
 * is well, 1 if not, 2 for wrong usage.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>

#include "exerciser.h"

bool complain(const char *file, int line, const char *text)
{
	printf("# %s:%d: not so: %s (errno %d)\n", file, line, text, errno);
	return false;
}

void need(bool condition, const char *what)
{
	if (condition)
		return;
	printf("Bail out! %s: %s\n", what, strerror(errno));
	exit(1);
}

int ranged(int fd, unsigned long command, const void *address, size_t length, void *buffer,
	   uint64_t *done)
{
	struct devmem_mirror_range range = {
		.address = (uintptr_t)address,
		.length = length,
		.buffer = (uintptr_t)buffer,
		.done = 77,
	};
	int result = ioctl(fd, command, &range) ? errno : 0;

	if (done)
		*done = range.done;
	return result;
}

/* The four commands on part of an area; a busy address space is tried again, for a while. */
int part(const struct area *area, unsigned long command, size_t offset, size_t length, void *buffer)
{
	int result = EBUSY;

	for (int i = 0; i < 10 && result == EBUSY; i++)
		result = ranged(area->fd, command, area->memory + offset, length, buffer, NULL);
	return result;
}

int mirror_read(const struct area *area, size_t offset, void *buffer, size_t length)
{
	return part(area, DEVMEM_MIRROR_IOC_READ, offset, length, buffer);
}

int mirror_write(const struct area *area, size_t offset, const void *buffer, size_t length)
{
	return part(area, DEVMEM_MIRROR_IOC_WRITE, offset, length, (void *)buffer);
}

void *map(void *address, size_t length, int flags)
{
	void *memory = mmap(address, length, PROT_READ | PROT_WRITE,
			    MAP_PRIVATE | MAP_ANONYMOUS | flags, -1, 0);

	need(memory != MAP_FAILED, "mmap");
	return memory;
}

void area_over(struct area *area, void *memory, size_t length)
{
	area->memory = memory;
	area->length = length;
	area->fd = open(DEVMEM_MIRROR_PATH, O_RDWR | O_CLOEXEC);
	need(area->fd >= 0, DEVMEM_MIRROR_PATH);
	errno = ranged(area->fd, DEVMEM_MIRROR_IOC_MIRROR, memory, length, NULL, NULL);
	need(errno == 0, "cannot mirror memory");
}

void area_init(struct area *area, size_t pages)
{
	area_over(area, map(NULL, pages * PAGE, 0), pages * PAGE);
}

void area_release(struct area *area)
{
	close(area->fd);
	munmap(area->memory, area->length);
}

void fill(unsigned char *memory, size_t length, unsigned int salt)
{
	for (size_t i = 0; i < length; i++)
		memory[i] = (unsigned char)((i * 2654435761u + salt * 40503u) >> 11);
}

bool filled(const unsigned char *memory, size_t length, unsigned int salt)
{
	for (size_t i = 0; i < length; i++)
		if (memory[i] != (unsigned char)((i * 2654435761u + salt * 40503u) >> 11))
			return false;
	return true;
}

bool mirror_filled(const struct area *area, unsigned int salt)
{
	unsigned char *buffer = map(NULL, area->length, 0);
	bool result = mirror_read(area, 0, buffer, area->length) == 0 &&
		      filled(buffer, area->length, salt);

	munmap(buffer, area->length);
	return result;
}

long count(const struct area *area, unsigned int flags)
{
	size_t pages = area->length / PAGE;
	unsigned char *snapshot = calloc(pages, 1);
	long result = -1;

	need(snapshot, "calloc");
	if (part(area, DEVMEM_MIRROR_IOC_SNAPSHOT, 0, area->length, snapshot) == 0) {
		result = 0;
		for (size_t i = 0; i < pages; i++)
			result += (snapshot[i] & flags) == flags;
	}
	free(snapshot);
	return result;
}

uint64_t used(const struct context *context)
{
	struct devmem_mirror_info info;

	need(ioctl(context->fd, DEVMEM_MIRROR_IOC_INFO, &info) == 0, "INFO");
	return info.used;
}

/* Migration is best effort: a page that something else holds at the moment stays. */
bool all_to_device(const struct area *area)
{
	for (int i = 0; i < 100; i++) {
		if (part(area, DEVMEM_MIRROR_IOC_TO_DEVICE, 0, area->length, NULL))
			return false;
		if (count(area, VALID | DEVICE) == (long)(area->length / PAGE))
			return true;
		usleep(10000);
	}
	return false;
}

bool all_to_ram(const struct area *area)
{
	for (int i = 0; i < 100; i++) {
		if (part(area, DEVMEM_MIRROR_IOC_TO_RAM, 0, area->length, NULL))
			return false;
		if (count(area, DEVICE) == 0)
			return true;
		usleep(10000);
	}
	return false;
}

bool comes_down_to(const struct context *context, uint64_t expected)
{
	for (int i = 0; i < 500 && used(context) != expected; i++)
		usleep(10000);
	return used(context) == expected;
}

bool exited(pid_t child)
{
	int status = -1;

	return waitpid(child, &status, 0) == child && WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

pid_t child_of_ours(void)
{
	pid_t child;

	fflush(stdout);
	child = fork();
	need(child >= 0, "fork");
	if (!child)
		prctl(PR_SET_PDEATHSIG, SIGKILL); /* some would run on forever */
	return child;
}

/* What a child that was forked off may see and do. */
static bool child_sees(const struct area *area, unsigned int salt)
{
	unsigned char byte;

	CHECK(filled(area->memory, area->length, salt));
	memset(area->memory, 0xcc, area->length);
	CHECK(ranged(area->fd, DEVMEM_MIRROR_IOC_READ, area->memory, 1, &byte, NULL) == EPERM);
	return true;
}

bool fork_keeps(const struct area *area, unsigned int salt)
{
	pid_t child = child_of_ours();

	if (!child)
		_exit(!child_sees(area, salt));
	CHECK(exited(child));
	CHECK(mirror_filled(area, salt) && filled(area->memory, area->length, salt));
	return true;
}

/* The parent writes through the mirror: the child keeps what was there when it was forked. */
bool fork_parts(const struct area *area, unsigned int salt)
{
	unsigned char *buffer = map(NULL, area->length, 0);
	int ends[2];
	pid_t child;

	need(pipe(ends) == 0, "pipe");
	child = child_of_ours();
	if (!child) {
		char go;

		close(ends[1]);
		_exit(read(ends[0], &go, 1) != 1 || !filled(area->memory, area->length, salt));
	}
	fill(buffer, area->length, salt + 1);
	CHECK(mirror_write(area, 0, buffer, area->length) == 0);
	CHECK(write(ends[1], "", 1) == 1);
	CHECK(exited(child));
	CHECK(filled(area->memory, area->length, salt + 1));
	munmap(buffer, area->length);
	close(ends[0]);
	close(ends[1]);
	return true;
}

static bool test_kind(struct context *context)
{
	CHECK(context->expect < 0 || context->kind == (enum devmem_mirror_kind)context->expect);
	CHECK(context->kind <= DEVMEM_MIRROR_COHERENT);
	CHECK((context->kind == DEVMEM_MIRROR_NONE) == (context->device_pages == 0));
	CHECK(used(context) == 0);
	return true;
}

static const struct test {
	const char *what;
	bool (*run)(struct context *context);
	bool migrates; /* needs a device with memory */
} tests[] = {
	{"the device is what was expected, and idle", test_kind, false},
	{"bad ranges are refused", test_bad_ranges, false},
	{"the device reads what the CPU wrote", test_read, false},
	{"the CPU reads what the device wrote", test_write, false},
	{"a snapshot shows what is mapped, and faults nothing", test_snapshot, false},
	{"munmap under the mirror", test_munmap, false},
	{"mprotect under the mirror", test_mprotect, false},
	{"mremap under the mirror", test_mremap, false},
	{"fork under the mirror, copy on write", test_fork, false},
	{"shared memory is mirrored, and not migrated", test_shared_file, false},
	{"faults race with invalidation", test_race, false},
	{"page frames are looked up", test_pfn, false},
	{"a device without memory refuses to migrate", test_no_memory, false},
	{"pages migrate to the device", test_to_device, true},
	{"the device writes to its own memory", test_device_write, true},
	{"the CPU reads and writes pages of the device", test_cpu_access, true},
	{"pages migrate back", test_to_ram, true},
	{"untouched pages migrate as zeros", test_untouched, true},
	{"fork with pages in the device, copy on write", test_device_fork, true},
	{"munmap frees pages of the device", test_device_munmap, true},
	{"mprotect with pages in the device", test_device_mprotect, true},
	{"huge pages migrate to and fro", test_huge, true},
	{"a full device takes what fits", test_full, true},
	{"what cannot migrate is refused", test_holes, true},
	{"two processes migrate at once", test_processes, true},
	{"killed processes leave nothing behind", test_kill, true},
	{"random operations by several threads", test_random, false},
	{"the device is idle again", test_kind, false},
};

static void run_tests(struct context *context, int *failed)
{
	size_t n = sizeof(tests) / sizeof(tests[0]);

	printf("1..%zu\n", n);
	for (size_t i = 0; i < n; i++) {
		bool passed;

		if (tests[i].migrates && context->kind == DEVMEM_MIRROR_NONE) {
			printf("ok %zu - %s # SKIP the device has no memory\n", i + 1,
			       tests[i].what);
			continue;
		}
		errno = 0;
		passed = tests[i].run(context);
		*failed += !passed;
		printf("%sok %zu - %s\n", passed ? "" : "not ", i + 1, tests[i].what);
	}
}

static int usage(void)
{
	fputs("usage: exerciser [--expect private|coherent|none] [--seed N] [--operations N]\n"
	      "       exerciser --keep FIFO | --kept FIFO\n",
	      stderr);
	return 2;
}

/* number() - a whole argument, in any base of C */
static bool number(const char *text, uint64_t *value)
{
	char *end;

	errno = 0;
	*value = strtoull(text, &end, 0);
	return !errno && end != text && !*end && *text != '-';
}

static bool options(int argc, char **argv, struct context *context)
{
	static const char *const kinds[] = {"none", "private", "coherent"};
	static const struct option known[] = {
		{"expect", required_argument, NULL, 'e'},
		{"seed", required_argument, NULL, 's'},
		{"operations", required_argument, NULL, 'o'},
		{"keep", required_argument, NULL, 'k'},
		{"kept", required_argument, NULL, 'K'},
		{0},
	};
	uint64_t value;
	int option;

	while ((option = getopt_long(argc, argv, "", known, NULL)) != -1) {
		if (option == 'e') {
			for (int i = 0; i < 3; i++)
				if (!strcmp(optarg, kinds[i]))
					context->expect = i;
			if (context->expect < 0)
				return false;
		} else if (option == 'k') {
			context->keep = optarg;
		} else if (option == 'K') {
			context->kept = optarg;
		} else if (option == '?' || !number(optarg, &value)) {
			return false;
		} else if (option == 's') {
			context->seed = value;
		} else {
			context->operations = value;
		}
	}
	return optind == argc;
}

int main(int argc, char **argv)
{
	struct context context = {.expect = -1, .seed = 1, .operations = 10000};
	struct devmem_mirror_info info;
	int failed = 0;

	if (!options(argc, argv, &context))
		return usage();
	setvbuf(stdout, NULL, _IOLBF, 0); /* what was done is seen if the rest hangs */
	if (context.kept)
		return kept(context.kept);
	context.fd = open(DEVMEM_MIRROR_PATH, O_RDWR | O_CLOEXEC);
	need(context.fd >= 0, DEVMEM_MIRROR_PATH);
	need(ioctl(context.fd, DEVMEM_MIRROR_IOC_INFO, &info) == 0, "INFO");
	context.kind = info.kind;
	context.device_pages = info.pages;
	if (context.keep)
		failed = keep(&context, context.keep);
	else
		run_tests(&context, &failed);
	close(context.fd);
	return fflush(stdout) || failed;
}
