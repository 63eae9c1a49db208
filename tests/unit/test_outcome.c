// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What becomes of a module: modpost's answer, the loader's, and the error that the insertion
 * returns. Expected is what load_module() of 6.1 to 7.2 does, stage after stage: of several
 * imports that fail, the last one in the symbol table gives the error.
 */
#include "unit/checkbuild.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define GPL	    .licenses = LIST("GPL")
#define PROPRIETARY .licenses = LIST("Proprietary")

static struct ksa_kernel *the_kernel(void)
{
	return KERNEL("k", {.name = "plain", .cls = KSA_CLASS_PLAIN},
		      {.name = "gpl", .cls = KSA_CLASS_GPL},
		      {.name = "spaced", .cls = KSA_CLASS_PLAIN, .ns = "NS"},
		      {.name = "versioned", .cls = KSA_CLASS_PLAIN, .crc = 1},
		      {.name = "module_layout", .cls = KSA_CLASS_PLAIN, .crc = 2});
}

/* "accepted accepted -" or "refused refused ENOENT P" of the module on the kernel. */
static void expect_on(struct ksa_kernel *k, struct ksa_module *m,
		      const struct ksa_check_options *options, const char *expected)
{
	static const char *const words[] = {"unknown", "accepted", "refused"};
	struct ksa_check_options given = {.rebuild = false};
	struct ksa_report *report;
	char text[64];

	if (options)
		given = *options;
	given.built_for = k;
	assert_int_equal(ksa_check(&k, 1, &m, 1, &given, &report, NULL), 0);
	snprintf(text, sizeof(text), "%s %s %s%s%s", words[report->outcomes[0].build],
		 words[report->outcomes[0].load],
		 report->outcomes[0].error ? report->outcomes[0].error : "-",
		 report->outcomes[0].tainted ? " P" : "", report->outcomes[0].forced ? " F" : "");
	assert_string_equal(text, expected);
	ksa_report_free(report);
	ksa_kernel_free(k);
}

static void expect(struct ksa_module *m, const struct ksa_check_options *options,
		   const char *expected)
{
	expect_on(the_kernel(), m, options, expected);
}

/* As expect(), on a kernel of which CONFIG_MODULE_FORCE_LOAD is known. */
static void expect_forced(struct ksa_module *m, enum kernel_tristate forces, const char *expected)
{
	struct ksa_kernel *k = the_kernel();

	k->forces = forces;
	expect_on(k, m, NULL, expected);
}

/* With basic versions the first word of the vermagic is free, and every import needs its CRC. */
#define VERSIONED .has_versions = true, .has_basic_versions = true, .has_layout_crc = true

static void test_imports(void **state)
{
	const struct ksa_check_options rebuild = {.rebuild = true};

	(void)state;
	expect(MODULE("m", GPL, IMPORTS({.name = "gpl"})), &rebuild, "accepted accepted -");
	expect(MODULE("m", PROPRIETARY, IMPORTS({.name = "plain"})), &rebuild,
	       "accepted accepted - P");
	expect(MODULE("m", PROPRIETARY, IMPORTS({.name = "gpl"})), &rebuild,
	       "refused refused ENOENT P");
	expect(MODULE("m", GPL, IMPORTS({.name = "spaced"})), &rebuild, "refused refused EINVAL");
	expect(MODULE("m", PROPRIETARY, IMPORTS({.name = "spaced"}, {.name = "gpl"})), &rebuild,
	       "refused refused ENOENT P");
	expect(MODULE("m", PROPRIETARY, IMPORTS({.name = "gpl"}, {.name = "spaced"})), &rebuild,
	       "refused refused EINVAL P");
	expect(MODULE("m", PROPRIETARY, IMPORTS({.name = "gpl", .weak = true})), &rebuild,
	       "refused accepted - P");
}

