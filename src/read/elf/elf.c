// SPDX-License-Identifier: GPL-2.0-or-later
#include "read/elf/elf.h"

#include <gelf.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"

/* A kernel linked with one section per function has some 100,000; nothing real has more. */
#define MAX_SECTIONS 1000000

static void cleanup_elf(Elf **elf)
{
	if (*elf)
		elf_end(*elf);
}

bool elf_is_elf(const unsigned char *data, size_t size)
{
	return size >= SELFMAG && memcmp(data, ELFMAG, SELFMAG) == 0;
}

uint16_t elf_u16(const struct elf_file *f, const unsigned char *p)
{
	return f->is_be ? get_be16(p) : get_le16(p);
}

uint32_t elf_u32(const struct elf_file *f, const unsigned char *p)
{
	return f->is_be ? get_be32(p) : get_le32(p);
}

uint64_t elf_u64(const struct elf_file *f, const unsigned char *p)
{
	return f->is_be ? get_be64(p) : get_le64(p);
}

uint64_t elf_word(const struct elf_file *f, const unsigned char *p)
{
	return f->is_64 ? elf_u64(f, p) : elf_u32(f, p);
}

const char *elf_string(const struct elf_section *section, uint64_t offset)
{
	uint64_t room;

	if (!section->data || offset >= section->size)
		return NULL;
	room = section->size - offset;
	if (!memchr(section->data + offset, '\0', room < ELF_MAX_STRING ? room : ELF_MAX_STRING))
		return NULL;
	return (const char *)section->data + offset;
}

const struct elf_section *elf_section(const struct elf_file *f, const char *name)
{
	for (size_t i = 1; i < f->section_count; i++)
		if (strcmp(f->sections[i].name, name) == 0)
			return &f->sections[i];
	return NULL;
}

const char *elf_arch(const struct elf_file *f)
{
	switch (f->machine) {
	case EM_X86_64:
		return "x86_64";
	case EM_386:
		return "i386";
	case EM_AARCH64:
		return "arm64";
	case EM_ARM:
		return "arm";
	case EM_PPC64:
		return f->is_be ? "ppc64" : "ppc64le";
	case EM_PPC:
		return "ppc";
	case EM_S390:
		return f->is_64 ? "s390x" : "s390";
	case EM_RISCV:
		return f->is_64 ? "riscv64" : "riscv32";
	case EM_MIPS:
		if (f->is_64)
			return f->is_be ? "mips64" : "mips64el";
		return f->is_be ? "mips" : "mipsel";
	case 258: /* EM_LOONGARCH, not in every elf.h */
		return f->is_64 ? "loongarch64" : "loongarch32";
	case EM_SPARCV9:
		return "sparc64";
	default:
		return "";
	}
}

/* The header's own claims, before libelf sees the bytes: class, order, how long it is. */
static int check_ident(struct elf_file *f, struct ksa_error *err)
{
	size_t header_size;

	if (!elf_is_elf(f->data, f->size))
		return ksa_fail_at(err, KSA_EFORMAT, f->source, 0, "is not an ELF file");
	if (f->size < EI_NIDENT ||
	    (f->data[EI_CLASS] != ELFCLASS32 && f->data[EI_CLASS] != ELFCLASS64))
		return ksa_fail_at(err, KSA_EFORMAT, f->source, 0,
				   "ELF header: class is neither 32 nor 64 bit");
	if (f->data[EI_DATA] != ELFDATA2LSB && f->data[EI_DATA] != ELFDATA2MSB)
		return ksa_fail_at(err, KSA_EFORMAT, f->source, 0,
				   "ELF header: byte order is neither little nor big endian");
	f->is_64 = f->data[EI_CLASS] == ELFCLASS64;
	f->is_be = f->data[EI_DATA] == ELFDATA2MSB;
	header_size = f->is_64 ? sizeof(Elf64_Ehdr) : sizeof(Elf32_Ehdr);
	if (f->size < header_size)
		return ksa_fail_at(err, KSA_EFORMAT, f->source, 0,
				   "is cut short: %zu bytes, the ELF header alone has %zu", f->size,
				   header_size);
	f->type = elf_u16(f, f->data + 16);
	f->machine = elf_u16(f, f->data + 18);
	return 0;
}

