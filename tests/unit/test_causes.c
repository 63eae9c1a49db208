// SPDX-License-Identifier: GPL-2.0-or-later
/* Why CRCs changed: what differs between two declarations, and which type that does is nearest. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "audit/diff/reach.h"
#include "audit/diff/visible.h"
#include "model/kernel.h"
#include "model/type_change.h"
#include "read/kernel/symtypes.h"

static void check_words(const char *old, const char *now, const char *expected)
{
	struct type_changes changes;
	struct strbuf text = {.data = NULL};

	assert_int_equal(type_changes_find(old, now, &changes, NULL), 0);
	type_changes_words(&changes, &text);
	assert_string_equal(strbuf_string(&text), expected);
	type_changes_release(&changes);
	strbuf_release(&text);
}

static void test_members(void **state)
{
	(void)state;
	check_words("struct a{int b;}", "struct a{int b;}", "");
	check_words("struct a{int b;}", "struct a{int b;long c;}", "member c added");
	check_words("struct a{int b;long c;}", "struct a{long c;}", "member b removed");
	check_words("struct a{int b;}", "struct a{long b;}", "member b of another type");
	check_words("struct a{int b[2];}", "struct a{int b[3];}", "member b resized");
	check_words("struct a{int b:2;}", "struct a{int b:3;}", "member b resized");
	check_words("struct a{int b;int c;}", "struct a{int d;int c;}", "member b renamed");
	check_words("struct a{int b;int c;int d;}", "struct a{int c;int d;int b;}",
		    "member b moved");
	check_words("struct a{int b;}", "struct a{int x;int b;int y;char z[4];}",
		    "3 members added");
	check_words("struct a{int b;int c;}", "struct a{long b;char d;char e;}",
		    "2 members added, 1 removed, 1 of another type");
	check_words("enum a{X,Y}", "enum a{X,Z,Y}", "enumerator Z added");
	check_words("typedef struct{int b;}a", "typedef struct{int b;int c;}a", "member c added");
}

static void test_names(void **state)
{
	(void)state;
	check_words("struct a{int (*run)(void *, int);}", "struct a{int (*run)(void *, long int);}",
		    "member run of another type");
	check_words("struct a{int ( * run ) ( int ) ; }", "struct a{int ( * run ) ( long ) ; }",
		    "member run of another type");
	/* Members of what has no name are the outer one's; where it is grouped otherwise none is
	 * another. */
	check_words("struct a{struct {int b;};int c;}", "struct a{struct {int b;int d;};int c;}",
		    "member d added");
	check_words("struct a{struct {int b;} x;}", "struct a{struct {long b;} x;}",
		    "member x of another type");
	check_words("struct a{union {int b;int c;};}", "struct a{struct {int b;int c;};}", "");
	/* what is no declaration of C */
	check_words("struct a{int b", "struct a{int b;}", "");
	check_words("struct a{;;{}}", "struct a{)(;b}", "");
	check_words("enum a{X)ABCD", "enum a{Y)EFGH", "enumerator X renamed");
	check_words("int f(int)", "int f(long)", "");
}

static void test_member_of(void **state)
{
	const char *text = "struct a{int bb;struct b *c;u32 d;enum e f;}";
	struct type_slice member;

	(void)state;
	assert_true(type_change_member(text, "struct b", &member));
	assert_int_equal(member.length, strlen("struct b *c"));
	assert_true(type_change_member(text, "typedef u32", &member));
	assert_true(type_change_member(text, "enum e", &member));
	assert_false(type_change_member(text, "struct bb", &member));
	assert_false(type_change_member("int f(struct b *)", "struct b", &member));
}

/* Of these lines of C, and the export f. */
static struct type_graph *graph_of(const char *const *lines)
{
	const struct ksa_export export = {.name = "f"};
	struct ctypes *types;
	struct type_graph *graph;

