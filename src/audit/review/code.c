// SPDX-License-Identifier: GPL-2.0-or-later
#include "audit/review/code.h"

#include <ctype.h>
#include <string.h>

#define MIN_PART      3 /* letters of a name that a macro may put together with others */
#define MAX_STATEMENT 4000 /* bytes before a name that are looked at */

/* Letters, digits, "_" and "$": asked of every byte. */
static const bool word_bytes[256] = {
	['0' ... '9'] = true, ['A' ... 'Z'] = true, ['a' ... 'z'] = true,
	['_'] = true,	      ['$'] = true,
};

static bool is_word(char c)
{
	return word_bytes[(unsigned char)c];
}

static void blank(char *text, size_t from, size_t to)
{
	for (; from < to; from++)
		if (text[from] != '\n')
			text[from] = ' ';
}

/* The end of the string or character that starts at at: behind its quote, or its line's end. */
static size_t literal_end(const char *text, size_t size, size_t at)
{
	char quote = text[at++];

	while (at < size && text[at] != quote && text[at] != '\n')
		at += text[at] == '\\' && at + 1 < size ? 2 : 1;
	return at < size && text[at] == quote ? at + 1 : at;
}

/* The line that starts at at is a directive of the preprocessor of that name. */
static bool is_directive(const char *mask, size_t size, size_t at, const char *name, size_t *end)
{
	size_t length = strlen(name);

	while (at < size && (mask[at] == ' ' || mask[at] == '\t'))
		at++;
	if (at == size || mask[at++] != '#')
		return false;
	while (at < size && (mask[at] == ' ' || mask[at] == '\t'))
		at++;
	*end = at + length;
	return size - at >= length && memcmp(mask + at, name, length) == 0;
}

/* "#if 0", and nothing else on the line. */
static bool is_if_0(const char *mask, size_t size, size_t at)
{
	size_t end;

	if (!is_directive(mask, size, at, "if", &end))
		return false;
	while (end < size && (mask[end] == ' ' || mask[end] == '\t'))
		end++;
	if (end == size || mask[end++] != '0')
		return false;
	while (end < size && (mask[end] == ' ' || mask[end] == '\t' || mask[end] == '\r'))
		end++;
	return end == size || mask[end] == '\n';
}

/* What "#if 0" leaves out, to its #else, #elif or #endif. */
static void mask_if_0(char *mask, size_t size)
{
	size_t depth = 0, unused; /* in what is left out; 0: not in it */

	for (size_t at = 0, next; at < size; at = next) {
		const char *newline = memchr(mask + at, '\n', size - at);

		next = newline ? (size_t)(newline - mask) + 1 : size;
		if (!depth) {
			depth = is_if_0(mask, size, at);
			continue;
		}
		if (is_directive(mask, size, at, "if", &unused))
			depth++;
		else if (is_directive(mask, size, at, "endif", &unused) ||
			 (depth == 1 && is_directive(mask, size, at, "el", &unused)))
			depth--;
		if (depth)
			blank(mask, at, next);
	}
}

/* The end of the comment that begins there, or at itself. */
static size_t comment_end(const char *mask, size_t size, size_t at)
{
	const char *end = NULL;

	if (size - at < 2 || mask[at] != '/')
		return at;
	if (mask[at + 1] == '/')
		end = memchr(mask + at, '\n', size - at);
	else if (mask[at + 1] == '*')
		end = memmem(mask + at + 2, size - at - 2, "*/", 2);
	else
		return at;
	if (!end)
		return size;
	return (size_t)(end - mask) + (*end == '*' ? 2 : 0);
}

char *code_mask(struct arena *arena, const char *text, size_t size)
{
	char *mask = arena_strndup(arena, text, size);
	size_t at = 0;

	while (mask && at < size) {
		size_t end = mask[at] == '"' || mask[at] == '\'' ? literal_end(mask, size, at)
								 : comment_end(mask, size, at);

		blank(mask, at, end);
		at = end > at ? end : at + 1;
	}
	if (mask)
		mask_if_0(mask, size);
	return mask;
}

