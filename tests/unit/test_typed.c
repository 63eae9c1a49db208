// SPDX-License-Identifier: GPL-2.0-or-later
/* What the source of a module does with types. The small sources have the shapes of real ones. */
#include "read/source/module_source_internal.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>

#include "ccbuild.h"
#include "typedtext.h"

/* A source of one file or two, and what it does for the kernel at hand. */
static struct module_source *source;
static struct ksa_typed typed;
static struct strbuf text;

static void add(const char *path, const char *data)
{
	if (!source)
		assert_int_equal(module_source_new("/m", &source, NULL), 0);
	assert_int_equal(
		module_source_add(source, path, (const unsigned char *)data, strlen(data), NULL),
		0);
}

/* All files are there: ask for a kernel of that release. */
static void ask(const char *release)
{
	struct module_source_question question = {.kernel = {.release = release}};

	assert_int_equal(module_source_finish(source, NULL), 0);
	assert_int_equal(module_source_typed(source, &question, &typed, NULL), 0);
}

static void read_one(const char *data)
{
	add("a.c", data);
	ask("6.12.1");
}

static int release(void **state)
{
	(void)state;
	typed_release(&typed);
	module_source_free(source);
	source = NULL;
	strbuf_release(&text);
	text = (struct strbuf){.data = NULL};
	return 0;
}

static void add_site(const struct typed_site *site)
{
	if (text.length)
		strbuf_adds(&text, "; ");
	strbuf_printf(&text, "%u%s%s ", site->line, site->certainty == NAMED_MAYBE ? "?" : "",
		      site->in_macro ? "m" : "");
}

static void expect_text(const char *expected)
{
	assert_false(text.failed);
	assert_string_equal(strbuf_string(&text), expected);
	strbuf_reset(&text);
}

/* "line expr; line expr" */
static void expect_accesses(const char *expected)
{
	for (size_t i = 0; i < typed.access_count; i++) {
		add_site(&typed.accesses[i].site);
		typed_text_expr(&typed.accesses[i].expr, &text);
	}
	expect_text(expected);
}

/* "line name(arguments)", then "?" if their number is not certain, "!" if the value is used, "~" if
 * that is not known, "into type". */
static void expect_calls(const char *expected)
{
	static const char *const values[] = {"~", "", "!"};

	for (size_t i = 0; i < typed.call_count; i++) {
		const struct typed_call *call = &typed.calls[i];

		add_site(&call->site);
		strbuf_printf(&text, "%s(", call->name);
		for (uint32_t j = 0; j < call->argument_count; j++) {
			strbuf_adds(&text, j ? ", " : "");
			typed_text_expr(&call->arguments[j], &text);
		}
		strbuf_printf(&text, ")%s%s", call->has_count ? "" : "?", values[call->value]);
		if (call->returns_into.kind != TYPED_UNKNOWN) {
			strbuf_adds(&text, " into ");
			typed_text_type(&call->returns_into, &text);
		}
	}
	expect_text(expected);
}

static void expect_assignments(const char *expected)
{
	for (size_t i = 0; i < typed.assignment_count; i++) {
		add_site(&typed.assignments[i].site);
		typed_text_expr(&typed.assignments[i].target, &text);
		strbuf_adds(&text, " = ");
		typed_text_expr(&typed.assignments[i].value, &text);
	}
	expect_text(expected);
}

static void test_initializers(void **state)
{
	(void)state;
	read_one("static int my_probe(struct platform_device *pdev) { return 0; }\n"
		 "static struct platform_driver d = {\n"
		 "	.probe = my_probe,\n"
		 "	.remove = &my_probe,\n"
		 "	.driver = { .name = \"x\", .owner = THIS_MODULE },\n"
		 "	.driver.pm = NULL,\n"
		 "	.id_table = ids + 1,\n"
		 "};\n"
		 "static const struct of_device_id m[] = { { .data = 0 }, [3].name = my_name, {} "
		 "};\n"
		 "struct own { int a; struct timer_list t; };\n"
		 "struct own o = { 1, { .function = later } };\n"
		 "struct own p = { .a = 1, .t = { .function = later } };\n"
		 "struct gone g = { old: later, { .b = 1 } };\n");
	expect_assignments(
		"3 {struct platform_driver}.probe = int my_probe(struct platform_device *); "
		"4 {struct platform_driver}.remove = int my_probe(struct platform_device *); "
		"5 {struct platform_driver}.driver = ?; "
		"5 {struct platform_driver}.driver.name = \"\"; "
		"5 {struct platform_driver}.driver.owner = THIS_MODULE; "
		"6 {struct platform_driver}.driver.pm = NULL; "
		"7 {struct platform_driver}.id_table = ?; "
		"9 {const struct of_device_id}.data = 0; "
		"9 {const struct of_device_id}.name = my_name; "
		"11 ?.function = later; "
		"12 {struct timer_list}.function = later; "
		"13 {struct gone}.old = later; 13 ?.b = 1");
}

