// SPDX-License-Identifier: GPL-2.0-or-later
#include "read/patch/message.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <time.h>

#include "base/cleanup.h"
#include "base/strbuf.h"
#include "base/vec.h"

#define MAX_TRAILERS 64
#define MAX_MESSAGE  (1024 * 1024)
#define MAX_TITLE    500 /* bytes of a first line; a longer one is none */

/* "v3", "3/5", "PATCHv2" in a bracket of the subject. */
static void take_word(const char *s, size_t length, struct patch *patch)
{
	unsigned int part, parts, version;
	char word[32];
	int used = 0;

	if (!length || length >= sizeof(word))
		return;
	memcpy(word, s, length);
	word[length] = '\0';
	if (sscanf(word, "%u/%u%n", &part, &parts, &used) == 2 && !word[used] && parts < 100000 &&
	    part <= parts) {
		patch->part = part;
		patch->parts = parts;
	}
	s = strncasecmp(word, "PATCH", 5) == 0 ? word + 5 : word;
	used = 0;
	if (sscanf(s, "%*[vV]%u%n", &version, &used) == 1 && used && !s[used] && version &&
	    version < 1000)
		patch->version = version;
}

static bool is_reply_word(const char *s, size_t *length)
{
	static const char *const words[] = {"Re:", "Fwd:", "Fw:", "AW:", "SV:", "Antw:"};

	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++) {
		*length = strlen(words[i]);
		if (strncasecmp(s, words[i], *length) == 0)
			return true;
	}
	return false;
}

int message_take_subject(struct arena *arena, const char *subject, struct patch *patch,
			 struct ksa_error *err)
{
	const char *s = subject;
	char *copy;

	patch->version = 1;
	if (!subject)
		return 0;
	copy = arena_strdup(arena, subject);
	if (!copy)
		return ksa_fail_nomem(err);
	patch->subject = copy;
	for (;;) {
		size_t length;

		s += strspn(s, " \t");
		if (is_reply_word(s, &length)) {
			s += length;
			continue;
		}
		length = strcspn(s, "]");
		if (*s != '[' || !s[length])
			break;
		for (const char *word = s + 1; word < s + length;) {
			size_t n = strcspn(word, " \t]");

			take_word(word, n, patch);
			word += n + strspn(word + n, " \t");
		}
		s += length + 1;
	}
	patch->title = arena_strdup(arena, s);
	return patch->title ? 0 : ksa_fail_nomem(err);
}

static const char *trimmed(struct arena *arena, const char *s, size_t length)
{
	while (length && strchr(" \t\"'", *s)) {
		s++;
		length--;
	}
	while (length && strchr(" \t\"'", s[length - 1]))
		length--;
	return arena_strndup(arena, s, length);
}

int message_take_author(struct arena *arena, const char *from, struct patch *patch,
			struct ksa_error *err)
{
	const char *less = strrchr(from, '<'), *more = less ? strchr(less, '>') : NULL;
	const char *name, *email;

	name = trimmed(arena, from, less ? (size_t)(less - from) : strlen(from));
	email = more ? trimmed(arena, less + 1, (size_t)(more - less - 1)) : NULL;
	if (!name || (more && !email))
		return ksa_fail_nomem(err);
	patch->author = *name ? name : email;
	patch->email = email;
	return 0;
}

static int month_of(const char *s)
{
	static const char names[] = "janfebmaraprmayjunjulaugsepoctnovdec";

	for (int m = 0; m < 12; m++)
		if (strncasecmp(s, names + 3 * m, 3) == 0)
			return m;
	return -1;
}

/* The zones that RFC 5322 still knows by name, in minutes; false: none of them. */
static bool named_zone(const char *s, int *zone)
{
	static const struct {
		const char *name;
		int hours;
	} zones[] = {{"EST", -5}, {"EDT", -4}, {"CST", -6}, {"CDT", -5}, {"MST", -7},
		     {"MDT", -6}, {"PST", -8}, {"PDT", -7}, {"GMT", 0},	 {"UTC", 0}};

	for (size_t i = 0; i < sizeof(zones) / sizeof(*zones); i++) {
		if (strncmp(s, zones[i].name, 3) == 0 && !isalnum((unsigned char)s[3])) {
			*zone = zones[i].hours * 60;
			return true;
		}
	}
	return false;
}

