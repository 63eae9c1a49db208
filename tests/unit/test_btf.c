// SPDX-License-Identifier: GPL-2.0-or-later
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <linux/btf.h>

#include "base/cleanup.h"
#include "model/prototype.h"
#include "read/debug/btf.h"
#include "model/declare.h"
#include "unit/btfbuild.h"

static struct btf_info *open_info(const struct elfbuild_bytes *bytes, const struct btf_info *base)
{
	struct ksa_error err = {.code = 0};
	struct btf_info *info;

	if (btf_info_new(bytes->data, bytes->size, base, "x", &info, &err))
		fail_msg("%s", err.text);
	return info;
}

/* What is said of name; NULL: nothing. Freed by the caller. */
static char *declared(const struct btf_info *info, const char *name, enum ksa_kind *kind)
{
	_cleanup_(strbuf_release) struct strbuf text = {NULL, 0, 0, false};
	enum ksa_kind k = KSA_KIND_UNKNOWN;

	strbuf_adds(&text, "-");
	if (!btf_info_declare(info, name, &text, &k)) {
		/* As it was. */
		assert_string_equal(strbuf_string(&text), "-");
		return NULL;
	}
	if (kind)
		*kind = k;
	return strdup(strbuf_string(&text) + 1);
}

static void expect(const struct btf_info *info, const char *name, const char *text)
{
	char *is = declared(info, name, NULL);

	if (!text)
		assert_null(is);
	else
		assert_string_equal(is ? is : "(none)", text);
	free(is);
}

/* In the builder's language, and in C as the standard has it (6.7.6). */
static const char *const declarations[][2] = {
	{"fn void()", "void %s(void)"},
	{"fn int(a:int)", "int %s(int a)"},
	{"fn int(int, ...)", "int %s(int, ...)"},
	{"fn void(...)", "void %s(...)"},
	{"fn long unsigned int(fmt:*const char, ...)",
	 "long unsigned int %s(const char *fmt, ...)"},
	{"fn *struct page(vma:*struct vm_area_struct)",
	 "struct page *%s(struct vm_area_struct *vma)"},
	{"fn *const *const char(x:@u64)", "const char *const *%s(u64 x)"},
	{"fn enum e(union u, volatile int)", "enum e %s(union u, volatile int)"},
	{"fn void(cb:*fn int(*void, n:int))", "void %s(int (*cb)(void *, int n))"},
	{"fn void(*fn int())", "void %s(int (*)(void))"},
	{"fn *fn void(int)(sig:int, f:*fn void(int))", "void (*%s(int sig, void (*f)(int)))(int)"},
	{"fn void(a:*[4]*struct x)", "void %s(struct x *(*a)[4])"},
	{"fn void(p:*const const struct s)", "void %s(const const struct s *p)"},
	{"fn void(p:const *volatile *void)", "void %s(void *volatile *const p)"},
	{"fn void(const *void)", "void %s(void *const)"},
	{"fn struct ()", "struct { ... } %s(void)"},
	{"long unsigned int", "long unsigned int %s"},
	{"volatile long unsigned int", "volatile long unsigned int %s"},
	{"[8][2]struct x", "struct x %s[8][2]"},
	{"const [3]*const char", "const char *const %s[3]"},
	{"*fn int(int)", "int (*%s)(int)"},
	{"[2]*fn *void()", "void *(*%s[2])(void)"},
	{"const *fn void()", "void (*const %s)(void)"},
	{"*void", "void *%s"},
	{"const [3]const int", "const int %s[3]"},
	{"fn long(a:*unsigned long, b:long long unsigned int)",
	 "long int %s(long unsigned int *a, long long unsigned int b)"},
};

#define DECLARATIONS (sizeof(declarations) / sizeof(*declarations))

static void check_declarations(const struct btf_info *info)
{
	for (size_t i = 0; i < DECLARATIONS; i++) {
		char name[16], text[256];
		const char *mark = strstr(declarations[i][1], "%s");
		enum ksa_kind kind;
		char *is;

		snprintf(name, sizeof(name), "f%zu", i);
		snprintf(text, sizeof(text), "%.*s%s%s", (int)(mark - declarations[i][1]),
			 declarations[i][1], name, mark + 2);
		is = declared(info, name, &kind);
		assert_string_equal(is ? is : declarations[i][1], text);
		assert_int_equal(kind, strncmp(declarations[i][0], "fn ", 3) == 0
					       ? KSA_KIND_FUNCTION
					       : KSA_KIND_OBJECT);
		free(is);
	}
}

