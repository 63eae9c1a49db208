// SPDX-License-Identifier: GPL-2.0-or-later
#include "model/event.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "audit/history/history.h"
#include "base/vec.h"
#include "read/source/body.h"
#include "read/source/dirs.h"
#include "read/source/uses.h"

/* Commit n has the id n, n, n, ...; parents end with a negative number. */
static void add(struct ksa_history *h, unsigned char n, int64_t time, ...)
{
	struct object_id id;
	uint32_t index;
	va_list ap;
	int parent;

	memset(id.bytes, n, sizeof(id.bytes));
	assert_int_equal(history_add_commit(h, &id, &index, NULL), 0);
	assert_int_equal(index, n);
	h->commits[index].time = time;
	va_start(ap, time);
	while ((parent = va_arg(ap, int)) >= 0) {
		assert_int_equal(vec_reserve(&h->parents, &h->parent_capacity, h->parent_count + 1,
					     sizeof(*h->parents), NULL),
				 0);
		h->parents[h->parent_count++] = (uint32_t)parent;
		h->commits[index].parent_count++;
	}
	va_end(ap);
}

static struct ksa_history *new_history(void)
{
	struct ksa_history *h = calloc(1, sizeof(*h));

	assert_non_null(h);
	h->head = h->since = HISTORY_NONE;
	return h;
}

static void test_order_beats_clocks(void **state)
{
	struct ksa_history *h = new_history();

	(void)state;
	/* 0 is the newest; 1's clock was a year ahead of its child's. */
	add(h, 0, 100, 1, -1);
	add(h, 1, 31536000, 2, -1);
	add(h, 2, 50, -1);
	add(h, 3, 60, -1);
	assert_int_equal(history_give_order(h, NULL), 0);
	assert_true(h->commits[2].order < h->commits[1].order);
	assert_true(h->commits[1].order < h->commits[0].order);
	assert_true(h->commits[2].order < h->commits[3].order);
	assert_true(h->commits[3].order < h->commits[1].order);
	ksa_history_free(h);
}

/* Grafts can make a commit its own ancestor: the walk ends all the same. */
static void test_order_of_a_circle(void **state)
{
	struct ksa_history *h = new_history();
	bool seen[3] = {false};

	(void)state;
	add(h, 0, 3, 1, -1);
	add(h, 1, 2, 2, -1);
	add(h, 2, 1, 0, -1);
	assert_int_equal(history_give_order(h, NULL), 0);
	for (int i = 0; i < 3; i++) {
		assert_true(h->commits[i].order <= 2);
		assert_false(seen[h->commits[i].order]);
		seen[h->commits[i].order] = true;
	}
	ksa_history_free(h);
}

static void expect_base(const struct ksa_history *h, uint32_t a, uint32_t b, uint32_t expected)
{
	uint32_t base;

	assert_int_equal(history_merge_base(h, a, b, &base, NULL), 0);
	assert_int_equal(base, expected);
	assert_int_equal(history_merge_base(h, b, a, &base, NULL), 0);
	assert_int_equal(base, expected);
}

static void test_merge_base(void **state)
{
	struct ksa_history *h = new_history();

	(void)state;
	/* 0 merges 1 and 2; both come from 3; 2 also merged 4, which comes from 5, 3's parent. */
	add(h, 0, 60, 1, 2, -1);
	add(h, 1, 50, 3, -1);
	add(h, 2, 55, 3, 4, -1);
	add(h, 3, 20, 5, -1);
	add(h, 4, 30, 5, -1);
	add(h, 5, 10, -1);
	add(h, 6, 5, -1);
	assert_int_equal(history_give_order(h, NULL), 0);
	expect_base(h, 1, 2, 3);
	expect_base(h, 1, 4, 5);
	expect_base(h, 0, 4, 4);
	expect_base(h, 3, 3, 3);
	expect_base(h, 1, 6, HISTORY_NONE);
	ksa_history_free(h);
}

static void test_many_commits_are_found(void **state)
{
	struct ksa_history *h = new_history();
	struct object_id id = {{0}};
	uint32_t index;

	(void)state;
	for (uint32_t i = 0; i < 20000; i++) {
		memcpy(id.bytes, &i, sizeof(i));
		assert_int_equal(history_add_commit(h, &id, &index, NULL), 0);
	}
	for (uint32_t i = 0; i < 20001; i++) {
		memcpy(id.bytes, &i, sizeof(i));
		assert_int_equal(history_find_commit(h, &id), i < 20000 ? i : HISTORY_NONE);
	}
	ksa_history_free(h);
}

