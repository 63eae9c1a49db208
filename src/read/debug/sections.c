// SPDX-License-Identifier: GPL-2.0-or-later
#include "read/debug/sections.h"

#include <elf.h>
#include <stdlib.h>
#include <string.h>

#include "read/unpack/decompress.h"
#include "read/unpack/inflate.h"

#define MAX_UNPACKED ((uint64_t)4 << 30)
/* zlib gives 1032 to 1 at most; debug information packs to a third. */
#define MAX_RATIO 1100

/* The relocations of debug sections: a word of 4 or 8 bytes that becomes symbol plus addend. */
struct word_types {
	uint16_t machine;
	uint32_t word32, word64;
};

static const struct word_types word_types[] = {
	{EM_X86_64, R_X86_64_32, R_X86_64_64},
	{EM_386, R_386_32, 0},
	{EM_AARCH64, R_AARCH64_ABS32, R_AARCH64_ABS64},
	{EM_ARM, R_ARM_ABS32, 0},
	{EM_PPC64, R_PPC64_ADDR32, R_PPC64_ADDR64},
	{EM_PPC, R_PPC_ADDR32, 0},
	{EM_S390, R_390_32, R_390_64},
	{EM_RISCV, R_RISCV_32, R_RISCV_64},
	{EM_MIPS, R_MIPS_32, R_MIPS_64},
	{EM_SPARCV9, R_SPARC_UA32, R_SPARC_UA64},
	{258 /* EM_LOONGARCH */, 1 /* R_LARCH_32 */, 2 /* R_LARCH_64 */},
};

/*
 * The sections with references that somebody reads here: into .debug_str, .debug_abbrev,
 * .debug_line and the code. Line tables and location lists (most of the relocations) are not among
 * them.
 */
static bool is_relocated(const char *name)
{
	return strcmp(name, ".debug_info") == 0 || strcmp(name, ".debug_str_offsets") == 0 ||
	       strcmp(name, ".debug_addr") == 0 || strcmp(name, ".debug_line") == 0;
}

static void put_word(const struct elf_file *f, unsigned char *p, unsigned int width, uint64_t value)
{
	for (unsigned int i = 0; i < width; i++)
		p[f->is_be ? width - 1 - i : i] = (unsigned char)(value >> (8 * i));
}

/* A section that is being relocated. */
struct relocated {
	const struct elf_file *f;
	const struct elf_symtab *symtab;
	const struct word_types *types;
	unsigned char *data;
	uint64_t size;
};

static int apply(const struct relocated *s, const struct elf_reloc *reloc, bool rela,
		 struct ksa_error *err)
{
	const struct word_types *types = s->types;
	unsigned int width = reloc->type == types->word32 ? 4 : 8;
	struct elf_symbol symbol;
	uint64_t value;
	int r;

	/* riscv and loongarch also have differences of labels: of no interest in these sections. */
	if (reloc->type != types->word32 && (!types->word64 || reloc->type != types->word64))
		return 0;
	if (!range_ok(reloc->offset, width, s->size))
		return ksa_fail_at(
			err, KSA_EFORMAT, s->f->source, 0,
			"debug information: a relocation at offset %llu lies outside its "
			"section of %llu bytes",
			(unsigned long long)reloc->offset, (unsigned long long)s->size);
	r = elf_symtab_get(s->f, s->symtab, reloc->symbol, &symbol, err);
	if (r)
		return r;
	value = symbol.value + (uint64_t)reloc->addend;
	if (!rela)
		value += width == 4 ? elf_u32(s->f, s->data + reloc->offset)
				    : elf_u64(s->f, s->data + reloc->offset);
	put_word(s->f, s->data + reloc->offset, width, value);
	return 0;
}

static const struct word_types *types_of(const struct elf_file *f)
{
	for (size_t i = 0; i < sizeof(word_types) / sizeof(word_types[0]); i++)
		if (word_types[i].machine == f->machine)
			return &word_types[i];
	return NULL;
}

