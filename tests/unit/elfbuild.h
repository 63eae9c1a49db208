/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TESTS_UNIT_ELFBUILD_H
#define TESTS_UNIT_ELFBUILD_H

/*
 * ELF files for tests, built in memory byte by byte: both classes, both byte orders. A test states
 * what the file holds, builds it, and damages one field of the result. The builder aborts when out
 * of memory or when it is used wrongly: it is test code.
 */

#include <elf.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <ksymaudit.h>

/* A finished file; malloc'd, freed by elfbuild_bytes_release. */
struct elfbuild_bytes {
	unsigned char *data;
	size_t size;
};

void elfbuild_bytes_release(struct elfbuild_bytes *bytes);

/* An architecture as the kernel uses it. */
struct elfbuild_arch {
	const char *name; /* as elf_arch() says it: "x86_64", "s390x" ... */
	uint16_t machine;
	bool is_64, is_be;
	bool prel; /* kernel_symbol holds place-relative offsets (HAVE_ARCH_PREL32_RELOCATIONS) */
	bool rela; /* relocations carry their addend */
	uint32_t reloc_word; /* relocation type of a pointer */
	uint32_t reloc_prel; /* of a 32-bit place-relative offset, 0: none used */
	uint32_t reloc_32; /* of an absolute 32-bit value (CRC slots up to 5.18) */
	uint64_t base; /* link address of the image */
};

/* The architecture of that name, or NULL. elfbuild_archs is ended by a NULL name. */
const struct elfbuild_arch *elfbuild_arch(const char *name);
extern const struct elfbuild_arch elfbuild_archs[];

struct elfbuild;

/* type: ET_REL, ET_EXEC, ET_DYN. Freed by elfbuild_finish. */
struct elfbuild *elfbuild_new(const struct elfbuild_arch *arch, uint16_t type);

/*
 * Append a section with a copy of size bytes (data may be NULL: zeros); returns its index. In
 * ET_EXEC and ET_DYN files an SHF_ALLOC section gets the next free address from the link base on.
 * The name may be used twice. SHT_NOBITS takes no room in the file.
 */
size_t elfbuild_section(struct elfbuild *b, const char *name, uint32_t type, uint64_t flags,
			const void *data, size_t size, size_t align);

/* The content of a section while it is being built; valid until the next elfbuild_section. */
unsigned char *elfbuild_content(struct elfbuild *b, size_t section);
size_t elfbuild_size(const struct elfbuild *b, size_t section);
uint64_t elfbuild_address(const struct elfbuild *b, size_t section);

/* Append a symbol; returns a handle for elfbuild_reloc. The writer puts local symbols first.
 * section may be SHN_UNDEF, SHN_ABS, ... */
size_t elfbuild_symbol(struct elfbuild *b, const char *name, unsigned int bind, unsigned int type,
		       size_t section, uint64_t value);

/* Append a relocation of a section. On an architecture without RELA the addend is stored in the
 * section's bytes, width bytes (4 or 8) at offset. */
void elfbuild_reloc(struct elfbuild *b, size_t section, uint64_t offset, size_t symbol,
		    uint32_t type, int64_t addend);

/* Options, to be set before elfbuild_finish. */
void elfbuild_reverse_relocs(struct elfbuild *b); /* write relocations last to first */
void elfbuild_extended_indices(struct elfbuild *b); /* all section indices in SHT_SYMTAB_SHNDX */

/* Write the file and free the builder. with_symtab false strips .symtab and relocations. */
struct elfbuild_bytes elfbuild_finish(struct elfbuild *b, bool with_symtab);

enum elfbuild_field {
	ELFBUILD_E_TYPE,
	ELFBUILD_E_MACHINE,
	ELFBUILD_E_SHOFF,
	ELFBUILD_E_SHENTSIZE,
	ELFBUILD_E_SHNUM,
	ELFBUILD_E_SHSTRNDX,
	ELFBUILD_SH_NAME,
	ELFBUILD_SH_TYPE,
	ELFBUILD_SH_FLAGS,
	ELFBUILD_SH_ADDR,
	ELFBUILD_SH_OFFSET,
	ELFBUILD_SH_SIZE,
	ELFBUILD_SH_LINK,
	ELFBUILD_SH_INFO,
	ELFBUILD_SH_ENTSIZE,
	ELFBUILD_ST_NAME,
	ELFBUILD_ST_INFO,
	ELFBUILD_ST_SHNDX,
	ELFBUILD_ST_VALUE,
	ELFBUILD_R_OFFSET,
	ELFBUILD_R_INFO,
	ELFBUILD_R_ADDEND
};

/* Where the content of the first section of that name starts in the file, and its size. */
size_t elfbuild_section_offset(const struct elfbuild_bytes *bytes, const char *name);
size_t elfbuild_section_size(const struct elfbuild_bytes *bytes, const char *name);
/* The index of the section in the table; 0: there is none. */
size_t elfbuild_section_index(const struct elfbuild_bytes *bytes, const char *name);
/* The index of the symbol in .symtab; 0: there is none. */
size_t elfbuild_symbol_index(const struct elfbuild_bytes *bytes, const char *name);

/* Where a field is in the file: of the header, of a section header (by section index), of symbol
 * or relocation i (section: the name of the table). */
size_t elfbuild_header_field(const struct elfbuild_bytes *bytes, enum elfbuild_field field);
size_t elfbuild_section_field(const struct elfbuild_bytes *bytes, size_t index,
			      enum elfbuild_field field);
