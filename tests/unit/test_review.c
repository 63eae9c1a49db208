// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The review of patches over a tree that is a table here: which rules fire for which symbols, and
 * the looks into C text, Makefiles and Kconfig files that they rest on. The expectations are
 * Kbuild's, modpost's and the C language's, written out.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "audit/review/review.h"
#include "audit/review/build.h"
#include "audit/review/code.h"
#include "read/kernel/dotconfig.h"
#include "read/patch/patch.h"
#include "read/review/review.h"

#define COUNT(a) (sizeof(a) / sizeof(*(a)))

struct entry {
	const char *path, *text;
};

/* Entries end with a NULL path. */
struct table {
	const struct entry *entries;
};

static int table_read(void *ctx, const char *path, const char **text, size_t *size,
		      struct ksa_error *err)
{
	const struct table *t = ctx;

	for (const struct entry *e = t->entries; e->path; e++) {
		if (strcmp(e->path, path) != 0)
			continue;
		*text = e->text;
		*size = strlen(e->text);
		return 0;
	}
	return ksa_fail(err, KSA_ENODATA, "'%s' is not there", path);
}

static int table_mentions(void *ctx, const struct review_name *names, size_t count,
			  int (*found)(void *found_ctx, size_t name, const char *path,
				       bool exported, struct ksa_error *err),
			  void *found_ctx, struct ksa_error *err)
{
	const struct table *t = ctx;
	int r = 0;

	for (const struct entry *e = t->entries; e->path && !r; e++) {
		for (size_t i = 0; i < count && !r; i++) {
			const char *at = strstr(e->text, names[i].name);
			bool exported = false;

			for (; at && !exported; at = at ? strstr(at + 1, names[i].name) : NULL)
				exported = at > e->text + 6 && at[-1] == '(' &&
					   (strncmp(at - 5, "_GPL(", 5) == 0 ||
					    strncmp(at - 8, "_SYMBOL(", 8) == 0);
			if (strstr(e->text, names[i].name))
				r = found(found_ctx, i, e->path, exported, err);
		}
	}
	return r;
}

static int table_kconfigs(void *ctx, bool all,
			  int (*found)(void *found_ctx, const char *path, struct ksa_error *err),
			  void *found_ctx, struct ksa_error *err)
{
	const struct table *t = ctx;
	int r = 0;

	(void)all;
	for (const struct entry *e = t->entries; e->path && !r; e++)
		if (strstr(e->path, "Kconfig"))
			r = found(found_ctx, e->path, err);
	return r;
}

#define HEAD "--- a/%s\n+++ b/%s\n"

/* What a review of the patch over the entries (NULL: alone) finds, "KSA022 symbol level\n" each. */
static char *review_of(const struct entry *entries, const char *patch, const char *config)
{
	static char out[8192];
	struct table table = {entries};
	const struct review_tree tree = {.ctx = &table,
					 .name = "tree",
					 .read = table_read,
					 .mentions = table_mentions,
					 .kconfigs = table_kconfigs};
	struct dotconfig dotconfig = {.name = NULL};
	struct review_input input = {.tree = entries ? &tree : NULL};
	struct patch_set set = {0};
	struct ksa_error err = {0};
	struct review *review = NULL;
	size_t at = 0;

	if (config) {
		assert_int_equal(dotconfig_read_text(&dotconfig, "config",
						     (const unsigned char *)config, strlen(config),
						     &err),
				 0);
		input.config = &dotconfig;
	}
	if (patches_read_text(&set, "text", (const unsigned char *)patch, strlen(patch), &err) ||
	    review_read_patches(&input, &set, &err) || review_make(&input, &review, &err))
		fail_msg("%s:%u: %s", err.source, err.line, err.text);
	out[0] = '\0';
	for (size_t i = 0; i < review->report.finding_count; i++) {
		const struct ksa_finding *f = &review->report.findings[i];

		at += (size_t)snprintf(out + at, sizeof(out) - at, "%s %s %s\n", f->rule->id,
				       f->symbol ? f->symbol : f->path, ksa_level_name(f->level));
	}
	review_free(review);
	review_input_release(&input);
	patch_set_release(&set);
	dotconfig_release(&dotconfig);
	return out;
}