static void test_accesses(void **state)
{
	(void)state;
	read_one("struct priv { struct net_device *dev; struct list_head list; struct priv *up;\n"
		 "	union { int a; struct page *pages[4]; }; struct { u8 x; } in; };\n"
		 "typedef struct priv priv_t;\n"
		 "static priv_t *find(int i);\n"
		 "static struct device *base;\n"
		 "static int f(priv_t *p, struct sk_buff *skb)\n"
		 "{\n"
		 "	p->dev->name[0] = skb->data[1];\n"
		 "	p->up->up->in.x = p->pages[1]->flags;\n"
		 "	find(1)->list.next = 0;\n"
		 "	(*p).dev->ops->open(p->dev)->x++;\n"
		 "	((struct inode *)skb->sk)->i_ino = base->parent->p;\n"
		 "	{ struct file *p; p->f_pos = 0; }\n"
		 "	p->pages[0]->index = netdev_priv(p->dev)->y + unknown->z;\n"
		 "	return container_of(p->dev, struct foo, bar.baz)->qux;\n"
		 "}\n");
	expect_accesses("8 {struct net_device *}->name; 8 {struct sk_buff *}->data; "
			"9 {struct page *}->flags; "
			"10 {struct list_head}.next; "
			"11 {struct net_device *}->ops->open()->x; "
			"12 {struct sk_buff *}->sk; 12 {struct inode *}->i_ino; "
			"12 {struct device *}->parent->p; "
			"13 {struct file *}->f_pos; "
			"14 {struct page *}->index; 14 netdev_priv()->y; 14 unknown->z; "
			"15 {struct foo}.bar.baz; 15 {struct foo *}->qux");
}

static void test_calls(void **state)
{
	(void)state;
	read_one("static void own(int a) { }\n"
		 "static int f(struct inode *inode, int (*cb)(int))\n"
		 "{\n"
		 "	int err = one(inode, &inode->i_lock, 3, \"x\" \"y\");\n"
		 "	two();\n"
		 "	own(three(four(NULL), err));\n"
		 "	if (five(0))\n"
		 "		return six(err);\n"
		 "	(void)seven(err, -1, (u32)err, sizeof(struct x));\n"
		 "	cb(1);\n"
		 "	err ? eight() : 0;\n"
		 "	list_for_each_entry(a, b, c) { nine(); }\n"
		 "	err = ({ ten(); eleven(); });\n"
		 "	for (int i = twelve(); thirteen(i); fourteen(i)) ;\n"
		 "	fifteen(own), sixteen();\n"
		 "	seventeen(({ 1, 2; }), (eighteen(1)));\n"
		 "	return 0;\n"
		 "}\n"
		 "MODULE_X(\"a\", f);\n"
		 "static void g(void) { return nineteen(); }\n");
	expect_calls("4 one({struct inode *}, {struct inode *}->i_lock &, 1, \"\")! into int; "
		     "5 two(); "
		     "6 four(NULL)!; 6 three(four(), {int})!; "
		     "7 five(0)!; 8 six({int})! into int; "
		     "9 seven({int}, ?, {u32}, 1); "
		     "11 eight()~; "
		     "12 list_for_each_entry(a, b, c)~; 12 nine(); "
		     "13 ten(); 13 eleven()~; "
		     "14 twelve()! into int; 14 thirteen({int})!; 14 fourteen({int}); "
		     "15 fifteen(void own(int))~; 15 sixteen(); "
		     "16 eighteen(1)!; 16 seventeen(?, eighteen()); "
		     "19 MODULE_X(\"\", int f(struct inode *, int (*)(int)))~; "
		     "20 nineteen()~");
}