size_t elfbuild_entry_field(const struct elfbuild_bytes *bytes, const char *table, size_t i,
			    enum elfbuild_field field);

/* Width in bytes of a field in this file's class. */
unsigned int elfbuild_field_width(const struct elfbuild_bytes *bytes, enum elfbuild_field field);

/* Read and write width bytes at an offset in the file's byte order. */
uint64_t elfbuild_get(const struct elfbuild_bytes *bytes, size_t at, unsigned int width);
void elfbuild_put(struct elfbuild_bytes *bytes, size_t at, unsigned int width, uint64_t value);

/* The same in any buffer. */
void elfbuild_store(bool is_be, unsigned char *p, unsigned int width, uint64_t value);

/* Set one field. */
void elfbuild_set_header(struct elfbuild_bytes *bytes, enum elfbuild_field field, uint64_t value);
void elfbuild_set_section(struct elfbuild_bytes *bytes, const char *name, enum elfbuild_field field,
			  uint64_t value);
void elfbuild_set_entry(struct elfbuild_bytes *bytes, const char *table, size_t i,
			enum elfbuild_field field, uint64_t value);

/* The four forms of struct kernel_symbol. */
enum elfbuild_layout {
	ELFBUILD_ARCH_LAYOUT = 0, /* what the architecture uses since 5.4 */
	ELFBUILD_ABS_2, /* .. 4.18; architectures without PREL .. 5.3 */
	ELFBUILD_PREL_2, /* 4.19 .. 5.3 */
	ELFBUILD_ABS_3, /* 5.4 .. */
	ELFBUILD_PREL_3 /* 5.4 .. */
};

/* How symbol versions are stored. */
enum elfbuild_crcs {
	ELFBUILD_CRC_NONE = 0,
	ELFBUILD_CRC_32, /* 32-bit values (4.10 ..; literal 5.19 ..) */
	ELFBUILD_CRC_LONG, /* pointer-sized slots (.. 4.9) */
	ELFBUILD_CRC_RELATIVE, /* slot + offset -> value in .rodata (4.10 .. 5.18, ppc64, s390) */
	ELFBUILD_CRC_ABSOLUTE /* modules .. 5.18: relocation to an SHN_ABS __crc_ symbol */
};

struct elfbuild_export {
	const char *name;
	enum ksa_class cls; /* KSA_CLASS_UNKNOWN means plain */
	const char *ns; /* or NULL */
	uint32_t crc;
	bool is_object;
};

struct elfbuild_kernel {
	const char *arch; /* NULL: x86_64 */
	enum elfbuild_layout layout;
	enum elfbuild_crcs crcs;
	const struct elfbuild_export *exports;
	size_t export_count;
	bool kflagstab; /* 7.1: one __ksymtab, classes in __kflagstab */
	bool keep_symtab; /* not stripped: the functions and the __ksymtab_ labels */
	bool keep_relocs; /* .rela__ksymtab kept as by --emit-relocs; needs keep_symtab */
	bool null_ns; /* "no namespace" is 0, as assembly exports of 5.4 to 6.4 wrote it */
	bool unsorted; /* tables in the order of exports */
	bool is_dyn; /* ET_DYN */
	bool relative; /* pointers are zero, .rela.dyn has R_*_RELATIVE (ppc64, riscv64, s390x) */
	bool knows_reserved; /* the loader's message about module: namespaces is in the image */
	const char *release; /* puts "Linux version RELEASE ..." into .rodata; or NULL */
	const char *vermagic; /* puts this string into .rodata; or NULL */
	struct elfbuild_bytes btf; /* becomes .BTF; without data there is none */
};

/* Build a vmlinux. */
struct elfbuild_bytes elfbuild_kernel(const struct elfbuild_kernel *spec);

/* Flatten the allocated sections of a vmlinux to a raw image, with arm64's or riscv's Image header
 * in front where the architecture has one. */
struct elfbuild_bytes elfbuild_raw_image(const struct elfbuild_bytes *vmlinux);

struct elfbuild_import {
	const char *name;
	uint32_t crc;
	bool has_crc;
	bool weak;
};

struct elfbuild_module {
	const char *arch; /* NULL: x86_64 */
	const char *name; /* in .gnu.linkonce.this_module; NULL: no such section */
	enum elfbuild_layout layout;
	enum elfbuild_crcs crcs;
	const char *const *modinfo; /* "key=value" strings */
	size_t modinfo_count;
	const struct elfbuild_export *exports;
	size_t export_count;
	const struct elfbuild_import *imports;
	size_t import_count;
	bool kflagstab;
	uint32_t layout_crc; /* CRC of module_layout, 0: not in the version tables */
	bool versions; /* __versions from the imports that have a CRC */
	bool ext_versions; /* __version_ext_crcs and _names (6.14), the same */
	bool section_relocs; /* names by section symbol and addend, as ppc64, s390x, mips64, arm do
			      */
	bool shuffled_relocs; /* last to first */
	bool extended_indices; /* SHT_SYMTAB_SHNDX for every symbol */
	bool is_signed; /* ends with a signature as sign-file appends it */
	struct elfbuild_bytes btf; /* becomes .BTF; without data there is none */
};

/* Build a module (ET_REL). */
struct elfbuild_bytes elfbuild_module(const struct elfbuild_module *spec);

#endif
