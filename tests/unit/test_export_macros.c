// SPDX-License-Identifier: GPL-2.0-or-later
#include "read/rules/export_macros.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <stdio.h>

#include <cmocka.h>

static int read_string(const char *text, struct arena *arena, struct export_macros *out,
		       struct ksa_error *err)
{
	return export_macros_read_text("m.yaml", (const unsigned char *)text, strlen(text), arena,
				       out, err);
}

/* A table with one entry in each list, of which one is given. */
#define MACROS	       "- {macro: EXPORT_A, class: plain, in: a.h}\n"
#define ARGUMENTS      "- {path: a.c, argument: F, names: [x], in: a.h}\n"
#define INCLUDES       "- {header: a.h, namespace: A}\n"
#define TABLE(m, a, i) "schema: 1\nmacros:\n" m "arguments:\n" a "includes:\n" i

static void test_entries(void **state)
{
	static const char text[] = TABLE(
		"- {macro: EXPORT_B, class: gpl, namespace: \"module:{2}\", in: a.h, since: "
		"\"6.1\"}\n"
		"- macro: EXPORT_A\n  class: unused-gpl\n  in: a.h\n  namespace: default\n"
		"  names: [\"n_{1}\"]\n  functions: [\"f_{1}\"]\n  objects: [\"o_{1}\", \"{2}\"]\n"
		"- {macro: EXPORT_B, class: none, path: \"b/*\", in: a.h, until: \"6.2\"}\n"
		"- {macro: DEFINE_B, class: gpl-future, path: b.c, in: a.h}\n",
		ARGUMENTS, INCLUDES "- {header: b.h, path: b.c, macro: GEN, arguments: [x, y]}\n");
	struct arena arena = {0};
	struct ksa_error err = {0};
	struct export_macros t;
	const struct export_macro *m;

	(void)state;
	assert_int_equal(read_string(text, &arena, &t, &err), 0);
	assert_string_equal(err.text, "");
	assert_int_equal(t.macro_count, 4);
	m = t.macros;
	assert_string_equal(m[0].macro, "DEFINE_B");
	assert_true(m[0].unmarked);
	assert_int_equal(m[0].cls, KSA_CLASS_GPL_FUTURE);
	assert_int_equal(m[0].name_count, 1);
	assert_string_equal(m[0].names[0].text, "{1}");
	assert_string_equal(m[1].macro, "EXPORT_A");
	assert_int_equal(m[1].cls, KSA_CLASS_UNUSED_GPL);
	assert_true(m[1].default_ns);
	assert_null(m[1].ns);
	assert_int_equal(m[1].name_count, 4);
	assert_string_equal(m[1].names[0].text, "o_{1}");
	assert_int_equal(m[1].names[1].kind, KSA_KIND_OBJECT);
	assert_string_equal(m[1].names[2].text, "f_{1}");
	assert_int_equal(m[1].names[2].kind, KSA_KIND_FUNCTION);
	assert_int_equal(m[1].names[3].kind, KSA_KIND_UNKNOWN);
	/* of one name those with a path come first */
	assert_string_equal(m[2].path, "b/*");
	assert_int_equal(m[2].name_count, 0);
	assert_null(m[3].path);
	assert_string_equal(m[3].ns, "module:{2}");
	assert_false(m[3].default_ns || m[3].unmarked);
	assert_int_equal(t.argument_count, 1);
	assert_string_equal(t.arguments[0].argument, "F");
	assert_string_equal(t.arguments[0].names[0], "x");
	assert_null(t.arguments[0].names[1]);
	assert_int_equal(t.include_count, 2);
	assert_string_equal(t.includes[0].ns, "A");
	assert_null(t.includes[0].macro);
	assert_string_equal(t.includes[1].arguments[1], "y");
	assert_null(t.includes[1].arguments[2]);
	arena_release(&arena);
}

