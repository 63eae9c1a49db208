// SPDX-License-Identifier: GPL-2.0-or-later
/* Patches as mails, archives and git write them: what is read, and what is refused. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "read/patch/patch.h"
#include "read/patch/mail.h"

#define DIR "testdata/patches/"

static void read_ok(struct patch_set *set, const char *path)
{
	struct ksa_error err = {0};

	if (patches_read(set, path, &err))
		fail_msg("%s:%u: %s", err.source, err.line, err.text);
}

static int read_string(struct patch_set *set, const char *text, struct ksa_error *err)
{
	return patches_read_text(set, "text", (const unsigned char *)text, strlen(text), err);
}

/* The changed lines of a patch, "-old\n+new\n". */
static char *changes(const struct patch *patch)
{
	static char text[65536];
	size_t at = 0;

	text[0] = '\0';
	for (size_t f = 0; f < patch->file_count; f++) {
		for (size_t h = 0; h < patch->files[f].hunk_count; h++) {
			const struct patch_hunk *hunk = &patch->files[f].hunks[h];

			for (size_t i = 0; i < hunk->line_count; i++)
				if (hunk->lines[i].sign != ' ')
					at += (size_t)snprintf(text + at, sizeof(text) - at,
							       "%c%.*s\n", hunk->lines[i].sign,
							       (int)hunk->lines[i].length,
							       hunk->lines[i].text);
		}
	}
	return text;
}

static void stable_mail(void **state)
{
	struct patch_set set = {0};
	const struct patch *p;

	(void)state;
	read_ok(&set, DIR "hmm-devmem-4.14.eml");
	assert_int_equal(set.count, 1);
	assert_int_equal(set.notice_count, 0);
	p = &set.patches[0];
	assert_string_equal(p->subject, "[PATCH 4.14 065/105] mm, hmm: mark hmm_devmem_{add, "
					"add_resource} EXPORT_SYMBOL_GPL");
	assert_string_equal(p->title,
			    "mm, hmm: mark hmm_devmem_{add, add_resource} EXPORT_SYMBOL_GPL");
	/* The author of the change, not the one who sent it. */
	assert_string_equal(p->author, "Device Memory Author");
	assert_string_equal(p->email, "author@example.org");
	assert_string_equal(p->upstream, "02917e9f8676207a4c577d4d94eae12bf348e9d7");
	assert_int_equal(p->part, 65);
	assert_int_equal(p->parts, 105);
	assert_int_equal(p->version, 1);
	assert_true(p->has_date);
	assert_int_equal(p->date, 1547216076); /* date -d 'Fri, 11 Jan 2019 15:14:36 +0100' +%s */
	assert_int_equal(p->zone, 60);
	assert_null(p->commit);
	assert_false(p->quoted);
	/* Neither the line of the stable process nor the diffstat is of the message. */
	assert_null(strstr(p->message, "objections"));
	assert_null(strstr(p->message, "4 ++--"));
	assert_non_null(strstr(p->message, "Jérôme"));
	assert_int_equal(p->file_count, 1);
	assert_string_equal(p->files[0].path[PATCH_OLD], "mm/hmm.c");
	assert_string_equal(p->files[0].path[PATCH_NEW], "mm/hmm.c");
	assert_string_equal(p->files[0].blob[PATCH_OLD], "a5def9f34385");
	assert_string_equal(p->files[0].blob[PATCH_NEW], "57f0d2a4ff34");
	assert_int_equal(p->files[0].hunk_count, 2);
	assert_string_equal(changes(p), "-EXPORT_SYMBOL(hmm_devmem_add);\n"
					"+EXPORT_SYMBOL_GPL(hmm_devmem_add);\n"
					"-EXPORT_SYMBOL(hmm_devmem_add_resource);\n"
					"+EXPORT_SYMBOL_GPL(hmm_devmem_add_resource);\n");
	/* grep -n of the mail, and where the line is in the file */
	assert_int_equal(patch_file_at(&p->files[0], PATCH_OLD, 1094), 49);
	assert_int_equal(patch_file_at(&p->files[0], PATCH_NEW, 1094), 50);
	assert_int_equal(patch_file_at(&p->files[0], PATCH_NEW, 1148), 59);
	assert_int_equal(patch_file_at(&p->files[0], PATCH_NEW, 1), 0);
	assert_int_equal(patch_file_at(&p->files[0], PATCH_NEW, 5000), 0);
	patch_set_release(&set);
}

