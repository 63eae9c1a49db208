/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef READ_KERNEL_KERNEL_H
#define READ_KERNEL_KERNEL_H

#include "base/bytes.h"
#include "model/kernel.h"

/* A form of KERNEL that another reader reads, one that knows nothing of files and packages. */
struct kernel_opener {
	/* True if a part of the name has this form; asked for what is no file or snapshot. */
	bool (*takes)(const char *part);
	/* Add its exports to the kernel, and its label if the kernel has no other part. */
	int (*read)(struct ksa_kernel *kernel, const struct ksa_read_options *options,
		    const char *part, struct ksa_error *err);
};

/* A reader of other files that lie with those of a kernel: its headers. */
struct kernel_collector {
	void *ctx;
	/* What it wants of the file at this path in a package, or NULL: nothing. */
	const char *(*wants)(const char *path);
	/* Take that file, of what wants() gave; it takes data over, which is empty then. */
	int (*take)(void *ctx, const char *package, const char *path, struct bytes *data,
		    struct ksa_error *err);
	/* Take what it wants of a directory that is a kernel, or a part of one. */
	int (*take_directory)(void *ctx, const char *dir, struct ksa_error *err);
};

/* The readers that this one knows nothing of. */
struct kernel_readers {
	const struct kernel_opener *openers; /* the last one has NULL for both */
	const struct kernel_collector *collector; /* NULL: nothing else is to be collected */
};

/* As ksa_kernel_open, with further forms. */
int kernel_open(const char *spec, const struct ksa_read_options *options,
		const struct kernel_readers *readers, struct ksa_kernel **out,
		struct ksa_error *err) _must_check_;

#endif
