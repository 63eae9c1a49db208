// SPDX-License-Identifier: GPL-2.0-or-later
#include "cmd/heap.h"

#include <stdlib.h> /* tells which library this is */

#if defined(__GLIBC__) && !defined(KSA_SANITIZE)

#include <limits.h>
#include <malloc.h>
#include <stdint.h>
#include <sys/mman.h>
#include <unistd.h>

/* What is allocated up to this size comes from the heap: the largest that mallopt(3) takes. */
#define LARGEST ((size_t)4 * 1024 * 1024 * sizeof(long))
/* How far the heap reaches from the start on; none of it is memory before it is used. */
#define REACH ((size_t)64 << 20)

/* What is added to it at a time later. */
#define LATER ((size_t)1 << 20)

#define HUGE_PAGE ((size_t)2 << 20)

/*
 * Each page that is touched first is a fault, of a microsecond and more: 3,000 of them were a fifth
 * of the time of a check against a shipped kernel, and many were for buffers that had been given
 * back in between. So nothing is given back, and the heap is of large pages where the system has
 * them for the asking (Documentation/admin-guide/mm/transhuge.rst: "madvise").
 */
void heap_prepare(void)
{
	char *start = sbrk(0), *end;
	void *volatile first; /* a pair of malloc and free is nothing to the compiler */

	mallopt(M_MMAP_THRESHOLD, (int)LARGEST);
	mallopt(M_TRIM_THRESHOLD, INT_MAX);
	mallopt(M_TOP_PAD, (int)REACH);
	first = malloc(HUGE_PAGE); /* more than is left of the heap from before main() */
	free(first);
	/* The heaps of threads begin with so much, and there may be many of them. */
	mallopt(M_TOP_PAD, (int)LATER);
	end = sbrk(0);
	/* Another malloc, as valgrind's, has no heap there. */
	if (end < start || (size_t)(end - start) < 2 * HUGE_PAGE)
		return;
	start += -(uintptr_t)start & (HUGE_PAGE - 1);
	madvise(start, (size_t)(end - start), MADV_HUGEPAGE);
}

#else

void heap_prepare(void)
{
}

#endif