/* The words of a date in any order: "Fri, 18 Dec 2020 00:38:40 -0800", "2020-12-18 00:38:40 +0". */
static void take_date_word(const char *s, struct tm *tm, int *zone)
{
	int a, b, c = 0;

	if (sscanf(s, "%4d-%2d-%2d", &a, &b, &c) == 3 && a > 999) {
		tm->tm_year = a - 1900;
		tm->tm_mon = b - 1;
		tm->tm_mday = c;
	} else if (sscanf(s, "%2d:%2d:%2d", &a, &b, &c) >= 2) {
		tm->tm_hour = a;
		tm->tm_min = b;
		tm->tm_sec = c;
	} else if ((*s == '+' || *s == '-') && sscanf(s + 1, "%2d%2d", &a, &b) == 2) {
		*zone = (a * 60 + b) * (*s == '-' ? -1 : 1);
	} else if (named_zone(s, zone)) {
		return;
	} else if (month_of(s) >= 0 && tm->tm_mon < 0) {
		tm->tm_mon = month_of(s);
	} else if (sscanf(s, "%4d", &a) == 1) {
		if (a > 999)
			tm->tm_year = a - 1900;
		else if (tm->tm_mday <= 0)
			tm->tm_mday = a;
	}
}

void message_take_date(const char *date, struct patch *patch)
{
	struct tm tm = {.tm_mon = -1, .tm_year = -1};
	int zone = 0;

	while (*date) {
		size_t length;

		date += strspn(date, " \t,");
		length = strcspn(date, " \t,");
		if (length && *date != '(')
			take_date_word(date, &tm, &zone);
		date += length;
	}
	if (tm.tm_year < 70 || tm.tm_year > 8000 || tm.tm_mon < 0 || tm.tm_mon > 11 ||
	    tm.tm_mday < 1 || tm.tm_mday > 31 || zone < -1440 || zone > 1440)
		return;
	patch->date = (int64_t)timegm(&tm) - zone * 60;
	patch->zone = (int16_t)zone;
	patch->has_date = true;
}

static int add_trailer(struct arena *arena, struct string_list *list, const char *s, size_t length,
		       struct ksa_error *err)
{
	if (list->count == MAX_TRAILERS)
		return 0;
	if (!list->items)
		list->items = arena_calloc(arena, MAX_TRAILERS, sizeof(*list->items));
	if (!list->items)
		return ksa_fail_nomem(err);
	list->items[list->count] = trimmed(arena, s, length);
	return list->items[list->count++] ? 0 : ksa_fail_nomem(err);
}

/* A commit's id at s, of so many digits. */
static size_t id_length(const char *s, size_t least)
{
	size_t length = 0;

	while (isxdigit((unsigned char)s[length]))
		length++;
	return length >= least && length <= 64 ? length : 0;
}

/* Stable trees name the commit that they take over in one of a few forms. */
static const char *find_upstream(const char *s, size_t *length)
{
	static const struct {
		const char *before, *after;
	} forms[] = {
		{"commit ", " upstream"},
		{"[ Upstream commit ", " ]"},
		{"[Upstream commit ", "]"},
		{"Upstream commit ", ""},
		{"(cherry picked from commit ", ""},
		{"upstream commit ", ""},
		{"backport of commit ", ""},
		{"Backport of commit ", ""},
	};

	for (size_t i = 0; i < sizeof(forms) / sizeof(*forms); i++) {
		size_t n = strlen(forms[i].before);

		if (strncasecmp(s, forms[i].before, n) != 0)
			continue;
		*length = id_length(s + n, 8);
		if (*length &&
		    strncasecmp(s + n + *length, forms[i].after, strlen(forms[i].after)) == 0)
			return s + n;
	}
	return NULL;
}

/* What git revert writes, maybe with words before it. */
static const char *find_reverted(const char *line, size_t *length)
{
	static const char words[] = "reverts commit ";
	const char *at = strcasestr(line, words);

	if (!at)
		return NULL;
	at += strlen(words);
	*length = id_length(at, 7); /* git cuts them to no fewer */
	return *length ? at : NULL;
}

/* "<ID>": kernel.org's archive of mailing lists has a mail by its id. */
static int add_message_id(struct arena *arena, struct patch *patch, const char *id,
			  struct ksa_error *err)
{
	_cleanup_(strbuf_release) struct strbuf url = {NULL, 0, 0, false};
	size_t length;

	id += strspn(id, " \t<");
	length = strcspn(id, " \t>\r");
	if (!memchr(id, '@', length))
		return 0;
	strbuf_adds(&url, "https://lore.kernel.org/r/");
	for (size_t i = 0; i < length; i++)
		strbuf_printf(&url,
			      isalnum((unsigned char)id[i]) || strchr("-._~@+=$!", id[i])
				      ? "%c"
				      : "%%%02X",
			      (unsigned char)id[i]);
	if (url.failed)
		return ksa_fail_nomem(err);
	return add_trailer(arena, &patch->links, strbuf_string(&url), url.length, err);
}

static int take_trailer(struct arena *arena, const char *line, struct patch *patch,
			struct ksa_error *err)
{
	const char *id;
	size_t length;

