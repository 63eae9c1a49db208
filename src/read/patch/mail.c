// SPDX-License-Identifier: GPL-2.0-or-later
#include "read/patch/mail.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/cleanup.h"
#include "base/vec.h"
#include "read/patch/decode.h"
#include "read/patch/html.h"
#include "read/patch/mail_internal.h"

#define MAX_LINES  4000000 /* of all mails of a file */
#define MAX_DEPTH  8 /* of parts in parts */
#define MAX_PARTS  1000
#define MAX_HEADER 65536 /* bytes of one header */

/* What the headers of a mail or part say of its body. */
struct entity {
	const char *type, *boundary; /* "text/plain" */
	const char *name; /* of the file that is attached, or NULL */
	bool flowed;
	enum { ENCODING_NONE = 0, ENCODING_QUOTED, ENCODING_BASE64 } encoding;
};

void mail_list_release(struct mail_list *list)
{
	for (size_t i = 0; i < list->count; i++)
		free(list->items[i].lines.items);
	free(list->items);
	memset(list, 0, sizeof(*list));
}

bool mail_next_line(struct mail_range *range, struct text_line *line)
{
	const char *end;
	size_t length;

	if (!range->size)
		return false;
	end = memchr(range->data, '\n', range->size);
	length = end ? (size_t)(end - range->data) : range->size;
	*line = (struct text_line){range->data, (uint32_t)length, range->line++, !end};
	range->data += length + (end != NULL);
	range->size -= length + (end != NULL);
	if (line->length && line->text[line->length - 1] == '\r')
		line->length--;
	return true;
}

bool text_line_starts(const struct text_line *line, const char *prefix)
{
	size_t length = strlen(prefix);

	return line->length >= length && memcmp(line->text, prefix, length) == 0;
}

/* Archives write blanks as U+00A0 (in ISO 8859-1 one byte), so that pages keep them. */
static bool is_hard_blank(const char *text, uint32_t at)
{
	return text[at] == '\xa0' && (!at || text[at - 1] == '\xc2' || !(text[at - 1] & 0x80));
}

/* A line that was quoted, or starts with such a blank, with blanks in their place. A patch that is
 * whole may be about them. */
static int soften_blanks(struct mail_reader *r, struct text_line *line)
{
	const char *text = line->text;
	uint32_t length = 0;
	char *copy;

	if (!line->length || !memchr(text, 0xa0, line->length) ||
	    (text[0] != '>' && text[0] != '\xa0' && !text_line_starts(line, "\xc2\xa0")))
		return 0;
	copy = arena_alloc(r->arena, line->length);
	if (!copy)
		return ksa_fail_nomem(r->err);
	for (uint32_t i = 0; i < line->length; i++) {
		bool hard = is_hard_blank(text, i);

		length -= hard && i && text[i - 1] == '\xc2';
		copy[length++] = hard ? ' ' : text[i];
	}
	line->text = copy;
	line->length = length;
	return 0;
}

int mail_add_line(struct mail_reader *r, size_t mail, const struct text_line *line)
{
	struct text_lines *lines = &r->list->items[mail].lines;
	struct text_line *added;
	int e = VEC_PUSH_ROOM(lines, r->err);

	if (e)
		return e;
	if (++r->lines > MAX_LINES)
		return ksa_fail_at(r->err, KSA_ELIMIT, r->source, line->at,
				   "has more than %d lines: give one series at a time", MAX_LINES);
	added = &lines->items[lines->count++];
	*added = *line;
	if (r->fixed)
		added->at = r->fixed;
	return soften_blanks(r, added);
}

/* The bytes of a body, decoded. */
static void decode_body(struct strbuf *buf, const struct entity *entity,
			const struct mail_range *body)
{
	struct mail_range rest = *body;
	struct text_line line;

	if (entity->encoding == ENCODING_BASE64)
		decode_base64(buf, body->data, body->size);
	else if (entity->encoding == ENCODING_QUOTED)
		while (mail_next_line(&rest, &line)) {
			if (!decode_quoted(buf, line.text, line.length))
				strbuf_addc(buf, '\n');
		}
	else
		strbuf_add(buf, body->data, body->size);
}

