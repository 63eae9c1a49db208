// SPDX-License-Identifier: GPL-2.0-or-later
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "audit/explain.h"
#include "base/nearest.h"
#include "model/shipped.h"

static void distances(void **state)
{
	char longer[NEAREST_LENGTH + 2];

	(void)state;
	assert_int_equal(nearest_distance("", "", 3), 0);
	assert_int_equal(nearest_distance("abc", "abc", 3), 0);
	assert_int_equal(nearest_distance("abc", "ABC", 3), 0);
	assert_int_equal(nearest_distance("abc", "abd", 3), 1);
	assert_int_equal(nearest_distance("abc", "ab", 3), 1);
	assert_int_equal(nearest_distance("abc", "xabc", 3), 1);
	assert_int_equal(nearest_distance("abc", "acb", 3), 1); /* swapped */
	assert_int_equal(nearest_distance("kitten", "sitting", 3), 3);
	assert_int_equal(nearest_distance("kitten", "sitting", 2), 3); /* over the limit */
	assert_int_equal(nearest_distance("abc", "abcdefgh", 3), 4);
	assert_int_equal(nearest_distance("", "ab", 3), 2);
	memset(longer, 'a', sizeof(longer) - 1);
	longer[sizeof(longer) - 1] = '\0';
	assert_int_equal(nearest_distance(longer, longer, 3), 4);
}

static void closest_first(void **state)
{
	struct nearest nearest = {.name = "follow_pfn"};
	static const char *const names[] = {
		"follow_pte", "unrelated",   "follow_pfn", "follow_pfm",  "follow_pfn", "folow_pfn",
		"fallow_pfm", "follow_pfns", "follow_xyz", "follow_pfn_", "follow_pfm"};

	(void)state;
	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
		nearest_add(&nearest, names[i]);
	/* The best five, each once, not the name itself; of equals the first that came. */
	assert_int_equal(nearest.count, NEAREST_MAX);
	assert_string_equal(nearest.items[0].name, "follow_pfm");
	assert_string_equal(nearest.items[1].name, "folow_pfn");
	assert_string_equal(nearest.items[2].name, "follow_pfns");
	assert_string_equal(nearest.items[3].name, "follow_pfn_");
	assert_int_equal(nearest.items[4].distance, 2);
}

static void kinds(void **state)
{
	static const struct {
		const char *name;
		enum explain_kind kind;
	} cases[] = {
		{"KSA001", EXPLAIN_RULE},
		{"ksa001", EXPLAIN_RULE},
		{"shim", EXPLAIN_RULE},
		{"hmm", EXPLAIN_FAMILY},
		{"GPL", EXPLAIN_LICENSE},
		{"GPLv2", EXPLAIN_LICENSE},
		{"GPL-2.0-only", EXPLAIN_LICENSE},
		{"Dual MIT/GPL", EXPLAIN_LICENSE},
		{"Proprietary", EXPLAIN_LICENSE},
		{"proprietary", EXPLAIN_LICENSE},
		{"MIT", EXPLAIN_LICENSE},
		{"Apache-2.0", EXPLAIN_LICENSE},
		{"two words", EXPLAIN_LICENSE},
		{"follow_pfn", EXPLAIN_SYMBOL},
		{"mpls_something", EXPLAIN_SYMBOL},
		{"gpl_symbol", EXPLAIN_SYMBOL},
		{"printk", EXPLAIN_SYMBOL},
		{"", EXPLAIN_SYMBOL},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++)
		if (explain_kind_of(&rules_shipped, cases[i].name) != cases[i].kind)
			fail_msg("'%s' is taken as %s", cases[i].name,
				 explain_kind_name(explain_kind_of(&rules_shipped, cases[i].name)));
}

/* Without any kernel what is compiled in is known. */
static void without_kernels(void **state)
{
	struct explain_page page = {.name = "follow_pfn"};

	(void)state;
	assert_int_equal(explain_make(&page, &rules_shipped, NULL), 0);
	assert_int_equal(page.kind, EXPLAIN_SYMBOL);
	assert_int_equal(page.family_count, 1);
	assert_int_equal(page.step_count, 2);
	explain_release(&page);
	page.name = "follow_pfnmap_sart";
	assert_int_equal(explain_make(&page, &rules_shipped, NULL), 0);
	assert_int_equal(page.kind, EXPLAIN_UNKNOWN);
	assert_string_equal(page.nearest[0], "follow_pfnmap_start");
	explain_release(&page);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(distances),
		cmocka_unit_test(closest_first),
		cmocka_unit_test(kinds),
		cmocka_unit_test(without_kernels),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