/* lib/ can be modules, core/ cannot. */
#define BUILD                                                                                      \
	{"lib/Makefile", "obj-$(CONFIG_LIB_A) += a.o\nobj-$(CONFIG_LIB_B) += lb.o\n"               \
			 "lb-objs := b.o b2.o\nobj-$(CONFIG_LIB_BROKEN) += broken.o\n"             \
			 "obj-$(CONFIG_LIB_NOTHING) += nothing.o\n"},                              \
		{"Makefile", "VERSION = 2\nPATCHLEVEL = 6\nSUBLEVEL = 33\n"},                      \
		{"lib/Kconfig",                                                                    \
		 "config LIB_A\n\ttristate \"a\"\nconfig LIB_B\n\ttristate\n"                      \
		 "config LIB_BROKEN\n\ttristate \"c\"\n\tdepends on BROKEN\n"                      \
		 "config LIB_NOTHING\n\tdef_tristate GONE=y || (GONE=m && LIB_A)\n"},              \
		{"core/Makefile", "obj-y += c.o\nobj-$(CONFIG_CORE_D) += d.o\n"},                  \
	{                                                                                          \
		"core/Kconfig", "config CORE_D\n\tbool \"d\"\n"                                    \
	}

#define USER "int user(void)\n{\n\treturn sym(1);\n}\nMODULE_LICENSE(\"GPL\");\n"

static void who_uses(void **state)
{
	/* core/c.c stops to export sym(): is that an error, with a user of each kind? */
	static const struct {
		const char *path, *text, *found;
	} cases[] = {
		{"lib/a.c", USER, "KSA025 sym error\n"},
		{"lib/b2.c", USER, "KSA025 sym error\n"},
		{"core/d.c", USER, ""},
		{"include/s.h", "static inline int f(void)\n{\n\treturn sym(1);\n}\n", ""},
		{"other/x.c", USER, ""}, /* no Makefile names it */
		{"lib/a.c", "int f(void)\n{\n\tgoto sym;\nsym:\n\treturn 1;\n}\n", ""},
		{"lib/a.c", "struct sym;\nint f(struct sym *s);\n", ""},
		{"lib/a.c", "#ifdef sym\n#endif\n#undef sym\n#define f(sym) g(sym)\n", ""},
		{"lib/a.c", "struct s s = { sym: 1, };\n", ""},
		{"lib/a.S", "\t# calls sym\n#else\n", ""},
		{"lib/a.S", "\tcall sym\n", "KSA025 sym error\n"},
		{"lib/a.c",
		 "#if LINUX_VERSION_CODE < KERNEL_VERSION(2,6,9)\nint f = sym(1);\n#endif\n", ""},
		{"lib/a.c", "#if LINUX_VERSION_CODE > 0x020606\nint f = sym(1);\n#endif\n",
		 "KSA025 sym error\n"},
		{"lib/a.c", "#ifndef MODULE\nint f = sym(1);\n#endif\n", ""},
		{"lib/a.c", "#ifdef MODULE\nint f = sym(1);\n#endif\n", "KSA025 sym error\n"},
		{"lib/a.c", "#ifdef CONFIG_CORE_D\nint f = sym(1);\n#endif\n",
		 "KSA025 sym error\n"},
		{"lib/a.c", "#ifdef CONFIG_NOBODY_HAS_IT\nint f = sym(1);\n#endif\n", ""},
		{"lib/a.c", "#ifdef SOMETHING\nint f = sym(1);\n#endif\n", "KSA025 sym note\n"},
		{"lib/broken.c", USER, ""},
		{"lib/nothing.c", USER, ""},
		{"tools/x.c", USER, ""},
		{"lib/a.c", "/* sym(1) */\n// sym\nconst char *s = \"sym(1)\";\n", ""},
		{"lib/a.c", "extern int sym(int);\nint sym(int x);\n", ""},
		{"lib/a.c", "int f(struct s *s)\n{\n\treturn s->sym(1) + s.sym;\n}\n", ""},
		{"lib/a.c", "#include <linux/sym.h>\n", ""},
		{"lib/a.c", "int f(void)\n{\n\tint sym = 1;\n\treturn sym;\n}\n", ""},
		{"lib/a.c", "static int sym(int x)\n{\n\treturn x;\n}\nint y = sym(1);\n", ""},
		{"lib/a.c", "#define sym(x) (x)\nint f(void)\n{\n\treturn sym(1);\n}\n", ""},
		{"lib/a.c", "struct ops o = {\n\t.open = sym,\n};\n", "KSA025 sym error\n"},
		{"lib/a.c", "void *p[] = { sym };\n", "KSA025 sym error\n"},
		{"lib/a.c", "#define CALL sym(1)\n", "KSA025 sym error\n"},
		{"lib/a.c", "int f(void)\n{\n#if 0\n#if 1\n#endif\n\treturn sym(1);\n#endif\n}\n",
		 ""},
		{"lib/a.c", "int f(void)\n{\n#if 0\n#else\n\treturn sym(1);\n#endif\n}\n",
		 "KSA025 sym error\n"},
		{"lib/a.c", "int f(struct s *s)\n{\n\treturn s->\n\t\tsym;\n}\n", ""},
		{"lib/a.c", "int f(void)\n{\n\tint err, sym = 1;\n\treturn sym;\n}\n", ""},
		{"lib/a.c", "int f(void)\n{\n\tg(1, sym);\n}\n", "KSA025 sym error\n"},
		{"lib/a.c", "static DEFINE_SPINLOCK(sym);\nint f(void)\n{\n\tg(&sym);\n}\n", ""},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		const struct entry entries[] = {
			BUILD,
			{"core/c.c", "int sym(int x)\n{\n\treturn x;\n}\nEXPORT_SYMBOL(sym);\n"},
			{cases[i].path, cases[i].text},
			{NULL, NULL}};
		const char *found = review_of(entries,
					      "--- a/core/c.c\n+++ b/core/c.c\n@@ -2,4 +2,3 @@\n"
					      " {\n \treturn x;\n }\n-EXPORT_SYMBOL(sym);\n",
					      NULL);

		if (strcmp(found, cases[i].found) != 0)
			fail_msg("case %zu: '%s'", i, found);
	}
}