bool code_find(const char *mask, size_t size, const char *word, size_t *at)
{
	size_t length = strlen(word);

	while (*at < size) {
		const char *found = memmem(mask + *at, size - *at, word, length);
		size_t begin;

		if (!found)
			break;
		begin = (size_t)(found - mask);
		*at = begin;
		if ((!begin || !is_word(mask[begin - 1])) &&
		    (begin + length == size || !is_word(mask[begin + length])))
			return true;
		*at = begin + 1;
	}
	return false;
}

uint32_t code_line(const char *mask, size_t at)
{
	uint32_t line = 1;

	for (size_t i = 0; i < at; i++)
		line += mask[i] == '\n';
	return line;
}

static size_t skip_blanks(const char *mask, size_t size, size_t at)
{
	while (at < size && isspace((unsigned char)mask[at]))
		at++;
	return at;
}

static size_t word_end(const char *mask, size_t size, size_t at)
{
	while (at < size && is_word(mask[at]))
		at++;
	return at;
}

static void walk_byte(struct code_walk *w, char c)
{
	if (c == '{')
		w->braces++;
	else if (c == '}')
		w->braces -= w->braces > 0; /* a hunk may start in a body */
	else if (c == '(')
		w->parens++;
	else if (c == ')')
		w->parens -= w->parens > 0;
	else if (c == '\n' && w->directive)
		w->directive = w->end > 1 && w->mask[w->end - 2] == '\\';
	else if (c == '#')
		w->directive = true;
	/* No parenthesis is left open where a body starts or ends. */
	if (c == '{' || c == '}' || (c == ';' && !w->braces))
		w->parens = 0;
}

bool code_walk_next(struct code_walk *w)
{
	size_t last = w->at, last_end = w->end;

	while (w->end < w->size) {
		if (is_word(w->mask[w->end])) {
			w->at = w->end;
			w->end = word_end(w->mask, w->size, w->end);
			return true;
		}
		if (w->mask[w->end] == '(' && !w->parens) {
			w->macro = last;
			w->macro_end = last_end;
		}
		w->end++;
		walk_byte(w, w->mask[w->end - 1]);
	}
	return false;
}

/* Walk on to the word at at; false: none starts there, or the walk is past it. */
static bool walk_on(struct code_walk *w, size_t at)
{
	while (w->end <= at && code_walk_next(w) && w->at < at)
		;
	return w->at == at && w->end > at;
}

bool code_walk_to(struct code_walk *w, const char *name)
{
	size_t at = w->end;

	if (!code_find(w->mask, w->size, name, &at)) {
		w->end = w->size;
		return false;
	}
	return walk_on(w, at) && w->end - at == strlen(name);
}

/*
 * Whether some letters stand in the statement or declaration of an offset, before it; true where
 * that is too long to tell. Asked before a text is walked through up to there, which takes longer.
 */
static bool may_stand_before(const char *mask, size_t at, const char *letters)
{
	size_t start = at, limit = at > MAX_STATEMENT ? at - MAX_STATEMENT : 0;

	while (start > limit && !strchr(";{}", mask[start - 1]))
		start--;
	return (start == limit && limit) ||
	       memmem(mask + start, at - start, letters, strlen(letters));
}

/* What a macro defines whose argument the name is: DEFINE_MUTEX(x), LIST_HEAD(x), ENTRY(x). */
static enum ksa_kind macro_kind(const struct code_walk *w)
{
	const char *s = w->mask + w->macro;
	size_t length = w->macro_end - w->macro;