/* The bytes of the section at hand, which may be written to; NULL: out of memory. */
static unsigned char *own_copy(struct elf_debug *debug)
{
	struct elf_debug_section *s = &debug->items[debug->count];
	unsigned char *copy = debug->copies[debug->count];

	if (copy)
		return copy;
	copy = malloc(s->size ? s->size : 1);
	if (!copy)
		return NULL;
	memcpy(copy, s->data, s->size);
	debug->copies[debug->count] = copy;
	s->data = copy;
	return copy;
}

/* Relocate a copy of section index; where there is nothing to do the section stays the file's. */
static int relocate(struct elf_debug *debug, const struct elf_file *f, size_t index,
		    const struct elf_symtab *symtab, struct ksa_error *err)
{
	struct relocated s = {.f = f,
			      .symtab = symtab,
			      .types = types_of(f),
			      .size = debug->items[debug->count].size};
	int r = 0;

	if (!s.types)
		return ksa_fail_at(err, KSA_EUNSUPPORTED, f->source, 0,
				   "debug information of machine %u in a relocatable file is not "
				   "read here",
				   f->machine);
	for (size_t i = 1; i < f->section_count && !r; i++) {
		const struct elf_section *relocs = &f->sections[i];
		bool rela = relocs->type == SHT_RELA;
		size_t entry = (rela ? 3 : 2) * (f->is_64 ? 8u : 4u);

		if ((!rela && relocs->type != SHT_REL) || relocs->info != index || !relocs->data)
			continue;
		s.data = own_copy(debug);
		if (!s.data)
			return ksa_fail_nomem(err);
		for (uint64_t at = 0; at + entry <= relocs->size && !r; at += entry) {
			struct elf_reloc reloc;

			elf_reloc_decode(f, relocs->data + at, rela, &reloc);
			r = apply(&s, &reloc, rela, err);
		}
	}
	return r;
}

/* A compressed section: where its stream is, what it is, and what it claims to unpack to. */
struct packed {
	const unsigned char *data;
	uint64_t size, unpacked;
	uint32_t type; /* ELFCOMPRESS_* */
};

/* The header of SHF_COMPRESSED, or the "ZLIB" and big-endian size of .zdebug_. */
static bool read_header(const struct elf_file *f, const struct elf_section *s, struct packed *out)
{
	uint64_t head = f->is_64 ? sizeof(Elf64_Chdr) : sizeof(Elf32_Chdr);

	if (!(s->flags & SHF_COMPRESSED)) {
		head = 12;
		if (s->size <= head || memcmp(s->data, "ZLIB", 4) != 0)
			return false;
		out->type = ELFCOMPRESS_ZLIB;
		out->unpacked = get_be64(s->data + 4);
	} else {
		if (s->size <= head)
			return false;
		out->type = elf_u32(f, s->data);
		out->unpacked = elf_word(f, s->data + (f->is_64 ? 8 : 4));
	}
	out->data = s->data + head;
	out->size = s->size - head;
	return out->unpacked;
}

#define COMPRESSED_ZSTD 2 /* ELFCOMPRESS_ZSTD, which not every elf.h has */

/* The unpacked bytes, malloc'd. */
static int unpack_stream(const struct elf_file *f, const char *name, const struct packed *packed,
			 unsigned char **out, struct ksa_error *err)
{
	struct bytes bytes = {NULL, 0, BYTES_BORROWED};
	union {
		const unsigned char *in;
		unsigned char *out;
	} heap;
	int r;

	if (packed->type == ELFCOMPRESS_ZLIB) {
		*out = malloc(packed->unpacked);
		if (!*out)
			return ksa_fail_nomem(err);
		if (inflate_exactly(packed->data, packed->size, *out, packed->unpacked))
			return 0;
		free(*out);
		return ksa_fail_at(err, KSA_EFORMAT, f->source, 0, "'%s' cannot be unpacked", name);
	}
	r = decompress_bytes(packed->data, packed->size, f->source, packed->unpacked, false, &bytes,
			     err);
	if (!r && bytes.size != packed->unpacked) {
		bytes_release(&bytes);
		return ksa_fail_at(err, KSA_EFORMAT, f->source, 0, "'%s' cannot be unpacked", name);
	}
	heap.in = bytes.data;
	*out = heap.out;
	return r;
}

