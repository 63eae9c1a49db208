// SPDX-License-Identifier: GPL-2.0-or-later
#include "read/kernel/elf_kernel.h"

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

/* What every image of these tests exports: suffixes of each other, a namespace that is also a
 * suffix of a name, reserved ones, data. */
static const struct elfbuild_export exports[] = {
	{"kfree", KSA_CLASS_PLAIN, NULL, 0x12345678, false},
	{"_kfree", KSA_CLASS_GPL, NULL, 0xdeadbeef, false},
	{"free", KSA_CLASS_PLAIN, "kfree", 1, false},
	{"jiffies", KSA_CLASS_PLAIN, NULL, 0x80000000, true},
	{"dma_buf_get", KSA_CLASS_GPL, "DMA_BUF", 0x7fffffff, false},
	{"kvm_internal", KSA_CLASS_GPL, "module:kvm,kvm-*", 0xffffffff, false},
	{"_RNvNtCs1_4core3fmt$x.y", KSA_CLASS_GPL, NULL, 3, false},
	{"zap", KSA_CLASS_PLAIN, NULL, 4, true},
};

static const struct elfbuild_export old_exports[] = {
	{"plain_a", KSA_CLASS_PLAIN, NULL, 10, false},
	{"plain_b", KSA_CLASS_PLAIN, NULL, 11, true},
	{"gpl_a", KSA_CLASS_GPL, NULL, 12, false},
	{"gpl_b", KSA_CLASS_GPL, NULL, 13, false},
	{"future_a", KSA_CLASS_GPL_FUTURE, NULL, 14, false},
	{"future_b", KSA_CLASS_GPL_FUTURE, NULL, 15, false},
	{"unused_a", KSA_CLASS_UNUSED, NULL, 16, false},
	{"unused_gpl_a", KSA_CLASS_UNUSED_GPL, NULL, 17, false},
};

/* Read an image under the name "vmlinux"; the kernel is the caller's. */
static int read_bytes(const unsigned char *data, size_t size, struct ksa_kernel **kernel,
		      struct ksa_error *err)
{
	uint32_t source;
	unsigned char *copy =
		malloc(size ? size : 1); /* its own size, so that ASan sees overruns */
	int r;

	assert_non_null(copy);
	memcpy(copy, data, size);
	assert_int_equal(kernel_new("test", kernel, err), 0);
	assert_int_equal(kernel_add_source(*kernel, "vmlinux", SOURCE_IMAGE, &source, err), 0);
	r = elf_kernel_read(*kernel, copy, size, source, "vmlinux", err);
	free(copy);
	if (!r)
		r = kernel_seal(*kernel, err);
	return r;
}

static void check_export(const struct ksa_kernel *kernel, const struct elfbuild_export *want,
			 const struct elfbuild_kernel *spec)
{
	size_t count = 0;
	const struct ksa_export *e = kernel_find_exports(kernel, want->name, &count);
	bool has_ns = spec->layout != ELFBUILD_ABS_2 && spec->layout != ELFBUILD_PREL_2;
	enum ksa_class cls =
		spec->kflagstab && want->cls != KSA_CLASS_GPL ? KSA_CLASS_PLAIN : want->cls;

	if (!e)
		fail_msg("%s: '%s' was not read", kernel->arch, want->name);
	assert_int_equal(count, 1);
	assert_string_equal(e->owner, "vmlinux");
	assert_int_equal(e->cls, cls);
	assert_int_equal(e->source_kind, SOURCE_IMAGE);
	if (has_ns && want->ns)
		assert_string_equal(e->ns, want->ns);
	else
		assert_null(e->ns);
	assert_true(e->ns_known);
	assert_int_equal(e->has_crc, spec->crcs != ELFBUILD_CRC_NONE);
	if (e->has_crc)
		assert_int_equal(e->crc, want->crc);
	assert_int_equal(e->kind, want->is_object ? KSA_KIND_OBJECT : KSA_KIND_FUNCTION);
}

static void check_kernel(const struct elfbuild_kernel *spec)
{
	struct elfbuild_bytes bytes = elfbuild_kernel(spec);
	struct ksa_kernel *kernel = NULL;
	struct ksa_error err = {0};

	if (read_bytes(bytes.data, bytes.size, &kernel, &err))
		fail_msg("%s, layout %d, crcs %d: %s", spec->arch, spec->layout, spec->crcs,
			 err.text);
	assert_int_equal(ksa_kernel_export_count(kernel), spec->export_count);
	assert_string_equal(ksa_kernel_arch(kernel), spec->arch ? spec->arch : "x86_64");
	assert_true(kernel->has_image);
	for (size_t i = 0; i < spec->export_count; i++)
		check_export(kernel, &spec->exports[i], spec);
	ksa_kernel_free(kernel);
	elfbuild_bytes_release(&bytes);
}

