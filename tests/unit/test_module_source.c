// SPDX-License-Identifier: GPL-2.0-or-later
/* What the source of a module names. The small sources have the shapes of real compat.h files. */
#include "read/source/module_source.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/strbuf.h"

static char root[] = "/tmp/ksymaudit-names.XXXXXX";
static char dir[64];

static int make_dir(void **state)
{
	(void)state;
	strcpy(root + sizeof(root) - 7, "XXXXXX");
	assert_non_null(mkdtemp(root));
	snprintf(dir, sizeof(dir), "%s/m", root);
	assert_int_equal(mkdir(dir, 0755), 0);
	return 0;
}

static int remove_dir(void **state)
{
	char command[128];

	(void)state;
	snprintf(command, sizeof(command), "rm -r %s", root);
	return system(command);
}

/* A file of the module's directory; directories are made. */
static void put(const char *name, const char *text)
{
	char path[256];
	FILE *file;

	snprintf(path, sizeof(path), "%s/%s", dir, name);
	for (char *slash = path + strlen(dir) + 1; (slash = strchr(slash, '/')); slash++) {
		*slash = '\0';
		mkdir(path, 0755);
		*slash = '/';
	}
	file = fopen(path, "w");
	assert_non_null(file);
	assert_true(fputs(text, file) >= 0);
	assert_int_equal(fclose(file), 0);
}

static enum kernel_tristate macro(void *ctx, const char *name)
{
	(void)ctx;
	if (strcmp(name, "timer_setup") == 0 || strcmp(name, "from_timer") == 0)
		return TRI_YES;
	return strncmp(name, "UNKNOWN", 7) == 0 ? TRI_UNKNOWN : TRI_NO;
}

static enum kernel_tristate option(void *ctx, const char *name)
{
	(void)ctx;
	if (strcmp(name, "CONFIG_Y") == 0 || strcmp(name, "CONFIG_M_MODULE") == 0)
		return TRI_YES;
	return strcmp(name, "CONFIG_UNKNOWN") == 0 ? TRI_UNKNOWN : TRI_NO;
}

static const struct named_kernel v6_12 = {
	.release = "6.12.117+deb12-amd64", .arch = "x86_64", .macro = macro, .option = option};

static void ask(const char *module, const struct named_kernel *kernel, struct ksa_named *named)
{
	struct module_source_question question = {.module = module, .kernel = *kernel};
	struct ksa_error err = {.code = 0};
	struct module_source *source;

	if (module_source_open(dir, &source, &err))
		fail_msg("%s: %s", err.source, err.text);
	assert_int_equal(module_source_named(source, &question, named, &err), 0);
	module_source_free(source);
}

/* All that is named, as "name=yes@file:line() other=maybe@file:line[condition]"; NO is left out
 * unless all is wanted. */
static void expect_of(const char *module, const struct named_kernel *kernel, bool all,
		      const char *expected)
{
	static const char *const words[] = {"no", "maybe", "yes"};
	struct ksa_named named = {.names = NULL};
	struct strbuf text = {.data = NULL};

	ask(module, kernel, &named);
	for (size_t i = 0; i < named.name_count; i++) {
		const struct named_name *name = &named.names[i];

		assert_ptr_equal(named_find(&named, name->name), name);
		for (uint32_t k = 0; k < name->site_count; k++) {
			const struct named_site *site = &name->sites[k];

			if (site->certainty == NAMED_NO && !all)
				continue;
			strbuf_printf(&text, "%s%s=%s@%s:%u%s", text.length ? " " : "", name->name,
				      words[site->certainty], site->file, site->line,
				      site->is_call ? "()" : "");
			if (all && site->condition)
				strbuf_printf(&text, "[%s]", site->condition);
		}
	}
	assert_string_equal(strbuf_string(&text), expected);
	strbuf_release(&text);
	named_release(&named);
}

/* What one C file names. */
static void expect(const char *text, const char *expected)
{
	put("a.c", text);
	expect_of(NULL, &v6_12, false, expected);
}