/* A symbol of lib/b.c that is of its own module, of the same module, inline, or exported elsewhere.
 */
static void removed_and_not_missed(void **state)
{
	static const char patch[] = "--- a/lib/b.c\n+++ b/lib/b.c\n@@ -2,4 +2,3 @@\n {\n \treturn "
				    "x;\n }\n-EXPORT_SYMBOL_GPL(sym);\n";
	static const struct entry same[] = {
		BUILD,
		{"lib/b.c", "int sym(int x)\n{\n\treturn x;\n}\nEXPORT_SYMBOL_GPL(sym);\n"},
		{"lib/b2.c", USER},
		{NULL, NULL}};
	/* The definition moved into the module of its users. */
	static const struct entry moved[] = {
		BUILD,
		{"lib/b.c", "int sym(int x)\n{\n\treturn x;\n}\nEXPORT_SYMBOL_GPL(sym);\n"},
		{"lib/a2.c", "int sym(int x)\n{\n\treturn x;\n}\n"},
		{"lib/a3.c", USER},
		{"lib/Kbuild", "obj-m += a2.o\nobj-m += a3.o\n"},
		{NULL, NULL}};
	static const struct entry joined[] = {
		BUILD,
		{"lib/b.c", "int sym(int x)\n{\n\treturn x;\n}\nEXPORT_SYMBOL_GPL(sym);\n"},
		{"lib/a2.c", "int sym(int x)\n{\n\treturn x;\n}\n"},
		{"lib/a3.c", USER},
		{"lib/Kbuild", "obj-m += one.o\none-y := a2.o a3.o\n"},
		{NULL, NULL}};
	static const struct entry still[] = {
		BUILD,
		{"lib/b.c", "int sym(int x)\n{\n\treturn x;\n}\nEXPORT_SYMBOL_GPL(sym);\n"},
		{"core/d.c", "int sym(int x)\n{\n\treturn x;\n}\nEXPORT_SYMBOL_GPL(sym);\n"},
		{"lib/a.c", USER},
		{NULL, NULL}};
	static const struct entry inline_[] = {
		BUILD,
		{"lib/b.c", "int sym(int x)\n{\n\treturn x;\n}\nEXPORT_SYMBOL_GPL(sym);\n"},
		{"include/s.h", "static inline int sym(int x)\n{\n\treturn x;\n}\n"},
		{"lib/a.c", USER},
		{NULL, NULL}};

	(void)state;
	assert_string_equal(review_of(same, patch, NULL), "");
	assert_string_equal(review_of(moved, patch, NULL), "KSA025 sym error\n");
	assert_string_equal(review_of(joined, patch, NULL), "");
	assert_string_equal(review_of(still, patch, NULL), "");
	assert_string_equal(review_of(inline_, patch, NULL), "");
	/* Alone it is not known, and nothing is claimed. */
	assert_string_equal(review_of(NULL, patch, NULL), "");
}

