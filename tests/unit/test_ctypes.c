// SPDX-License-Identifier: GPL-2.0-or-later
/* The C types of a kernel: what gcc says of types is what the model has to say. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "model/ctypes.h"
#include "unit/ctypelines.h"

static struct ctypes *new_types(const char *const *lines, size_t count)
{
	struct ksa_error err = {.code = 0};
	struct ctypes *types;

	assert_int_equal(ctypes_new(&types, &err), 0);
	for (size_t i = 0; i < count; i++)
		if (ctypes_add_text(types, lines[i], strlen(lines[i]), &err))
			fail_msg("%s: %s", lines[i], err.text);
	return types;
}

#define NEW_TYPES(...)                                                                             \
	new_types((const char *[]){__VA_ARGS__},                                                   \
		  sizeof((const char *[]){__VA_ARGS__}) / sizeof(const char *))

/* What is read is what is written, whatever the order; twice the same is the same. */
static void lines(void **state)
{
	struct ctypes *types = NEW_TYPES(
		"struct b {struct a in; struct b *next;\tstruct c **c[4]; };",
		"struct a{unsigned long x,*y;int z:3;union {long u;struct {char w;};} v;union {int "
		"k;};}",
		"typedef unsigned long long u64", "enum e{F,G}", "enum s:int{MINUS}",
		"enum {LOOSE}", "union n{u64 u;enum e e;enum {IN} i;}",
		"struct ops{int (*open)(struct a *, const char *const *, ...);void "
		"(*(*get)(int))(void);"
		"const struct a *const (*t)[2];}",
		"typedef void (*cb_t)(struct ops *)", "typedef struct {int counter;} atomic_t",
		"struct a{int other;}", "struct empty{}");

	(void)state;
	ctypelines_expect(
		types,
		"enum e{F,G}\n"
		"enum s:int{MINUS}\n"
		"enum {LOOSE}\n"
		"struct a{long unsigned int x;long unsigned int *y;int z:3;union {long int u;"
		"struct {char w;};} v;union {int k;};}\n"
		"struct b{struct a in;struct b *next;struct c **c[4];}\n"
		"struct empty{}\n"
		"struct ops{int (*open)(struct a *, const char *const *, ...);"
		"void (*(*get)(int))(void);const struct a *const (*t)[2];}\n"
		"typedef long long unsigned int u64\n"
		"typedef struct {int counter;} atomic_t\n"
		"typedef void (*cb_t)(struct ops *)\n"
		"union n{u64 u;enum e e;enum {IN} i;}\n");
	ctypes_free(types);
}

static void members(void **state)
{
	struct ctypes *types =
		NEW_TYPES("typedef const struct s s_t",
			  "struct s{int a;union {long b;struct {char c;};};int d:2;}",
			  "struct holder{struct away;int x;}", "struct known{}",
			  "struct r{struct unseen *p;}");
	uint32_t s = ctypes_find(types, CTYPE_TYPEDEF, "s_t"), id;
	struct ctype_part part;

	(void)state;
	assert_int_not_equal(s, 0);
	assert_int_equal(ctypes_member(types, s, "a", &part), CTYPE_HAS);
	assert_string_equal(ctype_at(types, part.type)->name, "int");
	assert_int_equal(ctypes_member(types, s, "b", &part), CTYPE_HAS);
	assert_string_equal(ctype_at(types, part.type)->name, "long int");
	assert_int_equal(ctypes_member(types, s, "c", NULL), CTYPE_HAS);
	assert_int_equal(ctypes_member(types, s, "d", &part), CTYPE_HAS);
	assert_int_equal(part.bits, 2);
	assert_int_equal(ctypes_member(types, s, "e", NULL), CTYPE_HAS_NOT);
	/* What an unknown anonymous member has is not known; what stands beside it is. */
	id = ctypes_find(types, CTYPE_STRUCT, "holder");
	assert_int_equal(ctypes_member(types, id, "x", NULL), CTYPE_HAS);
	assert_int_equal(ctypes_member(types, id, "y", NULL), CTYPE_NOT_KNOWN);
	id = ctypes_find(types, CTYPE_STRUCT, "known");
	assert_int_equal(ctypes_member(types, id, "y", NULL), CTYPE_HAS_NOT);
	id = ctypes_find(types, CTYPE_STRUCT, "unseen");
	assert_int_not_equal(id, 0);
	assert_true(ctype_at(types, id)->is_forward);
	assert_int_equal(ctypes_member(types, id, "y", NULL), CTYPE_NOT_KNOWN);
	assert_int_equal(ctypes_find(types, CTYPE_UNION, "s"), 0);
	assert_int_equal(ctypes_find(types, CTYPE_STRUCT, "nothing"), 0);
	/* Neither void nor a number that is none has members. */
	assert_int_equal(ctypes_member(types, 0, "y", NULL), CTYPE_NOT_KNOWN);
	assert_int_equal(ctypes_member(types, UINT32_MAX, "y", NULL), CTYPE_NOT_KNOWN);
	ctypes_free(types);
}

