/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Files that a compiler makes for a test: debug information as it is written in earnest. */
#ifndef UNIT_CCBUILD_H
#define UNIT_CCBUILD_H

#include <stdbool.h>
#include <stddef.h>

struct ccbuild_file {
	unsigned char *data; /* malloc'd */
	size_t size;
};

/*
 * What "$CC FLAGS" (cc if $CC is not set) makes of a C source: an object file, or with linked a
 * program without libraries that starts at `start`. Fails the test if the compiler fails. The
 * compiler is the machine's own, whatever the library under test was built with.
 */
struct ccbuild_file ccbuild(const char *source, const char *flags, bool linked);
/* True if the compiler takes the flags. */
bool ccbuild_can(const char *flags);
void ccbuild_release(struct ccbuild_file *file);

#endif
