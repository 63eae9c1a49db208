// SPDX-License-Identifier: GPL-2.0-or-later
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "model/kernel.h"
#include "model/license.h"
#include "model/module.h"

#define COUNT(a) (sizeof(a) / sizeof(*(a)))

static struct ksa_kernel *new_kernel(void)
{
	struct ksa_kernel *kernel = NULL;

	assert_int_equal(kernel_new("k", &kernel, NULL), 0);
	return kernel;
}

static uint32_t add_source(struct ksa_kernel *kernel, const char *name, enum source_kind kind)
{
	uint32_t source = NO_INDEX;

	assert_int_equal(kernel_add_source(kernel, name, kind, &source, NULL), 0);
	return source;
}

static void add(struct ksa_kernel *kernel, uint32_t source, const char *name, const char *owner,
		enum ksa_class cls, const char *ns)
{
	const struct ksa_export e = {.name = name,
				     .owner = owner,
				     .ns = ns,
				     .ns_known = true,
				     .cls = (uint8_t)cls,
				     .source = source};

	assert_int_equal(kernel_add_export(kernel, &e, NULL), 0);
}

static void accepted_licenses(void **state)
{
	static const char *const good[] = {
		"GPL",		"GPL v2",	"GPL and additional rights",
		"Dual BSD/GPL", "Dual MIT/GPL", "Dual MPL/GPL"};
	static const char *const bad[] = {"",	      "gpl",	  "GPL ",	" GPL", "GPLv2",
					  "GPL-2.0",  "GPL v3",	  "LGPL",	"BSD",	"MIT",
					  "Dual GPL", "GPL\nGPL", "Proprietary"};

	(void)state;
	for (size_t i = 0; i < COUNT(good); i++)
		assert_true(ksa_license_is_gpl_compatible(good[i]));
	for (size_t i = 0; i < COUNT(bad); i++)
		assert_false(ksa_license_is_gpl_compatible(bad[i]));
	assert_false(ksa_license_is_gpl_compatible(NULL));
}

static void nearest_licenses(void **state)
{
	static const struct {
		const char *given, *nearest;
	} cases[] = {
		{"GPLv2", "GPL v2"},
		{"GPL-2.0-or-later", "GPL v2"},
		{"gpl", "GPL"},
		{"GPL ", "GPL"},
		{"Dual BSD/GPL ", "Dual BSD/GPL"},
		{"dual mit/gpl", "Dual MIT/GPL"},
		{"GPL v3", NULL},
		{"LGPL", NULL},
		{"Proprietary", NULL},
		{"Apache-2.0", NULL},
		{"", NULL},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		const char *nearest = license_nearest(cases[i].given);

		if (cases[i].nearest)
			assert_string_equal(nearest ? nearest : "(none)", cases[i].nearest);
		else
			assert_null(nearest);
	}
}

static void module_names_fold_dashes(void **state)
{
	(void)state;
	assert_int_equal(module_name_compare("kvm-amd", "kvm_amd"), 0);
	assert_int_equal(module_name_compare("a-b-c", "a_b-c"), 0);
	assert_true(module_name_compare("kvm", "kvm_amd") < 0);
	assert_true(module_name_compare("kvm-x", "kvm_amd") > 0);
	assert_string_equal(owner_base_name("drivers/nvme/host/nvme-core"), "nvme-core");
	assert_string_equal(owner_base_name("vmlinux"), "vmlinux");
	assert_true(owner_is_same("drivers/a/nvme-core", "extra/nvme_core"));
	assert_false(owner_is_same("vmlinux", "drivers/vmlinuz"));
}

static void reserved_namespaces(void **state)
{
	static const struct {
		const char *ns, *module;
		bool allowed;
	} cases[] = {
		{"module:kvm", "kvm", true},
		{"module:kvm", "kvm_amd", false},
		{"module:kvm,kvm-amd", "kvm_amd", true},
		{"module:kvm-*", "kvm_intel", true},
		{"module:kvm-*", "kvm", false},
		{"module:*", "anything", true},
		{"module:a,*b", "xb", false}, /* '*' only at the end */
		{"module:a*b", "axb", false},
		{"module:", "kvm", false},
		{"module:,", "", false},
		{"module:KVM", "kvm", false},
		{"module:a,b,c", "c", true},
	};

	(void)state;
	assert_true(namespace_is_reserved("module:kvm"));
	assert_false(namespace_is_reserved("modules"));
	assert_false(namespace_is_reserved("DMA_BUF"));
	assert_false(namespace_is_reserved(NULL));
	for (size_t i = 0; i < COUNT(cases); i++)
		if (namespace_allows_module(cases[i].ns, cases[i].module, true) != cases[i].allowed)
			fail_msg("'%s' and '%s'", cases[i].ns, cases[i].module);
	assert_false(namespace_allows_module("module:kvm-amd", "kvm_amd", false));
	assert_true(namespace_allows_module("module:kvm-amd", "kvm-amd", false));
}

