// SPDX-License-Identifier: GPL-2.0
/*
 * Random operations by several threads on one area, held against a model of what is in it.
 *
 * Each block of the area belongs to one thread, and no other changes what is in it. All threads
 * migrate whatever they like. So contents are known, while everything else is left to chance.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "exerciser.h"

#define THREADS 4
#define BLOCKS	32
#define BLOCK	(4 * PAGE)
#define SPAN	16 /* pages at most of a migration: a few blocks, of several threads */

enum operation {
	CPU_READ,
	CPU_WRITE,
	MIRROR_READ,
	MIRROR_WRITE,
	TO_DEVICE,
	TO_RAM,
	SNAPSHOT,
	PROTECT,
	DISCARD,
	REPLACE,
	FORK,
	OPERATIONS
};

static const char *const operation_names[OPERATIONS] = {
	"CPU reads", "CPU writes", "mirror reads", "mirror writes", "to device", "to RAM",
	"snapshots", "mprotect",   "discard",	   "replace",	    "fork",
};

/* Out of 32; see choose() for the last one. */
static const unsigned int operation_weights[OPERATIONS] = {6, 6, 6, 6, 2, 1, 2, 1, 1, 1, 0};

struct crowd {
	struct area area;
	unsigned char *model;
	bool migrates;
	atomic_bool failed;
	atomic_ulong done[OPERATIONS];
};

struct worker {
	struct crowd *crowd;
	unsigned int index;
	uint64_t random;
	unsigned long operations;
	unsigned char *buffer; /* of a block */
};

/* draw() - a number below @below, by splitmix64 */
static uint64_t draw(struct worker *worker, uint64_t below)
{
	uint64_t x = worker->random += 0x9e3779b97f4a7c15;

	x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9;
	x = (x ^ (x >> 27)) * 0x94d049bb133111eb;
	return (x ^ (x >> 31)) % below;
}

/* own_block() - the offset of one of the thread's blocks */
static size_t own_block(struct worker *worker)
{
	return (draw(worker, BLOCKS / THREADS) * THREADS + worker->index) * BLOCK;
}

/* own_bytes() - the offset of up to two pages of a block, at any byte */
static size_t own_bytes(struct worker *worker, size_t *length)
{
	size_t start = draw(worker, BLOCK);

	*length = 1 + draw(worker, BLOCK - start < 2 * PAGE ? BLOCK - start : 2 * PAGE);
	return own_block(worker) + start;
}

static bool cpu_access(struct worker *worker, bool write)
{
	struct crowd *crowd = worker->crowd;
	size_t length, offset = own_bytes(worker, &length);

	if (write) {
		fill(crowd->model + offset, length, (unsigned int)worker->random);
		memcpy(crowd->area.memory + offset, crowd->model + offset, length);
	}
	CHECK(!memcmp(crowd->area.memory + offset, crowd->model + offset, length));
	return true;
}

static bool mirror_access(struct worker *worker, bool write)
{
	struct crowd *crowd = worker->crowd;
	size_t length, offset = own_bytes(worker, &length);

	if (write) {
		fill(crowd->model + offset, length, (unsigned int)worker->random);
		CHECK(mirror_write(&crowd->area, offset, crowd->model + offset, length) == 0);
	} else {
		CHECK(mirror_read(&crowd->area, offset, worker->buffer, length) == 0);
		CHECK(!memcmp(worker->buffer, crowd->model + offset, length));
	}
	return true;
}

/* anywhere() - a command on pages of all threads */
static bool anywhere(struct worker *worker, unsigned long command)
{
	struct crowd *crowd = worker->crowd;
	size_t pages = crowd->area.length / PAGE;
	size_t length = 1 + draw(worker, SPAN), first = draw(worker, pages - length + 1);
	int result = part(&crowd->area, command, first * PAGE, length * PAGE, worker->buffer);

	if (command != DEVMEM_MIRROR_IOC_SNAPSHOT && !crowd->migrates)
		CHECK(result == EOPNOTSUPP);
	else
		CHECK(result == 0);
	return true;
}

static bool protect(struct worker *worker)
{
	struct crowd *crowd = worker->crowd;
	size_t block = own_block(worker);
	unsigned char *memory = crowd->area.memory + block;

	CHECK(mprotect(memory, BLOCK, PROT_READ) == 0);
	CHECK(mirror_write(&crowd->area, block, worker->buffer, 1) == EPERM);
	CHECK(mirror_read(&crowd->area, block, worker->buffer, BLOCK) == 0);
	CHECK(!memcmp(worker->buffer, crowd->model + block, BLOCK));
	CHECK(!memcmp(memory, crowd->model + block, BLOCK));
	CHECK(mprotect(memory, BLOCK, PROT_READ | PROT_WRITE) == 0);
	return true;
}

