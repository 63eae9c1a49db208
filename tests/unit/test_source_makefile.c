// SPDX-License-Identifier: GPL-2.0-or-later
#include "read/source/makefile.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static const char *or_dash(const char *s)
{
	return s ? s : "-";
}

static void expect(const char *text, const char *ns, const char *ns_below)
{
	struct source_makefile m;
	struct arena arena = {0};
	struct ksa_error err = {0};
	size_t size = strlen(text);
	unsigned char *copy = malloc(size ? size : 1);

	assert_non_null(copy);
	memcpy(copy, text, size);
	assert_int_equal(source_makefile_scan(&arena, copy, size, &m, &err), 0);
	assert_int_equal(err.code, 0);
	free(copy);
	assert_string_equal(or_dash(m.ns), ns);
	assert_string_equal(or_dash(m.ns_below), ns_below);
	arena_release(&arena);
}

/* As in drivers/usb/storage/Makefile of 6.1 and of 6.13, and in other spellings. */
static void test_spellings(void **state)
{
	(void)state;
	expect("", "-", "-");
	expect("obj-y += a.o\n", "-", "-");
	expect("ccflags-y += -DDEFAULT_SYMBOL_NAMESPACE=USB_STORAGE\n", "USB_STORAGE", "-");
	expect("ccflags-y += -DDEFAULT_SYMBOL_NAMESPACE='\"USB_STORAGE\"'", "USB_STORAGE", "-");
	expect("ccflags-y := -I$(src) -DDEFAULT_SYMBOL_NAMESPACE=\"\\\"A\\\"\" -Wall", "A", "-");
	expect("ccflags-y+=-DDEFAULT_SYMBOL_NAMESPACE=\\\"A\\\"\r\n", "A", "-");
	expect("  EXTRA_CFLAGS += -DDEFAULT_SYMBOL_NAMESPACE=\"A\"\n", "A", "-");
	expect("CFLAGS = '-DDEFAULT_SYMBOL_NAMESPACE=\"A B\"' -x\n", "A B", "-");
	expect("ccflags-$(CONFIG_X) += -DA \\\n\t-DDEFAULT_SYMBOL_NAMESPACE=A\\\n\n", "A", "-");
	expect("subdir-ccflags-y += -DDEFAULT_SYMBOL_NAMESPACE=A\n", "A", "A");
	expect("subdir-ccflags-y += -DDEFAULT_SYMBOL_NAMESPACE=A\n"
	       "ccflags-y += -DDEFAULT_SYMBOL_NAMESPACE=B\n",
	       "B", "A");
}

static void test_none(void **state)
{
	(void)state;
	expect("# ccflags-y += -DDEFAULT_SYMBOL_NAMESPACE=A\n", "-", "-");
	expect("ccflags-y += -DX # -DDEFAULT_SYMBOL_NAMESPACE=A\n", "-", "-");
	expect("ccflags-y += -DX # y \\\n -DDEFAULT_SYMBOL_NAMESPACE=A\n", "-", "-");
	expect("asflags-y += -DDEFAULT_SYMBOL_NAMESPACE=A\n", "-", "-");
	expect("ccflags-y += -DDEFAULT_SYMBOL_NAMESPACE=$(NS)\n", "-", "-");
	expect("ccflags-y += -DDEFAULT_SYMBOL_NAMESPACE=\n", "-", "-");
	expect("ccflags-y += -DDEFAULT_SYMBOL_NAMESPACE='", "-", "-");
	expect("ccflags-y += -DDEFAULT_SYMBOL_NAMESPACE=A\nccflags-y := -DX\n", "-", "-");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_spellings),
		cmocka_unit_test(test_none),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