/* Every architecture, layout, form of CRCs that can occur together. */
static void all_architectures_and_layouts(void **state)
{
	(void)state;
	for (const struct elfbuild_arch *a = elfbuild_archs; a->name; a++) {
		for (int layout = ELFBUILD_ARCH_LAYOUT; layout <= ELFBUILD_PREL_3; layout++) {
			for (int crcs = ELFBUILD_CRC_NONE; crcs <= ELFBUILD_CRC_LONG; crcs++) {
				struct elfbuild_kernel spec = {
					.arch = a->name,
					.layout = (enum elfbuild_layout)layout,
					.crcs = (enum elfbuild_crcs)crcs,
					.exports = exports,
					.export_count = COUNT(exports),
					.keep_symtab = crcs == ELFBUILD_CRC_32,
				};

				check_kernel(&spec);
			}
		}
	}
}

static void flags_table(void **state)
{
	(void)state;
	for (const struct elfbuild_arch *a = elfbuild_archs; a->name; a++) {
		struct elfbuild_kernel spec = {.arch = a->name,
					       .exports = exports,
					       .export_count = COUNT(exports),
					       .kflagstab = true};

		check_kernel(&spec);
		spec.crcs = ELFBUILD_CRC_32;
		spec.keep_symtab = true;
		spec.is_dyn = true;
		check_kernel(&spec);
	}
}

static void all_five_classes(void **state)
{
	(void)state;
	for (int crcs = ELFBUILD_CRC_NONE; crcs <= ELFBUILD_CRC_LONG; crcs++) {
		struct elfbuild_kernel spec = {.layout = ELFBUILD_ABS_2,
					       .crcs = (enum elfbuild_crcs)crcs,
					       .exports = old_exports,
					       .export_count = COUNT(old_exports)};

		check_kernel(&spec);
		spec.layout = ELFBUILD_PREL_3;
		check_kernel(&spec);
	}
}

static void relative_crcs(void **state)
{
	static const char *const archs[] = {"ppc64le", "s390x"};

	(void)state;
	for (size_t i = 0; i < COUNT(archs); i++) {
		struct elfbuild_kernel spec = {.arch = archs[i],
					       .crcs = ELFBUILD_CRC_RELATIVE,
					       .exports = exports,
					       .export_count = COUNT(exports)};

		check_kernel(&spec);
	}
}

/* With MODULE_REL_CRCS a small table must not be read as literal values. */
static void relative_crcs_of_few_entries(void **state)
{
	struct elfbuild_kernel spec = {.arch = "s390x",
				       .crcs = ELFBUILD_CRC_RELATIVE,
				       .exports = exports,
				       .export_count = 5};

	(void)state;
	check_kernel(&spec);
}

static void null_namespaces(void **state)
{
	static const char *const archs[] = {"x86_64", "i386", "s390x", "arm"};

	(void)state;
	for (size_t i = 0; i < COUNT(archs); i++) {
		struct elfbuild_kernel spec = {.arch = archs[i],
					       .exports = exports,
					       .export_count = COUNT(exports),
					       .null_ns = true};

		check_kernel(&spec);
	}
}

static void pointers_in_relative_relocations(void **state)
{
	static const char *const archs[] = {"ppc64le", "riscv64", "s390x"};

	(void)state;
	for (size_t i = 0; i < COUNT(archs); i++) {
		struct elfbuild_kernel spec = {.arch = archs[i],
					       .exports = exports,
					       .export_count = COUNT(exports),
					       .relative = true,
					       .is_dyn = true};

		check_kernel(&spec);
		spec.kflagstab = true;
		spec.crcs = ELFBUILD_CRC_32;
		check_kernel(&spec);
	}
}

static void kept_relocations_are_not_applied(void **state)
{
	struct elfbuild_kernel spec = {.exports = exports,
				       .export_count = COUNT(exports),
				       .keep_symtab = true,
				       .keep_relocs = true};

	(void)state;
	check_kernel(&spec);
	spec.arch = "ppc64le";
	check_kernel(&spec);
}