	assert_int_equal(ctypes_new(&types, NULL), 0);
	for (; *lines; lines++)
		assert_int_equal(ctypes_add_text(types, *lines, strlen(*lines), NULL), 0);
	assert_int_equal(type_graph_of(types, &export, 1, &graph, NULL), 0);
	ctypes_free(types);
	return graph;
}

/* The names from f to what differs, "f>struct a"; "" where nothing does. */
static void way(const struct type_graph *old, const struct type_graph *now, struct strbuf *out)
{
	const struct type_graph *graphs[DIFF_SIDES] = {old, now};
	uint32_t name = type_graph_find(old, "f");
	const struct reach_item *item;
	struct reach reach;
	uint16_t *costs;

	assert_int_equal(visible_costs(old, NULL, &costs, NULL), 0);
	assert_int_equal(reach_init(&reach, graphs, costs, NULL), 0);
	reach_begin(&reach, 0, 0);
	assert_int_equal(reach_add(&reach, name, NULL), 0);
	assert_int_equal(reach_settle(&reach, NULL), 0);
	item = reach_item(&reach, name);
	while (item && item->distance != REACH_NEVER) {
		strbuf_printf(out, "%s%s", out->length ? ">" : "", old->names[item->name].name);
		item = item->distance ? &reach.items[item->next] : NULL;
	}
	reach_release(&reach);
	free(costs);
}

static void check_way(const char *const *old, const char *const *now, const char *expected)
{
	struct type_graph *a = graph_of(old), *b = graph_of(now);
	struct strbuf text = {.data = NULL};

	way(a, b, &text);
	assert_string_equal(strbuf_string(&text), expected);
	strbuf_release(&text);
	type_graph_free(a);
	type_graph_free(b);
}

static void test_nearest(void **state)
{
	static const char *const old[] = {"struct a{struct b *x;struct c y;}",
					  "struct b{struct a *back;t z;}",
					  "struct c{int i;}",
					  "typedef int t",
					  "int f(struct a *p)",
					  NULL};
	static const char *const same[] = {"struct a{struct b *x;struct c y;}",
					   "struct b{struct a *back;t z;}",
					   "struct c{int i;}",
					   "typedef int t",
					   "int f(struct a *q)",
					   NULL};
	static const char *const typedef_[] = {"struct a{struct b *x;struct c y;}",
					       "struct b{struct a *back;t z;}",
					       "struct c{int i;}",
					       "typedef long t",
					       "int f(struct a *p)",
					       NULL};
	static const char *const both[] = {"struct a{struct b *x;struct c y;}",
					   "struct b{struct a *back;t z;int n;}",
					   "struct c{long i;}",
					   "typedef int t",
					   "int f(struct a *p)",
					   NULL};
	static const char *const itself[] = {"struct a{int i;}", "int f(struct a *p, int i)", NULL};

	(void)state;
	/* the name of a parameter is no part of it; circles end */
	check_way(old, same, "");
	check_way(old, typedef_, "f>struct a>struct b>typedef t");
	/* what is there by value is certain to be seen */
	check_way(old, both, "f>struct a>struct c");
	check_way(old, itself, "f");
}

/* The text of a name in a unit, or "". */
static const char *meaning(const struct type_graph *g, const char *name, uint32_t unit)
{
	const struct type_def *def = type_graph_def(g, type_graph_find(g, name), unit);

	return def ? def->text : "";
}