static void test_places(void **state)
{
	(void)state;
	expect("int f(void) { return strlcpy(a, b); }",
	       "a=yes@a.c:1 b=yes@a.c:1 strlcpy=yes@a.c:1()");
	expect("/* strlcpy() */ // strlcpy\nint f(void) { g(\"strlcpy(x)\", 'h'); }",
	       "g=yes@a.c:2()");
	/* Members, tags, labels, designators. */
	expect("int f(void) { struct x *p = &q; p->open = 1; p.open(); goto out;\nout: return 0; }",
	       "q=yes@a.c:1");
	expect("static struct file_operations o = { .open = nonseekable_open, read: f_read };",
	       "f_read=yes@a.c:1 nonseekable_open=yes@a.c:1");
	expect("struct s { int strlcpy; u32 (*kmalloc)(struct x *vmalloc, int n); u8 a[N]; };",
	       "N=yes@a.c:1 u32=yes@a.c:1 u8=yes@a.c:1");
	expect("int f(void) { return offsetof(struct x, list) + container_of(p, struct x, work); }",
	       "container_of=yes@a.c:1() offsetof=yes@a.c:1() p=yes@a.c:1");
	/* Parameters and local variables. */
	expect("int f(struct page *page, u8 (*get)(int), int n[]) { return page + get(n); }",
	       "u8=yes@a.c:1");
	expect("void f(void) { int a, *b = c, d[2]; u32 x; struct y z = { a, x }; g(a, b, d, z); }",
	       "c=yes@a.c:1 g=yes@a.c:1() u32=yes@a.c:1");
	expect("void f(void) { for (int i = 0; i < j; i++) { unsigned long k = i; use(k); } }",
	       "j=yes@a.c:1 use=yes@a.c:1()");
	expect("void f(void) { int (*fn)(int) = g; typeof(h) t = fn(1); char *p __free(kfree) = t; "
	       "put(p); }",
	       "__free=yes@a.c:1() g=yes@a.c:1 h=yes@a.c:1 kfree=yes@a.c:1 put=yes@a.c:1()");
	/* What is local to one function is not to the next. */
	expect("void f(int kfree) { kfree++; }\nvoid g(void) { kfree(p); }",
	       "kfree=yes@a.c:2() p=yes@a.c:2");
	expect("void f(void) { a * b; x = a * c; if (d) { } else e(1); }",
	       "a=yes@a.c:1 c=yes@a.c:1 d=yes@a.c:1 e=yes@a.c:1() x=yes@a.c:1");
	expect("void f(void) { switch (a) { case B: c(); break; default: d(); } }",
	       "B=yes@a.c:1 a=yes@a.c:1 c=yes@a.c:1() d=yes@a.c:1()");
	expect("int f(void) { return x ? kfree : vfree; }",
	       "kfree=yes@a.c:1 vfree=yes@a.c:1 x=yes@a.c:1");
}