/* The lines of decoded bytes, which stay in the arena. open: the last one may be so. */
static int add_text(struct mail_reader *r, size_t mail, const struct strbuf *buf, uint32_t at,
		    bool open)
{
	struct mail_range range = {arena_strndup(r->arena, strbuf_string(buf), buf->length),
				   buf->length, at};
	struct text_line line;
	int e = 0;

	if (!range.data || buf->failed)
		return ksa_fail_nomem(r->err);
	/* An empty line is a line too. */
	if (!range.size)
		return mail_add_line(r, mail, &(struct text_line){range.data, 0, at, false});
	while (!e && mail_next_line(&range, &line)) {
		line.at = at;
		line.open = line.open && open;
		e = mail_add_line(r, mail, &line);
	}
	return e;
}

static int add_quoted(struct mail_reader *r, size_t mail, struct mail_range *body)
{
	_cleanup_(strbuf_release) struct strbuf buf = {NULL, 0, 0, false};
	struct text_line line;
	uint32_t start = 0;
	int e = 0;

	while (!e && mail_next_line(body, &line)) {
		bool more;

		if (!start) {
			start = line.at;
			strbuf_reset(&buf);
		}
		more = decode_quoted(&buf, line.text, line.length);
		if (more && body->size)
			continue;
		e = add_text(r, mail, &buf, start, line.open);
		start = 0;
	}
	return e;
}

static int add_body(struct mail_reader *r, size_t mail, const struct entity *entity,
		    struct mail_range *body)
{
	_cleanup_(strbuf_release) struct strbuf buf = {NULL, 0, 0, false};
	struct text_line line;
	int e = 0;

	if (entity->encoding == ENCODING_QUOTED)
		return add_quoted(r, mail, body);
	if (entity->encoding == ENCODING_BASE64) {
		decode_base64(&buf, body->data, body->size);
		return add_text(r, mail, &buf, body->line, true);
	}
	while (!e && mail_next_line(body, &line))
		e = mail_add_line(r, mail, &line);
	return e;
}

/* The value of a parameter of a header ("boundary" of "multipart/mixed; boundary=x"), or NULL. */
static const char *parameter(struct mail_reader *r, const char *value, const char *name)
{
	size_t length = strlen(name), n;
	const char *copy;

	for (const char *s = strchr(value, ';'); s; s = strchr(s, ';')) {
		s++;
		s += strspn(s, " \t");
		if (strncasecmp(s, name, length) != 0 || s[length] != '=')
			continue;
		s += length + 1;
		n = *s == '"' ? strcspn(s + 1, "\"") : strcspn(s, "; \t");
		copy = arena_strndup(r->arena, s + (*s == '"'), n);
		r->failed = r->failed || !copy;
		return copy;
	}
	return NULL;
}

static void take_type(struct mail_reader *r, struct entity *entity, const char *value)
{
	size_t length = strcspn(value, "; \t");
	char *type = arena_strndup(r->arena, value, length);
	const char *format = parameter(r, value, "format");
	const char *name = parameter(r, value, "name");

	for (char *s = type; s && *s; s++)
		*s = (char)tolower((unsigned char)*s);
	r->failed = r->failed || !type;
	if (type)
		entity->type = type;
	entity->boundary = parameter(r, value, "boundary");
	entity->flowed = format && strcasecmp(format, "flowed") == 0;
	if (name)
		entity->name = name;
}

static void take_encoding(struct entity *entity, const char *value)
{
	if (strncasecmp(value, "quoted-printable", strlen("quoted-printable")) == 0)
		entity->encoding = ENCODING_QUOTED;
	else if (strncasecmp(value, "base64", strlen("base64")) == 0)
		entity->encoding = ENCODING_BASE64;
}

/* One unfolded header "Name: value"; mail NULL: of a part. */
static int take_header(struct mail_reader *r, struct mail *mail, struct entity *entity,
		       char *header)
{
	char *colon = strchr(header, ':');
	const char *value, **where = NULL;

	if (!colon)
		return 0;
	*colon = '\0';
	value = colon + 1;
	value += strspn(value, " \t");
	if (strcasecmp(header, "Content-Type") == 0) {
		take_type(r, entity, value);
	} else if (strcasecmp(header, "Content-Transfer-Encoding") == 0) {
		take_encoding(entity, value);
	} else if (strcasecmp(header, "Content-Disposition") == 0) {
		const char *name = parameter(r, value, "filename");

		entity->name = name ? name : entity->name;
	}
	if (!mail)
		return 0;
	if (strcasecmp(header, "Subject") == 0)
		where = &mail->subject;
	else if (strcasecmp(header, "From") == 0)
		where = &mail->from;
	else if (strcasecmp(header, "Date") == 0)
		where = &mail->date;
	if (!where || *where)
		return 0;
	*where = mail_decode_words(r->arena, value);
	return *where ? 0 : ksa_fail_nomem(r->err);
}