/* Two architectures export the same name: what one of them does is no matter of the other. */
static void architectures(void **state)
{
	static const struct entry entries[] = {
		BUILD,
		{"arch/x86/k.c", "int sym(int x)\n{\n\treturn x;\n}\nEXPORT_SYMBOL(sym);\n"},
		{"arch/s390/u.c", USER},
		{"arch/s390/Makefile", "obj-m += u.o\n"},
		{NULL, NULL}};

	(void)state;
	assert_string_equal(review_of(entries,
				      "--- a/arch/x86/k.c\n+++ b/arch/x86/k.c\n@@ -3,3 +3,2 @@\n"
				      " \treturn x;\n }\n-EXPORT_SYMBOL(sym);\n",
				      NULL),
			    "");
}

#define CHANGE(old, new_)                                                                          \
	"--- a/core/c.c\n+++ b/core/c.c\n@@ -3,3 +3,3 @@\n \treturn x;\n }\n-" old "\n+" new_ "\n"

static void classes(void **state)
{
	static const struct {
		const char *old, *new_, *found;
	} cases[] = {
		{"EXPORT_SYMBOL(sym);", "EXPORT_SYMBOL_GPL(sym);", "KSA022 sym warning\n"},
		{"EXPORT_SYMBOL_GPL(sym);", "EXPORT_SYMBOL(sym);", "KSA023 sym warning\n"},
		{"EXPORT_SYMBOL(sym);", "EXPORT_SYMBOL_GPL_FUTURE(sym);", "KSA022 sym warning\n"},
		{"EXPORT_SYMBOL_GPL_FUTURE(sym);", "EXPORT_SYMBOL_GPL(sym);",
		 "KSA022 sym warning\n"},
		{"EXPORT_SYMBOL(sym);", "EXPORT_UNUSED_SYMBOL(sym);", "KSA022 sym warning\n"},
		{"EXPORT_UNUSED_SYMBOL(sym);", "EXPORT_SYMBOL(sym);", "KSA023 sym warning\n"},
		/* The argument of 6.13 is a string: the same namespace. */
		{"EXPORT_SYMBOL_NS_GPL(sym, NS);", "EXPORT_SYMBOL_NS_GPL(sym, \"NS\");", ""},
		{"EXPORT_SYMBOL (sym);", "EXPORT_SYMBOL(sym);", ""},
		{"EXPORT_SYMBOL_GPL(sym);", "EXPORT_SYMBOL_FOR_MODULES(sym, \"lb\");",
		 "KSA022 sym warning\n"},
		{"EXPORT_SYMBOL_FOR_MODULES(sym, \"lb\");", "EXPORT_SYMBOL_GPL(sym);",
		 "KSA023 sym warning\n"},
		{"/* EXPORT_SYMBOL(sym); */", "/* EXPORT_SYMBOL_GPL(sym); */", ""},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		char before[512], patch[1024];
		const struct entry entries[] = {
			BUILD, {"core/c.c", before}, {"lib/b.c", USER}, {NULL, NULL}};
		const char *found;

		snprintf(before, sizeof(before), "int sym(int x)\n{\n\treturn x;\n}\n%s\n",
			 cases[i].old);
		snprintf(patch, sizeof(patch), CHANGE("%s", "%s"), cases[i].old, cases[i].new_);
		for (int alone = 0; alone < 2; alone++) {
			found = review_of(alone ? NULL : entries, patch, NULL);
			if (strcmp(found, cases[i].found) != 0)
				fail_msg("case %zu: '%s'", i, found);
		}
	}
}

/* From where a comment or "#if 0" is open, only the whole file tells. */
static void whole_files(void **state)
{
	static const struct entry entries[] = {
		{"core/c.c",
		 "#if 0\nint sym(int x)\n{\n\treturn x;\n}\nEXPORT_SYMBOL(sym);\n#endif\n"
		 "/*\n * text\n EXPORT_SYMBOL(other);\n */\n"},
		{NULL, NULL}};
	static const char patch[] = "--- a/core/c.c\n+++ b/core/c.c\n@@ -5,3 +5,3 @@\n }\n"
				    "-EXPORT_SYMBOL(sym);\n+EXPORT_SYMBOL_GPL(sym);\n #endif\n"
				    "@@ -9,3 +9,3 @@\n  * text\n- EXPORT_SYMBOL(other);\n"
				    "+ EXPORT_SYMBOL_GPL(other);\n  */\n";

	(void)state;
	assert_string_equal(review_of(entries, patch, NULL), "");
	/* Alone the end of the comment is seen, the "#if 0" is not. */
	assert_string_equal(review_of(NULL, patch, NULL), "KSA022 sym warning\n");
}

