// SPDX-License-Identifier: GPL-2.0-or-later
#include "read/kernel/elf_module.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "unit/damage.h"
#include "unit/elfbuild.h"

#define COUNT(a) (sizeof(a) / sizeof(*(a)))
#define WANT_ALL ELF_MODULE_ALL

static const struct elfbuild_export exports[] = {
	{"nvme_core_init", KSA_CLASS_PLAIN, NULL, 0x12345678, false},
	{"core_init", KSA_CLASS_GPL, NULL, 0xdeadbeef, false},
	{"nvme_table", KSA_CLASS_GPL, "NVME_TARGET_PASSTHRU", 0x80000000, true},
	{"nvme_inner", KSA_CLASS_GPL, "module:nvme-*,nvmet", 0xffffffff, false},
};

static const struct elfbuild_import imports[] = {
	{"kmalloc", 0x11111111, true, false},
	{"maybe_there", 0x22222222, true, true},
	{"_printk", 0xffffffff, true, false},
	{"no_version", 0, false, false},
};

static const char *const modinfo[] = {
	"license=GPL",	 "author=Somebody <a@example.org>", "import_ns=DMA_BUF", "import_ns=PWM",
	"import_ns=PWM", "depends=nvme-core,nvme-fabrics",  "softdep=pre: a",	 "weakdep=b",
	"name=test_mod", "vermagic=6.1.0 SMP mod_unload ",  "intree=Y",
};

static const struct elfbuild_module base_spec = {
	.name = "test_mod",
	.crcs = ELFBUILD_CRC_32,
	.modinfo = modinfo,
	.modinfo_count = COUNT(modinfo),
	.exports = exports,
	.export_count = COUNT(exports),
	.imports = imports,
	.import_count = COUNT(imports),
	.layout_crc = 0x33333333,
	.versions = true,
};

/* Read a module under the name "dir/test-mod.ko"; *module is released by drop(). */
static int read_bytes(const unsigned char *data, size_t size, struct ksa_module **module,
		      struct ksa_error *err)
{
	unsigned char *copy =
		malloc(size ? size : 1); /* its own size, so that ASan sees overruns */
	int r;

	assert_non_null(copy);
	memcpy(copy, data, size);
	assert_int_equal(module_new(module, err), 0);
	r = elf_module_read(*module, copy, size, "dir/test-mod.ko", WANT_ALL, err);
	memset(copy, 0xee, size); /* nothing may point into the file any more */
	free(copy);
	return r;
}

static void drop(struct ksa_module *module)
{
	struct ksa_module **array = malloc(sizeof(*array));

	assert_non_null(array);
	array[0] = module;
	ksa_modules_free(array, 1);
}

static struct ksa_module *read_spec(const struct elfbuild_module *spec)
{
	struct elfbuild_bytes bytes = elfbuild_module(spec);
	struct ksa_module *module = NULL;
	struct ksa_error err = {0};

	if (read_bytes(bytes.data, bytes.size, &module, &err))
		fail_msg("%s, layout %d, crcs %d: %s", spec->arch, spec->layout, spec->crcs,
			 err.text);
	elfbuild_bytes_release(&bytes);
	return module;
}

static const struct ksa_export *find_export(const struct ksa_module *m, const char *name)
{
	for (size_t i = 0; i < m->export_count; i++)
		if (strcmp(m->exports[i].name, name) == 0)
			return &m->exports[i];
	fail_msg("%s: '%s' was not read", m->arch, name);
	return NULL;
}

static void check_exports(const struct elfbuild_module *spec)
{
	struct ksa_module *m = read_spec(spec);
	bool has_ns = spec->layout != ELFBUILD_ABS_2 && spec->layout != ELFBUILD_PREL_2;

	assert_string_equal(m->arch, spec->arch ? spec->arch : "x86_64");
	assert_int_equal(m->export_count, spec->export_count);
	for (size_t i = 0; i < spec->export_count; i++) {
		const struct elfbuild_export *want = &spec->exports[i];
		const struct ksa_export *e = find_export(m, want->name);

		assert_string_equal(e->owner, "test-mod");
		assert_int_equal(e->cls, want->cls);
		if (want->ns && has_ns)
			assert_string_equal(e->ns, want->ns);
		else
			assert_null(e->ns);
		assert_int_equal(e->has_crc, spec->crcs != ELFBUILD_CRC_NONE);
		if (e->has_crc)
			assert_int_equal(e->crc, want->crc);
		assert_int_equal(e->kind, want->is_object ? KSA_KIND_OBJECT : KSA_KIND_FUNCTION);
	}
	drop(m);
}

