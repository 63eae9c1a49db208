// SPDX-License-Identifier: GPL-2.0-or-later
#include "unit/elfbuild.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct section {
	char *name;
	unsigned char *data;
	size_t size, align;
	uint64_t flags, address, offset;
	uint32_t type, link, info;
	uint64_t entry_size;
	uint32_t name_at;
};

struct symbol {
	char *name;
	unsigned int bind, type;
	size_t section;
	uint64_t value;
	size_t index; /* in the written table */
};

struct reloc {
	size_t section, symbol;
	uint64_t offset;
	uint32_t type;
	int64_t addend;
};

struct elfbuild {
	const struct elfbuild_arch *arch;
	uint16_t type;
	struct section *sections;
	size_t section_count, section_room;
	struct symbol *symbols;
	size_t symbol_count, symbol_room;
	struct reloc *relocs;
	size_t reloc_count, reloc_room;
	uint64_t next_address;
	bool reversed, extended;
};

/* Relocation numbers are those of each psABI; the bases are those of Debian 12's kernels. */
const struct elfbuild_arch elfbuild_archs[] = {
	{"x86_64", EM_X86_64, true, false, true, true, 1, 2, 10, 0xffffffff81000000},
	{"i386", EM_386, false, false, true, false, 1, 2, 1, 0xc1000000},
	{"arm64", EM_AARCH64, true, false, true, true, 257, 261, 258, 0xffff800008000000},
	{"arm", EM_ARM, false, false, false, false, 2, 3, 2, 0xc0208000},
	{"ppc64le", EM_PPC64, true, false, false, true, 38, 26, 1, 0xc000000000000000},
	{"s390x", EM_S390, true, true, false, true, 22, 5, 4, 0x100000},
	{"riscv64", EM_RISCV, true, false, false, true, 2, 57, 1, 0xffffffff80000000},
	{"mips64el", EM_MIPS, true, false, false, true, 18, 248, 2, 0xffffffff80100000},
	{NULL, 0, false, false, false, false, 0, 0, 0, 0},
};

static void *must(void *p)
{
	if (!p) {
		fputs("elfbuild: out of memory\n", stderr);
		abort();
	}
	return p;
}

static void misuse(const char *what, const char *subject)
{
	fprintf(stderr, "elfbuild: %s '%s'\n", what, subject);
	abort();
}

static void *grow(void *items, size_t *room, size_t count, size_t size)
{
	if (count < *room)
		return items;
	*room = *room ? *room * 2 : 16;
	return must(realloc(items, *room * size));
}

void elfbuild_bytes_release(struct elfbuild_bytes *bytes)
{
	free(bytes->data);
	memset(bytes, 0, sizeof(*bytes));
}

const struct elfbuild_arch *elfbuild_arch(const char *name)
{
	for (const struct elfbuild_arch *a = elfbuild_archs; a->name; a++)
		if (strcmp(a->name, name) == 0)
			return a;
	return NULL;
}

struct elfbuild *elfbuild_new(const struct elfbuild_arch *arch, uint16_t type)
{
	struct elfbuild *b = must(calloc(1, sizeof(*b)));

	b->arch = arch;
	b->type = type;
	b->next_address = arch->base;
	elfbuild_section(b, "", SHT_NULL, 0, NULL, 0, 0);
	return b;
}

size_t elfbuild_section(struct elfbuild *b, const char *name, uint32_t type, uint64_t flags,
			const void *data, size_t size, size_t align)
{
	struct section *s;

	b->sections = grow(b->sections, &b->section_room, b->section_count, sizeof(*s));
	s = &b->sections[b->section_count];
	*s = (struct section){.type = type, .flags = flags, .size = size, .align = align};
	s->name = must(strdup(name));
	s->data = must(calloc(size + 1, 1));
	if (data)
		memcpy(s->data, data, size);
	if (b->type != ET_REL && (flags & SHF_ALLOC)) {
		if (align)
			b->next_address = (b->next_address + align - 1) / align * align;
		s->address = b->next_address;
		b->next_address += size;
	}
	return b->section_count++;
}

