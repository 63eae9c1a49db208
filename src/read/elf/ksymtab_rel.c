// SPDX-License-Identifier: GPL-2.0-or-later
/* The export tables of a relocatable file: the bytes are zero, relocations say everything. */
#include "read/elf/ksymtab.h"

#include <elf.h>
#include <stdlib.h>
#include <string.h>

#include "base/search.h"

/* One table with its relocations, ascending by offset. */
struct table {
	const struct elf_file *f;
	const struct elf_symtab *symtab;
	const struct elf_section *section;
	const struct elf_reloc *relocs;
	size_t reloc_count;
	bool has_addend; /* RELA */
	unsigned int width, fields;
	size_t stride, entries;
};

/* The relocation types of data words: place-relative 32-bit, and absolute of pointer size. */
struct machine_types {
	uint16_t machine;
	uint32_t relative, absolute;
};

static const struct machine_types machines[] = {
	{EM_X86_64, R_X86_64_PC32, R_X86_64_64},
	{EM_386, R_386_PC32, R_386_32},
	{EM_AARCH64, R_AARCH64_PREL32, R_AARCH64_ABS64},
	{EM_ARM, R_ARM_REL32, R_ARM_ABS32},
	{EM_PPC64, R_PPC64_REL32, R_PPC64_ADDR64},
	{EM_PPC, R_PPC_REL32, R_PPC_ADDR32},
	{EM_S390, R_390_PC32, R_390_64},
	{EM_RISCV, R_RISCV_32_PCREL, R_RISCV_64},
	{EM_MIPS, 248 /* R_MIPS_PC32 */, R_MIPS_64},
	{EM_SPARCV9, R_SPARC_DISP32, R_SPARC_64},
	{258 /* EM_LOONGARCH */, 99 /* R_LARCH_32_PCREL */, 2 /* R_LARCH_64 */},
};

/* 4 for place-relative fields, the pointer size for absolute ones. */
static int choose_width(struct table *t, struct ksa_error *err)
{
	unsigned int word = t->f->is_64 ? 8 : 4;
	uint32_t type = t->relocs[0].type;

	for (size_t i = 0; i < sizeof(machines) / sizeof(machines[0]); i++) {
		if (machines[i].machine != t->f->machine)
			continue;
		if (type == machines[i].relative) {
			t->width = 4;
			return 0;
		}
		if (type == machines[i].absolute ||
		    (t->f->machine == EM_SPARCV9 && type == R_SPARC_UA64) || !t->f->is_64) {
			t->width = word;
			return 0;
		}
		return ksa_fail_at(err, KSA_EFORMAT, t->f->source, 0,
				   "'%s' has relocations of type %u, expected %u or %u",
				   t->section->name, type, machines[i].relative,
				   machines[i].absolute);
	}
	/* A machine that is not in the list: fields that stand 4 bytes apart are place-relative. */
	t->width = word;
	if (t->reloc_count > 1 && t->relocs[1].offset - t->relocs[0].offset == 4)
		t->width = 4;
	return 0;
}

/* The relocation at an offset, or NULL. */
static const struct elf_reloc *reloc_at(const struct table *t, uint64_t offset)
{
	size_t at = SEARCH_FIRST(i, t->reloc_count, t->relocs[i].offset < offset);

	return at < t->reloc_count && t->relocs[at].offset == offset ? &t->relocs[at] : NULL;
}

static int target_symbol(const struct table *t, const struct elf_reloc *reloc,
			 struct elf_symbol *symbol, struct ksa_error *err)
{
	if (reloc->symbol >= t->symtab->count)
		return ksa_fail_at(err, KSA_EFORMAT, t->f->source, 0,
				   "relocation at offset %llu of '%s' names symbol %u, '.symtab' "
				   "holds %zu",
				   (unsigned long long)reloc->offset, t->section->name,
				   reloc->symbol, t->symtab->count);
	return elf_symtab_get(t->f, t->symtab, reloc->symbol, symbol, err);
}

static bool is_strings(const struct table *t, const struct elf_symbol *symbol)
{
	return symbol->section < t->f->section_count &&
	       strcmp(t->f->sections[symbol->section].name, "__ksymtab_strings") == 0;
}

/* True if the field at offset is relocated to a string. */
static bool points_to_string(const struct table *t, uint64_t offset)
{
	const struct elf_reloc *reloc = reloc_at(t, offset);
	struct elf_symbol symbol;

	return reloc && reloc->symbol < t->symtab->count &&
	       elf_symtab_get(t->f, t->symtab, reloc->symbol, &symbol, NULL) == 0 &&
	       is_strings(t, &symbol);
}

/*
 * Two fields (to 5.3) or three (8651ec01daed "module: add support for symbol namespaces", 5.4):
 * under the right stride every entry's first field is no string and its second is one. Between
 * 4.19 and 5.2 entries were aligned to 8, before that on x86-64 assembly ones to 16.
 */