static void functions(void **state)
{
	_cleanup_(strbuf_release) struct strbuf text = {NULL, 0, 0, false};
	struct ctypes *types =
		NEW_TYPES("int f(struct file *file, u32 x, ...);", "typedef int fn_t(long)",
			  "struct o{fn_t *call;}", "int f(void)", "enum e{A,B}");
	struct ctype_part part;
	uint32_t f, g;

	(void)state;
	assert_true(ctypes_function(types, "f", &f));
	assert_int_equal(ctype_at(types, f)->count, 2);
	assert_true(ctype_at(types, f)->is_variadic);
	assert_string_equal(ctype_part(types, f, 0)->name, "file");
	assert_true(ctypes_print(types, f, "g", &text));
	assert_string_equal(strbuf_string(&text), "int g(struct file *file, u32 x, ...)");
	strbuf_reset(&text);
	assert_true(ctypes_print(types, ctype_part(types, f, 0)->type, "", &text));
	assert_string_equal(strbuf_string(&text), "struct file *");
	assert_false(ctypes_function(types, "g", &g));
	assert_int_equal(ctypes_member(types, ctypes_find(types, CTYPE_STRUCT, "o"), "call", &part),
			 CTYPE_HAS);
	assert_true(ctypes_as_function(types, part.type, &g));
	assert_int_equal(ctype_at(types, g)->count, 1);
	assert_false(ctypes_as_function(types, ctypes_find(types, CTYPE_STRUCT, "o"), &g));
	assert_int_equal(ctypes_enumerator(types, "B"), ctypes_find(types, CTYPE_ENUM, "e"));
	assert_int_equal(ctypes_enumerator(types, "C"), 0);
	ctypes_free(types);
}

/* What is no declaration is refused, and nothing is read beyond it. */
static void refused(void **state)
{
	static const char *const texts[] = {
		"",
		";",
		"struct",
		"struct {",
		"struct a{",
		"struct a{int",
		"struct a{int x",
		"struct a{int x:0;}",
		"struct a{int x:300;}",
		"struct a{int x:;}",
		"struct a{x}",
		"struct a}",
		"enum",
		"enum e{",
		"enum e{A B}",
		"enum e:long{A}",
		"enum e:int",
		"typedef",
		"typedef int",
		"typedef int t t",
		"int f(",
		"int f(int",
		"int f(int,",
		"int (*",
		"int (*f",
		"int x[4",
		"int x[99999999999]",
		"int x y",
		"int x=3",
		"\"",
		"int f(..)",
		"int f(int ...)",
		"a b c",
		"4",
		"struct 4{}",
		"const",
		"int \x80",
		"union u{int a;}}",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++) {
		struct ksa_error err = {.code = 0};
		struct ctypes *types = new_types(NULL, 0);
		char *copy = strdup(texts[i]);

		assert_non_null(copy);
		if (ctypes_add_text(types, copy, strlen(copy), &err) != KSA_EFORMAT)
			fail_msg("'%s' was taken", texts[i]);
		assert_non_null(strstr(err.text, "no declaration of C"));
		free(copy);
		ctypes_free(types);
	}
}

/* As many levels as memory has: the text is refused, or what it says not followed. */
static void deep(void **state)
{
	static const char *const parts[][2] = {
		{"int ", "(*"}, {"int f", "(int "}, {"struct a", "{struct {"}, {"int x", "[1]"}};
	const size_t levels = 100000;

	(void)state;
	for (size_t i = 0; i < sizeof(parts) / sizeof(*parts); i++) {
		_cleanup_(strbuf_release) struct strbuf text = {NULL, 0, 0, false};
		struct ctypes *types = new_types(NULL, 0);

		strbuf_adds(&text, parts[i][0]);
		for (size_t k = 0; k < levels; k++)
			strbuf_adds(&text, parts[i][1]);
		assert_int_equal(ctypes_add_text(types, text.data, text.length, NULL), KSA_EFORMAT);
		ctypes_free(types);
	}
}