static const struct {
	const char *text;
	unsigned int line;
	const char *message;
} bad_cases[] = {
	{"schema: 2\nmacros: []\narguments: []\nincludes: []\n", 1,
	 "has the schema '2', expected 1"},
	{"schema: 1\nmacros: []\narguments: []\n", 4, "has no key 'includes'"},
	{TABLE("- x\n", ARGUMENTS, INCLUDES), 3, "expected a mapping"},
	{TABLE("- [x]\n", ARGUMENTS, INCLUDES), 3, "expected a mapping"},
	{TABLE(MACROS, "- x\n", INCLUDES), 5, "expected a mapping"},
	{TABLE(MACROS, ARGUMENTS, "- x\n"), 7, "expected a mapping"},
	{TABLE(MACROS MACROS, ARGUMENTS, INCLUDES), 4, "has the macro 'EXPORT_A' again"},
	{TABLE("- {macro: EXPORT-A, class: plain, in: a.h}\n", ARGUMENTS, INCLUDES), 3,
	 "has the macro 'EXPORT-A', expected a C identifier"},
	{TABLE("- {macro: 1EXPORT, class: plain, in: a.h}\n", ARGUMENTS, INCLUDES), 3,
	 "has the macro '1EXPORT', expected a C identifier"},
	{TABLE("- {macro: EXPORT_A, class: free, in: a.h}\n", ARGUMENTS, INCLUDES), 3,
	 "has the class 'free', expected plain, gpl, gpl-future, unused, unused-gpl or none"},
	{TABLE("- {macro: EXPORT_A, class: unknown, in: a.h}\n", ARGUMENTS, INCLUDES), 3,
	 "has the class 'unknown', expected plain, gpl, gpl-future, unused, unused-gpl or none"},
	{TABLE("- {macro: EXPORT_A, in: a.h}\n", ARGUMENTS, INCLUDES), 3, "has no key 'class'"},
	{TABLE("- {macro: EXPORT_A, class: plain, in: a.h, since: soon}\n", ARGUMENTS, INCLUDES), 3,
	 "has the since 'soon', expected a release like \"6.12\""},
	{TABLE("- {macro: EXPORT_A, class: plain, in: a.h, until: v6}\n", ARGUMENTS, INCLUDES), 3,
	 "has the until 'v6', expected a release like \"6.12\""},
	{TABLE("- {macro: EXPORT_A, class: plain, in: a.h, names: []}\n", ARGUMENTS, INCLUDES), 3,
	 "'names' is empty, leave the key out"},
	{TABLE("- {macro: EXPORT_A, class: plain, in: a.h, objects: [\"{0}\"]}\n", ARGUMENTS,
	       INCLUDES),
	 3, "has the name '{0}', expected one like __x_{1}"},
	{TABLE("- {macro: EXPORT_A, class: plain, in: a.h, functions: [\"a b\"]}\n", ARGUMENTS,
	       INCLUDES),
	 3, "has the name 'a b', expected one like __x_{1}"},
	{TABLE("- {macro: EXPORT_A, class: plain, in: a.h, namespace: \"a;b\"}\n", ARGUMENTS,
	       INCLUDES),
	 3, "has the namespace 'a;b', expected text or \"{2}\""},
	{TABLE("- {macro: DEFINE_A, class: plain, in: a.h}\n", ARGUMENTS, INCLUDES), 3,
	 "has the macro 'DEFINE_A' without EXPORT in its name, which needs a path"},
	{TABLE(MACROS, "- {path: a.c, argument: F, names: [\"a-b\"], in: a.h}\n", INCLUDES), 5,
	 "has the name 'a-b', expected one like __x_{1}"},
	{TABLE(MACROS, ARGUMENTS, "- {header: a.h}\n"), 7,
	 "needs either macro and arguments, or namespace"},
	{TABLE(MACROS, ARGUMENTS, "- {header: a.h, macro: GEN}\n"), 7,
	 "needs either macro and arguments, or namespace"},
	{TABLE(MACROS, ARGUMENTS, "- {header: a.h, macro: G, arguments: [a], namespace: N}\n"), 7,
	 "needs either macro and arguments, or namespace"},
	{TABLE(MACROS, ARGUMENTS, "- {header: a.h, macro: \"G()\", arguments: [a]}\n"), 7,
	 "has the macro 'G()', expected a C identifier"},
};

