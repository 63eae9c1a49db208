// SPDX-License-Identifier: GPL-2.0-or-later
#include "read/kernel/symvers.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static struct ksa_kernel *new_kernel(uint32_t *source)
{
	struct ksa_kernel *kernel;

	assert_int_equal(kernel_new("k", &kernel, NULL), 0);
	assert_int_equal(kernel_add_source(kernel, "Module.symvers", SOURCE_SYMVERS, source, NULL),
			 0);
	return kernel;
}

/* A copy of exactly the right size, so that a sanitizer sees a read beyond it. */
static int read_bytes(struct ksa_kernel *kernel, uint32_t source, const char *text, size_t size,
		      struct ksa_error *err)
{
	unsigned char *copy = malloc(size ? size : 1);
	int status;

	assert_non_null(copy);
	memcpy(copy, text, size);
	status = symvers_read(kernel, copy, size, source, "Module.symvers", err);
	free(copy);
	return status;
}

static struct ksa_kernel *read_good(const char *text)
{
	struct ksa_error err = {0};
	uint32_t source;
	struct ksa_kernel *kernel = new_kernel(&source);
	int status = read_bytes(kernel, source, text, strlen(text), &err);

	assert_string_equal(err.text, "");
	assert_int_equal(status, 0);
	return kernel;
}

static void expect_error(const char *text, size_t size, int code, unsigned int line,
			 unsigned int column, const char *message)
{
	struct ksa_error err = {0};
	uint32_t source;
	struct ksa_kernel *kernel = new_kernel(&source);

	assert_int_equal(read_bytes(kernel, source, text, size, &err), code);
	assert_int_equal(err.code, code);
	assert_string_equal(err.source, "Module.symvers");
	assert_string_equal(err.text, message);
	assert_int_equal(err.line, line);
	assert_int_equal(err.column, column);
	ksa_kernel_free(kernel);
}

#define EXPECT_ERROR(text, code, line, column, message)                                            \
	expect_error(text, sizeof(text) - 1, code, line, column, message)

static void expect_export(const struct ksa_export *e, const char *name, const char *owner,
			  enum ksa_class cls, const char *ns)
{
	assert_string_equal(e->name, name);
	assert_string_equal(e->owner, owner);
	assert_int_equal(e->cls, cls);
	assert_true(e->ns_known);
	if (ns)
		assert_string_equal(e->ns, ns);
	else
		assert_null(e->ns);
}

static void test_five_columns(void **state)
{
	struct ksa_kernel *k = read_good("0xf7370f56\tsystem_state\tvmlinux\tEXPORT_SYMBOL\t\n"
					 "0x00000000\tkvm_x\tvmlinux\tEXPORT_SYMBOL_GPL\t"
					 "module:kvm,kvm-amd*\n"
					 "0x3C804b25\tdev\tdrivers/a/b-c\tEXPORT_SYMBOL_GPL\tNS\n");

	(void)state;
	assert_int_equal(k->export_count, 3);
	expect_export(&k->exports[0], "system_state", "vmlinux", KSA_CLASS_PLAIN, NULL);
	assert_true(k->exports[0].has_crc);
	assert_int_equal(k->exports[0].crc, 0xf7370f56);
	expect_export(&k->exports[1], "kvm_x", "vmlinux", KSA_CLASS_GPL, "module:kvm,kvm-amd*");
	assert_false(k->exports[1].has_crc);
	expect_export(&k->exports[2], "dev", "drivers/a/b-c", KSA_CLASS_GPL, "NS");
	assert_int_equal(k->exports[2].crc, 0x3c804b25);
	assert_true(k->has_image);
	assert_true(k->has_modules);
	assert_int_equal(k->sources[0].exports, 3);
	ksa_kernel_free(k);
}