/* Typedefs that are each other, structures that have themselves, pointers to themselves. */
static void circles(void **state)
{
	_cleanup_(strbuf_release) struct strbuf text = {NULL, 0, 0, false};
	struct ctypes *types = NEW_TYPES("typedef a_t b_t", "typedef b_t a_t",
					 "struct s{struct s;}", "struct t{struct u;struct u;}",
					 "struct u{struct t;struct t;}", "struct x{a_t a;}");
	uint32_t id = ctypes_find(types, CTYPE_TYPEDEF, "a_t"), bare;
	struct ctype pointer = {.kind = CTYPE_POINTER};
	struct ctype function = {.kind = CTYPE_FUNCTION};
	struct ctype_part parts[3];

	(void)state;
	assert_false(ctypes_strip(types, id, &bare, NULL));
	assert_int_equal(ctypes_compare(types, id, types, id), CTYPE_UNKNOWN);
	assert_int_equal(ctypes_member(types, ctypes_find(types, CTYPE_STRUCT, "s"), "y", NULL),
			 CTYPE_NOT_KNOWN);
	assert_int_equal(ctypes_member(types, ctypes_find(types, CTYPE_STRUCT, "t"), "y", NULL),
			 CTYPE_NOT_KNOWN);
	assert_int_equal(ctypes_reserve(types, &id, NULL), 0);
	pointer.target = id;
	assert_int_equal(ctypes_set(types, id, &pointer, NULL, 0, NULL), 0);
	assert_false(ctypes_print(types, id, "p", &text));
	assert_int_equal(ctypes_compare(types, id, types, id), CTYPE_UNKNOWN);
	/* A function that takes itself, three times. */
	assert_int_equal(ctypes_reserve(types, &id, NULL), 0);
	for (size_t i = 0; i < 3; i++)
		parts[i] = (struct ctype_part){.name = "", .type = id};
	assert_int_equal(ctypes_set(types, id, &function, parts, 3, NULL), 0);
	assert_false(ctypes_print(types, id, "f", &text));
	assert_int_equal(ctypes_compare(types, id, types, id), CTYPE_UNKNOWN);
	ctypes_free(types);
}

/* What stands before and behind the name of something of each type. */
static const char *const type_words[][2] = {
	{"int ", ""},
	{"unsigned int ", ""},
	{"long ", ""},
	{"long long ", ""},
	{"char ", ""},
	{"unsigned char ", ""},
	{"_Bool ", ""},
	{"enum plain ", ""},
	{"enum minus ", ""},
	{"struct s ", ""},
	{"struct t ", ""},
	{"s_t ", ""},
	{"anonymous_t ", ""},
	{"other_t ", ""},
	{"u32 ", ""},
	{"void *", ""},
	{"const void *", ""},
	{"char *", ""},
	{"const char *", ""},
	{"unsigned char *", ""},
	{"volatile int *", ""},
	{"int *", ""},
	{"unsigned int *", ""},
	{"u32 *", ""},
	{"enum plain *", ""},
	{"long *", ""},
	{"long long *", ""},
	{"struct s *", ""},
	{"s_t *", ""},
	{"const s_t *", ""},
	{"struct t *", ""},
	{"anonymous_t *", ""},
	{"char **", ""},
	{"const char **", ""},
	{"const char *const *", ""},
	{"int (*", ")[4]"},
	{"int (*", ")[5]"},
	{"int (*", ")[]"},
	{"void (*", ")(struct s *)"},
	{"void (*", ")(s_t *named)"},
	{"void (*", ")(const struct s *)"},
	{"void (*", ")(const struct s *const)"},
	{"int (*", ")(struct s *)"},
	{"int (*", ")(struct s *, ...)"},
	{"int (*", ")(struct s *, int)"},
	{"enum plain (*", ")(int)"},
	{"unsigned int (*", ")(int)"},
	{"int (*", ")(enum minus)"},
	{"void (*", ")(void)"},
	{"void (*", ")(int [3])"},
	{"void (*", ")(int *)"},
	{"void (*", ")(void (*)(int))"},
	{"void (*", ")(void (int))"},
	{"fn_t *", ""},
};

#define TYPE_COUNT (sizeof(type_words) / sizeof(*type_words))