	if (length > 7 && (memcmp(s, "DEFINE_", 7) == 0 || memcmp(s, "DECLARE", 7) == 0))
		return KSA_KIND_OBJECT;
	if (length > 5 && memcmp(s + length - 5, "_HEAD", 5) == 0)
		return KSA_KIND_OBJECT;
	if ((length == 5 && memcmp(s, "ENTRY", 5) == 0) ||
	    (length > 8 && memcmp(s, "SYM_FUNC", 8) == 0) ||
	    (length > 14 && memcmp(s, "SYSCALL_DEFINE", 14) == 0))
		return KSA_KIND_FUNCTION;
	return KSA_KIND_UNKNOWN;
}

enum ksa_kind code_walk_kind(const struct code_walk *w)
{
	size_t next;

	if (w->braces || w->directive)
		return KSA_KIND_UNKNOWN;
	if (w->parens)
		return macro_kind(w);
	next = skip_blanks(w->mask, w->size, w->end);
	if (next >= w->size)
		return KSA_KIND_UNKNOWN;
	if (w->mask[next] == '(')
		return KSA_KIND_FUNCTION;
	return strchr("=[;,", w->mask[next]) ? KSA_KIND_OBJECT : KSA_KIND_UNKNOWN;
}

/* Behind the bracket that closes the one at at; size if it does not close. */
static size_t bracket_end(const char *mask, size_t size, size_t at)
{
	size_t depth = 0;
	char open = mask[at], close = open == '(' ? ')' : '}';

	for (; at < size; at++) {
		if (mask[at] == open)
			depth++;
		else if (mask[at] == close && --depth == 0)
			return at + 1;
	}
	return size + 1;
}

/* The "{", ";" or "=" behind the parenthesis at at and what it opens; size or more: none. */
static size_t body_begin(const char *mask, size_t size, size_t at)
{
	at = bracket_end(mask, size, at);
	while (at < size && !strchr("{;=", mask[at]))
		at++;
	return at;
}

bool code_body(const char *mask, size_t size, const char *name, size_t *begin, size_t *end)
{
	struct code_walk w = {.mask = mask, .size = size};
	size_t length = strlen(name);

	for (size_t at = 0; code_find(mask, size, name, &at); at++) {
		size_t open = skip_blanks(mask, size, at + length), limit = size, stop;

		if (open >= size || mask[open] != '(')
			continue;
		if (size - open > MAX_STATEMENT)
			limit = open + MAX_STATEMENT;
		stop = body_begin(mask, limit, open);
		/* Most are calls, that end with ";": no need to walk there. */
		if ((stop < limit && mask[stop] != '{') || !walk_on(&w, at) || w.braces ||
		    w.parens || w.directive)
			continue;
		stop = body_begin(mask, size, open);
		if (stop >= size || mask[stop] != '{')
			continue;
		*begin = stop;
		*end = bracket_end(mask, size, stop);
		return *end <= size;
	}
	return false;
}

static bool is_macro(const char *mask, size_t size, const char *name)
{
	for (size_t at = 0; code_find(mask, size, name, &at); at++) {
		size_t start = at;

		while (start && (mask[start - 1] == ' ' || mask[start - 1] == '\t'))
			start--;
		if (start < at && start >= 6 && memcmp(mask + start - 6, "define", 6) == 0)
			return true;
	}
	return false;
}

static size_t statement_start(const char *mask, size_t at);

/* False where code_walk_kind() says that it is no object, wherever it stands. */
static bool may_be_object(const char *mask, size_t size, size_t at, size_t end)
{
	size_t next = skip_blanks(mask, size, end);

	return (next < size && strchr("=[;,", mask[next])) ||
	       may_stand_before(mask, at, "DEFINE_") || may_stand_before(mask, at, "DECLARE") ||
	       may_stand_before(mask, at, "_HEAD");
}

