// SPDX-License-Identifier: GPL-2.0-or-later
#include "read/kernel/elf_module.h"

#include <elf.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/strmap.h"
#include "read/debug/calls.h"
#include "read/elf/calls.h"
#include "read/elf/elf.h"
#include "read/elf/ksymtab.h"
#include "read/elf/object.h"
#include "read/debug/dwarf_named.h"
#include "read/debug/prototypes.h"
#include "read/debug/btf_facts.h"
#include "read/kernel/modinfo.h"
#include "read/kernel/module_signature.h"

/* Bounds what a hostile file can cost: real modules stay under some 5,000. */
#define MAX_IMPORTS 200000

struct reader {
	const struct elf_file *f;
	struct elf_symtab symtab;
	struct ksa_module *module;
	struct arena scratch;
	size_t export_capacity;
};

static int read_modinfo(struct reader *reader, struct ksa_error *err)
{
	const struct elf_section *s;
	int r = ksymtab_section(reader->f, ".modinfo", &s, err);

	if (r || !s)
		return r;
	if (!s->data)
		return ksa_fail_at(err, KSA_EFORMAT, reader->f->source, 0,
				   "'.modinfo' has no content: this is the debug part of a module "
				   "(.debug); give the .ko itself");
	reader->module->has_modinfo = true;
	return modinfo_read(reader->module, s->data, s->size, reader->f->source, err);
}

/* Undefined symbols that the loader or the toolchain provides, not an export. */
static bool is_not_import(const struct elf_file *f, const struct elf_symbol *symbol, bool is_object)
{
	const char *n = symbol->name;

	if (!*n || strcmp(n, "_GLOBAL_OFFSET_TABLE_") == 0 || strcmp(n, "__this_module") == 0)
		return true;
	/* Bounds of the module's own sections, which the final link of a .ko defines where its
	 * linker script knows them; left undefined there, the loader looks for an export. */
	if (strncmp(n, "__start_", 8) == 0 || strncmp(n, "__stop_", 7) == 0)
		return is_object;
	if (f->machine == EM_PPC || f->machine == EM_PPC64)
		return strncmp(n, "_restgpr", 8) == 0 || strncmp(n, "_savegpr", 8) == 0 ||
		       strncmp(n, "_restfpr", 8) == 0 || strncmp(n, "_savefpr", 8) == 0 ||
		       strncmp(n, "_restvr", 7) == 0 || strncmp(n, "_savevr", 7) == 0 ||
		       strcmp(n, ".TOC.") == 0;
	if (f->machine == EM_SPARCV9)
		return symbol->type == 13; /* STT_SPARC_REGISTER */
	return false;
}

static bool is_import(const struct elf_file *f, const struct elf_symbol *symbol, bool is_object)
{
	return symbol->section == SHN_UNDEF &&
	       (symbol->bind == STB_GLOBAL || symbol->bind == STB_WEAK) &&
	       !is_not_import(f, symbol, is_object);
}

/* ppc64 ELFv1: ".foo" is the entry point of foo, which is what is exported. */
static const char *import_name(const struct elf_file *f, const char *name)
{
	return f->machine == EM_PPC64 && name[0] == '.' ? name + 1 : name;
}

static int read_imports(struct reader *reader, struct ksa_error *err)
{
	struct ksa_module *m = reader->module;
	struct elf_symbol symbol;
	size_t count = 0;
	int r;

	for (int pass = 0; pass < 2; pass++) {
		for (size_t i = 1; i < reader->symtab.count; i++) {
			const char *name;

			r = elf_symtab_get(reader->f, &reader->symtab, i, &symbol, err);
			if (r)
				return r;
			if (!is_import(reader->f, &symbol, m->is_object))
				continue;
			if (!pass) {
				if (++count > MAX_IMPORTS)
					return ksa_fail_at(err, KSA_ELIMIT, reader->f->source, 0,
							   "has more than %d undefined symbols",
							   MAX_IMPORTS);
				continue;
			}
			name = import_name(reader->f, symbol.name);
			if (strnlen(name, ELF_MAX_STRING) >= ELF_MAX_STRING)
				return ksa_fail_at(err, KSA_EFORMAT, reader->f->source, 0,
						   "symbol %zu has a name of over %d bytes", i,
						   ELF_MAX_STRING);
			name = arena_strdup(m->arena, name);
			if (!name)
				return ksa_fail_nomem(err);
			m->imports[m->import_count++] =
				(struct ksa_import){.name = name, .weak = symbol.bind == STB_WEAK};
		}
		if (!pass && count) {
			m->imports = arena_calloc(m->arena, count, sizeof(*m->imports));
			if (!m->imports)
				return ksa_fail_nomem(err);
		}
	}
	return 0;
}

