// SPDX-License-Identifier: GPL-2.0-or-later
#include "unit/sourcetext.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/strbuf.h"

static void describe(const struct source_scan *scan, struct strbuf *out)
{
	for (size_t i = 0; i < scan->export_count; i++) {
		const struct source_export *e = &scan->exports[i];

		strbuf_printf(out, "%s%s %s %s@%u %s%s%s", out->length ? "; " : "", e->name,
			      ksa_class_name(e->cls), e->ns ? e->ns : "-", (unsigned int)e->line,
			      e->default_ns ? "d" : "", e->pasted ? "p" : "",
			      e->kind == KSA_KIND_OBJECT ? "o" : "");
	}
	for (size_t i = 0; i < scan->gap_count; i++)
		strbuf_printf(out, "%s?%s@%u", out->length ? "; " : "", scan->gaps[i].macro,
			      (unsigned int)scan->gaps[i].line);
}

void scan_copy(struct source_scan *scan, const char *path, const char *text, size_t size)
{
	struct ksa_error err = {0};
	unsigned char *copy = malloc(size ? size : 1);
	int status;

	assert_non_null(copy);
	memcpy(copy, text, size);
	status = source_scan(scan, path, copy, size, &err);
	free(copy);
	assert_string_equal(err.text, "");
	assert_int_equal(status, 0);
}

void expect_in(const char *path, const char *text, const char *expected)
{
	struct source_scan scan = {.license = NULL};
	struct strbuf out = {0};

	scan_copy(&scan, path, text, strlen(text));
	describe(&scan, &out);
	assert_string_equal(strbuf_string(&out), expected);
	strbuf_release(&out);
	source_scan_release(&scan);
}