/* "struct s name = {", "DEFINE_MUTEX(name);" outside of any body, and not "extern". */
static bool is_object(const char *mask, size_t size, const char *name)
{
	struct code_walk w = {.mask = mask, .size = size};

	for (size_t at = 0; code_find(mask, size, name, &at); at++) {
		size_t start;

		if (!may_be_object(mask, size, at, at + strlen(name)) || !walk_on(&w, at) ||
		    code_walk_kind(&w) != KSA_KIND_OBJECT)
			continue;
		start = skip_blanks(mask, size, statement_start(mask, w.at));
		if (start < w.at && !(w.at - start > 6 && memcmp(mask + start, "extern", 6) == 0))
			return true;
	}
	return false;
}

bool code_is_defined(const char *mask, size_t size, const char *name)
{
	size_t begin, end;

	return code_body(mask, size, name, &begin, &end) || is_macro(mask, size, name) ||
	       is_object(mask, size, name);
}

/* Where the statement or declaration of an offset starts, behind lines of the preprocessor. */
static size_t statement_start(const char *mask, size_t at)
{
	size_t start = at, limit = at > MAX_STATEMENT ? at - MAX_STATEMENT : 0;

	while (start > limit && !strchr(";{}", mask[start - 1])) {
		size_t line = start - 1;

		start--;
		if (mask[start] != '\n')
			continue;
		while (line > limit && mask[line - 1] != '\n')
			line--;
		while (mask[line] == ' ' || mask[line] == '\t')
			line++;
		if (mask[line] == '#')
			return start + 1;
	}
	return start;
}

/* The word that ends at or before at, with blanks between; *begin is at if there is none. */
static size_t word_before(const char *mask, size_t at, size_t *begin)
{
	size_t end = at;

	while (end && isspace((unsigned char)mask[end - 1]))
		end--;
	*begin = end;
	while (*begin && is_word(mask[*begin - 1]))
		(*begin)--;
	return end;
}

static bool is_statement_word(const char *word, size_t length)
{
	static const char *const words[] = {"return", "else", "goto",	"case",
					    "sizeof", "do",   "typeof", "extern"};

	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++)
		if (strlen(words[i]) == length && memcmp(words[i], word, length) == 0)
			return true;
	return false;
}

/* "int err, name;": a later one of a declaration of several, outside of parentheses. */
static bool is_later_declaration(const char *mask, size_t at)
{
	size_t start = skip_blanks(mask, at, statement_start(mask, at)), open = 0, close = 0;
	size_t first = word_end(mask, at, start), second = first;

	/* Two words in a row start no expression. */
	while (second < at && (mask[second] == '*' || isspace((unsigned char)mask[second])))
		second++;
	if (first == start || second == first || second >= at || !is_word(mask[second]) ||
	    is_statement_word(mask + start, first - start))
		return false;
	for (size_t i = start; i < at; i++) {
		open += mask[i] == '(';
		close += mask[i] == ')';
	}
	return open == close;
}

/* "unsigned long name;", "struct page *name)", but not "return name;" nor "extern int name;". */
static bool is_own_declaration(const char *mask, size_t size, size_t at, size_t length)
{
	size_t begin, end, next = skip_blanks(mask, size, at + length), start;

	if (next >= size || !strchr(";,=)[:", mask[next]))
		return false;
	end = word_before(mask, at, &begin);
	while (begin == end && end && mask[end - 1] == '*')
		end = word_before(mask, end - 1, &begin);
	if (begin == end && end && mask[end - 1] == ',')
		return is_later_declaration(mask, end);
	if (begin == end || isdigit((unsigned char)mask[begin]) ||
	    is_statement_word(mask + begin, end - begin))
		return false;
	start = skip_blanks(mask, size, statement_start(mask, at));
	return !(at - start > 6 && memcmp(mask + start, "extern", 6) == 0);
}

bool code_has_own(const char *mask, size_t size, const char *name)
{
	size_t length = strlen(name);

	if (code_is_defined(mask, size, name))
		return true;
	for (size_t at = 0; code_find(mask, size, name, &at); at++)
		if (is_own_declaration(mask, size, at, length))
			return true;
	return false;
}