/* anew() - zeros instead of a block, with or without a new mapping */
static bool anew(struct worker *worker, bool replace)
{
	struct crowd *crowd = worker->crowd;
	size_t block = own_block(worker);

	memset(crowd->model + block, 0, BLOCK);
	if (replace)
		map(crowd->area.memory + block, BLOCK, MAP_FIXED);
	else
		CHECK(madvise(crowd->area.memory + block, BLOCK, MADV_DONTNEED) == 0);
	CHECK(mirror_read(&crowd->area, block, worker->buffer, 1) == 0 && !worker->buffer[0]);
	return true;
}

/* fork_reads() - a child reads a block, and overwrites its copy */
static bool fork_reads(struct worker *worker)
{
	struct crowd *crowd = worker->crowd;
	size_t block = own_block(worker);
	unsigned char *memory = crowd->area.memory + block;
	pid_t child = fork();

	if (!child) {
		bool same = !memcmp(memory, crowd->model + block, BLOCK);

		memset(memory, 0xdd, BLOCK);
		_exit(!same);
	}
	CHECK(child > 0 && exited(child));
	CHECK(!memcmp(memory, crowd->model + block, BLOCK));
	return true;
}

static bool operate(struct worker *worker, enum operation operation)
{
	switch (operation) {
	case CPU_READ:
	case CPU_WRITE:
		return cpu_access(worker, operation == CPU_WRITE);
	case MIRROR_READ:
	case MIRROR_WRITE:
		return mirror_access(worker, operation == MIRROR_WRITE);
	case TO_DEVICE:
		return anywhere(worker, DEVMEM_MIRROR_IOC_TO_DEVICE);
	case TO_RAM:
		return anywhere(worker, DEVMEM_MIRROR_IOC_TO_RAM);
	case SNAPSHOT:
		return anywhere(worker, DEVMEM_MIRROR_IOC_SNAPSHOT);
	case PROTECT:
		return protect(worker);
	case DISCARD:
	case REPLACE:
		return anew(worker, operation == REPLACE);
	default:
		return fork_reads(worker);
	}
}

static enum operation choose(struct worker *worker)
{
	uint64_t dice = draw(worker, 320);
	unsigned int operation = 0;

	/* A fork copies the page tables under all other threads: one in 320 is enough. */
	if (!dice)
		return FORK;
	for (dice /= 10; dice >= operation_weights[operation]; operation++)
		dice -= operation_weights[operation];
	return operation;
}

static void *work(void *argument)
{
	struct worker *worker = argument;
	struct crowd *crowd = worker->crowd;

	for (unsigned long i = 0; i < worker->operations && !crowd->failed; i++) {
		enum operation operation = choose(worker);

		if (!operate(worker, operation)) {
			printf("# in operation %lu of thread %u: %s\n", i, worker->index,
			       operation_names[operation]);
			crowd->failed = true;
		}
		crowd->done[operation]++;
	}
	return NULL;
}

static void run_threads(struct crowd *crowd, const struct context *context)
{
	struct worker workers[THREADS];
	pthread_t threads[THREADS];

	for (unsigned int i = 0; i < THREADS; i++) {
		workers[i] = (struct worker){
			.crowd = crowd,
			.index = i,
			.random = context->seed * THREADS + i,
			.operations = (context->operations + i) / THREADS,
			.buffer = map(NULL, BLOCK, 0),
		};
		errno = pthread_create(&threads[i], NULL, work, &workers[i]);
		need(errno == 0, "pthread_create");
	}
	for (unsigned int i = 0; i < THREADS; i++) {
		pthread_join(threads[i], NULL);
		munmap(workers[i].buffer, BLOCK);
	}
}

bool test_random(struct context *context)
{
	struct crowd crowd = {.migrates = context->kind != DEVMEM_MIRROR_NONE};
	unsigned char *buffer = map(NULL, BLOCKS * BLOCK, 0);
	unsigned long total = 0;

	area_init(&crowd.area, BLOCKS * BLOCK / PAGE);
	crowd.model = map(NULL, crowd.area.length, 0);
	run_threads(&crowd, context);
	for (unsigned int i = 0; i < OPERATIONS; i++) {
		printf("# %lu %s\n", (unsigned long)crowd.done[i], operation_names[i]);
		total += crowd.done[i];
	}
	printf("# %lu random operations, seed %llu\n", total, (unsigned long long)context->seed);
	CHECK(!crowd.failed);
	CHECK(total == context->operations);
	CHECK(mirror_read(&crowd.area, 0, buffer, crowd.area.length) == 0);
	CHECK(!memcmp(buffer, crowd.model, crowd.area.length));
	CHECK(!memcmp(crowd.area.memory, crowd.model, crowd.area.length));
	munmap(crowd.model, crowd.area.length);
	munmap(buffer, BLOCKS * BLOCK);
	area_release(&crowd.area);
	return true;
}
