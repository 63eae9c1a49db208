// SPDX-License-Identifier: GPL-2.0-or-later
/* Lists of symbols: what their bytes say, what is none, and what is written into one. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "model/kernel.h"
#include "read/kernel/symbol_list.h"
#include "write/symbol_list.h"
#include "audit/exports.h"

#define COUNT(a) (sizeof(a) / sizeof(*(a)))

static int read_bytes(struct ksa_symbol_list **out, const void *data, size_t size,
		      struct ksa_error *err)
{
	const struct bytes bytes = {.data = data, .size = size};

	*out = calloc(1, sizeof(**out));
	assert_non_null(*out);
	*err = (struct ksa_error){.code = 0};
	return symbol_list_read(*out, "list", &bytes, err);
}

static struct ksa_symbol_list *read_text(const char *text)
{
	struct ksa_symbol_list *list;
	struct ksa_error err;

	assert_int_equal(read_bytes(&list, text, strlen(text), &err), 0);
	return list;
}

/* The names as they were found, with their lines: "a:1 b:2". */
static void expect(const struct ksa_symbol_list *list, const char *expected)
{
	char text[512] = "";

	for (size_t i = 0; i < list->count; i++) {
		char one[64];

		snprintf(one, sizeof(one), "%s%s:%u", i ? " " : "", list->items[i].name,
			 list->items[i].line);
		strcat(text, one);
	}
	assert_string_equal(text, expected);
}

static void forms(void **state)
{
	static const struct {
		const char *text, *names, *section;
		enum symbol_list_form form;
	} cases[] = {
		{"a\n", "a:1", NULL, SYMBOL_LIST_PLAIN},
		{"# c\n\n  a\t # why\r\nb", "a:3 b:4", NULL, SYMBOL_LIST_PLAIN},
		{"a\na\na", "a:1 a:2 a:3", NULL, SYMBOL_LIST_PLAIN},
		{"_Z.1$x\n", "_Z.1$x:1", NULL, SYMBOL_LIST_PLAIN},
		{"[abi_symbol_list]\n  a\n", "a:2", "abi_symbol_list", SYMBOL_LIST_SECTION},
		{"[rhel9_x86_64_stablelist]\r\n\ta\r\n", "a:2", "rhel9_x86_64_stablelist",
		 SYMBOL_LIST_SECTION},
		{"[a_whitelist]\nx\n[b_whitelist]\ny\n", "x:2 y:4", "a_whitelist",
		 SYMBOL_LIST_SECTION},
		{"0x00000000\ta\tvmlinux\tEXPORT_SYMBOL\n0x12345678\tb\tm\tEXPORT_SYMBOL_GPL",
		 "a:1 b:2", NULL, SYMBOL_LIST_TABLE},
		{"0x12345678\ta\tvmlinux\tEXPORT_SYMBOL\tNS\n", "a:1", NULL, SYMBOL_LIST_TABLE},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct ksa_symbol_list *list = read_text(cases[i].text);

		expect(list, cases[i].names);
		assert_int_equal(list->files[0].form, cases[i].form);
		assert_int_equal(list->files[0].section != NULL, cases[i].section != NULL);
		if (cases[i].section)
			assert_string_equal(list->files[0].section, cases[i].section);
		ksa_symbol_list_free(list);
	}
}

/* A CRC of zero promises none; of several rows of a name all are there. */
static void rows(void **state)
{
	struct ksa_symbol_list *list = read_text("0x00000000\ta\tvmlinux\tEXPORT_SYMBOL\n"
						 "0x12345678\ta\tm\tEXPORT_SYMBOL\tNS\n"
						 "0x12345679\ta\tn\tEXPORT_SYMBOL\n");
	const struct listed_symbol *s = symbol_list_find(list, "a");
	unsigned int crcs = 0, all = 0;

	(void)state;
	assert_non_null(s);
	assert_false(s->has_crc);
	for (; s; s = symbol_list_next(list, s)) {
		all++;
		crcs += s->has_crc;
	}
	assert_int_equal(all, 3);
	assert_int_equal(crcs, 2);
	assert_int_equal(ksa_symbol_list_count(list), 1);
	assert_string_equal(list->items[1].ns, "NS");
	assert_null(symbol_list_find(list, "b"));
	ksa_symbol_list_free(list);
}