static void all_architectures_and_layouts(void **state)
{
	(void)state;
	for (const struct elfbuild_arch *a = elfbuild_archs; a->name; a++) {
		for (int layout = ELFBUILD_ARCH_LAYOUT; layout <= ELFBUILD_PREL_3; layout++) {
			for (int crcs = ELFBUILD_CRC_NONE; crcs <= ELFBUILD_CRC_ABSOLUTE; crcs++) {
				struct elfbuild_module spec = base_spec;
				bool prel = layout == ELFBUILD_PREL_2 || layout == ELFBUILD_PREL_3;

				spec.arch = a->name;
				spec.layout = (enum elfbuild_layout)layout;
				spec.crcs = (enum elfbuild_crcs)crcs;
				/* Section-relative names are an absolute affair. */
				for (int v = 0; v < (prel ? 2 : 4); v++) {
					spec.shuffled_relocs = v & 1;
					spec.section_relocs = v & 2;
					check_exports(&spec);
				}
			}
		}
	}
}

static void flags_table(void **state)
{
	(void)state;
	for (const struct elfbuild_arch *a = elfbuild_archs; a->name; a++) {
		struct elfbuild_module spec = base_spec;

		spec.arch = a->name;
		spec.kflagstab = true;
		check_exports(&spec);
		spec.crcs = ELFBUILD_CRC_NONE;
		spec.extended_indices = true;
		check_exports(&spec);
	}
}

static void one_export(void **state)
{
	(void)state;
	for (const struct elfbuild_arch *a = elfbuild_archs; a->name; a++) {
		struct elfbuild_module spec = base_spec;

		spec.arch = a->name;
		spec.export_count = 1;
		check_exports(&spec);
	}
}

static void check_imports(const struct ksa_module *m, bool versions, bool ext)
{
	assert_int_equal(m->import_count, COUNT(imports));
	assert_int_equal(m->has_versions, versions || ext);
	assert_int_equal(m->has_basic_versions, versions);
	assert_int_equal(m->has_extended_versions, ext);
	for (size_t i = 0; i < COUNT(imports); i++) {
		const struct ksa_import *import = &m->imports[i];

		/* In .symtab order, the order in which the loader resolves. */
		assert_string_equal(import->name, imports[i].name);
		assert_int_equal(import->weak, imports[i].weak);
		assert_int_equal(import->has_crc, m->has_versions && imports[i].has_crc);
		if (import->has_crc)
			assert_int_equal(import->crc, imports[i].crc);
	}
	assert_int_equal(m->has_layout_crc, m->has_versions);
	if (m->has_versions)
		assert_int_equal(m->layout_crc, 0x33333333);
}

static void imports_and_versions(void **state)
{
	(void)state;
	for (const struct elfbuild_arch *a = elfbuild_archs; a->name; a++) {
		for (int v = 0; v < 4; v++) {
			struct elfbuild_module spec = base_spec;
			struct ksa_module *m;

			spec.arch = a->name;
			spec.versions = v & 1;
			spec.ext_versions = v & 2;
			m = read_spec(&spec);
			check_imports(m, v & 1, v & 2);
			drop(m);
		}
	}
}

/* Names that do not fit the 64-byte record live in the extended table alone (6.14). */
static void long_names(void **state)
{
	char name[301];
	struct elfbuild_import import = {name, 0x77, true, false};
	struct elfbuild_export export_ = {name, KSA_CLASS_GPL, NULL, 5, false};
	struct elfbuild_module spec = base_spec;
	struct ksa_module *m;

	(void)state;
	memset(name, 'R', 300);
	name[300] = '\0';
	spec.imports = &import;
	spec.import_count = 1;
	spec.exports = &export_;
	spec.export_count = 1;
	spec.versions = spec.ext_versions = true;
	m = read_spec(&spec);
	assert_string_equal(m->imports[0].name, name);
	assert_true(m->imports[0].has_crc);
	assert_int_equal(m->imports[0].crc, 0x77);
	assert_string_equal(m->exports[0].name, name);
	drop(m);
	spec.ext_versions = false;
	m = read_spec(&spec);
	assert_false(m->imports[0].has_crc);
	drop(m);
}

static void facts(void **state)
{
	struct elfbuild_module spec = base_spec;
	struct ksa_module *m;

	(void)state;
	spec.is_signed = true;
	m = read_spec(&spec);
	assert_string_equal(m->path, "dir/test-mod.ko");
	assert_string_equal(m->name, "test-mod");
	assert_string_equal(m->modname, "test_mod");
	assert_string_equal(m->vermagic, "6.1.0 SMP mod_unload ");
	assert_int_equal(m->licenses.count, 1);
	assert_string_equal(m->licenses.items[0], "GPL");
	assert_int_equal(m->import_ns.count, 2);
	assert_string_equal(m->import_ns.items[0], "DMA_BUF");
	assert_string_equal(m->import_ns.items[1], "PWM");
	assert_int_equal(m->depends.count, 2);
	assert_string_equal(m->depends.items[0], "nvme-core");
	assert_string_equal(m->depends.items[1], "nvme-fabrics");
	assert_string_equal(m->softdep.items[0], "pre: a");
	assert_string_equal(m->weakdep.items[0], "b");
	assert_true(m->in_tree && m->has_modinfo && m->is_signed);
	assert_false(m->livepatch || m->is_object);
	assert_int_equal(m->loading.struct_count, 1);
	drop(m);
	spec.is_signed = false;
	spec.name = NULL;
	/* modpost has been there: it has lost its struct module */
	m = read_spec(&spec);
	assert_false(m->is_object || m->is_signed);
	assert_int_equal(m->loading.struct_count, 0);
	drop(m);
	spec.modinfo = (const char *const[]){"license=GPL"};
	spec.modinfo_count = 1;
	m = read_spec(&spec);
	assert_true(m->is_object);
	drop(m);
}

