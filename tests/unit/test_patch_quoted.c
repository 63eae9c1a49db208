// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Patches as replies quote them and archives keep them: what was done to their lines is made here,
 * to patches as they were sent, whose own reading is what must come out.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/strbuf.h"
#include "read/patch/patch.h"

#define DIR "testdata/patches/"

static const char *const sent[] = {DIR "hmm-devmem-4.14.eml", DIR "devm-memremap-pages.patch",
				   DIR "follow-pfn.patch", DIR "io-pgtable-init-fns.patch"};

static void read_ok(struct patch_set *set, const char *path)
{
	struct ksa_error err = {0};

	if (patches_read(set, path, &err))
		fail_msg("%s:%u: %s", err.source, err.line, err.text);
}

static void read_text(struct patch_set *set, const char *text, size_t size)
{
	struct ksa_error err = {0};

	if (patches_read_text(set, "text", (const unsigned char *)text, size, &err))
		fail_msg("%u: %s\n%s", err.line, err.text, text);
}

/* Changed lines with their numbers in the file, without the blanks that archives drop. */
static void print_changes(const struct patch *patch, struct strbuf *out)
{
	strbuf_reset(out);
	for (size_t f = 0; f < patch->file_count; f++) {
		for (size_t h = 0; h < patch->files[f].hunk_count; h++) {
			const struct patch_hunk *hunk = &patch->files[f].hunks[h];
			uint32_t at[PATCH_SIDES] = {hunk->start[PATCH_OLD], hunk->start[PATCH_NEW]};

			for (size_t i = 0; i < hunk->line_count; i++) {
				const struct patch_line *line = &hunk->lines[i];

				if (line->sign != ' ')
					strbuf_printf(out, "%s:%u %c%.*s\n",
						      patch->files[f].path[line->sign == '+'],
						      at[line->sign == '+'], line->sign,
						      (int)line->length, line->text);
				at[PATCH_OLD] += line->sign != '+';
				at[PATCH_NEW] += line->sign != '-';
			}
		}
	}
}

enum damage { DAMAGE_NONE, DAMAGE_STRIP, DAMAGE_HARD_BLANK, DAMAGE_NO_QUOTE_BLANK, DAMAGE_EMPTY };

/* One line of a patch, quoted by a mailer or an archive that does such a thing. */
static void quote_line(struct strbuf *out, const char *line, size_t length, enum damage damage)
{
	bool context = length && line[0] == ' ';
	size_t skip = 0;

	if (damage == DAMAGE_STRIP)
		while (skip < length && (line[skip] == ' ' || line[skip] == '\t'))
			skip++;
	/* An empty line of context that comes first is lost. */
	if (damage == DAMAGE_EMPTY && length == 1 && context && out->length > 60 &&
	    memmem(out->data + out->length - 60, 60, "@@ ", 3))
		return;
	strbuf_adds(out, damage == DAMAGE_NO_QUOTE_BLANK || length == skip ? ">" : "> ");
	if (damage == DAMAGE_HARD_BLANK && context) {
		strbuf_adds(out, "\xc2\xa0");
		skip = 1;
	}
	strbuf_add(out, line + skip, length - skip);
	strbuf_addc(out, '\n');
}

/* A reply to what was sent: all of its diff, quoted. */
static void make_reply(const char *path, enum damage damage, struct strbuf *out)
{
	FILE *f = fopen(path, "r");
	char *line = NULL;
	size_t room = 0;
	ssize_t length;
	bool diff = false;

	assert_non_null(f);
	strbuf_reset(out);
	strbuf_adds(out,
		    "From: A Reviewer <r@example.org>\nSubject: Re: a patch\n\nSomeone wrote:\n");
	while ((length = getline(&line, &room, f)) >= 0) {
		if (length && line[length - 1] == '\n')
			length--;
		diff = diff || strncmp(line, "diff --git", 10) == 0;
		if (length == 3 && strncmp(line, "-- ", 3) == 0)
			break;
		if (diff)
			quote_line(out, line, (size_t)length, damage);
	}
	strbuf_adds(out, "\nNo objections.\n");
	free(line);
	fclose(f);
}