static void no_list(void **state)
{
	static const struct {
		const char *text;
		size_t size;
		int code;
		unsigned int line;
	} cases[] = {
		{"", 0, KSA_ENODATA, 0},
		{"# only\n", 7, KSA_ENODATA, 0},
		{"[abi_symbol_list]\n", 18, KSA_ENODATA, 0},
		{"a\nb c\n", 6, KSA_EFORMAT, 2},
		{"a\n\0\n", 4, KSA_EFORMAT, 2},
		{"a\0b\n", 4, KSA_EFORMAT, 1},
		{"7a\n", 3, KSA_EFORMAT, 1},
		{"a-b\n", 4, KSA_EFORMAT, 1},
		{"[]\n", 3, KSA_EFORMAT, 1},
		{"[", 1, KSA_EFORMAT, 1},
		{"[list]\n", 7, KSA_EFORMAT, 1},
		{"[abi symbol_list]\n", 18, KSA_EFORMAT, 1},
		{"[abi_symbol_list] x\n", 20, KSA_EFORMAT, 1},
		{"\xef\xbb\xbf", 3, KSA_ENODATA, 0},
		{"a\n\xef\xbb\xbf"
		 "b\n",
		 7, KSA_EFORMAT, 2},
		{"\xef\xbb"
		 "a\n",
		 4, KSA_EFORMAT, 1},
		{"0x12345678\ta\tvmlinux\tEXPORT_SYMBOL\r\n", 36, KSA_EFORMAT, 1},
		{"0x12345678\ta\tvmlinux\tEXPORT_SYMBOL\nb\n", 37, KSA_EFORMAT, 2},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct ksa_symbol_list *list;
		struct ksa_error err;

		assert_int_equal(read_bytes(&list, cases[i].text, cases[i].size, &err),
				 cases[i].code);
		assert_int_equal(err.line, cases[i].line);
		assert_string_equal(err.source, "list");
		ksa_symbol_list_free(list);
	}
}

/* The mark that editors put before UTF-8 is no part of the first name; what follows it is read. */
static void byte_order_mark(void **state)
{
	static const char text[] = "\xef\xbb\xbf"
				   "a\nb\n";
	struct ksa_symbol_list *list;
	struct ksa_error err;

	(void)state;
	assert_int_equal(read_bytes(&list, text, strlen(text), &err), 0);
	assert_int_equal(ksa_symbol_list_count(list), 2);
	assert_non_null(symbol_list_find(list, "a"));
	assert_non_null(symbol_list_find(list, "b"));
	ksa_symbol_list_free(list);
}

/* A name of 511 bytes is one, of 512 none; more names than any kernel has are refused. */
static void limits(void **state)
{
	const size_t many = ((size_t)1 << 20) + 1;
	char name[513];
	struct ksa_symbol_list *list;
	struct ksa_error err;
	char *text = malloc(many * 2);

	(void)state;
	memset(name, 'x', sizeof(name));
	assert_int_equal(read_bytes(&list, name, 511, &err), 0);
	ksa_symbol_list_free(list);
	assert_int_equal(read_bytes(&list, name, 512, &err), KSA_EFORMAT);
	ksa_symbol_list_free(list);
	assert_non_null(text);
	for (size_t i = 0; i < many; i++)
		memcpy(text + i * 2, "a\n", 2);
	assert_int_equal(read_bytes(&list, text, many * 2, &err), KSA_ELIMIT);
	assert_int_equal(err.line, many);
	ksa_symbol_list_free(list);
	free(text);
}

/* A kernel of plain exports of vmlinux of these names. */
static struct ksa_kernel *make_kernel(const char *const *names)
{
	struct ksa_kernel *kernel;
	uint32_t source;

