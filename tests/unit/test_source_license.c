// SPDX-License-Identifier: GPL-2.0-or-later
#include "audit/source_license.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* SPDX 2.3, Annex D: AND binds tighter than OR; operators in any case, as Annex D.2 allows. */
static void test_expressions(void **state)
{
	static const struct {
		const char *expression;
		bool gpl2, never;
	} cases[] = {
		{"GPL-2.0-only", true, false},
		{"GPL-2.0", true, false},
		{"GPL-2.0+", true, false},
		{"GPL-2.0-or-later WITH Linux-syscall-note", true, false},
		{"((GPL-2.0 WITH Linux-syscall-note))", true, false},
		{"MIT", false, false},
		{"GPL-2.0 OR MIT", false, false},
		{"GPL-2.0 AND MIT", true, false},
		{"GPL-2.0-only OR GPL-2.0-or-later", true, false},
		{"Apache-2.0", false, true},
		{"Apache-2.0 OR CDDL-1.0", false, true},
		{"Apache-2.0 WITH LLVM-exception", false, false},
		{"Apache-2.0 WITH LLVM-exception AND CDDL-1.0", false, true},
		{"Apache-2.0 or MIT", false, false},
		{"Apache-2.0 AND MIT", false, true},
		{"MIT AND (Apache-2.0 OR GPL-2.0)", false, false},
		{"MIT OR Apache-2.0 AND GPL-2.0", false, false},
		{"(MIT OR Apache-2.0) AND GPL-3.0-only", false, true},
		{"LicenseRef-Acme", false, false},
		/* no expressions: nothing is certain */
		{"", false, false},
		{"GPL-2.0 (see COPYING)", false, false},
		{"GPL-2.0 or later", false, false},
		{"(GPL-2.0", false, false},
		{"GPL-2.0)", false, false},
		{"GPL-2.0 AND", false, false},
		{"OR", false, false},
		{"Apache-2.0 ORACLE", false, false},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		if (source_license_is(cases[i].expression, GPL2_YES) != cases[i].gpl2 ||
		    source_license_is(cases[i].expression, GPL2_NEVER) != cases[i].never)
			fail_msg("'%s' is misread", cases[i].expression);
	}
}

static void test_deep(void **state)
{
	char *deep = malloc(200001);

	(void)state;
	assert_non_null(deep);
	memset(deep, '(', 200000);
	deep[200000] = '\0';
	assert_false(source_license_is(deep, GPL2_YES));
	free(deep);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_expressions),
		cmocka_unit_test(test_deep),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
