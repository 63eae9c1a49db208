// SPDX-License-Identifier: GPL-2.0-or-later
/* Lists of helpers: what may stand in them, where what is wrong is, and the shipped one. */
#include "read/rules/call_helpers.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include <string.h>

#include "model/shipped.h"

#define COUNT(a) (sizeof(a) / sizeof(*(a)))

static int read_text(const char *text, struct arena *arena, struct call_helpers **out,
		     size_t *count, struct ksa_error *err)
{
	return call_helpers_read_text("call-helpers.yaml", (const unsigned char *)text,
				      strlen(text), arena, out, count, err);
}

static void test_good(void **state)
{
	static const char text[] = "schema: 1\n"
				   "helpers:\n"
				   "  - group: locks\n"
				   "    title: what locks\n"
				   "    members: [mutex_lock, \"spin_*\"]\n"
				   "  - {group: b-2, title: more, members: [x]}\n";
	struct arena arena = {NULL, 0};
	struct call_helpers *groups;
	size_t count;

	(void)state;
	assert_int_equal(read_text(text, &arena, &groups, &count, NULL), 0);
	assert_int_equal(count, 2);
	assert_string_equal(groups[0].group, "locks");
	assert_string_equal(groups[0].title, "what locks");
	assert_string_equal(groups[0].members[1], "spin_*");
	assert_null(groups[0].members[2]);
	assert_string_equal(groups[1].group, "b-2");
	arena_release(&arena);
}

static void test_bad(void **state)
{
	static const struct {
		const char *text;
		unsigned int line, column;
		const char *said;
	} cases[] = {
		{"schema: 2\nhelpers: [{group: a, title: b, members: [c]}]\n", 1, 9, "schema '2'"},
		{"schema: 1\nhelpers: [a]\n", 2, 11, "expected a mapping"},
		{"schema: 1\nhelpers:\n  - {group: A, title: b, members: [c]}\n", 3, 13,
		 "group 'A'"},
		{"schema: 1\nhelpers:\n  - {group: a, title: b., members: [c]}\n", 3, 23,
		 "full stop"},
		{"schema: 1\nhelpers:\n  - {group: a, title: b, members: [\"c d\"]}\n", 3, 36,
		 "member 'c d'"},
		{"schema: 1\nhelpers:\n  - {group: a, title: b, members: [c, c]}\n", 3, 39,
		 "twice"},
		{"schema: 1\nhelpers:\n  - {group: a, title: b, members: [c]}\n"
		 "  - {group: a, title: b, members: [c]}\n",
		 4, 5, "again"},
		{"schema: 1\nhelpers:\n  - {group: a, members: [c]}\n", 3, 29, "title"},
		{"schema: 1\nhelpers:\n  - {group: a, title: b, members: [c], why: d}\n", 3, 40,
		 "why"},
		{"schema: 1\n", 2, 1, "helpers"},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct arena arena = {NULL, 0};
		struct ksa_error err = {0};
		struct call_helpers *groups;
		size_t count;

		assert_int_equal(read_text(cases[i].text, &arena, &groups, &count, &err),
				 KSA_EFORMAT);
		if (err.line != cases[i].line || err.column != cases[i].column ||
		    !strstr(err.text, cases[i].said))
			fail_msg("case %zu: %u:%u: %s", i, err.line, err.column, err.text);
		arena_release(&arena);
	}
}

/* The shipped groups hold what every function calls, and nothing that functions are about. */
static void test_shipped(void **state)
{
	static const char *const helpers[] = {
		"_raw_spin_lock_irqsave", "__rcu_read_lock", "__stack_chk_fail",
		"__asan_load8_noabort",	  "_printk",	     "__fentry__",
		"__SCT__might_resched",	  "__get_user_4"};
	static const char *const others[] = {"follow_pte", "kfree", "synchronize_rcu", "call_rcu",
					     "queue_work_on"};

	(void)state;
	for (size_t i = 0; i < COUNT(helpers); i++)
		if (!rules_helper(&rules_shipped, helpers[i]))
			fail_msg("%s is no helper", helpers[i]);
	for (size_t i = 0; i < COUNT(others); i++)
		if (rules_helper(&rules_shipped, others[i]))
			fail_msg("%s is a helper", others[i]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_good),
		cmocka_unit_test(test_bad),
		cmocka_unit_test(test_shipped),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
