// SPDX-License-Identifier: GPL-2.0-or-later
/* Pages of HTML as text, and what git writes for a terminal as what it writes for a file. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/strbuf.h"
#include "read/patch/html.h"
#include "read/patch/patch.h"
#include "read/patch/terminal.h"

static void decode(struct arena *arena, const char *page, size_t size, struct html_text *out)
{
	struct ksa_error err = {0};

	if (html_decode(arena, page, size, out, &err))
		fail_msg("%s", err.text);
}

/* Any text, escaped and put in <pre>, is what comes out again, line by line. */
static void escaped(void **state)
{
	static const char *const paths[] = {
		"testdata/patches/shapes.patch", "testdata/patches/series.mbox",
		"testdata/patches/reply-quoted-flowed.eml", "src/read/patch/html.c"};

	(void)state;
	for (size_t i = 0; i < sizeof(paths) / sizeof(*paths); i++) {
		struct strbuf text = {NULL, 0, 0, false}, page = {NULL, 0, 0, false};
		struct arena arena = {NULL, 0};
		struct html_text out;
		FILE *f = fopen(paths[i], "r");
		uint32_t line = 1;
		int c;

		assert_non_null(f);
		strbuf_adds(&page, "<!DOCTYPE html>\n<html><body><pre>");
		while ((c = getc(f)) != EOF) {
			strbuf_addc(&text, (char)c);
			if (strchr("<>&\"", c) && c)
				strbuf_printf(&page, "&#%s%x;", "x", c);
			else
				strbuf_addc(&page, (char)c);
		}
		fclose(f);
		strbuf_adds(&page, "</pre></body></html>");
		assert_true(html_is_page(page.data, page.length));
		assert_false(html_is_page(text.data, text.length));
		decode(&arena, page.data, page.length, &out);
		assert_int_equal(out.size, text.length);
		assert_memory_equal(out.text, text.data, text.length);
		for (size_t n = 0; n + 1 < out.line_count; n++)
			assert_int_equal(out.at[n], ++line);
		arena_release(&arena);
		strbuf_release(&text);
		strbuf_release(&page);
	}
}

static void pages(void **state)
{
	static const struct {
		const char *page, *text;
	} cases[] = {
		{"<p>a<p>b</p>c<br><br>d", "a\nb\nc\n\nd"},
		{"<table><tr><td>From:</td>\n<td>A &lt;a&gt;</td></tr><tr><td>x</table>",
		 "From:  A <a>\nx\n"},
		{"a\n  b<br>\n  c", "a   b\n  c"},
		{"<pre>\n  a\n\tb</pre>", "  a\n\tb\n"},
		{"<script>if (a<b) x();</script>y<style>z</style>", "y"},
		{"<!-- <p>no --><b>yes</b>", "yes"},
		{"a < b, a <3, <a@x.org>, a &b; &amp;lt; &#0; &#x110000; &nosuch;",
		 "a < b, a <3, , a &b; &lt; &#0; &#x110000; &nosuch;"},
		{"&#228;&auml;&nbsp;&#xa0;&#x20ac;&#x1f600;", "ää  €\xf0\x9f\x98\x80"},
		{"<blockquote>a<blockquote>b</blockquote></blockquote>c", "> a\n> > b\nc"},
		{"</blockquote></pre>a<", "a<"},
		{"<script>never closed", "never closed"},
		{"<!-- never closed <b>a</b>", "<!-- never closed a"},
		{"a<b", "a<b"},
		{"", ""},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct arena arena = {NULL, 0};
		struct html_text out;

		decode(&arena, cases[i].page, strlen(cases[i].page), &out);
		assert_string_equal(out.text, cases[i].text);
		arena_release(&arena);
	}
}

/* What is opened and never closed is looked for once: a megabyte of it takes no time. */
static void floods(void **state)
{
	static const char *const pieces[] = {
		"<",	 "<!--", "<script>",	 "</",	    "<a \"", "&",	  "&#x41;",
		"<pre>", "<br>", "<blockquote>", "\033[1m", "|",     "* commit ", "> "};
	clock_t start = clock();

	(void)state;
	for (size_t i = 0; i < sizeof(pieces) / sizeof(*pieces); i++) {
		struct strbuf page = {NULL, 0, 0, false};
		struct patch_set set = {0};
		struct ksa_error err = {0};
		int r;

		strbuf_adds(&page, "<html>");
		while (page.length < 1024 * 1024)
			strbuf_adds(&page, pieces[i]);
		r = patches_read_text(&set, "page", (const unsigned char *)page.data, page.length,
				      &err);
		assert_true(r == 0 || r == KSA_ELIMIT);
		patch_set_release(&set);
		strbuf_release(&page);
	}
	assert_true((clock() - start) / CLOCKS_PER_SEC < 60);
}

static void terminal(void **state)
{
	static const struct {
		const char *text, *plain; /* NULL: nothing to take off */
	} cases[] = {
		{"\033[1mdiff --git a/x b/x\033[m\n\033[32m+\033[m\033[32mnew\033[m\n \033[Kx\n",
		 "diff --git a/x b/x\n+new\n x\n"},
		/* A patch about sequences. */
		{"diff --git a/x b/x\n+\033[31mred\033[m\n", NULL},
		{"| * not a commit\n", NULL},
		{"* commit 1234567\n", NULL},
		{"* commit 0123456789012345678901234567890123456789\n| Author: a\n| \n|     t\n|\n"
		 "| -x\n| +y\n|  z\n|/\n* commit 1123456789012345678901234567890123456789 (HEAD)\n"
		 "  Author: b\n",
		 "commit 0123456789012345678901234567890123456789\nAuthor: a\n\n    t\n\n"
		 "-x\n+y\n z\n\ncommit 1123456789012345678901234567890123456789 (HEAD)\n"
		 "Author: b\n"},
		{"", NULL},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct strbuf out = {NULL, 0, 0, false};
		bool any = terminal_clean(cases[i].text, strlen(cases[i].text), &out);

		assert_int_equal(any, cases[i].plain != NULL);
		if (any)
			assert_string_equal(strbuf_string(&out), cases[i].plain);
		strbuf_release(&out);
	}
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(escaped),
		cmocka_unit_test(pages),
		cmocka_unit_test(floods),
		cmocka_unit_test(terminal),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
