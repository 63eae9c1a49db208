// SPDX-License-Identifier: GPL-2.0-or-later
#include "read/patch/page.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

#define MAX_HEAD 400 /* lines up to the end of the head: menus and long lists of recipients */

enum field { FIELD_NONE = 0, FIELD_OTHER, FIELD_FROM, FIELD_SUBJECT, FIELD_DATE };

/* A head that was found: its lines [start, end), and which of them has what. */
struct head {
	size_t start, end;
	const struct text_line *fields[FIELD_DATE + 1];
};

static struct text_line without_blanks(const struct text_line *line)
{
	struct text_line rest = *line;

	while (rest.length && (rest.text[0] == ' ' || rest.text[0] == '\t')) {
		rest.text++;
		rest.length--;
	}
	while (rest.length && isspace((unsigned char)rest.text[rest.length - 1]))
		rest.length--;
	return rest;
}

static bool starts_nocase(const struct text_line *line, const char *prefix)
{
	size_t length = strlen(prefix);

	return line->length >= length && strncasecmp(line->text, prefix, length) == 0;
}

/* What a line of a head says, if it is one: "Date: ...". */
static enum field field_of(const struct text_line *line)
{
	static const struct {
		const char *name;
		enum field field;
	} names[] = {
		{"From:", FIELD_FROM},	      {"Subject:", FIELD_SUBJECT},
		{"Date:", FIELD_DATE},	      {"To:", FIELD_OTHER},
		{"Cc:", FIELD_OTHER},	      {"List:", FIELD_OTHER},
		{"Message-ID:", FIELD_OTHER}, {"Reply-To:", FIELD_OTHER},
		{"References:", FIELD_OTHER}, {"In-Reply-To:", FIELD_OTHER},
	};
	struct text_line rest = without_blanks(line);

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
		if (starts_nocase(&rest, names[i].name))
			return names[i].field;
	return FIELD_NONE;
}

/* The lines from at on up to an empty one, if they are a head. */
static bool take_head(const struct text_lines *lines, size_t at, size_t limit, struct head *head)
{
	unsigned int known = 0;

	memset(head, 0, sizeof(*head));
	head->start = at;
	for (; at < limit && without_blanks(&lines->items[at]).length; at++) {
		enum field field = field_of(&lines->items[at]);

		if (field < FIELD_FROM || head->fields[field])
			continue;
		head->fields[field] = &lines->items[at];
		known++;
	}
	head->end = at;
	return known > 1 || (known && head->fields[FIELD_FROM]);
}

/* Where the diff starts, or the lines that can hold a head are over. */
static size_t find_limit(const struct text_lines *lines)
{
	size_t at = 0;

	while (at < lines->count && at < MAX_HEAD && !text_line_starts(&lines->items[at], ">") &&
	       !text_line_starts(&lines->items[at], "diff --git ") &&
	       !text_line_starts(&lines->items[at], "@@ -"))
		at++;
	return at;
}

static bool is_reply_or_patch(const struct text_line *line)
{
	return starts_nocase(line, "Re:") || starts_nocase(line, "[PATCH") ||
	       starts_nocase(line, "[RFC");
}

/* The title that stands before a head without a subject: a reply's or a patch's, else the first
 * line. */
static struct text_line find_title(const struct text_lines *lines, size_t end)
{
	static const char *const names[] = {"Linux-Kernel Archive: "};
	struct text_line title = {NULL, 0, 0, false};

	for (size_t i = 0; i < end; i++) {
		struct text_line line = without_blanks(&lines->items[i]);

		for (size_t n = 0; n < sizeof(names) / sizeof(*names); n++) {
			if (!text_line_starts(&line, names[n]))
				continue;
			line.text += strlen(names[n]);
			line.length -= (uint32_t)strlen(names[n]);
		}
		if (line.length && is_reply_or_patch(&line))
			return line;
		if (!title.length)
			title = line;
	}
	return title;
}

static int copy(struct arena *arena, const char *text, size_t length, const char **out,
		struct ksa_error *err)
{
	const char *raw = arena_strndup(arena, text, length);

	*out = raw ? mail_decode_words(arena, raw) : NULL;
	return *out ? 0 : ksa_fail_nomem(err);
}

/* The value of a field: with the lines that go on after it, which start with a blank. */
static int take_value(struct arena *arena, const struct text_lines *lines, const struct head *head,
		      enum field field, const char **out, struct ksa_error *err)
{
	const struct text_line *line = head->fields[field];
	struct text_line first;
	const char *colon;
	char *value;