static void one_kernel_is_one_release(void **state)
{
	struct ksa_kernel *k = new_kernel();
	struct ksa_error err = {0};

	(void)state;
	assert_int_equal(kernel_set_release(k, "", "a", &err), 0);
	assert_int_equal(kernel_set_release(k, "6.1.0", "a", &err), 0);
	assert_int_equal(kernel_set_release(k, "6.1.0", "b", &err), 0);
	assert_int_equal(kernel_set_release(k, "6.12.0", "b", &err), KSA_EUSAGE);
	assert_non_null(strstr(err.text, "6.12.0"));
	assert_non_null(strstr(err.text, "6.1.0"));
	assert_string_equal(ksa_kernel_release(k), "6.1.0");
	ksa_error_clear(&err);
	assert_int_equal(kernel_set_arch(k, "x86_64", "a", &err), 0);
	assert_int_equal(kernel_set_arch(k, NULL, "b", &err), 0);
	assert_int_equal(kernel_set_arch(k, "arm64", "b", &err), KSA_EUSAGE);
	ksa_kernel_free(k);
}

static void sealing_sorts_bytewise(void **state)
{
	static const char *const sorted[] = {"A", "Z", "_a", "a", "a0", "a_", "b"};
	struct ksa_kernel *k = new_kernel();
	uint32_t image = add_source(k, "vmlinux", SOURCE_IMAGE);

	(void)state;
	for (size_t i = COUNT(sorted); i-- > 0;)
		add(k, image, sorted[i], "vmlinux", KSA_CLASS_PLAIN, NULL);
	assert_int_equal(kernel_seal(k, NULL), 0);
	assert_int_equal(ksa_kernel_export_count(k), COUNT(sorted));
	for (size_t i = 0; i < COUNT(sorted); i++)
		assert_string_equal(ksa_kernel_export_at(k, i)->name, sorted[i]);
	assert_null(ksa_kernel_find_export(k, "c"));
	assert_int_equal(ksa_kernel_notice_count(k), 0);
	ksa_kernel_free(k);
}

static void the_image_wins_and_says_so(void **state)
{
	struct ksa_kernel *k = new_kernel();
	uint32_t symvers = add_source(k, "Module.symvers", SOURCE_SYMVERS);
	uint32_t image = add_source(k, "vmlinux", SOURCE_IMAGE);
	const struct ksa_export *e;

	(void)state;
	add(k, symvers, "kfree", "vmlinux", KSA_CLASS_GPL, NULL);
	add(k, symvers, "only_listed", "vmlinux", KSA_CLASS_PLAIN, NULL);
	add(k, image, "kfree", "vmlinux", KSA_CLASS_PLAIN, NULL);
	add(k, image, "only_built", "vmlinux", KSA_CLASS_PLAIN, NULL);
	assert_int_equal(kernel_seal(k, NULL), 0);
	assert_int_equal(ksa_kernel_export_count(k), 2);
	e = ksa_kernel_find_export(k, "kfree");
	assert_int_equal(e->cls, KSA_CLASS_PLAIN);
	assert_int_equal(e->source, image);
	assert_null(ksa_kernel_find_export(k, "only_listed"));
	assert_non_null(ksa_kernel_find_export(k, "only_built"));
	assert_int_equal(ksa_kernel_notice_count(k), 3);
	assert_string_equal(ksa_kernel_notice_at(k, 0),
			    "Module.symvers: gives another class for 1 symbol: kfree (the binary "
			    "wins: plain, not gpl)");
	ksa_kernel_free(k);
}

static void owners_of_one_name_are_kept(void **state)
{
	struct ksa_kernel *k = new_kernel();
	uint32_t modules = add_source(k, "/lib/modules", SOURCE_MODULE);
	const struct ksa_export *e;
	size_t count = 0;

	(void)state;
	add(k, modules, "same", "drivers/b", KSA_CLASS_PLAIN, NULL);
	add(k, modules, "same", "drivers/a", KSA_CLASS_GPL, "NS");
	assert_int_equal(kernel_seal(k, NULL), 0);
	e = kernel_find_exports(k, "same", &count);
	assert_int_equal(count, 2);
	assert_string_equal(e[0].owner, "drivers/a");
	assert_int_equal(e[0].cls, KSA_CLASS_GPL);
	assert_string_equal(e[1].owner, "drivers/b");
	assert_null(kernel_find_exports(k, "other", &count));
	ksa_kernel_free(k);
}

