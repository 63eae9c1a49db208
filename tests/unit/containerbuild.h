/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TESTS_UNIT_CONTAINERBUILD_H
#define TESTS_UNIT_CONTAINERBUILD_H

#include "base/bytes.h"
#include "base/strbuf.h"

/*
 * Files that hold a kernel and more, appended to out.
 *
 * A FIT with an image "kernel-N" of each of the kernels and a configuration "conf-N" for it, N from
 * 1 on; chosen is the default configuration or NULL. outside: the data stand behind the tree.
 */
void containerbuild_fit(const struct bytes *kernels, size_t count, const char *chosen, bool outside,
			struct strbuf *out);

/* An Android boot image of a version from 0 to 4, with a ramdisk. */
void containerbuild_boot(unsigned int version, const struct bytes *kernel,
			 const struct bytes *ramdisk, struct strbuf *out);

/* A unified kernel image: .initrd stands before .linux. */
void containerbuild_uki(const struct bytes *kernel, const struct bytes *initrd, struct strbuf *out);

#endif