unsigned char *elfbuild_content(struct elfbuild *b, size_t section)
{
	return b->sections[section].data;
}

size_t elfbuild_size(const struct elfbuild *b, size_t section)
{
	return b->sections[section].size;
}

uint64_t elfbuild_address(const struct elfbuild *b, size_t section)
{
	return b->sections[section].address;
}

size_t elfbuild_symbol(struct elfbuild *b, const char *name, unsigned int bind, unsigned int type,
		       size_t section, uint64_t value)
{
	struct symbol *s;

	b->symbols = grow(b->symbols, &b->symbol_room, b->symbol_count, sizeof(*s));
	s = &b->symbols[b->symbol_count];
	*s = (struct symbol){.bind = bind, .type = type, .section = section, .value = value};
	s->name = must(strdup(name));
	return b->symbol_count++;
}

void elfbuild_store(bool is_be, unsigned char *p, unsigned int width, uint64_t value)
{
	for (unsigned int i = 0; i < width; i++)
		p[is_be ? width - 1 - i : i] = (unsigned char)(value >> (8 * i));
}

void elfbuild_reloc(struct elfbuild *b, size_t section, uint64_t offset, size_t symbol,
		    uint32_t type, int64_t addend)
{
	struct reloc *r;

	if (!b->arch->rela)
		elfbuild_store(b->arch->is_be, b->sections[section].data + offset, 4,
			       (uint64_t)addend);
	b->relocs = grow(b->relocs, &b->reloc_room, b->reloc_count, sizeof(*r));
	r = &b->relocs[b->reloc_count++];
	*r = (struct reloc){section, symbol, offset, type, addend};
}

void elfbuild_reverse_relocs(struct elfbuild *b)
{
	b->reversed = true;
}

void elfbuild_extended_indices(struct elfbuild *b)
{
	b->extended = true;
}

/* Fields of one record, written in order. */
struct record {
	unsigned char *p;
	bool is_be;
	unsigned int word;
};

static void put(struct record *r, unsigned int width, uint64_t value)
{
	elfbuild_store(r->is_be, r->p, width, value);
	r->p += width;
}

/* Append a string to a string table section; its offset. */
static uint32_t add_string(struct section *table, const char *s)
{
	size_t length = strlen(s) + 1, at = table->size;

	if (length == 1)
		return 0;
	table->data = must(realloc(table->data, at + length));
	memcpy(table->data + at, s, length);
	table->size += length;
	return (uint32_t)at;
}

static size_t add_table(struct elfbuild *b, const char *name, uint32_t type, size_t entries,
			size_t entry_size)
{
	size_t i = elfbuild_section(b, name, type, 0, NULL, entries * entry_size, 8);

	b->sections[i].entry_size = entry_size;
	return i;
}

/* Give every symbol its place: local ones first, after the null symbol. Returns sh_info. */
static size_t number_symbols(struct elfbuild *b)
{
	size_t next = 1, locals;

	for (size_t i = 0; i < b->symbol_count; i++)
		if (b->symbols[i].bind == STB_LOCAL)
			b->symbols[i].index = next++;
	locals = next;
	for (size_t i = 0; i < b->symbol_count; i++)
		if (b->symbols[i].bind != STB_LOCAL)
			b->symbols[i].index = next++;
	return locals;
}

