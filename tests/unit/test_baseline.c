// SPDX-License-Identifier: GPL-2.0-or-later
/* Baselines as files, and what makes two findings the same one. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "model/finding.h"
#include "model/shipped.h"
#include "read/rules/baseline.h"

#define COUNT(a) (sizeof(a) / sizeof(*(a)))

/* Read text as a baseline. */
static int read_text(struct baseline *b, const char *text, size_t size, struct ksa_error *err)
{
	char path[] = "/tmp/test-baseline.XXXXXX";
	int fd = mkstemp(path), r;

	memset(b, 0, sizeof(*b));
	memset(err, 0, sizeof(*err));
	assert_true(fd >= 0);
	assert_int_equal(write(fd, text, size), (ssize_t)size);
	close(fd);
	r = baseline_read(b, path, err);
	unlink(path);
	return r;
}

static void entries(void **state)
{
	static const char text[] = BASELINE_HEAD "\r\n# why\n\nKSA001:m:a:6.1-x86_64\r\n"
						 "KSA001:m:a:6.1-x86_64\nKSA009:m::6.1-x86_64";
	struct ksa_error err;
	struct baseline b;
	uint32_t place;

	(void)state;
	assert_int_equal(read_text(&b, text, strlen(text), &err), 0);
	assert_int_equal(b.count, 2);
	assert_true(strmap_get(&b.entries, "KSA001:m:a:6.1-x86_64", &place));
	assert_int_equal(place, 0);
	assert_true(strmap_get(&b.entries, "KSA009:m::6.1-x86_64", NULL));
	assert_false(b.used[0] || b.used[1]);
	baseline_release(&b);
}

/* What is wrong is said with its line; nothing is passed over. */
static void no_baseline(void **state)
{
	static const struct {
		const char *text;
		size_t size;
		unsigned int line;
	} cases[] = {
		{"", 0, 1},
		{"\n", 1, 1},
		{"KSA001:m:a:6.1", 14, 1},
		{"# ksymaudit baseline 2\n", 23, 1},
		{BASELINE_HEAD "\nword\n", sizeof(BASELINE_HEAD) + 5, 2},
		{BASELINE_HEAD "\n:::\n", sizeof(BASELINE_HEAD) + 4, 2},
		{BASELINE_HEAD "\nK:\0::\n", sizeof(BASELINE_HEAD) + 6, 2},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct ksa_error err;
		struct baseline b;

		assert_int_equal(read_text(&b, cases[i].text, cases[i].size, &err), KSA_EFORMAT);
		assert_int_equal(err.line, cases[i].line);
		baseline_release(&b);
	}
}

static void add(struct ksa_report *r, const char *symbol, uint32_t kernel, uint32_t line)
{
	struct ksa_error err = {.code = 0};
	const struct ksa_finding finding = {.rule = rule_find("KSA001"),
					    .level = KSA_LEVEL_ERROR,
					    .kernel = kernel,
					    .module = NO_INDEX,
					    .symbol = symbol,
					    .path = "mm/a.c",
					    .line = line};

	assert_int_equal(report_add_finding(r, &finding, &err, "m"), 0);
}

/* The same in the next point release and on another line; another series is another finding. */
static void identities(void **state)
{
	struct ksa_kernel old = {.label = "a", .release = "6.1.0-50-amd64", .arch = "x86_64"};
	struct ksa_kernel new_ = {.label = "b", .release = "6.1.0-56-amd64", .arch = "x86_64"};
	struct ksa_kernel next = {.label = "c", .release = "6.12.1", .arch = "x86_64"};
	struct ksa_kernel none = {.label = "d", .release = "", .arch = ""};
	const struct ksa_kernel *kernels[] = {&old, &new_, &next, &none};
	struct ksa_report r = {.kernels = kernels, .kernel_count = 4};
	struct ksa_error err = {.code = 0};
	static const char *const expected[] = {
		"KSA001:mm/a.c:s:6.1-x86_64",
		"KSA001:mm/a.c:s:6.12-x86_64",
		"KSA001:mm/a.c:s:d",
		"KSA001:mm/a.c:",
		/* Two in one run are told apart by their order. */
		"KSA001:mm/a.c:s:6.1-x86_64:2",
		"KSA001:mm/a.c:s:6.1-x86_64:3",
	};

	(void)state;
	add(&r, "s", 0, 1);
	add(&r, "s", 2, 1);
	add(&r, "s", 3, 1);
	add(&r, NULL, NO_INDEX, 7);
	add(&r, "s", 1, 9);
	add(&r, "s", 1, 10);
	assert_int_equal(report_identify(&r, &err), 0);
	for (size_t i = 0; i < r.finding_count; i++)
		assert_string_equal(r.findings[i].identity, expected[i]);
	report_count(&r);
	assert_int_equal(r.levels[KSA_LEVEL_ERROR], 6);
	report_release(&r);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(entries),
		cmocka_unit_test(no_baseline),
		cmocka_unit_test(identities),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