/* Version checks are decided for the kernel that is asked for. */
static void test_conditions(void **state)
{
	static const char data[] = "#include <linux/version.h>\n"
				   "#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 11, 0)\n"
				   "#define RET int\n"
				   "static RET rm(struct platform_device *p)\n"
				   "#else\n"
				   "#define RET void\n"
				   "static RET rm(struct platform_device *p)\n"
				   "#endif\n"
				   "{\n"
				   "	gone(p,\n"
				   "#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 11, 0)\n"
				   "	     1,\n"
				   "#endif\n"
				   "	     2);\n"
				   "#ifdef HAVE_IT\n"
				   "	maybe(p);\n"
				   "#else\n"
				   "	maybe_not(p);\n"
				   "#endif\n"
				   "	unsure(p\n"
				   "#ifdef HAVE_IT\n"
				   "	       , 1\n"
				   "#endif\n"
				   "	       );\n"
				   "}\n"
				   "struct platform_driver d = { .remove = rm };\n";

	(void)state;
	add("a.c", data);
	add("Makefile", "ccflags-y += -DHAVE_IT\n");
	ask("6.12.1");
	expect_calls("10 gone({struct platform_device *}, 1); "
		     "16? maybe({struct platform_device *}); "
		     "18? maybe_not({struct platform_device *}); "
		     "20 unsure({struct platform_device *}, 1)?");
	expect_assignments("26 {struct platform_driver}.remove = "
			   "void rm(struct platform_device *)");
	typed_release(&typed);
	ask("6.1.0");
	expect_assignments("26 {struct platform_driver}.remove = "
			   "int rm(struct platform_device *)");
}

static void test_macros(void **state)
{
	(void)state;
	read_one("#define DEV(x) ((x)->dev)\n"
		 "#define PAIR(a) (a)[0], (a)[1]\n"
		 "#define NEW_NAME old_name\n"
		 "#define UNUSED(x) never(x)\n"
		 "#define CALL(p, m) do { first(p, 1); (p)->m = second(p); third(#m, p##_x); } "
		 "while (0)\n"
		 "#define field dev->priv\n"
		 "static void f(struct sk_buff *skb, const u8 *mac)\n"
		 "{\n"
		 "	DEV(skb)->name = 0;\n"
		 "	print(PAIR(mac));\n"
		 "	NEW_NAME(skb);\n"
		 "	CALL(skb, cb);\n"
		 "	skb->field = skb->mac;\n"
		 "}\n");
	expect_calls("5m first(?, 1); 5m second(?)!; 5m third(?, ?)?; "
		     "10 print(?)?; 11m old_name({struct sk_buff *})");
	expect_accesses("1m ?->dev; 9 ?->name; 13m {struct sk_buff *}->dev->priv; "
			"13 {struct sk_buff *}->mac");
}

/* A name is a macro only where it is one. */
static void test_macros_by_place(void **state)
{
	(void)state;
	read_one("#define io(a) io_internal(a)\n"
		 "struct io { struct page *p; };\n"
		 "static inline void early(struct inode *inode) { inode->i_ino = 1; }\n"
		 "#define i_ino DO_NOT_USE\n"
		 "#define twice one\n"
		 "#undef twice\n"
		 "#define OPS(f) { .owner = THIS_MODULE, .open = f }\n"
		 "static void g(struct io *x) { x->p->flags = 1; twice(); }\n"
		 "struct fops o = OPS(g);\n");
	expect_accesses("3 {struct inode *}->i_ino; 8 {struct page *}->flags");
	expect_calls("");
}

/* The head of a function that may be another one says nothing of what is in its body. */
static void test_undecided_heads(void **state)
{
	(void)state;
	read_one("#ifdef HAVE_IT\n"
		 "static int f(struct inode *i)\n"
		 "#else\n"
		 "static void f(struct file *i)\n"
		 "#endif\n"
		 "{ i->i_ino = 1; }\n"
		 "struct x y = { .f = f };\n"
		 "#ifdef HAVE_IT\n"
		 "struct x z = { .f = f };\n"
		 "#endif\n");
	expect_accesses("6 ?->i_ino");
	expect_assignments("6 ?->i_ino = 1; 7 {struct x}.f = f(?); "
			   "9? {struct x}.f = int f(struct inode *)");
}

