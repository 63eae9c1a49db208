// SPDX-License-Identifier: GPL-2.0-or-later
/* What headers say of macros and inline functions. Texts are from the kernels that are named. */
#include "read/headers/headers.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/cleanup.h"

#define AUTOCONF                                                                                   \
	"#define CONFIG_X86 1\n#define CONFIG_64BIT 1\n#define CONFIG_SMP 1\n"                     \
	"#define CONFIG_NR_CPUS 8192\n#define CONFIG_TUN_MODULE 1\n"

static void add(struct header_set *set, const char *path, const char *text)
{
	size_t size = strlen(text);
	struct header_file file = {.data = {(const unsigned char *)strdup(text), size, BYTES_HEAP}};

	assert_non_null(file.data.data);
	assert_int_equal(header_set_add(set, path, &file, NULL), 0);
}

static struct helpers *read_set(struct header_set *set)
{
	struct header_options options = {.jobs = 2};
	struct helpers *helpers;
	struct ksa_error err = {.code = 0};

	if (header_set_read(set, &options, &helpers, &err))
		fail_msg("%s: %s", err.source, err.text);
	header_set_release(set);
	return helpers;
}

static struct helpers *read_text(const char *text)
{
	struct header_set set = {.items = NULL};

	add(&set, "include/generated/autoconf.h", AUTOCONF);
	add(&set, "include/linux/a.h", text);
	return read_set(&set);
}

/* "a(): b c; d?: e": "()" has arguments, "{}" is a function, '?' is undecided, names sorted. */
static void print(const struct helpers *h, struct strbuf *out)
{
	static const char *const kinds[] = {"()", "", "{}", "*"};

	for (size_t i = 0; i < h->count; i++) {
		const struct helper *helper = &h->items[i];

		strbuf_printf(out, "%s%s%s%s:", i ? "; " : "", helper_text(h, helper),
			      kinds[helper->kind], helper->maybe ? "?" : "");
		for (uint32_t k = 0; k < helper->count; k++)
			strbuf_printf(out, " %s", h->names[h->refs[helper->first + k]].text);
	}
}

static void expect(const char *text, const char *expected)
{
	struct helpers *h = read_text(text);
	struct strbuf out = {.data = NULL};

	print(h, &out);
	assert_string_equal(strbuf_string(&out), expected);
	strbuf_release(&out);
	helpers_free(h);
}

static void expect_declared(const char *text, const char *name, unsigned int declared)
{
	struct helpers *h = read_text(text);

	if (helpers_declared(h, name) != declared)
		fail_msg("%s: %u", name, helpers_declared(h, name));
	helpers_free(h);
}

static void test_macros(void **state)
{
	(void)state;
	expect("#define kmalloc(...) alloc_hooks(kmalloc_noprof(__VA_ARGS__))\n",
	       "kmalloc(): alloc_hooks kmalloc_noprof");
	expect("#define A 0x12ULL\n#define B A /* C */ // D\n#define E\n", "A:; B: A; E:");
	expect("#define f(a, b...) \\\n\tg(a, ##b); \\\n\th(\"x %d\", a)\n", "f(): g h");
	expect("#define f(p) ((p)->member.other + (p)->call(x)) + sizeof(struct tag)\n", "f(): x");
	expect("#define f(name) name##_init(); init_##name(); key(#name)\n", "f(): key");
	expect("#define f f\n#undef g\n#define h (x) y\n", "f:; h: x y");
	/* 6.1: include/linux/minmax.h */
	expect("#define __cmp_once(x, y, unique_x, unique_y, op) ({\t\\\n"
	       "\t\ttypeof(x) unique_x = (x);\t\t\\\n\t\ttypeof(y) __y = (y);\t\t\\\n"
	       "\t\t__cmp(__y, unique_y, op); })\n",
	       "__cmp_once(): __cmp");
}