static void write_symbol(struct elfbuild *b, const struct symbol *s, size_t symtab, size_t strtab,
			 size_t shndx)
{
	struct section *table = &b->sections[symtab];
	uint32_t name = add_string(&b->sections[strtab], s->name);
	struct record r = {table->data + s->index * table->entry_size, b->arch->is_be, 0};
	uint64_t section = s->section, info = ELF64_ST_INFO(s->bind, s->type);

	if (shndx && section > 0 && section < SHN_LORESERVE) {
		elfbuild_store(r.is_be, b->sections[shndx].data + s->index * 4, 4, section);
		section = SHN_XINDEX;
	}
	put(&r, 4, name);
	if (b->arch->is_64) {
		put(&r, 1, info);
		put(&r, 1, 0);
		put(&r, 2, section);
		put(&r, 8, s->value);
		put(&r, 8, 0);
	} else {
		put(&r, 4, s->value);
		put(&r, 4, 0);
		put(&r, 1, info);
		put(&r, 1, 0);
		put(&r, 2, section);
	}
}

static size_t write_symbols(struct elfbuild *b)
{
	size_t entry = b->arch->is_64 ? sizeof(Elf64_Sym) : sizeof(Elf32_Sym);
	size_t symtab = add_table(b, ".symtab", SHT_SYMTAB, b->symbol_count + 1, entry);
	size_t strtab = elfbuild_section(b, ".strtab", SHT_STRTAB, 0, "", 1, 1);
	size_t shndx = 0;

	if (b->extended) {
		shndx = add_table(b, ".symtab_shndx", SHT_SYMTAB_SHNDX, b->symbol_count + 1, 4);
		b->sections[shndx].link = (uint32_t)symtab;
	}
	b->sections[symtab].link = (uint32_t)strtab;
	b->sections[symtab].info = (uint32_t)number_symbols(b);
	for (size_t i = 0; i < b->symbol_count; i++)
		write_symbol(b, &b->symbols[i], symtab, strtab, shndx);
	return symtab;
}

static void write_reloc(const struct elfbuild *b, const struct reloc *reloc, unsigned char *at)
{
	struct record r = {at, b->arch->is_be, 0};
	uint64_t symbol = b->symbols[reloc->symbol].index;
	uint64_t place = b->sections[reloc->section].address + reloc->offset;

	if (!b->arch->is_64) {
		put(&r, 4, place);
		put(&r, 4, symbol << 8 | (reloc->type & 0xff));
		if (b->arch->rela)
			put(&r, 4, (uint64_t)reloc->addend);
		return;
	}
	put(&r, 8, place);
	if (b->arch->machine == EM_MIPS) {
		/* r_sym, r_ssym, r_type3, r_type2, r_type: five fields in file order. */
		put(&r, 4, symbol);
		put(&r, 3, 0);
		put(&r, 1, reloc->type);
	} else {
		put(&r, 8, symbol << 32 | reloc->type);
	}
	put(&r, 8, (uint64_t)reloc->addend);
}

/* One .rela.X or .rel.X for a section that has relocations. */
static void write_relocs(struct elfbuild *b, size_t section, size_t symtab)
{
	size_t entry =
		(b->arch->is_64 ? 16u : 8u) + (b->arch->rela ? (b->arch->is_64 ? 8u : 4u) : 0);
	size_t count = 0, at, done = 0;
	char name[300];

	for (size_t i = 0; i < b->reloc_count; i++)
		count += b->relocs[i].section == section;
	if (!count)
		return;
	snprintf(name, sizeof(name), "%s%s", b->arch->rela ? ".rela" : ".rel",
		 b->sections[section].name);
	at = add_table(b, name, b->arch->rela ? SHT_RELA : SHT_REL, count, entry);
	b->sections[at].link = (uint32_t)symtab;
	b->sections[at].info = (uint32_t)section;
	b->sections[at].flags = SHF_INFO_LINK;
	for (size_t i = 0; i < b->reloc_count; i++) {
		const struct reloc *r = &b->relocs[b->reversed ? b->reloc_count - 1 - i : i];

		if (r->section == section)
			write_reloc(b, r, b->sections[at].data + done++ * entry);
	}
}