static void damaged_replies(void **state)
{
	struct strbuf text = {NULL, 0, 0, false}, want = {NULL, 0, 0, false},
		      is = {NULL, 0, 0, false};

	(void)state;
	for (size_t i = 0; i < sizeof(sent) / sizeof(*sent); i++) {
		for (enum damage damage = DAMAGE_NONE; damage <= DAMAGE_EMPTY; damage++) {
			struct patch_set original = {0}, reply = {0};

			read_ok(&original, sent[i]);
			print_changes(&original.patches[0], &want);
			make_reply(sent[i], damage, &text);
			read_text(&reply, strbuf_string(&text), text.length);
			assert_int_equal(reply.count, 1);
			assert_true(reply.patches[0].quoted);
			print_changes(&reply.patches[0], &is);
			assert_string_equal(strbuf_string(&is), strbuf_string(&want));
			assert_int_equal(reply.notice_count, 0);
			patch_set_release(&original);
			patch_set_release(&reply);
		}
	}
	strbuf_release(&text);
	strbuf_release(&want);
	strbuf_release(&is);
}

/* What a hunk of one file reads as, with the counts of its header. */
static const struct {
	const char *header, *lines;
	const char *changes; /* as print_changes() has it, without the path */
	size_t notices;
} hunks[] = {
	/* A list in a comment that lost its blanks: by the counts one "-" is context. */
	{"-10,4 +10,4", "/*\n- one\n- EXPORT_SYMBOL(a);\n+ EXPORT_SYMBOL_GPL(a);\nint b;\n",
	 "12 - EXPORT_SYMBOL(a);\n12 + EXPORT_SYMBOL_GPL(a);\n", 0},
	{"-10,4 +10,4", "/*\n- one\n-EXPORT_SYMBOL(a);\n+EXPORT_SYMBOL_GPL(a);\nint b;\n",
	 "12 -EXPORT_SYMBOL(a);\n12 +EXPORT_SYMBOL_GPL(a);\n", 0},
	/* Two such lines, of which one goes: which, is not known. */
	{"-10,4 +10,3", "/*\n- one\n- two\nint b;\n", "12 - two\n", 1},
	/* The header was wrapped, and blanks stripped. */
	{"-10,3 +10,4", "wrapped(int x)\n{\n}\n+EXPORT_SYMBOL(a);\nint b;\n",
	 "12 +EXPORT_SYMBOL(a);\n", 1},
	/* A line was wrapped: its rest is no context, by the counts. */
	{"-10,2 +10,3", " {\n+EXPORT_SYMBOL_NS(a,\nNS);\n }\n", "11 +EXPORT_SYMBOL_NS(a, NS);\n",
	 0},
	/* The rest of the hunk was left out. An export without a sign is context all the same. */
	{"-10,9 +10,9", " }\n-EXPORT_SYMBOL(a);\n+EXPORT_SYMBOL_GPL(a);\nEXPORT_SYMBOL(b);\n",
	 "13 -EXPORT_SYMBOL(a);\n13 +EXPORT_SYMBOL_GPL(a);\n", 1},
	/* An empty line of context is on the line of the export. */
	{"-10,4 +10,5", " }\n   +EXPORT_SYMBOL(a);\n int b;\n int c;\n", "12 +EXPORT_SYMBOL(a);\n",
	 0},
	/* Or on that of another one. */
	{"-10,3 +10,5", " }\n   +int a(void);\n+EXPORT_SYMBOL(a);\n int c;\n",
	 "12 +int a(void);\n13 +EXPORT_SYMBOL(a);\n", 0},
	/* Nothing of a new file is context. */
	{"-0,0 +1,3", "+int a(void\n*x);\n+EXPORT_SYMBOL(a);\n+int b;\n",
	 "1 +int a(void *x);\n2 +EXPORT_SYMBOL(a);\n3 +int b;\n", 0},
	/* A mailer that put the next line, an empty one, behind the rest of a wrapped one. */
	{"-0,0 +1,4", "+int a(void\n*x); +\n+EXPORT_SYMBOL(a);\n+int b;\n",
	 "1 +int a(void *x);\n2 +\n3 +EXPORT_SYMBOL(a);\n4 +int b;\n", 0},
	{"-0,0 +1,3", "+bool a; /* for\nall */ +EXPORT_SYMBOL(a);\n+int b;\n",
	 "1 +bool a; /* for all */\n2 +EXPORT_SYMBOL(a);\n3 +int b;\n", 0},
};

