// SPDX-License-Identifier: GPL-2.0-or-later
/* Call graphs: of debug information and of code that a compiler makes here, and their joining. */
#include "read/debug/calls.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "unit/ccbuild.h"

#define COUNT(a) (sizeof(a) / sizeof(*(a)))

/*
 * What is known of these calls from the text alone: outer has helper, imported twice, and what
 * inlined() does; the last call of tail and of chain is a jump.
 */
static const char source[] =
	"#define KEEP __attribute__((noinline, noclone))\n"
	"#ifdef LINKED\n"
	"KEEP int imported(int x) { __asm__ volatile(\"\" : \"+r\"(x)); return x; }\n"
	"KEEP int also(int x) { __asm__ volatile(\"\" : \"+r\"(x)); return x * 5; }\n"
	"int (*volatile pointer)(int) = also;\n"
	"#else\n"
	"extern int imported(int); extern int also(int); extern int (*volatile pointer)(int);\n"
	"#endif\n"
	/* enough types that are alike for compression to be worth it */
	"#define T(n) struct s##n { int a, b, c, d; } v##n;\n"
	"#define TEN(n) T(n##0) T(n##1) T(n##2) T(n##3) T(n##4) T(n##5) T(n##6) T(n##7) T(n##8)\n"
	"TEN(1) TEN(2) TEN(3) TEN(4) TEN(5)\n"
	"static KEEP int helper(int x) { return imported(x * 7) + 1; }\n"
	"static inline __attribute__((always_inline)) int inlined(int x) { return also(x) * 3; }\n"
	"KEEP int outer(int x) { return helper(x) + inlined(x + 1) + imported(x) + imported(x + "
	"2); "
	"}\n"
	"KEEP int tail(int x) { return also(x + 1); }\n"
	"int named(int x) __attribute__((alias(\"tail\")));\n"
	"KEEP int by_pointer(int x) { return pointer(x) + pointer(x + 1); }\n"
	"KEEP int chain(int x) { return outer(x - 1); }\n"
	"KEEP int nothing(int x) { return x + 1; }\n"
	"int start(int x) { return chain(x) + named(x) + by_pointer(x) + nothing(x); }\n";

struct graph {
	struct ccbuild_file file;
	struct arena arena;
	struct elf_file elf;
	struct call_graph graph;
	struct ksa_error err, problem;
	int code;
};

static struct graph *read_file(struct ccbuild_file file, enum calls_want want, unsigned int workers)
{
	struct graph *g = calloc(1, sizeof(*g));

	assert_non_null(g);
	g->file = file;
	g->code = elf_open(&g->elf, file.data, file.size, "file", &g->arena, &g->err);
	if (!g->code)
		g->code = calls_read(&g->elf,
				     &(struct calls_options){.want = want, .workers = workers},
				     &g->arena, &g->graph, &g->problem, &g->err);
	assert_int_equal(g->code, g->err.code);
	return g;
}

static struct graph *read_source(const char *flags, bool linked, enum calls_want want)
{
	struct graph *g = read_file(ccbuild(source, flags, linked), want, 2);

	if (g->code)
		fail_msg("%s: %s", flags, g->err.text);
	return g;
}

static void drop(struct graph *g)
{
	arena_release(&g->arena);
	ccbuild_release(&g->file);
	free(g);
}

static const struct call_function *find(const struct call_graph *graph, const char *name)
{
	for (uint32_t i = 0; i < graph->function_count; i++)
		if (strcmp(graph->functions[i].name, name) == 0)
			return &graph->functions[i];
	return NULL;
}

/* How often one function calls another. */
static unsigned int calls(const struct call_graph *graph, const char *from, const char *to)
{
	const struct call_function *f = find(graph, from);

	for (uint32_t i = 0; f && i < f->count; i++) {
		const struct call_edge *edge = &graph->edges[f->first + i];

		if (strcmp(graph->functions[edge->to].name, to) == 0)
			return edge->calls;
	}
	return 0;
}

/* All calls of the source, and no others. */
static void expect_source(const struct call_graph *graph)
{
	static const struct {
		const char *from, *to;
		unsigned int calls;
	} expected[] = {
		{"helper", "imported", 1}, {"outer", "helper", 1}, {"outer", "also", 1},
		{"outer", "imported", 2},  {"tail", "also", 1},	   {"named", "also", 1},
		{"chain", "outer", 1},
	};
	unsigned int total = 0;

	for (size_t i = 0; i < COUNT(expected); i++)
		if (calls(graph, expected[i].from, expected[i].to) != expected[i].calls)
			fail_msg("%s calls %s %u times, expected %u", expected[i].from,
				 expected[i].to, calls(graph, expected[i].from, expected[i].to),
				 expected[i].calls);
	for (uint32_t i = 0; i < graph->function_count; i++) {
		const struct call_function *f = &graph->functions[i];

		/* start may have any of those that are inlined into it */
		if (strcmp(f->name, "start") == 0)
			continue;
		for (uint32_t k = 0; k < f->count; k++)
			total += graph->edges[f->first + k].calls;
	}
	assert_int_equal(total, 8);
	assert_int_equal(find(graph, "by_pointer")->indirect, 2);
	assert_int_equal(find(graph, "outer")->indirect, 0);
	assert_true(find(graph, "nothing")->has_code);
	assert_int_equal(find(graph, "nothing")->count, 0);
	assert_int_equal(find(graph, "outer")->local, 0);
	assert_int_not_equal(find(graph, "helper")->local, 0);
}