static void importers_come_from_imports(void **state)
{
	static const char *const uses_both[] = {"kfree", "absent", "mine"};
	static const char *const uses_one[] = {"kfree"};
	struct ksa_kernel *k = new_kernel();
	uint32_t image = add_source(k, "vmlinux", SOURCE_IMAGE);
	struct kernel_module z = {.name = "fs/z", .imports = uses_both, .import_count = 3};
	struct kernel_module a = {.name = "fs/a-b", .imports = uses_one, .import_count = 1};
	const struct ksa_export *e;

	(void)state;
	add(k, image, "kfree", "vmlinux", KSA_CLASS_PLAIN, NULL);
	add(k, image, "mine", "vmlinux", KSA_CLASS_GPL, NULL);
	add(k, image, "unused", "vmlinux", KSA_CLASS_GPL, NULL);
	assert_int_equal(kernel_add_module(k, &z, NULL), 0);
	assert_int_equal(kernel_add_module(k, &a, NULL), 0);
	assert_int_equal(kernel_seal(k, NULL), 0);
	assert_string_equal(k->modules[0].name, "fs/a-b");
	assert_ptr_equal(kernel_find_module(k, "a_b"), &k->modules[0]);
	e = ksa_kernel_find_export(k, "kfree");
	assert_int_equal(e->importer_count, 2);
	assert_int_equal(e->importers[0], 0);
	assert_int_equal(e->importers[1], 1);
	e = ksa_kernel_find_export(k, "mine");
	assert_int_equal(e->importer_count, 1);
	assert_int_equal(e->importers[0], 1);
	assert_int_equal(ksa_kernel_find_export(k, "unused")->importer_count, 0);
	ksa_kernel_free(k);
}

/* Importers of a snapshot name modules by number: one out of range is damage. */
static void importers_are_checked(void **state)
{
	static const uint32_t wrong[] = {7};
	struct ksa_kernel *k = new_kernel();
	uint32_t source = add_source(k, "s.json", SOURCE_SNAPSHOT);
	const struct ksa_export e = {.name = "x",
				     .owner = "vmlinux",
				     .source = source,
				     .importers = wrong,
				     .importer_count = 1};
	struct ksa_error err = {0};

	(void)state;
	assert_int_equal(kernel_add_export(k, &e, NULL), 0);
	assert_int_equal(kernel_seal(k, &err), KSA_EFORMAT);
	assert_string_equal(err.source, "s.json");
	assert_string_equal(err.text, "importer 7 of 'x' is not one of the 0 modules");
	ksa_kernel_free(k);
}

static void add_owners(struct ksa_kernel *k, struct arena *arena, int count)
{
	uint32_t source = add_source(k, "Module.symvers", SOURCE_SYMVERS);

	for (int i = 0; i < count; i++)
		add(k, source, "same", arena_printf(arena, "drivers/m%d", i), KSA_CLASS_GPL, NULL);
}

/* Many exports of one name, as only a hostile file has them, are refused, not compared for hours.
 */
static void many_owners_of_one_name(void **state)
{
	struct ksa_kernel *k = new_kernel();
	struct ksa_error err = {0};
	struct arena arena = {NULL, 0};
	size_t count;

	(void)state;
	add_owners(k, &arena, 256);
	assert_int_equal(kernel_seal(k, &err), 0);
	assert_non_null(kernel_find_exports(k, "same", &count));
	assert_int_equal(count, 256);
	ksa_kernel_free(k);
	k = new_kernel();
	add_owners(k, &arena, 100000);
	assert_int_equal(kernel_seal(k, &err), KSA_ELIMIT);
	assert_string_equal(err.source, "Module.symvers");
	assert_string_equal(err.text,
			    "'same' is exported 100000 times, more than the limit of 256");
	ksa_kernel_free(k);
	arena_release(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(accepted_licenses),
		cmocka_unit_test(nearest_licenses),
		cmocka_unit_test(module_names_fold_dashes),
		cmocka_unit_test(reserved_namespaces),
		cmocka_unit_test(one_kernel_is_one_release),
		cmocka_unit_test(sealing_sorts_bytewise),
		cmocka_unit_test(the_image_wins_and_says_so),
		cmocka_unit_test(owners_of_one_name_are_kept),
		cmocka_unit_test(importers_come_from_imports),
		cmocka_unit_test(importers_are_checked),
		cmocka_unit_test(many_owners_of_one_name),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