	assert_int_equal(kernel_new("k", &kernel, NULL), 0);
	assert_int_equal(kernel_add_source(kernel, "k", SOURCE_SYMVERS, &source, NULL), 0);
	for (; *names; names++) {
		struct ksa_export e = {.name = *names,
				       .owner = "vmlinux",
				       .cls = KSA_CLASS_PLAIN,
				       .ns_known = true,
				       .source = source};

		assert_int_equal(kernel_add_export(kernel, &e, NULL), 0);
	}
	assert_int_equal(kernel_seal(kernel, NULL), 0);
	return kernel;
}

static char *write_into(const struct ksa_kernel *kernel, enum symbol_list_form form,
			const char *kept_text)
{
	struct kept_list kept = {.list = kept_text ? read_text(kept_text) : NULL};
	struct export_view view;
	char *text = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&text, &size);

	assert_non_null(out);
	if (kept_text) {
		kept.bytes.data = (const unsigned char *)kept_text;
		kept.bytes.size = strlen(kept_text);
	}
	assert_int_equal(export_view_make(kernel, NULL, &view, NULL), 0);
	assert_int_equal(write_symbol_list(&view, form, &kept, out, NULL), 0);
	fclose(out);
	export_view_release(&view);
	ksa_symbol_list_free(kept.list);
	return text;
}

/* What is written into a list: in its order, with its looks, and nothing of it goes. */
static void added(void **state)
{
	static const char *const names[] = {"__b", "b", "A_c", "zz", NULL};
	static const struct {
		enum symbol_list_form form;
		const char *kept, *expected;
	} cases[] = {
		{SYMBOL_LIST_PLAIN, NULL, "A_c\n__b\nb\nzz\n"},
		{SYMBOL_LIST_SECTION, NULL, "[abi_symbol_list]\n  A_c\n  __b\n  b\n  zz\n"},
		{SYMBOL_LIST_TABLE, NULL,
		 "0x00000000\tA_c\tvmlinux\tEXPORT_SYMBOL\t\n"
		 "0x00000000\t__b\tvmlinux\tEXPORT_SYMBOL\t\n"
		 "0x00000000\tb\tvmlinux\tEXPORT_SYMBOL\t\n"
		 "0x00000000\tzz\tvmlinux\tEXPORT_SYMBOL\t\n"},
		{SYMBOL_LIST_PLAIN, "# ours\nac\n\nc # x\n",
		 "# ours\nA_c\nac\n\n__b\nb\nc # x\nzz\n"},
		{SYMBOL_LIST_PLAIN, "z\na", "z\na\nA_c\n__b\nb\nzz\n"},
		{SYMBOL_LIST_SECTION, "[x_whitelist]\n\tb\n",
		 "[x_whitelist]\n\tA_c\n\t__b\n\tb\n\tzz\n"},
		{SYMBOL_LIST_TABLE, "0x12345678\tb\tm\tEXPORT_SYMBOL_GPL\n",
		 "0x00000000\tA_c\tvmlinux\tEXPORT_SYMBOL\n"
		 "0x00000000\t__b\tvmlinux\tEXPORT_SYMBOL\n"
		 "0x12345678\tb\tm\tEXPORT_SYMBOL_GPL\n"
		 "0x00000000\tzz\tvmlinux\tEXPORT_SYMBOL\n"},
	};
	struct ksa_kernel *kernel = make_kernel(names);

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		char *text = write_into(kernel, cases[i].form, cases[i].kept), *again;

		assert_string_equal(text, cases[i].expected);
		again = write_into(kernel, cases[i].form, text);
		assert_string_equal(again, text);
		free(again);
		free(text);
	}
	ksa_kernel_free(kernel);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(forms),   cmocka_unit_test(rows),
		cmocka_unit_test(no_list), cmocka_unit_test(byte_order_mark),
		cmocka_unit_test(limits),  cmocka_unit_test(added),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
