// SPDX-License-Identifier: GPL-2.0-or-later
/* Where headers declare names, with how many arguments, and which header includes which. Texts are
 * from the kernels that are named. */
#include "model/declared.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "read/headers/headers.h"

#define AUTOCONF "#define CONFIG_X86 1\n#define CONFIG_64BIT 1\n#define CONFIG_PM 1\n"

static void add(struct header_set *set, const char *path, const char *text)
{
	size_t size = strlen(text);
	struct header_file file = {.data = {(const unsigned char *)strdup(text), size, BYTES_HEAP}};

	assert_non_null(file.data.data);
	assert_int_equal(header_set_add(set, path, &file, NULL), 0);
}

/* Headers in pairs of path and text, NULL at the end. */
static struct helpers *read_headers(const char *const *files)
{
	struct header_options options = {.jobs = 2, .places = true};
	struct header_set set = {.items = NULL};
	struct ksa_error err = {.code = 0};
	struct helpers *helpers;

	add(&set, "include/generated/autoconf.h", AUTOCONF);
	for (; files[0]; files += 2)
		add(&set, files[0], files[1]);
	if (header_set_read(&set, &options, &helpers, &err))
		fail_msg("%s: %s", err.source, err.text);
	header_set_release(&set);
	assert_non_null(helpers->declared);
	return helpers;
}

static struct helpers *read_text(const char *text)
{
	const char *const files[] = {"include/linux/a.h", text, NULL};

	return read_headers(files);
}

/* "1-2v": least, most, 'v' for void or 'n' for a value; "?" where it is not known. */
static void expect_arity(const char *text, const char *name, const char *expected)
{
	struct helpers *h = read_text(text);
	struct declared_arity arity = declared_arity(h->declared, name);
	char is[64];

	if (!arity.known)
		strcpy(is, "?");
	else
		snprintf(is, sizeof(is), "%u-%u%s%s", arity.least, arity.most,
			 arity.always_void ? "v" : "", arity.never_void ? "n" : "");
	assert_string_equal(is, expected);
	helpers_free(h);
}

static void test_arity(void **state)
{
	(void)state;
	/* include/linux/device/class.h of 6.1 and of 6.12 */
	expect_arity("#define class_create(owner, name)\t\\\n({ __class_create(owner, name); })\n",
		     "class_create", "2-2");
	expect_arity("struct class * __must_check class_create(const char *name);\n",
		     "class_create", "1-1n");
	expect_arity("extern void f(void);\n", "f", "0-0v");
	expect_arity("void *f(int (*call)(int a, int b), struct x y[2]);\n", "f", "2-2n");
	expect_arity("int f();\n", "f", "?");
	expect_arity("__printf(2, 3) int f(struct x *a, const char *format, ...);\n", "f",
		     "2-65535n");
	expect_arity("#define f(format, ...) g(format, ##__VA_ARGS__)\n", "f", "1-65535");
	expect_arity("#define f(args...) g(args)\n", "f", "0-65535");
	expect_arity("#define f() g(1)\n", "f", "0-0");
	expect_arity("static inline void f(int a, /* b, */ int c) { }\n", "f", "2-2v");
	/* What stands for another name, and for itself. */
	expect_arity("int g(int a);\n#define f g\n", "f", "1-1n");
	expect_arity("int f(int a);\n#define f f\n", "f", "1-1n");
	expect_arity("#define f 3\n", "f", "?");
	expect_arity("#define f g\n#define g f\n", "f", "?");
	/* Both of a condition that is not decided, and one of a decided one. */
	expect_arity("#ifdef SOME\nint f(int);\n#else\nvoid f(int, int);\n#endif\n", "f", "1-2");
	expect_arity("#ifdef CONFIG_PM\nint f(int);\n#else\nvoid f(int, int);\n#endif\n", "f",
		     "1-1n");
	/* A structure of that name is no function. */
	expect_arity("struct f { int a; };\nint f(struct f *);\n", "f", "1-1n");
	expect_arity("int f, g(int a);\n", "f", "?");
}

static void expect_printed(const char *text, const char *name, const char *expected)
{
	struct helpers *h = read_text(text);
	struct strbuf out = {.data = NULL};
	size_t count;
	const struct declared_place *places = declared_places(h->declared, name, &count);

	assert_int_equal(count, 1);
	declared_print(h->declared, places, &out);
	assert_string_equal(strbuf_string(&out), expected);
	strbuf_release(&out);
	helpers_free(h);
}

