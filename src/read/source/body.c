// SPDX-License-Identifier: GPL-2.0-or-later
/* The body of a definition, for telling a renamed symbol from a new one. */
#include "read/source/body.h"

#include "read/source/lex.h"

#define MIN_TOKENS 12 /* "(void){return 0;}" is no fingerprint */

/* Behind one token. Directives count as blank: they split a body, but end none. */
static const unsigned char *next_token(const unsigned char *p, const unsigned char *end,
				       struct span *token)
{
	p = lex_skip_blank(p, end, false);
	while (p < end && *p == '#')
		p = lex_skip_blank(lex_directive_end(p, end), end, false);
	token->at = p;
	if (p == end)
		return token->end = p;
	if (lex_is_name(*p))
		while (p < end && lex_is_name(*p))
			p++;
	else if (*p == '"' || *p == '\'')
		p = lex_skip_quoted(p, end);
	else
		p++;
	return token->end = p;
}

static uint32_t hash_token(uint32_t hash, struct span token, const char *name)
{
	if (span_is(token, name))
		return hash * 31 + 1;
	for (const unsigned char *p = token.at; p < token.end; p++)
		hash = (hash ^ *p) * 0x01000193u;
	return hash * 31;
}

static int depth_of(struct span token)
{
	if (span_length(token) != 1)
		return 0;
	switch (*token.at) {
	case '(':
	case '{':
	case '[':
		return 1;
	case ')':
	case '}':
	case ']':
		return -1;
	default:
		return 0;
	}
}

static bool is_char(struct span token, char c)
{
	return span_length(token) == 1 && *token.at == (unsigned char)c;
}

/*
 * From behind the name: parameters, perhaps attributes, and "{...}"; or "= ...;". A declaration,
 * which ends with ';' before either, gives 0.
 */
static uint32_t hash_definition(const unsigned char *p, const unsigned char *end, const char *name)
{
	uint32_t hash = 0x811c9dc5u, tokens = 0;
	bool body = false;
	struct span token;
	int depth = 0;

	for (p = next_token(p, end, &token); token.at < end; p = next_token(p, end, &token)) {
		if (!depth && is_char(token, ';'))
			return body && tokens >= MIN_TOKENS ? hash | 1 : 0;
		if (!depth && (is_char(token, '{') || is_char(token, '=')))
			body = true;
		depth += depth_of(token);
		hash = hash_token(hash, token, name);
		tokens++;
		if (depth < 0)
			return 0;
		if (!depth && body && is_char(token, '}'))
			return tokens >= MIN_TOKENS ? hash | 1 : 0;
	}
	return 0;
}

uint32_t source_body_hash(const unsigned char *data, size_t size, const char *name)
{
	const unsigned char *p = data, *end = data + size;
	size_t length = strlen(name);
	struct span token;
	int depth = 0;

	/* A file that does not have the word is not walked. */
	if (!length || !memmem(data, size, name, length))
		return 0;
	while ((p = next_token(p, end, &token)) && token.at < end) {
		uint32_t hash;

		depth += depth_of(token);
		if (depth < 0)
			depth = 0;
		if (depth || !span_is(token, name))
			continue;
		hash = hash_definition(p, end, name);
		if (hash)
			return hash;
	}
	return 0;
}
