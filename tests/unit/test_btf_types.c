// SPDX-License-Identifier: GPL-2.0-or-later
/* Types from BTF: of what a compiler makes the declarations are those of the source. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include <linux/btf.h>

#include "base/cleanup.h"
#include "read/debug/btf_types.h"
#include "read/elf/elf.h"
#include "unit/btfbuild.h"
#include "unit/ccbuild.h"
#include "unit/ctypelines.h"

static const struct btf_wanted no_functions = {NULL, 0, NULL};

static struct btf_info *open_info(const unsigned char *data, size_t size,
				  const struct btf_info *base)
{
	struct ksa_error err = {.code = 0};
	struct btf_info *info;

	if (btf_info_new(data, size, base, "x", &info, &err))
		fail_msg("%s", err.text);
	return info;
}

/* One declaration a line, in byte order: what is read has to be what was compiled. */
static const char source[] =
	"enum minus:int{MINUS,NOUGHT}\n"
	"enum plain{A,B,C}\n"
	"enum {LOOSE,OTHER}\n"
	"struct a{int x;struct a *next;struct unseen *unseen;char name[16];void *p;}\n"
	"struct bits{unsigned int a:3;unsigned int b:29;long int c;u64 d:40;}\n"
	"struct deep{struct {int x;union {u64 y;struct {char z;};};} in;struct {int w;};}\n"
	"struct empty{}\n"
	"struct ops{int (*open)(struct a *, const char *);void (*(*get)(int))(void);"
	"void (*log)(const char *, ...);fn_t *fn;void (*exit)(int);}\n"
	"struct qualified{const int c;volatile int v;const char *const *p;int *restrict r;"
	"const struct a *s[3];}\n"
	"typedef int (*cb_t)(struct a *, u64)\n"
	"typedef long long unsigned int u64\n"
	"typedef struct {int counter;} atomic_t\n"
	"typedef void fn_t(struct ops *)\n"
	"union u{int x;enum plain e;atomic_t a;cb_t cb;_Bool flag;}\n";

/* The same as a compiler wants it: typedefs in an order, and something that uses each type. */
static const char compiled[] =
	"typedef long long unsigned int u64; struct ops; typedef void fn_t(struct ops *);"
	"typedef struct {int counter;} atomic_t; struct a; typedef int (*cb_t)(struct a *, u64);"
	"enum minus{MINUS=-1,NOUGHT}; enum plain{A,B,C}; enum {LOOSE,OTHER} loose;"
	"struct a{int x;struct a *next;struct unseen *unseen;char name[16];void *p;} a;"
	"struct bits{unsigned int a:3;unsigned int b:29;long int c;u64 d:40;} bits;"
	"struct deep{struct {int x;union {u64 y;struct {char z;};};} in;struct {int w;};} deep;"
	"struct empty{} empty;"
	"struct ops{int (*open)(struct a *, const char *);void (*(*get)(int))(void);"
	"void (*log)(const char *, ...);fn_t *fn;"
	"__attribute__((noreturn)) void (*exit)(int);} ops;"
	"struct qualified{const int c;volatile int v;const char *const *p;int *restrict r;"
	"const struct a *s[3];} qualified; enum minus minus;"
	"union u{int x;enum plain e;atomic_t a;cb_t cb;_Bool flag;} u;"
	"int f(struct a *x, u64 y, ...) { return loose + (int)y + !x; }";