static void declare_all(struct btfbuild *b)
{
	char text[256];

	for (size_t i = 0; i < DECLARATIONS; i++) {
		snprintf(text, sizeof(text), "f%zu=%s", i, declarations[i][0]);
		btfbuild_declare(b, text);
	}
}

static void in_c(void **state)
{
	(void)state;
	for (int is_be = 0; is_be < 2; is_be++) {
		struct elfbuild_bytes bytes;
		struct btf_info *info;
		struct btfbuild b;

		btfbuild_start(&b, is_be, NULL);
		declare_all(&b);
		bytes = btfbuild_finish(&b);
		info = open_info(&bytes, NULL);
		check_declarations(info);
		expect(info, "f", NULL);
		expect(info, "int", NULL); /* a type is no symbol */
		expect(info, "", NULL);
		btf_info_free(info);
		elfbuild_bytes_release(&bytes);
	}
}

/* What a module adds: its ids and strings go on where the image's end. */
static void split(void **state)
{
	(void)state;
	for (int is_be = 0; is_be < 2; is_be++) {
		struct elfbuild_bytes image, module;
		struct btf_info *base, *info;
		struct btfbuild b;
		uint32_t file;

		btfbuild_start(&b, is_be, NULL);
		file = btfbuild_type(&b, "file", BTFBUILD_INFO(BTF_KIND_STRUCT, 0), 0);
		btfbuild_declare(&b, "only_image=fn int()");
		image = btfbuild_finish(&b);
		base = open_info(&image, NULL);
		btfbuild_start(&b, false, &image);
		assert_int_equal(b.is_be, is_be);
		declare_all(&b);
		/* A variable of a type of the image. */
		btfbuild_type(&b, "shared", BTFBUILD_INFO(BTF_KIND_VAR, 0), file);
		btfbuild_word(&b, 1);
		module = btfbuild_finish(&b);
		info = open_info(&module, base);
		check_declarations(info);
		expect(info, "shared", "struct file shared");
		expect(info, "only_image", NULL);
		expect(base, "only_image", "int only_image(void)");
		expect(base, "shared", NULL);
		btf_info_free(info);
		btf_info_free(base);
		elfbuild_bytes_release(&module);
		elfbuild_bytes_release(&image);
	}
}

/* One function "f" of that prototype, and the builder for what the types are. */
static void function(struct btfbuild *b, uint32_t result, uint32_t parameter)
{
	uint32_t proto = btfbuild_type(b, "", BTFBUILD_INFO(BTF_KIND_FUNC_PROTO, 1), result);

	btfbuild_word(b, btfbuild_string(b, "x"));
	btfbuild_word(b, parameter);
	btfbuild_type(b, "f", BTFBUILD_INFO(BTF_KIND_FUNC, 0), proto);
}

static void no_declaration(struct btfbuild *b)
{
	struct elfbuild_bytes bytes = btfbuild_finish(b);
	struct ksa_error err = {.code = 0};
	struct btf_info *info;

	/* A libbpf that checks more may refuse the whole. */
	if (btf_info_new(bytes.data, bytes.size, NULL, "x", &info, &err) == 0)
		expect(info, "f", NULL);
	else
		assert_int_equal(err.code, KSA_EFORMAT);
	btf_info_free(info);
	elfbuild_bytes_release(&bytes);
}