static void test_inlines(void **state)
{
	(void)state;
	/* 6.12: include/net/dst.h, include/linux/rcuref.h */
	expect("static inline void dst_hold(struct dst_entry *dst)\n{\n\tBUILD_BUG_ON(1);\n"
	       "\tWARN_ON(!rcuref_get(&dst->__rcuref));\n}\n"
	       "static inline __must_check bool rcuref_get(rcuref_t *ref)\n{\n"
	       "\tif (likely(!atomic_add_negative_relaxed(1, &ref->refcnt)))\n"
	       "\t\treturn true;\n\treturn rcuref_get_slowpath(ref);\n}\n",
	       "dst_hold{}: BUILD_BUG_ON WARN_ON rcuref_get; "
	       "rcuref_get{}: likely atomic_add_negative_relaxed true rcuref_get_slowpath");
	expect("static __always_inline __printf(1, 2) int f(const char *a, ...)\n{ return g(a); "
	       "}\n",
	       "f{}: g");
	expect("static inline int f(int (*call)(int x), int a[])\n__acquires(lock)\n"
	       "{\n\tu32 one = 1, *two;\n\tstruct t *p = get(one), **q;\n\n"
	       "\tfor (int i = 0; i < a[1]; i++)\n\t\tcall(put(p, two, q));\n"
	       "\tgoto out;\n\tx * y();\nout:\n\treturn other;\n}\nint g(void);\n",
	       "f{}: u32 get put x y out other");
	expect("extern struct a *b(void);\nextern inline struct a *f(int b) { return g(b); }\n"
	       "typedef int (h)(int);\nint *(i)(int x);\n",
	       "f{}: g");
	/* A macro that is not known before a function's name, and one that makes it. */
	expect("static inline int __foo_attr(1) f(int a) { return g(a); }\n"
	       "BPF_CALL_0(x) { return y(); }\nstatic inline int z(void) { return w(); }\n",
	       "f{}: g; z{}: w");
	expect("static inline void f(void)\n{\n\tasm volatile(\"call __sw_hweight32\" : : );\n"
	       "\tasm(\"call __put_%c[size]\");\n}\n",
	       "f{}: __sw_hweight32");
	expect("#ifdef __cplusplus\nextern \"C\" {\n#endif\nstatic inline int f(void) { return "
	       "g(); }\n"
	       "#ifdef __cplusplus\n}\n#endif\n",
	       "f{}: g");
	expect("extern \"C\" {\nstatic inline int f(void) { return g(); }\n}\n", "f{}: g");
}

static void test_conditions(void **state)
{
	(void)state;
	expect("#ifndef _A_H\n#define _A_H\n#ifdef CONFIG_SMP\n#define a b\n#else\n#define a c\n"
	       "#endif\n#if IS_ENABLED(CONFIG_TUN)\n#define d e\n#endif\n"
	       "#if defined(CONFIG_NUMA) || !defined(__KERNEL__)\n#define f g\n#endif\n#endif\n",
	       "_A_H:; a: b; d: e");
	expect("#ifdef ARCH_HAS_X\n#define a b\n#else\n#define a c\n#endif\n#define d e\n",
	       "a?: b c; d: e");
	expect("#ifndef f\n#define f f\nstatic inline void f(void) { g(); }\n#endif\n", "f?: g");
	/* A guard that lets the file be read again: 6.1, include/trace/events/. */
	expect("#undef TRACE_SYSTEM\n#define TRACE_SYSTEM x\n"
	       "#if !defined(_T_H) || defined(TRACE_HEADER_MULTI_READ)\n#define _T_H\n"
	       "#define a b\n#endif\n",
	       "TRACE_SYSTEM: x; _T_H:; a: b");
	expect("static inline void f(void)\n{\n#ifdef CONFIG_SMP\n\ta();\n#else\n\tb();\n#endif\n"
	       "#ifdef WHO_KNOWS\n\tc();\n#endif\n}\n",
	       "f{}?: a c");
	/* Both branches open the same block. */
	expect("#ifdef X\nstatic inline int f(int a)\n{\n#else\nstatic inline int "
	       "f(void)\n{\n#endif\n"
	       "\treturn g();\n}\nstatic inline int h(void)\n{\n\treturn i();\n}\n",
	       "f{}?: g; h{}: i");
	expect("#if BITS_PER_LONG == 64\n#define a b\n#else\n#define a c\n#endif\n"
	       "#if defined(__i386__)\n#define d e\n#elif defined(__aarch64__)\n#define d f\n"
	       "#elif defined(__x86_64__)\n#define d g\n#endif\n",
	       "a: b; d: g");
	expect("#if 0\ndon't #define a b\n/* #endif */ \"\n#endif\n#define c d\n", "c: d");
}

