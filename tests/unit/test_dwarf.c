// SPDX-License-Identifier: GPL-2.0-or-later
/* Declarations from the debug information that a compiler writes. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "read/debug/dwarf_declare.h"
#include "unit/ccbuild.h"

#define COUNT(a) (sizeof(a) / sizeof(*(a)))

/* The declaration that the source has in a line of its own, and what is to be read. */
struct expected {
	const char *source, *name, *text;
};

static const struct expected functions[] = {
	{"void f0(void)", "f0", "void f0(void)"},
	{"int f1(int a)", "f1", "int f1(int a)"},
	{"int f2(int a, ...)", "f2", "int f2(int a, ...)"},
	{"unsigned long f3(const char *fmt, ...)", "f3",
	 "long unsigned int f3(const char *fmt, ...)"},
	{"struct page *f4(struct file *f)", "f4", "struct page *f4(struct file *f)"},
	{"const char *const *f5(u64 x)", "f5", "const char *const *f5(u64 x)"},
	{"enum e f6(union u u, volatile int *v)", "f6", "enum e f6(union u u, volatile int *v)"},
	{"void f7(int (*cb)(void *, int n))", "f7", "void f7(int (*cb)(void *, int))"},
	{"void (*f8(int sig, void (*f)(int)))(int)", "f8",
	 "void (*f8(int sig, void (*f)(int)))(int)"},
	{"void f9(struct page *(*a)[4])", "f9", "void f9(struct page *(*a)[4])"},
	{"void f10(void *volatile *const p)", "f10", "void f10(void *volatile *const p)"},
	{"void f11(char *restrict p, _Bool b)", "f11", "void f11(char *restrict p, _Bool b)"},
	{"void f12(struct { int a; } *p)", "f12", "void f12(struct { ... } *p)"},
	{"void f13(int n, char b[const])", "f13", "void f13(int n, char *const b)"},
	/* As BTF has it, where arrays have one dimension. */
	{"void f14(int (*p)[2][3])", "f14", "void f14(int (*p)[6])"},
};

static const struct expected objects[] = {
	{"unsigned long v0", "v0", "long unsigned int v0"},
	{"struct page v1[2]", "v1", "struct page v1[2]"},
	{"const char *const v2[3] = {0}", "v2", "const char *const v2[3]"},
	{"int (*v3)(int)", "v3", "int (*v3)(int)"},
	{"void *(*v4[2])(void)", "v4", "void *(*v4[2])(void)"},
	{"void (*const v5)(void) = 0", "v5", "void (*const v5)(void)"},
	{"volatile u64 v6", "v6", "volatile u64 v6"},
	{"int v7[2][3]", "v7", "int v7[6]"},
};

static const char prologue[] =
	"typedef unsigned long long u64;\n"
	"struct file; struct page { int x; }; union u { int a; long b; }; enum e { A };\n"
	/* declared first: the definition refers to it */
	"extern int declared_first[];\n"
	"int *uses_it(void) { return declared_first; }\n"
	"extern int elsewhere(int);\n"
	"static int __attribute__((noinline, used)) hidden(int x) { return elsewhere(x) + 1; }\n";
#define PROLOGUE_LINES 6

static const char epilogue[] =
	"int declared_first[5] = {1};\n"
	"int twice(int x) { return x * 2; }\n"
	"int inlined(int x) { return twice(x) + hidden(x); }\n"
	"__asm__(\".text\\n.globl elsewhere\\n.type elsewhere, %function\\nelsewhere:\\n\");\n"
	"int start(int x) { return inlined(x) + inlined(x + 1); }\n";

/* All of it, one declaration a line. */
static char *make_source(void)
{
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	assert_non_null(out);
	fputs(prologue, out);
	for (size_t i = 0; i < COUNT(functions); i++)
		fprintf(out, "%s { __builtin_trap(); }\n", functions[i].source);
	for (size_t i = 0; i < COUNT(objects); i++)
		fprintf(out, "%s;\n", objects[i].source);
	fputs(epilogue, out);
	assert_int_equal(fclose(out), 0);
	return text;
}

/* Names that are asked for, and what comes of it. */
struct answer {
	struct strmap names;
	struct dwarf_declared items[64];
	struct dwarf_wanted wanted;
	struct arena arena;
	struct ksa_error err;
	int code;
};

static uint32_t want(struct answer *a, const char *name)
{
	uint32_t index = (uint32_t)a->wanted.count;

	assert_true(index < COUNT(a->items));
	a->wanted.count += (size_t)(strmap_add(&a->names, name, &index, NULL) == 1);
	return index;
}

