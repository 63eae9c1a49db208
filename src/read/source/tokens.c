// SPDX-License-Identifier: GPL-2.0-or-later
#include "read/source/tokens.h"

static uint32_t read_number(const unsigned char *p, const unsigned char *end,
			    const unsigned char **after)
{
	const unsigned char *q = p;

	while (q < end && (lex_is_name(*q) || *q == '.'))
		q++;
	*after = q;
	return q - p == 1 && *p == '0' ? TOKEN_IS_ZERO : TOKEN_IS_NUMBER;
}

/* True if two bytes of punctuation are one token. */
static bool is_pair(unsigned char a, unsigned char b)
{
	if (b == '=')
		return strchr("=!<>+-*/%&|^", a) != NULL;
	return (a == b && strchr("+-&|<>#", a)) || (a == '-' && b == '>');
}

/* Punctuation of one to three bytes. */
static uint32_t read_punctuation(const unsigned char *p, const unsigned char *end,
				 const unsigned char **after)
{
	unsigned char c = *p, next = end - p > 1 ? p[1] : 0, third = end - p > 2 ? p[2] : 0;

	*after = p + 1;
	if (c == '.' && next == '.' && third == '.') {
		*after = p + 3;
		return TOKEN_OF3('.', '.', '.');
	}
	if (!next || !is_pair(c, next))
		return TOKEN_OF(c);
	*after = p + 2;
	if ((c == '<' || c == '>') && next == c && third == '=') {
		*after = p + 3;
		return TOKEN_OF3(c, c, '=');
	}
	return TOKEN_OF2(c, next);
}

uint32_t token_read(const unsigned char *p, const unsigned char *end, const unsigned char **after)
{
	unsigned char c = *p;

	if (lex_class[c] & LEX_DIGIT)
		return read_number(p, end, after);
	if (c == '"' || c == '\'') {
		*after = lex_skip_quoted(p, end);
		return TOKEN_OF(c);
	}
	if (c > ' ' && c < 0x7f)
		return read_punctuation(p, end, after);
	*after = p + 1;
	return TOKEN_OF('@'); /* what is no token of C */
}
