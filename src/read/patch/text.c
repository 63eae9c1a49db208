// SPDX-License-Identifier: GPL-2.0-or-later
/* Texts that are no mails: a patch, commits as git log prints them, pages of archives. */
#include "read/patch/mail_internal.h"

#include <ctype.h>
#include <string.h>

#include "read/patch/html.h"
#include "read/patch/page.h"

/* "commit ID" at the start of a commit as git log and git show print it. */
static bool is_log_line(const struct text_line *line, struct mail_range range)
{
	struct text_line next;

	if (!text_line_starts(line, "commit ") || line->length < 7 + 40)
		return false;
	for (uint32_t i = 7; i < 7 + 40; i++)
		if (!isxdigit((unsigned char)line->text[i]))
			return false;
	while (mail_next_line(&range, &next) && mail_is_header(&next))
		if (text_line_starts(&next, "Author:"))
			return true;
	return false;
}

/* The field that a line of the head of git log gives, or NULL. */
static const char **log_field(struct mail *m, const struct text_line *line)
{
	if (text_line_starts(line, "Author:"))
		return &m->from;
	if (text_line_starts(line, "Date:") || text_line_starts(line, "AuthorDate:"))
		return &m->date;
	return NULL;
}

/* The rest of a line, without blanks before it. */
static const char *copy_rest(struct mail_reader *r, const struct text_line *line, size_t skip)
{
	while (skip < line->length && line->text[skip] == ' ')
		skip++;
	return arena_strndup(r->arena, line->text + skip, line->length - skip);
}

/* The head of one commit of git log: its headers, then the message, indented. */
static int read_log_head(struct mail_reader *r, size_t mail, struct mail_range *range)
{
	struct mail_range before = *range;
	struct text_line line;
	bool any = false;
	int e = 0;

	while (!e && mail_next_line(range, &line)) {
		struct mail *m = &r->list->items[mail];
		const char **where = any ? NULL : log_field(m, &line);
		size_t skip = 0;

		if (text_line_starts(&line, "    ")) {
			line.text += 4;
			line.length -= 4;
			if (!any)
				where = &m->subject;
			any = true;
		} else if (line.length && any) {
			*range = before;
			return 0;
		}
		before = *range;
		if (where && !*where) {
			while (where != &m->subject && line.text[skip++] != ':')
				;
			*where = copy_rest(r, &line, skip);
			if (!*where)
				return ksa_fail_nomem(r->err);
		} else if (any) {
			e = mail_add_line(r, mail, &line);
		}
	}
	return e;
}

/* A new mail of a text without headers, unless nothing was read for the last one. */
static int push_next(struct mail_reader *r, uint32_t at)
{
	const struct mail *last = &r->list->items[r->list->count - 1];

	return last->lines.count || last->commit || last->subject ? mail_push(r, NULL, at) : 0;
}

/* Whether a message starts at the line, before the rest; if so, read its head. */
static int read_start(struct mail_reader *r, const struct text_line *line, struct mail_range *range,
		      bool *taken)
{
	struct mail_range rest = *range;
	struct text_line next;
	bool failed = false;
	size_t mail;
	int e;

	*taken = true;
	if (is_log_line(line, *range)) {
		e = push_next(r, line->at);
		if (e)
			return e;
		mail = r->list->count - 1;
		r->list->items[mail].commit = mail_line_id(r, line, 7, &failed);
		return failed ? ksa_fail_nomem(r->err) : read_log_head(r, mail, range);
	}
	if (mail_next_line(&rest, &next) && page_is_thread_head(line, &next)) {
		e = push_next(r, line->at);
		if (e)
			return e;
		mail = r->list->count - 1;
		r->list->items[mail].subject = copy_rest(r, line, 2);
		return r->list->items[mail].subject ? 0 : ksa_fail_nomem(r->err);
	}
	*taken = false;
	return 0;
}

/* Text without headers: one patch, several as git log -p prints them, or a page of an archive. */
int mail_read_text(struct mail_reader *r, struct mail_range *range)
{
	size_t first = r->list->count;
	struct text_line line;
	int e = mail_push(r, NULL, range->line);

	while (!e && mail_next_line(range, &line)) {
		bool taken;

		e = read_start(r, &line, range, &taken);
		if (!e && !taken)
			e = mail_add_line(r, r->list->count - 1, &line);
	}
	for (size_t i = first; i < r->list->count && !e; i++) {
		r->list->items[i].page = r->list->page;
		e = page_take_head(r->arena, &r->list->items[i], r->err);
	}
	return e;
}

/* A page of HTML: its text, with the lines of the page. */
int mail_read_page(struct mail_reader *r, const char *data, size_t size)
{
	struct html_text html;
	struct mail_range range;
	int e = html_decode(r->arena, data, size, &html, r->err);

	if (e)
		return e;
	r->list->page = true;
	range = (struct mail_range){html.text, html.size, 1};
	e = mail_read_text(r, &range);
	for (size_t m = 0; m < r->list->count && !e; m++) {
		struct mail *mail = &r->list->items[m];

		mail->at = html.at[mail->at - 1];
		for (size_t i = 0; i < mail->lines.count; i++)
			mail->lines.items[i].at = html.at[mail->lines.items[i].at - 1];
		/* Where the page's text ends is no end of its last line. */
		if (mail->lines.count)
			mail->lines.items[mail->lines.count - 1].open = false;
	}
	return e;
}