static void format_patch(void **state)
{
	struct patch_set set = {0};
	const struct patch *p;

	(void)state;
	read_ok(&set, DIR "devm-memremap-pages.patch");
	assert_int_equal(set.count, 1);
	p = &set.patches[0];
	assert_string_equal(p->commit, "7d3c1e5f9a0b2c4d6e8f0a1b3c5d7e9f1a2b3c4d");
	assert_int_equal(p->fixes.count, 1);
	assert_string_equal(p->fixes.items[0], "41e94a851304 (\"add devm_memremap_pages\")");
	assert_int_equal(p->links.count, 1);
	assert_string_equal(p->links.items[0],
			    "https://example.org/r/154275556908.76910@example.org");
	assert_int_equal(p->file_count, 2);
	assert_string_equal(p->files[1].path[PATCH_NEW], "tools/testing/nvdimm/test/iomap.c");
	/* The signature "-- " is no line of the diff. */
	assert_int_equal(p->files[1].hunks[0].line_count, 8);
	patch_set_release(&set);
}

/* The same patch in four transfer encodings, and as an attachment: the same result. */
static void encodings(void **state)
{
	static const struct {
		const char *path;
		uint32_t at; /* the line of the mail with the new export */
	} cases[] = {
		{DIR "quoted-printable.eml", 27},
		{DIR "base64.eml", 10}, /* where the base64 starts */
		{DIR "crlf.eml", 27},
		{DIR "attachment.eml", 35},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct patch_set set = {0};
		const struct patch *p;

		read_ok(&set, cases[i].path);
		assert_int_equal(set.count, 1);
		p = &set.patches[0];
		assert_string_equal(p->author, "Jürgen Author");
		assert_string_equal(p->title,
				    i < 3 ? "misc: gerät: export geraet_open() open to all"
					  : "misc: gerät: open to all");
		assert_string_equal(p->message,
				    "Gerät A and Gerät B share this = sign.\n\n"
				    "Signed-off-by: Jürgen Author <author@example.org>");
		assert_string_equal(changes(p), "-EXPORT_SYMBOL_GPL(geraet_open);\n"
						"+/* Everybody may open it. */\n"
						"+EXPORT_SYMBOL(geraet_open);\n");
		assert_int_equal(patch_file_at(&p->files[0], PATCH_NEW, 14), cases[i].at);
		patch_set_release(&set);
	}
}

static void series(void **state)
{
	struct patch_set set = {0};

	(void)state;
	read_ok(&set, DIR "series.mbox");
	assert_int_equal(set.count, 3);
	for (uint32_t i = 0; i < 3; i++) {
		assert_int_equal(set.patches[i].part, i + 1);
		assert_int_equal(set.patches[i].parts, 3);
		assert_int_equal(set.patches[i].version, 2);
	}
	/* The cover letter; the reply, which quotes a diff that is in the mbox itself. */
	assert_int_equal(set.covers, 1);
	assert_int_equal(set.plain, 1);
	assert_null(set.patches[0].files[1].path[PATCH_OLD]);
	assert_string_equal(set.patches[0].files[1].path[PATCH_NEW], "lib/stats_ring.c");
	patch_set_release(&set);
}

static void replies(void **state)
{
	struct patch_set set = {0};
	const struct patch *p;

	(void)state;
	read_ok(&set, DIR "reply-no-diff.eml");
	assert_int_equal(set.count, 0);
	assert_int_equal(set.plain, 1);

	read_ok(&set, DIR "reply-quoted.eml");
	assert_int_equal(set.count, 1);
	p = &set.patches[0];
	assert_true(p->quoted);
	assert_string_equal(changes(p), "-EXPORT_SYMBOL(devm_memremap_pages);\n"
					"+EXPORT_SYMBOL_GPL(devm_memremap_pages);\n"
					"-EXPORT_SYMBOL(__wrap_devm_memremap_pages);\n"
					"+EXPORT_SYMBOL_GPL(__wrap_devm_memremap_pages);\n");
	/* The reviewer's question within the hunk is none of its lines. */
	assert_false(p->files[0].hunks[0].damaged);
	assert_int_equal(patch_file_at(&p->files[0], PATCH_NEW, 236), 25);
	patch_set_release(&set);
}