static void test_stages(void **state)
{
	struct ksa_module *m = MODULE("m", GPL, IMPORTS({.name = "plain"}));

	(void)state;
	/* No versions at all: CONFIG_MODULE_FORCE_LOAD decides, and nothing here tells of it. */
	expect(m, NULL, "accepted unknown -");
	expect_forced(m, TRI_NO, "accepted refused ENOEXEC");
	expect_forced(m, TRI_YES, "accepted accepted - F");
	m->vermagic = NULL;
	expect_forced(m, TRI_YES, "accepted accepted - F");
	m->vermagic = "other";
	expect(m, NULL, "accepted refused ENOEXEC");
	expect(MODULE("m", GPL, VERSIONED, .layout_crc = 2,
		      IMPORTS({.name = "versioned", .has_crc = true, .crc = 1})),
	       NULL, "accepted accepted -");
	expect(MODULE("m", GPL, VERSIONED, .layout_crc = 2,
		      IMPORTS({.name = "versioned", .has_crc = true, .crc = 9})),
	       NULL, "accepted refused EINVAL");
	/* The layout is compared before any symbol is looked up. */
	expect(MODULE("m", GPL, VERSIONED, .layout_crc = 9, IMPORTS({.name = "missing"})), NULL,
	       "refused refused ENOEXEC");
	/* Exports are compared with the kernel's after that. */
	expect(MODULE("m", GPL, VERSIONED, .layout_crc = 2, IMPORTS({.name = "missing"}),
		      EXPORTS({.name = "plain", .cls = KSA_CLASS_PLAIN, .ns_known = true})),
	       NULL, "refused refused ENOENT");
	expect(MODULE("m", GPL, VERSIONED, .layout_crc = 2,
		      EXPORTS({.name = "plain", .cls = KSA_CLASS_PLAIN, .ns_known = true})),
	       NULL, "refused refused ENOEXEC");
}

static void test_license_alone(void **state)
{
	const struct ksa_check_options rebuild = {.rebuild = true};

	(void)state;
	expect(MODULE("m", IMPORTS({.name = "plain"})), &rebuild, "refused accepted - P");
	/* modpost wants every string, the loader reads the first one. */
	expect(MODULE("m", .licenses = LIST("GPL", "Proprietary"), IMPORTS({.name = "gpl"})),
	       &rebuild, "refused accepted -");
	expect(MODULE("m", .licenses = LIST("Proprietary", "GPL"), IMPORTS({.name = "gpl"})),
	       &rebuild, "refused refused ENOENT P");
}

static void test_unknown(void **state)
{
	struct ksa_module *m = MODULE("m", GPL, IMPORTS({.name = "elsewhere"}));
	const struct ksa_check_options rebuild = {.rebuild = true};
	struct ksa_kernel *k = open_kernel("k");
	struct ksa_report *report;

	(void)state;
	k->has_modules = false;
	assert_int_equal(kernel_seal(k, NULL), 0);
	assert_int_equal(ksa_check(&k, 1, &m, 1, &rebuild, &report, NULL), 0);
	assert_int_equal(report->outcomes[0].build, OUTCOME_UNKNOWN);
	assert_int_equal(report->outcomes[0].load, OUTCOME_UNKNOWN);
	assert_null(report->outcomes[0].error);
	ksa_report_free(report);
	ksa_kernel_free(k);
}

/* A kernel with a module built in. */
static struct ksa_kernel *built_in(const char *name)
{
	const struct kernel_module module = {.name = name, .in_tree = true, .builtin = true};
	struct ksa_kernel *k = open_kernel("k");

	assert_int_equal(kernel_add_module(k, &module, NULL), 0);
	assert_int_equal(kernel_seal(k, NULL), 0);
	return k;
}

/* mod_sysfs_init() comes last: an error before that is the error. */
static void test_name_of_builtin(void **state)
{
	const struct ksa_check_options rebuild = {.rebuild = true};

	(void)state;
	expect_on(built_in("net/ipv4/a-b"), MODULE("a_b", GPL), &rebuild, "accepted unknown -");
	expect_on(built_in("net/ipv4/a-b"), MODULE("b", GPL), &rebuild, "accepted accepted -");
	expect_on(built_in("net/ipv4/a-b"), MODULE("a_b", GPL, IMPORTS({.name = "none"})), NULL,
		  "refused refused ENOENT");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_imports),		cmocka_unit_test(test_stages),
		cmocka_unit_test(test_license_alone),	cmocka_unit_test(test_unknown),
		cmocka_unit_test(test_name_of_builtin),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