static void test_bad_tables(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(bad_cases) / sizeof(*bad_cases); i++) {
		struct arena arena = {0};
		struct ksa_error err = {0};
		struct export_macros t = {.macro_count = 7};

		assert_int_equal(read_string(bad_cases[i].text, &arena, &t, &err), KSA_EFORMAT);
		assert_string_equal(err.text, bad_cases[i].message);
		assert_string_equal(err.source, "m.yaml");
		assert_int_equal(err.line, bad_cases[i].line);
		assert_int_equal(t.macro_count, 7);
		arena_release(&arena);
	}
}

static void test_too_large(void **state)
{
	static char text[EXPORT_MACROS_LIMIT + 2];
	struct arena arena = {0};
	struct ksa_error err = {0};
	struct export_macros t;

	(void)state;
	memset(text, '#', sizeof(text) - 1);
	assert_int_equal(read_string(text, &arena, &t, &err), KSA_ELIMIT);
	arena_release(&arena);
}

static void same_text(const char *a, const char *b)
{
	assert_int_equal(!a, !b);
	if (a)
		assert_string_equal(a, b);
}

static void same_list(const char *const *a, const char *const *b)
{
	size_t i = 0;

	assert_int_equal(!a, !b);
	for (; a && a[i]; i++)
		same_text(a[i], b[i]);
	assert_true(!a || !b[i]);
}

/* What is compiled in is what the file says. */
static void test_builtin(void **state)
{
	const struct export_macros *built = &export_macros_builtin;
	struct arena arena = {0};
	struct ksa_error err = {0};
	struct export_macros t;

	(void)state;
	assert_int_equal(export_macros_read_file("rules/export-macros.yaml", &arena, &t, &err), 0);
	assert_int_equal(built->macro_count, t.macro_count);
	for (size_t i = 0; i < t.macro_count; i++) {
		const struct export_macro *a = &t.macros[i], *b = &built->macros[i];

		same_text(a->macro, b->macro);
		same_text(a->path, b->path);
		same_text(a->ns, b->ns);
		assert_int_equal(a->cls, b->cls);
		assert_int_equal(a->default_ns, b->default_ns);
		assert_int_equal(a->unmarked, b->unmarked);
		assert_int_equal(a->name_count, b->name_count);
		for (size_t k = 0; k < a->name_count; k++) {
			same_text(a->names[k].text, b->names[k].text);
			assert_int_equal(a->names[k].kind, b->names[k].kind);
		}
	}
	assert_int_equal(built->argument_count, t.argument_count);
	for (size_t i = 0; i < t.argument_count; i++) {
		same_text(t.arguments[i].path, built->arguments[i].path);
		same_text(t.arguments[i].argument, built->arguments[i].argument);
		same_list(t.arguments[i].names, built->arguments[i].names);
	}
	assert_int_equal(built->include_count, t.include_count);
	for (size_t i = 0; i < t.include_count; i++) {
		same_text(t.includes[i].header, built->includes[i].header);
		same_text(t.includes[i].path, built->includes[i].path);
		same_text(t.includes[i].macro, built->includes[i].macro);
		same_text(t.includes[i].ns, built->includes[i].ns);
		same_list(t.includes[i].arguments, built->includes[i].arguments);
	}
	arena_release(&arena);
}

/* A macro whose name says GPL-only never gives a plain export. */
static void test_names_do_not_lie(void **state)
{
	(void)state;
	for (size_t i = 0; i < export_macros_builtin.macro_count; i++) {
		const struct export_macro *m = &export_macros_builtin.macros[i];

		if (strstr(m->macro, "GPL"))
			assert_true(m->cls != KSA_CLASS_PLAIN && m->cls != KSA_CLASS_UNUSED);
		if (m->ns && strncmp(m->ns, "module:", 7) == 0)
			assert_int_equal(m->cls, KSA_CLASS_GPL);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_entries),		 cmocka_unit_test(test_bad_tables),
		cmocka_unit_test(test_too_large),	 cmocka_unit_test(test_builtin),
		cmocka_unit_test(test_names_do_not_lie),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