static const char *const type_lines[] = {
	"enum plain{P}",
	"enum minus:int{M}",
	"struct s{int x;}",
	"struct t{int x;}",
	"typedef struct s s_t",
	"typedef struct {int x;} anonymous_t",
	"typedef unsigned int u32",
	"typedef struct {int x;} other_t",
	"typedef void fn_t(struct s *)",
};

enum verdict { TAKEN, WARNED, REFUSED };

/* What gcc says of all pairs: line N of the source is pair N. values: a value of one type assigned
 * to one of the other; else a function that takes the one is a callback that takes the other. */
static void ask_gcc(bool values, unsigned char *verdicts)
{
	char path[] = "/tmp/ksymaudit-types.XXXXXX", command[512], line[1024];
	int fd = mkstemp(path);
	FILE *file = fdopen(fd, "w");

	assert_non_null(file);
	for (size_t a = 0; a < TYPE_COUNT; a++) {
		for (size_t b = 0; b < TYPE_COUNT; b++) {
			const char *const *x = type_words[a], *const *y = type_words[b];

			if (values)
				fprintf(file, "void f%zu_%zu(%sa%s) { %sb%s = a; }\n", a, b, x[0],
					x[1], y[0], y[1]);
			else
				fprintf(file,
					"void f%zu_%zu(%sa%s); void (*p%zu_%zu)(%sb%s) = "
					"f%zu_%zu;\n",
					a, b, x[0], x[1], a, b, y[0], y[1], a, b);
		}
	}
	fclose(file);
	snprintf(command, sizeof(command),
		 "env -u LD_PRELOAD gcc -std=gnu11 -x c -fsyntax-only -fno-diagnostics-show-caret "
		 "-fmax-errors=0 -Wno-pointer-sign -Werror=incompatible-pointer-types "
		 "-Werror=int-conversion -include %s.h %s 2>&1",
		 path, path);
	snprintf(line, sizeof(line), "%s.h", path);
	file = fopen(line, "w");
	assert_non_null(file);
	fputs("enum plain{P}; enum minus{M=-1}; struct s{int x;}; struct t{int x;}; typedef struct "
	      "s "
	      "s_t; typedef struct {int x;} anonymous_t; typedef struct {int x;} other_t; typedef "
	      "unsigned int u32; typedef void fn_t(struct s *);\n",
	      file);
	fclose(file);
	memset(verdicts, TAKEN, TYPE_COUNT * TYPE_COUNT);
	file = popen(command, "r");
	assert_non_null(file);
	while (fgets(line, sizeof(line), file)) {
		const char *at =
			strncmp(line, path, strlen(path)) == 0 ? line + strlen(path) : NULL;
		size_t number = at && *at == ':' ? strtoul(at + 1, NULL, 10) : 0;
		unsigned char verdict = strstr(line, " error: ") ? REFUSED : WARNED;

		if (number && number <= TYPE_COUNT * TYPE_COUNT &&
		    (strstr(line, " error: ") || strstr(line, " warning: ")) &&
		    verdicts[number - 1] < verdict)
			verdicts[number - 1] = verdict;
	}
	pclose(file);
	unlink(path);
	snprintf(line, sizeof(line), "%s.h", path);
	unlink(line);
}

static bool has_gcc(void)
{
	return system("echo 'int x;' | env -u LD_PRELOAD gcc -x c -fsyntax-only - 2>/dev/null") ==
	       0;
}

static uint32_t type_of(struct ctypes *types, const char *const *words, size_t index)
{
	char text[128], name[32];
	uint32_t id;

	snprintf(name, sizeof(name), "f%zu", index);
	snprintf(text, sizeof(text), "void %s(%sx%s)", name, words[0], words[1]);
	if (ctypes_add_text(types, text, strlen(text), NULL))
		fail_msg("%s", text);
	assert_true(ctypes_function(types, name, &id));
	return id;
}