static void test_definitions(void **state)
{
	const struct typed_definition *d;

	(void)state;
	add("a.c", "#include \"b.h\"\n#include <linux/gone.h>\n"
		   "typedef int (*cb_t)(struct own_s *, kernel_t);\n"
		   "int g(cb_t cb, const own_p p) { return 0; }\n"
		   "static struct own_s object;\n"
		   "enum { ONE, TWO = 2 };\n"
		   "struct x *y;\n");
	add("b.h",
	    "#ifndef B_H\n#define B_H\nstruct own_s { int a; }; typedef struct own_s *own_p;\n"
	    "extern int h(void);\n#endif\n");
	ask("6.12.1");
	d = typed_find(&typed, "g");
	assert_non_null(d);
	assert_int_equal(d->kind, TYPED_DEFINES_FUNCTION);
	typed_text_function(d->function, &text);
	expect_text("int g(int (*)(own struct own_s *, kernel_t), own struct own_s *const)");
	assert_int_equal(typed_find(&typed, "h")->kind, TYPED_DECLARES);
	assert_string_equal(typed_find(&typed, "h")->site.file, "b.h");
	assert_int_equal(typed_find(&typed, "TWO")->kind, TYPED_DEFINES_ENUMERATOR);
	assert_int_equal(typed_find(&typed, "own_p")->kind, TYPED_DEFINES_TYPEDEF);
	assert_int_equal(typed_find(&typed, "own_s")->kind, TYPED_DEFINES_STRUCT);
	assert_int_equal(typed_find(&typed, "object")->kind, TYPED_DEFINES_OBJECT);
	assert_true(typed_find(&typed, "object")->is_static);
	assert_int_equal(typed_find(&typed, "B_H")->kind, TYPED_DEFINES_MACRO);
	assert_null(typed_find(&typed, "kernel_t"));
	assert_true(typed_has_member(&typed, "a"));
	assert_false(typed_has_member(&typed, "b"));
	assert_int_equal(typed.tag_count, 1);
	assert_string_equal(typed.tags[0].name, "x");
	assert_int_equal(typed.include_count, 2);
	assert_true(typed.includes[0].is_own);
	assert_string_equal(typed.includes[1].path, "linux/gone.h");
	assert_int_equal(typed.includes[1].site.line, 2);
	assert_false(typed.includes[1].is_own);
}

/* What headers of a kernel declare, which only the compiler sees. */
static const char kernel_text[] =
	"typedef unsigned char u8; typedef unsigned int u32; typedef unsigned long size_t;\n"
	"typedef int (*irq_handler_t)(int, void *); typedef _Bool bool; typedef u32 gfp_t;\n"
	"struct inode { u32 i; }; struct file { int f; }; union u { int a; }; enum e { A };\n"
	"#define __init\n#define __user\n#define __must_check\n#define __printf(a, b)\n"
	"#define noinline\n#define __maybe_unused\n#define __aligned(x)\n#define __packed\n"
	"#define __acquires(x)\n#define __iomem\n#define __rcu\n#define asmlinkage\n";

static const char module_text[] =
	"typedef struct priv { struct inode *i; } priv_t, *priv_p;\n"
	"typedef int (*cb_t)(priv_t *, u32); typedef void fn_t(const priv_p); typedef u32 "
	"vec_t[4];\n"
	"#define RET long\n#define ARG u32 flags,\n#define TEXT const char *const\n"
	"int f1(void) { return 0; }\n"
	"static __init int f2(struct inode *inode, struct file __user *const file) { return 0; }\n"
	"static noinline unsigned long long f3(short s, signed char c, unsigned x, long double d)\n"
	"{ return 0; }\n"
	"const struct priv *f4(const char *const *argv, int n[], u8 mac[6], ...) { return 0; }\n"
	"RET f5(ARG TEXT name, size_t length) { return 0; }\n"
	"void f6(cb_t cb, fn_t *fn, priv_p p, const priv_p q, priv_t *const *r, vec_t v) { }\n"
	"int (*f7(int (*g)(void *, int (*)(u32)), irq_handler_t h))(long) { return 0; }\n"
	"static __must_check u32 __iomem *f8(volatile u32 __iomem *reg, bool on, gfp_t gfp)\n"
	"{ return 0; }\n"
	"asmlinkage union u f9(union u u __maybe_unused, enum e e) { return u; }\n"
	"__printf(1, 2) static int f10(const char *fmt, ...) { return 0; }\n"
	"static inline void *f11(const void *p, void **q, unsigned long int l) { return 0; }\n"
	"void (f12)(struct { int a; } *p) { }\n"
	"struct inode *o1, o2[3], **const o3; cb_t o4, o5[2]; static const u8 o6[] = {1, 2};\n"
	"static struct priv o7 __aligned(8) = { .i = 0 }; int (*o8[2])(int), o9 = sizeof(int);\n"
	"static const char *const o10[] __maybe_unused = { \"a\" }; fn_t *o11; irq_handler_t o12;\n"
	"struct __packed s1 { int a; } o13; struct s2 { int b; } __packed *o14;\n";