	line += strspn(line, " \t");
	if (strncasecmp(line, "Fixes:", 6) == 0)
		return add_trailer(arena, &patch->fixes, line + 6, strlen(line + 6), err);
	if (strncasecmp(line, "Link:", 5) == 0)
		return add_trailer(arena, &patch->links, line + 5, strlen(line + 5), err);
	if (strncasecmp(line, "Message-Id:", 11) == 0)
		return add_message_id(arena, patch, line + 11, err);
	id = patch->reverts ? NULL : find_reverted(line, &length);
	if (id) {
		patch->reverts = arena_strndup(arena, id, length);
		return patch->reverts ? 0 : ksa_fail_nomem(err);
	}
	id = patch->upstream ? NULL : find_upstream(line, &length);
	if (!id)
		return 0;
	patch->upstream = arena_strndup(arena, id, length);
	return patch->upstream ? 0 : ksa_fail_nomem(err);
}

int message_take_trailers(struct arena *arena, const char *message, struct patch *patch,
			  struct ksa_error *err)
{
	int r = 0;

	while (*message && !r) {
		size_t length = strcspn(message, "\n");
		char line[512];

		if (length < sizeof(line)) {
			memcpy(line, message, length);
			line[length] = '\0';
			r = take_trailer(arena, line, patch, err);
		}
		message += length + (message[length] == '\n');
	}
	return r;
}

/* "From:", "Subject:" and "Date:" that stand at the start of a paragraph, before the message. */
static int take_head_line(struct arena *arena, const char *line, struct patch *patch, bool *taken,
			  struct ksa_error *err)
{
	const char *decoded;

	*taken = true;
	if (strncmp(line, "From: ", 6) == 0) {
		decoded = mail_decode_words(arena, line + 6);
		return decoded ? message_take_author(arena, decoded, patch, err)
			       : ksa_fail_nomem(err);
	}
	if (strncmp(line, "Subject: ", 9) == 0)
		return message_take_subject(arena, line + 9, patch, err);
	if (strncmp(line, "Date: ", 6) == 0)
		message_take_date(line + 6, patch);
	else
		*taken = false;
	return 0;
}

static size_t trimmed_length(const struct text_line *line)
{
	size_t length = line->length;

	while (length && isspace((unsigned char)line->text[length - 1]))
		length--;
	return length;
}

/* The message of lines up to "---", without the lines at its head that are about the patch. */
static int gather_message(struct arena *arena, const struct text_line *lines, size_t count,
			  struct patch *patch, struct strbuf *buf, struct ksa_error *err)
{
	bool start = true, head = false;
	size_t paragraphs = 0;
	int r = 0;

	for (size_t i = 0; i < count && !r && buf->length < MAX_MESSAGE; i++) {
		char line[512];
		size_t length = trimmed_length(&lines[i]);

		if (length == 3 && memcmp(lines[i].text, "---", 3) == 0)
			break;
		snprintf(line, sizeof(line), "%.*s", (int)length, lines[i].text);
		if ((start || head) && paragraphs < 4) {
			r = take_head_line(arena, line, patch, &head, err);
			/* What stood before it was the sender's word, not the author's. */
			if (head)
				strbuf_reset(buf);
			if (head || r)
				continue;
		}
		start = !length;
		paragraphs += start && buf->length;
		strbuf_add(buf, lines[i].text, length);
		strbuf_addc(buf, '\n');
	}
	return r;
}

int message_take_text(struct arena *arena, const struct text_line *lines, size_t count,
		      struct patch *patch, struct ksa_error *err)
{
	_cleanup_(strbuf_release) struct strbuf buf = {NULL, 0, 0, false};
	int r = gather_message(arena, lines, count, patch, &buf, err);

	while (buf.length && buf.data[buf.length - 1] == '\n')
		buf.data[--buf.length] = '\0';
	if (buf.failed)
		return r ? r : ksa_fail_nomem(err);
	if (r || !buf.length)
		return r;
	patch->message = arena_strndup(arena, buf.data + strspn(buf.data, "\n"),
				       buf.length - strspn(buf.data, "\n"));
	if (!patch->message)
		return ksa_fail_nomem(err);
	/* A patch without a mail's subject has a message whose first line is one. What a reply left
	 * of a message may start anywhere. */
	if (!patch->subject && !patch->quoted && strcspn(patch->message, "\n") <= MAX_TITLE) {
		const char *first =
			arena_strndup(arena, patch->message, strcspn(patch->message, "\n"));

		r = first ? message_take_subject(arena, first, patch, err) : ksa_fail_nomem(err);
	}
	return r ? r : message_take_trailers(arena, patch->message, patch, err);
}