/* Give the import of that name its CRC. */
static void set_crc(struct reader *reader, const struct strmap *index, const char *name,
		    uint32_t crc)
{
	struct ksa_module *m = reader->module;
	uint32_t i;

	name = import_name(reader->f, name);
	if (strcmp(name, "module_layout") == 0) {
		m->layout_crc = crc;
		m->has_layout_crc = true;
	}
	if (strmap_get(index, name, &i) && !m->imports[i].has_crc) {
		m->imports[i].crc = crc;
		m->imports[i].has_crc = true;
	}
}

/* struct modversion_info: 64 bytes, an unsigned long CRC and the name. */
static int read_versions(struct reader *reader, const struct elf_section *s,
			 const struct strmap *index, struct ksa_error *err)
{
	size_t word = reader->f->is_64 ? 8 : 4;

	if (!s->data)
		return ksa_fail_at(err, KSA_EFORMAT, reader->f->source, 0,
				   "'__versions' has no content (NOBITS)");
	if (s->size % 64)
		return ksa_fail_at(err, KSA_EFORMAT, reader->f->source, 0,
				   "'__versions': %llu bytes are not a whole number of 64-byte "
				   "records",
				   (unsigned long long)s->size);
	for (uint64_t at = 0; at < s->size; at += 64) {
		const unsigned char *p = s->data + at;

		if (!memchr(p + word, '\0', 64 - word))
			return ksa_fail_at(err, KSA_EFORMAT, reader->f->source, 0,
					   "'__versions': the name of record %llu does not end",
					   (unsigned long long)(at / 64));
		set_crc(reader, index, (const char *)p + word, (uint32_t)elf_word(reader->f, p));
	}
	return 0;
}

/*
 * Extended modversions: u32 CRCs in one section, NUL-terminated names in another
 * (fc7d5e3210ae "modpost: Produce extended MODVERSIONS information", 6.14).
 */
static int read_extended(struct reader *reader, const struct elf_section *crcs,
			 const struct elf_section *names, const struct strmap *index,
			 struct ksa_error *err)
{
	uint64_t at = 0, count = crcs->size / 4;

	if (!crcs->data || !names->data)
		return ksa_fail_at(err, KSA_EFORMAT, reader->f->source, 0,
				   "'%s' has no content (NOBITS)",
				   crcs->data ? names->name : crcs->name);
	if (crcs->size % 4)
		return ksa_fail_at(err, KSA_EFORMAT, reader->f->source, 0,
				   "'__version_ext_crcs': %llu bytes are not a whole number of "
				   "4-byte CRCs",
				   (unsigned long long)crcs->size);
	for (uint64_t i = 0; i < count; i++) {
		const char *name = elf_string(names, at);

		if (!name)
			return ksa_fail_at(err, KSA_EFORMAT, reader->f->source, 0,
					   "'__version_ext_names' holds %llu names for %llu CRCs",
					   (unsigned long long)i, (unsigned long long)count);
		set_crc(reader, index, name, elf_u32(reader->f, crcs->data + i * 4));
		at += strlen(name) + 1;
	}
	while (at < names->size && !names->data[at])
		at++; /* padding */
	if (at < names->size)
		return ksa_fail_at(err, KSA_EFORMAT, reader->f->source, 0,
				   "'__version_ext_names' holds more names than the %llu CRCs",
				   (unsigned long long)count);
	return 0;
}

