// SPDX-License-Identifier: GPL-2.0-or-later
#include "read/source/lex.h"

const unsigned char lex_class[256] = {
	['0' ... '9'] = LEX_NAME | LEX_DIGIT,
	['a' ... 'z'] = LEX_NAME,
	['A' ... 'Z'] = LEX_NAME,
	['_'] = LEX_NAME,
	['$'] = LEX_NAME, /* the millicode functions of parisc: EXPORT_SYMBOL($$mulI) */
	[' '] = LEX_BLANK,
	['\t'] = LEX_BLANK,
	['\r'] = LEX_BLANK,
	['\v'] = LEX_BLANK,
	['\f'] = LEX_BLANK,
	['/'] = LEX_STOP,
	['"'] = LEX_STOP,
	['\''] = LEX_STOP,
	['#'] = LEX_STOP,
};

bool span_is_word(struct span s)
{
	for (const unsigned char *p = s.at; p < s.end; p++)
		if (!lex_is_name(*p))
			return false;
	return s.at < s.end;
}

bool span_is_name(struct span s)
{
	return span_is_word(s) && lex_is_name_start(*s.at);
}

bool span_holds(struct span s, const char *text)
{
	return memmem(s.at, span_length(s), text, strlen(text)) != NULL;
}

struct span lex_name(const unsigned char *p, const unsigned char *end)
{
	struct span s = {p, p};

	if (p < end && lex_is_name_start(*p))
		while (s.end < end && lex_is_name(*s.end))
			s.end++;
	return s;
}

/* Behind the backslash and the end of the line at p, or p if that is not what is there. */
static const unsigned char *skip_splice(const unsigned char *p, const unsigned char *end)
{
	if (end - p >= 2 && p[0] == '\\' && p[1] == '\n')
		return p + 2;
	if (end - p >= 3 && p[0] == '\\' && p[1] == '\r' && p[2] == '\n')
		return p + 3;
	return p;
}

static const unsigned char *skip_line_comment(const unsigned char *p, const unsigned char *end)
{
	for (;;) {
		const unsigned char *newline = memchr(p, '\n', (size_t)(end - p));

		if (!newline)
			return end;
		if (newline[-1] != '\\' && !(newline[-1] == '\r' && newline[-2] == '\\'))
			return newline;
		p = newline + 1;
	}
}

const unsigned char *lex_skip_comment(const unsigned char *p, const unsigned char *end)
{
	const unsigned char *q;

	if (end - p < 2 || p[0] != '/' || (p[1] != '*' && p[1] != '/'))
		return p;
	if (p[1] == '/')
		return skip_line_comment(p + 2, end);
	/* A slash is rarer in a comment than an asterisk. */
	for (q = p + 3; q < end; q++) {
		q = memchr(q, '/', (size_t)(end - q));
		if (!q)
			break;
		if (q[-1] == '*')
			return q + 1;
	}
	return end;
}

const unsigned char *lex_skip_quoted(const unsigned char *p, const unsigned char *end)
{
	unsigned char quote = *p++;

	for (; p < end; p++) {
		if (*p == quote)
			return p + 1;
		if (*p == '\n')
			return p;
		if (*p == '\\' && p + 1 < end) {
			const unsigned char *next = skip_splice(p, end);

			p = next > p ? next - 1 : p + 1;
		}
	}
	return end;
}

const unsigned char *lex_skip_blank(const unsigned char *p, const unsigned char *end, bool in_line)
{
	while (p < end) {
		const unsigned char *next = p + 1;

		if (*p == '/')
			next = lex_skip_comment(p, end);
		else if (*p == '\\')
			next = skip_splice(p, end);
		else if (!(lex_class[*p] & LEX_BLANK) && (*p != '\n' || in_line))
			break;
		if (next == p)
			break;
		p = next;
	}
	return p;
}