/* True if "." or "->" stands before it. */
static bool is_member(const char *mask, size_t at, size_t limit)
{
	while (at > limit && isspace((unsigned char)mask[at - 1]))
		at--;
	return at &&
	       (mask[at - 1] == '.' || (at > 1 && mask[at - 2] == '-' && mask[at - 1] == '>'));
}

static bool is_word_at(const char *mask, size_t begin, size_t end, const char *word)
{
	return end - begin == strlen(word) && memcmp(mask + begin, word, end - begin) == 0;
}

/* "struct name", "goto name". */
static bool is_tag(const char *mask, size_t at)
{
	static const char *const words[] = {"struct", "union", "enum", "goto"};
	size_t begin, end = word_before(mask, at, &begin);

	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++)
		if (is_word_at(mask, begin, end, words[i]))
			return true;
	return false;
}

/* "name:" where a statement can start: "case name:" and "a ? name : b" are none. */
static bool is_label(const char *mask, size_t size, size_t at, size_t end)
{
	size_t next = skip_blanks(mask, size, end), before = at;

	if (next >= size || mask[next] != ':')
		return false;
	while (before && isspace((unsigned char)mask[before - 1]))
		before--;
	/* "{ name: value, name: value }" is gcc's old way to fill a structure. */
	return !before || strchr(";{}:,", mask[before - 1]);
}

/* "#ifdef name", "#undef name", and the parameters of "#define m(name)": only what a macro stands
 * for may be a use. */
static bool is_in_condition(const char *mask, size_t start, size_t at, size_t end)
{
	size_t open, i, stop;

	if (at - start <= 6 || memcmp(mask + start, "define", 6) != 0)
		return true;
	open = word_end(mask, at, skip_blanks(mask, at, start + 6));
	if (open >= at || mask[open] != '(')
		return open >= at;
	for (i = open; i < at && mask[i] != ')'; i = stop) {
		stop = word_end(mask, at, i + 1);
		if (stop - i - 1 == end - at && memcmp(mask + i + 1, mask + at, end - at) == 0)
			return true;
	}
	return i >= at;
}

/* A member of a structure, a tag, a label, or a header's name: no symbol, whatever it is called. */
static bool is_other_name(const char *mask, size_t size, size_t at, size_t end)
{
	size_t start = at, limit = at > MAX_STATEMENT ? at - MAX_STATEMENT : 0;
	bool directive = false;

	if (is_member(mask, at, limit) || is_tag(mask, at) || is_label(mask, size, at, end))
		return true;
	while (start > limit && mask[start - 1] != '\n')
		start--;
	while (start < at && (mask[start] == ' ' || mask[start] == '\t' || mask[start] == '#'))
		directive |= mask[start++] == '#';
	return directive && is_in_condition(mask, start, at, end);
}

/* True if the text is longer than the word and begins with it. */
static bool begins(const char *text, size_t size, const char *word)
{
	size_t length = strlen(word);

	return size > length && memcmp(text, word, length) == 0;
}

/*
 * "extern int x, *name;" and "static inline int *name(void);": words and stars stand before the
 * name. A hunk may start in a body, so braces do not tell a call from a declaration.
 */
static bool is_declared(const char *mask, size_t size, size_t at, size_t end)
{
	size_t start = skip_blanks(mask, size, statement_start(mask, at));
	size_t next = skip_blanks(mask, size, end), i = start;

	if (begins(mask + start, at - start, "extern") && !is_word(mask[start + 6]))
		return true;
	if (start >= at || next >= size || mask[next] != '(')
		return false;
	if (begins(mask + start, at - start, "return") ||
	    begins(mask + start, at - start, "else") ||
	    (begins(mask + start, at - start, "do") && !is_word(mask[start + 2])))
		return false;
	while (i < at && (is_word(mask[i]) || mask[i] == '*' || isspace((unsigned char)mask[i])))
		i++;
	return i == at;
}