/* The same of where the sections are. */
static int check_header(struct elf_file *f, struct ksa_error *err)
{
	size_t entry_size;
	uint64_t offset;
	uint16_t count, given;
	int r = check_ident(f, err);

	if (r)
		return r;
	entry_size = f->is_64 ? sizeof(Elf64_Shdr) : sizeof(Elf32_Shdr);
	offset = elf_word(f, f->data + (f->is_64 ? 40 : 32));
	count = elf_u16(f, f->data + (f->is_64 ? 60 : 48));
	given = elf_u16(f, f->data + (f->is_64 ? 58 : 46));
	if (offset == 0 && count)
		return ksa_fail_at(err, KSA_EFORMAT, f->source, 0,
				   "ELF header: %u section headers, but no offset where they are",
				   count);
	if (offset == 0)
		return 0;
	if (given != entry_size)
		return ksa_fail_at(err, KSA_EFORMAT, f->source, 0,
				   "ELF header: section header size is %u, expected %zu", given,
				   entry_size);
	if (!range_ok(offset, (uint64_t)(count ? count : 1) * entry_size, f->size))
		return ksa_fail_at(
			err, KSA_EFORMAT, f->source, 0,
			"is cut short or damaged: the section headers at offset %llu end "
			"past the %zu bytes of the file",
			(unsigned long long)offset, f->size);
	return 0;
}

static int load_section(struct elf_file *f, size_t i, const GElf_Shdr *header,
			struct ksa_error *err)
{
	struct elf_section *s = &f->sections[i];

	s->address = header->sh_addr;
	s->size = header->sh_size;
	s->flags = header->sh_flags;
	s->entry_size = header->sh_entsize;
	s->type = header->sh_type;
	s->link = header->sh_link;
	s->info = header->sh_info;
	if (header->sh_type == SHT_NOBITS || header->sh_type == SHT_NULL)
		return 0;
	if (!range_ok(header->sh_offset, header->sh_size, f->size))
		return ksa_fail_at(err, KSA_EFORMAT, f->source, 0,
				   "section %zu at offset %llu with %llu bytes ends past the %zu "
				   "bytes of the file",
				   i, (unsigned long long)header->sh_offset,
				   (unsigned long long)header->sh_size, f->size);
	s->data = f->data + header->sh_offset;
	return 0;
}

static int name_sections(struct elf_file *f, Elf *elf, GElf_Word *offsets, struct ksa_error *err)
{
	const struct elf_section *names;
	size_t index;

	if (elf_getshdrstrndx(elf, &index) < 0)
		return ksa_fail_at(err, KSA_EFORMAT, f->source, 0,
				   "ELF header: section name table: %s", elf_errmsg(-1));
	if (index == SHN_UNDEF || index >= f->section_count)
		return ksa_fail_at(err, KSA_EFORMAT, f->source, 0,
				   "ELF header: section name table is section %zu of %zu", index,
				   f->section_count);
	names = &f->sections[index];
	if (!names->data || names->type != SHT_STRTAB || !names->size)
		return ksa_fail_at(err, KSA_EFORMAT, f->source, 0,
				   "ELF header: section name table %zu has no strings", index);
	if (names->data[names->size - 1])
		return ksa_fail_at(err, KSA_EFORMAT, f->source, 0,
				   "ELF header: section name table %zu: the last string does not "
				   "end",
				   index);
	for (size_t i = 0; i < f->section_count; i++) {
		f->sections[i].name = "";
		if (i && offsets[i] < names->size)
			f->sections[i].name = (const char *)names->data + offsets[i];
		else if (i)
			return ksa_fail_at(err, KSA_EFORMAT, f->source, 0,
					   "section %zu has its name at %u, outside the name table "
					   "of %llu bytes",
					   i, offsets[i], (unsigned long long)names->size);
	}
	return 0;
}

static int load_sections(struct elf_file *f, Elf *elf, size_t count, struct arena *arena,
			 struct ksa_error *err)
{
	_cleanup_free_ GElf_Word *offsets = calloc(count, sizeof(*offsets));

	f->sections = arena_calloc(arena, count, sizeof(*f->sections));
	if (!f->sections || !offsets)
		return ksa_fail_nomem(err);
	f->section_count = count;
	for (size_t i = 0; i < count; i++) {
		GElf_Shdr header;
		Elf_Scn *scn = elf_getscn(elf, i);
		int r;

		if (!scn || !gelf_getshdr(scn, &header))
			return ksa_fail_at(err, KSA_EFORMAT, f->source, 0, "section header %zu: %s",
					   i, elf_errmsg(-1));
		offsets[i] = header.sh_name;
		r = load_section(f, i, &header, err);
		if (r)
			return r;
	}
	return name_sections(f, elf, offsets, err);
}

int elf_open(struct elf_file *f, const unsigned char *data, size_t size, const char *source,
	     struct arena *arena, struct ksa_error *err)
{
	_cleanup_(cleanup_elf) Elf *elf = NULL;
	union {
		const unsigned char *in;
		char *out; /* libelf does not write to an image that it only reads */
	} image = {.in = data};
	size_t count;
	int r;