/* A type that is its own target, of each kind that has one; and two that are each other's. */
static void circles(void **state)
{
	static const uint32_t kinds[] = {BTF_KIND_PTR,	    BTF_KIND_CONST,    BTF_KIND_VOLATILE,
					 BTF_KIND_RESTRICT, BTF_KIND_TYPE_TAG, BTF_KIND_FUNC_PROTO};
	struct btfbuild b;
	uint32_t id;

	(void)state;
	for (size_t i = 0; i < sizeof(kinds) / sizeof(*kinds); i++) {
		btfbuild_start(&b, false, NULL);
		id = btfbuild_next(&b);
		assert_int_equal(btfbuild_type(&b, "", BTFBUILD_INFO(kinds[i], 0), id), id);
		function(&b, 0, id);
		no_declaration(&b);

		btfbuild_start(&b, false, NULL);
		id = btfbuild_next(&b);
		btfbuild_type(&b, "", BTFBUILD_INFO(BTF_KIND_PTR, 0), id + 1);
		btfbuild_type(&b, "", BTFBUILD_INFO(kinds[i], 0), id);
		function(&b, id, id + 1);
		no_declaration(&b);
	}
	btfbuild_start(&b, false, NULL);
	id = btfbuild_type(&b, "", BTFBUILD_INFO(BTF_KIND_ARRAY, 0), 0);
	btfbuild_word(&b, id);
	btfbuild_word(&b, id);
	btfbuild_word(&b, 4);
	function(&b, 0, id);
	no_declaration(&b);
	/* A function that takes pointers to itself, twice: 2^n parameters. */
	btfbuild_start(&b, false, NULL);
	id = btfbuild_type(&b, "", BTFBUILD_INFO(BTF_KIND_PTR, 0), 2);
	btfbuild_type(&b, "", BTFBUILD_INFO(BTF_KIND_FUNC_PROTO, 2), 0);
	for (int i = 0; i < 2; i++) {
		btfbuild_word(&b, 0);
		btfbuild_word(&b, id);
	}
	btfbuild_type(&b, "f", BTFBUILD_INFO(BTF_KIND_FUNC, 0), 2);
	no_declaration(&b);
}

static void not_there(void **state)
{
	struct btfbuild b;
	uint32_t id;

	(void)state;
	/* Types beyond the last one. */
	btfbuild_start(&b, false, NULL);
	function(&b, 77, 0);
	no_declaration(&b);
	btfbuild_start(&b, false, NULL);
	function(&b, 0, UINT32_MAX);
	no_declaration(&b);
	btfbuild_start(&b, false, NULL);
	btfbuild_type(&b, "f", BTFBUILD_INFO(BTF_KIND_FUNC, 0), 99);
	no_declaration(&b);
	/* A pointer to one. */
	btfbuild_start(&b, false, NULL);
	id = btfbuild_type(&b, "", BTFBUILD_INFO(BTF_KIND_PTR, 0), 1000);
	function(&b, id, id);
	no_declaration(&b);
	/* A function whose type is no prototype, and a parameter that is no type. */
	btfbuild_start(&b, false, NULL);
	id = btfbuild_type(&b, "s", BTFBUILD_INFO(BTF_KIND_STRUCT, 0), 0);
	btfbuild_type(&b, "f", BTFBUILD_INFO(BTF_KIND_FUNC, 0), id);
	no_declaration(&b);
	btfbuild_start(&b, false, NULL);
	btfbuild_declare(&b, "g=fn int()");
	id = btfbuild_next(&b) - 1;
	function(&b, 0, id);
	no_declaration(&b);
	/* An integer and a typedef without a name. */
	btfbuild_start(&b, false, NULL);
	id = btfbuild_type(&b, "", BTFBUILD_INFO(BTF_KIND_TYPEDEF, 0), 0);
	function(&b, 0, id);
	no_declaration(&b);
}

static void odd_names(void **state)
{
	struct btfbuild b;
	char name[600];
	uint32_t id;

	(void)state;
	/* Offsets beyond the strings. */
	btfbuild_start(&b, false, NULL);
	id = btfbuild_type(&b, "s", BTFBUILD_INFO(BTF_KIND_STRUCT, 0), 0);
	elfbuild_store(false, b.types.data, 4, 0x7fffffff);
	function(&b, 0, id);
	no_declaration(&b);
	btfbuild_start(&b, false, NULL);
	btfbuild_type(&b, "", BTFBUILD_INFO(BTF_KIND_FUNC_PROTO, 1), 0);
	btfbuild_word(&b, 0x7fffffff);
	btfbuild_word(&b, 0);
	btfbuild_type(&b, "f", BTFBUILD_INFO(BTF_KIND_FUNC, 0), 1);
	no_declaration(&b);
	/* Bytes that would reach a terminal; and names of any length. */
	btfbuild_start(&b, false, NULL);
	function(&b, 0, btfbuild_type(&b, "a\033[2Jb", BTFBUILD_INFO(BTF_KIND_STRUCT, 0), 0));
	no_declaration(&b);
	memset(name, 'a', sizeof(name) - 1);
	name[sizeof(name) - 1] = '\0';
	btfbuild_start(&b, false, NULL);
	function(&b, 0, btfbuild_type(&b, name, BTFBUILD_INFO(BTF_KIND_STRUCT, 0), 0));
	no_declaration(&b);
}