static void as_compiled(void **state)
{
	struct ksa_export exports[] = {{.name = "f", .owner = "vmlinux"},
				       {.name = "none", .owner = "vmlinux"}};
	const struct btf_wanted functions = {exports, 2, "vmlinux"};
	_cleanup_(strbuf_release) struct strbuf text = {NULL, 0, 0, false};
	struct arena arena = {NULL, 0};
	struct ccbuild_file file;
	struct btf_copier *copier;
	struct btf_info *info;
	struct ctypes *types;
	struct elf_file f;
	uint32_t id;

	(void)state;
	if (!ccbuild_can("-gbtf"))
		skip();
	file = ccbuild(compiled, "-gbtf -O0", false);
	assert_int_equal(elf_open(&f, file.data, file.size, "file", &arena, NULL), 0);
	assert_non_null(elf_section(&f, ".BTF"));
	info = open_info(elf_section(&f, ".BTF")->data, elf_section(&f, ".BTF")->size, NULL);
	assert_int_equal(ctypes_new(&types, NULL), 0);
	assert_int_equal(btf_copier_new(types, &copier, NULL), 0);
	assert_int_equal(btf_copier_add_image(copier, info, &functions, NULL), 0);
	ctypelines_expect(types, source);
	assert_true(ctypes_function(types, "f", &id));
	assert_true(ctypes_print(types, id, "f", &text));
	assert_string_equal(strbuf_string(&text), "int f(struct a *x, u64 y, ...)");
	assert_false(ctypes_function(types, "none", &id));
	btf_copier_free(copier);
	btf_info_free(info);
	ctypes_free(types);
	arena_release(&arena);
	ccbuild_release(&file);
}

/* struct NAME{int MEMBER;} */
static void structure(struct btfbuild *b, const char *name, uint32_t type, const char *member)
{
	uint32_t string = btfbuild_string(b, member);

	btfbuild_type(b, name, BTFBUILD_INFO(BTF_KIND_STRUCT, 1), 4);
	btfbuild_word(b, string);
	btfbuild_word(b, type);
	btfbuild_word(b, 0);
}

static uint32_t integer(struct btfbuild *b)
{
	uint32_t id = btfbuild_type(b, "int", BTFBUILD_INFO(BTF_KIND_INT, 0), 4);

	btfbuild_word(b, 1u << 24 | 32);
	return id;
}

/* Of several structures of one tag the image's counts; else they have to agree. */
static void twins(void **state)
{
	struct elfbuild_bytes image_bytes, first_bytes, second_bytes;
	struct btf_info *image, *first, *second;
	struct btf_copier *copier;
	struct btfbuild b;
	struct ctypes *types;
	uint32_t id, header, pointer;

	(void)state;
	btfbuild_start(&b, false, NULL);
	id = integer(&b);
	structure(&b, "image", id, "right");
	structure(&b, "both", id, "one");
	structure(&b, "both", id, "other");
	structure(&b, "same", id, "x");
	structure(&b, "same", id, "x");
	structure(&b, "known", id, "of_a_source_file");
	header = btfbuild_next(&b);
	structure(&b, "known", id, "of_a_header");
	pointer = btfbuild_type(&b, "", BTFBUILD_INFO(BTF_KIND_PTR, 0), header);
	image_bytes = btfbuild_finish(&b);

	btfbuild_start(&b, false, &image_bytes);
	structure(&b, "image", id, "wrong");
	structure(&b, "agreed", id, "x");
	structure(&b, "private", id, "one");
	structure(&b, "kinds", id, "x");
	structure(&b, "user", pointer, "p");
	first_bytes = btfbuild_finish(&b);
	btfbuild_start(&b, false, &image_bytes);
	structure(&b, "agreed", id, "x");
	structure(&b, "private", id, "two");
	btfbuild_type(&b, "kinds", BTFBUILD_INFO(BTF_KIND_UNION, 0), 4);
	structure(&b, "user2", btfbuild_next(&b) - 1, "u");
	second_bytes = btfbuild_finish(&b);

	image = open_info(image_bytes.data, image_bytes.size, NULL);
	first = open_info(first_bytes.data, first_bytes.size, image);
	second = open_info(second_bytes.data, second_bytes.size, image);
	assert_int_equal(ctypes_new(&types, NULL), 0);
	assert_int_equal(btf_copier_new(types, &copier, NULL), 0);
	assert_int_equal(btf_copier_add_image(copier, image, &no_functions, NULL), 0);
	assert_int_equal(btf_copier_add_module(copier, first, &no_functions, NULL), 0);
	assert_int_equal(btf_copier_add_module(copier, second, &no_functions, NULL), 0);
	assert_int_equal(btf_copier_finish(copier, NULL), 0);
	ctypelines_expect(types, "struct agreed{int x;}\n"
				 "struct image{int right;}\n"
				 "struct kinds{int x;}\n"
				 "struct known{int of_a_header;}\n"
				 "struct same{int x;}\n"
				 "struct user2{union kinds u;}\n"
				 "struct user{struct known *p;}\n"
				 "union kinds{}\n");
	id = ctypes_find(types, CTYPE_STRUCT, "private");
	assert_true(ctype_at(types, id)->is_disputed);
	assert_int_equal(ctypes_member(types, id, "one", NULL), CTYPE_NOT_KNOWN);
	btf_copier_free(copier);
	ctypes_free(types);
	btf_info_free(second);
	btf_info_free(first);
	btf_info_free(image);
	elfbuild_bytes_release(&image_bytes);
	elfbuild_bytes_release(&first_bytes);
	elfbuild_bytes_release(&second_bytes);
}