static void linked_or_not(void **state)
{
	static const char patch[] = "--- a/lib/b.c\n+++ b/lib/b.c\n@@ -4 +4,2 @@\n }\n"
				    "+EXPORT_SYMBOL_GPL(sym);\n";
	static const struct {
		const char *use, *config, *found;
	} cases[] = {
		{"\treturn sym(1);\n", "CONFIG_LIB_B=m\n", "KSA030 sym error\n"},
		{"\treturn sym(1);\n", "CONFIG_LIB_B=y\n", ""},
		{"\treturn sym(1);\n", "# CONFIG_LIB_B is not set\n", ""},
		{"#ifdef CONFIG_LIB_B\n\treturn sym(1);\n#endif\n", "CONFIG_LIB_B=m\n", ""},
		{"#if IS_ENABLED(CONFIG_LIB_B)\n\treturn sym(1);\n#endif\n", "CONFIG_LIB_B=m\n",
		 "KSA030 sym error\n"},
		{"#if IS_REACHABLE(CONFIG_LIB_B)\n\treturn sym(1);\n#endif\n", "CONFIG_LIB_B=m\n",
		 ""},
		{"#ifdef CONFIG_LIB_B_MODULE\n\treturn sym(1);\n#endif\n", "CONFIG_LIB_B=m\n",
		 "KSA030 sym error\n"},
		{"#ifndef CONFIG_LIB_B\n\treturn 0;\n#else\n\treturn sym(1);\n#endif\n",
		 "CONFIG_LIB_B=m\n", ""},
		{"#if defined(CONFIG_LIB_B) || defined(CONFIG_X)\n\treturn sym(1);\n#endif\n",
		 "CONFIG_LIB_B=m\nCONFIG_X=y\n", "KSA030 sym error\n"},
		{"#if !defined(CONFIG_X) && (IS_MODULE(CONFIG_LIB_B))\n\treturn sym(1);\n#endif\n",
		 "CONFIG_LIB_B=m\nCONFIG_X=y\n", ""},
		{"#ifdef MODULE\n\treturn sym(1);\n#endif\n", "CONFIG_LIB_B=m\n", ""},
		{"#if FOO > 3\n\treturn sym(1);\n#endif\n", "CONFIG_LIB_B=m\n",
		 "KSA030 sym warning\n"},
		{"#if 0\n\treturn sym(1);\n#elif 1\n\treturn 0;\n#else\n\treturn sym(1);\n#endif\n",
		 "CONFIG_LIB_B=m\n", ""},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		char user[512], config[256];
		const struct entry entries[] = {BUILD,
						{"lib/b.c", "int sym(int x)\n{\n\treturn x;\n}\n"},
						{"lib/a.c", USER},
						{"core/c.c", user},
						{NULL, NULL}};
		const char *found;

		snprintf(user, sizeof(user), "int f(void)\n{\n%s}\n", cases[i].use);
		snprintf(config, sizeof(config), "CONFIG_LIB_A=m\n%s", cases[i].config);
		found = review_of(entries, patch, config);
		if (strcmp(found, cases[i].found) != 0)
			fail_msg("case %zu: '%s'", i, found);
	}
}

#define MAIL(n, text)                                                                              \
	"From a Mon Sep 17 00:00:00 2001\nFrom: a\nSubject: [PATCH " #n "/2] t\n\n" text "\n"
#define NEW_FILE(path, count, text) "--- /dev/null\n+++ b/" path "\n@@ -0,0 +1," #count " @@\n" text
#define GONE(path, count, text)	    "--- a/" path "\n+++ /dev/null\n@@ -1," #count " +0,0 @@\n" text