static void test_classes(void **state)
{
	char buffer[80];

	(void)state;
	assert_string_equal(event_classes(0, buffer, sizeof(buffer)), "");
	assert_string_equal(event_classes(1u << KSA_CLASS_GPL, buffer, sizeof(buffer)), "gpl");
	assert_string_equal(
		event_classes(1u << KSA_CLASS_PLAIN | 1u << KSA_CLASS_GPL, buffer, sizeof(buffer)),
		"gpl+plain");
	assert_string_equal(event_classes(0x3f, buffer, sizeof(buffer)),
			    "gpl+gpl-future+plain+unknown+unused+unused-gpl");
}

static uint32_t body(const char *text, const char *name)
{
	return source_body_hash((const unsigned char *)text, strlen(text), name);
}

static void test_body(void **state)
{
	static const char old[] = "int zap(struct vma *v);\n"
				  "int zap(struct vma *v)\n{\n\tif (!v)\n\t\treturn zap(0);\n"
				  "\treturn unmap(v, 1, \"a b\");\n}\nEXPORT_SYMBOL(zap);\n";

	(void)state;
	assert_int_not_equal(body(old, "zap"), 0);
	/* renamed, reformatted and commented it is the same */
	assert_int_equal(body(old, "zap"),
			 body("int clear(struct vma *v) { /* new */ if (!v) return clear(0);\n"
			      "#ifdef X\n#endif\nreturn unmap(v,1,\"a b\"); }",
			      "clear"));
	/* another constant, another string, another body is not */
	assert_int_not_equal(body(old, "zap"),
			     body("int zap(struct vma *v) { if (!v) return zap(0);"
				  " return unmap(v, 2, \"a b\"); }",
				  "zap"));
	assert_int_not_equal(body(old, "zap"),
			     body("int zap(struct vma *v) { if (!v) return zap(0);"
				  " return unmap(v, 1, \"ab\"); }",
				  "zap"));
	/* a declaration, a call, nothing, and next to nothing have none */
	assert_int_equal(body("int zap(struct vma *v, int a, int b, int c);", "zap"), 0);
	assert_int_equal(body("int f(void) { return zap(1, 2, 3, 4, 5, 6, 7, 8); }", "zap"), 0);
	assert_int_equal(body("", "zap"), 0);
	assert_int_equal(body("int zap(void) { return 0; }", "zap"), 0);
	assert_int_equal(body("int zap(struct vma *v) { if (!v) return zap(0);", "zap"), 0);
	/* data */
	assert_int_not_equal(
		body("const struct ops zap = { .alloc = a, .free = b, .map = c };", "zap"), 0);
}

struct counts {
	unsigned int items[3];
};

static void count_use(void *ctx, uint32_t number)
{
	struct counts *counts = ctx;

	assert_true(number <= 2);
	counts->items[number]++;
}

static struct counts uses(const char *text, enum source_language language)
{
	static const char *const list[] = {"one", NULL, "three"};
	struct source_names names = {.slots = NULL};
	struct counts counts = {{0}};

	assert_int_equal(source_names_make(&names, list, 3, NULL), 0);
	source_uses(&names,
		    (struct source_text){(const unsigned char *)text, strlen(text), language},
		    count_use, &counts);
	source_names_release(&names);
	return counts;
}

static void expect_uses(const char *text, unsigned int expected)
{
	unsigned int found = uses(text, LANGUAGE_C).items[0];

	if (found != expected)
		fail_msg("%u uses, not %u, in: %s", found, expected, text);
}

static void test_uses(void **state)
{
	(void)state;
	expect_uses("int f(void) { return one(1) + one(2); }", 2);
	assert_int_equal(uses("struct o o = { .f = three };", LANGUAGE_C).items[2], 1);
	/* declared, defined, longer, in a comment, in a string: no use */
	expect_uses("extern int one(void); int one(void) { return oneself + stone; }\n"
		    "/* { one } */ const char *s[] = { \"one\", '\\'' };",
		    0);
	expect_uses("int (*one)(void); struct s one; int f(int one, struct one *two);", 0);
	/* a value, also outside of braces; what follows is none */
	expect_uses("struct ops *o = &one; int one;", 1);
	expect_uses("int (*f)(void) = (void *)one, one2; extern int one;", 1);
	/* a brace that a conditional hides does not spoil the rest */
	expect_uses("int f(void)\n{\n#ifdef A\nif (a) {\n#else\nif (b) {\n#endif\n}\n}\n"
		    "int one(void);\n",
		    0);
	/* cut short anywhere */
	for (size_t i = 0; i < 40; i++) {
		static const char text[] = "{ \"a\\\"b\" /* one */ 'c' one // one\n }";
		char cut[sizeof(text)];

		snprintf(cut, sizeof(cut), "%.*s", (int)(i < sizeof(text) ? i : sizeof(text)),
			 text);
		assert_true(uses(cut, LANGUAGE_C).items[0] <= 1);
	}
}