static void test_own(void **state)
{
	(void)state;
	expect("static int g(void);\nint f(void) { return g() + h; }\nint g(void) { return 1; }\n"
	       "static int h = 1;",
	       "");
	/* A prototype defines nothing: the kernel has the function, and no header declares it. */
	expect("extern int kallsyms_lookup_name(const char *n);\nint f(void) { return "
	       "kallsyms_lookup_name(0); }",
	       "kallsyms_lookup_name=yes@a.c:2()");
	expect("enum { A, B = C }; typedef u32 my_t; static DEFINE_MUTEX(lock);\n"
	       "my_t f(void) { return A + B + mutex_lock(&lock); }",
	       "C=yes@a.c:1 DEFINE_MUTEX=yes@a.c:1() mutex_lock=yes@a.c:2() u32=yes@a.c:1");
	expect("static int __init my_init(void) { return 0; }\nmodule_init(my_init);\n"
	       "MODULE_LICENSE(\"GPL\");",
	       "MODULE_LICENSE=yes@a.c:3() __init=yes@a.c:1 module_init=yes@a.c:2()");
	expect("static DEVICE_ATTR(vmalloc, 0444, my_show, NULL);\nstatic int x __read_mostly = y;",
	       "DEVICE_ATTR=yes@a.c:1() __read_mostly=yes@a.c:2 my_show=yes@a.c:1 y=yes@a.c:2");
	/* What a macro declares with a type is its own, in all of its arguments. */
	expect("TRACE_EVENT(e, TP_PROTO(size_t page_index, int n), TP_ARGS(page_index, n),\n"
	       "__field(size_t, page_index) g(n));\nint f(void) { return page_index(p); }",
	       "TP_ARGS=yes@a.c:1() TP_PROTO=yes@a.c:1() TRACE_EVENT=yes@a.c:1() "
	       "__field=yes@a.c:2() "
	       "g=yes@a.c:2() p=yes@a.c:3 page_index=yes@a.c:3() size_t=yes@a.c:1");
	expect("module_param(a, int, 0644); module_param_array_named(b, c, charp, &n, 0);\n"
	       "module_param(d, my, 0); static const struct kernel_param_ops param_ops_my;",
	       "a=yes@a.c:1 b=yes@a.c:1 c=yes@a.c:1 charp=yes@a.c:1 d=yes@a.c:2 "
	       "module_param=yes@a.c:1() module_param_array_named=yes@a.c:1() my=yes@a.c:2 "
	       "n=yes@a.c:1 param_ops_charp=yes@a.c:1 param_ops_int=yes@a.c:1");
	/* Static in one file, the kernel's in another. */
	put("b.c", "void g(void) { del_timer(t); }");
	expect("static int del_timer(int t) { return t; }\nint f(void) { return del_timer(1); }",
	       "del_timer=yes@b.c:1() t=yes@b.c:1");
}

static void test_versions(void **state)
{
	(void)state;
	put("a.c", "#include <linux/version.h>\n"
		   "#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 8, 0)\n"
		   "#define copy(a, b) strlcpy(a, b)\n"
		   "#else\n"
		   "#define copy(a, b) strscpy(a, b)\n"
		   "#endif\n"
		   "void f(void) { copy(x, y); }\n");
	expect_of(NULL, &v6_12, true,
		  "strlcpy=no@a.c:3()[LINUX_VERSION_CODE < KERNEL_VERSION(6, 8, 0)] "
		  "strscpy=yes@a.c:5()[!(LINUX_VERSION_CODE < KERNEL_VERSION(6, 8, 0))] "
		  "x=yes@a.c:7 y=yes@a.c:7");
	expect_of(NULL, &(struct named_kernel){.release = "6.1.0-57-amd64"}, false,
		  "strlcpy=yes@a.c:3() x=yes@a.c:7 y=yes@a.c:7");
	/* Nothing is known: both, and the macro is the module's own all the same. */
	expect_of(NULL, &(struct named_kernel){.release = NULL}, false,
		  "strlcpy=maybe@a.c:3() strscpy=maybe@a.c:5() x=yes@a.c:7 y=yes@a.c:7");
	/* The third number is the distribution's. */
	put("a.c", "#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 1, 50)\nint a = new;\n#endif\n"
		   "#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 1, 0)\nint b = old;\n#endif\n");
	expect_of(NULL, &(struct named_kernel){.release = "6.1.0-57-amd64"}, false,
		  "new=maybe@a.c:2 old=yes@a.c:5");
	expect_of(NULL, &(struct named_kernel){.release = "6.1.176"}, false,
		  "new=yes@a.c:2 old=yes@a.c:5");
	expect_of(NULL, &(struct named_kernel){.version_code = 0x060110, .release = "6.1.0-57"},
		  false, "old=yes@a.c:5");
}

