// SPDX-License-Identifier: GPL-2.0-or-later
/* The table of signs: what a row may say, where it is wrong, and that the shipped one holds up. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "read/rules/forecast.h"

#define COUNT(a)	(sizeof(a) / sizeof(*(a)))
#define HEAD		"schema: 1\nforecast:\n"
#define ROW(sign, more) HEAD "  - sign: " sign "\n" more "    from: \"6.1\"\n    to: \"6.12\"\n"

static int read_text(const char *text, struct arena *arena, struct forecast_row **rows,
		     size_t *count, struct ksa_error *err)
{
	*err = (struct ksa_error){.code = 0};
	return forecast_read_text("forecast.yaml", (const unsigned char *)text, strlen(text), arena,
				  rows, count, err);
}

static void a_row_is_read(void **state)
{
	struct arena arena = {.blocks = NULL};
	struct forecast_row *rows;
	struct ksa_error err;
	size_t count;

	(void)state;
	assert_int_equal(read_text(ROW("importers-drained",
				       "    since: \"5.10\"\n") "    n: 21\n    gone: 3\n",
				   &arena, &rows, &count, &err),
			 0);
	assert_int_equal(count, 1);
	assert_int_equal(rows[0].sign, FORECAST_DRAINED);
	assert_string_equal(rows[0].since, "5.10");
	assert_string_equal(rows[0].from, "6.1");
	assert_string_equal(rows[0].to, "6.12");
	assert_int_equal(rows[0].count, 21);
	assert_int_equal(rows[0].gone, 3);
	arena_release(&arena);
}

static void what_is_wrong_is_said(void **state)
{
	static const struct {
		const char *text, *says;
	} cases[] = {
		{ROW("drained", "") "    n: 1\n    gone: 0\n", "has the sign 'drained'"},
		{ROW("all", "") "    n: many\n    gone: 0\n", "has 'many', expected a number"},
		{ROW("all", "") "    n: 12345678\n    gone: 0\n", "expected a number"},
		{ROW("all", "") "    n: 1\n    gone: 2\n", "has 2 gone of 1"},
		{ROW("all", "    since: \"5.10\"\n") "    n: 1\n    gone: 0\n", "'since' is for"},
		{ROW("importers-drained", "") "    n: 1\n    gone: 0\n", "'since' is for"},
		{HEAD "  - sign: all\n    from: six\n    to: \"6.12\"\n    n: 1\n    gone: 0\n",
		 "expected a release"},
		{HEAD "  - all\n", "expected a mapping"},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct arena arena = {.blocks = NULL};
		struct forecast_row *rows;
		struct ksa_error err;
		size_t count;

		assert_int_equal(read_text(cases[i].text, &arena, &rows, &count, &err),
				 KSA_EFORMAT);
		if (!strstr(err.text, cases[i].says))
			fail_msg("'%s' does not say '%s'", err.text, cases[i].says);
		assert_true(err.line > 2);
		arena_release(&arena);
	}
}

static const struct forecast_row *shipped(enum forecast_sign sign, const char *to)
{
	for (size_t i = 0; i < forecast_builtin_count; i++)
		if (forecast_builtin[i].sign == sign && strcmp(forecast_builtin[i].to, to) == 0)
			return &forecast_builtin[i];
	fail_msg("no row of sign %d up to %s", (int)sign, to);
	return NULL;
}

/* A sign is one where it was learned, and where it was tried: at least twice as many went. */
static void the_shipped_signs_hold_up(void **state)
{
	static const char *const steps[] = {"6.12", "7.2"};

	(void)state;
	for (size_t i = 0; i < COUNT(steps); i++) {
		const struct forecast_row *all = shipped(FORECAST_ALL, steps[i]);

		for (int sign = FORECAST_ALL + 1; sign < FORECAST_SIGNS; sign++) {
			const struct forecast_row *row =
				shipped((enum forecast_sign)sign, steps[i]);

			assert_true((uint64_t)row->gone * all->count >=
				    2 * (uint64_t)all->gone * row->count);
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_row_is_read),
		cmocka_unit_test(what_is_wrong_is_said),
		cmocka_unit_test(the_shipped_signs_hold_up),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