static void write_header(const struct elfbuild *b, unsigned char *p, uint64_t shoff, size_t names)
{
	bool many = b->section_count >= SHN_LORESERVE;
	unsigned int word = b->arch->is_64 ? 8 : 4;
	struct record r = {p + EI_NIDENT, b->arch->is_be, word};

	memcpy(p, ELFMAG, SELFMAG);
	p[EI_CLASS] = b->arch->is_64 ? ELFCLASS64 : ELFCLASS32;
	p[EI_DATA] = b->arch->is_be ? ELFDATA2MSB : ELFDATA2LSB;
	p[EI_VERSION] = EV_CURRENT;
	put(&r, 2, b->type);
	put(&r, 2, b->arch->machine);
	put(&r, 4, EV_CURRENT);
	put(&r, word, b->type == ET_REL ? 0 : b->arch->base);
	put(&r, word, 0); /* e_phoff */
	put(&r, word, shoff);
	put(&r, 4, 0);
	put(&r, 2, b->arch->is_64 ? sizeof(Elf64_Ehdr) : sizeof(Elf32_Ehdr));
	put(&r, 2, 0);
	put(&r, 2, 0);
	put(&r, 2, b->arch->is_64 ? sizeof(Elf64_Shdr) : sizeof(Elf32_Shdr));
	put(&r, 2, many ? 0 : b->section_count);
	put(&r, 2, names >= SHN_LORESERVE ? SHN_XINDEX : names);
}

static void write_section_header(const struct elfbuild *b, const struct section *s,
				 unsigned char *p)
{
	unsigned int word = b->arch->is_64 ? 8 : 4;
	struct record r = {p, b->arch->is_be, word};

	put(&r, 4, s->name_at);
	put(&r, 4, s->type);
	put(&r, word, s->flags);
	put(&r, word, s->address);
	put(&r, word, s->offset);
	put(&r, word, s->size);
	put(&r, 4, s->link);
	put(&r, 4, s->info);
	put(&r, word, s->align);
	put(&r, word, s->entry_size);
}

/* Give every section its offset; returns where the section table goes. */
static size_t lay_out(struct elfbuild *b)
{
	size_t at = b->arch->is_64 ? sizeof(Elf64_Ehdr) : sizeof(Elf32_Ehdr);

	for (size_t i = 1; i < b->section_count; i++) {
		struct section *s = &b->sections[i];

		if (s->align)
			at = (at + s->align - 1) / s->align * s->align;
		s->offset = at;
		if (s->type != SHT_NOBITS)
			at += s->size;
	}
	return (at + 7) / 8 * 8;
}

static void free_builder(struct elfbuild *b)
{
	for (size_t i = 0; i < b->section_count; i++) {
		free(b->sections[i].name);
		free(b->sections[i].data);
	}
	for (size_t i = 0; i < b->symbol_count; i++)
		free(b->symbols[i].name);
	free(b->sections);
	free(b->symbols);
	free(b->relocs);
	free(b);
}

static void write_tables(struct elfbuild *b)
{
	size_t symtab = write_symbols(b);
	size_t count = b->section_count;

	for (size_t i = 1; i < count; i++)
		write_relocs(b, i, symtab);
}

struct elfbuild_bytes elfbuild_finish(struct elfbuild *b, bool with_symtab)
{
	size_t entry = b->arch->is_64 ? sizeof(Elf64_Shdr) : sizeof(Elf32_Shdr);
	struct elfbuild_bytes out;
	size_t names, shoff;

	if (with_symtab)
		write_tables(b);
	names = elfbuild_section(b, ".shstrtab", SHT_STRTAB, 0, "", 1, 1);
	for (size_t i = 1; i < b->section_count; i++)
		b->sections[i].name_at = add_string(&b->sections[names], b->sections[i].name);
	shoff = lay_out(b);
	if (b->section_count >= SHN_LORESERVE)
		b->sections[0].size = b->section_count;
	if (names >= SHN_LORESERVE)
		b->sections[0].link = (uint32_t)names;
	out.size = shoff + b->section_count * entry;
	out.data = must(calloc(out.size, 1));
	write_header(b, out.data, shoff, names);
	for (size_t i = 0; i < b->section_count; i++) {
		const struct section *s = &b->sections[i];

		if (i && s->type != SHT_NOBITS)
			memcpy(out.data + s->offset, s->data, s->size);
		write_section_header(b, s, out.data + shoff + i * entry);
	}
	free_builder(b);
	return out;
}