static void test_compat(void **state)
{
	(void)state;
	/* The name is the module's own for old kernels only. */
	put("compat.h", "#ifndef COMPAT_H\n#define COMPAT_H\n"
			"#define KVER LINUX_VERSION_CODE\n"
			"#define BEFORE(a, b) (KVER < KERNEL_VERSION(a, b, 0))\n"
			"#if BEFORE(5, 6)\n"
			"#define proc_ops file_operations\n"
			"static inline int strscpy(char *a) { return strlcpy(a); }\n"
			"#endif\n"
			"#if !BEFORE(6, 4)\n"
			"#define class_create(owner, name) class_create(name)\n"
			"#endif\n"
			"#define unused(x) gone(x)\n"
			"#endif\n");
	expect("#include \"compat.h\"\nint f(void) { return strscpy(1) + class_create(2, 3); }",
	       "class_create=yes@compat.h:10() strscpy=yes@a.c:2()");
	put("a.c",
	    "#include \"compat.h\"\nint f(void) { return strscpy(1) + class_create(2, 3); }");
	expect_of(NULL, &(struct named_kernel){.release = "4.19.1"}, false,
		  "class_create=yes@a.c:2() strlcpy=yes@compat.h:7()");
	/* A macro of the kernel's, that the headers are asked for; and what depends on it. */
	expect("#if defined(timer_setup) && defined(from_timer)\n#define HAVE_TIMER_SETUP\n#endif\n"
	       "#ifdef HAVE_TIMER_SETUP\nint a = x;\n#else\nint a = y;\n#endif\n",
	       "x=yes@a.c:5");
	expect("#ifndef from_timer\n#define from_timer(a) container(a)\n#endif\nint a = "
	       "from_timer(0);",
	       "from_timer=yes@a.c:4()");
	expect("#ifdef UNKNOWN_A\n#define lock(x) spin_lock(x)\n#else\n#define lock(x) "
	       "mutex_lock(x)\n"
	       "#endif\nint a = lock(1);",
	       "mutex_lock=maybe@a.c:4() spin_lock=maybe@a.c:2()");
	/* Defined and used under the same condition: the module's own. */
	expect("#ifdef UNKNOWN_A\nstatic int g_std(int i) { return i; }\n#endif\n"
	       "#ifdef UNKNOWN_A\nint a = g_std(1);\n#endif\n",
	       "");
	/* What the project's build may set is not decided, whatever the kernel's headers say. */
	put("Makefile", "obj-m := a.o\nccflags-y += -DHAVE_X $(if $(Y),-DHAVE_Y)\n");
	put("configure.ac", "AC_DEFINE(HAVE_Z, 1, [z])\n");
	expect("#ifdef HAVE_X\nint a = x;\n#endif\n#ifdef HAVE_Y\nint b = y;\n#endif\n"
	       "#if defined(HAVE_Z)\nint c = z;\n#endif\n#ifdef HAVE_W\nint d = w;\n#endif\n",
	       "x=maybe@a.c:2 y=maybe@a.c:5 z=maybe@a.c:8");
	/* "-D X" says so too; a file that is installed is no macro, and makes none doubtful. */
	put("Makefile", "obj-m := a.o\nccflags-y += $(shell grep -q u v && echo -D HAVE_U)\n"
			"i:\n\tinstall -D $(FILE) $@\n");
	expect("#ifndef HAVE_U\nint a = x;\n#endif\n#ifndef HAVE_W\nint b = y;\n#endif\n",
	       "x=maybe@a.c:2 y=yes@a.c:5");
	/* Nor is one whose name it puts together. */
	put("Makefile", "obj-m := a.o\n$(foreach n,$(FOUND),$(eval ccflags-y += -DPROBED_$(n)))\n");
	expect("#ifdef PROBED_A\nint a = x;\n#else\nint b = y;\n#endif\n"
	       "#ifdef PROBE\nint c = z;\n#endif\n",
	       "x=maybe@a.c:2 y=maybe@a.c:4");
	put("Makefile", "obj-m := a.o\nccflags-y += $(shell ./probe -DP$$1)\n");
	expect("#if IS_ENABLED(CONFIG_M)\nint a = m;\n#endif\n#ifdef CONFIG_N\nint b = n;\n#endif\n"
	       "#ifdef CONFIG_UNKNOWN\nint c = u;\n#endif\n#ifdef CONFIG_Y\nint d = y;\n#endif\n",
	       "m=yes@a.c:2 u=maybe@a.c:8 y=yes@a.c:11");
	expect("#ifdef RHEL_RELEASE_CODE\n#if RHEL_RELEASE_CODE > RHEL_RELEASE_VERSION(8, 0)\n"
	       "int a = r;\n#endif\n#else\nint a = other;\n#endif\n#if 0\nint z = dead;\n#endif\n"
	       "#ifdef __KERNEL__\n#ifdef MODULE\nint k = kernel;\n#endif\n#endif\n",
	       "kernel=yes@a.c:13 other=yes@a.c:6");
}

