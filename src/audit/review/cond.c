// SPDX-License-Identifier: GPL-2.0-or-later
/* Which lines of a file are compiled: #if with what Kconfig and the kernel's version define. */
#include "audit/review/code.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#define MAX_NESTED 64 /* #if in #if, and "(" in "(" */

struct expression {
	const char *at, *end;
	const struct code_setting *setting;
	unsigned int depth;
};

static enum code_truth not_(enum code_truth t)
{
	return t == CODE_YES ? CODE_NO : t == CODE_NO ? CODE_YES : t;
}

static enum code_truth and_(enum code_truth a, enum code_truth b)
{
	if (a == CODE_NO || b == CODE_NO)
		return CODE_NO;
	/* In the order of the enum the less certain one counts. */
	return a > b ? a : b;
}

static enum code_truth or_(enum code_truth a, enum code_truth b)
{
	return not_(and_(not_(a), not_(b)));
}

static void skip(struct expression *e)
{
	while (e->at < e->end && (isspace((unsigned char)*e->at) || *e->at == '\\'))
		e->at++;
}

static bool take(struct expression *e, const char *token)
{
	size_t length = strlen(token);

	skip(e);
	if ((size_t)(e->end - e->at) < length || memcmp(e->at, token, length) != 0)
		return false;
	e->at += length;
	return true;
}

static bool take_word(struct expression *e, char *word, size_t size)
{
	size_t length = 0;

	skip(e);
	while (e->at + length < e->end &&
	       (isalnum((unsigned char)e->at[length]) || e->at[length] == '_'))
		length++;
	if (!length || length >= size)
		return false;
	memcpy(word, e->at, length);
	word[length] = '\0';
	e->at += length;
	return true;
}

static enum code_truth truth(bool yes)
{
	return yes ? CODE_YES : CODE_NO;
}

/* What Kconfig can make of a symbol, without CONFIG_: as a bit each value. */
static unsigned int values_of(const struct code_setting *s, const char *symbol)
{
	if (s->config)
		return 1u << dotconfig_get(s->config, symbol);
	if (s->module && strcmp(symbol, s->module) == 0)
		return 1u << DOTCONFIG_M;
	if (s->has_symbol && !s->has_symbol(s->ctx, symbol))
		return 1u << DOTCONFIG_N;
	return 1u << DOTCONFIG_N | 1u << DOTCONFIG_M | 1u << DOTCONFIG_Y;
}

/* Whether the symbol has one of some values. */
static enum code_truth is_one_of(const struct code_setting *s, const char *symbol,
				 unsigned int wanted)
{
	unsigned int can = values_of(s, symbol);

	if (!(can & wanted))
		return CODE_NO;
	return can & ~wanted ? CODE_MAYBE : CODE_YES;
}

/* What compilers define, which is of the architecture, and others have not. */
static bool is_of_compiler(const char *word)
{
	size_t length = strlen(word);

	return length > 4 && strncmp(word, "__", 2) == 0 && strcmp(word + length - 2, "__") == 0;
}

/* defined(word), as include/generated/autoconf.h has it. */
static enum code_truth is_defined(const struct expression *e, const char *word)
{
	const struct code_setting *s = e->setting;
	size_t length = strlen(word);
	char name[256];

	if (strcmp(word, "MODULE") == 0 && s->any_own)
		return CODE_MAYBE;
	if (strcmp(word, "MODULE") == 0)
		return truth(s->own == DOTCONFIG_M);
	if (strcmp(word, "__KERNEL__") == 0)
		return CODE_YES;
	if (strcmp(word, "__CHECKER__") == 0)
		return CODE_NO;
	if (strncmp(word, "CONFIG_", 7) != 0)
		return is_of_compiler(word) ? CODE_MAYBE : CODE_UNKNOWN;
	/* CONFIG_X_MODULE is defined when X is a module. */
	if (length > 7 + 7 && length < sizeof(name) && strcmp(word + length - 7, "_MODULE") == 0) {
		memcpy(name, word + 7, length - 7 - 7);
		name[length - 7 - 7] = '\0';
		return is_one_of(s, name, 1u << DOTCONFIG_M);
	}
	return is_one_of(s, word + 7, 1u << DOTCONFIG_Y);
}

/* IS_ENABLED(CONFIG_X) and its kin (include/linux/kconfig.h). */
static enum code_truth kconfig_macro(struct expression *e, const char *macro)
{
	const unsigned int y = 1u << DOTCONFIG_Y, m = 1u << DOTCONFIG_M;
	const struct code_setting *s = e->setting;
	char word[256];

	if (!take(e, "(") || !take_word(e, word, sizeof(word)) || !take(e, ")") ||
	    strncmp(word, "CONFIG_", 7) != 0)
		return CODE_UNKNOWN;
	if (strcmp(macro, "IS_ENABLED") == 0)
		return is_one_of(s, word + 7, y | m);
	if (strcmp(macro, "IS_BUILTIN") == 0)
		return is_one_of(s, word + 7, y);
	if (strcmp(macro, "IS_MODULE") == 0)
		return is_one_of(s, word + 7, m);
	return is_one_of(s, word + 7, s->any_own || s->own == DOTCONFIG_M ? y | m : y);
}

/* A number, LINUX_VERSION_CODE or KERNEL_VERSION(a, b, c); word was read. */
static bool number_of(struct expression *e, const char *word, uint32_t *number)
{
	uint32_t parts[3];
	char *end;

	if (strcmp(word, "LINUX_VERSION_CODE") == 0) {
		*number = e->setting->version;
		return *number != 0;
	}
	if (strcmp(word, "KERNEL_VERSION") != 0) {
		*number = (uint32_t)strtoul(word, &end, 0);
		return end != word && strspn(end, "uUlL") == strlen(end);
	}
	for (int i = 0; i < 3; i++) {
		char part[16];

		if (!take(e, i ? "," : "(") || !take_word(e, part, sizeof(part)))
			return false;
		parts[i] = (uint32_t)strtoul(part, NULL, 0);
	}
	/* include/linux/version.h: a level over 255 is told as 255 */
	*number = (parts[0] << 16) + (parts[1] << 8) + (parts[2] < 255 ? parts[2] : 255);
	return take(e, ")");
}