/* Three deep, and re-wrapped: what the mailer broke is put together, the signs are right. */
static void flowed_reply(void **state)
{
	struct patch_set set = {0}, sent = {0};
	char *expected;

	(void)state;
	read_ok(&set, DIR "reply-quoted-flowed.eml");
	read_ok(&sent, DIR "io-pgtable-init-fns.patch");
	assert_int_equal(set.count, 1);
	expected = strdup(changes(&sent.patches[0]));
	assert_non_null(expected);
	assert_string_equal(changes(&set.patches[0]), expected);
	free(expected);
	assert_int_equal(set.patches[0].file_count, 2);
	for (size_t f = 0; f < 2; f++) {
		assert_string_equal(set.patches[0].files[f].path[PATCH_NEW],
				    sent.patches[0].files[f].path[PATCH_NEW]);
		assert_int_equal(set.patches[0].files[f].hunk_count,
				 sent.patches[0].files[f].hunk_count);
	}
	patch_set_release(&set);
	patch_set_release(&sent);
}

static void plain_diff(void **state)
{
	struct patch_set set = {0};
	const struct patch *p;

	(void)state;
	read_ok(&set, DIR "plain.diff");
	assert_int_equal(set.count, 1);
	p = &set.patches[0];
	assert_string_equal(p->title, "Make two helpers of the ring public.");
	assert_int_equal(p->file_count, 2);
	assert_string_equal(p->files[0].path[PATCH_OLD], "drivers/misc/ring.c");
	assert_string_equal(p->files[0].path[PATCH_NEW], "drivers/misc/ring.c");
	assert_string_equal(p->files[1].path[PATCH_NEW], "Documentation/ring.txt");
	assert_null(p->files[0].blob[PATCH_OLD]);
	patch_set_release(&set);
}

/* One of the two names may have a suffix: it is one file all the same. */
static void suffixes(void **state)
{
	static const char *const heads[] = {
		"--- a/mm/util.c~fix-it\n+++ a/mm/util.c\n",
		"--- linux/mm/util.c.orig\t2024-01-02\n+++ linux/mm/util.c\t2024-01-03\n",
		"--- a/mm/util.c\n+++ b/mm/util.c.new\n",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(heads) / sizeof(*heads); i++) {
		struct patch_set set = {0};
		struct ksa_error err = {0};
		char text[200];

		snprintf(text, sizeof(text), "%s@@ -1 +1 @@\n-a\n+b\n", heads[i]);
		assert_int_equal(read_string(&set, text, &err), 0);
		assert_string_equal(set.patches[0].files[0].path[PATCH_OLD], "mm/util.c");
		assert_string_equal(set.patches[0].files[0].path[PATCH_NEW], "mm/util.c");
		patch_set_release(&set);
	}
}

static void shapes(void **state)
{
	struct patch_set set = {0};
	const struct patch_file *f;

	(void)state;
	read_ok(&set, DIR "shapes.patch");
	assert_int_equal(set.count, 1);
	assert_int_equal(set.patches[0].file_count, 5);
	f = set.patches[0].files;
	assert_true(f[0].renamed);
	assert_string_equal(f[0].path[PATCH_OLD], "drivers/misc/old-name.c");
	assert_string_equal(f[0].path[PATCH_NEW], "drivers/misc/new-name.c");
	assert_true(f[0].hunks[0].lines[3].no_newline);
	assert_false(f[0].hunks[0].lines[4].no_newline);
	assert_string_equal(f[1].path[PATCH_OLD], "drivers/misc/gone.c");
	assert_null(f[1].path[PATCH_NEW]);
	assert_string_equal(f[2].path[PATCH_NEW], "scripts/run");
	assert_int_equal(f[2].hunk_count, 0);
	assert_true(f[3].binary);
	assert_null(f[3].path[PATCH_OLD]);
	assert_string_equal(f[4].path[PATCH_NEW], "drivers/misc/ger\303\244t.c");
	assert_null(f[4].path[PATCH_OLD]);
	patch_set_release(&set);
}