static void test_macros(void **state)
{
	(void)state;
	/* Macros through macros; what is never used does not count. */
	expect("#define A(x) B(x)\n#define B(x) kfree(x)\n#define C vfree\nvoid f(void) { A(1); }",
	       "kfree=yes@a.c:2()");
	expect("#define A A\n#define kfree(p) do { kfree(p); } while (0)\nvoid f(void) { kfree(A); "
	       "}",
	       "A=yes@a.c:1 kfree=yes@a.c:2()");
	/* Names that are put together, parameters, and local names of the body. */
	expect("#define SHOW(n) int n##_show(int v) { struct x *p = get(#n); return p->n + v; }\n"
	       "SHOW(strlcpy)\n",
	       "get=yes@a.c:1() v=yes@a.c:1");
	expect("#define M ({ typeof(1) _t = k; _t; })\nint f(void) { return M; }", "k=yes@a.c:1");
	/* A header's macro, of which a source defines what it names. */
	put("h.h", "static inline int h(void) { return LIMIT; }\n");
	expect("#define LIMIT 3\n#include \"h.h\"\n", "");
	/* Conditionals that part brackets. */
	expect("#if LINUX_VERSION_CODE < KERNEL_VERSION(5, 0, 0)\nint f(int a) {\n#else\n"
	       "int f(long a) {\n#endif\n\treturn g(a);\n}\nstatic int h(void) { return f(1); }",
	       "g=yes@a.c:6()");
}

static void test_modules(void **state)
{
	(void)state;
	put("Makefile",
	    "M := two\nobj-m += one.o $(M).o\n$(M)-objs := $(addprefix sub/,x.o y.o) z.o\n");
	put("one.c", "#include \"one.h\"\nint a = in_one;");
	put("one.h", "int b = in_header;");
	put("sub/x.c", "#include \"../shared.h\"\nint a = in_x;");
	put("sub/y.S", "call in_y\n\tmovq %rax, other(%rip)\nlabel:\n");
	put("z.c", "int a = in_z;");
	put("shared.h", "int c = shared;");
	put("tool.c", "int main(void) { printf(1); }");
	expect_of("one", &v6_12, false, "in_header=yes@one.h:1 in_one=yes@one.c:2");
	expect_of("two", &v6_12, false,
		  "call=yes@sub/y.S:1 in_x=yes@sub/x.c:2 in_y=yes@sub/y.S:1 in_z=yes@z.c:1 "
		  "movq=yes@sub/y.S:2 other=yes@sub/y.S:2 shared=yes@shared.h:1");
	/* All modules together: not the tool. */
	expect_of(NULL, &v6_12, false,
		  "call=yes@sub/y.S:1 in_header=yes@one.h:1 in_one=yes@one.c:2 in_x=yes@sub/x.c:2 "
		  "in_y=yes@sub/y.S:1 in_z=yes@z.c:1 movq=yes@sub/y.S:2 other=yes@sub/y.S:2 "
		  "shared=yes@shared.h:1");
}

