// SPDX-License-Identifier: GPL-2.0-or-later
#include "unit/elfbuild.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "unit/elfbuild_spec.h"

#define VERSION_RECORD 64

/* Everything at hand while a module is being built. */
struct module {
	const struct elfbuild_module *spec;
	const struct elfbuild_arch *arch;
	struct elfbuild *b;
	enum elfbuild_layout layout;
	struct spec_table tables[SPEC_TABLES];
	struct spec_pool pool;
	size_t text, data, rodata, flags, strings, strings_symbol;
};

static void make_modinfo(struct module *m)
{
	size_t size = 0, used = 0;
	char *bytes;

	for (size_t i = 0; i < m->spec->modinfo_count; i++)
		size += strlen(m->spec->modinfo[i]) + 1;
	bytes = calloc(size + 1, 1);
	if (!bytes)
		abort();
	for (size_t i = 0; i < m->spec->modinfo_count; i++) {
		strcpy(bytes + used, m->spec->modinfo[i]);
		used += strlen(m->spec->modinfo[i]) + 1;
	}
	if (m->spec->modinfo)
		elfbuild_section(m->b, ".modinfo", SHT_PROGBITS, SHF_ALLOC, bytes, size, 1);
	free(bytes);
}

/* Call add for module_layout, if it has a CRC, and for every import that has one. */
static void each_version(struct module *m,
			 void (*add)(struct module *m, void *to, const char *name, uint32_t crc),
			 void *to)
{
	if (m->spec->layout_crc)
		add(m, to, "module_layout", m->spec->layout_crc);
	for (size_t i = 0; i < m->spec->import_count; i++)
		if (m->spec->imports[i].has_crc)
			add(m, to, m->spec->imports[i].name, m->spec->imports[i].crc);
}

/* Bytes that grow; test modules are small. */
struct blob {
	unsigned char bytes[65536];
	size_t size;
};

static unsigned char *blob_room(struct blob *blob, size_t size)
{
	unsigned char *p = blob->bytes + blob->size;

	if (size > sizeof(blob->bytes) - blob->size)
		abort();
	blob->size += size;
	return p;
}

static void add_version(struct module *m, void *to, const char *name, uint32_t crc)
{
	unsigned int word = m->arch->is_64 ? 8 : 4;
	unsigned char *record;

	/* modpost leaves names that do not fit to the extended table (6.14). */
	if (strlen(name) >= VERSION_RECORD - word)
		return;
	record = blob_room(to, VERSION_RECORD);
	elfbuild_store(m->arch->is_be, record, word, crc);
	strcpy((char *)record + word, name);
}

static void add_ext_crc(struct module *m, void *to, const char *name, uint32_t crc)
{
	(void)name;
	elfbuild_store(m->arch->is_be, blob_room(to, 4), 4, crc);
}

static void add_ext_name(struct module *m, void *to, const char *name, uint32_t crc)
{
	(void)m;
	(void)crc;
	strcpy((char *)blob_room(to, strlen(name) + 1), name);
}

static void make_blob_section(struct module *m, const char *name, size_t align,
			      void (*add)(struct module *m, void *to, const char *name,
					  uint32_t crc))
{
	struct blob *blob = calloc(1, sizeof(*blob));

	if (!blob)
		abort();
	each_version(m, add, blob);
	elfbuild_section(m->b, name, SHT_PROGBITS, SHF_ALLOC, blob->bytes, blob->size, align);
	free(blob);
}

static void make_this_module(struct module *m)
{
	unsigned char image[960] = {0};

	if (!m->spec->name)
		return;
	/* struct module: state and list head, then the name. */
	snprintf((char *)image + (m->arch->is_64 ? 24 : 12), 56, "%s", m->spec->name);
	elfbuild_symbol(m->b, "__this_module", STB_GLOBAL, STT_OBJECT,
			elfbuild_section(m->b, ".gnu.linkonce.this_module", SHT_PROGBITS,
					 SHF_ALLOC | SHF_WRITE, image, sizeof(image), 64),
			0);
}

static size_t crc_width(const struct module *m)
{
	return m->spec->crcs == ELFBUILD_CRC_LONG && m->arch->is_64 ? 8 : 4;
}

