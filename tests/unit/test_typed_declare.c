// SPDX-License-Identifier: GPL-2.0-or-later
/* Declarations of functions, as kernel headers have them. */
#include "read/source/typed_declare.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>

#include "typedtext.h"

/* The text is read from a copy of exactly its size. */
static void expect(const char *text, const char *expected)
{
	struct arena arena = {.blocks = NULL};
	struct strbuf out = {.data = NULL};
	struct typed_reader *reader;
	struct typed_function *f;
	size_t length = strlen(text);
	unsigned char *copy = malloc(length + 1);

	assert_non_null(copy);
	memcpy(copy, text, length);
	copy = realloc(copy, length ? length : 1);
	assert_int_equal(typed_reader_new(&reader, NULL), 0);
	for (int i = 0; i < 2; i++) {
		assert_int_equal(typed_reader_function(reader, (struct span){copy, copy + length},
						       &arena, &f, NULL),
				 0);
		strbuf_reset(&out);
		if (f)
			typed_text_function(f, &out);
		assert_string_equal(strbuf_string(&out), expected);
	}
	typed_reader_free(reader);
	strbuf_release(&out);
	arena_release(&arena);
	free(copy);
}

static void test_plain(void **state)
{
	(void)state;
	expect("int f(void);", "int f()");
	expect("static inline void *f(struct a *b, u32 c) { return b; }",
	       "void * f(struct a *, u32)");
	expect("extern const char *f(const struct x *p, int argv[], ...);",
	       "const char * f(const struct x *, int [], ...)");
	expect("unsigned long long int f(long unsigned, short, signed char, unsigned x, bool b)",
	       "long long unsigned int f(long unsigned int, short int, signed char, unsigned int, "
	       "_Bool)");
	expect("struct a *f(union u v, enum e w);", "struct a * f(union u, enum e)");
	expect("char *const *f(char **const p)", "char *const* f(char **const)");
}

static void test_attributes(void **state)
{
	(void)state;
	expect("static __always_inline int __must_check f(struct a __user *p, void __iomem *q)",
	       "int f(struct a *, void *)");
	expect("__printf(1, 2) __cold void f(const char *fmt, ...)", "void f(const char *, ...)");
	expect("static inline __attribute__((unused)) u64 f(gfp_t g) __must_hold(&x)",
	       "u64 f(gfp_t)");
	expect("static inline int __f(int a __maybe_unused, __le16 __unused) __acquires(x) {",
	       "int __f(int, __le16)");
	expect("extern asmlinkage long f(const char __user *name, umode_t);",
	       "long int f(const char *, umode_t)");
	expect("noinline_for_stack bool f(void)", "_Bool f()");
	expect("static inline __u32 __f(__be32 a)", "__u32 __f(__be32)");
	expect("struct x *__must_check f(void) __attribute__((warn_unused_result));",
	       "struct x * f()");
	expect("__wsum f(__sum16 a)", "__wsum f(__sum16)");
}

static void test_functions_of_functions(void **state)
{
	(void)state;
	expect("int f(int (*g)(void *data, int), void *data)",
	       "int f(int (*)(void *, int), void *)");
	expect("int (*f(int a))(long);", "int (*)(long int) f(int)");
	expect("int f(irq_handler_t h, void (*)(struct work_struct *))",
	       "int f(irq_handler_t, void (*)(struct work_struct *))");
	expect("void (f)(int)", "void f(int)");
}

/* What is not clear is said, never guessed. */
static void test_unclear(void **state)
{
	(void)state;
	expect("int f();", "int f(?)");
	expect("int f(typeof(x) a, int b)", "int f(?, int)");
	expect("FOO BAR f(int)", "? f(int)");
	expect("int f(MACRO(a, b) c, int d)", "int f(?, int?)");
	expect("int f(int (*p)[2])", "int f(?)");
	expect("int x;", "");
	expect("typedef int f(int);", "");
	expect("DEFINE_MUTEX(x);", "");
	expect("int (*f)(int);", "");
	expect("struct f { int (*f)(int); };", "");
	expect("int f(((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((",
	       "");
	expect("", "");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_plain),
		cmocka_unit_test(test_attributes),
		cmocka_unit_test(test_functions_of_functions),
		cmocka_unit_test(test_unclear),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