/* One entry: too little to count on, still enough to be read. */
static void one_export(void **state)
{
	(void)state;
	for (const struct elfbuild_arch *a = elfbuild_archs; a->name; a++) {
		struct elfbuild_kernel spec = {
			.arch = a->name, .exports = exports, .export_count = 1};

		check_kernel(&spec);
	}
}

static void facts_in_the_image(void **state)
{
	struct elfbuild_kernel spec = {
		.exports = exports,
		.export_count = COUNT(exports),
		.release = "6.19.14+deb14-amd64",
		.vermagic = "6.19.14+deb14-amd64 SMP preempt mod_unload ",
	};
	struct elfbuild_bytes bytes = elfbuild_kernel(&spec);
	struct ksa_kernel *kernel = NULL;
	struct ksa_error err = {0};

	(void)state;
	assert_int_equal(read_bytes(bytes.data, bytes.size, &kernel, &err), 0);
	assert_string_equal(ksa_kernel_release(kernel), "6.19.14+deb14-amd64");
	assert_non_null(kernel->vermagic);
	assert_string_equal(kernel->vermagic, spec.vermagic);
	ksa_kernel_free(kernel);
	elfbuild_bytes_release(&bytes);
}

static void unknown_flag_bits_are_kept_and_said(void **state)
{
	struct elfbuild_kernel spec = {
		.exports = exports, .export_count = COUNT(exports), .kflagstab = true};
	struct elfbuild_bytes bytes = elfbuild_kernel(&spec);
	struct ksa_kernel *kernel = NULL;
	struct ksa_error err = {0};
	const struct ksa_export *e;

	(void)state;
	bytes.data[elfbuild_section_offset(&bytes, "__kflagstab") + 2] = 0x80;
	bytes.data[elfbuild_section_offset(&bytes, "__kflagstab") + 3] = 0xff;
	assert_int_equal(read_bytes(bytes.data, bytes.size, &kernel, &err), 0);
	/* In name order: _RNv..., _kfree, dma_buf_get, free, ... */
	e = ksa_kernel_find_export(kernel, "dma_buf_get");
	assert_int_equal(e->cls, KSA_CLASS_PLAIN);
	assert_int_equal(e->kflags, 0x80);
	e = ksa_kernel_find_export(kernel, "free");
	assert_int_equal(e->cls, KSA_CLASS_GPL);
	assert_int_equal(e->kflags, 0xff);
	assert_int_equal(ksa_kernel_notice_count(kernel), 1);
	assert_string_equal(ksa_kernel_notice_at(kernel, 0),
			    "vmlinux: '__kflagstab' has bits that are not known here for 2 symbols "
			    "(first: dma_buf_get, 0x80); only bit 0, GPL-only, was read");
	ksa_kernel_free(kernel);
	elfbuild_bytes_release(&bytes);
}

/* What follows the ELF file in a bzImage's payload is no damage. */
static void trailing_bytes_are_ignored(void **state)
{
	struct elfbuild_kernel spec = {.exports = exports, .export_count = COUNT(exports)};
	struct elfbuild_bytes bytes = elfbuild_kernel(&spec);
	struct ksa_kernel *kernel = NULL;
	struct ksa_error err = {0};

	(void)state;
	bytes.data = realloc(bytes.data, bytes.size + 5000);
	assert_non_null(bytes.data);
	memset(bytes.data + bytes.size, 0xa5, 5000);
	assert_int_equal(read_bytes(bytes.data, bytes.size + 5000, &kernel, &err), 0);
	assert_int_equal(ksa_kernel_export_count(kernel), COUNT(exports));
	ksa_kernel_free(kernel);
	elfbuild_bytes_release(&bytes);
}

/* A file cut anywhere is refused: the section table stands at the end. */
static void cut_at_every_offset(void **state)
{
	static const char *const archs[] = {"x86_64", "s390x", "arm"};

	(void)state;
	for (size_t i = 0; i < COUNT(archs); i++) {
		struct elfbuild_kernel spec = {.arch = archs[i],
					       .exports = exports,
					       .export_count = COUNT(exports),
					       .crcs = ELFBUILD_CRC_32,
					       .keep_symtab = true};
		struct elfbuild_bytes bytes = elfbuild_kernel(&spec);

		for (size_t size = 0; size < bytes.size; size++) {
			struct ksa_kernel *kernel = NULL;
			struct ksa_error err = {0};

			if (read_bytes(bytes.data, size, &kernel, &err) >= 0)
				fail_msg("%s cut to %zu of %zu bytes was read", archs[i], size,
					 bytes.size);
			assert_string_equal(err.source, "vmlinux");
			assert_true(err.text[0] != '\0');
			ksa_kernel_free(kernel);
		}
		elfbuild_bytes_release(&bytes);
	}
}

