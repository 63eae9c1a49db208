// SPDX-License-Identifier: GPL-2.0-or-later
/* What a module names by its debug information, as compilers write it. */
#include "read/debug/dwarf_named.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "base/strbuf.h"
#include "unit/ccbuild.h"

/* A kernel's headers, Debian's in two trees, and a module's own files. */
#define INLINE "static inline __attribute__((always_inline)) "
#define KERNEL                                                                                     \
	"# 1 \"/m/src/main.c\"\n"                                                                  \
	"# 1 \"/usr/src/linux/include/linux/types.h\"\n"                                           \
	"typedef unsigned int u32;\nextern void alpha(u32);\nextern void beta(u32);\n"             \
	"extern void gamma(u32);\n" INLINE "void inner(u32 x) { gamma(x); }\n" INLINE              \
	"void helper(u32 x) { beta(x); inner(x); }\n"                                              \
	"static __attribute__((noinline,unused)) void outline(u32 x) { gamma(x + 1); gamma(x); "   \
	"}\n"
#define OWN                                                                                        \
	"# 1 \"/m/src/own.h\"\n" INLINE "void own_helper(u32 x) {\n\talpha(x);\n}\n"               \
	"extern void other_file(u32);\n"
#define MAIN                                                                                       \
	"# 2 \"/m/src/main.c\"\n"                                                                  \
	"void f(u32 x)\n{\n\talpha(x);\n\thelper(x);\n\town_helper(x);\n\tother_file(x);\n"        \
	"\toutline(x);\n}\n"

static const char *print(const struct ccbuild_file *file, struct strbuf *text)
{
	struct ksa_named named = {.names = NULL};
	struct arena arena = {NULL, 0};
	struct ksa_error err = {.code = 0};
	struct elf_file f;

	assert_int_equal(elf_open(&f, file->data, file->size, "m.ko", &arena, &err), 0);
	if (dwarf_named_read(&f, &named, &err))
		strbuf_printf(text, "error %d", err.code);
	for (size_t i = 0; i < named.name_count; i++) {
		const struct named_name *name = &named.names[i];

		assert_ptr_equal(named_find(&named, name->name), name);
		strbuf_printf(text, "%s%s", i ? " " : "", name->name);
		strbuf_adds(text, name->is_helper ? "*" : "");
		strbuf_adds(text, name->by & NAMED_BY_HEADER ? "<" : "");
		for (uint32_t k = 0; k < name->site_count; k++)
			strbuf_printf(text, "@%s:%u", name->sites[k].file, name->sites[k].line);
	}
	named_release(&named);
	arena_release(&arena);
	return strbuf_string(text);
}

static void test_calls(void **state)
{
	static const char *const flags[] = {"-O2 -gdwarf-5", "-O2 -gdwarf-4",
					    "-O2 -gdwarf-5 -ffunction-sections"};

	bool clang = ccbuild_can("-Weverything");

	(void)state;
	for (size_t i = 0; i < sizeof(flags) / sizeof(*flags); i++) {
		struct ccbuild_file file = ccbuild(KERNEL OWN MAIN, flags[i], false);
		struct strbuf text = {.data = NULL};

		assert_string_equal(print(&file, &text),
				    clang ? "helper*@/m/src/main.c:5 inner*<"
					  : "alpha@/m/src/main.c:4@/m/src/own.h:2 beta< gamma< "
					    "helper*@/m/src/main.c:5 inner*< "
					    "outline*@/m/src/main.c:8");
		strbuf_release(&text);
		ccbuild_release(&file);
	}
}

/* Without the kernel's headers, or without debug information, nothing can be told. */
static void test_nothing(void **state)
{
	struct strbuf text = {.data = NULL}, other = {.data = NULL};
	struct ccbuild_file file =
		ccbuild("extern void g(int); void f(int x) { g(x); }", "-O2 -g", false);
	char expected[32];

	(void)state;
	snprintf(expected, sizeof(expected), "error %d", KSA_ENODATA);
	assert_string_equal(print(&file, &text), expected);
	ccbuild_release(&file);
	file = ccbuild("extern void g(int); void f(int x) { g(x); }", "-O2 -g0", false);
	assert_string_equal(print(&file, &other), expected);
	ccbuild_release(&file);
	strbuf_release(&text);
	strbuf_release(&other);
}

static void test_units(void **state)
{
	struct ccbuild_file file = ccbuild(KERNEL OWN MAIN, "-O2 -g", false);
	struct arena arena = {NULL, 0};
	struct string_list units;
	struct elf_file f;

	(void)state;
	assert_int_equal(elf_open(&f, file.data, file.size, "m.ko", &arena, NULL), 0);
	assert_int_equal(dwarf_units_read(&f, &arena, &units, NULL), 0);
	assert_int_equal(units.count, 1);
	assert_string_equal(units.items[0], "file.c");
	arena_release(&arena);
	ccbuild_release(&file);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_calls),
		cmocka_unit_test(test_nothing),
		cmocka_unit_test(test_units),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
