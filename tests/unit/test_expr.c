// SPDX-License-Identifier: GPL-2.0-or-later
/* The expressions of #if, held against what the compiler's own preprocessor says of them. */
#include "read/source/expr.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/strbuf.h"
#include "unit/ccbuild.h"

/* What the names of the test stand for. The same text is the compiler's, as macros. */
static const char definitions[] = "#define LINUX_VERSION_CODE 393473\n" /* 6.1.1 */
				  "#define CONFIG_BUILTIN 1\n"
				  "#define CONFIG_MOD_MODULE 1\n"
				  "#define ZERO 0\n"
				  "#define MINUS (-1)\n"
				  "#define EMPTY\n";

/* As include/linux/kconfig.h and include/generated/uapi/linux/version.h have them. */
static const char helpers[] =
	"#define KERNEL_VERSION(a,b,c) (((a) << 16) + ((b) << 8) + ((c) > 255 ? 255 : (c)))\n"
	"#define __ARG_PLACEHOLDER_1 0,\n"
	"#define __take_second_arg(__ignored, val, ...) val\n"
	"#define __or(x, y) ___or(x, y)\n"
	"#define ___or(x, y) ____or(__ARG_PLACEHOLDER_##x, y)\n"
	"#define ____or(arg1_or_junk, y) __take_second_arg(arg1_or_junk 1, y)\n"
	"#define __and(x, y) ___and(x, y)\n"
	"#define ___and(x, y) ____and(__ARG_PLACEHOLDER_##x, y)\n"
	"#define ____and(arg1_or_junk, y) __take_second_arg(arg1_or_junk y, 0)\n"
	"#define __is_defined(x) ___is_defined(x)\n"
	"#define ___is_defined(val) ____is_defined(__ARG_PLACEHOLDER_##val)\n"
	"#define ____is_defined(arg1_or_junk) __take_second_arg(arg1_or_junk 1, 0)\n"
	"#define IS_BUILTIN(option) __is_defined(option)\n"
	"#define IS_MODULE(option) __is_defined(option##_MODULE)\n"
	"#define IS_REACHABLE(option) __or(IS_BUILTIN(option), \\\n"
	"	__and(IS_MODULE(option), __is_defined(MODULE)))\n"
	"#define IS_ENABLED(option) __or(IS_BUILTIN(option), IS_MODULE(option))\n";

static enum cond_value defined(void *ctx, struct span name)
{
	static const char *const known[] = {"LINUX_VERSION_CODE",
					    "CONFIG_BUILTIN",
					    "CONFIG_MOD_MODULE",
					    "ZERO",
					    "MINUS",
					    "EMPTY",
					    NULL};

	(void)ctx;
	for (size_t i = 0; known[i]; i++)
		if (span_is(name, known[i]))
			return COND_TRUE;
	return *name.at == 'U' ? COND_UNKNOWN : COND_FALSE;
}

static bool value(void *ctx, struct span name, long long *out)
{
	(void)ctx;
	*out = span_is(name, "LINUX_VERSION_CODE") ? 393473
	       : span_is(name, "CONFIG_BUILTIN")   ? 1
	       : span_is(name, "MINUS")		   ? -1
						   : 0;
	return *out || span_is(name, "ZERO");
}

static struct span span_of(const char *text)
{
	const unsigned char *at = (const unsigned char *)text;

	return (struct span){at, at + strlen(text)};
}

static enum cond_value evaluate(const char *text)
{
	const struct expr_names names = {.defined = defined, .value = value};

	return expr_evaluate(span_of(text), &names);
}