/* Every byte, changed to something else, in turn: any answer but a crash or a hang; and an answer
 * of "success" that has lost exports says so (in a notice), or the byte was in a name or size. */
static void every_byte_flipped(void **state)
{
	struct elfbuild_kernel spec = {.exports = exports,
				       .export_count = COUNT(exports),
				       .crcs = ELFBUILD_CRC_32,
				       .kflagstab = true};
	struct elfbuild_bytes bytes = elfbuild_kernel(&spec);

	(void)state;
	for (size_t at = 0; at < bytes.size; at++) {
		static const unsigned char masks[] = {0x01, 0x80, 0xff};

		for (size_t k = 0; k < sizeof(masks); k++) {
			struct ksa_kernel *kernel = NULL;
			struct ksa_error err = {0};
			int r;

			bytes.data[at] ^= masks[k];
			r = read_bytes(bytes.data, bytes.size, &kernel, &err);
			assert_int_equal(r, err.code);
			if (!r && ksa_kernel_export_count(kernel) < COUNT(exports))
				assert_true(ksa_kernel_notice_count(kernel) > 0);
			ksa_kernel_free(kernel);
			bytes.data[at] ^= masks[k];
		}
	}
	elfbuild_bytes_release(&bytes);
}

/* Damage: one field a case, and the line that the user then reads */