/* The next line of a header: the blanks that it starts with are the one before it. */
static void add_folded(struct strbuf *buf, const struct text_line *line)
{
	uint32_t skip = 0;

	while (skip < line->length && (line->text[skip] == ' ' || line->text[skip] == '\t'))
		skip++;
	if (buf->length >= MAX_HEADER)
		return;
	strbuf_addc(buf, ' ');
	strbuf_add(buf, line->text + skip, line->length - skip);
}

/* Read headers up to the empty line. mail NO_MAIL: of a part, whose Subject does not count. */
#define NO_MAIL SIZE_MAX
static int read_headers(struct mail_reader *r, size_t mail, struct entity *entity,
			struct mail_range *range)
{
	_cleanup_(strbuf_release) struct strbuf buf = {NULL, 0, 0, false};
	struct text_line line;
	int e = 0;

	*entity = (struct entity){.type = "text/plain"};
	while (!e) {
		bool more = mail_next_line(range, &line) && line.length;

		if (more && (line.text[0] == ' ' || line.text[0] == '\t')) {
			add_folded(&buf, &line);
			continue;
		}
		if (buf.length)
			e = take_header(r, mail == NO_MAIL ? NULL : &r->list->items[mail], entity,
					buf.data);
		if (!more)
			break;
		strbuf_reset(&buf);
		if (line.length < MAX_HEADER)
			strbuf_add(&buf, line.text, line.length);
	}
	return e || !(buf.failed || r->failed) ? e : ksa_fail_nomem(r->err);
}

static bool ends_with(const char *s, const char *end)
{
	size_t length = strlen(s), n = strlen(end);

	return length >= n && strcasecmp(s + length - n, end) == 0;
}

static bool is_html(const struct entity *entity)
{
	return strcmp(entity->type, "text/html") == 0;
}

/* The text of a body of HTML; its lines are all said to be the first one, but for bodies that are
 * not encoded. */
static int add_html(struct mail_reader *r, size_t mail, const struct entity *entity,
		    struct mail_range *body)
{
	_cleanup_(strbuf_release) struct strbuf buf = {NULL, 0, 0, false};
	struct html_text html;
	struct mail_range range;
	struct text_line line;
	int e;

	decode_body(&buf, entity, body);
	if (buf.failed)
		return ksa_fail_nomem(r->err);
	e = html_decode(r->arena, strbuf_string(&buf), buf.length, &html, r->err);
	range = (struct mail_range){html.text, html.size, 1};
	while (!e && mail_next_line(&range, &line)) {
		line.at = body->line + (entity->encoding ? 0 : html.at[line.at - 1] - 1);
		line.open = false;
		e = mail_add_line(r, mail, &line);
	}
	return e;
}

/* Whether a part can hold a patch: text other than HTML, or a file that is named like one. */
static bool is_readable(const struct entity *entity)
{
	const char *name = entity->name ? entity->name : "";

	if (is_html(entity))
		return false;
	return strncmp(entity->type, "text/", 5) == 0 || strstr(entity->type, "patch") ||
	       strstr(entity->type, "diff") || ends_with(name, ".patch") ||
	       ends_with(name, ".diff") || ends_with(name, ".mbox");
}

static int read_any(struct mail_reader *r, struct mail_range *range, unsigned int depth);
static int read_message(struct mail_reader *r, struct mail_range *range, unsigned int depth);
static int read_entity(struct mail_reader *r, size_t mail, struct mail_range *range,
		       unsigned int depth);