/* All known, none broken: each must be exactly what the compiler finds. */
static const char *const known[] = {
	"0",
	"1",
	"00",
	"0x0",
	"0b11 == 3",
	"010 == 8",
	"0xFfuL == 255",
	"1ll",
	"0u",
	"10LLU == 10",
	"18446744073709551615u == -1",
	"0xffffffffffffffff == -1",
	"-1 < 0",
	"-1 < 0u",
	"-1 > 0u",
	"0x8000000000000000 > 0",
	"9223372036854775807 > 0",
	"!0",
	"!!2",
	"!defined(X)",
	"! defined X",
	"defined ( ZERO )",
	"defined(EMPTY) && !defined NOTHING",
	"~0 == -1",
	"- -1 == 1",
	"+3 == 3",
	"~0u > 5",
	"1 + 2 * 3 == 7",
	"(1 + 2) * 3 == 9",
	"10 - 4 - 3 == 3",
	"100 / 10 / 5 == 2",
	"-7 / 2 == -3",
	"-7 % 3 == -1",
	"7 % -3 == 1",
	"-7 / 2u > 5",
	"1 << 4 == 16",
	"1 << 2 + 1 == 8",
	"-8 >> 1 == -4",
	"-8 >> 1u < 0",
	"1u << 63 >> 63 == 1",
	"(1 << 63) < 0",
	"1 < 2 == 1",
	"3 > 2 > 1",
	"1 == 1 == 1",
	"2 != 2 || 1",
	"6 & 3 == 3",
	"(6 & 3) == 2",
	"6 | 1 & 0",
	"6 ^ 6",
	"5 ^ 1 | 0",
	"1 | 2 ^ 3 & 4",
	"1 || 0 && 0",
	"0 && 0 || 1",
	"0 || 0",
	"2 && 4",
	"1 ? 0 : 1",
	"0 ? 0 : 1 ? 2 : 0",
	"(1 ? -1 : 0u) > 0",
	"1 ? 2 ? 0 : 1 : 1",
	"'A' == 65",
	"'\\n' == 10",
	"'\\0'",
	"'\\x41' == 0101",
	"'\\101' == 'A'",
	"'\\''",
	"'ab' == 'a' * 256 + 'b'",
	"NOTHING",
	"NOTHING == 0",
	"NOTHING + 1",
	"ZERO",
	"MINUS < 0",
	"0 && (1 / 0)",
	"LINUX_VERSION_CODE >= KERNEL_VERSION(6,1,0)",
	"LINUX_VERSION_CODE < KERNEL_VERSION( 6 , 1 , 2 )",
	"LINUX_VERSION_CODE >= KERNEL_VERSION(6,1,2)",
	"KERNEL_VERSION(4,9,300) == KERNEL_VERSION(4,9,255)",
	"KERNEL_VERSION(2+3,1<<1,(3)) == 0x50203",
	"LINUX_VERSION_CODE / 65536 == 6",
	"((LINUX_VERSION_CODE >> 8) & 0xff) == 1",
	"IS_ENABLED(CONFIG_BUILTIN)",
	"IS_ENABLED(CONFIG_MOD)",
	"IS_ENABLED(CONFIG_NOT)",
	"IS_BUILTIN(CONFIG_BUILTIN)",
	"IS_BUILTIN(CONFIG_MOD)",
	"IS_MODULE(CONFIG_BUILTIN)",
	"IS_MODULE(CONFIG_MOD)",
	"IS_REACHABLE(CONFIG_MOD)",
	"IS_REACHABLE(CONFIG_BUILTIN)",
	"!IS_ENABLED(CONFIG_MOD) || defined(CONFIG_NOT)",
	"1 /* one */ == /* and */ 1 // the same",
	"1 \\\n && \\\n 0",
	"defined(RHEL_RELEASE_CODE) && (RHEL_RELEASE_CODE > 5)",
	"(defined(ZERO) && (ZERO > 5)) || !defined(ZERO)",
	NULL,
};

static void test_compiler(void **state)
{
	struct strbuf source = {0};
	struct ccbuild_file file;
	const char *at, *line;

	(void)state;
	strbuf_adds(&source, definitions);
	strbuf_adds(&source, helpers);
	for (size_t i = 0; known[i]; i++)
		strbuf_printf(&source, "#if %s\nr%zu=1\n#else\nr%zu=0\n#endif\n", known[i], i, i);
	file = ccbuild(strbuf_string(&source), "-E -P", false);
	strbuf_reset(&source);
	strbuf_add(&source, file.data, file.size);
	at = strbuf_string(&source);
	for (size_t i = 0; known[i]; i++) {
		enum cond_value truth;
		char name[32];

		snprintf(name, sizeof(name), "r%zu=", i);
		line = strstr(at, name);
		assert_non_null(line);
		truth = line[strlen(name)] == '1' ? COND_TRUE : COND_FALSE;
		if (evaluate(known[i]) != truth)
			fail_msg("'%s' is %s", known[i], truth == COND_TRUE ? "true" : "false");
		at = line;
	}
	ccbuild_release(&file);
	strbuf_release(&source);
}

/* With names of which nothing is known: U1, U2. */
static const struct {
	const char *text;
	enum cond_value value;
} unknown[] = {
	{"U1", COND_UNKNOWN},
	{"!U1", COND_UNKNOWN},
	{"-U1", COND_UNKNOWN},
	{"U1 && U2", COND_UNKNOWN},
	{"U1 && 1", COND_UNKNOWN},
	{"U1 && 0", COND_FALSE},
	{"0 && U1", COND_FALSE},
	{"U1 || 0", COND_UNKNOWN},
	{"U1 || 1", COND_TRUE},
	{"1 || U1 && 0", COND_TRUE},
	{"defined(U1)", COND_UNKNOWN},
	{"!defined U1 || 1", COND_TRUE},
	{"defined(U1) && NOTHING", COND_FALSE},
	{"U1 > 5", COND_UNKNOWN},
	{"U1 + 1 == U1 + 1", COND_UNKNOWN},
	{"U1 ? 1 : 1", COND_TRUE},
	{"U1 ? 0 : 0", COND_FALSE},
	{"U1 ? 1 : 0", COND_UNKNOWN},
	{"1 ? U1 : 0", COND_UNKNOWN},
	{"0 ? U1 : 3", COND_TRUE},
	{"IS_ENABLED(U1)", COND_UNKNOWN},
	{"IS_ENABLED(U1) && 0", COND_FALSE},
	{"LINUX_VERSION_CODE < KERNEL_VERSION(U1,0,0)", COND_UNKNOWN},
	{"LINUX_VERSION_CODE < KERNEL_VERSION(5,0,0) && defined(U1)", COND_FALSE},
	{NULL, COND_UNKNOWN},
};