/* A file that ends with the marker alone, or with a signature length that is not its own, is still
 * read: the ELF part is not touched by the tail. */
static void odd_signatures(void **state)
{
	static const char marker[] = "~Module signature appended~\n";
	struct elfbuild_bytes bytes = elfbuild_module(&base_spec);
	struct ksa_module *m = NULL;
	struct ksa_error err = {0};

	(void)state;
	assert_int_equal(read_bytes((const unsigned char *)marker, strlen(marker), &m, &err),
			 KSA_EFORMAT);
	assert_string_equal(err.text, "is not an ELF file");
	drop(m);
	ksa_error_clear(&err);
	bytes.data = realloc(bytes.data, bytes.size + 12 + sizeof(marker));
	assert_non_null(bytes.data);
	memset(bytes.data + bytes.size, 0xff, 12); /* sig_len 0xffffffff */
	memcpy(bytes.data + bytes.size + 12, marker, sizeof(marker) - 1);
	bytes.size += 12 + sizeof(marker) - 1;
	assert_int_equal(read_bytes(bytes.data, bytes.size, &m, &err), 0);
	assert_int_equal(m->export_count, COUNT(exports));
	drop(m);
	elfbuild_bytes_release(&bytes);
}

static struct ksa_module *read_modinfo(const char *const *lines, size_t count)
{
	struct elfbuild_module spec = {.name = "m", .modinfo = lines, .modinfo_count = count};

	return read_spec(&spec);
}

static void licenses_keep_their_order(void **state)
{
	static const char *const gpl_first[] = {"license=GPL", "license=Proprietary"};
	static const char *const gpl_last[] = {"license=Proprietary", "license=GPL"};
	struct ksa_module *m = read_modinfo(gpl_first, 2);

	(void)state;
	assert_true(module_is_compatible_at_load(m));
	assert_false(module_is_compatible_at_build(m));
	drop(m);
	m = read_modinfo(gpl_last, 2);
	assert_false(module_is_compatible_at_load(m));
	assert_false(module_is_compatible_at_build(m));
	assert_string_equal(ksa_module_license(m, 1), "GPL");
	assert_null(ksa_module_license(m, 2));
	drop(m);
}

static void licenses_are_exact(void **state)
{
	static const char *const bad[] = {"license=GPL ", "license=gpl", "license=", "license= GPL",
					  "license=GPLv2"};

	(void)state;
	for (size_t i = 0; i < COUNT(bad); i++) {
		struct ksa_module *m = read_modinfo(&bad[i], 1);

		assert_int_equal(m->licenses.count, 1);
		assert_string_equal(m->licenses.items[0], bad[i] + strlen("license="));
		assert_false(module_is_compatible_at_load(m));
		drop(m);
	}
}

static void odd_modinfo(void **state)
{
	static const char *const odd[] = {"no equals sign",
					  "=empty key",
					  "",
					  "",
					  "license",
					  "depends=",
					  "depends=,a,,b,",
					  "licensex=GPL",
					  "name=first",
					  "name=second",
					  "intree="};
	struct ksa_module *m = read_modinfo(odd, COUNT(odd));

	(void)state;
	assert_int_equal(m->licenses.count, 0);
	assert_int_equal(m->depends.count, 2);
	assert_string_equal(m->depends.items[1], "b");
	assert_string_equal(m->modname, "first");
	assert_true(m->in_tree);
	drop(m);
	m = read_modinfo((const char *const[]){"", "", "", ""}, 4); /* only NULs */
	assert_true(m->has_modinfo);
	assert_int_equal(m->licenses.count, 0);
	drop(m);
	m = read_modinfo(NULL, 0);
	assert_false(m->has_modinfo);
	assert_false(module_is_compatible_at_load(m));
	drop(m);
}

static void modinfo_without_final_nul(void **state)
{
	static const char *const one[] = {"license=GPLx"};
	struct elfbuild_module spec = {.name = "m", .modinfo = one, .modinfo_count = 1};
	struct elfbuild_bytes bytes = elfbuild_module(&spec);
	struct ksa_module *m = NULL;
	struct ksa_error err = {0};

	(void)state;
	elfbuild_set_section(&bytes, ".modinfo", ELFBUILD_SH_SIZE, strlen("license=GPL"));
	assert_int_equal(read_bytes(bytes.data, bytes.size, &m, &err), 0);
	assert_string_equal(m->licenses.items[0], "GPL");
	drop(m);
	elfbuild_bytes_release(&bytes);
}