static void test_text(void **state)
{
	(void)state;
	expect_printed("extern int\n  f(struct a *b, /* what */ u32 c)\n\t__must_check;\n", "f",
		       "int f(struct a *b, u32 c)");
	expect_printed("static __always_inline bool f(int a) { return a; }\n", "f",
		       "bool f(int a)");
	expect_printed("#define f(a, \\\n\tb) (a + b)\n", "f", "f(a, b)");
	expect_printed("extern int f;\n", "f", "int f");
	expect_printed("struct a * __must_check f(void);\n", "f", "struct a *f(void)");
}

static unsigned int kind_of(const char *text, const char *name)
{
	struct helpers *h = read_text(text);
	size_t count;
	const struct declared_place *places = declared_places(h->declared, name, &count);
	unsigned int kind = count == 1 ? places->kind : 99;

	helpers_free(h);
	return kind;
}

static void test_kinds(void **state)
{
	(void)state;
	assert_int_equal(kind_of("struct a { int b; };\n", "a"), DECLARES_TAG);
	assert_int_equal(kind_of("struct a;\n", "a"), 99); /* of a tag alone nothing is declared */
	assert_int_equal(kind_of("struct a { int b; };\n", "b"), 99);
	assert_int_equal(kind_of("typedef struct { int b; } a_t;\n", "a_t"), DECLARES_TYPEDEF);
	assert_int_equal(kind_of("enum x { A, B = 2 };\n", "B"), DECLARES_ENUMERATOR);
	assert_int_equal(kind_of("extern struct list_head a;\n", "a"), DECLARES_OBJECT);
	assert_int_equal(kind_of("#define A 1\n", "A"), DECLARES_CONSTANT);
	assert_int_equal(kind_of("int f(void);\n", "f"), DECLARES_FUNCTION);
	assert_int_equal(kind_of("static inline int f(void) { return 0; }\n", "f"),
			 DECLARES_INLINE);
}

static enum declared_reach reach_of(const struct helpers *h, const char *from, const char *to)
{
	const struct declared *d = h->declared;
	uint8_t *reach = calloc(h->file_count + 1, 1);
	enum declared_reach is;

	assert_non_null(reach);
	assert_int_not_equal(declared_find(d, from), HELPER_NONE);
	assert_int_equal(declared_reach(d, declared_find(d, from), REACH_YES, reach, NULL), 0);
	is = (enum declared_reach)reach[declared_find(d, to)];
	free(reach);
	return is;
}

static void test_includes(void **state)
{
	/* asm/unaligned.h of x86 is a generated one: it leads to asm-generic/. */
	const char *const files[] = {
		"include/linux/a.h",
		"#include <linux/b.h>\n#ifdef SOME\n#include <linux/c.h>\n#endif\n",
		"include/linux/b.h",
		"#include \"sub/d.h\"\n#ifndef CONFIG_PM\n#include <linux/e.h>\n#endif\n",
		"include/linux/c.h",
		"#include <linux/a.h>\n",
		"include/linux/e.h",
		"\n",
		"include/linux/sub/d.h",
		"#include \"../f.h\"\n#include <linux/gone.h>\n",
		"include/linux/f.h",
		"#include <asm/unaligned.h>\n",
		"include/asm-generic/unaligned.h",
		"int x;\n",
		"arch/x86/include/generated/asm/unaligned.h",
		"#include <asm-generic/unaligned.h>\n",
		"include/uapi/linux/u.h",
		"\n",
		NULL};
	struct helpers *h = read_headers(files);

	(void)state;
	assert_int_equal(reach_of(h, "linux/a.h", "linux/a.h"), REACH_YES);
	assert_int_equal(reach_of(h, "linux/a.h", "asm-generic/unaligned.h"), REACH_YES);
	assert_int_equal(reach_of(h, "linux/a.h", "linux/c.h"), REACH_MAYBE);
	assert_int_equal(reach_of(h, "linux/a.h", "linux/e.h"), REACH_NOT);
	assert_int_equal(reach_of(h, "linux/c.h", "linux/f.h"), REACH_YES);
	assert_int_not_equal(declared_find(h->declared, "linux/u.h"), HELPER_NONE);
	assert_int_equal(declared_find(h->declared, "linux/gone.h"), HELPER_NONE);
	assert_int_equal(declared_find(h->declared, ""), HELPER_NONE);
	helpers_free(h);
}