static int index_imports(const struct ksa_module *m, struct strmap *index, struct ksa_error *err)
{
	for (size_t i = 0; i < m->import_count; i++) {
		uint32_t value = (uint32_t)i;

		if (strmap_add(index, m->imports[i].name, &value, NULL) < 0)
			return ksa_fail_nomem(err);
	}
	return 0;
}

static int read_modversions(struct reader *reader, struct ksa_error *err)
{
	const struct elf_section *basic = NULL, *crcs = NULL, *names = NULL;
	struct strmap index = {NULL, 0, 0};
	int r = ksymtab_section(reader->f, "__versions", &basic, err);

	if (!r)
		r = ksymtab_section(reader->f, "__version_ext_crcs", &crcs, err);
	if (!r)
		r = ksymtab_section(reader->f, "__version_ext_names", &names, err);
	if (r || (!basic && !crcs && !names))
		return r;
	reader->module->has_versions = true;
	reader->module->has_basic_versions = basic;
	reader->module->has_extended_versions = crcs && names;
	if (!crcs != !names)
		return ksa_fail_at(err, KSA_EFORMAT, reader->f->source, 0, "has '%s' without '%s'",
				   crcs ? crcs->name : names->name,
				   crcs ? "__version_ext_names" : "__version_ext_crcs");
	r = index_imports(reader->module, &index, err);
	/* If the extended ones are there, the loader uses only them. */
	if (!r && crcs)
		r = read_extended(reader, crcs, names, &index, err);
	else if (!r)
		r = read_versions(reader, basic, &index, err);
	strmap_release(&index);
	return r;
}

static int add_export(void *ctx, const struct ksa_export *export_, struct ksa_error *err)
{
	struct reader *reader = ctx;
	struct ksa_module *m = reader->module;
	struct ksa_export *e;

	if (m->export_count == reader->export_capacity) {
		size_t capacity = reader->export_capacity ? reader->export_capacity * 2 : 8;
		struct ksa_export *grown = arena_calloc(m->arena, capacity, sizeof(*grown));

		if (!grown)
			return ksa_fail_nomem(err);
		if (m->export_count)
			memcpy(grown, m->exports, m->export_count * sizeof(*grown));
		m->exports = grown;
		reader->export_capacity = capacity;
	}
	e = &m->exports[m->export_count];
	*e = *export_;
	e->owner = m->name;
	e->name = arena_strdup(m->arena, export_->name);
	e->ns = export_->ns ? arena_strdup(m->arena, export_->ns) : NULL;
	if (!e->name || (export_->ns && !e->ns))
		return ksa_fail_nomem(err);
	m->export_count++;
	return 0;
}

/* "drivers/x/foo-bar.ko.xz" -> "foo-bar"; "a.tar: foo.ko", a member of a package -> "foo" */
static const char *base_name(struct arena *arena, const char *path)
{
	const char *base = owner_base_name(path);
	const char *member = strstr(base, ": ");
	const char *dot;
	size_t length;

	base = member ? member + 2 : base;
	dot = strstr(base, ".ko");
	length = strlen(base);
	if (dot && (dot[3] == '\0' || dot[3] == '.'))
		length = (size_t)(dot - base);
	else if (length > 2 && strcmp(base + length - 2, ".o") == 0)
		length -= 2;
	return arena_strndup(arena, base, length);
}

static bool has_plain_exports(const struct ksa_module *m)
{
	for (size_t i = 0; i < m->export_count; i++)
		if (m->exports[i].cls != KSA_CLASS_GPL && m->exports[i].cls != KSA_CLASS_UNUSED_GPL)
			return true;
	return false;
}

/* What the functions call: a module that does not tell is no failure. Without exports for everybody
 * nobody asks. */