static void refused(void **state)
{
	static const struct {
		const char *path;
		int code;
		unsigned int line;
		const char *text;
	} cases[] = {
		{DIR "combined.diff", KSA_EUNSUPPORTED, 8, "combined diff"},
		{DIR "context.diff", KSA_EUNSUPPORTED, 1, "context diff"},
		{DIR "cut-short.patch", KSA_EFORMAT, 38, "hunk is not whole"},
		{DIR "cut-before-hunk.patch", KSA_EFORMAT, 10, "no hunk says how"},
		{DIR "bad-hunk-header.patch", KSA_EFORMAT, 14, "is no header of a hunk"},
		{DIR "not-there.patch", KSA_EIO, 0, "cannot open"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct patch_set set = {0};
		struct ksa_error err = {0};

		assert_int_equal(patches_read(&set, cases[i].path, &err), cases[i].code);
		assert_string_equal(err.source, cases[i].path);
		assert_int_equal(err.line, cases[i].line);
		assert_non_null(strstr(err.text, cases[i].text));
		patch_set_release(&set);
	}
}

/* Small texts: how many patches they hold, and the changed lines of the first. */
static void texts(void **state)
{
	static const struct {
		const char *text;
		size_t count;
		const char *changes;
	} cases[] = {
		{"", 0, ""},
		{"\n\n", 0, ""},
		{"EXPORT_SYMBOL(a);\n", 0, ""},
		{"--- a/x.c\n+++ b/x.c\n", 0, ""},
		/* No newline at the end of the last line, which is context. */
		{"--- a/x.c\n+++ b/x.c\n@@ -1,2 +1,2 @@\n-a\n+b\n c", 1, "-a\n+b\n"},
		/* A line "- a" of text is removed, and "+ b" added: no head of a file. */
		{"--- a/x.c\n+++ b/x.c\n@@ -1,2 +1,2 @@\n--- a\n+++ b\n c\n", 1, "--- a\n+++ b\n"},
		/* An empty line of context whose blank was lost. */
		{"--- a/x.c\n+++ b/x.c\n@@ -1,3 +1,3 @@\n a\n\n-b\n+c\n", 1, "-b\n+c\n"},
		/* Text after the last hunk, up to the next one. */
		{"--- a/x.c\n+++ b/x.c\n@@ -1 +1 @@\n-a\n+b\n+more\ntext\n@@ -9 +9 @@\n-c\n+d\n", 1,
		 "-a\n+b\n-c\n+d\n"},
		/* A line that was wrapped. */
		{"--- a/x.c\n+++ b/x.c\n@@ -1 +1 @@ int f(void)\nwrapped\n-a(x,\ny)\n+b\n", 1,
		 "-a(x, y)\n+b\n"},
		/* Quotes without a blank. */
		{"From: a\nSubject: Re: x\n\n>--- a/x.c\n>+++ b/x.c\n>@@ -1 +1 @@\n>-a\n>+b\n", 1,
		 "-a\n+b\n"},
		{"From: a\nSubject: Re: x\n\n> > --- a/x.c\n> > +++ b/x.c\n> > @@ -1 +1 @@\n> > "
		 "-a\n"
		 "> so?\n> > +b\n",
		 1, "-a\n+b\n"},
		/* What git diff -w leaves of a file whose mode changes too; an emptied file. */
		{"diff --git a/x.c b/x.c\nold mode 100644\nnew mode 100755\nindex "
		 "975fbec..b5287f3\n"
		 "diff --git a/y.c b/y.c\nnew file mode 100644\nindex 0000000..e69de29\n",
		 1, ""},
		/* The own diff counts, the one that it answers does not. */
		{"From: a\nSubject: Re: x\n\n> --- a/x.c\n> +++ b/x.c\n> @@ -1 +1 @@\n> -a\n> +b\n"
		 "--- a/x.c\n+++ b/x.c\n@@ -1 +1 @@\n-a\n+c\n",
		 1, "-a\n+c\n"},
		/* Ranges as git log prints them. */
		{"commit 0123456789abcdef0123456789abcdef01234567\nAuthor: A <a@b>\n"
		 "Date:   Wed Jan 3 08:00:00 2024 +0000\n\n    title\n\n    text\n\n"
		 "diff --git a/x.c b/x.c\n--- a/x.c\n+++ b/x.c\n@@ -1 +1 @@\n-a\n+b\n\n"
		 "commit 1123456789abcdef0123456789abcdef01234567\nAuthor: A <a@b>\n"
		 "Date:   Wed Jan 3 08:00:00 2024 +0000\n\n    other\n\n"
		 "diff --git a/x.c b/x.c\n--- a/x.c\n+++ b/x.c\n@@ -1 +1 @@\n-b\n+c\n",
		 2, "-a\n+b\n"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct patch_set set = {0};
		struct ksa_error err = {0};

		if (read_string(&set, cases[i].text, &err))
			fail_msg("case %zu: %u: %s", i, err.line, err.text);
		if (set.count != cases[i].count)
			fail_msg("case %zu: %zu patches", i, set.count);
		if (set.count)
			assert_string_equal(changes(&set.patches[0]), cases[i].changes);
		patch_set_release(&set);
	}
}

static void git_log(void **state)
{
	static const char text[] =
		"commit 0123456789abcdef0123456789abcdef01234567\n"
		"Author: A Name <a@b>\n"
		"Date:   Wed Jan 3 08:00:00 2024 +0130\n\n"
		"    the title\n\n    (cherry picked from commit 89abcdef0123)\n\n"
		"diff --git a/x.c b/x.c\nindex 1234567..89abcde 100644\n"
		"--- a/x.c\n+++ b/x.c\n@@ -1 +1 @@\n-a\n+b\n";
	struct patch_set set = {0};
	const struct patch *p;

	(void)state;
	assert_int_equal(read_string(&set, text, NULL), 0);
	assert_int_equal(set.count, 1);
	p = &set.patches[0];
	assert_string_equal(p->commit, "0123456789abcdef0123456789abcdef01234567");
	assert_string_equal(p->author, "A Name");
	assert_string_equal(p->title, "the title");
	assert_string_equal(p->upstream, "89abcdef0123");
	assert_int_equal(p->date, 1704263400); /* 06:30 UTC */
	patch_set_release(&set);
}

static void subjects(void **state)
{
	static const struct {
		const char *subject, *title;
		uint32_t part, parts, version;
	} cases[] = {
		{"x", "x", 0, 0, 1},
		{"[PATCH] x", "x", 0, 0, 1},
		{"Re: [RFC PATCH v3 02/11] a: b", "a: b", 2, 11, 3},
		{"RE: Fwd: [PATCHv2 1/2] a", "a", 1, 2, 2},
		{"[PATCH net-next v12 0/4] a", "a", 0, 4, 12},
		{"[for-next][PATCH 3/9] a", "a", 3, 9, 1},
		{"[PATCH 4.14 065/105] a", "a", 65, 105, 1},
		{"[PATCH 5/3] a", "a", 0, 0, 1},
		{"[PATCH v0 1/2x] a", "a", 0, 0, 1},
		{"[unclosed a", "[unclosed a", 0, 0, 1},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct patch_set set = {0};
		char text[512];

		snprintf(text, sizeof(text),
			 "From: a\nSubject: %s\n\n--- a/x.c\n+++ b/x.c\n@@ -1 +1 @@\n-a\n+b\n",
			 cases[i].subject);
		assert_int_equal(read_string(&set, text, NULL), 0);
		assert_int_equal(set.count, 1);
		assert_string_equal(set.patches[0].title, cases[i].title);
		assert_int_equal(set.patches[0].part, cases[i].part);
		assert_int_equal(set.patches[0].parts, cases[i].parts);
		assert_int_equal(set.patches[0].version, cases[i].version);
		patch_set_release(&set);
	}
}

static void versions(void **state)
{
	static const char format[] = "From a Mon Sep 17 00:00:00 2001\nFrom: a\nSubject: [PATCH%s "
				     "%d/2] t\n\n--- a/x.c\n+++ b/x.c\n@@ -1 +1 @@\n-a\n+%d\n\n";
	struct patch_set set = {0};
	char text[2048];
	size_t at = 0;

	(void)state;
	at += (size_t)snprintf(text + at, sizeof(text) - at, format, "", 1, 1);
	at += (size_t)snprintf(text + at, sizeof(text) - at, format, " v2", 2, 4);
	at += (size_t)snprintf(text + at, sizeof(text) - at, format, "", 2, 2);
	snprintf(text + at, sizeof(text) - at, format, " v2", 1, 3);
	assert_int_equal(read_string(&set, text, NULL), 0);
	assert_int_equal(set.count, 2);
	assert_string_equal(changes(&set.patches[0]), "-a\n+3\n");
	assert_string_equal(changes(&set.patches[1]), "-a\n+4\n");
	assert_int_equal(set.notice_count, 1);
	assert_string_equal(set.notices[0], "text: holds several versions of a series: only v2 is "
					    "read");
	patch_set_release(&set);
}

static void encoded_words(void **state)
{
	static const struct {
		const char *text, *decoded;
	} cases[] = {
		{"plain = text?", "plain = text?"},
		{"=?UTF-8?q?J=C3=BCrgen?=", "Jürgen"},
		{"=?iso-8859-1?Q?J=FCrgen?= <a@b>", "Jürgen <a@b>"},
		{"=?utf-8?B?SsO8?= =?utf-8?Q?rgen_A?=", "Jürgen A"},
		{"=?utf-8?X?abc?=", "=?utf-8?X?abc?="},
		{"=?utf-8?Q?open", "=?utf-8?Q?open"},
		{"=?", "=?"},
		{"=?a?b", "=?a?b"},
		{"=?u?q?=4?=", "=4"},
		{"=?u?b?====?=", ""},
	};
	struct arena arena = {0};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++)
		assert_string_equal(mail_decode_words(&arena, cases[i].text), cases[i].decoded);
	arena_release(&arena);
}

/* A file, a patch of it, and what comes out (NULL: it does not apply). */
static void apply(void **state)
{
#define HEAD "--- a/x.c\n+++ b/x.c\n"
	static const struct {
		const char *before, *patch, *after;
	} cases[] = {
		{"a\nb\nc\n", HEAD "@@ -1,3 +1,3 @@\n a\n-b\n+B\n c\n", "a\nB\nc\n"},
		/* Two lines further down than it says, and the second hunk likewise. */
		{"0\n1\na\nb\nc\nd\n",
		 HEAD "@@ -1,3 +1,4 @@\n a\n-b\n+B\n+B2\n c\n@@ -4 +5 @@\n-d\n+D\n",
		 "0\n1\na\nB\nB2\nc\nD\n"},
		{"a\nb", HEAD "@@ -2 +2,2 @@\n-b\n\\ No newline at end of file\n+b\n+c\n",
		 "a\nb\nc\n"},
		{"a\nb\n", HEAD "@@ -2 +2 @@\n-b\n+c\n\\ No newline at end of file\n", "a\nc"},
		{"", "--- /dev/null\n+++ b/x.c\n@@ -0,0 +1,2 @@\n+a\n+b\n", "a\nb\n"},
		{"a\nb\n", "--- a/x.c\n+++ /dev/null\n@@ -1,2 +0,0 @@\n-a\n-b\n", ""},
		/* Lines are added after the second. */
		{"a\nb\nc\n", HEAD "@@ -2,0 +3 @@\n+n\n", "a\nb\nn\nc\n"},
		{"a\r\nb\r\n", HEAD "@@ -1,2 +1,2 @@\n a\n-b\n+c\n", "a\r\nc\n"},
		{"a\nx\nc\n", HEAD "@@ -1,3 +1,3 @@\n a\n-b\n+B\n c\n", NULL},
		{"a\nb\n", HEAD "@@ -1,3 +1,3 @@\n a\n-b\n+B\n c\n", NULL},
		/* The second hunk fits only where the first one was. */
		{"a\nb\n", HEAD "@@ -1 +1 @@\n-a\n+A\n@@ -2 +2 @@\n-a\n+A\n", NULL},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct patch_set set = {0};
		struct ksa_error err = {0};
		unsigned char *out = NULL;
		size_t size = 0;
		int r;

		assert_int_equal(read_string(&set, cases[i].patch, NULL), 0);
		assert_int_equal(set.count, 1);
		r = patch_file_apply(&set.patches[0].files[0],
				     (const unsigned char *)cases[i].before,
				     strlen(cases[i].before), &out, &size, &err);
		if (!cases[i].after) {
			assert_int_equal(r, KSA_ENODATA);
			assert_true(err.line > 0);
			assert_null(out);
		} else {
			assert_int_equal(r, 0);
			assert_int_equal(size, strlen(cases[i].after));
			assert_memory_equal(out, cases[i].after, size);
		}
		free(out);
		patch_set_release(&set);
	}
}

/* Parts in parts in parts, and a part that never ends. */
static void nested_parts(void **state)
{
	struct patch_set set = {0};
	struct ksa_error err = {0};
	char text[8192];
	size_t at;

	(void)state;
	at = (size_t)snprintf(text, sizeof(text), "From: a\nSubject: x\n");
	for (int i = 0; i < 12; i++)
		at += (size_t)snprintf(text + at, sizeof(text) - at,
				       "Content-Type: multipart/mixed; boundary=b%02d\n\n--b%02d\n",
				       i, i);
	assert_int_equal(read_string(&set, text, &err), KSA_ELIMIT);
	assert_string_equal(err.text,
			    "has parts nested more than 8 deep: take the patch out of them");
	patch_set_release(&set);

	ksa_error_clear(&err);
	at = (size_t)snprintf(text, sizeof(text), "From: a\nSubject: x\n");
	for (int i = 0; i < 12; i++)
		at += (size_t)snprintf(text + at, sizeof(text) - at,
				       "Content-Type: message/rfc822\n\nFrom: b\nSubject: y\n");
	assert_int_equal(read_string(&set, text, &err), KSA_ELIMIT);
	patch_set_release(&set);
}

/* Every way to cut a file: never a crash, and no patch from half a hunk. */
static void cut_anywhere(void **state)
{
	static const char *const paths[] = {DIR "quoted-printable.eml", DIR "attachment.eml",
					    DIR "shapes.patch", DIR "reply-quoted-flowed.eml"};

	(void)state;
	for (size_t p = 0; p < sizeof(paths) / sizeof(*paths); p++) {
		unsigned char *all = malloc(65536);
		FILE *f = fopen(paths[p], "r");
		size_t size;

		assert_non_null(f);
		assert_non_null(all);
		size = fread(all, 1, 65536, f);
		fclose(f);
		for (size_t cut = 0; cut < size; cut += 3) {
			struct patch_set set = {0};
			struct ksa_error err = {0};
			unsigned char *part = malloc(cut ? cut : 1);
			int r;

			assert_non_null(part);
			memcpy(part, all, cut);
			r = patches_read_text(&set, "cut", part, cut, &err);
			free(part);
			assert_true(r == 0 || r == KSA_EFORMAT);
			assert_int_equal(r, err.code);
			for (size_t i = 0; i < set.count; i++)
				changes(&set.patches[i]);
			patch_set_release(&set);
		}
		free(all);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(stable_mail),	 cmocka_unit_test(format_patch),
		cmocka_unit_test(encodings),	 cmocka_unit_test(series),
		cmocka_unit_test(replies),	 cmocka_unit_test(flowed_reply),
		cmocka_unit_test(plain_diff),	 cmocka_unit_test(suffixes),
		cmocka_unit_test(shapes),	 cmocka_unit_test(refused),
		cmocka_unit_test(texts),	 cmocka_unit_test(git_log),
		cmocka_unit_test(subjects),	 cmocka_unit_test(versions),
		cmocka_unit_test(encoded_words), cmocka_unit_test(apply),
		cmocka_unit_test(nested_parts),	 cmocka_unit_test(cut_anywhere),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
