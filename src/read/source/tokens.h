/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef READ_SOURCE_TOKENS_H
#define READ_SOURCE_TOKENS_H

#include "read/source/words.h"

/*
 * What a token is: the number of a word, or TOKEN_MARK with what else it is. Punctuation is its up
 * to three bytes: TOKEN_OF2('-', '>').
 */
#define TOKEN_MARK	   0x80000000u
#define TOKEN_OF(a)	   (TOKEN_MARK | (uint32_t)(unsigned char)(a))
#define TOKEN_OF2(a, b)	   (TOKEN_OF(a) | (uint32_t)(unsigned char)(b) << 8)
#define TOKEN_OF3(a, b, c) (TOKEN_OF2(a, b) | (uint32_t)(unsigned char)(c) << 16)

#define TOKEN_END	TOKEN_MARK /* behind the last */
#define TOKEN_IS_NUMBER TOKEN_OF('1')
#define TOKEN_IS_ZERO	TOKEN_OF('0') /* "0" */
#define TOKEN_IS_STRING TOKEN_OF('"')
#define TOKEN_IS_CHAR	TOKEN_OF('\'')

static inline bool token_is_word(uint32_t what)
{
	return !(what & TOKEN_MARK);
}

/* A token of a file, in the order of the file. */
struct source_token {
	uint32_t what, line, branch;
};

/* Those of a file, or of the body of a macro. Zero-initialize; free items. */
struct source_tokens {
	struct source_token *items;
	size_t count, capacity;
};

/* The token that is no word and begins at p, with its end: never behind end. */
uint32_t token_read(const unsigned char *p, const unsigned char *end, const unsigned char **after);

#endif
