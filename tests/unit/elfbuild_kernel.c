// SPDX-License-Identifier: GPL-2.0-or-later
#include "unit/elfbuild.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "unit/elfbuild_spec.h"

/* Everything at hand while an image is being built. */
struct image {
	const struct elfbuild_kernel *spec;
	const struct elfbuild_arch *arch;
	struct elfbuild *b;
	enum elfbuild_layout layout;
	struct spec_table tables[SPEC_TABLES];
	struct spec_pool pool;
	size_t text, data, rodata, flags, strings, rela_dyn;
	size_t crc_values; /* offset of the CRC values in .rodata (relative CRCs) */
	size_t rela_used;
};

/* What the loader prints since 6.16, and readers look for. */
static const char reserved_message[] = "%s: module tries to import module namespace: %s\n";

static size_t make_rodata(struct image *im)
{
	static const char banner[] = "Linux version %s (builder@example) (gcc 12.2.0) #1 SMP";
	const struct elfbuild_kernel *spec = im->spec;
	size_t room = 1024 + spec->export_count * 4, used = 16;
	char *bytes = calloc(room, 1);
	size_t section;

	if (!bytes)
		abort();
	if (spec->release)
		used += (size_t)snprintf(bytes + used, 512, banner, spec->release) + 1;
	if (spec->vermagic)
		used += (size_t)snprintf(bytes + used, 256, "%s", spec->vermagic) + 1;
	if (spec->knows_reserved) {
		memcpy(bytes + used, reserved_message, sizeof(reserved_message));
		used += sizeof(reserved_message);
	}
	im->crc_values = (used + 3) / 4 * 4;
	section = elfbuild_section(im->b, ".rodata", SHT_PROGBITS, SHF_ALLOC, bytes,
				   im->crc_values + spec->export_count * 4, 16);
	free(bytes);
	return section;
}

static bool has_crcs(const struct image *im)
{
	return im->spec->crcs != ELFBUILD_CRC_NONE;
}

static size_t crc_width(const struct image *im)
{
	return im->spec->crcs == ELFBUILD_CRC_LONG && im->arch->is_64 ? 8 : 4;
}

static void make_tables(struct image *im)
{
	unsigned int width = spec_layout_width(im->arch, im->layout);
	unsigned int entry = width * spec_layout_fields(im->layout);
	char name[64];

	for (size_t t = 0; t < SPEC_TABLES; t++) {
		struct spec_table *table = &im->tables[t];

		if (!table->count)
			continue;
		snprintf(name, sizeof(name), "__ksymtab%s", table->suffix);
		table->section = elfbuild_section(im->b, name, SHT_PROGBITS, SHF_ALLOC, NULL,
						  table->count * entry, width);
	}
	for (size_t t = 0; t < SPEC_TABLES && has_crcs(im); t++) {
		struct spec_table *table = &im->tables[t];

		if (!table->count)
			continue;
		snprintf(name, sizeof(name), "__kcrctab%s", table->suffix);
		table->crc_section = elfbuild_section(im->b, name, SHT_PROGBITS, SHF_ALLOC, NULL,
						      table->count * crc_width(im), 4);
	}
	if (im->spec->kflagstab)
		im->flags = elfbuild_section(im->b, "__kflagstab", SHT_PROGBITS, SHF_ALLOC, NULL,
					     im->tables[0].count, 1);
}

static void make_sections(struct image *im)
{
	size_t n = im->spec->export_count;

	im->text = elfbuild_section(im->b, ".text", SHT_PROGBITS, SHF_ALLOC | SHF_EXECINSTR, NULL,
				    64 + n * 16, 64);
	im->rodata = make_rodata(im);
	make_tables(im);
	im->strings = elfbuild_section(im->b, "__ksymtab_strings", SHT_PROGBITS,
				       SHF_ALLOC | SHF_MERGE | SHF_STRINGS, im->pool.data,
				       im->pool.size, 1);
	im->data = elfbuild_section(im->b, ".data", SHT_PROGBITS, SHF_ALLOC | SHF_WRITE, NULL,
				    64 + n * 8, 16);
	if (im->spec->btf.data)
		elfbuild_section(im->b, ".BTF", SHT_PROGBITS, SHF_ALLOC, im->spec->btf.data,
				 im->spec->btf.size, 4);
	if (im->spec->relative)
		im->rela_dyn = elfbuild_section(im->b, ".rela.dyn", SHT_RELA, SHF_ALLOC, NULL,
						n * 3 * sizeof(Elf64_Rela), 8);
}

static uint32_t relative_type(const struct image *im)
{
	switch (im->arch->machine) {
	case EM_PPC64:
		return R_PPC64_RELATIVE;
	case EM_S390:
		return R_390_RELATIVE;
	case EM_RISCV:
		return R_RISCV_RELATIVE;
	case EM_AARCH64:
		return R_AARCH64_RELATIVE;
	default:
		return R_X86_64_RELATIVE;
	}
}