/* In all arms of what cannot be decided: named, whatever holds. */
static void test_arms(void **state)
{
	static const struct {
		const char *text;
		enum named_certainty certainty;
	} cases[] = {
		{"#ifdef UNKNOWN_A\nint a = f(1);\n#else\nint a = f(1, 2);\n#endif\n", NAMED_YES},
		{"#ifdef UNKNOWN_A\nint a = f(1);\n#elif UNKNOWN_B\nint a = f(1, 2);\n#endif\n",
		 NAMED_MAYBE},
		{"#ifdef UNKNOWN_A\nint a = f;\n#else\n#ifdef UNKNOWN_B\nint a = f;\n#else\n"
		 "int a = -f;\n#endif\n#endif\n",
		 NAMED_YES},
		{"#ifdef UNKNOWN_A\n#ifdef UNKNOWN_B\nint a = f;\n#else\nint a = -f;\n#endif\n"
		 "#else\nint a = f(0);\n#endif\n",
		 NAMED_YES},
		{"#if 0\n#elif UNKNOWN_A\nint a = f;\n#elif defined(MODULE)\nint a = f(0);\n#else\n"
		 "#endif\n",
		 NAMED_YES},
		{"#ifdef UNKNOWN_A\nint a = f;\n#else\nint a;\n#endif\n", NAMED_MAYBE},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct ksa_named named = {.names = NULL};

		put("a.c", cases[i].text);
		ask(NULL, &v6_12, &named);
		assert_non_null(named_find(&named, "f"));
		assert_int_equal(named_find(&named, "f")->certainty, cases[i].certainty);
		named_release(&named);
	}
}

/* An #error that holds: the source itself says that it does not build. */
static void test_stops(void **state)
{
	struct ksa_named named = {.names = NULL};

	(void)state;
	put("a.c",
	    "#if LINUX_VERSION_CODE < KERNEL_VERSION(5, 0, 0)\n"
	    "#error  too old  /* really */\n#elif defined(UNKNOWN_A)\n# error \"what's\" this\n"
	    "#endif\n#ifndef MODULE\n#error no\n#endif\nint x;\n");
	ask(NULL, &v6_12, &named);
	assert_int_equal(named.stop_count, 1);
	assert_string_equal(named.stops[0].text, "\"what's\" this");
	assert_int_equal(named.stops[0].certainty, NAMED_MAYBE);
	named_release(&named);
	ask(NULL, &(struct named_kernel){.release = "4.19.1"}, &named);
	assert_int_equal(named.stop_count, 1);
	assert_string_equal(named.stops[0].file, "a.c");
	assert_int_equal(named.stops[0].line, 2);
	assert_string_equal(named.stops[0].text, "too old");
	assert_string_equal(named.stops[0].condition,
			    "LINUX_VERSION_CODE < KERNEL_VERSION(5, 0, 0)");
	assert_int_equal(named.stops[0].certainty, NAMED_YES);
	named_release(&named);
}

/* How Kbuild puts modules together, in the ways in which real Makefiles say it. */
static void test_kbuild(void **state)
{
	(void)state;
	put("one.c", "int a = in_one;");
	put("sub/two.c", "int a = in_two;");
	put("three.c", "int a = in_three;");
	put("Makefile", "ifneq ($(KERNELRELEASE),)\nobj-m += m.o other.o\nm-y := one.o # three.o\n"
			"m-$(CONFIG_X) += \\\n\tsub/two.o\nother-objs := three.o\nendif\n");
	expect_of("m", &v6_12, false, "in_one=yes@one.c:1 in_two=yes@sub/two.c:1");
	/* '-' is '_'; a part of a part; from another directory. */
	put("Makefile", "obj-m := my-mod.o\nmy-mod-objs := part.o ./one.o\npart-objs = three.o\n"
			"obj-m += sub/\n");
	put("sub/Kbuild", "obj-m += n.o\nn-objs := two.o ../one.o\n");
	expect_of("my_mod", &v6_12, false, "in_one=yes@one.c:1 in_three=yes@three.c:1");
	expect_of("n", &v6_12, false, "in_one=yes@one.c:1 in_two=yes@sub/two.c:1");
	/* A function of make's that is not followed: what is of no other module counts. */
	put("Makefile", "obj-m := m.o o.o\nm-objs := $(patsubst %.c,%.o,$(wildcard *.c))\n"
			"o-objs := three.o\n");
	put("sub/Kbuild", "");
	expect_of("m", &v6_12, false, "in_one=yes@one.c:1 in_two=yes@sub/two.c:1");
	put("Makefile", "obj-m := one.o\none-y := one.o\n@X_TRUE@obj-m += three.o\n");
	expect_of("one", &v6_12, false, "in_one=yes@one.c:1");
	expect_of("three", &v6_12, false, "in_three=yes@three.c:1");
}