/* Offset and width of each field in its record, 32-bit then 64-bit. */
static const struct {
	unsigned char at32, width32, at64, width64;
} fields[] = {
	[ELFBUILD_E_TYPE] = {16, 2, 16, 2},	[ELFBUILD_E_MACHINE] = {18, 2, 18, 2},
	[ELFBUILD_E_SHOFF] = {32, 4, 40, 8},	[ELFBUILD_E_SHENTSIZE] = {46, 2, 58, 2},
	[ELFBUILD_E_SHNUM] = {48, 2, 60, 2},	[ELFBUILD_E_SHSTRNDX] = {50, 2, 62, 2},
	[ELFBUILD_SH_NAME] = {0, 4, 0, 4},	[ELFBUILD_SH_TYPE] = {4, 4, 4, 4},
	[ELFBUILD_SH_FLAGS] = {8, 4, 8, 8},	[ELFBUILD_SH_ADDR] = {12, 4, 16, 8},
	[ELFBUILD_SH_OFFSET] = {16, 4, 24, 8},	[ELFBUILD_SH_SIZE] = {20, 4, 32, 8},
	[ELFBUILD_SH_LINK] = {24, 4, 40, 4},	[ELFBUILD_SH_INFO] = {28, 4, 44, 4},
	[ELFBUILD_SH_ENTSIZE] = {36, 4, 56, 8}, [ELFBUILD_ST_NAME] = {0, 4, 0, 4},
	[ELFBUILD_ST_INFO] = {12, 1, 4, 1},	[ELFBUILD_ST_SHNDX] = {14, 2, 6, 2},
	[ELFBUILD_ST_VALUE] = {4, 4, 8, 8},	[ELFBUILD_R_OFFSET] = {0, 4, 0, 8},
	[ELFBUILD_R_INFO] = {4, 4, 8, 8},	[ELFBUILD_R_ADDEND] = {8, 4, 16, 8},
};

static bool is_64(const struct elfbuild_bytes *bytes)
{
	return bytes->data[EI_CLASS] == ELFCLASS64;
}

static size_t field_at(const struct elfbuild_bytes *bytes, enum elfbuild_field field)
{
	return is_64(bytes) ? fields[field].at64 : fields[field].at32;
}

unsigned int elfbuild_field_width(const struct elfbuild_bytes *bytes, enum elfbuild_field field)
{
	return is_64(bytes) ? fields[field].width64 : fields[field].width32;
}

uint64_t elfbuild_get(const struct elfbuild_bytes *bytes, size_t at, unsigned int width)
{
	bool is_be = bytes->data[EI_DATA] == ELFDATA2MSB;
	uint64_t value = 0;

	if (at + width > bytes->size)
		misuse("reads past the end of", "the file");
	for (unsigned int i = 0; i < width; i++)
		value = value << 8 | bytes->data[at + (is_be ? i : width - 1 - i)];
	return value;
}

void elfbuild_put(struct elfbuild_bytes *bytes, size_t at, unsigned int width, uint64_t value)
{
	if (at + width > bytes->size)
		misuse("writes past the end of", "the file");
	elfbuild_store(bytes->data[EI_DATA] == ELFDATA2MSB, bytes->data + at, width, value);
}

size_t elfbuild_header_field(const struct elfbuild_bytes *bytes, enum elfbuild_field field)
{
	return field_at(bytes, field);
}

size_t elfbuild_section_field(const struct elfbuild_bytes *bytes, size_t index,
			      enum elfbuild_field field)
{
	size_t at = elfbuild_get(bytes, field_at(bytes, ELFBUILD_E_SHOFF),
				 elfbuild_field_width(bytes, ELFBUILD_E_SHOFF));