static const struct damage table_cases[] = {
	{"ET_CORE", DAMAGE_HEADER, .field = ELFBUILD_E_TYPE, .value = 4, .code = KSA_EFORMAT,
	 .text = "is an ELF file of type 4, expected a linked kernel (vmlinux)"},
	{"ET_REL", DAMAGE_HEADER, .field = ELFBUILD_E_TYPE, .value = 1, .code = KSA_EFORMAT,
	 .text = "is an ELF file of type 1, expected a linked kernel (vmlinux)"},
	{"no section table", DAMAGE_HEADER, .field = ELFBUILD_E_SHOFF, .value = 0,
	 .code = KSA_EFORMAT,
	 .text = "ELF header: 10 section headers, but no offset where they are"},
	{"two tables", DAMAGE_RENAME, .section = ".data", .symbol = "__ksymtab",
	 .code = KSA_EFORMAT, .text = "has two '__ksymtab' sections, expected one"},
	{"two string tables", DAMAGE_RENAME, .section = ".data", .symbol = "__ksymtab_strings",
	 .code = KSA_EFORMAT, .text = "has two '__ksymtab_strings' sections, expected one"},
	{"compressed table", DAMAGE_SECTION, "__ksymtab", .field = ELFBUILD_SH_FLAGS,
	 .value = 0x802, .code = KSA_EFORMAT,
	 .text = "'__ksymtab' is a compressed section, which the kernel never makes"},
	{"NOBITS table", DAMAGE_SECTION, "__ksymtab", .field = ELFBUILD_SH_TYPE, .value = 8,
	 .code = KSA_ENODATA,
	 .text = "'__ksymtab' has no content: this is the debug part of a kernel (.debug); give "
		 "the vmlinux itself"},
	{"NOBITS strings", DAMAGE_SECTION, "__ksymtab_strings", .field = ELFBUILD_SH_TYPE,
	 .value = 8, .code = KSA_EFORMAT,
	 .text = "'__ksymtab': none of the four kernel_symbol layouts fits its 48 bytes"},
	{"empty table", DAMAGE_SECTION, "__ksymtab", .field = ELFBUILD_SH_SIZE, .value = 0,
	 .code = KSA_EFORMAT, .text = "'__kcrctab' holds 16 bytes, but '__ksymtab' has no entries"},
	{"size not a multiple of the entry", DAMAGE_SECTION, "__ksymtab", .field = ELFBUILD_SH_SIZE,
	 .value = 47, .code = KSA_EFORMAT,
	 .text = "'__ksymtab': none of the four kernel_symbol layouts fits its 47 bytes"},
	{"one entry short", DAMAGE_SECTION, "__ksymtab", .field = ELFBUILD_SH_SIZE, .value = 36,
	 .code = KSA_EFORMAT,
	 .text = "'__kcrctab' holds 16 bytes, expected 4 for each of 3 entries"},
	{"size past the end", DAMAGE_SECTION, "__ksymtab", .field = ELFBUILD_SH_SIZE,
	 .value = 0x100000, .code = KSA_EFORMAT,
	 .text = "section 3 at offset 304 with 1048576 bytes ends past the 1400 bytes of the file"},
	{"offset past the end", DAMAGE_SECTION, "__ksymtab", .field = ELFBUILD_SH_OFFSET,
	 .value = 0x7fffffffffffffff, .code = KSA_EFORMAT,
	 .text = "section 3 at offset 9223372036854775807 with 48 bytes ends past the 1400 bytes "
		 "of the file"},
	{"offset and size overflow", DAMAGE_SECTION, "__ksymtab", .field = ELFBUILD_SH_OFFSET,
	 .value = UINT64_MAX - 4, .code = KSA_EFORMAT,
	 .text = "section 3 at offset 18446744073709551611 with 48 bytes ends past the 1400 bytes "
		 "of the file"},
	{"wrong address", DAMAGE_SECTION, "__ksymtab", .field = ELFBUILD_SH_ADDR, .value = 0x1000,
	 .code = KSA_EFORMAT,
	 .text = "'__ksymtab': none of the four kernel_symbol layouts fits its 48 bytes"},
	{"CRCs short", DAMAGE_SECTION, "__kcrctab", .field = ELFBUILD_SH_SIZE, .value = 12,
	 .code = KSA_EFORMAT,
	 .text = "'__kcrctab' holds 12 bytes, expected 4 for each of 4 entries"},
	{"CRCs uneven", DAMAGE_SECTION, "__kcrctab", .field = ELFBUILD_SH_SIZE, .value = 15,
	 .code = KSA_EFORMAT,
	 .text = "'__kcrctab' holds 15 bytes, expected 4 for each of 4 entries"},
	{"two CRC tables", DAMAGE_RENAME, .section = ".data", .symbol = "__kcrctab",
	 .code = KSA_EFORMAT, .text = "has two '__kcrctab' sections, expected one"},
	{"name before the image", DAMAGE_BYTES, "__ksymtab", .index = 4, .width = 4,
	 .value = 0x80000000, .code = KSA_EFORMAT,
	 .text = "entry 0 of '__ksymtab' has its name at 0xffffffff010000f4, outside "
		 "'__ksymtab_strings'"},
	{"name past the strings", DAMAGE_BYTES, "__ksymtab", .index = 4, .width = 4,
	 .value = 0x7fffffff, .code = KSA_EFORMAT,
	 .text = "entry 0 of '__ksymtab' has its name at 0x10000f3, outside '__ksymtab_strings'"},
	{"name 0", DAMAGE_BYTES, "__ksymtab", .index = 4, .width = 4, .value = 0,
	 .code = KSA_EFORMAT,
	 .text = "entry 0 of '__ksymtab' has its name at 0x0, outside '__ksymtab_strings'"},
	{"namespace outside", DAMAGE_BYTES, "__ksymtab", .index = 8, .width = 4,
	 .value = 0x7fffffff, .code = KSA_EFORMAT,
	 .text = "entry 0 of '__ksymtab', 'free', has its namespace at 0x10000f7, outside "
		 "'__ksymtab_strings'"},
	{"value 0", DAMAGE_BYTES, "__ksymtab", .index = 0, .width = 4, .value = 0},
	{"namespace 0", DAMAGE_BYTES, "__ksymtab", .index = 8, .width = 4, .value = 0},
};

static const struct damage flags_cases[] = {
	{"flags short", DAMAGE_SECTION, "__kflagstab", .field = ELFBUILD_SH_SIZE, .value = 7,
	 .code = KSA_EFORMAT,
	 .text = "'__kflagstab' holds 7 flags for the 8 entries of '__ksymtab'"},
	{"flags empty", DAMAGE_SECTION, "__kflagstab", .field = ELFBUILD_SH_SIZE, .value = 0,
	 .code = KSA_EFORMAT,
	 .text = "'__kflagstab' holds 0 flags for the 8 entries of '__ksymtab'"},
	{"flags long", DAMAGE_SECTION, "__kflagstab", .field = ELFBUILD_SH_SIZE, .value = 9,
	 .code = KSA_EFORMAT,
	 .text = "'__kflagstab' holds 9 flags for the 8 entries of '__ksymtab'"},
	{"flags without a table", DAMAGE_SECTION, "__ksymtab", .field = ELFBUILD_SH_SIZE,
	 .value = 0, .code = KSA_EFORMAT,
	 .text = "'__kcrctab' holds 32 bytes, but '__ksymtab' has no entries"},
	{"flags NOBITS", DAMAGE_SECTION, "__kflagstab", .field = ELFBUILD_SH_TYPE, .value = 8,
	 .code = KSA_EFORMAT, .text = "'__kflagstab' has no content (NOBITS), expected 8 flags"},
	{"two flag tables", DAMAGE_RENAME, .section = ".data", .symbol = "__kflagstab",
	 .code = KSA_EFORMAT, .text = "has two '__kflagstab' sections, expected one"},
};

