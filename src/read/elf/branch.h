/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef READ_ELF_BRANCH_H
#define READ_ELF_BRANCH_H

#include "read/elf/elf.h"

/* True if relocations at calls and jumps can be told from others on the file's machine. */
bool elf_branch_is_known(const struct elf_file *f);

/* True if the relocation of that type at offset of a code section is a call's or jump's operand. */
bool elf_branch_is_reloc(const struct elf_file *f, const struct elf_section *s, uint64_t offset,
			 uint32_t type);

/*
 * How far behind its symbol a branch's relocation leads; 0 is the symbol itself. False: the addend
 * stands in the code in a form that is not read here.
 */
bool elf_branch_addend(const struct elf_file *f, const struct elf_section *s, uint64_t offset,
		       const struct elf_reloc *reloc, bool has_addend, uint64_t *distance);

/* The step in which elf_branch_decode can be tried over code; 0: not on this machine. */
unsigned int elf_branch_step(const struct elf_file *f);

/*
 * A call or jump in the room bytes at p, which end with the function: its length, and how far from
 * p it leads. On x86 any place of an instruction may read as one: the caller makes sure that it
 * leads to where a function begins.
 */
bool elf_branch_decode(const struct elf_file *f, const unsigned char *p, uint64_t room,
		       unsigned int *length, int64_t *distance);

/*
 * True if the room bytes at p are a call, or a jump out of the function, to what a register or
 * memory holds (x86, arm64). On x86 the inside of another instruction may read as one: one function
 * in a hundred has such a place.
 */
bool elf_branch_is_indirect(const struct elf_file *f, const unsigned char *p, uint64_t room);

/* The length of a branch instruction with a distance of 32 bits at p (x86); 0: there is none. */
unsigned int elf_branch_operand(const struct elf_file *f, const unsigned char *p, uint64_t room);

#endif