static void readings(void **state)
{
	struct strbuf text = {NULL, 0, 0, false}, is = {NULL, 0, 0, false},
		      want = {NULL, 0, 0, false};

	(void)state;
	for (size_t i = 0; i < sizeof(hunks) / sizeof(*hunks); i++) {
		struct patch_set set = {0};
		char *lines = strdup(hunks[i].lines), *rest = lines, *line;

		assert_non_null(lines);
		strbuf_reset(&text);
		strbuf_printf(&text,
			      "> --- a/x.c\n> +++ b/x.c\n"
			      "> @@ %s @@ static int f(struct device *dev, const\n",
			      hunks[i].header);
		while ((line = strsep(&rest, "\n")) && *line)
			strbuf_printf(&text, "> %s\n", line);
		read_text(&set, strbuf_string(&text), text.length);
		assert_int_equal(set.count, 1);
		print_changes(&set.patches[0], &is);
		strbuf_reset(&want);
		free(lines);
		lines = strdup(hunks[i].changes);
		assert_non_null(lines);
		for (rest = lines; (line = strsep(&rest, "\n")) && *line;)
			strbuf_printf(&want, "x.c:%s\n", line);
		assert_string_equal(strbuf_string(&is), strbuf_string(&want));
		if (set.notice_count != hunks[i].notices)
			fail_msg("%zu: %zu notices, %s", i, set.notice_count,
				 set.notice_count ? set.notices[0] : "");
		free(lines);
		patch_set_release(&set);
	}
	strbuf_release(&text);
	strbuf_release(&is);
	strbuf_release(&want);
}

/* Title, sender and date of a text in which a quoted patch has a message and headers of its own. */
static void heads(void **state)
{
#define QUOTED "> First sentence.\n>\n> --- a/x.c\n> +++ b/x.c\n> @@ -1 +1 @@\n> -a\n> +b\n"
	static const struct {
		const char *text, *title, *author;
		int64_t date; /* date -d ... +%s */
	} texts[] = {
		{"Subject: =?utf-8?q?Re=3A_=5BPATCH=5D_lib=3A_f=C3=BCr?=\n alle\nFrom: A <a@x>\n"
		 "Date: Thu, 22 Nov 2018 08:30:19 -0500\n\nB wrote:\n" QUOTED,
		 "lib: für alle", "A", 1542893419},
		/* What is quoted has headers, as of a mail that was forwarded. */
		{"From: A <a@x>\nSubject: Re: one\nDate: Thu, 22 Nov 2018 08:30:19 -0500\n\n"
		 "> From: B <b@x>\n> Subject: two\n> Date: Fri, 23 Nov 2018 08:30:19 "
		 "-0500\n>\n" QUOTED,
		 "one", "A", 1542893419},
		/* As an archive prints it: a title, then who and when. */
		{"Re: [PATCH] one\n\nFrom: A\nDate: Thu Nov 22 2018 - 08:30:19 EST\n\nB "
		 "wrote:\n" QUOTED,
		 "one", "A", 1542893419},
		/* With a menu, and a subject of its own. */
		{"Re: [PATCH] one -- list archive\n[Prev][Next]\n\nList:       list\n"
		 "Subject:    Re: [PATCH] two\n   lines\nFrom:       A <a () x ! y>\n"
		 "Date:       2018-11-22 13:30:19\nMessage-ID: <z>\n\n" QUOTED,
		 "two lines", "A", 1542893419},
		/* Who wrote the patch is not who quotes it. */
		{"> From: B <b@x>\n> Subject: [PATCH] two\n>\n" QUOTED, "two", NULL, 0},
		/* A sentence is no title. */
		{"B wrote:\n" QUOTED, NULL, NULL, 0},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++) {
		struct patch_set set = {0};
		const struct patch *p;

		read_text(&set, texts[i].text, strlen(texts[i].text));
		assert_int_equal(set.count, 1);
		p = set.patches;
		assert_true(p->quoted);
		if (texts[i].title)
			assert_string_equal(p->title, texts[i].title);
		else
			assert_null(p->title);
		if (texts[i].author)
			assert_string_equal(p->author, texts[i].author);
		else
			assert_null(p->author);
		assert_int_equal(p->has_date, texts[i].date != 0);
		assert_int_equal(p->date, texts[i].date);
		patch_set_release(&set);
	}
}