/* A pointer that the boot code fills in: zero here, the address in .rela.dyn. */
static void put_relative(struct image *im, uint64_t place, uint64_t target)
{
	unsigned char *p = elfbuild_content(im->b, im->rela_dyn) + im->rela_used;

	elfbuild_store(im->arch->is_be, p, 8, place);
	elfbuild_store(im->arch->is_be, p + 8, 8, relative_type(im));
	elfbuild_store(im->arch->is_be, p + 16, 8, target);
	im->rela_used += sizeof(Elf64_Rela);
}

/* Write field i of an entry: a distance or an address. target 0 is a null namespace. */
static void put_field(struct image *im, size_t section, size_t offset, uint64_t target)
{
	unsigned int width = spec_layout_width(im->arch, im->layout);
	uint64_t place = elfbuild_address(im->b, section) + offset;
	uint64_t value = target;

	if (target && spec_layout_is_prel(im->layout))
		value = target - place;
	if (target && im->spec->relative) {
		put_relative(im, place, target);
		value = 0;
	}
	elfbuild_store(im->arch->is_be, elfbuild_content(im->b, section) + offset, width, value);
}

static uint64_t value_of(const struct image *im, const struct elfbuild_export *e)
{
	size_t i = (size_t)(e - im->spec->exports);

	return e->is_object ? elfbuild_address(im->b, im->data) + 32 + i * 8
			    : elfbuild_address(im->b, im->text) + 32 + i * 16;
}

static void fill_crc(struct image *im, const struct spec_table *table, size_t i)
{
	const struct elfbuild_export *e = table->items[i];
	unsigned char *slot = elfbuild_content(im->b, table->crc_section) + i * crc_width(im);
	size_t at = im->crc_values + (size_t)(e - im->spec->exports) * 4;

	if (im->spec->crcs != ELFBUILD_CRC_RELATIVE) {
		elfbuild_store(im->arch->is_be, slot, (unsigned int)crc_width(im), e->crc);
		return;
	}
	elfbuild_store(im->arch->is_be, elfbuild_content(im->b, im->rodata) + at, 4, e->crc);
	elfbuild_store(im->arch->is_be, slot, 4,
		       elfbuild_address(im->b, im->rodata) + at -
			       (elfbuild_address(im->b, table->crc_section) + i * 4));
}

static void fill_table(struct image *im, const struct spec_table *table)
{
	unsigned int fields = spec_layout_fields(im->layout);
	unsigned int width = spec_layout_width(im->arch, im->layout);
	uint64_t strings = elfbuild_address(im->b, im->strings);

	for (size_t i = 0; i < table->count; i++) {
		const struct elfbuild_export *e = table->items[i];
		size_t at = i * width * fields;

		put_field(im, table->section, at, value_of(im, e));
		put_field(im, table->section, at + width,
			  strings + spec_pool_find(&im->pool, e->name));
		if (fields == 3)
			put_field(im, table->section, at + 2 * width,
				  !e->ns && im->spec->null_ns
					  ? 0
					  : strings +
						    spec_pool_find(&im->pool, e->ns ? e->ns : ""));
		if (table->crc_section)
			fill_crc(im, table, i);
		if (im->flags)
			elfbuild_content(im->b, im->flags)[i] = e->cls == KSA_CLASS_GPL;
	}
}

static void boundary(struct image *im, const char *suffix, size_t section)
{
	uint64_t start = elfbuild_address(im->b, section);
	char name[64];

	snprintf(name, sizeof(name), "__start___%s", suffix);
	elfbuild_symbol(im->b, name, STB_GLOBAL, STT_NOTYPE, section, start);
	snprintf(name, sizeof(name), "__stop___%s", suffix);
	elfbuild_symbol(im->b, name, STB_GLOBAL, STT_NOTYPE, section,
			start + elfbuild_size(im->b, section));
}

/* The kept relocations of one entry. */
static void keep_relocs(struct image *im, const struct spec_table *table, size_t at,
			const struct elfbuild_export *e, size_t symbol)
{
	bool prel = spec_layout_is_prel(im->layout);
	uint32_t type = prel ? im->arch->reloc_prel : im->arch->reloc_word;
	unsigned int width = spec_layout_width(im->arch, im->layout);
	uint64_t strings = elfbuild_address(im->b, im->strings);
	size_t name = elfbuild_symbol(im->b, "__kstrtab", STB_LOCAL, STT_NOTYPE, im->strings,
				      strings + spec_pool_find(&im->pool, e->name));
	size_t ns = elfbuild_symbol(im->b, "__kstrtabns", STB_LOCAL, STT_NOTYPE, im->strings,
				    strings + spec_pool_find(&im->pool, e->ns ? e->ns : ""));

	elfbuild_reloc(im->b, table->section, at, symbol, type, 0);
	elfbuild_reloc(im->b, table->section, at + width, name, type, 0);
	if (spec_layout_fields(im->layout) == 3)
		elfbuild_reloc(im->b, table->section, at + 2 * width, ns, type, 0);
}

