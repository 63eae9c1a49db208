/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef READ_SOURCE_MAKEFILE_H
#define READ_SOURCE_MAKEFILE_H

#include "base/arena.h"

/* Default namespaces that a Makefile or Kbuild sets for the C files beside it and below it (both
 * for subdir-ccflags-y). They do not reach assembly, which has flags of its own. */
struct source_makefile {
	const char *ns, *ns_below; /* NULL: none */
};

/*
 * Find -DDEFAULT_SYMBOL_NAMESPACE=X in ccflags-y (or -m, or of a configuration), subdir-ccflags-y,
 * EXTRA_CFLAGS and CFLAGS, X bare or quoted for the shell and for C. What a variable or a function
 * of make would give is not followed: it counts as none. Strings live in the arena. Fails only for
 * want of memory.
 */
int source_makefile_scan(struct arena *arena, const unsigned char *data, size_t size,
			 struct source_makefile *out, struct ksa_error *err) _must_check_;

#endif