/* A comparison of two numbers, or one alone; the first word was read. */
static enum code_truth compare_numbers(struct expression *e, const char *word)
{
	static const char *const operators[] = {"<=", ">=", "==", "!=", "<", ">"};
	uint32_t x, y = 0;
	bool known = number_of(e, word, &x);
	char other[64];
	size_t i = 0;

	while (i < sizeof(operators) / sizeof(*operators) && !take(e, operators[i]))
		i++;
	if (i == sizeof(operators) / sizeof(*operators))
		return known ? truth(x != 0) : CODE_UNKNOWN;
	if (!take_word(e, other, sizeof(other)) || !number_of(e, other, &y) || !known)
		return CODE_UNKNOWN;
	switch (i) {
	case 0:
		return truth(x <= y);
	case 1:
		return truth(x >= y);
	case 2:
		return truth(x == y);
	case 3:
		return truth(x != y);
	case 4:
		return truth(x < y);
	default:
		return truth(x > y);
	}
}

static enum code_truth either(struct expression *e);

static enum code_truth primary(struct expression *e)
{
	enum code_truth t;
	char word[256];

	if (++e->depth > MAX_NESTED)
		return CODE_UNKNOWN;
	if (take(e, "!"))
		return not_(primary(e));
	if (take(e, "(")) {
		t = either(e);
		return take(e, ")") ? t : CODE_UNKNOWN;
	}
	if (!take_word(e, word, sizeof(word)))
		return CODE_UNKNOWN;
	if (strcmp(word, "defined") == 0) {
		bool parenthesis = take(e, "(");

		if (!take_word(e, word, sizeof(word)) || (parenthesis && !take(e, ")")))
			return CODE_UNKNOWN;
		return is_defined(e, word);
	}
	if (strncmp(word, "IS_", 3) == 0)
		return kconfig_macro(e, word);
	if (isdigit((unsigned char)word[0]) || strcmp(word, "LINUX_VERSION_CODE") == 0 ||
	    strcmp(word, "KERNEL_VERSION") == 0)
		return compare_numbers(e, word);
	return strncmp(word, "CONFIG_", 7) == 0 ? is_defined(e, word) : CODE_UNKNOWN;
}

static enum code_truth both(struct expression *e)
{
	enum code_truth t = primary(e);

	while (take(e, "&&"))
		t = and_(t, primary(e));
	return t;
}

static enum code_truth either(struct expression *e)
{
	enum code_truth t = both(e);

	while (take(e, "||"))
		t = or_(t, both(e));
	return t;
}

/* The whole of an #if's expression; what has other operators is not known. */
static enum code_truth evaluate(struct expression e)
{
	enum code_truth t = either(&e);

	skip(&e);
	return e.at == e.end ? t : CODE_UNKNOWN;
}

/* One open #if: whether the branch at hand is taken, and whether one was before it. */
struct branch {
	enum code_truth now, before;
};

struct branches {
	struct branch items[MAX_NESTED];
	size_t count, lost; /* lost: deeper ones, of which nothing is known */
};

static void open_branch(struct branches *b, enum code_truth t)
{
	if (b->count == MAX_NESTED) {
		b->lost++;
		return;
	}
	b->items[b->count++] = (struct branch){.now = t, .before = CODE_NO};
}

static void next_branch(struct branches *b, enum code_truth t)
{
	struct branch *last;

	if (b->lost || !b->count)
		return;
	last = &b->items[b->count - 1];
	last->before = or_(last->before, last->now);
	last->now = and_(t, not_(last->before));
}

static void directive(struct branches *b, struct expression e)
{
	char word[32], name[256];

	if (!take_word(&e, word, sizeof(word)))
		return;
	if (strcmp(word, "if") == 0) {
		open_branch(b, evaluate(e));
	} else if (strcmp(word, "ifdef") == 0 || strcmp(word, "ifndef") == 0) {
		enum code_truth t =
			take_word(&e, name, sizeof(name)) ? is_defined(&e, name) : CODE_UNKNOWN;

		open_branch(b, strcmp(word, "ifdef") == 0 ? t : not_(t));
	} else if (strcmp(word, "elif") == 0) {
		next_branch(b, evaluate(e));
	} else if (strcmp(word, "else") == 0) {
		next_branch(b, CODE_YES);
	} else if (strcmp(word, "endif") == 0) {
		if (b->lost)
			b->lost--;
		else
			b->count -= b->count > 0;
	}
}

enum code_truth code_is_compiled(const char *mask, size_t size, size_t at,
				 const struct code_setting *setting)
{
	struct branches b = {.count = 0};
	enum code_truth t = CODE_YES;

	for (size_t line = 0; line < at;) {
		size_t end = line, start = line;

		while (end < size && (mask[end] != '\n' || (end > line && mask[end - 1] == '\\')))
			end++;
		while (start < end && (mask[start] == ' ' || mask[start] == '\t'))
			start++;
		if (start < end && mask[start] == '#' && end < at)
			directive(&b, (struct expression){.at = mask + start + 1,
							  .end = mask + end,
							  .setting = setting});
		line = end + 1;
	}
	for (size_t i = 0; i < b.count; i++)
		t = and_(t, b.items[i].now);
	return b.lost ? and_(t, CODE_UNKNOWN) : t;
}
