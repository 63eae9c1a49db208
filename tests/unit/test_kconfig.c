// SPDX-License-Identifier: GPL-2.0-or-later
#include "audit/review/kconfig_internal.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/strbuf.h"

static void parse(struct kconfig_file *file, const char *text)
{
	assert_int_equal(kconfig_parse(file, text, strlen(text)), 0);
}

static void release(struct kconfig_file *file)
{
	free(file->defs.items);
	free(file->sources.items);
	arena_release(&file->arena);
}

/* A line without end, of many that are joined: what is beyond the buffer is left out. */
static void test_long_lines(void **state)
{
	struct kconfig_file file = {0};
	struct strbuf text = {0};

	(void)state;
	strbuf_adds(&text, "config A\n\tdepends on B || ");
	for (size_t i = 0; i < 4096; i++)
		strbuf_adds(&text, "x");
	for (size_t i = 0; i < 4096; i++)
		strbuf_adds(&text, "\\\n");
	strbuf_adds(&text, "\nconfig C\n");
	parse(&file, strbuf_string(&text));
	assert_int_equal(file.defs.count, 2);
	assert_string_equal(file.defs.items[0].name, "A");
	assert_string_equal(file.defs.items[1].name, "C");
	strbuf_release(&text);
	release(&file);
}

static void test_joined_lines(void **state)
{
	struct kconfig_file file = {0};

	(void)state;
	parse(&file, " \t \\\n  config A # of a kind\n\tdepends on B && \\\n\t\tC\n");
	assert_int_equal(file.defs.count, 1);
	assert_string_equal(file.defs.items[0].name, "A");
	assert_non_null(file.defs.items[0].conditions);
	assert_string_equal(file.defs.items[0].conditions->text, "B &&  \t\tC");
	release(&file);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_long_lines),
		cmocka_unit_test(test_joined_lines),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