bool code_is_argument(const char *mask, size_t size, size_t at, size_t end)
{
	size_t begin, open = at, next = skip_blanks(mask, size, end);

	while (open && isspace((unsigned char)mask[open - 1]))
		open--;
	if (!open || mask[open - 1] != '(' || next >= size || mask[next] != ')')
		return false;
	end = word_before(mask, open - 1, &begin);
	if (end - begin < 3 || mask[begin] == '_')
		return false;
	for (size_t i = begin; i < end; i++)
		if (islower((unsigned char)mask[i]))
			return false;
	return true;
}

/* Of the word at hand: true if it is used there; false if it is only declared ("extern ...", a
 * prototype outside of any body), exported, a member or a header's name. */
static bool is_use(const struct code_walk *w)
{
	if (is_other_name(w->mask, w->size, w->at, w->end))
		return false;
	if (w->braces || w->directive)
		return true;
	if (w->parens && memmem(w->mask + w->macro, w->macro_end - w->macro, "EXPORT", 6))
		return false;
	return !is_declared(w->mask, w->size, w->at, w->end);
}

bool code_next_use(struct code_walk *w, const char *name, size_t *at)
{
	size_t length = strlen(name);

	for (; code_find(w->mask, w->size, name, at); ++*at) {
		size_t end = *at + length;

		/* What is neither exported nor declared is a use in a body and outside of any. */
		if (!may_stand_before(w->mask, *at, "EXPORT") &&
				    !is_declared(w->mask, w->size, *at, end)
			    ? !is_other_name(w->mask, w->size, *at, end)
			    : walk_on(w, *at) && is_use(w))
			return true;
	}
	return false;
}

/* Of a function: where its body, or its declaration, starts behind the parentheses. */
static size_t function_end(const char *mask, size_t size, size_t at)
{
	at = bracket_end(mask, size, at);
	while (at < size && !strchr("{;=,", mask[at]))
		at++;
	return at;
}

/* Whether what starts at begin defines the name at hand: "name(...);" is called or declared,
 * "extern int name;" is declared; an alias is another name of what is defined. */
static bool is_definition(const struct code_walk *w, enum ksa_kind kind, size_t begin, size_t end)
{
	size_t at = w->end;

	if (begin >= w->at || end >= w->size)
		return false;
	if (kind == KSA_KIND_FUNCTION && !w->parens)
		return w->mask[end] == '{' || code_find(w->mask, end, "alias", &at);
	return !begins(w->mask + begin, w->at - begin, "extern");
}

bool code_next_definition(struct code_walk *w, const char *name, struct code_definition *out)
{
	while (code_walk_to(w, name)) {
		enum ksa_kind kind = code_walk_kind(w);
		size_t begin, end;

		if (kind == KSA_KIND_UNKNOWN)
			continue;
		begin = skip_blanks(w->mask, w->size, statement_start(w->mask, w->at));
		end = skip_blanks(w->mask, w->size, w->end);
		if (kind == KSA_KIND_FUNCTION && !w->parens)
			end = function_end(w->mask, w->size, end);
		else
			while (end < w->size && !strchr(w->parens ? ");" : "=;,{", w->mask[end]))
				end++;
		if (!is_definition(w, kind, begin, end))
			continue;
		*out = (struct code_definition){w->at, begin, end};
		return true;
	}
	return false;
}

bool code_next_more(struct code_walk *w, const char *name)
{
	while (code_walk_to(w, name)) {
		if (w->parens && memmem(w->mask + w->macro, w->macro_end - w->macro, "EXPORT", 6))
			continue;
		if (w->braces || w->directive || !is_declared(w->mask, w->size, w->at, w->end))
			return true;
	}
	return false;
}

