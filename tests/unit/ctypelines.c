// SPDX-License-Identifier: GPL-2.0-or-later
#include "unit/ctypelines.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/cleanup.h"
#include "base/strbuf.h"

static int add_line(void *ctx, const char *line)
{
	strbuf_adds(ctx, line);
	strbuf_adds(ctx, "\n");
	return 0;
}

void ctypelines_expect(const struct ctypes *types, const char *expected)
{
	_cleanup_(strbuf_release) struct strbuf text = {NULL, 0, 0, false};

	assert_int_equal(ctypes_each_line(types, add_line, &text, NULL), 0);
	assert_string_equal(strbuf_string(&text), expected);
}