/* 5 MB of one value, and a hundred thousand different ones: read or refused, in bounded time. */
static void huge_modinfo(void **state)
{
	enum { SIZE = 5000000, MANY = 90000 };
	char *big = malloc(SIZE + 1);
	const char **lines = calloc(MANY, sizeof(*lines));
	struct ksa_module *m;

	(void)state;
	assert_true(big && lines);
	memset(big, 'x', SIZE);
	big[SIZE] = '\0';
	memcpy(big, "license=", 8);
	lines[0] = big;
	m = read_modinfo(lines, 1);
	assert_int_equal(strlen(m->licenses.items[0]), SIZE - 8);
	drop(m);
	free(big);
	for (size_t i = 0; i < MANY; i++) {
		char *line;

		assert_true(asprintf(&line, "import_ns=NAMESPACE_%zu", i) > 0);
		lines[i] = line;
	}
	m = read_modinfo(lines, MANY);
	assert_int_equal(m->import_ns.count, MANY);
	drop(m);
	for (size_t i = 0; i < MANY; i++) {
		char *line;

		memcpy(&line, &lines[i], sizeof(line));
		free(line);
	}
	free(lines);
}

static void what_is_no_import(void **state)
{
	static const struct elfbuild_import odd[] = {
		{"_GLOBAL_OFFSET_TABLE_", 0, false, false},
		{"__this_module", 0, false, false},
		{".TOC.", 0, false, false},
		{"_restgpr0_14", 0, false, false},
		{"_savegpr0_14", 0, false, false},
		{".kfree", 0x5, true, false},
	};
	struct elfbuild_module spec = {.arch = "ppc64le",
				       .name = "m",
				       .imports = odd,
				       .import_count = COUNT(odd),
				       .versions = true};
	struct ksa_module *m = read_spec(&spec);

	(void)state;
	/* ppc64: a leading dot names the entry point of the function. */
	assert_int_equal(m->import_count, 1);
	assert_string_equal(m->imports[0].name, "kfree");
	assert_int_equal(m->imports[0].crc, 5);
	drop(m);
}

static void symbols_that_are_not_undefined(void **state)
{
	static const uint64_t sections[] = {SHN_COMMON, SHN_ABS, 0xff20 /* SHN_LIVEPATCH */};

	(void)state;
	for (size_t i = 0; i < COUNT(sections); i++) {
		struct elfbuild_bytes bytes = elfbuild_module(&base_spec);
		struct ksa_module *m = NULL;
		struct ksa_error err = {0};

		elfbuild_set_entry(&bytes, ".symtab", elfbuild_symbol_index(&bytes, "kmalloc"),
				   ELFBUILD_ST_SHNDX, sections[i]);
		assert_int_equal(read_bytes(bytes.data, bytes.size, &m, &err), 0);
		assert_int_equal(m->import_count, COUNT(imports) - 1);
		assert_string_equal(m->imports[0].name, "maybe_there");
		drop(m);
		elfbuild_bytes_release(&bytes);
	}
}

/* Damage: one field a case, and the line that the user then reads */