/* "From ID Mon Sep 17 00:00:00 2001": the first line of a mail in an mbox. */
static bool is_from_line(const struct text_line *line)
{
	bool clock = false;

	if (!text_line_starts(line, "From ") || line->length < 20)
		return false;
	for (uint32_t i = 5; i + 8 <= line->length && !clock; i++) {
		const char *s = line->text + i;

		clock = isdigit((unsigned char)s[0]) && isdigit((unsigned char)s[1]) &&
			s[2] == ':' && isdigit((unsigned char)s[3]) &&
			isdigit((unsigned char)s[4]) && s[5] == ':' &&
			isdigit((unsigned char)s[6]) && isdigit((unsigned char)s[7]);
	}
	return clock;
}

/* "Name: value": printable ASCII up to the colon (RFC 5322). */
bool mail_is_header(const struct text_line *line)
{
	uint32_t i = 0;

	while (i < line->length && line->text[i] > ' ' && line->text[i] < 127 &&
	       line->text[i] != ':')
		i++;
	return i && i < line->length && line->text[i] == ':';
}

/* Whether the text starts with the headers of a mail, and one that mails have. */
static bool has_headers(struct mail_range range)
{
	struct text_line line;
	bool known = false, any = false;

	while (mail_next_line(&range, &line)) {
		if (!line.length) {
			if (any)
				return known;
			continue;
		}
		if (any && (line.text[0] == ' ' || line.text[0] == '\t'))
			continue;
		if (!mail_is_header(&line))
			return false;
		any = true;
		known = known ||
			(line.length > 5 && (strncasecmp(line.text, "From:", 5) == 0 ||
					     strncasecmp(line.text, "Date:", 5) == 0)) ||
			(line.length > 8 && strncasecmp(line.text, "Subject:", 8) == 0);
	}
	return known;
}

static void skip_blank_lines(struct mail_range *range)
{
	struct mail_range next = *range;
	struct text_line line;

	while (mail_next_line(&next, &line) && !line.length)
		*range = next;
}

/* An attached file: a patch as format-patch writes it is a mail of its own. */
static int read_attachment(struct mail_reader *r, size_t mail, const struct entity *entity,
			   struct mail_range *body, unsigned int depth)
{
	_cleanup_(strbuf_release) struct strbuf buf = {NULL, 0, 0, false};
	struct mail_range inner = *body;
	struct text_line line;
	uint32_t fixed = r->fixed;
	bool whole;
	int e;

	if (entity->encoding) {
		decode_body(&buf, entity, body);
		inner = (struct mail_range){
			arena_strndup(r->arena, strbuf_string(&buf), buf.length), buf.length, 1};
		if (!inner.data || buf.failed)
			return ksa_fail_nomem(r->err);
	}
	skip_blank_lines(&inner);
	whole = has_headers(inner);
	if (!whole) {
		struct mail_range first = inner;

		whole = mail_next_line(&first, &line) && is_from_line(&line);
	}
	if (!whole)
		return add_body(r, mail, entity, body);
	if (entity->encoding && !r->fixed)
		r->fixed = body->line;
	e = read_any(r, &inner, depth);
	r->fixed = fixed;
	return e;
}

/* The parts between lines "--boundary". */
static int read_parts(struct mail_reader *r, size_t mail, const char *boundary,
		      struct mail_range *range, unsigned int depth)
{
	size_t length = strlen(boundary);
	struct mail_range part = {NULL, 0, 0};
	int e = 0;

	for (;;) {
		struct mail_range before = *range;
		struct text_line line;
		bool more = mail_next_line(range, &line), last;

		if (more && !(line.length >= length + 2 && memcmp(line.text, "--", 2) == 0 &&
			      memcmp(line.text + 2, boundary, length) == 0))
			continue;
		last = !more ||
		       (line.length >= length + 4 && memcmp(line.text + 2 + length, "--", 2) == 0);
		if (part.data) {
			part.size = (size_t)(before.data - part.data);
			if (++r->parts > MAX_PARTS)
				return ksa_fail_at(r->err, KSA_ELIMIT, r->source, part.line,
						   "has more than %d parts", MAX_PARTS);
			e = read_entity(r, mail, &part, depth + 1);
		}
		if (e || last)
			return e;
		part = *range;
	}
}