static void test_older_columns(void **state)
{
	struct ksa_kernel *k;

	(void)state;
	/* 5.4.0 - 5.4.27, 5.5: the namespace before the module. */
	k = read_good("0x12345678\ta\t\tvmlinux\tEXPORT_SYMBOL\n"
		      "0x12345679\tb\tUSB_STORAGE\tdrivers/usb/u\tEXPORT_SYMBOL_GPL\n");
	expect_export(&k->exports[0], "a", "vmlinux", KSA_CLASS_PLAIN, NULL);
	expect_export(&k->exports[1], "b", "drivers/usb/u", KSA_CLASS_GPL, "USB_STORAGE");
	ksa_kernel_free(k);
	/* 2.6.18 - 5.3. */
	k = read_good("0x12345678\ta\tdrivers/x\tEXPORT_UNUSED_SYMBOL\n"
		      "0x12345678\tb\tdrivers/x\tEXPORT_UNUSED_SYMBOL_GPL\n"
		      "0x12345678\tc\tdrivers/x\tEXPORT_SYMBOL_GPL_FUTURE\n"
		      "0x12345678\td\tdrivers/x\t(unknown)\n");
	expect_export(&k->exports[0], "a", "drivers/x", KSA_CLASS_UNUSED, NULL);
	expect_export(&k->exports[1], "b", "drivers/x", KSA_CLASS_UNUSED_GPL, NULL);
	expect_export(&k->exports[2], "c", "drivers/x", KSA_CLASS_GPL_FUTURE, NULL);
	expect_export(&k->exports[3], "d", "drivers/x", KSA_CLASS_UNKNOWN, NULL);
	assert_false(k->has_image);
	ksa_kernel_free(k);
	/* Before 2.6.18: no type, so the class is not known. */
	k = read_good("0x12345678\ta\tvmlinux\n0x12345678\tb\tvmlinux\n");
	expect_export(&k->exports[1], "b", "vmlinux", KSA_CLASS_UNKNOWN, NULL);
	assert_false(k->has_modules);
	ksa_kernel_free(k);
}

static void test_tolerated(void **state)
{
	struct ksa_kernel *k;

	(void)state;
	/* No final newline, and a missing trailing tab inside the file. */
	k = read_good("0x12345678\ta\tvmlinux\tEXPORT_SYMBOL\t\n"
		      "0x12345678\tb\tvmlinux\tEXPORT_SYMBOL_GPL\n"
		      "0x12345678\tc\tvmlinux\tEXPORT_SYMBOL_GPL\t");
	assert_int_equal(k->export_count, 3);
	expect_export(&k->exports[1], "b", "vmlinux", KSA_CLASS_GPL, NULL);
	expect_export(&k->exports[2], "c", "vmlinux", KSA_CLASS_GPL, NULL);
	ksa_kernel_free(k);
	/* The same symbol in two modules: both are facts. */
	k = read_good("0x12345678\ta\tdrivers/x\tEXPORT_SYMBOL\t\n"
		      "0x12345679\ta\tdrivers/y\tEXPORT_SYMBOL_GPL\t\n");
	assert_int_equal(kernel_seal(k, NULL), 0);
	assert_int_equal(k->export_count, 2);
	expect_export(&k->exports[0], "a", "drivers/x", KSA_CLASS_PLAIN, NULL);
	expect_export(&k->exports[1], "a", "drivers/y", KSA_CLASS_GPL, NULL);
	ksa_kernel_free(k);
}

static void test_no_crcs(void **state)
{
	struct ksa_kernel *k = read_good("0x00000000\ta\tvmlinux\tEXPORT_SYMBOL\t\n"
					 "0x00000000\tb\tvmlinux\tEXPORT_SYMBOL\t\n");

	(void)state;
	assert_false(kernel_has_crcs(k));
	ksa_kernel_free(k);
}

#define GOOD "0x12345678\ta\tvmlinux\tEXPORT_SYMBOL\t\n"