	if (!line || *out)
		return 0;
	first = without_blanks(line);
	colon = memchr(first.text, ':', first.length);
	first.length -= (uint32_t)(colon + 1 - first.text);
	first.text = colon + 1;
	first = without_blanks(&first);
	value = arena_strndup(arena, first.text, first.length);
	while (value && ++line < lines->items + head->end && line->length &&
	       (line->text[0] == ' ' || line->text[0] == '\t') && !field_of(line)) {
		struct text_line more = without_blanks(line);

		value = arena_printf(arena, "%s %.*s", value, (int)more.length, more.text);
	}
	return value ? copy(arena, value, strlen(value), out, err) : ksa_fail_nomem(err);
}

/* "A. Name @ 2024-01-31 10:11 UTC (permalink / raw)": of a page with a whole thread. */
static int split_from(struct arena *arena, struct mail *mail, struct ksa_error *err)
{
	const char *at = mail->from ? strstr(mail->from, " @ ") : NULL;
	int r;

	if (!at || !isdigit((unsigned char)at[3]) || mail->date)
		return 0;
	r = copy(arena, at + 3, strcspn(at + 3, "("), &mail->date, err);
	return r ? r : copy(arena, mail->from, (size_t)(at - mail->from), &mail->from, err);
}

static int fill(struct arena *arena, struct mail *mail, const struct head *head,
		struct ksa_error *err)
{
	struct text_line title = find_title(&mail->lines, head->start);
	int r = take_value(arena, &mail->lines, head, FIELD_SUBJECT, &mail->subject, err);

	if (!r)
		r = take_value(arena, &mail->lines, head, FIELD_FROM, &mail->from, err);
	if (!r)
		r = take_value(arena, &mail->lines, head, FIELD_DATE, &mail->date, err);
	if (!r && !mail->subject && title.length)
		r = copy(arena, title.text, title.length, &mail->subject, err);
	return r ? r : split_from(arena, mail, err);
}

/* "Tue, 20 Nov 2018 15:12:54" in a line: where, or NULL. */
static const char *find_date(const struct text_line *line)
{
	static const char days[] = "Mon,Tue,Wed,Thu,Fri,Sat,Sun,";
	const char *end = line->text + line->length;

	for (const char *s = line->text; end - s >= 20; s++) {
		char day[5] = {s[0], s[1], s[2], s[3], '\0'};

		if (s[3] == ',' && s[4] == ' ' && isdigit((unsigned char)s[5]) && strstr(days, day))
			return s;
	}
	return NULL;
}

/* A page that names neither: the first date is the mail's, the sender stands before it. */
static int guess_head(struct arena *arena, struct mail *mail, size_t limit, size_t *end,
		      struct ksa_error *err)
{
	struct text_lines *lines = &mail->lines;
	struct text_line title, who;
	const char *date = NULL;
	size_t at = 0;
	int r;

	*end = 0;
	while (at < limit && !(date = find_date(&lines->items[at])))
		at++;
	if (!date)
		return 0;
	who = lines->items[at];
	who.length = (uint32_t)(date - who.text);
	who = without_blanks(&who);
	if (!who.length && at)
		who = without_blanks(&lines->items[at - 1]);
	title = find_title(lines, at);
	*end = at + 1;
	r = copy(arena, date, (size_t)(lines->items[at].text + lines->items[at].length - date),
		 &mail->date, err);
	if (!r && who.length)
		r = copy(arena, who.text, who.length, &mail->from, err);
	if (!r && !mail->subject && title.length)
		r = copy(arena, title.text, title.length, &mail->subject, err);
	return r;
}

int page_take_head(struct arena *arena, struct mail *mail, struct ksa_error *err)
{
	struct text_lines *lines = &mail->lines;
	size_t limit = find_limit(lines), at = 0;
	struct head head = {.end = 0};
	int r = 0;

	if (mail->from || mail->date || mail->commit)
		return 0;
	while (at < limit && !(field_of(&lines->items[at]) && take_head(lines, at, limit, &head)))
		at++;
	if (at < limit)
		r = fill(arena, mail, &head, err);
	else if (mail->page)
		r = guess_head(arena, mail, limit, &head.end, err);
	lines->count -= head.end;
	if (head.end)
		memmove(lines->items, lines->items + head.end,
			lines->count * sizeof(*lines->items));
	return r;
}

bool page_is_thread_head(const struct text_line *line, const struct text_line *next)
{
	return text_line_starts(line, "* ") && text_line_starts(next, "@ ") && next->length > 12 &&
	       isdigit((unsigned char)next->text[2]) && next->text[6] == '-' &&
	       next->text[9] == '-';
}