static void test_uses_of_macros(void **state)
{
	(void)state;
	/* bodies, also continued ones, whose braces are nobody's; names and parameters are none */
	expect_uses("#define two(n) one(n)\n", 1);
	expect_uses("#define two(n) do { \\\n\tone(n); \\\n\tif (n) {\nint one(void);", 1);
	expect_uses("#define one one\n#define one(n) (one)(n)\n", 0);
	expect_uses("#define two \"one\" /* one */ // one\n", 0);
	expect_uses("{\n#ifdef one\n#undef one\n#include <one.h>\n#if one\n}\n", 0);
	expect_uses("#define", 0);
	expect_uses("(one)", 1);
	expect_uses("#define two", 0);
	/* alone an argument, outside of functions */
	expect_uses("SIMPLE_DEV_PM_OPS(pm, one, two);", 1);
	expect_uses("static X(pm, \"x\", &one);", 1);
	expect_uses("DEFINE_GUARD(g, struct device *, two(_T), one(_T))", 1);
	expect_uses("TRACE_EVENT(e, TP_fast_assign(\n\ta = b;\n\tif (a) { c; }\n\tone(a);))\n", 1);
	expect_uses("#ifdef A\nX(a,\n#else\nX(b,\n#endif\n\tc);\nint one(int one);\n", 0);
	expect_uses("module_init(one)\nmodule_exit( one /* . */ )", 2);
	expect_uses("EXPORT_SYMBOL_GPL(one); DECLARE_PER_CPU(int, one); a(int one, int *one);", 0);
	expect_uses("INDIRECT_CALLABLE_DECLARE(int one(struct sk_buff *)); int f(A(one), int);", 1);
}

static void test_uses_elsewhere(void **state)
{
	(void)state;
	assert_int_equal(source_language("arch/x/a.S"), LANGUAGE_ASSEMBLY);
	assert_int_equal(source_language("rust/kernel/a.rs"), LANGUAGE_RUST);
	assert_int_equal(source_language("a.tmpl"), LANGUAGE_C);
	assert_int_equal(source_language("Makefile"), LANGUAGE_C);
	assert_int_equal(uses("\tcall one # one's\n", LANGUAGE_ASSEMBLY).items[0], 2);
	expect_uses("\tcall one\n", 0);
	assert_int_equal(
		uses("fn one<'a>() { unsafe { bindings::one(1) }; kernel::one(); two::three }",
		     LANGUAGE_RUST)
			.items[0],
		1);
	assert_int_equal(uses("one", LANGUAGE_RUST).items[0], 0);
}

static void add_makefile(struct source_dirs *dirs, const char *path, const char *text)
{
	assert_int_equal(
		source_dirs_add(dirs, path, (const unsigned char *)text, strlen(text), NULL), 0);
}

static void test_directories(void **state)
{
	struct source_dirs dirs = {.items = NULL};

	(void)state;
	assert_null(source_dirs_find(&dirs, "drivers/cxl/core/port.c"));
	add_makefile(&dirs, "drivers/cxl/Makefile",
		     "ccflags-y += -DDEFAULT_SYMBOL_NAMESPACE=CXL\n");
	add_makefile(&dirs, "drivers/usb/storage/Makefile",
		     "subdir-ccflags-y += -DDEFAULT_SYMBOL_NAMESPACE=USB_STORAGE\n");
	add_makefile(&dirs, "Makefile", "obj-y += a.o\n");
	assert_string_equal(source_dirs_find(&dirs, "drivers/cxl/port.c"), "CXL");
	assert_null(source_dirs_find(&dirs, "drivers/cxl/core/port.c"));
	assert_null(source_dirs_find(&dirs, "drivers/cxl/entry.S"));
	assert_null(source_dirs_find(&dirs, "drivers/cxlx/port.c"));
	assert_string_equal(source_dirs_find(&dirs, "drivers/usb/storage/a.c"), "USB_STORAGE");
	assert_string_equal(source_dirs_find(&dirs, "drivers/usb/storage/deep/er/a.c"),
			    "USB_STORAGE");
	assert_null(source_dirs_find(&dirs, "a.c"));
	source_dirs_release(&dirs);
}

static void expect_release(const char *text, const char *expected)
{
	char *release = source_release((const unsigned char *)text, strlen(text));

	if (!expected)
		assert_null(release);
	else
		assert_string_equal(release ? release : "(none)", expected);
	free(release);
}

