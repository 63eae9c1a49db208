/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef READ_ELF_USERS_H
#define READ_ELF_USERS_H

#include "base/strmap.h"
#include "model/calls.h"
#include "read/elf/elf.h"

/* That a function or an object of the image refers to a symbol. */
struct elf_use {
	uint32_t symbol; /* the value of names */
	const char *user; /* borrowed from the file, or from what it was read for */
};

struct elf_uses {
	struct elf_use *items; /* malloc'd */
	size_t count, capacity;
};

/*
 * Find what in a vmlinux refers to the symbols in names (symbol -> any value), from the relocations
 * that were kept (--emit-relocs), which have all references, also of data such as tables of
 * operations. *complete is false, and nothing found, where none were kept: then calls are all that
 * can be known. The export tables themselves do not count. What no function or object covers goes
 * by the section's name. Sorted by symbol, then user, each once. KSA_ENODATA: f has no symbols.
 */
int elf_users_read(const struct elf_file *f, const struct strmap *names, struct elf_uses *out,
		   bool *complete, struct ksa_error *err) _must_check_;

/* The same of the calls alone that a graph has, which the strings are borrowed from. */
int elf_users_of_calls(const struct call_graph *graph, const struct strmap *names,
		       struct elf_uses *out, struct ksa_error *err) _must_check_;

#endif