static void make_symbols(struct image *im)
{
	unsigned int entry =
		spec_layout_width(im->arch, im->layout) * spec_layout_fields(im->layout);
	char name[4096];

	for (size_t t = 0; t < SPEC_TABLES; t++) {
		const struct spec_table *table = &im->tables[t];

		for (size_t i = 0; i < table->count; i++) {
			const struct elfbuild_export *e = table->items[i];
			size_t symbol;

			snprintf(name, sizeof(name), "__ksymtab_%s", e->name);
			elfbuild_symbol(im->b, name, STB_LOCAL, STT_NOTYPE, table->section,
					elfbuild_address(im->b, table->section) + i * entry);
			symbol = elfbuild_symbol(
				im->b, e->name, STB_GLOBAL, e->is_object ? STT_OBJECT : STT_FUNC,
				e->is_object ? im->data : im->text, value_of(im, e));
			if (im->spec->keep_relocs)
				keep_relocs(im, table, i * entry, e, symbol);
		}
		snprintf(name, sizeof(name), "ksymtab%s", table->suffix);
		if (table->section)
			boundary(im, name, table->section);
	}
	if (im->flags)
		boundary(im, "kflagstab", im->flags);
}

struct elfbuild_bytes elfbuild_kernel(const struct elfbuild_kernel *spec)
{
	struct image im = {.spec = spec};
	struct elfbuild_bytes out;

	im.arch = elfbuild_arch(spec->arch ? spec->arch : "x86_64");
	if (!im.arch)
		abort();
	im.b = elfbuild_new(im.arch, spec->is_dyn ? ET_DYN : ET_EXEC);
	im.layout = spec_layout(im.arch, spec->layout);
	spec_tables_fill(im.tables, spec->exports, spec->export_count, spec->kflagstab,
			 spec->unsorted);
	spec_pool_fill(&im.pool, spec->exports, spec->export_count);
	make_sections(&im);
	for (size_t t = 0; t < SPEC_TABLES; t++)
		fill_table(&im, &im.tables[t]);
	if (spec->keep_symtab)
		make_symbols(&im);
	out = elfbuild_finish(im.b, spec->keep_symtab);
	if (im.rela_dyn)
		elfbuild_set_section(&out, ".rela.dyn", ELFBUILD_SH_ENTSIZE, sizeof(Elf64_Rela));
	spec_tables_release(im.tables);
	free(im.pool.data);
	return out;
}

static uint64_t section_value(const struct elfbuild_bytes *bytes, size_t i,
			      enum elfbuild_field field)
{
	return elfbuild_get(bytes, elfbuild_section_field(bytes, i, field),
			    elfbuild_field_width(bytes, field));
}

struct elfbuild_bytes elfbuild_raw_image(const struct elfbuild_bytes *vmlinux)
{
	size_t count = elfbuild_get(vmlinux, elfbuild_header_field(vmlinux, ELFBUILD_E_SHNUM), 2);
	uint16_t machine = (uint16_t)elfbuild_get(
		vmlinux, elfbuild_header_field(vmlinux, ELFBUILD_E_MACHINE), 2);
	uint64_t base = section_value(vmlinux, 1, ELFBUILD_SH_ADDR);
	struct elfbuild_bytes out = {NULL, 0};

	/* The first section, .text, starts the image; its first 64 bytes are free for a header. */
	for (size_t i = 1; i < count; i++) {
		uint64_t size = section_value(vmlinux, i, ELFBUILD_SH_SIZE);
		uint64_t address = section_value(vmlinux, i, ELFBUILD_SH_ADDR);
		size_t at = address - base;

		if (!(section_value(vmlinux, i, ELFBUILD_SH_FLAGS) & SHF_ALLOC))
			continue;
		out.data = realloc(out.data, at + size + 64);
		if (!out.data)
			abort();
		memset(out.data + out.size, 0, at + size - out.size);
		memcpy(out.data + at, vmlinux->data + section_value(vmlinux, i, ELFBUILD_SH_OFFSET),
		       size);
		out.size = at + size;
	}
	if (machine == EM_AARCH64 || machine == EM_RISCV) {
		memcpy(out.data, "MZ", 2);
		memcpy(out.data + 0x38, machine == EM_RISCV ? "RSC\5" : "ARMd", 4);
	}
	return out;
}