static int choose_stride(struct table *t, struct ksa_error *err)
{
	const unsigned int strides[][2] = {{3 * t->width, 3}, {2 * t->width, 2}, {4 * t->width, 2}};

	for (size_t k = 0; k < sizeof(strides) / sizeof(strides[0]); k++) {
		uint64_t at = 0;

		t->stride = strides[k][0];
		t->fields = strides[k][1];
		if (t->section->size % t->stride)
			continue;
		while (at < t->section->size && !points_to_string(t, at) &&
		       points_to_string(t, at + t->width))
			at += t->stride;
		if (at >= t->section->size) {
			t->entries = t->section->size / t->stride;
			return 0;
		}
	}
	return ksa_fail_at(err, KSA_EFORMAT, t->f->source, 0,
			   "'%s': no kernel_symbol layout fits its %llu bytes and %zu relocations",
			   t->section->name, (unsigned long long)t->section->size, t->reloc_count);
}

static int check_relocs(const struct table *t, struct ksa_error *err)
{
	for (size_t i = 0; i < t->reloc_count; i++) {
		if (t->relocs[i].offset >= t->section->size)
			return ksa_fail_at(err, KSA_EFORMAT, t->f->source, 0,
					   "relocation at offset %llu lies outside '%s' of %llu "
					   "bytes",
					   (unsigned long long)t->relocs[i].offset,
					   t->section->name, (unsigned long long)t->section->size);
		if (i && t->relocs[i].offset == t->relocs[i - 1].offset)
			return ksa_fail_at(err, KSA_EFORMAT, t->f->source, 0,
					   "two relocations at offset %llu of '%s'",
					   (unsigned long long)t->relocs[i].offset,
					   t->section->name);
	}
	return 0;
}

/* The string that the field at offset names; *out NULL where the field has no relocation. */
static int string_field(const struct table *t, uint64_t offset, const char **out,
			struct ksa_error *err)
{
	const struct elf_reloc *reloc = reloc_at(t, offset);
	struct elf_symbol symbol;
	uint64_t at;
	int r;

	*out = NULL;
	if (!reloc)
		return 0;
	r = target_symbol(t, reloc, &symbol, err);
	if (r)
		return r;
	at = symbol.value + (uint64_t)reloc->addend;
	if (!t->has_addend) {
		const unsigned char *p = t->section->data + offset;

		at += t->width == 8 ? elf_u64(t->f, p) : (uint64_t)(int32_t)elf_u32(t->f, p);
	}
	if (symbol.section && symbol.section < t->f->section_count)
		*out = elf_string(&t->f->sections[symbol.section], at);
	if (!*out)
		return ksa_fail_at(err, KSA_EFORMAT, t->f->source, 0,
				   "'%s' at offset %llu points to no string (offset %lld of "
				   "section %u)",
				   t->section->name, (unsigned long long)offset, (long long)at,
				   symbol.section);
	return 0;
}

static int decode_entry(const struct table *t, size_t i, struct ksa_export *e,
			struct ksa_error *err)
{
	uint64_t at = i * t->stride;
	const struct elf_reloc *value = reloc_at(t, at);
	struct elf_symbol symbol;
	int r = string_field(t, at + t->width, &e->name, err);

	if (!r && t->fields == 3)
		r = string_field(t, at + 2 * t->width, &e->ns, err);
	if (r)
		return r;
	if (e->ns && !*e->ns)
		e->ns = NULL;
	e->ns_known = true;
	if (!e->name || !*e->name)
		return ksa_fail_at(err, KSA_EFORMAT, t->f->source, 0,
				   "entry %zu of '%s' has no name", i, t->section->name);
	if (!value)
		return 0;
	r = target_symbol(t, value, &symbol, err);
	if (r)
		return r;
	e->address = symbol.value;
	if (symbol.type == STT_FUNC)
		e->kind = KSA_KIND_FUNCTION;
	else if (symbol.type == STT_OBJECT)
		e->kind = KSA_KIND_OBJECT;
	else if (symbol.section && symbol.section < t->f->section_count)
		e->kind = t->f->sections[symbol.section].flags & SHF_EXECINSTR ? KSA_KIND_FUNCTION
									       : KSA_KIND_OBJECT;
	return 0;
}

/*
 * The CRC of entry i. Literal since 5.19 (7b4537199a4a "kbuild: link symbol CRCs at final link");
 * before that a relocation to __crc_SYM, which is absolute and holds the CRC as its value, or, with
 * MODULE_REL_CRCS, lies in .rodata and holds it there. A weak undefined one means none.
 */