static const struct damage module_cases[] = {
	{"ET_EXEC", DAMAGE_HEADER, .field = ELFBUILD_E_TYPE, .value = 2, .code = KSA_EFORMAT,
	 .text = "is an ELF file of type 2, expected a relocatable one (.ko)"},
	{"ET_CORE", DAMAGE_HEADER, .field = ELFBUILD_E_TYPE, .value = 4, .code = KSA_EFORMAT,
	 .text = "is an ELF file of type 4, expected a relocatable one (.ko)"},
	{"no symbol table", DAMAGE_SECTION, ".symtab", .field = ELFBUILD_SH_TYPE,
	 .value = SHT_PROGBITS, .code = KSA_EFORMAT,
	 .text = "has no '.symtab': the kernel cannot load a stripped module; strip with "
		 "--strip-debug only"},
	{"symbol table NOBITS", DAMAGE_SECTION, ".symtab", .field = ELFBUILD_SH_TYPE,
	 .value = SHT_NOBITS, .code = KSA_EFORMAT,
	 .text = "has no '.symtab': the kernel cannot load a stripped module; strip with "
		 "--strip-debug only"},
	{"symbol size 0", DAMAGE_SECTION, ".symtab", .field = ELFBUILD_SH_ENTSIZE, .value = 0,
	 .code = KSA_EFORMAT, .text = "'.symtab': entry size is 0, expected 24"},
	{"symbol size 1", DAMAGE_SECTION, ".symtab", .field = ELFBUILD_SH_ENTSIZE, .value = 1,
	 .code = KSA_EFORMAT, .text = "'.symtab': entry size is 1, expected 24"},
	{"half a symbol", DAMAGE_SECTION, ".symtab", .field = ELFBUILD_SH_SIZE, .value = 36,
	 .code = KSA_EFORMAT,
	 .text = "'.symtab': 36 bytes are not a whole number of 24-byte symbols"},
	{"string table of the symbols missing", DAMAGE_SECTION, ".symtab",
	 .field = ELFBUILD_SH_LINK, .value = 0, .code = KSA_EFORMAT,
	 .text = "'.symtab': its string table, section 0, is not there"},
	{"string table of the symbols out of range", DAMAGE_SECTION, ".symtab",
	 .field = ELFBUILD_SH_LINK, .value = 0xffffffff, .code = KSA_EFORMAT,
	 .text = "'.symtab': its string table, section 4294967295, is not there"},
	{"string table of the symbols is code", DAMAGE_SECTION, ".symtab",
	 .field = ELFBUILD_SH_LINK, .value = 1, .code = KSA_EFORMAT,
	 .text = "'.symtab': its string table, section 1, is not there"},
	{"string table of the symbols not ended", DAMAGE_SECTION, ".strtab",
	 .field = ELFBUILD_SH_SIZE, .value = 5, .code = KSA_EFORMAT,
	 .text = "'.strtab': the last string does not end"},
	{"sh_info of the symbols wrong", DAMAGE_SECTION, ".symtab", .field = ELFBUILD_SH_INFO,
	 .value = 0xffffffff},
	{"name of an undefined symbol outside", DAMAGE_SYMBOL, .symbol = "kmalloc",
	 .field = ELFBUILD_ST_NAME, .value = 0xfffffff0, .code = KSA_EFORMAT,
	 .text = "symbol 23 has its name at 4294967280, outside '.strtab' of 441 bytes"},
	{"extended index without a table", DAMAGE_SYMBOL, .symbol = "kmalloc",
	 .field = ELFBUILD_ST_SHNDX, .value = 0xffff, .code = KSA_EFORMAT,
	 .text = "symbol 23 needs an extended section index that is not there"},
	{"modinfo NOBITS", DAMAGE_SECTION, ".modinfo", .field = ELFBUILD_SH_TYPE,
	 .value = SHT_NOBITS, .code = KSA_EFORMAT,
	 .text = "'.modinfo' has no content: this is the debug part of a module (.debug); give the "
		 ".ko itself"},
	{"two modinfo", DAMAGE_RENAME, .section = ".data", .symbol = ".modinfo",
	 .code = KSA_EFORMAT, .text = "has two '.modinfo' sections, expected one"},
	{"versions uneven", DAMAGE_SECTION, "__versions", .field = ELFBUILD_SH_SIZE, .value = 100,
	 .code = KSA_EFORMAT,
	 .text = "'__versions': 100 bytes are not a whole number of 64-byte records"},
	{"versions NOBITS", DAMAGE_SECTION, "__versions", .field = ELFBUILD_SH_TYPE,
	 .value = SHT_NOBITS, .code = KSA_EFORMAT, .text = "'__versions' has no content (NOBITS)"},
	{"two tables", DAMAGE_RENAME, .section = ".data", .symbol = "__ksymtab",
	 .code = KSA_EFORMAT, .text = "has two '__ksymtab' sections, expected one"},
	{"NOBITS table", DAMAGE_SECTION, "__ksymtab", .field = ELFBUILD_SH_TYPE,
	 .value = SHT_NOBITS, .code = KSA_EFORMAT,
	 .text = "'__ksymtab' has no content (stripped to its debug part)"},
	{"compressed table", DAMAGE_SECTION, "__ksymtab_gpl", .field = ELFBUILD_SH_FLAGS,
	 .value = 0x802, .code = KSA_EFORMAT,
	 .text = "'__ksymtab_gpl' is a compressed section, which the kernel never makes"},
	{"empty table", DAMAGE_SECTION, "__ksymtab", .field = ELFBUILD_SH_SIZE, .value = 0,
	 .code = KSA_EFORMAT, .text = "'__kcrctab' holds 4 bytes, but '__ksymtab' has no entries"},
	{"table of 13 bytes", DAMAGE_SECTION, "__ksymtab", .field = ELFBUILD_SH_SIZE, .value = 13,
	 .code = KSA_EFORMAT,
	 .text = "'__ksymtab': no kernel_symbol layout fits its 13 bytes and 3 relocations"},
	{"table one entry short", DAMAGE_SECTION, "__ksymtab_gpl", .field = ELFBUILD_SH_SIZE,
	 .value = 24, .code = KSA_EFORMAT,
	 .text = "relocation at offset 24 lies outside '__ksymtab_gpl' of 24 bytes"},
	{"table one entry long", DAMAGE_SECTION, "__ksymtab_gpl", .field = ELFBUILD_SH_SIZE,
	 .value = 48, .code = KSA_EFORMAT,
	 .text = "'__ksymtab_gpl': no kernel_symbol layout fits its 48 bytes and 9 relocations"},
	{"CRCs short", DAMAGE_SECTION, "__kcrctab_gpl", .field = ELFBUILD_SH_SIZE, .value = 8,
	 .code = KSA_EFORMAT,
	 .text = "'__kcrctab_gpl' holds 8 bytes, expected 4 for each of 3 entries"},
	{"strings NOBITS", DAMAGE_SECTION, "__ksymtab_strings", .field = ELFBUILD_SH_TYPE,
	 .value = SHT_NOBITS, .code = KSA_EFORMAT,
	 .text = "'__ksymtab' at offset 4 points to no string (offset 41 of section 9)"},
	{"strings not ended", DAMAGE_SECTION, "__ksymtab_strings", .field = ELFBUILD_SH_SIZE,
	 .value = 4, .code = KSA_EFORMAT,
	 .text = "'__ksymtab' at offset 4 points to no string (offset 41 of section 9)"},
	{"relocations missing", DAMAGE_SECTION, ".rela__ksymtab", .field = ELFBUILD_SH_TYPE,
	 .value = SHT_PROGBITS, .code = KSA_EFORMAT,
	 .text = "'__ksymtab' has no relocations: which symbols it exports is not resolved"},
	{"relocations of another section", DAMAGE_SECTION, ".rela__ksymtab",
	 .field = ELFBUILD_SH_INFO, .value = 1, .code = KSA_EFORMAT,
	 .text = "'__ksymtab' has no relocations: which symbols it exports is not resolved"},
	{"REL instead of RELA", DAMAGE_SECTION, ".rela__ksymtab", .field = ELFBUILD_SH_TYPE,
	 .value = SHT_REL, .code = KSA_EFORMAT,
	 .text = "'.rela__ksymtab': 72 bytes of entry size 24, expected a whole number of 16"},
	{"relocation size 0", DAMAGE_SECTION, ".rela__ksymtab", .field = ELFBUILD_SH_ENTSIZE,
	 .value = 0, .code = KSA_EFORMAT,
	 .text = "'.rela__ksymtab': 72 bytes of entry size 0, expected a whole number of 24"},
	{"half a relocation", DAMAGE_SECTION, ".rela__ksymtab", .field = ELFBUILD_SH_SIZE,
	 .value = 60, .code = KSA_EFORMAT,
	 .text = "'.rela__ksymtab': 60 bytes of entry size 24, expected a whole number of 24"},
	{"relocation of the namespace missing", DAMAGE_SECTION, ".rela__ksymtab",
	 .field = ELFBUILD_SH_SIZE, .value = 48},
	{"relocation of the name missing", DAMAGE_SECTION, ".rela__ksymtab",
	 .field = ELFBUILD_SH_SIZE, .value = 24, .code = KSA_EFORMAT,
	 .text = "'__ksymtab': no kernel_symbol layout fits its 12 bytes and 1 relocations"},
	{"relocation past the table", DAMAGE_ENTRY, ".rela__ksymtab", .index = 1,
	 .field = ELFBUILD_R_OFFSET, .value = 0x1000, .code = KSA_EFORMAT,
	 .text = "relocation at offset 4096 lies outside '__ksymtab' of 12 bytes"},
	{"two relocations of one field", DAMAGE_ENTRY, ".rela__ksymtab", .index = 1,
	 .field = ELFBUILD_R_OFFSET, .value = 8, .code = KSA_EFORMAT,
	 .text = "two relocations at offset 8 of '__ksymtab'"},
	{"relocation between two fields", DAMAGE_ENTRY, ".rela__ksymtab", .index = 1,
	 .field = ELFBUILD_R_OFFSET, .value = 5, .code = KSA_EFORMAT,
	 .text = "'__ksymtab': no kernel_symbol layout fits its 12 bytes and 3 relocations"},
	{"relocation type unknown", DAMAGE_ENTRY, ".rela__ksymtab", .index = 0,
	 .field = ELFBUILD_R_INFO, .value = 0x1000000ff, .code = KSA_EFORMAT,
	 .text = "'__ksymtab' has relocations of type 255, expected 2 or 1"},
	{"symbol of the name out of range", DAMAGE_ENTRY, ".rela__ksymtab", .index = 1,
	 .field = ELFBUILD_R_INFO, .value = 0xffffff00000002, .code = KSA_EFORMAT,
	 .text = "'__ksymtab': no kernel_symbol layout fits its 12 bytes and 3 relocations"},
	{"symbol of the value out of range", DAMAGE_ENTRY, ".rela__ksymtab", .index = 0,
	 .field = ELFBUILD_R_INFO, .value = 0xffffff00000002, .code = KSA_EFORMAT,
	 .text = "relocation at offset 0 of '__ksymtab' names symbol 16777215, '.symtab' holds 27"},
	{"symbol of the name is null", DAMAGE_ENTRY, ".rela__ksymtab", .index = 1,
	 .field = ELFBUILD_R_INFO, .value = 2, .code = KSA_EFORMAT,
	 .text = "'__ksymtab': no kernel_symbol layout fits its 12 bytes and 3 relocations"},
	{"symbol of the name is common", DAMAGE_SYMBOL, .symbol = "__kstrtab_nvme_core_init",
	 .field = ELFBUILD_ST_SHNDX, .value = SHN_COMMON, .code = KSA_EFORMAT,
	 .text = "'__ksymtab': no kernel_symbol layout fits its 12 bytes and 3 relocations"},
	{"symbol of the name in no section", DAMAGE_SYMBOL, .symbol = "__kstrtab_nvme_core_init",
	 .field = ELFBUILD_ST_SHNDX, .value = 0x1234, .code = KSA_EFORMAT,
	 .text = "'__ksymtab': no kernel_symbol layout fits its 12 bytes and 3 relocations"},
	{"symbol of the name past the strings", DAMAGE_SYMBOL, .symbol = "__kstrtab_nvme_core_init",
	 .field = ELFBUILD_ST_VALUE, .value = 0x10000, .code = KSA_EFORMAT,
	 .text = "'__ksymtab' at offset 4 points to no string (offset 65536 of section 9)"},
	{"symbol of the name overflows", DAMAGE_SYMBOL, .symbol = "__kstrtab_nvme_core_init",
	 .field = ELFBUILD_ST_VALUE, .value = UINT64_MAX, .code = KSA_EFORMAT,
	 .text = "'__ksymtab' at offset 4 points to no string (offset -1 of section 9)"},
	{"negative addend", DAMAGE_ENTRY, ".rela__ksymtab", .index = 1, .field = ELFBUILD_R_ADDEND,
	 .value = (uint64_t)-4000, .code = KSA_EFORMAT,
	 .text = "'__ksymtab' at offset 4 points to no string (offset -3959 of section 9)"},
	{"value in no section", DAMAGE_SYMBOL, .symbol = "nvme_core_init",
	 .field = ELFBUILD_ST_SHNDX, .value = 0x1234},
};

