// SPDX-License-Identifier: GPL-2.0-or-later
/* What a module exports before modpost and the final link, in both forms. */
#include "read/elf/object.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "read/kernel/elf_module.h"
#include "unit/elfbuild.h"

#define COUNT(a) (sizeof(a) / sizeof(*(a)))

/* One label of .export_symbol: what stands there is "LICENSE\0NAMESPACE\0". */
struct label {
	const char *name;
	uint64_t at;
};

static struct elfbuild_bytes export_symbol(const char *content, size_t size,
					   const struct label *labels, size_t count)
{
	struct elfbuild *b = elfbuild_new(elfbuild_arch("x86_64"), ET_REL);
	size_t section = elfbuild_section(b, ".export_symbol", SHT_PROGBITS, 0, content, size, 8);

	for (size_t i = 0; i < count; i++)
		elfbuild_symbol(b, labels[i].name, STB_LOCAL, STT_NOTYPE, section, labels[i].at);
	return elfbuild_finish(b, true);
}

static int read_object(struct elfbuild_bytes *bytes, struct ksa_module **m, struct ksa_error *err)
{
	int r;

	assert_int_equal(module_new(m, err), 0);
	r = elf_module_read(*m, bytes->data, bytes->size, "dir/m.o", ELF_MODULE_ALL, err);
	elfbuild_bytes_release(bytes);
	return r;
}

static void drop(struct ksa_module *m)
{
	struct ksa_module **array = malloc(sizeof(*array));

	assert_non_null(array);
	array[0] = m;
	ksa_modules_free(array, 1);
}

static void expect_export(const struct ksa_module *m, size_t i, const char *name,
			  enum ksa_class cls, const char *ns)
{
	const struct ksa_export *e = &m->exports[i];

	assert_string_equal(e->name, name);
	assert_string_equal(e->owner, "m");
	assert_int_equal(e->cls, cls);
	assert_true(e->ns_known);
	assert_false(e->has_crc);
	if (ns)
		assert_string_equal(e->ns, ns);
	else
		assert_null(e->ns);
}

static void labels_of_export_symbol(void **state)
{
	static const char content[] = "\0\0GPL\0\0\0NS\0GPL\0NS";
	static const struct label labels[] = {
		{"__export_symbol_plain", 0}, {"__export_symbol_gpl", 2},
		{"__export_symbol_ns", 7},    {"__export_symbol_ns_gpl", 11},
		{"another_label", 2},
	};
	struct elfbuild_bytes bytes =
		export_symbol(content, sizeof(content), labels, COUNT(labels));
	struct ksa_error err = {0};
	struct ksa_module *m;

	(void)state;
	assert_int_equal(read_object(&bytes, &m, &err), 0);
	assert_true(m->is_object);
	assert_int_equal(m->export_count, 4);
	expect_export(m, 0, "plain", KSA_CLASS_PLAIN, NULL);
	expect_export(m, 1, "gpl", KSA_CLASS_GPL, NULL);
	expect_export(m, 2, "ns", KSA_CLASS_PLAIN, "NS");
	expect_export(m, 3, "ns_gpl", KSA_CLASS_GPL, "NS");
	drop(m);
}

/* To 6.4: a section for each export, the namespace at a label of its own. */
static void sections_of_ksymtab(void **state)
{
	static const char strings[] = "a\0\0b\0NS";
	static const char zero[12];
	struct elfbuild *b = elfbuild_new(elfbuild_arch("x86_64"), ET_REL);
	size_t text = elfbuild_section(b, "__ksymtab_strings", SHT_PROGBITS, SHF_ALLOC, strings,
				       sizeof(strings), 1);
	size_t plain = elfbuild_section(b, "___ksymtab+a", SHT_PROGBITS, SHF_ALLOC, zero, 12, 4);
	size_t gpl = elfbuild_section(b, "___ksymtab_gpl+b", SHT_PROGBITS, SHF_ALLOC, zero, 12, 4);
	size_t other = elfbuild_section(b, "___ksymtabs+c", SHT_PROGBITS, SHF_ALLOC, zero, 12, 4);
	struct elfbuild_bytes bytes;
	struct ksa_error err = {0};
	struct ksa_module *m;

	(void)state;
	elfbuild_symbol(b, "__kstrtabns_a", STB_LOCAL, STT_NOTYPE, text, 2);
	elfbuild_symbol(b, "__ksymtab_a", STB_LOCAL, STT_NOTYPE, plain, 0);
	elfbuild_symbol(b, "__ksymtab_b", STB_LOCAL, STT_NOTYPE, gpl, 0);
	elfbuild_symbol(b, "__kstrtabns_b", STB_LOCAL, STT_NOTYPE, text, 5);
	elfbuild_symbol(b, "__ksymtab_c", STB_LOCAL, STT_NOTYPE, other, 0);
	bytes = elfbuild_finish(b, true);
	assert_int_equal(read_object(&bytes, &m, &err), 0);
	assert_int_equal(m->export_count, 2);
	expect_export(m, 0, "a", KSA_CLASS_PLAIN, NULL);
	expect_export(m, 1, "b", KSA_CLASS_GPL, "NS");
	drop(m);
}

static void expect_failure(const char *content, size_t size, const char *name, uint64_t at,
			   const char *text)
{
	struct label label = {name, at};
	struct elfbuild_bytes bytes = export_symbol(content, size, &label, 1);
	struct ksa_error err = {0};
	struct ksa_module *m;

	assert_int_equal(read_object(&bytes, &m, &err), KSA_EFORMAT);
	assert_non_null(strstr(err.text, text));
	drop(m);
}

static void damaged_labels(void **state)
{
	char name[1200] = "__export_symbol_";

	(void)state;
	memset(name + strlen(name), 'x', sizeof(name) - strlen(name) - 1);
	expect_failure("MIT\0", 5, "__export_symbol_a", 0, "license 'MIT', expected 'GPL' or none");
	/* no namespace, no end of the namespace, a label outside, the wildest offset */
	expect_failure("GPL", 4, "__export_symbol_a", 0, "points to no string");
	expect_failure("GPL\0N", 5, "__export_symbol_a", 0, "points to no string");
	expect_failure("\0\0", 2, "__export_symbol_a", 2, "points to no string");
	expect_failure("\0\0", 2, "__export_symbol_a", UINT64_MAX, "points to no string");
	expect_failure("\0\0", 2, name, 0, "name of over 1024 bytes");
}

/* Bounds of sections: the final link defines them, so they are imports only of a final module. */
static void section_bounds(void **state)
{
	(void)state;
	for (int final = 0; final < 2; final++) {
		struct elfbuild *b = elfbuild_new(elfbuild_arch("x86_64"), ET_REL);
		struct elfbuild_bytes bytes;
		struct ksa_error err = {0};
		struct ksa_module *m;

		if (final)
			elfbuild_section(b, ".gnu.linkonce.this_module", SHT_PROGBITS, SHF_ALLOC,
					 NULL, 64, 8);
		elfbuild_symbol(b, "__start_mine", STB_GLOBAL, STT_NOTYPE, SHN_UNDEF, 0);
		elfbuild_symbol(b, "__stop_mine", STB_GLOBAL, STT_NOTYPE, SHN_UNDEF, 0);
		bytes = elfbuild_finish(b, true);
		assert_int_equal(read_object(&bytes, &m, &err), 0);
		assert_int_equal(m->import_count, final ? 2 : 0);
		drop(m);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(labels_of_export_symbol),
		cmocka_unit_test(sections_of_ksymtab),
		cmocka_unit_test(damaged_labels),
		cmocka_unit_test(section_bounds),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