/* More parameters than text may have; chains and functions in functions at the limit and past it.
 */
static void caps(void **state)
{
	struct btfbuild b;
	uint32_t id;

	(void)state;
	btfbuild_start(&b, false, NULL);
	id = btfbuild_type(&b, "", BTFBUILD_INFO(BTF_KIND_FUNC_PROTO, 65535), 0);
	for (size_t i = 0; i < 65535; i++) {
		btfbuild_word(&b, 0);
		btfbuild_word(&b, id + 1);
	}
	btfbuild_type(&b, "s", BTFBUILD_INFO(BTF_KIND_STRUCT, 0), 0);
	btfbuild_type(&b, "f", BTFBUILD_INFO(BTF_KIND_FUNC, 0), id);
	no_declaration(&b);
	for (unsigned int depth = DECLARE_MAX_DEPTH - 1; depth <= DECLARE_MAX_DEPTH; depth++) {
		struct elfbuild_bytes bytes;
		struct btf_info *info;
		char *is;

		btfbuild_start(&b, false, NULL);
		id = 0;
		for (unsigned int i = 0; i < depth; i++) {
			id = btfbuild_type(&b, "", BTFBUILD_INFO(BTF_KIND_FUNC_PROTO, 1), 0);
			btfbuild_word(&b, 0);
			btfbuild_word(&b, i ? id - 1 : 0);
			id = btfbuild_type(&b, "", BTFBUILD_INFO(BTF_KIND_PTR, 0), id);
		}
		function(&b, 0, id);
		bytes = btfbuild_finish(&b);
		info = open_info(&bytes, NULL);
		is = declared(info, "f", NULL);
		assert_int_equal(is != NULL, depth < DECLARE_MAX_DEPTH);
		free(is);
		btf_info_free(info);
		elfbuild_bytes_release(&bytes);
	}
}

static struct elfbuild_bytes sound(void)
{
	struct btfbuild b;

	btfbuild_start(&b, false, NULL);
	declare_all(&b);
	return btfbuild_finish(&b);
}

/* Read it, ask for everything: errors are of one kind and nothing is touched that is not there. */
static void read_all(const struct elfbuild_bytes *bytes)
{
	/* Of its own size: what reads past the end is seen by the sanitizer. */
	unsigned char *copy = malloc(bytes->size + !bytes->size);
	struct ksa_error err = {.code = 0};
	struct btf_info *info;

	assert_non_null(copy);
	memcpy(copy, bytes->data, bytes->size);
	if (btf_info_new(copy, bytes->size, NULL, "x", &info, &err)) {
		assert_int_equal(err.code, KSA_EFORMAT);
		assert_null(info);
	}
	for (size_t i = 0; info && i < DECLARATIONS; i++) {
		char name[16];

		snprintf(name, sizeof(name), "f%zu", i);
		free(declared(info, name, NULL));
	}
	btf_info_free(info);
	free(copy);
}

static void cut(void **state)
{
	struct elfbuild_bytes bytes = sound(), part;
	struct ksa_error err = {.code = 0};
	struct btf_info *info;

	(void)state;
	for (part = bytes; part.size; part.size--) {
		read_all(&part);
		if (part.size < bytes.size)
			assert_int_equal(btf_info_new(part.data, part.size, NULL, "x", &info, &err),
					 KSA_EFORMAT);
	}
	read_all(&part);
	elfbuild_bytes_release(&bytes);
}

static void any_byte(void **state)
{
	static const unsigned char values[] = {0, 0x0d, 0xff};
	struct elfbuild_bytes bytes = sound();

	(void)state;
	for (size_t at = 0; at < bytes.size; at++) {
		unsigned char was = bytes.data[at];

		for (size_t i = 0; i < sizeof(values); i++) {
			bytes.data[at] = values[i];
			read_all(&bytes);
		}
		bytes.data[at] = was;
	}
	elfbuild_bytes_release(&bytes);
}