static void want_all(struct answer *a)
{
	static const char *const others[] = {"declared_first", "twice",	  "inlined", "hidden",
					     "elsewhere",      "uses_it", "nothing"};

	for (size_t i = 0; i < COUNT(functions); i++)
		want(a, functions[i].name);
	for (size_t i = 0; i < COUNT(objects); i++)
		want(a, objects[i].name);
	for (size_t i = 0; i < COUNT(others); i++)
		want(a, others[i]);
}

static void ask(struct answer *a, const struct ccbuild_file *file, unsigned int workers)
{
	struct elf_file elf;

	a->wanted.names = &a->names;
	a->wanted.items = a->items;
	a->wanted.arena = &a->arena;
	a->wanted.workers = workers;
	a->code = elf_open(&elf, file->data, file->size, "file", &a->arena, &a->err);
	if (!a->code)
		a->code = dwarf_declare(&elf, &a->wanted, &a->err);
}

static void release(struct answer *a)
{
	strmap_release(&a->names);
	arena_release(&a->arena);
	free(a);
}

static struct answer *answer_new(void)
{
	struct answer *a = calloc(1, sizeof(*a));

	assert_non_null(a);
	return a;
}

static const struct dwarf_declared *of(struct answer *a, const char *name)
{
	return &a->items[want(a, name)];
}

static void expect(struct answer *a, const char *name, const char *text, unsigned int line)
{
	const struct dwarf_declared *d = of(a, name);

	assert_string_equal(d->text ? d->text : "(none)", text);
	assert_string_equal(d->file ? d->file : "(none)", "file.c");
	assert_int_equal(d->line, line);
}

static const char *const forms[] = {"-O2 -gdwarf-5", "-O2 -gdwarf-4", "-O0 -gdwarf-5",
				    "-O0 -gdwarf-3", "-O2 -gdwarf-5 -gz=zlib"};

static void check_form(const char *source, const char *flags, bool linked)
{
	struct ccbuild_file file = ccbuild(source, flags, linked);
	struct answer *a = answer_new();
	unsigned int line = PROLOGUE_LINES;

	want_all(a);
	ask(a, &file, 2);
	if (a->code)
		fail_msg("%s: %s", flags, a->err.text);
	for (size_t i = 0; i < COUNT(functions); i++) {
		expect(a, functions[i].name, functions[i].text, ++line);
		assert_int_equal(of(a, functions[i].name)->kind, KSA_KIND_FUNCTION);
	}
	for (size_t i = 0; i < COUNT(objects); i++) {
		expect(a, objects[i].name, objects[i].text, ++line);
		assert_int_equal(of(a, objects[i].name)->kind, KSA_KIND_OBJECT);
	}
	expect(a, "declared_first", "int declared_first[5]", line + 1);
	expect(a, "twice", "int twice(int x)", line + 2);
	expect(a, "inlined", "int inlined(int x)", line + 3);
	expect(a, "uses_it", "int *uses_it(void)", 4);
	/* Not for others, only declared, not there. */
	assert_null(of(a, "hidden")->text);
	assert_null(of(a, "elsewhere")->text);
	assert_null(of(a, "nothing")->text);
	release(a);
	ccbuild_release(&file);
}

static void test_forms(void **state)
{
	char *source = make_source();

	(void)state;
	for (size_t i = 0; i < COUNT(forms); i++) {
		check_form(source, forms[i], false);
		check_form(source, forms[i], true);
	}
	free(source);
}

/* A function that others do not see counts where the symbol is at its address. */
static void test_address(void **state)
{
	struct ccbuild_file file = ccbuild("static int f(int x) { return x; }\n"
					   "int start(void) { return f(1); }\n",
					   "-O0 -gdwarf-5", true);
	struct arena arena = {NULL, 0};
	struct elf_symtab symtab;
	struct elf_symbol symbol;
	struct elf_file elf;
	struct answer *a = answer_new();
	uint64_t at = 0;

	(void)state;
	assert_int_equal(elf_open(&elf, file.data, file.size, "file", &arena, NULL), 0);
	assert_int_equal(elf_symtab_open(&elf, &symtab, NULL), 0);
	for (size_t i = 1; i < symtab.count; i++) {
		assert_int_equal(elf_symtab_get(&elf, &symtab, i, &symbol, NULL), 0);
		if (strcmp(symbol.name, "f") == 0)
			at = symbol.value;
	}
	assert_true(at != 0);
	a->items[want(a, "f")].address = at + 1;
	ask(a, &file, 1);
	assert_int_equal(a->code, 0);
	assert_null(of(a, "f")->text);
	a->items[0].address = at;
	ask(a, &file, 1);
	expect(a, "f", "int f(int x)", 1);
	release(a);
	arena_release(&arena);
	ccbuild_release(&file);
}