static int read_calls(struct reader *reader, struct ksa_error *err)
{
	const struct calls_options options = {.want = CALLS_WANT_BOTH};
	struct ksa_error why = {.code = 0}, problem = {.code = 0};
	struct ksa_module *m = reader->module;
	int r;

	m->calls = arena_calloc(m->arena, 1, sizeof(*m->calls));
	if (!m->calls)
		return ksa_fail_nomem(err);
	if (!has_plain_exports(m))
		return 0;
	r = calls_read(reader->f, &options, m->arena, m->calls, &problem, &why);
	if (r == KSA_ENOMEM)
		return ksa_fail_nomem(err);
	if (r && r != KSA_ENODATA)
		problem = why;
	if (r)
		m->calls->source = CALLS_NONE;
	if (problem.code)
		m->calls_problem = arena_strdup(m->arena, problem.text);
	return problem.code && !m->calls_problem ? ksa_fail_nomem(err) : 0;
}

/* Only of those that may hand something on: the kernel's own are no shims. */
static int read_references(struct reader *reader, struct ksa_error *err)
{
	struct ksa_module *m = reader->module;
	struct call_builder builder = {.local_count = 0};
	struct call_graph *graph;
	int r;

	if (!m->export_count || m->in_tree)
		return 0;
	graph = arena_calloc(m->arena, 1, sizeof(*graph));
	if (!graph)
		return ksa_fail_nomem(err);
	graph->owner = m->name;
	graph->source = CALLS_CODE;
	r = elf_references_read(reader->f, &reader->symtab, &builder, NULL);
	if (!r)
		r = elf_calls_add_aliases(reader->f, &reader->symtab, &builder, NULL);
	if (!r)
		r = call_builder_finish(&builder, m->arena, graph, NULL);
	call_builder_release(&builder);
	if (!r)
		m->references = graph;
	return r == KSA_ENOMEM ? ksa_fail_nomem(err) : 0;
}

/* A module of strangers may hold anything: real ones have 2 MB at most. */
#define MAX_BTF ((size_t)16 << 20)

/* Types beside a base of their own (.BTF.base, 6.11) are not those of any image. */
static int keep_btf(struct reader *reader, struct ksa_error *err)
{
	const struct elf_section *btf = elf_section(reader->f, ".BTF");
	struct ksa_module *m = reader->module;
	unsigned char *copy;

	if (!m->export_count || !btf || !btf->data || btf->size > MAX_BTF)
		return 0;
	m->btf_size = btf->size;
	if (elf_section(reader->f, ".BTF.base"))
		return 0;
	copy = arena_alloc(m->arena, btf->size);
	if (!copy)
		return ksa_fail_nomem(err);
	memcpy(copy, btf->data, btf->size);
	m->btf = copy;
	return 0;
}

static int read_exports(struct reader *reader, struct ksa_error *err)
{
	int r = ksymtab_read_module(reader->f, &reader->symtab, &reader->scratch, add_export,
				    reader, err);

	return r || !reader->module->is_object
		       ? r
		       : elf_object_exports(reader->f, &reader->symtab, add_export, reader, err);
}

static int read_types(struct reader *reader, struct ksa_error *err)
{
	return prototypes_take_module(reader->module, reader->f, err);
}

/* struct module, which the loader takes from there (include/linux/module.h, __this_module). */
static void read_struct(struct reader *reader)
{
	struct module_loading *l = &reader->module->loading;

	for (size_t i = 1; i < reader->f->section_count; i++) {
		const struct elf_section *s = &reader->f->sections[i];

		if (strcmp(s->name, ".gnu.linkonce.this_module") == 0 && !l->struct_count++)
			l->struct_size = s->size;
	}
}

