// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Finding files of patches by path, and a review of so many that looking through all of them for
 * each would take half a minute.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>
#include <time.h>

#include "audit/review/review.h"
#include "base/strbuf.h"
#include "read/patch/patch.h"
#include "read/review/review.h"

/* A file that is there before and after, one that goes, and one that is renamed. */
#define FILE_(old, new_)                                                                           \
	{                                                                                          \
		.sides = { [PATCH_OLD] = {.path = old}, [PATCH_NEW] = {.path = new_} }             \
	}

static const struct review_file first[] = {FILE_("b", "b"), FILE_("gone", NULL), FILE_("a", "a"),
					   FILE_("b", "b")};
static const struct review_file third[] = {FILE_("was", "b"), FILE_("a", "c")};
static const struct review_patch patches[] = {{.files = first, .file_count = 4},
					      {.files = NULL, .file_count = 0},
					      {.files = third, .file_count = 2}};

static void finds_in_order(void **state)
{
	/* The places of a path in some of the patches, "patch/file" each. */
	static const struct {
		const char *path;
		uint32_t from, to;
		const char *places;
	} cases[] = {
		{"b", 0, UINT32_MAX, "0/0 0/3 2/0 "},
		{"b", 0, 2, "0/0 0/3 "},
		{"b", 1, 2, ""},
		{"b", 1, 3, "2/0 "},
		{"a", 0, 3, "0/2 "},
		{"c", 0, 3, "2/1 "},
		{"gone", 0, 3, ""}, /* nothing is left of it */
		{"was", 0, 3, ""},
		{"", 0, 3, ""},
		{"bb", 0, 3, ""},
	};
	struct review_index index = {.items = NULL};
	struct ksa_error err = {.code = 0};

	(void)state;
	assert_int_equal(review_index_make(&index, patches, 3, &err), 0);
	assert_int_equal(index.count, 5);
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct strbuf out = {NULL, 0, 0, false};
		size_t count;
		const struct review_spot *spots = review_index_range(
			&index, cases[i].path, cases[i].from, cases[i].to, &count);

		for (size_t s = 0; s < count; s++)
			strbuf_printf(&out, "%u/%u ", spots[s].patch, spots[s].file);
		assert_string_equal(strbuf_string(&out), cases[i].places);
		strbuf_release(&out);
	}
	assert_int_equal(review_index_find(&index, "b", 3), 4);
	assert_int_equal(review_index_find(&index, "z", 0), 5);
	review_index_release(&index);
}

static void finds_nothing_in_nothing(void **state)
{
	struct review_index index = {.items = NULL};
	size_t count;

	(void)state;
	assert_int_equal(review_index_make(&index, patches + 1, 1, NULL), 0);
	assert_int_equal(review_index_find(&index, "b", 0), 0);
	assert_null(review_index_range(&index, "b", 0, UINT32_MAX, &count));
	assert_int_equal(count, 0);
	review_index_release(&index);
}

#define FILES 15000 /* of each of two patches */
#define LIMIT 15 /* seconds of CPU: half of one is enough, 30 if each file looks at all of them */

/* Files that become modules, with an export of another class and a new one. */
static void add_mail(struct strbuf *mail, int number)
{
	strbuf_printf(mail,
		      "From 00000000000000000000000000000000000000%02d Mon Sep 17 00:00:00 2001\n"
		      "Subject: [PATCH %d/2] many files\n\n---\n",
		      number, number);
	for (int i = number * FILES; i < (number + 1) * FILES; i++)
		strbuf_printf(mail,
			      "--- a/d%d/f%d.c\n+++ b/d%d/f%d.c\n@@ -5,2 +5,4 @@\n }\n"
			      "-EXPORT_SYMBOL(f%d);\n+EXPORT_SYMBOL_GPL(f%d);\n"
			      "+EXPORT_SYMBOL_GPL(g%d);\n+MODULE_LICENSE(\"GPL\");\n",
			      i % 50, i, i % 50, i, i, i, i);
	strbuf_add(mail, "-- \n2.40\n\n", 10);
}

static void many_files(void **state)
{
	struct strbuf mails = {NULL, 0, 0, false};
	struct review_input input = {.tree = NULL};
	struct patch_set set = {0};
	struct ksa_error err = {0};
	struct review *review = NULL;
	size_t modules = 0;
	clock_t start = clock();

	(void)state;
	add_mail(&mails, 1);
	add_mail(&mails, 2);
	assert_false(mails.failed);
	if (patches_read_text(&set, "text", (const unsigned char *)mails.data, mails.length,
			      &err) ||
	    review_read_patches(&input, &set, &err) || review_make(&input, &review, &err))
		fail_msg("%s:%u: %s", err.source, err.line, err.text);
	assert_true(clock() - start < LIMIT * CLOCKS_PER_SEC);
	assert_int_equal(review->by_what[REVIEW_CHANGED], 2 * FILES);
	assert_int_equal(review->by_what[REVIEW_ADDED], 2 * FILES);
	for (size_t i = 0; i < review->report.finding_count; i++)
		modules += strstr(review->report.findings[i].message,
				  "it can be a module, with 1 new export") != NULL;
	assert_int_equal(modules, 2 * FILES);
	review_free(review);
	review_input_release(&input);
	patch_set_release(&set);
	strbuf_release(&mails);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(finds_in_order),
		cmocka_unit_test(finds_nothing_in_nothing),
		cmocka_unit_test(many_files),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