/* Debug information in every form that is about, of objects and of linked files. */
static void test_dwarf(void **state)
{
	static const char *const flags[] = {"-gdwarf-5 -O2", "-gdwarf-4 -O2",
					    "-gdwarf-5 -O2 -gz=zlib",
					    "-gdwarf-5 -O2 -Wa,--compress-debug-sections=zstd"};

	(void)state;
	for (size_t i = 0; i < COUNT(flags); i++) {
		char linked[128];
		struct graph *g;

		if (strstr(flags[i], "zstd") && !ccbuild_can(flags[i]))
			continue; /* an assembler of before 2.40, or built without it */
		g = read_source(flags[i], false, CALLS_WANT_DWARF);
		assert_int_equal(g->graph.source, CALLS_DWARF);
		if (strstr(flags[i], "=z"))
			assert_true(elf_section(&g->elf, ".debug_info")->flags & 1 << 11);
		expect_source(&g->graph);
		assert_false(find(&g->graph, "imported")->has_code);
		drop(g);
		snprintf(linked, sizeof(linked), "%s -DLINKED", flags[i]);
		g = read_source(linked, true, CALLS_WANT_DWARF);
		expect_source(&g->graph);
		assert_true(find(&g->graph, "imported")->has_code);
		drop(g);
	}
}

/* Indirect calls through thunks, as kernels are built. */
#if defined(__x86_64__) && !defined(__clang__)
#define RETPOLINE "-mindirect-branch=thunk-extern -mindirect-branch-register"
#else
#define RETPOLINE ""
#endif

/* The code alone: an object, and linked files with and without relocations. */
static void test_code(void **state)
{
	static const struct {
		const char *flags;
		bool linked;
	} forms[] = {
		{"-O2", false},
		{"-O2 -ffunction-sections", false},
		{"-O2 -DLINKED", true},
		{"-O2 -DLINKED -Wl,--emit-relocs", true},
		{"-O2 " RETPOLINE, false},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(forms); i++) {
		struct graph *g = read_source(forms[i].flags, forms[i].linked, CALLS_WANT_BOTH);

		assert_int_equal(g->graph.source, CALLS_CODE);
		expect_source(&g->graph);
		drop(g);
	}
}

/* Both together are no more than each alone. */
static void test_both(void **state)
{
	struct graph *g;

	(void)state;
	g = read_source("-gdwarf-5 -O2", false, CALLS_WANT_BOTH);
	assert_int_equal(g->graph.source, CALLS_DWARF);
	expect_source(&g->graph);
	drop(g);
	g = read_source("-gdwarf-5 -O2 -DLINKED -Wl,--emit-relocs", true, CALLS_WANT_BOTH);
	expect_source(&g->graph);
	drop(g);
}

/* Calls from assembly are in the code only. */
static void test_assembly(void **state)
{
#if defined(__x86_64__) || defined(__aarch64__)
#ifdef __x86_64__
#define BRANCH "call"
#else
#define BRANCH "bl"
#endif
	static const char text[] =
		"__asm__(\".text; .globl by_hand; .type by_hand, %function; by_hand: " BRANCH
		" callee; " BRANCH " callee; .size by_hand, . - by_hand\");\n"
		"extern int callee(int);\n"
		"int compiled(int x) { return callee(x) + 1; }\n";
	struct graph *g = read_file(ccbuild(text, "-O2 -g", false), CALLS_WANT_BOTH, 1);

	assert_int_equal(g->code, 0);
	assert_int_equal(calls(&g->graph, "by_hand", "callee"), 2);
	assert_int_equal(calls(&g->graph, "compiled", "callee"), 1);
	assert_true(find(&g->graph, "by_hand")->has_code);
	drop(g);
#endif
	(void)state;
}