static void make_tables(struct module *m)
{
	unsigned int width = spec_layout_width(m->arch, m->layout);
	unsigned int entry = width * spec_layout_fields(m->layout);
	char name[64];

	for (size_t t = 0; t < SPEC_TABLES; t++) {
		struct spec_table *table = &m->tables[t];

		if (!table->count)
			continue;
		snprintf(name, sizeof(name), "__ksymtab%s", table->suffix);
		table->section = elfbuild_section(m->b, name, SHT_PROGBITS, SHF_ALLOC, NULL,
						  table->count * entry, width);
		if (m->spec->crcs == ELFBUILD_CRC_NONE)
			continue;
		snprintf(name, sizeof(name), "__kcrctab%s", table->suffix);
		table->crc_section = elfbuild_section(m->b, name, SHT_PROGBITS, SHF_ALLOC, NULL,
						      table->count * crc_width(m), 4);
	}
	if (m->spec->kflagstab && m->tables[0].count)
		m->flags = elfbuild_section(m->b, "__kflagstab", SHT_PROGBITS, SHF_ALLOC, NULL,
					    m->tables[0].count, 1);
	m->strings = elfbuild_section(m->b, "__ksymtab_strings", SHT_PROGBITS,
				      SHF_ALLOC | SHF_MERGE | SHF_STRINGS, m->pool.data,
				      m->pool.size, 1);
	m->strings_symbol = elfbuild_symbol(m->b, "", STB_LOCAL, STT_SECTION, m->strings, 0);
}

static size_t label(struct module *m, const char *prefix, const char *name, size_t section,
		    uint64_t value)
{
	char text[4096];

	snprintf(text, sizeof(text), "%s%s", prefix, name);
	return elfbuild_symbol(m->b, text, STB_LOCAL, STT_NOTYPE, section, value);
}

static void fill_crc(struct module *m, const struct spec_table *table, size_t i)
{
	const struct elfbuild_export *e = table->items[i];
	size_t at = i * crc_width(m), value = (size_t)(e - m->spec->exports) * 4;
	unsigned char *slot = elfbuild_content(m->b, table->crc_section) + at;
	bool wide = crc_width(m) == 8;
	char name[4096];

	snprintf(name, sizeof(name), "__crc_%s", e->name);
	switch (m->spec->crcs) {
	case ELFBUILD_CRC_ABSOLUTE:
	case ELFBUILD_CRC_LONG:
		elfbuild_reloc(m->b, table->crc_section, at,
			       elfbuild_symbol(m->b, name, STB_GLOBAL, STT_NOTYPE, SHN_ABS, e->crc),
			       wide ? m->arch->reloc_word : m->arch->reloc_32, 0);
		break;
	case ELFBUILD_CRC_RELATIVE:
		elfbuild_store(m->arch->is_be, elfbuild_content(m->b, m->rodata) + value, 4,
			       e->crc);
		elfbuild_reloc(m->b, table->crc_section, at,
			       label(m, "__crc_", e->name, m->rodata, value), m->arch->reloc_prel,
			       0);
		break;
	default:
		elfbuild_store(m->arch->is_be, slot, 4, e->crc);
		label(m, "__crc_", e->name, table->crc_section, at);
	}
}

/* A relocation to a string: by its own label, or by section symbol and addend. */
static void string_reloc(struct module *m, const struct spec_table *table, size_t at,
			 const char *prefix, const struct elfbuild_export *e)
{
	bool is_name = strcmp(prefix, "__kstrtab_") == 0;
	size_t offset = spec_pool_find(&m->pool, is_name ? e->name : e->ns ? e->ns : "");
	uint32_t type = spec_layout_is_prel(m->layout) ? m->arch->reloc_prel : m->arch->reloc_word;

	if (m->spec->section_relocs)
		elfbuild_reloc(m->b, table->section, at, m->strings_symbol, type, (int64_t)offset);
	else
		elfbuild_reloc(m->b, table->section, at,
			       label(m, prefix, e->name, m->strings, offset), type, 0);
}