static int add_text(void *ctx, const char *line)
{
	strbuf_adds(ctx, line);
	strbuf_addc(ctx, '\n');
	return 0;
}

static struct declared *read_lines(const char *text, struct ksa_error *err)
{
	struct declared *d;
	int r = declared_new_partial(&d, err);

	assert_int_equal(r, 0);
	while (*text && !r) {
		const size_t length = strcspn(text, "\n");

		r = declared_add_line(d, text, length, err);
		text += length + (text[length] != '\0');
	}
	if (!r)
		r = declared_finish(d, err);
	if (r) {
		declared_free(d);
		return NULL;
	}
	d->arch = "x86";
	return d;
}

static bool is_wanted(void *ctx, const struct declared_place *place)
{
	(void)ctx;
	return place->kind != DECLARES_ENUMERATOR;
}

/* Written, read again and written again: the same, and the same answers. */
static void test_lines(void **state)
{
	static const char expected[] =
		"include/linux/a.h >1 >2? f!2f m?+1m i-g cf2=f ssome ooops tu_t\n"
		"include/linux/b.h f!2f\n"
		"include/linux/c.h\n";
	const char *const files[] = {
		"include/linux/a.h",
		"#include <linux/b.h>\n#ifdef SOME\n#include <linux/c.h>\n#define m(a, ...) "
		"a\n#endif\n"
		"extern void f(int a, int b);\nstatic inline int g() { return 0; }\n#define f2 f\n"
		"struct some { int a; };\nextern int oops;\ntypedef int u_t;\nenum { E };\n",
		"include/linux/b.h",
		"void f(int a, int b);\n",
		"include/linux/c.h",
		"\n",
		NULL};
	struct helpers *h = read_headers(files);
	struct strbuf text = {.data = NULL}, again = {.data = NULL};
	struct declared *d;

	(void)state;
	declared_keep(h->declared, is_wanted, NULL);
	assert_int_equal(declared_each_line(h->declared, add_text, &text, NULL), 0);
	d = read_lines(strbuf_string(&text), NULL);
	assert_non_null(d);
	assert_int_equal(declared_each_line(d, add_text, &again, NULL), 0);
	assert_string_equal(strbuf_string(&text), strbuf_string(&again));
	/* The order within a line is that of names' numbers, which is not ours to know. */
	assert_int_equal(strlen(strbuf_string(&text)), strlen(expected));
	assert_non_null(strstr(strbuf_string(&text), " f!2f"));
	assert_non_null(strstr(strbuf_string(&text), " m?+1m"));
	assert_int_equal(declared_arity(d, "f2").most, 2);
	assert_true(declared_arity(d, "f").always_void);
	assert_false(declared_arity(d, "g").known);
	assert_int_not_equal(declared_find(d, "linux/b.h"), HELPER_NONE);
	strbuf_release(&text);
	strbuf_release(&again);
	declared_free(d);
	helpers_free(h);
}

/* Damaged lines are told, whatever they are. */
static void test_damaged(void **state)
{
	static const char *const texts[] = {"a.h x",	 "a.h f",    "a.h f2",
					    "a.h f300a", "a.h >",    "a.h >x",
					    "a.h >1",	 "a.h >0?x", "a.h c=b",
					    "a.h ca=",	 "a.h  f1a", "a.h m99999999999999999999a",
					    "a.h f-",	 " "};

	(void)state;
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		struct ksa_error err = {.code = 0};
		struct declared *d = read_lines(texts[i], &err);

		if (i + 1 < sizeof(texts) / sizeof(texts[0]) && d)
			fail_msg("'%s' is taken", texts[i]);
		if (!d)
			assert_int_equal(err.code, KSA_EFORMAT);
		declared_free(d);
	}
}

/* Nobody asked: nothing is kept. */
static void test_unwanted(void **state)
{
	struct header_options options = {.jobs = 1};
	struct header_set set = {.items = NULL};
	struct helpers *h;

	(void)state;
	add(&set, "include/linux/a.h", "#include <linux/b.h>\nint f(int a);\n");
	assert_int_equal(header_set_read(&set, &options, &h, NULL), 0);
	assert_null(h->declared);
	header_set_release(&set);
	helpers_free(h);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_arity),	 cmocka_unit_test(test_text),
		cmocka_unit_test(test_kinds),	 cmocka_unit_test(test_includes),
		cmocka_unit_test(test_unwanted), cmocka_unit_test(test_lines),
		cmocka_unit_test(test_damaged),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