static const struct damage long_version_cases[] = {
	{"names short", DAMAGE_SECTION, "__version_ext_names", .field = ELFBUILD_SH_SIZE,
	 .value = 20, .code = KSA_EFORMAT,
	 .text = "'__version_ext_names' holds 1 names for 4 CRCs"},
	{"CRCs uneven", DAMAGE_SECTION, "__version_ext_crcs", .field = ELFBUILD_SH_SIZE,
	 .value = 15, .code = KSA_EFORMAT,
	 .text = "'__version_ext_crcs': 15 bytes are not a whole number of 4-byte CRCs"},
	{"extended CRCs short", DAMAGE_SECTION, "__version_ext_crcs", .field = ELFBUILD_SH_SIZE,
	 .value = 12, .code = KSA_EFORMAT,
	 .text = "'__version_ext_names' holds more names than the 3 CRCs"},
	{"CRCs without names", DAMAGE_RENAME, .section = "__version_ext_names", .symbol = ".data",
	 .code = KSA_EFORMAT, .text = "has '__version_ext_crcs' without '__version_ext_names'"},
	{"names without CRCs", DAMAGE_RENAME, .section = "__version_ext_crcs", .symbol = ".data",
	 .code = KSA_EFORMAT, .text = "has '__version_ext_names' without '__version_ext_crcs'"},
	{"names NOBITS", DAMAGE_SECTION, "__version_ext_names", .field = ELFBUILD_SH_TYPE,
	 .value = SHT_NOBITS, .code = KSA_EFORMAT,
	 .text = "'__version_ext_names' has no content (NOBITS)"},
	{"an empty name", DAMAGE_BYTES, "__version_ext_names", .index = 0, .width = 1, .value = 0,
	 .code = KSA_EFORMAT, .text = "'__version_ext_names' holds more names than the 4 CRCs"},
};