static void test_declared(void **state)
{
	static const char text[] =
		"extern int a, *b;\nint c(int d);\nstruct e;\nstruct f { int g; } h;\n"
		"typedef struct f i;\ntypedef int (*j)(void);\nenum k { l, m = 1, n };\n"
		"extern u64 o __read_mostly;\nDECLARE_PER_CPU(int, p);\n"
		"static const struct f q = { .g = 1 };\nint (*r)(int);\n"
		"struct f *s(void) __aligned(8);\ntypedef void t(int);\n";
	static const struct {
		const char *name;
		unsigned int declared;
	} names[] = {
		{"a", DECLARED_OBJECT},
		{"b", DECLARED_OBJECT},
		{"c", DECLARED_FUNCTION},
		{"d", 0},
		{"e", DECLARED_TYPE},
		{"f", DECLARED_TYPE},
		{"g", 0},
		{"h", DECLARED_OBJECT},
		{"i", DECLARED_TYPE},
		{"j", DECLARED_TYPE},
		{"k", DECLARED_TYPE},
		{"l", DECLARED_CONSTANT},
		{"m", DECLARED_CONSTANT},
		{"n", DECLARED_CONSTANT},
		{"o", DECLARED_OBJECT},
		{"p", DECLARED_OBJECT},
		{"q", DECLARED_OBJECT},
		{"r", DECLARED_OBJECT},
		{"s", DECLARED_FUNCTION},
		{"t", DECLARED_TYPE},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		expect_declared(text, names[i].name, names[i].declared);
}

/* What macros make of names: tracepoints, classes of guards. */
static void test_generated(void **state)
{
	struct helpers *h;

	(void)state;
	expect("DEFINE_FREE(kfree, void *, if (_T) kfree(_T))\n"
	       "DEFINE_GUARD(mutex, struct mutex *, mutex_lock(_T), mutex_unlock(_T))\n"
	       "DEFINE_GUARD_COND(mutex, _try, mutex_trylock(_T))\n"
	       "static inline void f(void) { guard(mutex)(&a); char *p __free(kfree) = b(); }\n",
	       "f{}: guard class_mutex_constructor class_mutex_destructor mutex a __free "
	       "__free_kfree kfree b");
	/* 6.12: include/linux/page-flags.h, include/acpi/acpixf.h, include/net/ip_fib.h */
	expect("#define FOLIO_TEST(name) \\\nstatic inline bool folio_test_##name(void) "
	       "{ return test_bit(PG_##name); }\n"
	       "#define TESTPAGEFLAG(uname, lname, policy) FOLIO_TEST(lname) \\\n"
	       "static __always_inline int Page##uname(const struct page *page) \\\n"
	       "{ return test_bit(PG_##lname, &policy(page, 0)->flags); }\n"
	       "#define PAGEFLAG(uname, lname, policy) TESTPAGEFLAG(uname, lname, policy)\n"
	       "PAGEFLAG(Dirty, dirty, PF_HEAD)\n\tPAGEFLAG(LRU, lru, PF_HEAD)\n",
	       "FOLIO_TEST(): test_bit; PAGEFLAG(): TESTPAGEFLAG; "
	       "PageDirty*: test_bit PG_dirty PF_HEAD; PageLRU*: test_bit PF_HEAD PG_lru; "
	       "TESTPAGEFLAG(): FOLIO_TEST test_bit page; "
	       "folio_test_dirty*: test_bit PG_dirty; folio_test_lru*: test_bit PG_lru");
	/* 7.2: include/linux/cleanup.h */
	expect("#define DEFINE_GUARD_COND_3(_name, _ext, _lock) \\\n"
	       "static __always_inline __nonnull_args(1) class_##_name##_t "
	       "class_##_name##_ext##_constructor(_type *l) __no_context_analysis { _lock; }\n"
	       "#define DEFINE_GUARD_COND(X...) CONCATENATE(DEFINE_GUARD_COND_, COUNT_ARGS(X))(X)\n"
	       "DEFINE_GUARD_COND(mutex, _try, mutex_trylock(_T->lock))\n",
	       "DEFINE_GUARD_COND(): CONCATENATE DEFINE_GUARD_COND_ COUNT_ARGS; "
	       "DEFINE_GUARD_COND_3(): __nonnull_args _type l __no_context_analysis; "
	       "class_mutex_try_constructor*: mutex_trylock _T");
	h = read_text("#define ACPI_EXTERNAL(prototype) prototype;\n"
		      "#define INDIRECT_CALLABLE_DECLARE(f) f\n"
		      "ACPI_EXTERNAL(acpi_status acpi_get_data(int a))\n"
		      "INDIRECT_CALLABLE_DECLARE(int ip_dst_check(void));\nint other(void);\n");
	assert_int_equal(helpers_declared(h, "acpi_get_data"), DECLARED_FUNCTION);
	assert_int_equal(helpers_declared(h, "ip_dst_check"), DECLARED_FUNCTION);
	assert_int_equal(helpers_declared(h, "other"), DECLARED_FUNCTION);
	helpers_free(h);
	h = read_text("TRACE_EVENT(x,\n\tTP_PROTO(int a),\n\tTP_ARGS(a))\n"
		      "DEFINE_EVENT(class, y, TP_PROTO(int a));\nint z(void);\n");
	assert_non_null(helpers_find(h, "trace_x"));
	assert_int_equal(helpers_find(h, "trace_x")->line, 1);
	assert_int_equal(helpers_find(h, "trace_y_enabled")->count, 1);
	assert_null(helpers_find(h, "trace_class"));
	assert_int_equal(helpers_declared(h, "z"), DECLARED_FUNCTION);
	helpers_free(h);
}

/* A macro that makes invocations of itself, or of many others. */
static void test_hostile_macros(void **state)
{
	(void)state;
	helpers_free(read_text("#define A(x) A(x) A(x) A(x) A(x)\nA(1)\nA(2)\n"));
	helpers_free(read_text("#define A(x) B(x) B(x) B(x) B(x) B(x) B(x) B(x) B(x)\n"
			       "#define B(x) C(x) C(x) C(x) C(x) C(x) C(x) C(x) C(x)\n"
			       "#define C(x) D(x) D(x) D(x) D(x) D(x) D(x) D(x) D(x)\n"
			       "#define D(x) E(x) E(x) E(x) E(x) E(x) E(x) E(x) E(x)\n"
			       "#define E(x) A(x) A(x) A(x) A(x) A(x) A(x) A(x) A(x)\nA(1)\n"));
	helpers_free(
		read_text("#define A(x\nA(\n#define B(x) x##x\nB((((\nB(static inline int)\n"));
}

/* Whatever the bytes are, reading ends. */
static void test_hostile(void **state)
{
	struct strbuf text = {.data = NULL};
	struct helpers *h;

	(void)state;
	for (int i = 0; i < 100000; i++)
		strbuf_adds(&text, "(f{#if\n");
	h = read_text(strbuf_string(&text));
	helpers_free(h);
	strbuf_reset(&text);
	for (int i = 0; i < 100000; i++)
		strbuf_adds(&text, "#if X\n{\"");
	h = read_text(strbuf_string(&text));
	helpers_free(h);
	strbuf_release(&text);
	expect("#define", "");
	expect("#define f(", "");
	expect("#define f(a", "");
	expect("static inline int f(void) { g(", "f{}: g");
	expect("/*", "");
	expect("\"", "");
	expect("}}}} static inline int f(void) { return g; }", "f{}: g");
}

static void write_file(const char *dir, const char *path, const char *text)
{
	_cleanup_free_ char *name = NULL;
	FILE *f;

	assert_true(asprintf(&name, "%s/%s", dir, path) > 0);
	for (char *slash = strchr(name + strlen(dir) + 1, '/'); slash;
	     slash = strchr(slash + 1, '/')) {
		*slash = '\0';
		mkdir(name, 0755);
		*slash = '/';
	}
	f = fopen(name, "w");
	assert_non_null(f);
	assert_true(fputs(text, f) >= 0);
	assert_int_equal(fclose(f), 0);
}

static void expect_tree(const char *dir, const char *below, const char *expected)
{
	struct header_set set = {.items = NULL};
	struct strbuf out = {.data = NULL};
	_cleanup_free_ char *path = NULL;
	struct helpers *h;

	assert_true(asprintf(&path, "%s%s", dir, below) > 0);
	assert_int_equal(header_set_add_directory(&set, path, NULL), 0);
	h = read_set(&set);
	print(h, &out);
	assert_string_equal(strbuf_string(&out), expected);
	assert_string_equal(h->arch, "x86");
	strbuf_release(&out);
	helpers_free(h);
}

/* The two halves of Debian's headers, in an unpacked root. */
static void test_halves(void **state)
{
	static const char both[] = "a: b; c: d; e: f";
	char dir[] = "/tmp/test_headers.XXXXXX";
	_cleanup_free_ char *link = NULL, *clean = NULL;

	(void)state;
	assert_non_null(mkdtemp(dir));
	write_file(dir, "usr/src/linux-headers-6.1-amd64/Makefile",
		   "include /usr/src/linux-headers-6.1-common/Makefile\n");
	write_file(dir, "usr/src/linux-headers-6.1-amd64/include/generated/autoconf.h", AUTOCONF);
	write_file(dir, "usr/src/linux-headers-6.1-amd64/arch/x86/include/generated/asm/a.h",
		   "#define a b\n");
	write_file(dir, "usr/src/linux-headers-6.1-common/include/linux/c.h", "#define c d\n");
	write_file(dir, "usr/src/linux-headers-6.1-common/arch/x86/include/asm/e.h",
		   "#define e f\n");
	write_file(dir, "usr/src/linux-headers-6.1-common/arch/arm64/include/asm/g.h",
		   "#define g h\n");
	write_file(dir, "usr/src/linux-headers-6.1-common/tools/include/i.h", "#define i j\n");
	write_file(dir, "lib/modules/6.1-amd64/modules.order", "");
	assert_true(asprintf(&link, "%s/lib/modules/6.1-amd64/build", dir) > 0);
	assert_int_equal(symlink("/usr/src/linux-headers-6.1-amd64", link), 0);
	expect_tree(dir, "/usr/src/linux-headers-6.1-amd64", both);
	expect_tree(dir, "/lib/modules/6.1-amd64", both);
	expect_tree(dir, "", both);
	assert_true(asprintf(&clean, "rm -r %s", dir) > 0);
	assert_int_equal(system(clean), 0);
}

static void test_paths(void **state)
{
	(void)state;
	assert_string_equal(header_path("usr/src/linux-headers-6.1/include/linux/a.h"),
			    "include/linux/a.h");
	assert_string_equal(header_path("usr/src/kernels/6.1/arch/x86/include/asm/a.h"),
			    "arch/x86/include/asm/a.h");
	assert_string_equal(header_path("include/uapi/arch/a.h"), "include/uapi/arch/a.h");
	assert_null(header_path("usr/src/linux-headers-6.1/tools/include/linux/a.h"));
	assert_null(header_path("drivers/net/include/a.h"));
	assert_null(header_path("include/config/A.h"));
	assert_null(header_path("arch/x86/kernel/a.h"));
	assert_null(header_path("include/linux/a.c"));
}

static bool is_wanted(void *ctx, const char *name)
{
	return strcmp(name, ctx) == 0;
}

static void test_reach(void **state)
{
	char wanted[] = "end";
	struct helper_reach reach = {.steps = NULL};
	struct strbuf chain = {.data = NULL};
	struct helpers *h = read_text("#define a(x) b(x)\n#define b(x) c\n#define c a(1) + d()\n"
				      "static inline int d(void) { return end(); }\n"
				      "#define a(x) other(x)\n#define alone 1\n");
	uint8_t *far;
	size_t users;

	(void)state;
	assert_int_equal(helpers_find(h, "a")->count, 2);
	assert_int_equal(helpers_find(h, "a")->line, 1);
	assert_int_equal(helpers_reach(h, helpers_find(h, "a"), &reach, NULL), 0);
	assert_int_equal(reach.count, 6);
	helper_reach_chain(h, &reach, reach.count - 1, &chain);
	assert_string_equal(strbuf_string(&chain), "a() -> b() -> c -> d() -> end");
	assert_int_equal(helpers_reach(h, helpers_find(h, "alone"), &reach, NULL), 0);
	assert_int_equal(reach.count, 1);
	assert_int_equal(helpers_distances(h, is_wanted, wanted, &far, NULL), 0);
	assert_int_equal(far[helpers_number(h, "a")], 4);
	assert_int_equal(far[helpers_number(h, "end")], 0);
	assert_int_equal(far[helpers_number(h, "alone")], UINT8_MAX);
	assert_int_equal(helpers_number(h, "nowhere"), HELPER_NONE);
	assert_int_equal(*helpers_users(h, helpers_number(h, "end"), &users),
			 helpers_find(h, "d") - h->items);
	assert_int_equal(users, 1);
	free(far);
	strbuf_release(&chain);
	helper_reach_release(&reach);
	helpers_free(h);
}

/* What a snapshot keeps. */
static void test_reduce(void **state)
{
	char wanted[] = "end";
	struct helpers *h = read_text("#define a(x) b(x) + other(x)\n#define b(x) end\n"
				      "#define c(x) nothing(x)\n#define D 1\n#define e f\n"
				      "#define G b(1)\nint end(void);\n");
	struct strbuf out = {.data = NULL};
	struct helpers *kept, *again;

	(void)state;
	assert_int_equal(helpers_reduce(h, is_wanted, wanted, &kept, NULL), 0);
	print(kept, &out);
	assert_string_equal(strbuf_string(&out), "G: b; a(): b; b(): end; c():; e():");
	assert_true(kept->partial && helpers_find(kept, "c")->bare);
	assert_false(helpers_find(kept, "a")->bare);
	assert_int_equal(helpers_reduce(kept, is_wanted, wanted, &again, NULL), 0);
	strbuf_reset(&out);
	print(again, &out);
	assert_string_equal(strbuf_string(&out), "G: b; a(): b; b(): end; c():; e():");
	strbuf_release(&out);
	helpers_free(again);
	helpers_free(kept);
	helpers_free(h);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_macros),	       cmocka_unit_test(test_inlines),
		cmocka_unit_test(test_conditions),     cmocka_unit_test(test_declared),
		cmocka_unit_test(test_generated),      cmocka_unit_test(test_hostile),
		cmocka_unit_test(test_hostile_macros), cmocka_unit_test(test_halves),
		cmocka_unit_test(test_paths),	       cmocka_unit_test(test_reach),
		cmocka_unit_test(test_reduce),
	};

	return cmocka_run_group_tests_name("headers", tests, NULL, NULL);
}
