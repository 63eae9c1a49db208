/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef READ_SOURCE_LEX_H
#define READ_SOURCE_LEX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

/* A piece of a source file. */
struct span {
	const unsigned char *at, *end;
};

#define LEX_NAME  1 /* letters, digits, '_' and '$' */
#define LEX_DIGIT 2
#define LEX_BLANK 4 /* not the end of a line */
#define LEX_STOP  8 /* what may begin a comment, a string, a character or a directive */

extern const unsigned char lex_class[256];

static inline bool lex_is_name(unsigned char c)
{
	return lex_class[c] & LEX_NAME;
}

static inline bool lex_is_name_start(unsigned char c)
{
	return (lex_class[c] & (LEX_NAME | LEX_DIGIT)) == LEX_NAME;
}

static inline size_t span_length(struct span s)
{
	return (size_t)(s.end - s.at);
}

static inline bool span_is(struct span s, const char *text)
{
	size_t length = strlen(text);

	return span_length(s) == length && memcmp(s.at, text, length) == 0;
}

static inline bool span_same(struct span a, struct span b)
{
	return span_length(a) == span_length(b) && memcmp(a.at, b.at, span_length(a)) == 0;
}

/* True if the span is one C identifier. */
bool span_is_name(struct span s);

/* True if the span is what can follow the start of an identifier. */
bool span_is_word(struct span s);

/* True if text occurs in the span. */
bool span_holds(struct span s, const char *text);

/* The name that begins at p, empty if none does. */
struct span lex_name(const unsigned char *p, const unsigned char *end);

/* Behind the comment that begins at p, or p if none does. */
const unsigned char *lex_skip_comment(const unsigned char *p, const unsigned char *end);

/* Behind the string or character constant whose quote is at p; it ends with its line at the latest.
 */
const unsigned char *lex_skip_quoted(const unsigned char *p, const unsigned char *end);

/* Behind blanks, comments and, unless in_line, ends of lines. */
const unsigned char *lex_skip_blank(const unsigned char *p, const unsigned char *end, bool in_line);

/*
 * The first place from p on where word stands, or NULL. rare is the index of the byte in it that is
 * least frequent in sources, not the last one: memchr() for one byte is several times as fast as
 * memmem().
 */
const unsigned char *lex_find(const unsigned char *p, const unsigned char *end, const char *word,
			      size_t rare);

/* The end of the directive's line that p is in: a line end that is neither continued nor inside a
 * comment. */
const unsigned char *lex_directive_end(const unsigned char *p, const unsigned char *end);

/* The line of p, which does not lie before what was asked last: *counted and *line hold that. */
uint32_t lex_line(const unsigned char **counted, uint32_t *line, const unsigned char *p);

/* The span without blanks and comments at both its ends. */
struct span span_trim(struct span s);

#define LEX_MAX_ARGUMENTS 16
#define LEX_MAX_CALL	  16384 /* bytes; the longest real ones have a few hundred */

struct lex_call {
	struct span arguments[LEX_MAX_ARGUMENTS]; /* trimmed; the last has the rest if more */
	unsigned int count; /* 0 for "()" */
	const unsigned char *after; /* behind the ')', or where reading ended */
};

/*
 * The arguments of a call whose '(' is at p. False if it does not end within LEX_MAX_CALL bytes, or
 * holds a ';' or a brace that is not in parentheses of its own (strict: anywhere).
 */
bool lex_read_call(const unsigned char *p, const unsigned char *end, bool strict,
		   struct lex_call *call);

#endif