static void test_release(void **state)
{
	(void)state;
	expect_release(
		"# SPDX\nVERSION = 6\nPATCHLEVEL = 1\nSUBLEVEL = 176\nEXTRAVERSION =\nNAME = x\n",
		"6.1.176");
	expect_release("VERSION = 2\nPATCHLEVEL = 6\nSUBLEVEL = 38\nEXTRAVERSION = -rc3\n",
		       "2.6.38-rc3");
	expect_release("VERSION=7\nPATCHLEVEL=2", "7.2");
	expect_release("VERSION = 6\n", NULL);
	expect_release("", NULL);
	expect_release("VERSION = $(shell x)\nPATCHLEVEL = 1\n", NULL);
}

static void test_releases_are_counted(void **state)
{
	enum { PLAIN = 1 << KSA_CLASS_PLAIN, GPL = 1 << KSA_CLASS_GPL, SYMBOLS = 4 };
	/* a: reclassified; b: new, used two releases later; c: new, goes unused; d: both classes.
	 */
	uint8_t classes[] = {PLAIN, 0,	   0,	PLAIN | GPL, /* */
			     GPL,   PLAIN, GPL, PLAIN, /* */
			     GPL,   PLAIN, 0,	PLAIN, /* */
			     GPL,   PLAIN, 0,	PLAIN};
	uint8_t used[sizeof(classes)] = {0};
	uint32_t tags[] = {5, 6, 8, 9};
	const struct history_releases releases = {.tags = tags,
						  .count = 4,
						  .symbols = SYMBOLS,
						  .classes = classes,
						  .used = used,
						  .missing = 3};
	struct history_stats stats;

	(void)state;
	used[3 * SYMBOLS + 1] = 1;
	assert_int_equal(history_count_releases(&releases, &stats, NULL), 0);
	assert_int_equal(stats.count, 4);
	assert_int_equal(stats.missing, 3);
	assert_int_equal(stats.items[0].plain, 1);
	assert_int_equal(stats.items[0].mixed, 1);
	assert_int_equal(stats.items[0].unused, 0);
	assert_int_equal(stats.items[1].tag, 6);
	assert_int_equal(stats.items[1].to_gpl, 1);
	assert_int_equal(stats.items[1].new_plain, 1);
	assert_int_equal(stats.items[1].new_gpl, 1);
	assert_int_equal(stats.items[1].unused, 2);
	assert_int_equal(stats.items[1].waits[1], 1);
	assert_int_equal(stats.items[1].never, 1);
	assert_int_equal(stats.items[2].removed, 1);
	history_stats_release(&stats);
}

static void test_states_are_what_files_say(void **state)
{
	struct ksa_history *h = new_history();
	struct event_state states[] = {
		{.symbol = "a", .path = "x.c", .classes = 1 << KSA_CLASS_PLAIN},
		{.symbol = "b", .path = "x.c", .classes = 1 << KSA_CLASS_PLAIN},
		{.symbol = "b", .path = "y.c", .classes = 1 << KSA_CLASS_GPL}};
	struct ksa_events events = {.history = h, .states = states, .state_count = 3};
	struct history_export items[3] = {{.cls = KSA_CLASS_GPL}, {.cls = KSA_CLASS_PLAIN}};
	const struct history_exports exports = {.items = items, .count = 3};

	(void)state;
	/* b is twice in y.c, once with a namespace; what nobody asked for is passed over. */
	assert_int_equal(history_string(h, "y.c", &items[0].path, NULL), 0);
	assert_int_equal(history_string(h, "b", &items[0].name, NULL), 0);
	assert_int_equal(history_string(h, "NS", &items[0].ns, NULL), 0);
	items[1].path = items[2].path = items[0].path;
	items[1].name = items[0].name;
	assert_int_equal(history_string(h, "c", &items[2].name, NULL), 0);
	assert_int_equal(history_confirm(&events, &exports, NULL), 0);
	assert_int_equal(events.state_count, 1);
	assert_string_equal(states[0].path, "y.c");
	assert_int_equal(states[0].classes, 1 << KSA_CLASS_PLAIN | 1 << KSA_CLASS_GPL);
	assert_string_equal(states[0].ns, "NS");
	arena_release(&events.arena);
	ksa_history_free(h);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_order_beats_clocks),
		cmocka_unit_test(test_order_of_a_circle),
		cmocka_unit_test(test_merge_base),
		cmocka_unit_test(test_many_commits_are_found),
		cmocka_unit_test(test_classes),
		cmocka_unit_test(test_body),
		cmocka_unit_test(test_uses),
		cmocka_unit_test(test_uses_of_macros),
		cmocka_unit_test(test_uses_elsewhere),
		cmocka_unit_test(test_directories),
		cmocka_unit_test(test_release),
		cmocka_unit_test(test_releases_are_counted),
		cmocka_unit_test(test_states_are_what_files_say),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