static int crc_of(const struct table *t, size_t i, unsigned int width, struct ksa_export *e,
		  struct ksa_error *err)
{
	const unsigned char *p = t->section->data + i * width;
	const struct elf_reloc *reloc = reloc_at(t, i * width);
	uint32_t in_place = width == 8 ? (uint32_t)elf_u64(t->f, p) : elf_u32(t->f, p);
	const struct elf_section *s;
	struct elf_symbol symbol;
	uint64_t at;
	int r;

	e->has_crc = true;
	e->crc = in_place;
	if (!reloc)
		return 0;
	r = target_symbol(t, reloc, &symbol, err);
	if (r)
		return r;
	at = symbol.value + (uint64_t)reloc->addend + (t->has_addend ? 0 : in_place);
	e->crc = (uint32_t)at;
	if (symbol.section == SHN_ABS)
		return 0;
	if (symbol.section == SHN_UNDEF) {
		e->has_crc = false;
		return 0;
	}
	s = symbol.section < t->f->section_count ? &t->f->sections[symbol.section] : NULL;
	if (!s || !s->data || s->size < 4 || at > s->size - 4)
		return ksa_fail_at(err, KSA_EFORMAT, t->f->source, 0,
				   "the CRC of '%s' in '%s' lies outside its section", e->name,
				   t->section->name);
	e->crc = elf_u32(t->f, s->data + at);
	return 0;
}

static int open_table(struct table *t, const struct elf_section *section, struct arena *arena,
		      struct ksa_error *err)
{
	struct elf_reloc *relocs;
	int r = elf_relocs(t->f, (size_t)(section - t->f->sections), arena, &relocs,
			   &t->reloc_count, &t->has_addend, err);

	t->section = section;
	t->relocs = relocs;
	if (!r && !section->data)
		r = ksa_fail_at(err, KSA_EFORMAT, t->f->source, 0,
				"'%s' has no content (stripped to its debug part)", section->name);
	return r ? r : check_relocs(t, err);
}

static int open_crcs(struct table *crcs, const char *name, size_t entries, unsigned int *width,
		     struct arena *arena, struct ksa_error *err)
{
	const struct elf_section *section;
	int r = ksymtab_section(crcs->f, name, &section, err);

	crcs->section = NULL;
	if (r || !section || !section->size)
		return r;
	*width = crcs->f->is_64 && section->size == entries * 8 ? 8 : 4;
	if (section->size != entries * *width)
		return ksa_fail_at(err, KSA_EFORMAT, crcs->f->source, 0,
				   "'%s' holds %llu bytes, expected 4 for each of %zu entries",
				   name, (unsigned long long)section->size, entries);
	return open_table(crcs, section, arena, err);
}

/* Where the exports of one file go. */
struct output {
	struct arena *arena;
	ksymtab_sink sink;
	void *ctx;
};

/* empty knows the file and its symbols, and no table yet. */
static int read_table(const struct table *empty, const struct ksymtab_name *name,
		      const struct elf_section *section, const struct output *out,
		      struct ksa_error *err)
{
	struct table t = *empty, crcs = *empty;
	const struct elf_section *flags = NULL;
	unsigned int width = 4;
	int r = open_table(&t, section, out->arena, err);

	if (!r && !t.reloc_count)
		r = ksa_fail_at(err, KSA_EFORMAT, t.f->source, 0,
				"'%s' has no relocations: which symbols it exports is not "
				"resolved",
				section->name);
	if (!r)
		r = choose_width(&t, err);
	if (!r)
		r = choose_stride(&t, err);
	if (!r && name->cls == KSA_CLASS_PLAIN)
		r = ksymtab_flags(t.f, t.entries, &flags, err);
	if (!r)
		r = open_crcs(&crcs, name->crcs, t.entries, &width, out->arena, err);
	for (size_t i = 0; i < t.entries && !r; i++) {
		struct ksa_export e = {.owner = NULL};

		r = decode_entry(&t, i, &e, err);
		if (!r && crcs.section)
			r = crc_of(&crcs, i, width, &e, err);
		if (r)
			break;
		ksymtab_set_class(&e, name->cls, flags, i);
		r = out->sink(out->ctx, &e, err);
	}
	return r;
}

int ksymtab_read_module(const struct elf_file *f, const struct elf_symtab *symtab,
			struct arena *arena, ksymtab_sink sink, void *ctx, struct ksa_error *err)
{
	const struct table empty = {.f = f, .symtab = symtab};
	const struct output out = {.arena = arena, .sink = sink, .ctx = ctx};
	int r = 0;

	for (const struct ksymtab_name *name = ksymtab_names; name->table && !r; name++) {
		const struct elf_section *section;

		r = ksymtab_section(f, name->table, &section, err);
		if (!r && (!section || !section->size))
			r = ksymtab_check_absent(f, name, err);
		else if (!r)
			r = ksymtab_check_obsolete(f, name, err);
		if (!r && section && section->size)
			r = read_table(&empty, name, section, &out, err);
	}
	return r;
}
