// SPDX-License-Identifier: GPL-2.0-or-later
#include "read/kernel/versions.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "lists.h"

#define COUNT(a) (sizeof(a) / sizeof(*(a)))

static const struct ksa_export *find(const struct ksa_kernel *kernel, const char *name)
{
	size_t count;
	const struct ksa_export *e = kernel_find_exports(kernel, name, &count);

	assert_non_null(e);
	assert_int_equal(count, 1);
	assert_int_equal(e->cls, KSA_CLASS_UNKNOWN);
	assert_false(e->ns_known);
	return e;
}

static struct ksa_kernel *open_good(struct ksa_module *const *modules, size_t count)
{
	struct ksa_error err = {0};
	struct ksa_kernel *kernel;
	int r = versions_kernel(modules, count, &kernel, &err);

	assert_string_equal(err.text, "");
	assert_int_equal(r, 0);
	return kernel;
}

/* The owner is one of the modules that all importers depend on, or vmlinux. */
static void test_owners(void **state)
{
	struct ksa_import one[] = {{"shared", 1, true, false},
				   {"mine", 2, true, false},
				   {"of_a", 3, true, false},
				   {"weak_one", 0, false, true}};
	struct ksa_import two[] = {{"shared", 1, true, false}};
	struct ksa_export exports[] = {{.name = "of_a", .owner = "a-b"}};
	struct ksa_module a = {.path = "a-b.ko",
			       .name = "a-b",
			       .arch = "x86_64",
			       .exports = exports,
			       .export_count = COUNT(exports)};
	struct ksa_module x = {.path = "x.ko",
			       .name = "x",
			       .arch = "x86_64",
			       .imports = one,
			       .import_count = COUNT(one),
			       .has_versions = true,
			       .depends = LIST("a_b", "far"),
			       .vermagic = "6.1 SMP ",
			       .has_layout_crc = true,
			       .layout_crc = 9};
	struct ksa_module y = {.path = "y.ko",
			       .name = "y",
			       .arch = "x86_64",
			       .imports = two,
			       .import_count = COUNT(two),
			       .has_versions = true,
			       .depends = LIST("other"),
			       .vermagic = "6.1 SMP "};
	struct ksa_module *const all[] = {&x, &y, &a};
	struct ksa_kernel *kernel = open_good(all, 2);
	size_t count;

	(void)state;
	assert_int_equal(kernel->export_count, 4);
	assert_string_equal(kernel->label, "6.1");
	assert_string_equal(kernel->vermagic, "6.1 SMP ");
	assert_false(kernel->has_image);
	/* no module in common; far and a_b could have these */
	assert_string_equal(find(kernel, "shared")->owner, "vmlinux");
	assert_string_equal(find(kernel, "mine")->owner, UNKNOWN_OWNER);
	assert_string_equal(find(kernel, "of_a")->owner, UNKNOWN_OWNER);
	assert_int_equal(find(kernel, "module_layout")->crc, 9);
	assert_null(kernel_find_exports(kernel, "weak_one", &count));
	ksa_kernel_free(kernel);
	/* a-b is there: what it exports is its own; what it does not may be far's */
	kernel = open_good(all, 3);
	assert_string_equal(find(kernel, "of_a")->owner, "a-b");
	assert_string_equal(find(kernel, "mine")->owner, UNKNOWN_OWNER);
	ksa_kernel_free(kernel);
}

/* More than any module has: nothing is concluded from them, and no time is spent. */
static void test_many_depends(void **state)
{
	struct ksa_import one[] = {{"s", 1, true, false}};
	const char *names[300];
	struct ksa_module x = {.path = "x.ko",
			       .name = "x",
			       .arch = "x86_64",
			       .imports = one,
			       .import_count = 1,
			       .has_versions = true,
			       .depends = {names, COUNT(names)}};
	struct ksa_module y = x, z = x;
	struct ksa_module *const all[] = {&x, &y}, *const turned[] = {&z, &x};
	struct ksa_kernel *kernel;

	(void)state;
	for (size_t i = 0; i < COUNT(names); i++)
		names[i] = "m";
	y.depends.count = 0;
	z.depends.count = 1;
	kernel = open_good(all, 2);
	assert_string_equal(find(kernel, "s")->owner, UNKNOWN_OWNER);
	ksa_kernel_free(kernel);
	kernel = open_good(turned, 2);
	assert_string_equal(find(kernel, "s")->owner, UNKNOWN_OWNER);
	ksa_kernel_free(kernel);
}

/* Two CRCs are none, and both modules are named; a third one changes nothing. */
static void test_disagreement(void **state)
{
	struct ksa_import one[] = {{"s", 1, true, false}}, two[] = {{"s", 2, true, false}};
	struct ksa_module x = {.path = "x.ko",
			       .name = "x",
			       .arch = "x86_64",
			       .imports = one,
			       .import_count = 1,
			       .has_versions = true};
	struct ksa_module y = x, z = x;
	struct ksa_module *const all[] = {&x, &y, &z};
	struct ksa_kernel *kernel;

	(void)state;
	y.path = "y.ko";
	y.imports = two;
	z.path = "z.ko";
	kernel = open_good(all, 3);
	assert_false(find(kernel, "s")->has_crc);
	assert_int_equal(kernel->notice_count, 1);
	assert_string_equal(kernel->notices[0],
			    "the modules do not agree on the CRC of 1 symbol, which is left out: s "
			    "(0x00000001 in x.ko, 0x00000002 in y.ko)");
	ksa_kernel_free(kernel);
}

static void test_refused(void **state)
{
	struct ksa_import one[] = {{"s", 1, true, false}};
	struct ksa_module x = {.path = "x.ko",
			       .name = "x",
			       .arch = "x86_64",
			       .imports = one,
			       .import_count = 1,
			       .has_versions = true};
	struct ksa_module y = x, none = {.path = "n.ko", .name = "n", .arch = "x86_64"};
	struct ksa_module *const two[] = {&x, &y}, *const without[] = {&none};
	struct ksa_kernel *kernel;
	struct ksa_error err = {0};

	(void)state;
	y.arch = "arm64";
	assert_int_equal(versions_kernel(two, 2, &kernel, &err), KSA_EUSAGE);
	assert_null(kernel);
	err.code = 0;
	assert_int_equal(versions_kernel(without, 1, &kernel, &err), KSA_ENODATA);
	assert_string_equal(err.source, "n.ko");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_owners),
		cmocka_unit_test(test_many_depends),
		cmocka_unit_test(test_disagreement),
		cmocka_unit_test(test_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