/* What is said to be certain holds for each value that the unknown names may have. */
static void test_unknown(void **state)
{
	static const char *const values[] = {
		"#undef U1\n#undef U2\n", "#define U1 0\n#define U2 1\n",
		"#define U1 1\n#define U2 0\n", "#define U1 7\n#define U2 9\n"};

	(void)state;
	for (size_t i = 0; unknown[i].text; i++)
		if (evaluate(unknown[i].text) != unknown[i].value)
			fail_msg("'%s'", unknown[i].text);
	for (size_t v = 0; v < sizeof(values) / sizeof(*values); v++) {
		struct strbuf source = {0};
		struct ccbuild_file file;

		strbuf_printf(&source, "%s%s%s", definitions, helpers, values[v]);
		for (size_t i = 0; unknown[i].text; i++)
			if (unknown[i].value != COND_UNKNOWN)
				strbuf_printf(&source,
					      "#if !(%s) != %d\n#error %zu is wrong\n#endif\n",
					      unknown[i].text, unknown[i].value == COND_FALSE, i);
		file = ccbuild(strbuf_string(&source), "-E", false);
		ccbuild_release(&file);
		strbuf_release(&source);
	}
}

/* What the compiler refuses, or what only the kernel to come can tell. */
static void test_broken(void **state)
{
	static const char *const texts[] = {"",
					    "(",
					    "(1",
					    "1)",
					    "1 1",
					    "1 +",
					    "&& 1",
					    "0x",
					    "0xg",
					    "09",
					    "0b2",
					    "1abc",
					    "1lul",
					    "1.5",
					    "1 ? 2",
					    "1 ? 2 :",
					    "1 : 2",
					    "defined",
					    "defined(",
					    "defined 1",
					    "1 / 0",
					    "'",
					    "''",
					    "'a",
					    "\"a\"",
					    "1 = 1",
					    "1, 2",
					    "F(1)",
					    "F(",
					    "1 || F(",
					    "1 << 99",
					    "1 << -1",
					    "L'a'",
					    "'\\q'",
					    "'\\777'",
					    "#",
					    "1 #",
					    "KERNEL_VERSION(1,2)",
					    "IS_ENABLED()",
					    "IS_ENABLED(1)",
					    "99999999999999999999",
					    "__has_include(<linux/x.h>)",
					    NULL};

	(void)state;
	for (size_t i = 0; texts[i]; i++)
		if (evaluate(texts[i]) != COND_UNKNOWN)
			fail_msg("'%s'", texts[i]);
	assert_int_equal(expr_evaluate(span_of("X"), NULL), COND_UNKNOWN);
	assert_int_equal(expr_evaluate(span_of("0 && X"), NULL), COND_FALSE);
	assert_int_equal(expr_evaluate(span_of("1 || X(2)"), NULL), COND_TRUE);
}

/* Depth is bounded, whatever the brackets and operators are made of. */
static void test_deep(void **state)
{
	static const char *const pieces[] = {
		"(", "!", "- ", "1?", "1?1:", "1&&(", "KERNEL_VERSION("};

	(void)state;
	for (size_t i = 0; i < sizeof(pieces) / sizeof(*pieces); i++) {
		struct strbuf text = {0};

		for (size_t n = 0; n < 100000; n++)
			strbuf_adds(&text, pieces[i]);
		assert_int_equal(evaluate(strbuf_string(&text)), COND_UNKNOWN);
		strbuf_release(&text);
	}
	assert_int_equal(evaluate("((((((((((((((((((((1))))))))))))))))))))"), COND_TRUE);
}

static void test_number(void **state)
{
	const struct expr_names names = {.defined = defined, .value = value};
	long long n;

	(void)state;
	assert_true(expr_number(span_of("LINUX_VERSION_CODE"), &names, &n));
	assert_int_equal(n, 393473);
	assert_true(expr_number(span_of("(KERNEL_VERSION(6,1,1) + MINUS)"), &names, &n));
	assert_int_equal(n, 393472);
	assert_false(expr_number(span_of("U1"), &names, &n));
	assert_false(expr_number(span_of(""), &names, &n));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_compiler), cmocka_unit_test(test_unknown),
		cmocka_unit_test(test_broken),	 cmocka_unit_test(test_deep),
		cmocka_unit_test(test_number),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
