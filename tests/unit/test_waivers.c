// SPDX-License-Identifier: GPL-2.0-or-later
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "model/shipped.h"
#include "read/rules/waivers.h"

#define HEAD "schema: 1\nwaivers:\n"

static int read_string(const char *text, struct ksa_waivers *out, struct ksa_error *err)
{
	return waivers_read_text("w.yaml", (const unsigned char *)text, strlen(text),
				 &rules_shipped, out, err);
}

static void days(void **state)
{
	static const char *const good[] = {"2026-12-31", "2024-02-29", "2000-02-29", "0000-01-01"};
	static const char *const bad[] = {"",		"2026-12-3",  "2026-12-311", "2026/12/31",
					  "2026-13-01", "2026-00-10", "2026-01-00",  "2026-04-31",
					  "2023-02-29", "2100-02-29", "2026-1a-01",  "20261-2-31",
					  "-026-12-31", " 026-12-31"};

	(void)state;
	for (size_t i = 0; i < sizeof(good) / sizeof(*good); i++)
		assert_true(waiver_day_is_valid(good[i]));
	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++)
		assert_false(waiver_day_is_valid(bad[i]));
}

static void found(void **state)
{
	struct ksa_waivers waivers = {.items = NULL};
	struct ksa_error err = {0};
	const struct waiver *expired;
	bool used[4] = {false};
	const struct waiver_subject a = {"KSA001", "m", "a"}, b = {"KSA001", "m", "b"};
	const struct waiver_subject module = {"KSA012", "m", NULL}, other = {"KSA001", "n", "a"};

	(void)state;
	assert_int_equal(
		read_string(HEAD
			    "  - {rule: KSA001, module: m, symbol: a, reason: r, expires: "
			    "2025-01-31, by: x}\n"
			    "  - {rule: shim, module: '*', reason: r, expires: 2025-01-31, by: x}\n"
			    "  - rule: ksa012\n    module: 'm*'\n    reason: >\n      two\n      "
			    "lines\n"
			    "    expires: 2025-01-31\n    by: x\n"
			    "  - {rule: KSA001, module: m, symbol: '[ab]', reason: r, expires: "
			    "2025-02-28, by: x}\n",
			    &waivers, &err),
		0);
	assert_int_equal(waivers.count, 4);
	assert_string_equal(waivers.items[1].rule, "KSA008");
	assert_string_equal(waivers.items[2].rule, "KSA012");
	assert_string_equal(waivers.items[2].reason, "two lines");
	assert_string_equal(waivers.items[2].symbol, "*");
	assert_int_equal(waivers.items[2].line, 5);
	assert_string_equal(waivers.items[2].file, "w.yaml");
	/* The last day counts; the first that holds is the one. */
	assert_ptr_equal(waivers_find(&waivers, &a, "2025-01-31", used, &expired),
			 &waivers.items[0]);
	assert_null(expired);
	assert_true(used[0] && !used[1] && !used[2] && used[3]);
	assert_ptr_equal(waivers_find(&waivers, &a, "2025-02-01", NULL, &expired),
			 &waivers.items[3]);
	assert_null(expired);
	assert_null(waivers_find(&waivers, &a, "2025-03-01", NULL, &expired));
	assert_ptr_equal(expired, &waivers.items[0]);
	assert_ptr_equal(waivers_find(&waivers, &b, "2025-01-01", NULL, NULL), &waivers.items[3]);
	assert_ptr_equal(waivers_find(&waivers, &module, "2025-01-01", NULL, NULL),
			 &waivers.items[2]);
	assert_null(waivers_find(&waivers, &other, "2025-01-01", NULL, &expired));
	assert_null(expired);
	assert_null(waivers_find(NULL, &a, "2025-01-01", NULL, NULL));
	arena_release(&waivers.arena);
}

/* A pattern for symbols is none for findings that have no symbol. */
static void without_symbol(void **state)
{
	struct ksa_waivers waivers = {.items = NULL};
	const struct waiver_subject module = {"KSA012", "m", NULL};

	(void)state;
	assert_int_equal(read_string(HEAD "  - {rule: KSA012, module: m, symbol: '?*', reason: r, "
					  "expires: 2025-01-31, by: x}\n",
				     &waivers, NULL),
			 0);
	assert_null(waivers_find(&waivers, &module, "2025-01-01", NULL, NULL));
	arena_release(&waivers.arena);
}

static void many(void **state)
{
	struct ksa_waivers waivers = {.items = NULL};
	struct ksa_error err = {0};
	static char text[WAIVERS_FILE_LIMIT + 2];
	size_t length = 0;

	(void)state;
	length += (size_t)sprintf(text, HEAD);
	for (int i = 0; i < 2000; i++)
		length += (size_t)sprintf(
			text + length,
			"- {rule: KSA001, module: m%d, reason: r, expires: 2025-01-31, by: x}\n",
			i);
	assert_int_equal(read_string(text, &waivers, &err), 0);
	assert_int_equal(waivers.count, 2000);
	arena_release(&waivers.arena);
	memset(text, '#', sizeof(text) - 1);
	waivers = (struct ksa_waivers){.items = NULL};
	assert_int_equal(read_string(text, &waivers, &err), KSA_ELIMIT);
	arena_release(&waivers.arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(days),
		cmocka_unit_test(found),
		cmocka_unit_test(without_symbol),
		cmocka_unit_test(many),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
