/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef READ_DEBUG_DWARF_DECLARE_H
#define READ_DEBUG_DWARF_DECLARE_H

#include "base/strmap.h"
#include "model/export.h"
#include "read/elf/elf.h"

/* What debug information says of one symbol. */
struct dwarf_declared {
	uint64_t address; /* set by the caller: where the symbol is, or 0 */
	const char *text; /* C declaration, or NULL */
	const char *file; /* where it is defined, or NULL */
	uint32_t line; /* there; 0: not known */
	uint8_t kind; /* enum ksa_kind */
};

struct dwarf_wanted {
	const struct strmap *names; /* of symbols; their values are indices of items */
	struct dwarf_declared *items; /* zero but for the address */
	size_t count; /* of items */
	struct arena *arena; /* for texts and paths */
	unsigned int workers; /* threads that share the units */
	bool is_image; /* of a whole kernel, whose units tell where its tree was */
	const char *root; /* set: that tree with a '/' at its end, or NULL */
};

/*
 * Look in the debug information of f for the functions and variables of those names, where they are
 * defined: of several definitions (weak ones) the one that is at the symbol's address counts.
 * What is written in assembly has no types, nor a line. Paths are below the directory of
 * compilation or, with is_image, below the root of the kernel's tree, where that can be told; else
 * absolute. KSA_ENODATA: f has no debug information.
 */
int dwarf_declare(const struct elf_file *f, struct dwarf_wanted *wanted,
		  struct ksa_error *err) _must_check_;

#endif
