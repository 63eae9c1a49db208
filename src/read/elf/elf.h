/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef READ_ELF_ELF_H
#define READ_ELF_ELF_H

#include "base/arena.h"
#include "base/bytes.h"

/* One section, checked: data is NULL for NOBITS (or where the file ends before it: see elf_open).
 */
struct elf_section {
	const char *name;
	const unsigned char *data;
	uint64_t address, size, flags, entry_size;
	uint32_t type, link, info;
};

/* An ELF file of either class and endianness, held in memory by the caller. */
struct elf_file {
	const char *source; /* for messages */
	const unsigned char *data;
	size_t size;
	struct elf_section *sections;
	size_t section_count;
	bool is_64, is_be;
	uint16_t type, machine;
};

/*
 * Check the header and the section table. source, data and the arena must outlive f. A section
 * whose content lies outside the file, a name outside the string table, or a damaged header is
 * KSA_EFORMAT with the place. A file cut anywhere is refused.
 */
int elf_open(struct elf_file *f, const unsigned char *data, size_t size, const char *source,
	     struct arena *arena, struct ksa_error *err) _must_check_;

/* True if the bytes start like an ELF file. */
bool elf_is_elf(const unsigned char *data, size_t size);

/* The first section of that name, or NULL. */
const struct elf_section *elf_section(const struct elf_file *f, const char *name);

/* "x86_64", "i386", "arm64", "arm", "ppc64le", "s390x", "riscv64", "mips64el" ..., or "". */
const char *elf_arch(const struct elf_file *f);

/* Values at p in the file's byte order. */
uint16_t elf_u16(const struct elf_file *f, const unsigned char *p);
uint32_t elf_u32(const struct elf_file *f, const unsigned char *p);
uint64_t elf_u64(const struct elf_file *f, const unsigned char *p);
/* A pointer-sized value (4 or 8 bytes by class). */
uint64_t elf_word(const struct elf_file *f, const unsigned char *p);

struct elf_symbol {
	const char *name;
	uint64_t value, size;
	uint32_t section; /* index with SHT_SYMTAB_SHNDX resolved; SHN_* for the special ones */
	uint8_t type, bind;
};

struct elf_symtab {
	const struct elf_section *section; /* NULL: the file has no .symtab */
	const struct elf_section *strings;
	const unsigned char *extended; /* SHT_SYMTAB_SHNDX content, or NULL */
	size_t extended_count, count;
};

/* Find and check .symtab (entry size, linked string table). No .symtab is success with count 0. */
int elf_symtab_open(const struct elf_file *f, struct elf_symtab *symtab,
		    struct ksa_error *err) _must_check_;
/* Symbol i < count; a name outside the string table is KSA_EFORMAT. */
int elf_symtab_get(const struct elf_file *f, const struct elf_symtab *symtab, size_t i,
		   struct elf_symbol *symbol, struct ksa_error *err) _must_check_;

struct elf_reloc {
	uint64_t offset;
	int64_t addend; /* 0 for SHT_REL: the addend is in the section's bytes */
	uint32_t symbol, type;
};

/*
 * The relocations of section index target (all SHT_REL/SHT_RELA with that sh_info), sorted by
 * offset, in the arena. mips64's odd r_info is decoded. *has_addend tells RELA from REL.
 */
int elf_relocs(const struct elf_file *f, size_t target, struct arena *arena, struct elf_reloc **out,
	       size_t *count, bool *has_addend, struct ksa_error *err) _must_check_;

/* One relocation at p, an entry of SHT_RELA or SHT_REL of the file's class. */
void elf_reloc_decode(const struct elf_file *f, const unsigned char *p, bool rela,
		      struct elf_reloc *reloc);

/* Longer names do not exist (KSYM_NAME_LEN is 512 since 6.1), and bound what a file can cost. */
#define ELF_MAX_STRING 1024

/* The NUL-terminated string at offset of a section, or NULL if it does not end inside the section
 * or is longer than ELF_MAX_STRING. */
const char *elf_string(const struct elf_section *section, uint64_t offset);

#endif
