// SPDX-License-Identifier: GPL-2.0-or-later
#include "read/kernel/sysmap.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static int read_text(struct ksa_kernel **kernel, const char *text, size_t size,
		     struct ksa_error *err)
{
	unsigned char *copy = malloc(size ? size : 1);
	uint32_t source;
	int status;

	assert_non_null(copy);
	memcpy(copy, text, size);
	assert_int_equal(kernel_new("k", kernel, NULL), 0);
	assert_int_equal(kernel_add_source(*kernel, "System.map", SOURCE_SYSTEM_MAP, &source, NULL),
			 0);
	status = sysmap_read(*kernel, copy, size, source, "System.map", err);
	free(copy);
	return status;
}

static struct ksa_kernel *read_good(const char *text)
{
	struct ksa_error err = {0};
	struct ksa_kernel *kernel;
	int status = read_text(&kernel, text, strlen(text), &err);

	assert_string_equal(err.text, "");
	assert_int_equal(status, 0);
	return kernel;
}

static void expect_error(const char *text, size_t size, int code, unsigned int line,
			 unsigned int column, const char *message)
{
	struct ksa_error err = {0};
	struct ksa_kernel *kernel;

	assert_int_equal(read_text(&kernel, text, size, &err), code);
	assert_string_equal(err.source, "System.map");
	assert_string_equal(err.text, message);
	assert_int_equal(err.line, line);
	assert_int_equal(err.column, column);
	assert_false(kernel->has_image);
	ksa_kernel_free(kernel);
}

#define EXPECT_ERROR(text, code, line, column, message)                                            \
	expect_error(text, sizeof(text) - 1, code, line, column, message)

static void expect_class(const struct ksa_kernel *k, size_t i, const char *name, enum ksa_class cls)
{
	const struct ksa_export *e = &k->exports[i];

	assert_string_equal(e->name, name);
	assert_string_equal(e->owner, "vmlinux");
	assert_int_equal(e->cls, cls);
	assert_false(e->ns_known);
	assert_false(e->has_crc);
}

static void test_ranges(void **state)
{
	/* In name order, as nm without -n prints it: the ranges come after some labels. */
	struct ksa_kernel *k = read_good("ffffffff82000000 r __ksymtab_alpha\n"
					 "ffffffff82000018 r __ksymtab_gamma\n"
					 "ffffffff82000030 r __ksymtab_strings\n"
					 "ffffffff82000000 R __start___ksymtab\n"
					 "ffffffff8200000c R __start___ksymtab_gpl\n"
					 "ffffffff82000018 R __start___ksymtab_gpl_future\n"
					 "ffffffff8200000c R __stop___ksymtab\n"
					 "ffffffff82000018 R __stop___ksymtab_gpl\n"
					 "ffffffff82000024 R __stop___ksymtab_gpl_future\n"
					 "ffffffff8200000c r __ksymtab_beta\n"
					 "ffffffff81000000 T _text\n"
					 "ffffffffc0000000 r __ksymtab_theirs\t[other]\n");

	(void)state;
	assert_int_equal(k->export_count, 3);
	expect_class(k, 0, "alpha", KSA_CLASS_PLAIN);
	expect_class(k, 1, "gamma", KSA_CLASS_GPL_FUTURE);
	expect_class(k, 2, "beta", KSA_CLASS_GPL);
	assert_true(k->has_image);
	assert_false(k->has_modules);
	ksa_kernel_free(k);
}

/* 7.1: one table, the class is in bytes that the map does not hold. */
static void test_flags(void **state)
{
	struct ksa_kernel *k = read_good("82000000 R __start___ksymtab\n"
					 "82000000 r __ksymtab_alpha\n"
					 "82000018 R __stop___ksymtab\n"
					 "82000018 r __flags_alpha\n");

	(void)state;
	assert_int_equal(k->export_count, 1);
	expect_class(k, 0, "alpha", KSA_CLASS_UNKNOWN);
	ksa_kernel_free(k);
	/* The same if a stale gpl range is there. */
	k = read_good("82000000 R __start___ksymtab\n"
		      "82000000 r __ksymtab_alpha\n"
		      "82000018 R __stop___ksymtab\n"
		      "82000018 R __start___ksymtab_gpl\n"
		      "82000018 R __stop___ksymtab_gpl\n"
		      "82000018 R __start___kflagstab\n");
	expect_class(k, 0, "alpha", KSA_CLASS_UNKNOWN);
	ksa_kernel_free(k);
	/* No gpl range at all: never "plain". */
	k = read_good("82000000 R __start___ksymtab\n"
		      "82000000 r __ksymtab_alpha\n"
		      "82000018 R __stop___ksymtab\n");
	expect_class(k, 0, "alpha", KSA_CLASS_UNKNOWN);
	ksa_kernel_free(k);
}