static const struct damage flags_cases[] = {
	{"flags short", DAMAGE_SECTION, "__kflagstab", .field = ELFBUILD_SH_SIZE, .value = 3,
	 .code = KSA_EFORMAT,
	 .text = "'__kflagstab' holds 3 flags for the 4 entries of '__ksymtab'"},
	{"flags long", DAMAGE_SECTION, "__kflagstab", .field = ELFBUILD_SH_SIZE, .value = 5,
	 .code = KSA_EFORMAT,
	 .text = "'__kflagstab' holds 5 flags for the 4 entries of '__ksymtab'"},
	{"flags empty", DAMAGE_SECTION, "__kflagstab", .field = ELFBUILD_SH_SIZE, .value = 0,
	 .code = KSA_EFORMAT,
	 .text = "'__kflagstab' holds 0 flags for the 4 entries of '__ksymtab'"},
	{"table empty", DAMAGE_SECTION, "__ksymtab", .field = ELFBUILD_SH_SIZE, .value = 0,
	 .code = KSA_EFORMAT,
	 .text = "'__kflagstab' holds 4 bytes, but '__ksymtab' has no entries"},
	{"unknown bits", DAMAGE_BYTES, "__kflagstab", .index = 0, .width = 1, .value = 0x80},
};

static void run_damage(const struct elfbuild_module *spec, const struct damage *cases, size_t count)
{
	size_t bad = 0;

	for (size_t i = 0; i < count; i++) {
		struct elfbuild_bytes bytes = elfbuild_module(spec);
		struct ksa_module *m = NULL;
		struct ksa_error err = {0};
		int r;

		damage_apply(&cases[i], &bytes);
		r = read_bytes(bytes.data, bytes.size, &m, &err);
		bad += damage_check(&cases[i], r, &err, "dir/test-mod.ko");
		drop(m);
		elfbuild_bytes_release(&bytes);
	}
	assert_int_equal(bad, 0);
}

