// SPDX-License-Identifier: GPL-2.0-or-later
/* What became of removed exports, by headers made by hand: what is expected is what one reads
 * there. */
#include "audit/diff/diff.h"
#include "unit/diffbuild.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#include "model/helper.h"

static const struct diffbuild_module no_modules[] = {{NULL, NULL}};

static const struct diffbuild_export old_exports[] = {
	{"_RNvCsOld_4core3abc", KSA_CLASS_PLAIN, NULL, NULL, 0},
	{"__class_create", KSA_CLASS_PLAIN, NULL, NULL, 0},
	{"__class_register", KSA_CLASS_GPL, NULL, NULL, 0},
	{"follow_pfn", KSA_CLASS_PLAIN, NULL, NULL, 0},
	{"kmalloc_trace", KSA_CLASS_PLAIN, NULL, NULL, 0},
	{"kmemdup", KSA_CLASS_PLAIN, NULL, NULL, 0},
	{"strlcpy", KSA_CLASS_PLAIN, NULL, NULL, 0},
	{NULL, 0, NULL, NULL, 0}};

static const struct diffbuild_export new_exports[] = {
	{"class_create", KSA_CLASS_GPL, NULL, NULL, 0},
	{"class_register", KSA_CLASS_GPL, NULL, NULL, 0},
	{"kmalloc_cache", KSA_CLASS_PLAIN, NULL, NULL, 0},
	{"kmemdup_noprof", KSA_CLASS_PLAIN, NULL, NULL, 0},
	{NULL, 0, NULL, NULL, 0}};

static const struct diffbuild_helper old_bodies[] = {
	{"class_create", "__class_create", HELPER_MACRO},
	{"class_register", "__class_register", HELPER_MACRO},
	{"kmalloc", "kmalloc_trace", HELPER_INLINE},
	{"old_copy", "strlcpy", HELPER_INLINE},
	{NULL, NULL, 0}};

static const struct diffbuild_helper new_bodies[] = {{"kmalloc", "kmalloc_cache", HELPER_INLINE},
						     {"kmemdup", "kmemdup_noprof", HELPER_MACRO},
						     {NULL, NULL, 0}};

static struct diff *compare(const struct diffbuild_helper *old, const struct diffbuild_helper *new_)
{
	struct diff_input input = {.kernels = {diffbuild_kernel("old", old_exports, no_modules),
					       diffbuild_kernel("new", new_exports, no_modules)},
				   .successors = false};
	struct diff *diff;

	diffbuild_headers(input.kernels[DIFF_OLD], old);
	diffbuild_headers(input.kernels[DIFF_NEW], new_);
	assert_int_equal(diff_make(&input, &diff, NULL), 0);
	return diff;
}

static void release(struct diff *diff)
{
	struct ksa_kernel *kernels[DIFF_SIDES] = {diff->kernels[DIFF_OLD], diff->kernels[DIFF_NEW]};

	diff_free(diff);
	ksa_kernel_free(kernels[DIFF_OLD]);
	ksa_kernel_free(kernels[DIFF_NEW]);
}

static void expect_lost(const struct diff *diff, const char *name, enum lost_fate fate,
			const char *words)
{
	const uint32_t at = diff_find(diff, name);
	struct strbuf text = {0};

	assert_int_not_equal(at, NO_INDEX);
	assert_int_equal(diff->rows[at].severity, SEVERITY_REMOVED);
	assert_int_equal(diff->rows[at].lost, fate);
	diff_lost_text(&diff->rows[at], "", &text);
	assert_string_equal(strbuf_string(&text), words);
	strbuf_release(&text);
}

static void expect_counts(const struct diff *diff, size_t unknown, size_t behind, size_t gone)
{
	assert_int_equal(diff->counts.lost[LOST_UNKNOWN], unknown);
	assert_int_equal(diff->counts.lost[LOST_BEHIND_HEADERS], behind);
	assert_int_equal(diff->counts.lost[LOST_GONE], gone);
}

/* The remark about headers, "" if there is none. */
static const char *remark(const struct diff *diff)
{
	for (size_t i = 0; i < diff->gap_count; i++) {
		if (diff->gaps[i].axis != AXIS_REMOVED)
			continue;
		assert_true(diff->gaps[i].remark);
		return diff->gaps[i].text;
	}
	return "";
}

static void headers_of_both_tell(void **state)
{
	struct diff *diff = compare(old_bodies, new_bodies);

	(void)state;
	assert_true(diff_knows_lost(diff));
	expect_lost(diff, "kmalloc_trace", LOST_BEHIND_HEADERS, "behind kmalloc()");
	expect_lost(diff, "kmemdup", LOST_BEHIND_HEADERS, "defined by the headers");
	/* A helper that was, and is an export now; that it is GPL-only matters to who had plain. */
	expect_lost(diff, "__class_create", LOST_BEHIND_HEADERS,
		    "behind class_create(); links GPL-only exports: class_create");
	expect_lost(diff, "__class_register", LOST_BEHIND_HEADERS, "behind class_register()");
	expect_lost(diff, "follow_pfn", LOST_GONE, "gone from the API");
	/* The helper that named it went too. */
	expect_lost(diff, "strlcpy", LOST_GONE, "gone from the API");
	/* Headers are not about Rust; it is not counted either. */
	expect_lost(diff, "_RNvCsOld_4core3abc", LOST_UNKNOWN, "");
	expect_counts(diff, 0, 4, 2);
	assert_string_equal(remark(diff), "");
	release(diff);
}

/* The new headers alone show what they define themselves, and no more. */
static void headers_of_the_new_one_tell_a_part(void **state)
{
	struct diff *diff = compare(NULL, new_bodies);

	(void)state;
	assert_false(diff_knows_lost(diff));
	expect_lost(diff, "kmemdup", LOST_BEHIND_HEADERS, "defined by the headers");
	expect_lost(diff, "kmalloc_trace", LOST_UNKNOWN, "");
	expect_lost(diff, "follow_pfn", LOST_UNKNOWN, "");
	expect_counts(diff, 5, 1, 0);
	assert_string_equal(remark(diff), "not known of 5 symbols whether headers stand before "
					  "them: no headers of old are at hand");
	release(diff);
}

static void nothing_is_guessed_without_headers(void **state)
{
	struct diff *diff = compare(old_bodies, NULL);

	(void)state;
	expect_counts(diff, 6, 0, 0);
	assert_string_equal(remark(diff), "not known of 6 symbols whether headers stand before "
					  "them: no headers of new are at hand");
	release(diff);
	diff = compare(NULL, NULL);
	expect_counts(diff, 6, 0, 0);
	assert_string_equal(remark(diff), "not known of 6 symbols whether headers stand before "
					  "them: no headers of either kernel are at hand");
	release(diff);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(headers_of_both_tell),
		cmocka_unit_test(headers_of_the_new_one_tell_a_part),
		cmocka_unit_test(nothing_is_guessed_without_headers),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