/* Where the source was, and what is left of its path. */
static void test_paths(void **state)
{
	static const struct {
		const char *map, *mark; /* of the directory of compilation, of the file */
		bool is_image;
		const char *file, *root;
	} cases[] = {
		{"/b/linux", "mm/a.c", true, "mm/a.c", NULL},
		{"/b/linux", "/b/linux/mm/../lib/./a.c", true, "lib/a.c", NULL},
		/* built outside of the tree: init/main.c tells where that was */
		{"/o/obj", "/o/linux/init/main.c", true, "init/main.c", "/o/linux/"},
		{"/o/obj", "../linux/init/main.c", true, "init/main.c", "/o/linux/"},
		/* without it, what both have in common */
		{"/b/linux/debian/build", "/b/linux/arch/x86/a.c", true, "arch/x86/a.c", NULL},
		{"/b/linux/debian/build", "/b/linux/fs/a.c", false, "/b/linux/fs/a.c", NULL},
		{"/o/obj", "/src/a.c", true, "/src/a.c", NULL},
		{"/o/obj", "../../../a.c", false, "/a.c", NULL},
		{"obj", "a.c", true, "a.c", NULL},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		char source[256], flags[128];
		struct ccbuild_file file;
		struct answer *a;

		/* clang calls the unit what the command line does */
		if (cases[i].root && ccbuild_can("-Weverything"))
			continue;
		a = answer_new();
		snprintf(flags, sizeof(flags), "-x cpp-output -gdwarf-4 -fdebug-prefix-map=$PWD=%s",
			 cases[i].map);
		snprintf(source, sizeof(source), "# 1 \"%s\"\nint f(void) { return 0; }\n",
			 cases[i].mark);
		file = ccbuild(source, flags, false);
		a->wanted.is_image = cases[i].is_image;
		want(a, "f");
		ask(a, &file, 1);
		assert_int_equal(a->code, 0);
		assert_string_equal(of(a, "f")->file, cases[i].file);
		assert_string_equal(a->wanted.root ? a->wanted.root : "",
				    cases[i].root ? cases[i].root : "");
		release(a);
		ccbuild_release(&file);
	}
}

static void test_none(void **state)
{
	struct ccbuild_file file = ccbuild("int f(void) { return 1; }", "-O2 -g0", false);
	struct answer *a = answer_new();

	(void)state;
	want(a, "f");
	ask(a, &file, 1);
	assert_int_equal(a->code, KSA_ENODATA);
	assert_int_equal(a->err.code, KSA_ENODATA);
	release(a);
	ccbuild_release(&file);
}

/* What is damaged is an error or says less; never a crash, a hang or a text that is no text. */
static void test_damage(void **state)
{
	static const char *const sections[] = {".debug_info", ".debug_abbrev", ".debug_line"};
	static const unsigned char values[] = {0x00, 0x01, 0x7f, 0xff};
	char *source = make_source();
	struct ccbuild_file good = ccbuild(source, "-O0 -gdwarf-5", true), bad = {NULL, good.size};
	struct arena arena = {NULL, 0};
	struct elf_file elf;
	size_t failed = 0, less = 0;

	(void)state;
	bad.data = malloc(bad.size);
	assert_non_null(bad.data);
	assert_int_equal(elf_open(&elf, good.data, good.size, "file", &arena, NULL), 0);
	for (size_t s = 0; s < COUNT(sections); s++) {
		const struct elf_section *section = elf_section(&elf, sections[s]);

		assert_non_null(section);
		for (size_t i = 0; i < section->size; i++) {
			struct answer *a = answer_new();

			memcpy(bad.data, good.data, bad.size);
			bad.data[(size_t)(section->data - good.data) + i] =
				values[i % COUNT(values)];
			want_all(a);
			ask(a, &bad, 1);
			failed += a->code != 0;
			assert_int_equal(a->code, a->err.code);
			less += !a->code && (!a->items[3].text || !a->items[3].file);
			release(a);
		}
	}
	assert_true(failed > 20 && less > 20);
	arena_release(&arena);
	free(bad.data);
	ccbuild_release(&good);
	free(source);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_forms),  cmocka_unit_test(test_address),
		cmocka_unit_test(test_paths),  cmocka_unit_test(test_none),
		cmocka_unit_test(test_damage),
	};

	return cmocka_run_group_tests_name("dwarf", tests, NULL, NULL);
}