static void damaged_modules(void **state)
{
	(void)state;
	run_damage(&base_spec, module_cases, COUNT(module_cases));
}

static void damaged_versions(void **state)
{
	struct elfbuild_module spec = base_spec;

	(void)state;
	spec.ext_versions = true;
	run_damage(&spec, long_version_cases, COUNT(long_version_cases));
}

/* The longest name that a record holds, and its NUL overwritten. */
static void version_name_without_end(void **state)
{
	static const char name[] = "a_name_of_fifty_five_bytes_that_just_fits_the_record_xx";
	const struct elfbuild_import import = {name, 9, true, false};
	const struct elfbuild_module spec = {
		.name = "m", .imports = &import, .import_count = 1, .versions = true};
	const struct damage end = {
		"the NUL",	     DAMAGE_BYTES,
		"__versions",	     .index = 63,
		.width = 1,	     .value = 'x',
		.code = KSA_EFORMAT, .text = "'__versions': the name of record 0 does not end"};
	struct ksa_module *m = read_spec(&spec);

	(void)state;
	assert_int_equal(strlen(name), 55);
	assert_int_equal(m->imports[0].crc, 9);
	drop(m);
	run_damage(&spec, &end, 1);
}

static void damaged_flags(void **state)
{
	struct elfbuild_module spec = base_spec;

	(void)state;
	spec.kflagstab = true;
	spec.crcs = ELFBUILD_CRC_NONE;
	run_damage(&spec, flags_cases, COUNT(flags_cases));
}

static void cut_at_every_offset(void **state)
{
	static const char *const archs[] = {"x86_64", "s390x", "arm"};

	(void)state;
	for (size_t i = 0; i < COUNT(archs); i++) {
		struct elfbuild_module spec = base_spec;
		struct elfbuild_bytes bytes;

		spec.arch = archs[i];
		bytes = elfbuild_module(&spec);
		for (size_t size = 0; size < bytes.size; size++) {
			struct ksa_module *m = NULL;
			struct ksa_error err = {0};

			if (read_bytes(bytes.data, size, &m, &err) >= 0)
				fail_msg("%s cut to %zu of %zu bytes was read", archs[i], size,
					 bytes.size);
			assert_string_equal(err.source, "dir/test-mod.ko");
			assert_true(err.text[0] != '\0');
			drop(m);
		}
		elfbuild_bytes_release(&bytes);
	}
}

static void every_byte_flipped(void **state)
{
	struct elfbuild_module spec = base_spec;
	struct elfbuild_bytes bytes;

	(void)state;
	spec.ext_versions = true;
	bytes = elfbuild_module(&spec);
	for (size_t at = 0; at < bytes.size; at++) {
		struct ksa_module *m = NULL;
		struct ksa_error err = {0};

		int r;

		bytes.data[at] ^= 0xff;
		r = read_bytes(bytes.data, bytes.size, &m, &err);
		assert_int_equal(r, err.code);
		drop(m);
		bytes.data[at] ^= 0xff;
	}
	elfbuild_bytes_release(&bytes);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(all_architectures_and_layouts),
		cmocka_unit_test(flags_table),
		cmocka_unit_test(one_export),
		cmocka_unit_test(imports_and_versions),
		cmocka_unit_test(long_names),
		cmocka_unit_test(facts),
		cmocka_unit_test(odd_signatures),
		cmocka_unit_test(licenses_keep_their_order),
		cmocka_unit_test(licenses_are_exact),
		cmocka_unit_test(odd_modinfo),
		cmocka_unit_test(modinfo_without_final_nul),
		cmocka_unit_test(huge_modinfo),
		cmocka_unit_test(what_is_no_import),
		cmocka_unit_test(symbols_that_are_not_undefined),
		cmocka_unit_test(damaged_modules),
		cmocka_unit_test(damaged_versions),
		cmocka_unit_test(version_name_without_end),
		cmocka_unit_test(damaged_flags),
		cmocka_unit_test(cut_at_every_offset),
		cmocka_unit_test(every_byte_flipped),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
