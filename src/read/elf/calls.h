/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef READ_ELF_CALLS_H
#define READ_ELF_CALLS_H

#include "model/calls.h"
#include "read/elf/elf.h"

/*
 * Read from code which function calls which: its relocations name what other files define (in a
 * .ko, or in a vmlinux linked with --emit-relocs), its branches lead to the rest, which the
 * assembler or linker has resolved. Branches are read on x86 and arm64; elsewhere a call of a
 * static function in the same section is not seen. Calls through a retpoline
 * (__x86_indirect_thunk_*) count as indirect. KSA_ENODATA: no .symtab, or nothing of that kind on
 * this machine.
 */
int elf_calls_read(const struct elf_file *f, const struct elf_symtab *symtab,
		   struct call_builder *builder, struct ksa_error *err) _must_check_;

/*
 * Read from a module (x86_64, arm64) what refers to what in any way: beside calls also functions
 * that hand on an address, and objects that hold some, such as tables of operations; objects stand
 * in the graph like functions. What neither a function nor an object covers is left out, and so is
 * what is reached through pointers that are set at run time. KSA_ENODATA: another machine.
 */
int elf_references_read(const struct elf_file *f, const struct elf_symtab *symtab,
			struct call_builder *builder, struct ksa_error *err) _must_check_;

/*
 * Give global functions without calls of their own those of the function that has the same address
 * under another name (aliases: debug information knows one of the names).
 */
int elf_calls_add_aliases(const struct elf_file *f, const struct elf_symtab *symtab,
			  struct call_builder *builder, struct ksa_error *err) _must_check_;

/* True for a function symbol of the file's own. */
bool elf_calls_is_function(const struct elf_file *f, const struct elf_symbol *symbol);

#endif