/* A body whose headers were read. */
static int read_body(struct mail_reader *r, size_t mail, const struct entity *entity,
		     struct mail_range *range, unsigned int depth)
{
	if (depth > MAX_DEPTH)
		return ksa_fail_at(r->err, KSA_ELIMIT, r->source, range->line,
				   "has parts nested more than %d deep: take the patch out of "
				   "them",
				   MAX_DEPTH);
	if (strncmp(entity->type, "multipart/", 10) == 0 && entity->boundary && *entity->boundary)
		return read_parts(r, mail, entity->boundary, range, depth);
	if (strcmp(entity->type, "message/rfc822") == 0)
		return read_any(r, range, depth + 1);
	if (is_html(entity) && !r->list->items[mail].lines.count)
		return add_html(r, mail, entity, range);
	if (!is_readable(entity))
		return 0;
	r->list->items[mail].flowed = r->list->items[mail].flowed || entity->flowed;
	if (entity->name)
		return read_attachment(r, mail, entity, range, depth + 1);
	return add_body(r, mail, entity, range);
}

static int read_entity(struct mail_reader *r, size_t mail, struct mail_range *range,
		       unsigned int depth)
{
	struct entity entity;
	int e = read_headers(r, NO_MAIL, &entity, range);

	return e ? e : read_body(r, mail, &entity, range, depth);
}

int mail_push(struct mail_reader *r, const char *commit, uint32_t at)
{
	int e = VEC_PUSH_ROOM(r->list, r->err);

	if (e)
		return e;
	r->list->items[r->list->count++] =
		(struct mail){.commit = commit, .at = r->fixed ? r->fixed : at};
	return 0;
}

static int read_message(struct mail_reader *r, struct mail_range *range, unsigned int depth)
{
	size_t mail = r->list->count - 1;
	struct entity entity;
	int e;

	skip_blank_lines(range);
	e = read_headers(r, mail, &entity, range);
	return e ? e : read_body(r, mail, &entity, range, depth);
}

/* The id of a line "From ID ..." or "commit ID", or NULL; *failed on a lack of memory. */
const char *mail_line_id(struct mail_reader *r, const struct text_line *line, size_t skip,
			 bool *failed)
{
	size_t length = 0;
	const char *id;

	while (skip + length < line->length && isxdigit((unsigned char)line->text[skip + length]))
		length++;
	if (length != 40 && length != 64)
		return NULL;
	id = arena_strndup(r->arena, line->text + skip, length);
	*failed = !id;
	/* format-patch --zero-commit */
	return id && strspn(id, "0") == length ? NULL : id;
}

static int read_mbox(struct mail_reader *r, struct mail_range *range, unsigned int depth)
{
	struct text_line line, next;
	bool more = mail_next_line(range, &line);
	int e = 0;

	while (more && !e) {
		struct mail_range mail = *range, end = *range;
		bool failed = false, blank = false;
		const char *id = mail_line_id(r, &line, 5, &failed);

		if (failed)
			return ksa_fail_nomem(r->err);
		e = mail_push(r, id, line.at);
		while ((more = mail_next_line(range, &next))) {
			struct mail_range body = *range;

			if (blank && is_from_line(&next) && has_headers(body))
				break;
			blank = !next.length;
			end = *range;
		}
		mail.size = (size_t)(end.data - mail.data);
		line = next;
		if (!e)
			e = read_message(r, &mail, depth);
	}
	return e;
}

static int read_any(struct mail_reader *r, struct mail_range *range, unsigned int depth)
{
	struct mail_range first;
	struct text_line line;
	int e;

	if (depth > MAX_DEPTH)
		return ksa_fail_at(r->err, KSA_ELIMIT, r->source, range->line,
				   "has parts nested more than %d deep: take the patch out of "
				   "them",
				   MAX_DEPTH);
	skip_blank_lines(range);
	first = *range;
	if (mail_next_line(&first, &line) && is_from_line(&line))
		return read_mbox(r, range, depth);
	if (!has_headers(*range))
		return mail_read_text(r, range);
	e = mail_push(r, NULL, range->line);
	return e ? e : read_message(r, range, depth);
}

int mails_read(const char *source, const char *data, size_t size, struct arena *arena,
	       struct mail_list *list, struct ksa_error *err)
{
	struct mail_reader r = {.source = source, .arena = arena, .list = list, .err = err};
	struct mail_range range = {data, size, 1};

	return html_is_page(data, size) ? mail_read_page(&r, data, size) : read_any(&r, &range, 0);
}