static void test_bad_lines(void **state)
{
	(void)state;
	EXPECT_ERROR("", KSA_ENODATA, 0, 0, "is empty: it lists no exports");
	EXPECT_ERROR(GOOD "0x12345678\ta\tvmlinux\tEXPORT_SYMBOL\t\r\n", KSA_EFORMAT, 2, 36,
		     "line ends in CR LF, expected LF; modpost would not read it either, give the "
		     "file as modpost wrote it");
	EXPECT_ERROR("0x12345678 a vmlinux EXPORT_SYMBOL\n", KSA_EFORMAT, 1, 11,
		     "expected a tab between the fields, found a blank; give the file as modpost "
		     "wrote it");
	EXPECT_ERROR(GOOD "12345678\ta\tvmlinux\tEXPORT_SYMBOL\t\n", KSA_EFORMAT, 2, 1,
		     "expected a CRC (\"0x\" and eight hex digits), found '12345678'");
	EXPECT_ERROR("0x1234567g\ta\tvmlinux\tEXPORT_SYMBOL\t\n", KSA_EFORMAT, 1, 1,
		     "expected a CRC (\"0x\" and eight hex digits), found '0x1234567g'");
	EXPECT_ERROR("0x123456789\ta\tvmlinux\tEXPORT_SYMBOL\t\n", KSA_EFORMAT, 1, 1,
		     "expected a CRC (\"0x\" and eight hex digits), found '0x123456789'");
	EXPECT_ERROR(GOOD "\n", KSA_EFORMAT, 2, 1, "expected a CRC, found an empty line");
	EXPECT_ERROR(GOOD "0x12345678\tb\tvmlinux\tEXPORT_BOTH\t\n", KSA_EFORMAT, 2, 22,
		     "expected an export type (EXPORT_SYMBOL, EXPORT_SYMBOL_GPL ...), found "
		     "'EXPORT_BOTH'");
	EXPECT_ERROR("0x12345678\t\tvmlinux\tEXPORT_SYMBOL\t\n", KSA_EFORMAT, 1, 12,
		     "expected a symbol, found an empty field");
	EXPECT_ERROR("0x12345678\ta\t\tEXPORT_SYMBOL\t\n", KSA_EFORMAT, 1, 14,
		     "expected a module, found an empty field");
	EXPECT_ERROR("0x12345678\ta\tvmlinux\tEXPORT_SYMBOL\tNS\tmore\n", KSA_EFORMAT, 1, 39,
		     "expected at most 5 fields, found more");
	EXPECT_ERROR("0x12345678\ta\n", KSA_EFORMAT, 1, 13,
		     "expected CRC, symbol, module and type separated by tabs, found 2 fields");
	EXPECT_ERROR("0x12345678\n", KSA_EFORMAT, 1, 11,
		     "expected CRC, symbol, module and type separated by tabs, found 1 field");
}

/* A cut file must not turn EXPORT_SYMBOL_GPL into EXPORT_SYMBOL. */
static void test_cut(void **state)
{
	(void)state;
	EXPECT_ERROR(GOOD "0x12345678\tb\tvmlinux\tEXPORT_SYMBOL", KSA_EFORMAT, 2, 35,
		     "expected 5 fields as on the first line, found 4: the file is cut short");
	EXPECT_ERROR(GOOD "0x12345678\tb\tvmli", KSA_EFORMAT, 2, 18,
		     "expected 5 fields as on the first line, found 3: the file is cut short");
	EXPECT_ERROR("0x12345678\ta\tvmlinux\tEXPORT_SYMBOL\n0x12345678\tb\tvmlinux\n", KSA_EFORMAT,
		     2, 21, "expected 4 fields as on the first line, found 3");
	EXPECT_ERROR(GOOD "0x1234", KSA_EFORMAT, 2, 1,
		     "expected a CRC (\"0x\" and eight hex digits), found '0x1234'");
}

static void test_nul_and_length(void **state)
{
	size_t size = 1024 * 1024;
	char *text = malloc(size);

	(void)state;
	EXPECT_ERROR(GOOD "0x12345678\ta\0b\tvmlinux\tEXPORT_SYMBOL\t\n", KSA_EFORMAT, 2, 13,
		     "NUL byte in a text file");
	assert_non_null(text);
	memset(text, 'a', size);
	memcpy(text, GOOD "0x12345678\t", sizeof(GOOD) - 1 + 11);
	expect_error(text, size, KSA_ELIMIT, 2, 0,
		     "line is longer than 65536 bytes: this is not a Module.symvers");
	free(text);
}

static void test_recognize(void **state)
{
	static const unsigned char good[] = "0x12345678\ta", no_tab[] = "0x12345678 a";

	(void)state;
	assert_true(symvers_is_symvers(good, 12));
	assert_true(symvers_is_symvers(good, 11));
	assert_false(symvers_is_symvers(good, 10));
	assert_false(symvers_is_symvers(good + 1, 11));
	assert_false(symvers_is_symvers(no_tab, 12));
	assert_false(symvers_is_symvers(NULL, 0));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_five_columns),   cmocka_unit_test(test_older_columns),
		cmocka_unit_test(test_tolerated),      cmocka_unit_test(test_no_crcs),
		cmocka_unit_test(test_bad_lines),      cmocka_unit_test(test_cut),
		cmocka_unit_test(test_nul_and_length), cmocka_unit_test(test_recognize),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