/* kallsyms for those who may not see addresses. */
static void test_hidden_addresses(void **state)
{
	struct ksa_kernel *k = read_good("0000000000000000 R __start___ksymtab\n"
					 "0000000000000000 r __ksymtab_alpha\n"
					 "0000000000000000 r __ksymtab_strings\n"
					 "0000000000000000 R __stop___ksymtab\n"
					 "0000000000000000 R __start___ksymtab_gpl\n"
					 "0000000000000000 R __stop___ksymtab_gpl\n");

	(void)state;
	assert_int_equal(k->export_count, 1);
	expect_class(k, 0, "alpha", KSA_CLASS_UNKNOWN);
	ksa_kernel_free(k);
}

static void test_no_data(void **state)
{
	(void)state;
	EXPECT_ERROR("ffffffffffffffff B The real System.map is in the "
		     "linux-image-<version>-dbg package\n",
		     KSA_ENODATA, 0, 0,
		     "is a placeholder ('The real System.map is in the linux-image-<version>-dbg "
		     "package'); give the vmlinuz or Module.symvers");
	EXPECT_ERROR("ffffffff81000000 T _text\nffffffff81000000 T _stext\n", KSA_ENODATA, 0, 0,
		     "has no __ksymtab_ labels of vmlinux, so it does not say what is exported; "
		     "give the vmlinuz or Module.symvers");
	EXPECT_ERROR("", KSA_ENODATA, 0, 0, "is empty: it lists no exports");
}

static void test_damage(void **state)
{
	(void)state;
	EXPECT_ERROR("ffffffff81000000 T _text\nsomething else\n", KSA_EFORMAT, 2, 1,
		     "expected an address, a type letter and a symbol");
	EXPECT_ERROR("ffffffff81000000 T _text\nffffffff8100", KSA_EFORMAT, 2, 13,
		     "expected an address, a type letter and a symbol: the file is cut short");
	EXPECT_ERROR("ffffffff81000000 T _text\nffffffff81000000 TT x\n", KSA_EFORMAT, 2, 18,
		     "expected an address, a type letter and a symbol");
	EXPECT_ERROR("12345678123456781 T _text\n", KSA_EFORMAT, 1, 18,
		     "expected an address, a type letter and a symbol");
	EXPECT_ERROR("82000000 R __start___ksymtab\n82000000 r __ksymtab_alpha\n", KSA_EFORMAT, 0,
		     0, "has __start___ksymtab but not __stop___ksymtab: the file is cut short");
	EXPECT_ERROR("82000000 R __start\0_ksymtab\n", KSA_EFORMAT, 0, 0,
		     "NUL byte at offset 18 of a text file");
}

static void test_recognize(void **state)
{
	static const unsigned char wide[] = "ffffffff81000000 T _text\n", narrow[] = "c0008000 T x";
	static const unsigned char text[] = "deadbeef is not a symbol table";

	(void)state;
	assert_true(sysmap_is_sysmap(wide, sizeof(wide) - 1));
	assert_true(sysmap_is_sysmap(narrow, sizeof(narrow) - 1));
	assert_false(sysmap_is_sysmap(narrow, sizeof(narrow) - 2));
	assert_false(sysmap_is_sysmap(text, sizeof(text) - 1));
	assert_false(sysmap_is_sysmap(NULL, 0));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_ranges),		 cmocka_unit_test(test_flags),
		cmocka_unit_test(test_hidden_addresses), cmocka_unit_test(test_no_data),
		cmocka_unit_test(test_damage),		 cmocka_unit_test(test_recognize),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
