/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef READ_KERNEL_MODULE_WALK_H
#define READ_KERNEL_MODULE_WALK_H

#include "base/error.h"

/* Called with the path to open and the one below the directory. */
typedef int (*module_visitor)(void *ctx, const char *path, const char *relative,
			      struct ksa_error *err);

enum module_walk_kind {
	/* What is really below the directory: links to files are followed, those to directories
	 * are not. */
	MODULE_WALK_OWN,
	/*
	 * A kernel's tree, as depmod walks it: links to directories are followed too, "build" and
	 * "source" are passed over. What is really below the directory comes first, and each
	 * directory is walked once, so that loops end. In an unpacked root, links mean that root
	 * (read/unpack/root.h).
	 */
	MODULE_WALK_TREE
};

/* Visit every module file below a directory, in byte order of the paths. */
int module_walk(const char *dir, enum module_walk_kind kind, module_visitor visit, void *ctx,
		struct ksa_error *err) _must_check_;

#endif