static void series(void **state)
{
	static const struct {
		const char *patches, *found;
	} cases[] = {
		/* What the series makes it may change; in the end it is used. */
		{MAIL(1, NEW_FILE("lib/n.c", 1, "+EXPORT_SYMBOL(sym);\n"))
			 MAIL(2, "--- a/lib/n.c\n+++ b/lib/n.c\n@@ -1 +1 @@\n-EXPORT_SYMBOL(sym);\n"
				 "+EXPORT_SYMBOL_GPL(sym);\n"
				 "--- a/lib/u.c\n+++ b/lib/u.c\n@@ -1 +1,2 @@\n {\n+sym(1);\n"),
		 ""},
		{MAIL(1, NEW_FILE("lib/n.c", 1, "+EXPORT_SYMBOL(sym);\n"))
			 MAIL(2, GONE("lib/n.c", 1, "-EXPORT_SYMBOL(sym);\n")),
		 ""},
		/* Removed by one and added by the next is a move, with its class. */
		{MAIL(1, GONE("lib/n.c", 1, "-EXPORT_SYMBOL(sym);\n"))
			 MAIL(2, NEW_FILE("lib/o.c", 1, "+EXPORT_SYMBOL(sym);\n")),
		 ""},
		{MAIL(1, GONE("lib/n.c", 1, "-EXPORT_SYMBOL(sym);\n"))
			 MAIL(2, NEW_FILE("lib/o.c", 1, "+EXPORT_SYMBOL_GPL(sym);\n")),
		 "KSA022 sym warning\n"},
		/* Several of one file: another class beside the one that stays, and back. */
		{"--- a/lib/b.c\n+++ b/lib/b.c\n@@ -1 +1,2 @@\n EXPORT_SYMBOL(sym);\n"
		 "+EXPORT_SYMBOL_GPL(sym);\n",
		 "KSA022 sym warning\n"},
		{"--- a/lib/b.c\n+++ b/lib/b.c\n@@ -1,2 +1 @@\n EXPORT_SYMBOL(sym);\n"
		 "-EXPORT_SYMBOL_GPL(sym);\n",
		 "KSA023 sym warning\n"},
		/* Two architectures' own become one: who had the plain one loses it. */
		{GONE("arch/x86/k.c", 1, "-EXPORT_SYMBOL_GPL(sym);\n")
			 GONE("arch/s390/k.c", 1, "-EXPORT_SYMBOL(sym);\n")
				 NEW_FILE("lib/o.c", 1, "+EXPORT_SYMBOL_GPL(sym);\n"),
		 "KSA022 sym warning\n"},
		{GONE("arch/x86/k.c", 1, "-EXPORT_SYMBOL(sym);\n")
			 GONE("arch/s390/k.c", 1, "-EXPORT_SYMBOL(sym);\n")
				 NEW_FILE("lib/o.c", 1, "+EXPORT_SYMBOL_GPL(sym);\n"),
		 "KSA022 sym warning\n"},
		{GONE("arch/x86/k.c", 1, "-EXPORT_SYMBOL_GPL(sym);\n")
			 GONE("arch/s390/k.c", 1, "-EXPORT_SYMBOL(sym);\n")
				 NEW_FILE("arch/x86/o.c", 1, "+EXPORT_SYMBOL_GPL(sym);\n"),
		 ""},
		/* Within one patch, too. */
		{GONE("lib/n.c", 1, "-EXPORT_SYMBOL_GPL(sym);\n")
			 NEW_FILE("lib/o.c", 1, "+EXPORT_SYMBOL(sym);\n"),
		 "KSA023 sym warning\n"},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		const char *found = review_of(NULL, cases[i].patches, NULL);

		if (strcmp(found, cases[i].found) != 0)
			fail_msg("case %zu: '%s'", i, found);
	}
}

static void masks(void **state)
{
	static const struct {
		const char *text, *mask;
	} cases[] = {
		{"a /* b */ c", "a         c"},
		{"a // b\nc", "a     \nc"},
		{"\"a\\\"b\" c", "       c"},
		{"'\\'' c '\"' d", "     c     d"},
		{"/* a\nb */c", "    \n    c"},
		{"/**/a/*/b*/c", "    a      c"},
		{"/* open", "       "},
		{"\"open\nnext", "     \nnext"},
		{"a / b * c", "a / b * c"},
		{"\"x\\", "   "},
		{"a\n#if 0\nb\n# if x\nc\n#endif\n#else\nd\n#endif\ne",
		 "a\n#if 0\n \n      \n \n      \n#else\nd\n#endif\ne"},
		{"#if 0 || x\nb\n#endif", "#if 0 || x\nb\n#endif"},
		{"", ""},
	};
	struct arena arena = {0};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++)
		assert_string_equal(code_mask(&arena, cases[i].text, strlen(cases[i].text)),
				    cases[i].mask);
	arena_release(&arena);
}

static enum ksa_kind kind_of(const char *text)
{
	struct code_walk w = {.mask = text, .size = strlen(text)};

