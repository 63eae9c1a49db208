// SPDX-License-Identifier: GPL-2.0-or-later
#include "read/source.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/strbuf.h"

/*
 * What a file exports as one text: "name class namespace@line flags" a piece, joined by "; ".
 * Flags: d takes a default namespace, p pasted, o object. Gaps are "?macro@line".
 */
static void describe(const struct source_scan *scan, struct strbuf *out)
{
	for (size_t i = 0; i < scan->export_count; i++) {
		const struct source_export *e = &scan->exports[i];

		strbuf_printf(out, "%s%s %s %s@%u %s%s%s", out->length ? "; " : "", e->name,
			      ksa_class_name(e->cls), e->ns ? e->ns : "-", (unsigned int)e->line,
			      e->default_ns ? "d" : "", e->pasted ? "p" : "",
			      e->kind == KSA_KIND_OBJECT ? "o" : "");
	}
	for (size_t i = 0; i < scan->gap_count; i++)
		strbuf_printf(out, "%s?%s@%u", out->length ? "; " : "", scan->gaps[i].macro,
			      (unsigned int)scan->gaps[i].line);
}

/* Scan a copy of exactly the right size, so that a sanitizer sees a read beyond it. */
static void scan_copy(struct source_scan *scan, const char *path, const char *text, size_t size)
{
	struct ksa_error err = {0};
	unsigned char *copy = malloc(size ? size : 1);
	int status;

	assert_non_null(copy);
	memcpy(copy, text, size);
	status = source_scan(scan, path, copy, size, &err);
	free(copy);
	assert_string_equal(err.text, "");
	assert_int_equal(status, 0);
}

static void expect_in(const char *path, const char *text, const char *expected)
{
	struct source_scan scan = {.license = NULL};
	struct strbuf out = {0};

	scan_copy(&scan, path, text, strlen(text));
	describe(&scan, &out);
	assert_string_equal(strbuf_string(&out), expected);
	strbuf_release(&out);
	source_scan_release(&scan);
}

#define EXPECT(text, expected) expect_in("a.c", text, expected)

static void test_base_forms(void **state)
{
	(void)state;
	EXPECT("EXPORT_SYMBOL(a);\nEXPORT_SYMBOL_GPL(b);\n", "a plain -@1 d; b gpl -@2 d");
	EXPECT("EXPORT_SYMBOL_NS(a, NS);\nEXPORT_SYMBOL_NS_GPL(b, \"N\" \"S\");\n",
	       "a plain NS@1 ; b gpl NS@2 ");
	EXPECT("EXPORT_SYMBOL_FOR_MODULES(a, \"kvm,b-*\");", "a gpl module:kvm,b-*@1 ");
	EXPECT("EXPORT_SYMBOL\n(\n a\n)EXPORT_SYMBOL_GPL (b)", "a plain -@1 d; b gpl -@4 d");
}

static void test_dead_text(void **state)
{
	(void)state;
	EXPECT("/* EXPORT_SYMBOL(a); */ // EXPORT_SYMBOL(b);\n\"EXPORT_SYMBOL(c)\"\n"
	       "#define X(x) EXPORT_SYMBOL(x)\n#if 0\nEXPORT_SYMBOL(d);\n#if 1\nEXPORT_SYMBOL(e);\n"
	       "#endif\n#else\nEXPORT_SYMBOL(f);\n#endif\n#if 1\n#else\nEXPORT_SYMBOL(g);\n#endif",
	       "f plain -@10 d");
}

static void test_own_macros(void **state)
{
	(void)state;
	EXPECT("#define GEN(n) \\\n int get_##n(void); \\\n EXPORT_SYMBOL(get_##n)\nGEN(a)\nGEN(b)",
	       "get_a plain -@4 dp; get_b plain -@5 dp");
	EXPECT("#define foo bar\nEXPORT_SYMBOL(foo);", "bar plain -@2 dp");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_base_forms),
		cmocka_unit_test(test_dead_text),
		cmocka_unit_test(test_own_macros),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