static void test_units(void **state)
{
	static const char text[] = "/* a.symtypes */\n"
				   "s#x struct x { int i ; }\n"
				   "s#y struct y { s#x x ; t#u32 n ; }\n"
				   "f int f ( s#y * )\n"
				   "/* b.symtypes */\n"
				   "s##x\n"
				   "g int g ( s#x * )\n"
				   "/* c.symtypes */\n"
				   "s#y struct y { long i ; }\n"
				   "s##x\n"
				   "s##z\n"
				   "/* d.symtypes */\n"
				   "h int h ( s#x * , 's#y' * )\n";
	struct ksa_kernel *kernel;
	const struct type_graph *g;

	(void)state;
	assert_int_equal(kernel_new("k", &kernel, NULL), 0);
	kernel->want_type_graph = true;
	assert_true(symtypes_is_symtypes((const unsigned char *)text, strlen(text), "any"));
	assert_int_equal(
		symtypes_read(kernel, (const unsigned char *)text, strlen(text), "any", NULL), 0);
	type_graph_seal(kernel->type_graph);
	g = kernel->type_graph;
	assert_string_equal(meaning(g, "struct x", 1), "struct x { int i ; }");
	assert_string_equal(meaning(g, "struct x", 2), "struct x { UNKNOWN }");
	assert_string_equal(meaning(g, "struct x", 3), "struct x { UNKNOWN }");
	/* what two units alone see is passed over, and what nobody else does */
	assert_string_equal(meaning(g, "struct x", 4), "struct x { int i ; }");
	assert_string_equal(meaning(g, "struct z", 3), "struct z { UNKNOWN }");
	assert_string_equal(meaning(g, "struct z", 4), "");
	assert_string_equal(meaning(g, "struct y", 2), "struct y { struct x x ; u32 n ; }");
	assert_string_equal(meaning(g, "struct y", 3), "struct y { long i ; }");
	assert_string_equal(meaning(g, "h", 4), "int h ( struct x * , struct y * )");
	assert_string_equal(meaning(g, "nothing", 3), "");
	ksa_kernel_free(kernel);
}

/* A graph of a structure whose members lead to each other, from the last one to the first. */
static struct ksa_kernel *chain_of(unsigned int count, const char *end)
{
	struct ksa_kernel *kernel;
	struct strbuf text = {.data = NULL};

	strbuf_printf(&text, "/* a.symtypes */\ns#b0 struct b0 { %s x ; }\n", end);
	for (unsigned int i = 1; i <= count; i++)
		strbuf_printf(&text, "s#b%u struct b%u { s#b%u * x ; }\n", i, i, i - 1);
	strbuf_adds(&text, "s#a struct a {");
	for (unsigned int i = 0; i <= count; i++)
		strbuf_printf(&text, " s#b%u * m%u ;", i, i);
	strbuf_adds(&text, " }\nf int f ( s#a * )\n");
	assert_int_equal(kernel_new("k", &kernel, NULL), 0);
	kernel->want_type_graph = true;
	assert_int_equal(symtypes_read(kernel, (const unsigned char *)strbuf_string(&text),
				       text.length, "any", NULL),
			 0);
	type_graph_seal(kernel->type_graph);
	strbuf_release(&text);
	return kernel;
}

/* What settling it comes to. */
static int settle_chain(unsigned int count)
{
	struct ksa_kernel *old = chain_of(count, "int"), *now = chain_of(count, "long");
	const struct type_graph *graphs[DIFF_SIDES] = {old->type_graph, now->type_graph};
	const uint32_t name = type_graph_find(graphs[DIFF_OLD], "f");
	struct reach reach;
	uint16_t *costs;
	int r;

	assert_int_equal(visible_costs(graphs[DIFF_OLD], NULL, &costs, NULL), 0);
	assert_int_equal(reach_init(&reach, graphs, costs, NULL), 0);
	reach_begin(&reach, 1, 1);
	assert_int_equal(reach_add(&reach, name, NULL), 0);
	r = reach_settle(&reach, NULL);
	if (!r)
		assert_int_equal(reach_item(&reach, name)->steps, 2);
	reach_release(&reach);
	free(costs);
	ksa_kernel_free(old);
	ksa_kernel_free(now);
	return r;
}

/* Hostile types must not take time with the square of their number. */
static void test_rounds(void **state)
{
	(void)state;
	assert_int_equal(settle_chain(100), 0);
	assert_int_equal(settle_chain(2000), KSA_ELIMIT);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_members),	  cmocka_unit_test(test_names),
		cmocka_unit_test(test_member_of), cmocka_unit_test(test_nearest),
		cmocka_unit_test(test_units),	  cmocka_unit_test(test_rounds)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