	memset(f, 0, sizeof(*f));
	f->source = source;
	f->data = data;
	f->size = size;
	r = check_header(f, err);
	if (r)
		return r;
	if (elf_version(EV_CURRENT) == EV_NONE)
		return ksa_fail_at(err, KSA_EFORMAT, source, 0, "libelf is too old");
	elf = elf_memory(image.out, size);
	if (!elf || elf_kind(elf) != ELF_K_ELF || elf_getshdrnum(elf, &count) < 0)
		return ksa_fail_at(err, KSA_EFORMAT, source, 0, "ELF header: %s", elf_errmsg(-1));
	/* Also what libelf says of a count in section 0 that the file is too short for. */
	if (count == 0 && elf_word(f, data + (f->is_64 ? 40 : 32)))
		return ksa_fail_at(err, KSA_EFORMAT, source, 0,
				   "ELF header: the section headers have no count, or one that the "
				   "%zu bytes of the file cannot hold",
				   size);
	if (count == 0)
		return 0;
	if (count > MAX_SECTIONS)
		return ksa_fail_at(err, KSA_ELIMIT, source, 0, "has %zu sections, more than %d",
				   count, MAX_SECTIONS);
	return load_sections(f, elf, count, arena, err);
}

/* The index of the first section of a type, or 0. */
static size_t find_type(const struct elf_file *f, uint32_t type)
{
	for (size_t i = 1; i < f->section_count; i++)
		if (f->sections[i].type == type)
			return i;
	return 0;
}

/* The string table of a section of symbols, or NULL with err filled. */
static const struct elf_section *string_table(const struct elf_file *f, const struct elf_section *s,
					      struct ksa_error *err)
{
	const struct elf_section *strings;

	if (s->link == 0 || s->link >= f->section_count || !f->sections[s->link].data ||
	    f->sections[s->link].type != SHT_STRTAB) {
		ksa_fail_at(err, KSA_EFORMAT, f->source, 0,
			    "'%s': its string table, section %u, is not there", s->name, s->link);
		return NULL;
	}
	strings = &f->sections[s->link];
	if (strings->size && !strings->data[strings->size - 1])
		return strings;
	ksa_fail_at(err, KSA_EFORMAT, f->source, 0, "'%s': the last string does not end",
		    strings->name);
	return NULL;
}

int elf_symtab_open(const struct elf_file *f, struct elf_symtab *symtab, struct ksa_error *err)
{
	size_t entry_size = f->is_64 ? sizeof(Elf64_Sym) : sizeof(Elf32_Sym);
	size_t index = find_type(f, SHT_SYMTAB);
	const struct elf_section *symbols;

	memset(symtab, 0, sizeof(*symtab));
	if (!index)
		return 0;
	symtab->section = symbols = &f->sections[index];
	if (!symbols->data || symbols->size % entry_size)
		return ksa_fail_at(err, KSA_EFORMAT, f->source, 0,
				   "'%s': %llu bytes are not a whole number of %zu-byte symbols",
				   symbols->name, (unsigned long long)symbols->size, entry_size);
	if (symbols->entry_size != entry_size)
		return ksa_fail_at(err, KSA_EFORMAT, f->source, 0,
				   "'%s': entry size is %llu, expected %zu", symbols->name,
				   (unsigned long long)symbols->entry_size, entry_size);
	symtab->strings = string_table(f, symbols, err);
	if (!symtab->strings)
		return KSA_EFORMAT;
	symtab->count = symbols->size / entry_size;
	for (size_t i = 1; i < f->section_count; i++) {
		const struct elf_section *s = &f->sections[i];

		if (s->type == SHT_SYMTAB_SHNDX && s->link == index && s->data) {
			symtab->extended = s->data;
			symtab->extended_count = s->size / 4;
		}
	}
	return 0;
}

int elf_symtab_get(const struct elf_file *f, const struct elf_symtab *symtab, size_t i,
		   struct elf_symbol *symbol, struct ksa_error *err)
{
	const unsigned char *p;
	uint32_t name;
	uint8_t info;