static void fill_entry(struct module *m, const struct spec_table *table, size_t i)
{
	const struct elfbuild_export *e = table->items[i];
	unsigned int fields = spec_layout_fields(m->layout);
	unsigned int width = spec_layout_width(m->arch, m->layout);
	size_t at = i * width * fields, index = (size_t)(e - m->spec->exports);
	size_t symbol =
		elfbuild_symbol(m->b, e->name, STB_GLOBAL, e->is_object ? STT_OBJECT : STT_FUNC,
				e->is_object ? m->data : m->text, index * 8);

	label(m, "__ksymtab_", e->name, table->section, at);
	elfbuild_reloc(m->b, table->section, at, symbol,
		       spec_layout_is_prel(m->layout) ? m->arch->reloc_prel : m->arch->reloc_word,
		       0);
	string_reloc(m, table, at + width, "__kstrtab_", e);
	if (fields == 3)
		string_reloc(m, table, at + 2 * width, "__kstrtabns_", e);
	if (table->crc_section)
		fill_crc(m, table, i);
	if (m->flags) {
		elfbuild_content(m->b, m->flags)[i] = e->cls == KSA_CLASS_GPL;
		label(m, "__flags_", e->name, m->flags, i);
	}
}

static void make_exports(struct module *m)
{
	const struct elfbuild_module *spec = m->spec;

	if (!spec->export_count)
		return;
	spec_tables_fill(m->tables, spec->exports, spec->export_count, spec->kflagstab, false);
	spec_pool_fill(&m->pool, spec->exports, spec->export_count);
	make_tables(m);
	for (size_t t = 0; t < SPEC_TABLES; t++)
		for (size_t i = 0; i < m->tables[t].count; i++)
			fill_entry(m, &m->tables[t], i);
	spec_tables_release(m->tables);
	free(m->pool.data);
}

/* A signature as scripts/sign-file appends it; the numbers in it do not matter to readers. */
static void sign(struct elfbuild_bytes *bytes)
{
	static const char marker[] = "~Module signature appended~\n";
	const size_t sig = 100, tail = sig + 12 + sizeof(marker) - 1;
	unsigned char *p;

	bytes->data = realloc(bytes->data, bytes->size + tail);
	if (!bytes->data)
		abort();
	p = bytes->data + bytes->size;
	memset(p, 0x30, sig);
	memset(p + sig, 0, 12);
	p[sig + 2] = 2; /* PKCS#7 */
	elfbuild_store(true, p + sig + 8, 4, sig);
	memcpy(p + sig + 12, marker, sizeof(marker) - 1);
	bytes->size += tail;
}

struct elfbuild_bytes elfbuild_module(const struct elfbuild_module *spec)
{
	struct module m = {.spec = spec};
	struct elfbuild_bytes out;

	m.arch = elfbuild_arch(spec->arch ? spec->arch : "x86_64");
	if (!m.arch)
		abort();
	m.b = elfbuild_new(m.arch, ET_REL);
	m.layout = spec_layout(m.arch, spec->layout);
	m.text = elfbuild_section(m.b, ".text", SHT_PROGBITS, SHF_ALLOC | SHF_EXECINSTR, NULL,
				  16 + spec->export_count * 8, 16);
	m.data = elfbuild_section(m.b, ".data", SHT_PROGBITS, SHF_ALLOC | SHF_WRITE, NULL,
				  16 + spec->export_count * 8, 8);
	m.rodata = elfbuild_section(m.b, ".rodata", SHT_PROGBITS, SHF_ALLOC, NULL,
				    16 + spec->export_count * 4, 8);
	make_modinfo(&m);
	make_exports(&m);
	if (spec->versions)
		make_blob_section(&m, "__versions", 8, add_version);
	if (spec->ext_versions) {
		make_blob_section(&m, "__version_ext_crcs", 4, add_ext_crc);
		make_blob_section(&m, "__version_ext_names", 1, add_ext_name);
	}
	make_this_module(&m);
	if (spec->btf.data)
		elfbuild_section(m.b, ".BTF", SHT_PROGBITS, 0, spec->btf.data, spec->btf.size, 1);
	for (size_t i = 0; i < spec->import_count; i++)
		elfbuild_symbol(m.b, spec->imports[i].name,
				spec->imports[i].weak ? STB_WEAK : STB_GLOBAL, STT_NOTYPE,
				SHN_UNDEF, 0);
	if (spec->shuffled_relocs)
		elfbuild_reverse_relocs(m.b);
	if (spec->extended_indices)
		elfbuild_extended_indices(m.b);
	out = elfbuild_finish(m.b, true);
	if (spec->is_signed)
		sign(&out);
	return out;
}