static void test_nothing(void **state)
{
	struct graph *g = read_file(ccbuild("int x = 1;", "-O2", false), CALLS_WANT_BOTH, 1);

	(void)state;
	assert_int_equal(g->code, KSA_ENODATA);
	drop(g);
	g = read_file(ccbuild(source, "-O2", false), CALLS_WANT_DWARF, 1);
	assert_int_equal(g->code, KSA_ENODATA);
	assert_non_null(strstr(g->err.text, "no debug information"));
	drop(g);
	/* The compiler writes calls only where it optimizes. */
	g = read_file(ccbuild(source, "-O0 -gdwarf-5 -Dalways_inline=", false), CALLS_WANT_DWARF,
		      1);
	assert_int_equal(g->code, KSA_ENODATA);
	assert_non_null(strstr(g->err.text, "without calls"));
	drop(g);
}

static size_t offset_of(const struct graph *g, const char *section, size_t *size)
{
	const struct elf_section *s = elf_section(&g->elf, section);

	assert_non_null(s);
	*size = s->size;
	return (size_t)(s->data - g->file.data);
}

/* Damaged debug information: an error, and the code still counts; never a crash or a hang. */
static void test_damage(void **state)
{
	struct graph *good = read_source("-gdwarf-5 -O2 -DLINKED", true, CALLS_WANT_DWARF);
	static const char *const sections[] = {".debug_info", ".debug_abbrev"};
	struct ccbuild_file file;
	struct graph *g;
	size_t at, size, failed = 0;

	(void)state;
	file.size = good->file.size;
	file.data = malloc(file.size);
	assert_non_null(file.data);
	for (size_t s = 0; s < COUNT(sections); s++) {
		at = offset_of(good, sections[s], &size);
		for (size_t i = 0; i < size; i++) {
			static const unsigned char values[] = {0x00, 0x01, 0x7f, 0xff};

			memcpy(file.data, good->file.data, file.size);
			file.data[at + i] = values[i % COUNT(values)];
			g = read_file(file, CALLS_WANT_BOTH, 1);
			assert_int_equal(g->code, 0);
			failed += g->problem.code != 0;
			if (g->problem.code)
				assert_int_equal(g->graph.source, CALLS_CODE);
			g->file.data = NULL;
			drop(g);
		}
	}
	assert_true(failed > 20);
	/* A unit that is longer than its section. */
	memcpy(file.data, good->file.data, file.size);
	at = offset_of(good, ".debug_info", &size);
	memset(file.data + at, 0x7f, 4);
	g = read_file(file, CALLS_WANT_DWARF, 1);
	assert_int_equal(g->code, KSA_EFORMAT);
	assert_non_null(strstr(g->err.text, "does not fit"));
	drop(g);
	drop(good);
}

/* A section that claims to unpack to more than there can be. */
static void test_bomb(void **state)
{
	struct graph *good = read_source("-gdwarf-5 -O2 -gz=zlib", false, CALLS_WANT_DWARF);
	size_t size, at = offset_of(good, ".debug_info", &size);
	struct ccbuild_file file = {.data = malloc(good->file.size), .size = good->file.size};
	struct graph *g;

	(void)state;
	assert_non_null(file.data);
	memcpy(file.data, good->file.data, file.size);
	memset(file.data + at + 8, 0x3f, 8); /* ch_size */
	g = read_file(file, CALLS_WANT_DWARF, 1);
	assert_int_equal(g->code, KSA_ELIMIT);
	assert_non_null(strstr(g->err.text, "claims to unpack"));
	drop(g);
	drop(good);
}

static uint32_t add(struct call_builder *b, const char *name, uint64_t local)
{
	uint32_t index;

	assert_int_equal(call_builder_function(b, name, local, &index, NULL), 0);
	return index;
}

static void call(struct call_builder *b, const char *from, const char *to)
{
	assert_int_equal(call_builder_call(b, add(b, from, 0), add(b, to, 0), NULL), 0);
}

static void test_builder(void **state)
{
	struct call_builder b = {.local_count = 0};
	struct call_graph graph = {.owner = NULL};
	struct arena arena = {NULL, 0};
	uint32_t first = add(&b, "same", 1), second = add(&b, "same", 2);

	(void)state;
	assert_int_not_equal(first, second);
	assert_int_equal(add(&b, "same", 1), first);
	assert_int_not_equal(add(&b, "same", 0), first);
	call(&b, "a", "c");
	call(&b, "a", "b");
	call(&b, "a", "c");
	call(&b, "a", "a"); /* itself: does not count */
	assert_int_equal(call_builder_call(&b, first, add(&b, "a", 0), NULL), 0);
	/* more statics than the table has at first */
	for (uint64_t i = 3; i < 1000; i++)
		add(&b, "static", i);
	assert_int_equal(add(&b, "same", 2), second);
	assert_int_equal(call_builder_finish(&b, &arena, &graph, NULL), 0);
	assert_int_equal(graph.edge_count, 3);
	assert_int_equal(calls(&graph, "a", "b"), 1);
	assert_int_equal(calls(&graph, "a", "c"), 2);
	assert_int_equal(graph.functions[first].count, 1);
	assert_int_equal(graph.functions[second].count, 0);
	arena_release(&arena);
	call_builder_release(&b);
}