const unsigned char *lex_find(const unsigned char *p, const unsigned char *end, const char *word,
			      size_t rare)
{
	size_t length = strlen(word);
	const unsigned char *last;

	if ((size_t)(end - p) < length)
		return NULL;
	last = end - length + rare;
	for (p += rare; p <= last; p++) {
		p = memchr(p, word[rare], (size_t)(last - p) + 1);
		if (!p)
			return NULL;
		if (p[1] == (unsigned char)word[rare + 1] && memcmp(p - rare, word, length) == 0)
			return p - rare;
	}
	return NULL;
}

const unsigned char *lex_directive_end(const unsigned char *p, const unsigned char *end)
{
	const unsigned char *newline = memchr(p, '\n', (size_t)(end - p));

	/* Most have no comment and are not continued. */
	if (newline && !memchr(p, '/', (size_t)(newline - p)) &&
	    !memchr(p, '\\', (size_t)(newline - p)))
		return newline;
	while (p < end && *p != '\n') {
		const unsigned char *next = p;

		if (*p == '\\')
			next = skip_splice(p, end);
		else if (*p == '/')
			next = lex_skip_comment(p, end);
		else if (*p == '"' || *p == '\'')
			next = lex_skip_quoted(p, end);
		p = next > p ? next : p + 1;
	}
	return p;
}

uint32_t lex_line(const unsigned char **counted, uint32_t *line, const unsigned char *p)
{
	while (*counted < p) {
		const unsigned char *newline = memchr(*counted, '\n', (size_t)(p - *counted));

		*line += newline && *line < UINT32_MAX;
		*counted = newline ? newline + 1 : p;
	}
	return *line;
}

struct span span_trim(struct span s)
{
	const unsigned char *last;

	s.at = lex_skip_blank(s.at, s.end, false);
	/* Comments can only be read forwards: find the last byte that is in none. */
	last = s.at;
	for (const unsigned char *p = s.at; p < s.end;) {
		const unsigned char *next = lex_skip_blank(p, s.end, false);

		if (next == p) {
			next = *p == '"' || *p == '\'' ? lex_skip_quoted(p, s.end) : p + 1;
			last = next;
		}
		p = next;
	}
	s.end = last;
	return s;
}

static void add_argument(struct lex_call *call, const unsigned char *start,
			 const unsigned char *end)
{
	if (call->count == LEX_MAX_ARGUMENTS)
		call->arguments[LEX_MAX_ARGUMENTS - 1].end = end;
	else
		call->arguments[call->count++] = (struct span){start, end};
}

static bool end_call(struct lex_call *call, const unsigned char *start, const unsigned char *p)
{
	call->after = p + 1;
	add_argument(call, start, p);
	for (unsigned int i = 0; i < call->count; i++)
		call->arguments[i] = span_trim(call->arguments[i]);
	if (call->count == 1 && !span_length(call->arguments[0]))
		call->count = 0;
	return true;
}

bool lex_read_call(const unsigned char *p, const unsigned char *end, bool strict,
		   struct lex_call *call)
{
	const unsigned char *start = p + 1;
	unsigned int depth = 0;

	call->count = 0;
	if (end - p > LEX_MAX_CALL)
		end = p + LEX_MAX_CALL;
	while (p < end) {
		switch (*p) {
		case '(':
			depth++;
			break;
		case ')':
			if (--depth == 0)
				return end_call(call, start, p);
			break;
		case ',':
			if (depth == 1) {
				add_argument(call, start, p);
				start = p + 1;
			}
			break;
		case '"':
		case '\'':
			p = lex_skip_quoted(p, end);
			continue;
		case '/': {
			const unsigned char *next = lex_skip_comment(p, end);

			p = next > p ? next : p + 1;
			continue;
		}
		case ';':
		case '{':
		case '}':
			if (strict) {
				call->after = p;
				return false;
			}
			break;
		default:
			break;
		}
		p++;
	}
	call->after = p;
	return false;
}