	while (code_walk_next(&w))
		if (w.end - w.at == 3 && memcmp(w.mask + w.at, "sym", 3) == 0 && code_walk_kind(&w))
			return code_walk_kind(&w);
	return KSA_KIND_UNKNOWN;
}

static void kinds(void **state)
{
	static const struct {
		const char *text;
		enum ksa_kind kind;
	} cases[] = {
		{"int sym(int x)\n{\n}\nEXPORT_SYMBOL(sym);", KSA_KIND_FUNCTION},
		{"struct s *sym(void);", KSA_KIND_FUNCTION},
		{"struct s sym = {\n\t.a = 1,\n};\nEXPORT_SYMBOL(sym);", KSA_KIND_OBJECT},
		{"int sym;", KSA_KIND_OBJECT},
		{"char sym[3];", KSA_KIND_OBJECT},
		{"DEFINE_MUTEX(sym);", KSA_KIND_OBJECT},
		{"LIST_HEAD(sym);", KSA_KIND_OBJECT},
		{"SYM_FUNC_START(sym)", KSA_KIND_FUNCTION},
		{"EXPORT_SYMBOL(sym);", KSA_KIND_UNKNOWN},
		{"int f(void)\n{\n\treturn sym(1);\n}\nEXPORT_SYMBOL(sym);", KSA_KIND_UNKNOWN},
		{"#define sym(x) x\n", KSA_KIND_UNKNOWN},
		/* A hunk that starts in a body. */
		{"\treturn 0;\n}\nint sym(void)", KSA_KIND_FUNCTION},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++)
		if (kind_of(cases[i].text) != cases[i].kind)
			fail_msg("case %zu: %d", i, kind_of(cases[i].text));
}

static void bodies(void **state)
{
	static const struct {
		const char *text, *body;
	} cases[] = {
		{"int sym(int x)\n{ a(); }\n", "{ a(); }"},
		{"int sym(int x);\nint sym(int (*f)(void)) __must_check\n{ if (1) { b(); } }",
		 "{ if (1) { b(); } }"},
		{"int other(void) { sym(1); }\n", NULL},
		{"int sym(int x)\n{ a();\n", NULL},
		{"int sym(", NULL},
		{"int sym = f(1);\n{ }", NULL},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		size_t begin = 0, end = 0;
		bool there = code_body(cases[i].text, strlen(cases[i].text), "sym", &begin, &end);

		assert_int_equal(there, cases[i].body != NULL);
		if (there) {
			assert_int_equal(end - begin, strlen(cases[i].body));
			assert_memory_equal(cases[i].text + begin, cases[i].body, end - begin);
		}
	}
}

static void calls(void **state)
{
	static const char body[] =
		"{ a(1); b (2); s->c(3); s.d(4); if (e) f(g(5)); 6(7); (h)(8); }";
	char list[64] = "";
	size_t at = 0, length;
	const char *name;

	(void)state;
	while (code_next_call(body, &at, strlen(body), &name, &length)) {
		strncat(list, name, length);
		strcat(list, " ");
	}
	assert_string_equal(list, "a b if f g ");
}