/* Copy an image of hostile types; nothing may go on for ever. */
static void copy(struct btfbuild *b, const char *expected)
{
	struct elfbuild_bytes bytes = btfbuild_finish(b);
	struct btf_info *info;
	struct btf_copier *copier;
	struct ctypes *types;
	int r = btf_info_new(bytes.data, bytes.size, NULL, "x", &info, NULL);

	/* libbpf refuses some of it itself, from 1.3 on. */
	if (r) {
		assert_int_equal(r, KSA_EFORMAT);
		elfbuild_bytes_release(&bytes);
		return;
	}
	assert_int_equal(ctypes_new(&types, NULL), 0);
	assert_int_equal(btf_copier_new(types, &copier, NULL), 0);
	assert_int_equal(btf_copier_add_image(copier, info, &no_functions, NULL), 0);
	ctypelines_expect(types, expected);
	btf_copier_free(copier);
	ctypes_free(types);
	btf_info_free(info);
	elfbuild_bytes_release(&bytes);
}

static void hostile(void **state)
{
	struct btfbuild b;

	(void)state;
	/* An anonymous structure that has itself, under a tag. */
	btfbuild_start(&b, false, NULL);
	structure(&b, "a", 2, "in");
	structure(&b, "", 2, "in");
	copy(&b, "");
	/* Types that are not there, names that no compiler makes. */
	btfbuild_start(&b, false, NULL);
	structure(&b, "a", 99, "x");
	structure(&b, "b{int x;}", 1, "x");
	structure(&b, "c", 1, "x;y");
	copy(&b, "struct a{void x;}\nstruct c{struct a;}\n");
	/* A typedef of itself, and a pointer that goes round. */
	btfbuild_start(&b, true, NULL);
	btfbuild_type(&b, "t", BTFBUILD_INFO(BTF_KIND_TYPEDEF, 0), 1);
	btfbuild_type(&b, "", BTFBUILD_INFO(BTF_KIND_PTR, 0), 2);
	structure(&b, "p", 2, "x");
	copy(&b, "typedef t t\n");
	/* Twins that have functions that take themselves, as often as it takes. */
	btfbuild_start(&b, false, NULL);
	btfbuild_type(&b, "", BTFBUILD_INFO(BTF_KIND_PTR, 0), 2);
	btfbuild_type(&b, "", BTFBUILD_INFO(BTF_KIND_FUNC_PROTO, 20), 1);
	for (int i = 0; i < 20; i++) {
		btfbuild_word(&b, 0);
		btfbuild_word(&b, 1);
	}
	structure(&b, "twin", 1, "x");
	structure(&b, "twin", 1, "x");
	copy(&b, "");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(as_compiled),
		cmocka_unit_test(twins),
		cmocka_unit_test(hostile),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
