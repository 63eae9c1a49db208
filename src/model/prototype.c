// SPDX-License-Identifier: GPL-2.0-or-later
#include "model/prototype.h"

#include <stddef.h>
#include <string.h>

/* One word or sign of a declaration, and what it takes to tell a parameter's name from a type. */
struct token {
	const char *text;
	size_t length; /* 0: the end */
	bool word;
	bool typed; /* a type or a '*' stands before it in its parameter */
	unsigned int depth; /* of parentheses */
};

static bool is_word(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
	       c == '_' || c == '.' || c == '$';
}

static bool is_one_of(const struct token *t, const char *const *words)
{
	for (; *words; words++)
		if (strlen(*words) == t->length && strncmp(*words, t->text, t->length) == 0)
			return true;
	return false;
}

static bool is_qualifier(const struct token *t)
{
	static const char *const words[] = {"const", "volatile", "restrict", NULL};

	return is_one_of(t, words);
}

/* What can be no name; after "struct" and its like the tag is none either. */
static bool is_keyword(const struct token *t)
{
	static const char *const words[] = {"void",   "char",	"short",  "int",      "long",
					    "float",  "double", "signed", "unsigned", "_Bool",
					    "struct", "union",	"enum",	  NULL};

	return is_one_of(t, words);
}

static bool is_tag_keyword(const struct token *t)
{
	static const char *const words[] = {"struct", "union", "enum", NULL};

	return is_one_of(t, words);
}

static const char *skip_blanks(const char *s)
{
	return s + strspn(s, " ");
}

/* What the token says of those behind it. */
static void leave(struct token *t)
{
	if (t->word)
		t->typed = t->typed || (!is_qualifier(t) && !is_tag_keyword(t));
	else
		t->typed = *t->text == '*' || (t->typed && *t->text == ')');
	if (*t->text == '(')
		t->depth++;
	if (*t->text == ')' && t->depth)
		t->depth--;
}

/* Step to the next token; at the start of the text t is zeroed but for text. */
static void next(struct token *t)
{
	const char *s = skip_blanks(t->text + t->length);

	if (t->length)
		leave(t);
	t->text = s;
	t->word = is_word(*s);
	t->length = *s ? 1 : 0;
	while (t->word && is_word(s[t->length]))
		t->length++;
}

/* True if the token is the name of a parameter: it could be left out. */
static bool is_name(const struct token *t)
{
	const char *behind = skip_blanks(t->text + t->length);

	return t->word && t->depth && t->typed && !is_keyword(t) && !is_qualifier(t) &&
	       (*behind == ',' || *behind == ')' || *behind == '[');
}

bool prototype_is_same(const char *a, const char *b)
{
	struct token x = {.text = a}, y = {.text = b};

	for (next(&x), next(&y);; next(&x), next(&y)) {
		while (is_name(&x))
			next(&x);
		while (is_name(&y))
			next(&y);
		if (x.length != y.length || strncmp(x.text, y.text, x.length) != 0)
			return false;
		if (!x.length)
			return true;
	}
}