	if (i >= symtab->count)
		return ksa_fail_at(err, KSA_EFORMAT, f->source, 0,
				   "symbol %zu is asked for, '.symtab' holds %zu", i,
				   symtab->count);
	if (f->is_64) {
		p = symtab->section->data + i * sizeof(Elf64_Sym);
		info = p[4];
		symbol->section = elf_u16(f, p + 6);
		symbol->value = elf_u64(f, p + 8);
		symbol->size = elf_u64(f, p + 16);
	} else {
		p = symtab->section->data + i * sizeof(Elf32_Sym);
		symbol->value = elf_u32(f, p + 4);
		symbol->size = elf_u32(f, p + 8);
		info = p[12];
		symbol->section = elf_u16(f, p + 14);
	}
	name = elf_u32(f, p);
	symbol->type = info & 0xf;
	symbol->bind = info >> 4;
	if (name >= symtab->strings->size)
		return ksa_fail_at(err, KSA_EFORMAT, f->source, 0,
				   "symbol %zu has its name at %u, outside '%s' of %llu bytes", i,
				   name, symtab->strings->name,
				   (unsigned long long)symtab->strings->size);
	symbol->name = (const char *)symtab->strings->data + name;
	if (symbol->section == SHN_XINDEX) {
		if (i >= symtab->extended_count)
			return ksa_fail_at(err, KSA_EFORMAT, f->source, 0,
					   "symbol %zu needs an extended section index that is "
					   "not there",
					   i);
		symbol->section = elf_u32(f, symtab->extended + i * 4);
	}
	return 0;
}

static int compare_relocs(const void *a, const void *b)
{
	const struct elf_reloc *x = a, *y = b;

	return x->offset < y->offset ? -1 : x->offset > y->offset;
}

void elf_reloc_decode(const struct elf_file *f, const unsigned char *p, bool rela,
		      struct elf_reloc *reloc)
{
	uint64_t info = elf_word(f, p + (f->is_64 ? 8 : 4));

	reloc->offset = elf_word(f, p);
	if (!f->is_64) {
		reloc->symbol = (uint32_t)info >> 8;
		reloc->type = info & 0xff;
		reloc->addend = rela ? (int32_t)elf_u32(f, p + 8) : 0;
		return;
	}
	/* mips64: u32 sym, u8 ssym, type3, type2, type1 in file order, whatever the byte order. */
	if (f->machine == EM_MIPS) {
		reloc->symbol = elf_u32(f, p + 8);
		reloc->type = p[15];
	} else {
		reloc->symbol = (uint32_t)(info >> 32);
		reloc->type = (uint32_t)info;
	}
	reloc->addend = rela ? (int64_t)elf_u64(f, p + 16) : 0;
}

static size_t reloc_size(const struct elf_file *f, const struct elf_section *s)
{
	return (s->type == SHT_RELA ? 3 : 2) * (f->is_64 ? 8u : 4u);
}

static bool is_relocs_of(const struct elf_section *s, size_t target)
{
	return (s->type == SHT_RELA || s->type == SHT_REL) && s->info == target && s->data;
}

/* How many relocations a section has. */
static int count_relocs(const struct elf_file *f, size_t target, size_t *total, bool *has_addend,
			struct ksa_error *err)
{
	*total = 0;
	for (size_t i = 1; i < f->section_count; i++) {
		const struct elf_section *s = &f->sections[i];
		size_t entry = reloc_size(f, s);

		if (!is_relocs_of(s, target))
			continue;
		if (s->size % entry || s->entry_size != entry)
			return ksa_fail_at(err, KSA_EFORMAT, f->source, 0,
					   "'%s': %llu bytes of entry size %llu, expected a whole "
					   "number of %zu",
					   s->name, (unsigned long long)s->size,
					   (unsigned long long)s->entry_size, entry);
		*has_addend = s->type == SHT_RELA;
		*total += s->size / entry;
	}
	/* Overlapping sections must not make more than the file can hold. */
	if (*total > f->size)
		return ksa_fail_at(err, KSA_EFORMAT, f->source, 0,
				   "section %zu has overlapping relocations", target);
	return 0;
}

int elf_relocs(const struct elf_file *f, size_t target, struct arena *arena, struct elf_reloc **out,
	       size_t *count, bool *has_addend, struct ksa_error *err)
{
	size_t total, n = 0;
	bool sorted = true;
	int r;

	*out = NULL;
	*count = 0;
	*has_addend = true;
	r = count_relocs(f, target, &total, has_addend, err);
	if (r)
		return r;
	*out = arena_calloc(arena, total, sizeof(**out));
	if (!*out)
		return ksa_fail_nomem(err);
	for (size_t i = 1; i < f->section_count; i++) {
		const struct elf_section *s = &f->sections[i];
		size_t entry = reloc_size(f, s);

		if (!is_relocs_of(s, target))
			continue;
		for (size_t at = 0; at < s->size; at += entry, n++) {
			elf_reloc_decode(f, s->data + at, s->type == SHT_RELA, &(*out)[n]);
			if (n && (*out)[n].offset < (*out)[n - 1].offset)
				sorted = false;
		}
	}
	if (!sorted)
		qsort(*out, n, sizeof(**out), compare_relocs);
	*count = n;
	return 0;
}