static void header_errors(void **state)
{
	static const struct {
		size_t at;
		uint32_t value;
		const char *text;
	} cases[] = {
		{0, 0x0001ffff, "'.BTF' does not start with a header of BTF"},
		{4, 8, "'.BTF' does not start with a header of BTF"},
		{4, 20, "'.BTF' does not start with a header of BTF"},
		{4, 25, "'.BTF' does not start with a header of BTF"},
		{4, 0x7ffffffc, "'.BTF' does not start with a header of BTF"},
		{8, 0x7ffffffc, "'.BTF' is damaged, or has types that libbpf"},
		{12, 0x7ffffffc, "'.BTF' is damaged, or has types that libbpf"},
		{20, 0x7ffffffc, "'.BTF' is damaged, or has types that libbpf"},
		{24 + 4, 31U << 24, "'.BTF' is damaged, or has types that libbpf"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct elfbuild_bytes bytes = sound();
		struct ksa_error err = {.code = 0};
		struct btf_info *info;

		elfbuild_store(false, bytes.data + cases[i].at, 4, cases[i].value);
		assert_int_equal(btf_info_new(bytes.data, bytes.size, NULL, "x", &info, &err),
				 KSA_EFORMAT);
		assert_null(info);
		if (!strstr(err.text, cases[i].text))
			fail_msg("case %zu: %s", i, err.text);
		elfbuild_bytes_release(&bytes);
	}
}

/* The header of 24 bytes, a longer one of a later kernel, and less, whatever struct libc has. */
static void header_sizes(void **state)
{
	struct elfbuild_bytes bytes = sound();
	unsigned char *longer = calloc(1, bytes.size + 8);
	struct ksa_error err = {.code = 0};
	struct btf_info *info;

	(void)state;
	assert_non_null(longer);
	assert_int_equal(bytes.data[4], 24);
	assert_int_equal(btf_info_new(bytes.data, bytes.size, NULL, "x", &info, &err), 0);
	btf_info_free(info);
	memcpy(longer, bytes.data, 24);
	memcpy(longer + 32, bytes.data + 24, bytes.size - 24);
	longer[4] = 32;
	assert_int_equal(btf_info_new(longer, bytes.size + 8, NULL, "x", &info, &err), 0);
	btf_info_free(info);
	for (size_t size = 0; size < 24; size++)
		assert_int_equal(btf_info_new(bytes.data, size, NULL, "x", &info, NULL),
				 KSA_EFORMAT);
	free(longer);
	elfbuild_bytes_release(&bytes);
}

/* In an image without sections: found by its head, whatever is around it. */
static void found(void **state)
{
	(void)state;
	for (int is_be = 0; is_be < 2; is_be++) {
		struct elfbuild_bytes bytes;
		unsigned char *image;
		size_t offset = 0, size = 0, at = 4000;
		struct btfbuild b;

		btfbuild_start(&b, is_be, NULL);
		btfbuild_declare(&b, "f=fn int()");
		bytes = btfbuild_finish(&b);
		image = calloc(1, at + bytes.size + 100);
		assert_non_null(image);
		/* What looks like one at its start. */
		memcpy(image + 100, bytes.data, 20);
		memcpy(image + at, bytes.data, bytes.size);
		assert_true(btf_find(image, at + bytes.size + 100, &offset, &size));
		assert_int_equal(offset, at);
		assert_int_equal(size, bytes.size);
		/* Cut off: none. */
		assert_false(btf_find(image, at + bytes.size - 1, &offset, &size));
		assert_false(btf_find(image, at, &offset, &size));
		assert_false(btf_find(image, 0, &offset, &size));
		free(image);
		elfbuild_bytes_release(&bytes);
	}
}

/* BTF with a header of 32 bytes, the last two words those of a layout of 8 bytes: behind the
 * strings, or between the types and them. */
static unsigned char *with_layout(const struct elfbuild_bytes *bytes, bool between, size_t *size)
{
	unsigned char *data = calloc(1, bytes->size + 16);
	uint32_t types, strings;

	assert_non_null(data);
	memcpy(&types, bytes->data + 12, 4);
	strings = (uint32_t)(bytes->size - 24 - types);
	memcpy(data, bytes->data, 24);
	data[4] = 32;
	if (between)
		memcpy(data + 16, &(uint32_t){types + 8}, 4);
	memcpy(data + 24, &(uint32_t){between ? types : types + strings}, 4);
	memcpy(data + 28, &(uint32_t){8}, 4);
	memcpy(data + 32, bytes->data + 24, types);
	memcpy(data + 32 + types + (between ? 8 : 0), bytes->data + 24 + types, strings);
	*size = bytes->size + 16;
	return data;
}

/* The header of 7.2's linux/btf.h, with its layout where either of the two may be. */
static void found_with_layout(void **state)
{
	(void)state;
	for (int between = 0; between < 2; between++) {
		struct elfbuild_bytes bytes;
		unsigned char *data, image[4096] = {0};
		struct btf_info *info;
		struct btfbuild b;
		size_t at, size, length;

		btfbuild_start(&b, false, NULL);
		btfbuild_declare(&b, "f=fn int()");
		bytes = btfbuild_finish(&b);
		data = with_layout(&bytes, between, &size);
		memcpy(image + 1000, data, size);
		assert_true(btf_find(image, sizeof(image), &at, &length));
		assert_int_equal(at, 1000);
		assert_int_equal(length, size);
		assert_int_equal(btf_info_new(image + at, length, NULL, "x", &info, NULL), 0);
		btf_info_free(info);
		assert_false(btf_find(image, 1000 + size - 1, &at, &length));
		/* A header that is no multiple of 4, and one that is longer than any. */
		image[1004] = 30;
		assert_false(btf_find(image, sizeof(image), &at, &length));
		image[1004] = 0;
		image[1005] = 8;
		assert_false(btf_find(image, sizeof(image), &at, &length));
		free(data);
		elfbuild_bytes_release(&bytes);
	}
}

static void same(void **state)
{
	static const struct {
		const char *a, *b;
		bool same;
	} cases[] = {
		{"int f(void)", "int f(void)", true},
		{"int f(void)", "int  f ( void )", true},
		{"int f(int a)", "int f(int b)", true},
		{"int f(int a)", "int f(int)", true},
		{"int f(int a)", "int f(long int a)", false},
		{"int f(int a)", "int f(int a, int b)", false},
		{"int f(int a)", "int f(int a, ...)", false},
		{"int f(u32 a)", "int f(u64 a)", false},
		{"int f(u32)", "int f(u64)", false},
		{"int f(u32 x)", "int f(u32)", true},
		{"int f(struct a *x)", "int f(struct b *x)", false},
		{"int f(struct a *x)", "int f(struct a *y)", true},
		{"int f(struct a x)", "int f(struct a)", true},
		{"int f(struct a)", "int f(struct b)", false},
		{"int f(const char *x)", "int f(char *x)", false},
		{"int f(char *const x)", "int f(char *const)", true},
		{"int f(char *const x)", "int f(char *x)", false},
		{"void f(int (*cb)(int a))", "void f(int (*other)(int))", true},
		{"void f(int (*cb)(int a))", "void f(int (*cb)(long int a))", false},
		{"void f(struct x *(*a)[4])", "void f(struct x *(*b)[4])", true},
		{"void f(struct x *(*a)[4])", "void f(struct x *(*a)[5])", false},
		{"long unsigned int f(void)", "long int f(void)", false},
		{"int f(unsigned int)", "int f(unsigned char)", false},
		{"struct a x[4]", "struct a x[5]", false},
		{"struct a x", "struct a y", false},
		{"int (*f(int sig))(int)", "int (*f(int other))(int)", true},
		{"", "", true},
		{"", "int", false},
		{"int f(", "int f((", false},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		if (prototype_is_same(cases[i].a, cases[i].b) != cases[i].same ||
		    prototype_is_same(cases[i].b, cases[i].a) != cases[i].same)
			fail_msg("'%s' and '%s'", cases[i].a, cases[i].b);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(in_c),		 cmocka_unit_test(split),
		cmocka_unit_test(circles),	 cmocka_unit_test(not_there),
		cmocka_unit_test(odd_names),	 cmocka_unit_test(caps),
		cmocka_unit_test(cut),		 cmocka_unit_test(any_byte),
		cmocka_unit_test(found),	 cmocka_unit_test(found_with_layout),
		cmocka_unit_test(header_errors), cmocka_unit_test(header_sizes),
		cmocka_unit_test(same),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