static const struct damage absolute_cases[] = {
	{"name pointer NULL", DAMAGE_BYTES, "__ksymtab", .index = 8, .width = 8, .value = 0,
	 .code = KSA_EFORMAT,
	 .text = "entry 0 of '__ksymtab' has its name at 0x0, outside '__ksymtab_strings'"},
	{"name in code", DAMAGE_BYTES, "__ksymtab", .index = 8, .width = 8, .value = 0x100000,
	 .code = KSA_EFORMAT, .text = "entry 0 of '__ksymtab' has an empty name"},
	{"name far away", DAMAGE_BYTES, "__ksymtab", .index = 8, .width = 8, .value = UINT64_MAX,
	 .code = KSA_EFORMAT,
	 .text = "entry 0 of '__ksymtab' has its name at 0xffffffffffffffff, outside "
		 "'__ksymtab_strings'"},
	{"namespace pointer NULL", DAMAGE_BYTES, "__ksymtab", .index = 16, .width = 8, .value = 0},
	{"namespace far away", DAMAGE_BYTES, "__ksymtab", .index = 16, .width = 8, .value = 0x10,
	 .code = KSA_EFORMAT,
	 .text = "entry 0 of '__ksymtab', 'free', has its namespace at 0x10, outside "
		 "'__ksymtab_strings'"},
	{"size of two and a half entries", DAMAGE_SECTION, "__ksymtab", .field = ELFBUILD_SH_SIZE,
	 .value = 60, .code = KSA_EFORMAT,
	 .text = "'__ksymtab': none of the four kernel_symbol layouts fits its 60 bytes"},
};

static void run_damage(const struct elfbuild_kernel *spec, const struct damage *cases, size_t count)
{
	size_t bad = 0;

	for (size_t i = 0; i < count; i++) {
		struct elfbuild_bytes bytes = elfbuild_kernel(spec);
		struct ksa_kernel *kernel = NULL;
		struct ksa_error err = {0};
		int r;

		damage_apply(&cases[i], &bytes);
		r = read_bytes(bytes.data, bytes.size, &kernel, &err);
		bad += damage_check(&cases[i], r, &err, "vmlinux");
		ksa_kernel_free(kernel);
		elfbuild_bytes_release(&bytes);
	}
	assert_int_equal(bad, 0);
}

static void damaged_tables(void **state)
{
	struct elfbuild_kernel spec = {
		.exports = exports, .export_count = COUNT(exports), .crcs = ELFBUILD_CRC_32};

	(void)state;
	run_damage(&spec, table_cases, COUNT(table_cases));
}

static void damaged_flags(void **state)
{
	struct elfbuild_kernel spec = {.exports = exports,
				       .export_count = COUNT(exports),
				       .crcs = ELFBUILD_CRC_32,
				       .kflagstab = true};

	(void)state;
	run_damage(&spec, flags_cases, COUNT(flags_cases));
}

static void damaged_absolute_tables(void **state)
{
	struct elfbuild_kernel spec = {
		.arch = "s390x", .exports = exports, .export_count = COUNT(exports)};

	(void)state;
	run_damage(&spec, absolute_cases, COUNT(absolute_cases));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(all_architectures_and_layouts),
		cmocka_unit_test(flags_table),
		cmocka_unit_test(all_five_classes),
		cmocka_unit_test(relative_crcs),
		cmocka_unit_test(relative_crcs_of_few_entries),
		cmocka_unit_test(null_namespaces),
		cmocka_unit_test(pointers_in_relative_relocations),
		cmocka_unit_test(kept_relocations_are_not_applied),
		cmocka_unit_test(one_export),
		cmocka_unit_test(facts_in_the_image),
		cmocka_unit_test(unknown_flag_bits_are_kept_and_said),
		cmocka_unit_test(trailing_bytes_are_ignored),
		cmocka_unit_test(cut_at_every_offset),
		cmocka_unit_test(every_byte_flipped),
		cmocka_unit_test(damaged_tables),
		cmocka_unit_test(damaged_flags),
		cmocka_unit_test(damaged_absolute_tables),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