/* A .BTF with a .BTF.base of its own fits other kernels as well (6.11). */
static int read_base(struct reader *reader, struct ksa_error *err)
{
	const struct elf_section *btf = elf_section(reader->f, ".BTF");
	struct module_loading *l = &reader->module->loading;
	struct btf_facts facts;
	enum btf_state state;

	(void)err;
	if (reader->module->in_tree || !btf || !btf->data || !btf->size ||
	    elf_section(reader->f, ".BTF.base"))
		return 0;
	state = btf_facts_read(btf->data, btf->size, &facts);
	if (state == BTF_DAMAGED) {
		l->types = MODULE_TYPES_DAMAGED;
	} else if (state == BTF_SOUND && facts.base_strings) {
		l->types = MODULE_TYPES_SPLIT;
		l->type_strings = facts.base_strings;
	}
	return 0;
}

/* A machine that has no name here has a number. */
static const char *arch_of(struct ksa_module *module, const struct elf_file *f)
{
	const char *arch = elf_arch(f);
	char text[24];

	if (*arch)
		return arch;
	snprintf(text, sizeof(text), "machine %u", f->machine);
	return arena_strdup(module->arena, text);
}

/* A module without debug information, or with a form of it that does not tell, is no failure. */
static int read_named(struct reader *reader, struct ksa_error *err)
{
	struct ksa_module *m = reader->module;
	int r;

	m->named = calloc(1, sizeof(*m->named));
	if (!m->named)
		return ksa_fail_nomem(err);
	r = dwarf_units_read(reader->f, m->arena, &m->units, NULL);
	if (!r)
		r = dwarf_named_read(reader->f, m->named, NULL);
	if (r == KSA_ENOMEM)
		return ksa_fail_nomem(err);
	if (r) {
		named_release(m->named);
		free(m->named);
		m->named = NULL;
	}
	return 0;
}

static int read_all(struct reader *reader, unsigned int want, struct ksa_error *err)
{
	/* In this order: versions are of imports, calls and types of exports. */
	static const struct {
		unsigned int want;
		int (*read)(struct reader *reader, struct ksa_error *err);
	} parts[] = {
		{ELF_MODULE_IMPORTS, read_imports},
		{ELF_MODULE_VERSIONS, read_modversions},
		{ELF_MODULE_EXPORTS, read_exports},
		{ELF_MODULE_CALLS, read_calls},
		{ELF_MODULE_BTF, keep_btf},
		{ELF_MODULE_TYPES, read_types},
		{ELF_MODULE_LOADING, read_base},
		{ELF_MODULE_NAMED, read_named},
		{ELF_MODULE_REFERENCES, read_references},
	};
	const struct elf_file *f = reader->f;
	int r;

	if (f->type != ET_REL)
		return ksa_fail_at(err, KSA_EFORMAT, f->source, 0,
				   "is an ELF file of type %u, expected a relocatable one (.ko)",
				   f->type);
	read_struct(reader);
	r = elf_symtab_open(f, &reader->symtab, err);
	if (!r && !reader->symtab.section)
		r = ksa_fail_at(err, KSA_EFORMAT, f->source, 0,
				"has no '.symtab': the kernel cannot load a stripped module; strip "
				"with --strip-debug only");
	if (!r)
		r = read_modinfo(reader, err);
	/* modpost adds both; a module that has lost one of them is still no object file */
	reader->module->is_object =
		!reader->module->loading.struct_count && !reader->module->vermagic;
	for (size_t i = 0; i < sizeof(parts) / sizeof(*parts) && !r; i++)
		if (want & parts[i].want)
			r = parts[i].read(reader, err);
	return r;
}

int elf_module_read(struct ksa_module *module, const unsigned char *data, size_t size,
		    const char *path, unsigned int want, struct ksa_error *err)
{
	struct elf_file f;
	struct reader reader = {.f = &f, .module = module};
	int r;

	module->path = arena_strdup(module->arena, path);
	module->name = base_name(module->arena, path);
	if (!module->path || !module->name)
		return ksa_fail_nomem(err);
	r = elf_open(&f, data, size, module->path, &reader.scratch, err);
	if (!r) {
		module->arch = arch_of(module, &f);
		module_signature_read(module, data, size);
		r = module->arch ? read_all(&reader, want, err) : ksa_fail_nomem(err);
	}
	arena_release(&reader.scratch);
	return r;
}