/* A thread as public-inbox prints it on one page. */
static void thread_page(void **state)
{
	static const char text[] =
		"LKML Archive\n help / color / mirror / Atom feed\n"
		"* [PATCH 1/2] one\n@ 2018-11-22 13:30 A. Name\n  0 siblings, 2 replies\n"
		"From: A. Name @ 2018-11-22 13:30 UTC (permalink / raw)\n  To: list; +Cc: B\n\n"
		"First.\n---\n--- a/x.c\n+++ b/x.c\n@@ -1 +1 @@\n-a\n+b\n\n"
		"* [PATCH 2/2] two\n@ 2018-11-23 13:30 A. Name\n"
		"From: A. Name @ 2018-11-23 13:30 UTC (permalink / raw)\n  To: list\n\n"
		"Second.\n---\n--- a/x.c\n+++ b/x.c\n@@ -1 +1 @@\n-b\n+c\n";
	struct patch_set set = {0};

	(void)state;
	read_text(&set, text, strlen(text));
	assert_int_equal(set.count, 2);
	for (uint32_t i = 0; i < 2; i++) {
		const struct patch *p = &set.patches[i];

		assert_string_equal(p->title, i ? "two" : "one");
		assert_string_equal(p->author, "A. Name");
		assert_string_equal(p->message, i ? "Second." : "First.");
		assert_int_equal(p->part, i + 1);
		assert_int_equal(p->parts, 2);
		assert_int_equal(p->date, 1542893400 + i * 86400); /* date -d '2018-11-22 13:30Z' */
	}
	patch_set_release(&set);
}

/* The same at the start of a mail that is no quote: it is said. */
static void stripped_patch(void **state)
{
	static const char text[] =
		"Subject: one\nFrom: A\n\n--- a/x.c\n+++ b/x.c\n@@ -10,3 +10,3 @@\n"
		"}\n-EXPORT_SYMBOL(a);\n+EXPORT_SYMBOL_GPL(a);\nint b;\n";
	struct patch_set set = {0};

	(void)state;
	read_text(&set, text, strlen(text));
	assert_int_equal(set.count, 1);
	assert_int_equal(set.notice_count, 1);
	assert_string_equal(
		set.notices[0],
		"text:6: lines of this hunk lost the blanks that they start with; by its "
		"counts they are context");
	assert_int_equal(set.patches[0].files[0].hunks[0].line_count, 4);
	patch_set_release(&set);
}

/* A hunk that a reply left out shows in where the next one starts; files without hunks are named.
 */
static void left_out(void **state)
{
	static const char text[] =
		"> diff --git a/x.c b/x.c\n> index 1234567..89abcde 100644\n> --- a/x.c\n> +++ "
		"b/x.c\n"
		"> @@ -1,1 +1,2 @@\n>  a\n> +b\n> @@ -50,1 +52,2 @@\n>  c\n> +d\n"
		"> diff --git a/y.c b/y.c\n> index 1234567..89abcde 100644\n";
	struct patch_set set = {0};

	(void)state;
	read_text(&set, text, strlen(text));
	assert_int_equal(set.count, 1);
	assert_int_equal(set.notice_count, 2);
	assert_string_equal(set.notices[0],
			    "text:8: before this hunk others are left out, of 1 file in "
			    "all: what they change is not judged");
	assert_string_equal(set.notices[1],
			    "text: of 1 of the 2 files that it quotes no hunk is there: "
			    "what changes in them is not judged");
	patch_set_release(&set);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(damaged_replies), cmocka_unit_test(readings),
		cmocka_unit_test(heads),	   cmocka_unit_test(thread_page),
		cmocka_unit_test(stripped_patch),  cmocka_unit_test(left_out),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