/* Unpack into a copy of the section's own; total counts what all of them unpack to. */
static int unpack(struct elf_debug *debug, const struct elf_file *f, const struct elf_section *from,
		  uint64_t *total, struct ksa_error *err)
{
	struct elf_debug_section *s = &debug->items[debug->count];
	struct packed packed;
	int r;

	if (!read_header(f, from, &packed))
		return ksa_fail_at(err, KSA_EFORMAT, f->source, 0,
				   "'%s' is compressed, but its header is damaged", from->name);
	if (packed.type != ELFCOMPRESS_ZLIB &&
	    (packed.type != COMPRESSED_ZSTD || !decompress_knows(packed.data, packed.size)))
		return ksa_fail_at(
			err, KSA_EUNSUPPORTED, f->source, 0,
			"'%s' is compressed by method %u, only zlib (1) and zstd (2) are "
			"read here; 'objcopy --decompress-debug-sections' unpacks it",
			from->name, packed.type);
	if (packed.unpacked > MAX_UNPACKED || packed.unpacked > MAX_UNPACKED - *total ||
	    packed.unpacked / MAX_RATIO > packed.size)
		return ksa_fail_at(err, KSA_ELIMIT, f->source, 0,
				   "'%s' of %llu bytes claims to unpack to %llu bytes", from->name,
				   (unsigned long long)from->size,
				   (unsigned long long)packed.unpacked);
	*total += packed.unpacked;
	r = unpack_stream(f, from->name, &packed, &debug->copies[debug->count], err);
	if (r) {
		debug->copies[debug->count] = NULL;
		return r;
	}
	s->data = debug->copies[debug->count];
	s->size = packed.unpacked;
	return 0;
}

/*
 * The section that is read here, by its name with or without compression's "z"; NULL: another one.
 * libdwarf looks into all that it is given, and damage in what nobody asked for is no concern.
 */
static const char *debug_name(const char *name)
{
	static const char *const wanted[] = {
		".debug_info", ".debug_abbrev",	     ".debug_str",  ".debug_line_str",
		".debug_line", ".debug_str_offsets", ".debug_addr", NULL};
	size_t skip = strncmp(name, ".z", 2) == 0 ? 2 : 1;

	for (size_t i = 0; wanted[i]; i++)
		if (*name == '.' && strcmp(wanted[i] + 1, name + skip) == 0)
			return wanted[i];
	return NULL;
}

static bool is_wanted(const struct elf_debug *debug, const struct elf_section *s)
{
	const char *name = debug_name(s->name);

	return name && s->data && !elf_debug_section(debug, name) &&
	       (s->type == SHT_PROGBITS || s->type == SHT_MIPS_DWARF);
}

int elf_debug_open(struct elf_debug *debug, const struct elf_file *f, struct ksa_error *err)
{
	struct elf_symtab symtab = {.section = NULL};
	uint64_t unpacked = 0;
	int r = 0;

	memset(debug, 0, sizeof(*debug));
	debug->is_64 = f->is_64;
	debug->is_be = f->is_be;
	if (f->type == ET_REL)
		r = elf_symtab_open(f, &symtab, err);
	for (size_t i = 1; i < f->section_count && debug->count < ELF_DEBUG_MAX && !r; i++) {
		const struct elf_section *from = &f->sections[i];
		const char *name = debug_name(from->name);

		if (!is_wanted(debug, from))
			continue;
		debug->items[debug->count] = (struct elf_debug_section){.name = name,
									.data = from->data,
									.size = from->size,
									.address = from->address};
		if ((from->flags & SHF_COMPRESSED) || from->name[1] == 'z')
			r = unpack(debug, f, from, &unpacked, err);
		if (!r && f->type == ET_REL && is_relocated(name))
			r = relocate(debug, f, i, &symtab, err);
		debug->count++;
	}
	if (r)
		elf_debug_release(debug);
	return r;
}

void elf_debug_release(struct elf_debug *debug)
{
	for (size_t i = 0; i < debug->count; i++)
		free(debug->copies[i]);
	memset(debug, 0, sizeof(*debug));
}

const struct elf_debug_section *elf_debug_section(const struct elf_debug *debug, const char *name)
{
	for (size_t i = 0; i < debug->count; i++)
		if (strcmp(debug->items[i].name, name) == 0)
			return &debug->items[i];
	return NULL;
}