/* "part##" or "##part" */
static bool is_pasted(const struct code_walk *w)
{
	size_t begin = w->at, end = skip_blanks(w->mask, w->size, w->end);

	while (begin && isspace((unsigned char)w->mask[begin - 1]))
		begin--;
	return (begin > 1 && memcmp(w->mask + begin - 2, "##", 2) == 0) ||
	       (w->size - end > 1 && memcmp(w->mask + end, "##", 2) == 0);
}

/* An argument of a macro that stands outside of any body, and exports nothing. */
static bool is_argument(const struct code_walk *w)
{
	return w->parens && !w->braces && !w->directive &&
	       skip_blanks(w->mask, w->size, statement_start(w->mask, w->macro)) == w->macro &&
	       !memmem(w->mask + w->macro, w->macro_end - w->macro, "EXPORT", 6);
}

bool code_may_paste(const char *mask, size_t size, const char *name)
{
	struct code_walk w = {.mask = mask, .size = size};
	size_t length = strlen(name);

	if (strncmp(name, "sys_", 4) == 0 || strncmp(name, "compat_sys_", 11) == 0)
		return true;
	while (code_walk_next(&w)) {
		size_t part = w.end - w.at;

		if (part < MIN_PART || part >= length || (!is_argument(&w) && !is_pasted(&w)))
			continue;
		if (memcmp(mask + w.at, name, part) == 0 ||
		    memcmp(mask + w.at, name + length - part, part) == 0)
			return true;
	}
	return false;
}

/* "#" starts a line of the preprocessor. */
static bool is_preprocessor(const char *mask, size_t size, size_t at)
{
	static const char *const words[] = {"if",    "el",    "end",	"def",	  "undef",
					    "inclu", "error", "pragma", "warning"};

	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++) {
		size_t end;

		if (is_directive(mask, size, at, words[i], &end))
			return true;
	}
	return false;
}

/* The signs that start a comment: "#" is an operand's in "mov r0, #1" of ARM. */
static bool is_assembly_comment(const char *mask, size_t size, size_t line, size_t at,
				const char *arch)
{
	switch (mask[at]) {
	case '@':
		return strcmp(arch, "arm") == 0;
	case '!':
		return strncmp(arch, "sparc", 5) == 0 || strncmp(arch, "sh", 2) == 0;
	case '|':
		return strcmp(arch, "m68k") == 0;
	case '#':
		if (line == at)
			return !is_preprocessor(mask, size, at);
		return strncmp(arch, "arm", 3) != 0 && strcmp(arch, "m68k") != 0;
	default:
		return false;
	}
}

void code_mask_assembly(char *mask, size_t size, const char *arch)
{
	size_t line = 0; /* where the first sign of the line stands */

	for (size_t at = 0; at < size; at++) {
		const char *newline;

		if (mask[at] == '\n') {
			line = at + 1;
			continue;
		}
		if (line == at && (mask[at] == ' ' || mask[at] == '\t'))
			line = at + 1;
		if (!is_assembly_comment(mask, size, line, at, arch))
			continue;
		newline = memchr(mask + at, '\n', size - at);
		blank(mask, at, newline ? (size_t)(newline - mask) : size);
	}
}

bool code_next_call(const char *mask, size_t *at, size_t end, const char **name, size_t *length)
{
	while (*at < end) {
		size_t begin = *at, after, next;

		if (!is_word(mask[begin])) {
			(*at)++;
			continue;
		}
		after = word_end(mask, end, begin);
		*at = after;
		next = skip_blanks(mask, end, after);
		if (next >= end || mask[next] != '(' || isdigit((unsigned char)mask[begin]))
			continue;
		/* ops->name() and ops.name() call what a pointer points to. */
		if (begin && (mask[begin - 1] == '.' ||
			      (begin > 1 && mask[begin - 2] == '-' && mask[begin - 1] == '>')))
			continue;
		*name = mask + begin;
		*length = after - begin;
		return true;
	}
	return false;
}