static void places(void **state)
{
	static const struct entry entries[] = {
		{"Makefile", "core-y := init/ \\\n\tlib/\ndrivers-y += drivers/\n"},
		{"drivers/Makefile", "obj-$(CONFIG_NET)\t+= net/ # networks\nobj-y += char/\n"},
		{"drivers/net/Makefile",
		 "obj-$(CONFIG_ETH) += eth.o\neth-y := main.o util.o\n"
		 "eth-$(CONFIG_ETH_DCB) += dcb.o\nobj-m += always.o\nobj-y += fixed.o\n"
		 "obj-$(CONFIG_FAR) += sub/far.o\nlib-y += helper.o\n"
		 "include $(srctree)/drivers/net/Makefile.more\nold-objs := old1.o\n"
		 "obj-$(CONFIG_OLD) += old.o\n"},
		{"drivers/net/Makefile.more", "obj-$(CONFIG_MORE) += more.o\n"},
		{"drivers/net/Kconfig",
		 "menuconfig NET\n\tbool \"n\"\nconfig ETH\n\ttristate \"e\"\nconfig OLD\n"
		 "\tbool\nconfig MORE\n\tdef_tristate m\n"},
		{"drivers/char/Kbuild", "obj-$(CONFIG_KB) += kb.o\n"},
		{"drivers/char/Makefile", "# see Kbuild\n"},
		{NULL, NULL}};
	static const struct {
		const char *path, *module;
		bool module_can, built_in_can;
		enum dotconfig_value value;
	} cases[] = {
		{"drivers/net/main.c", "eth", true, true, DOTCONFIG_M},
		{"drivers/net/dcb.c", "eth", true, true, DOTCONFIG_N},
		{"drivers/net/always.c", "always", true, false, DOTCONFIG_M},
		{"drivers/net/fixed.c", "fixed", false, true, DOTCONFIG_Y},
		{"drivers/net/helper.c", "helper", false, true, DOTCONFIG_Y},
		{"drivers/net/sub/far.c", "far", true, true, DOTCONFIG_N},
		{"drivers/net/more.c", "more", true, true, DOTCONFIG_N},
		{"drivers/net/old1.c", "old", false, true, DOTCONFIG_Y},
		{"drivers/char/kb.S", "kb", true, true, DOTCONFIG_N},
		{"drivers/net/nowhere.c", NULL, false, true, DOTCONFIG_Y},
		{"nowhere/at/all.c", NULL, false, true, DOTCONFIG_Y},
	};
	static const char config[] = "CONFIG_NET=y\nCONFIG_ETH=m\nCONFIG_OLD=y\n";
	struct table table = {entries};
	const struct review_tree tree = {
		.ctx = &table, .name = "tree", .read = table_read, .kconfigs = table_kconfigs};
	struct review_input input = {.tree = &tree};
	struct kconfig kconfig = {.known = false};
	struct dotconfig dotconfig = {.name = NULL};
	struct arena arena = {0};

	(void)state;
	assert_int_equal(dotconfig_read_text(&dotconfig, "c", (const unsigned char *)config,
					     strlen(config), NULL),
			 0);
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct build_place p;

		assert_int_equal(build_find(&input, &arena, &kconfig, cases[i].path, &p), 0);
		assert_int_equal(p.known, cases[i].module != NULL);
		if (p.known)
			assert_string_equal(p.module, cases[i].module);
		if (build_can_be_module(&p) != cases[i].module_can)
			fail_msg("%s can%s be a module", cases[i].path,
				 cases[i].module_can ? "not" : "");
		assert_int_equal(build_can_be_built_in(&p), cases[i].built_in_can);
		if (build_value(&p, &dotconfig) != cases[i].value)
			fail_msg("%s: %d", cases[i].path, build_value(&p, &dotconfig));
	}
	dotconfig_release(&dotconfig);
	kconfig_release(&kconfig);
	arena_release(&arena);
}

static void dotconfigs(void **state)
{
	static const char text[] = "# a comment\nCONFIG_A=y\nCONFIG_B=m\r\n# CONFIG_C is not set\n"
				   "CONFIG_D=\"text\"\nCONFIG_E=12\nCONFIG_F=n\nCONFIG_G=\n"
				   "CONFIG_H=y\n# CONFIG_H is not set\nXCONFIG_I=y\n CONFIG_J=y\n"
				   "CONFIG_K=m";
	static const char expected[] = "ymnyynnnnnm";
	struct dotconfig config = {.name = NULL};
	struct ksa_error err = {0};

	(void)state;
	assert_int_equal(
		dotconfig_read_text(&config, "c", (const unsigned char *)text, strlen(text), &err),
		0);
	for (size_t i = 0; i < strlen(expected); i++) {
		const char name[] = {'C', 'O', 'N', 'F', 'I', 'G', '_', (char)('A' + i), '\0'};
		const char *letters = "nmy";

		if (letters[dotconfig_get(&config, name)] != expected[i])
			fail_msg("%s is %c", name, letters[dotconfig_get(&config, name)]);
		assert_int_equal(dotconfig_get(&config, name), dotconfig_get(&config, name + 7));
	}
	dotconfig_release(&config);
	assert_int_equal(dotconfig_read_text(&config, "c", (const unsigned char *)"x\n", 2, &err),
			 KSA_EFORMAT);
	dotconfig_release(&config);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(who_uses),	 cmocka_unit_test(removed_and_not_missed),
		cmocka_unit_test(architectures), cmocka_unit_test(classes),
		cmocka_unit_test(whole_files),	 cmocka_unit_test(linked_or_not),
		cmocka_unit_test(series),	 cmocka_unit_test(masks),
		cmocka_unit_test(kinds),	 cmocka_unit_test(bodies),
		cmocka_unit_test(calls),	 cmocka_unit_test(places),
		cmocka_unit_test(dotconfigs),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