static void test_units(void **state)
{
	const char *paths[] = {"/build/somewhere/two/main.c"};
	struct module_source_question question = {.module = "x", .units = {paths, 1}};
	struct ksa_named named = {.names = NULL};
	struct module_source *source;

	(void)state;
	put("one/main.c", "int a = in_one;");
	put("two/main.c", "int a = in_two;");
	assert_int_equal(module_source_open(dir, &source, NULL), 0);
	assert_int_equal(module_source_named(source, &question, &named, NULL), 0);
	assert_int_equal(named.name_count, 1);
	assert_string_equal(named.names[0].name, "in_two");
	assert_int_equal(named.notice_count, 0);
	named_release(&named);
	/* Without them, nothing tells: all count, and that is said. */
	question.units.count = 0;
	assert_int_equal(module_source_named(source, &question, &named, NULL), 0);
	assert_int_equal(named.name_count, 2);
	assert_int_equal(named.notice_count, 1);
	assert_false(named.is_foreign);
	named_release(&named);
	/* What was built from other files has its source elsewhere. */
	paths[0] = "/build/elsewhere/three.c";
	question.units.count = 1;
	assert_int_equal(module_source_named(source, &question, &named, NULL), 0);
	assert_true(named.is_foreign);
	named_release(&named);
	module_source_free(source);
}

static void test_hostile(void **state)
{
	struct ksa_error err = {.code = 0};
	struct module_source *source;
	struct strbuf text = {.data = NULL};
	char path[128], target[128];

	(void)state;
	assert_int_equal(module_source_open(dir, &source, &err), KSA_ENODATA);
	ksa_error_clear(&err);
	assert_int_equal(module_source_open("/nonexistent", &source, &err), KSA_EIO);
	/* Links that lead out or round, and a FIFO with a source's name. */
	snprintf(path, sizeof(path), "%s/loop", dir);
	assert_int_equal(symlink("..", path), 0);
	snprintf(path, sizeof(path), "%s/out.c", dir);
	snprintf(target, sizeof(target), "%s/secret", root);
	assert_int_equal(symlink(target, path), 0);
	snprintf(path, sizeof(path), "%s/fifo.c", dir);
	assert_int_equal(mkfifo(path, 0600), 0);
	put("../secret", "int a = secret;");
	put(".git/x.c", "int a = hidden;");
	/* Macros in each other and in circles; conditions that wait for each other; no end. */
	for (int i = 0; i < 3000; i++)
		strbuf_printf(&text,
			      "#define A%d(x) A%d(x) + A%d(x)\n#if defined(B%d) && A%d(1)\n"
			      "#define B%d\n#endif\n",
			      i, i + 1, i + 2, i + 1, i, i);
	strbuf_adds(&text, "int f(void) { return A0(1); }\n");
	for (int i = 0; i < 5000; i++)
		strbuf_adds(&text, "#if X\n{ (");
	expect(strbuf_string(&text),
	       "A3000=yes@a.c:11993() A3000=yes@a.c:11997() A3001=yes@a.c:11997()");
	strbuf_release(&text);
	expect("#define\n#define F(\n#if\n#elif\n#else\n#else\n#endif\n#endif\n#include\n#include "
	       "\"\n"
	       "int f(void) { return x; }\\",
	       "x=yes@a.c:11");
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, make_dir, remove_dir)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_places), TEST(test_own),     TEST(test_versions), TEST(test_compat),
		TEST(test_macros), TEST(test_modules), TEST(test_units),    TEST(test_stops),
		TEST(test_arms),   TEST(test_kbuild),  TEST(test_hostile),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