/* A type as C has it: the tests' text says of structures whose they are. */
static void add_c(struct strbuf *out, const struct strbuf *type)
{
	const char *p = strbuf_string(type), *own;

	for (; (own = strstr(p, "own ")); p = own + 4)
		strbuf_add(out, p, (size_t)(own - p));
	strbuf_adds(out, p);
}

/* "The type of that name is this one", for the compiler. */
static void assert_type(struct strbuf *out, const struct typed_definition *d)
{
	struct strbuf type = {.data = NULL};
	const struct typed_function *f = d->function;

	strbuf_printf(out, "_Static_assert(__builtin_types_compatible_p(__typeof__(%s), ", d->name);
	strbuf_adds(&type, f ? "__typeof__(" : "");
	typed_text_type(f ? &f->returns : &d->type, &type);
	strbuf_adds(&type, f ? ")(" : "");
	for (uint32_t i = 0; f && i < f->param_count; i++) {
		strbuf_adds(&type, i ? ", " : "");
		typed_text_type(&f->params[i], &type);
	}
	if (f)
		strbuf_adds(&type, f->is_variadic ? ", ...)" : f->param_count ? ")" : "void)");
	add_c(out, &type);
	strbuf_printf(out, "), \"%s\");\n", d->name);
	strbuf_release(&type);
}

/* The compiler agrees with all types that were read, and all but one are known. */
static void test_compiler(void **state)
{
	struct strbuf out = {.data = NULL};
	struct ccbuild_file file;
	unsigned int known = 0;

	(void)state;
	read_one(module_text);
	strbuf_adds(&out, kernel_text);
	strbuf_adds(&out, module_text);
	for (size_t i = 0; i < typed.definition_count; i++) {
		const struct typed_definition *d = &typed.definitions[i];

		if (d->kind != TYPED_DEFINES_FUNCTION && d->kind != TYPED_DEFINES_OBJECT)
			continue;
		/* A structure without a name is the function's alone. */
		if (strcmp(d->name, "f12") == 0)
			continue;
		assert_true(d->function ? d->function->has_params : d->type.kind != TYPED_UNKNOWN);
		assert_type(&out, d);
		known++;
	}
	assert_int_equal(known, 11 + 14);
	file = ccbuild(strbuf_string(&out), "-w", false);
	ccbuild_release(&file);
	strbuf_release(&out);
}

static void test_variables(void **state)
{
	(void)state;
	add("a.c", "int a;\n");
	add("src/Makefile",
	    "# EXTRA_CFLAGS = no\nobj-m := a.o\n\nEXTRA_CFLAGS += -I$(src) \\\n"
	    "  -DX=1\nccflags-y += $(EXTRA_CFLAGS)\nall:\n\tmake EXTRA_CFLAGS=no\n");
	ask("6.12.1");
	for (size_t i = 0; i < typed.variable_count; i++) {
		const struct typed_variable *v = &typed.variables[i];

		strbuf_printf(&text, "%s:%u %s=%s; ", v->file, v->line, v->name, v->value);
	}
	expect_text("src/Makefile:2 obj-m=a.o; "
		    "src/Makefile:4 EXTRA_CFLAGS=-I$(src)    -DX=1; "
		    "src/Makefile:6 ccflags-y=$(EXTRA_CFLAGS); ");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_teardown(test_initializers, release),
		cmocka_unit_test_teardown(test_accesses, release),
		cmocka_unit_test_teardown(test_calls, release),
		cmocka_unit_test_teardown(test_conditions, release),
		cmocka_unit_test_teardown(test_macros, release),
		cmocka_unit_test_teardown(test_macros_by_place, release),
		cmocka_unit_test_teardown(test_undecided_heads, release),
		cmocka_unit_test_teardown(test_definitions, release),
		cmocka_unit_test_teardown(test_compiler, release),
		cmocka_unit_test_teardown(test_variables, release),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