	return at + index * (is_64(bytes) ? sizeof(Elf64_Shdr) : sizeof(Elf32_Shdr)) +
	       field_at(bytes, field);
}

static uint64_t get_section(const struct elfbuild_bytes *bytes, size_t i, enum elfbuild_field field)
{
	return elfbuild_get(bytes, elfbuild_section_field(bytes, i, field),
			    elfbuild_field_width(bytes, field));
}

size_t elfbuild_section_index(const struct elfbuild_bytes *bytes, const char *name)
{
	size_t count = elfbuild_get(bytes, field_at(bytes, ELFBUILD_E_SHNUM), 2);
	size_t names = elfbuild_get(bytes, field_at(bytes, ELFBUILD_E_SHSTRNDX), 2);
	size_t strings;

	if (!count)
		count = get_section(bytes, 0, ELFBUILD_SH_SIZE);
	if (names == SHN_XINDEX)
		names = get_section(bytes, 0, ELFBUILD_SH_LINK);
	strings = get_section(bytes, names, ELFBUILD_SH_OFFSET);
	for (size_t i = 1; i < count; i++) {
		size_t at = strings + get_section(bytes, i, ELFBUILD_SH_NAME);

		if (strcmp((const char *)bytes->data + at, name) == 0)
			return i;
	}
	return 0;
}

static size_t need_section(const struct elfbuild_bytes *bytes, const char *name)
{
	size_t i = elfbuild_section_index(bytes, name);

	if (!i)
		misuse("no section", name);
	return i;
}

size_t elfbuild_section_offset(const struct elfbuild_bytes *bytes, const char *name)
{
	return get_section(bytes, need_section(bytes, name), ELFBUILD_SH_OFFSET);
}

size_t elfbuild_section_size(const struct elfbuild_bytes *bytes, const char *name)
{
	return get_section(bytes, need_section(bytes, name), ELFBUILD_SH_SIZE);
}

size_t elfbuild_symbol_index(const struct elfbuild_bytes *bytes, const char *name)
{
	size_t entry = is_64(bytes) ? sizeof(Elf64_Sym) : sizeof(Elf32_Sym);
	size_t count = elfbuild_section_size(bytes, ".symtab") / entry;
	size_t strings = elfbuild_section_offset(bytes, ".strtab");

	for (size_t i = 1; i < count; i++) {
		size_t at = elfbuild_entry_field(bytes, ".symtab", i, ELFBUILD_ST_NAME);

		if (strcmp((const char *)bytes->data + strings + elfbuild_get(bytes, at, 4),
			   name) == 0)
			return i;
	}
	return 0;
}

size_t elfbuild_entry_field(const struct elfbuild_bytes *bytes, const char *table, size_t i,
			    enum elfbuild_field field)
{
	size_t index = need_section(bytes, table);

	return get_section(bytes, index, ELFBUILD_SH_OFFSET) +
	       i * get_section(bytes, index, ELFBUILD_SH_ENTSIZE) + field_at(bytes, field);
}

void elfbuild_set_header(struct elfbuild_bytes *bytes, enum elfbuild_field field, uint64_t value)
{
	elfbuild_put(bytes, field_at(bytes, field), elfbuild_field_width(bytes, field), value);
}

void elfbuild_set_section(struct elfbuild_bytes *bytes, const char *name, enum elfbuild_field field,
			  uint64_t value)
{
	elfbuild_put(bytes, elfbuild_section_field(bytes, need_section(bytes, name), field),
		     elfbuild_field_width(bytes, field), value);
}

void elfbuild_set_entry(struct elfbuild_bytes *bytes, const char *table, size_t i,
			enum elfbuild_field field, uint64_t value)
{
	elfbuild_put(bytes, elfbuild_entry_field(bytes, table, i, field),
		     elfbuild_field_width(bytes, field), value);
}