static void compare_all(bool values, const unsigned char *verdicts)
{
	struct ctypes *types = new_types(type_lines, sizeof(type_lines) / sizeof(*type_lines));
	uint32_t ids[TYPE_COUNT];
	size_t wrong = 0;

	for (size_t i = 0; i < TYPE_COUNT; i++) {
		ids[i] = type_of(types, type_words[i], i);
		if (values)
			ids[i] = ctype_part(types, ids[i], 0)->type;
	}
	for (size_t i = 0; i < TYPE_COUNT * TYPE_COUNT; i++) {
		static const unsigned char says[] = {
			[CTYPE_UNKNOWN] = 99,	    [CTYPE_SAME] = TAKEN,
			[CTYPE_COMPATIBLE] = TAKEN, [CTYPE_CONVERTED] = TAKEN,
			[CTYPE_DISCARDED] = WARNED, [CTYPE_DIFFERENT] = REFUSED};
		const size_t a = i / TYPE_COUNT, b = i % TYPE_COUNT;
		enum ctype_same same = ctypes_compare(types, ids[a], types, ids[b]);

		if (says[same] == verdicts[i])
			continue;
		print_error("%s%s given for %s%s: %d, gcc says %d\n", type_words[a][0],
			    type_words[a][1], type_words[b][0], type_words[b][1], same,
			    verdicts[i]);
		wrong++;
	}
	assert_int_equal(wrong, 0);
	ctypes_free(types);
}

/* Each type given for each other one, as gcc takes it or not. */
static void compared_as_gcc_does(void **state)
{
	unsigned char verdicts[TYPE_COUNT * TYPE_COUNT];

	(void)state;
	if (!has_gcc())
		skip();
	ask_gcc(true, verdicts);
	compare_all(true, verdicts);
	ask_gcc(false, verdicts);
	compare_all(false, verdicts);
}

/* Too little is known to say more. */
static void compared_unknown(void **state)
{
	struct ctypes *a = NEW_TYPES("void f(unseen_t x)", "void g(enum hidden x)",
				     "void h(struct unseen *x)", "void i(union u x)");
	struct ctypes *b = NEW_TYPES("void f(int x)", "void g(int x)", "void h(struct unseen *x)",
				     "void i(int *x)");
	uint32_t x, y;

	(void)state;
	for (const char *name = "fghi"; *name; name++) {
		const char one[2] = {*name, '\0'};

		assert_true(ctypes_function(a, one, &x) && ctypes_function(b, one, &y));
		x = ctype_part(a, x, 0)->type;
		y = ctype_part(b, y, 0)->type;
		assert_int_equal(ctypes_compare(a, x, b, y), *name == 'h'   ? CTYPE_SAME
							     : *name == 'i' ? CTYPE_DIFFERENT
									    : CTYPE_UNKNOWN);
		/* A union may take what its members take. */
		if (*name == 'i')
			assert_int_equal(ctypes_compare(b, y, a, x), CTYPE_UNKNOWN);
	}
	ctypes_free(a);
	ctypes_free(b);
}

static bool is_a(void *ctx, enum ctype_kind kind, const char *name)
{
	(void)ctx;
	(void)kind;
	return name[0] == 'a';
}

/* What is embedded is kept, of what is pointed to the tag. */
static void reduced(void **state)
{
	struct ctypes *types = NEW_TYPES(
		"struct a1{struct b1 in;struct b2 *out;b_t t;enum b5 e;struct layout l;int x;}",
		"struct b1{struct b3 in;int x;}", "struct b2{int x;}", "struct b3{int x;}",
		"typedef void (*b_t)(struct b4 *)", "struct b4{int x;}", "enum b5{B5}",
		"enum b6{B6}", "enum {LOOSE}",
		"struct layout{u8 x[4];struct layout2 y;union {__le32 z;u16 w[2];};}",
		"struct layout2{const char x;}", "typedef unsigned char u8", "struct a2{}",
		"typedef int unused_t", "typedef int used_t", "void f(used_t x, enum b6 y)",
		"struct a3{u8 x;}");

	(void)state;
	assert_int_equal(ctypes_reduce(types, is_a, NULL, NULL), 0);
	ctypelines_expect(
		types,
		"enum b5{B5}\n"
		"struct a1{struct b1 in;struct b2 *out;b_t t;enum b5 e;struct layout l;int x;}\n"
		"struct a2{}\n"
		"struct b1{struct b3 in;int x;}\n"
		"struct b3{int x;}\n"
		"typedef int used_t\n"
		"typedef void (*b_t)(struct b4 *)\n");
	ctypes_free(types);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(lines),
		cmocka_unit_test(members),
		cmocka_unit_test(functions),
		cmocka_unit_test(refused),
		cmocka_unit_test(deep),
		cmocka_unit_test(circles),
		cmocka_unit_test(compared_as_gcc_does),
		cmocka_unit_test(compared_unknown),
		cmocka_unit_test(reduced),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