/* What another reading of the same code adds. */
static void test_fill(void **state)
{
	struct call_builder b = {.local_count = 0}, other = {.local_count = 0};
	struct call_graph graph = {.owner = NULL};
	struct arena arena = {NULL, 0};
	uint32_t known = add(&b, "known", 7), twice = add(&b, "twice", 8);

	(void)state;
	add(&b, "twice", 9);
	b.functions.items[add(&b, "a", 0)].has_code = true;
	call(&b, "a", "x");
	call(&b, "a", "y");
	call(&other, "a", "x");
	call(&other, "a", "x"); /* a second place */
	call(&other, "a", "z");
	other.functions.items[add(&other, "a", 0)].indirect = 5; /* b knows better */
	assert_int_equal(
		call_builder_call(&other, add(&other, "known", 1), add(&other, "x", 0), NULL), 0);
	assert_int_equal(
		call_builder_call(&other, add(&other, "twice", 2), add(&other, "x", 0), NULL), 0);
	assert_int_equal(
		call_builder_call(&other, add(&other, "new", 3), add(&other, "x", 0), NULL), 0);
	other.functions.items[add(&other, "assembly", 0)].has_code = true;
	other.functions.items[add(&other, "assembly", 0)].indirect = 3;
	assert_int_equal(call_builder_fill(&b, &other, NULL), 0);
	assert_int_equal(call_builder_alias(&b, add(&b, "alias", 0), add(&b, "a", 0), NULL), 0);
	assert_int_equal(call_builder_finish(&b, &arena, &graph, NULL), 0);
	assert_int_equal(calls(&graph, "a", "x"), 2);
	assert_int_equal(calls(&graph, "a", "y"), 1);
	assert_int_equal(calls(&graph, "a", "z"), 1);
	assert_int_equal(find(&graph, "a")->indirect, 0);
	assert_int_equal(graph.functions[known].count, 1);
	assert_int_equal(graph.functions[twice].count, 0); /* which of the two is not known */
	assert_int_equal(calls(&graph, "new", "x"), 1);
	assert_int_equal(find(&graph, "assembly")->indirect, 3);
	assert_int_equal(calls(&graph, "alias", "x"), 2);
	assert_true(find(&graph, "alias")->has_code);
	arena_release(&arena);
	call_builder_release(&b);
	call_builder_release(&other);
}

/* In whatever order threads are done, the graph is the same. */
static void test_order(void **state)
{
	struct call_graph graphs[2];
	struct arena arena = {NULL, 0};

	(void)state;
	for (int turn = 0; turn < 2; turn++) {
		struct call_builder parts[2] = {{.local_count = 0}}, all = {.local_count = 0};

		call(&parts[turn], "z", "b");
		call(&parts[turn], "z", "a");
		add(&parts[!turn], "s", 7);
		call(&parts[!turn], "a", "c");
		add(&parts[!turn], "s", 3);
		for (int i = 0; i < 2; i++) {
			assert_int_equal(call_builder_merge(&all, &parts[i], NULL), 0);
			call_builder_release(&parts[i]);
		}
		assert_int_equal(call_builder_sort(&all, NULL), 0);
		/* what is looked up by name or number is still found */
		assert_int_equal(add(&all, "z", 0), all.functions.count - 1);
		assert_int_equal(add(&all, "s", 3) + 1, add(&all, "s", 7));
		assert_int_equal(call_builder_finish(&all, &arena, &graphs[turn], NULL), 0);
		call_builder_release(&all);
	}
	assert_int_equal(graphs[0].function_count, 6);
	for (uint32_t i = 0; i < 6; i++) {
		assert_string_equal(graphs[0].functions[i].name, graphs[1].functions[i].name);
		assert_int_equal(graphs[0].functions[i].local, graphs[1].functions[i].local);
	}
	assert_int_equal(calls(&graphs[0], "z", "a"), 1);
	assert_int_equal(calls(&graphs[1], "z", "b"), 1);
	assert_int_equal(calls(&graphs[1], "a", "c"), 1);
	assert_int_equal(calls(&graphs[1], "a", "b"), 0);
	arena_release(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_dwarf),	cmocka_unit_test(test_code),
		cmocka_unit_test(test_both),	cmocka_unit_test(test_assembly),
		cmocka_unit_test(test_nothing), cmocka_unit_test(test_damage),
		cmocka_unit_test(test_order),	cmocka_unit_test(test_bomb),
		cmocka_unit_test(test_builder), cmocka_unit_test(test_fill),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
