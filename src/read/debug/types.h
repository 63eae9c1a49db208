/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef READ_DEBUG_TYPES_H
#define READ_DEBUG_TYPES_H

#include "read/debug/prototypes.h"

/*
 * Give a kernel its types, from the BTF of its image (kernel->btf) and of those modules that export
 * something: others have none that headers declare. Without an image's there are none. A module
 * whose BTF does not fit loses it.
 */
int types_fill(struct ksa_kernel *kernel, const struct prototypes_module *modules, size_t count,
	       struct ksa_error *err) _must_check_;

#endif
