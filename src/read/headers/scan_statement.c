// SPDX-License-Identifier: GPL-2.0-or-later
/* Declarations and definitions at the top level of a header. */
#include "read/headers/scan_internal.h"

void scan_reset_statement(struct header_scanner *s)
{
	s->statement = (struct statement){
		.tag = HELPER_NONE, .last = HELPER_NONE, .function = HELPER_NONE};
}

static void declare(struct header_scanner *s, uint32_t number, uint8_t declared)
{
	if (number != HELPER_NONE)
		s->facts->names[number].declared |= declared;
}

/* At a ';', or a ',' between declarators. */
static int end_declarator(struct header_scanner *s)
{
	const struct statement *st = &s->statement;
	uint32_t name = st->function != HELPER_NONE ? st->function : st->last;

	if (st->aggregate && st->words == 0)
		declare(s, st->tag, DECLARED_TYPE);
	if (name == HELPER_NONE)
		return 0;
	if (st->is_typedef) {
		declare(s, name, DECLARED_TYPE);
		return scan_place(s, name, DECLARES_TYPEDEF, s->at);
	}
	if (st->function != HELPER_NONE) {
		declare(s, name, DECLARED_FUNCTION);
		return scan_place_function(s, false);
	}
	if (st->words <= 1 && !st->aggregate)
		return 0;
	declare(s, name, DECLARED_OBJECT);
	return scan_place_object(s, name);
}

int scan_end_statement(struct header_scanner *s)
{
	int r = end_declarator(s);

	scan_reset_statement(s);
	return r;
}

static bool is_internal(struct span name)
{
	return span_length(name) > 2 && name.at[0] == '_' && name.at[1] == '_';
}

/* A name that is no word of C: the tag, a part of the type, what is declared, or an attribute. */
static void take_plain(struct header_scanner *s, struct span name, uint32_t number)
{
	struct statement *st = &s->statement;
	bool attribute = is_internal(name) && st->words >= (st->aggregate ? 1 : 2);

	if (st->tag_next) {
		st->tag = number;
		st->tag_next = false;
		return;
	}
	if (st->value)
		return;
	st->words++;
	st->name = name;
	st->name_end = name.end;
	/* "extern int a __read_mostly;", but a function's parentheses may follow. */
	if (!attribute || st->last == HELPER_NONE)
		st->last = number;
}

static int take_word(struct header_scanner *s)
{
	struct statement *st = &s->statement;
	struct span name = lex_name(s->at, s->end);
	uint32_t number;
	int r = facts_number(s->facts, name, &number, s->err);

	s->at = name.end;
	if (r)
		return r;
	switch (facts_word(number)) {
	case WORD_NONE:
		take_plain(s, name, number);
		break;
	case WORD_EXTERN:
		st->is_extern = st->is_storage = true;
		break;
	case WORD_TYPEDEF:
		st->is_typedef = true;
		break;
	case WORD_STORAGE:
		st->is_storage = true;
		break;
	case WORD_TYPE:
		st->words++;
		break;
	case WORD_ENUM:
	case WORD_TAG:
		st->is_enum |= facts_word(number) == WORD_ENUM;
		st->aggregate = st->tag_next = true;
		break;
	case WORD_TYPEOF:
		st->words++;
		st->attribute = true;
		break;
	case WORD_ATTRIBUTE:
		st->attribute = true;
		break;
	default:
		break;
	}
	return 0;
}

/* A name with parentheses behind it: a function, or an attribute. */
static int take_function(struct header_scanner *s, struct span arguments)
{
	struct statement *st = &s->statement;
	bool plain = !is_internal(st->name);
	uint32_t number;
	int r;

	/* The first one is the function, unless an attribute that is not known as one came before
	 * it: int __attr(x) f(int a). */
	if (st->function != HELPER_NONE && (st->plain_function || !plain))
		return 0;
	r = facts_number(s->facts, st->name, &number, s->err);
	if (r)
		return r;
	st->function = number;
	st->plain_function = plain;
	st->parameters = arguments;
	st->place = st->name.at;
	st->close = s->at;
	return 0;
}

/* What is in parentheses is the name itself: int (f)(int), or a pointer's: int (*f)(int). */
static int take_inner(struct header_scanner *s, struct span inner)
{
	struct statement *st = &s->statement;
	const unsigned char *p = lex_skip_blank(inner.at, inner.end, false);
	bool pointer = p < inner.end && *p == '*';
	uint32_t number;
	int r;

	while (p < inner.end && *p == '*')
		p = lex_skip_blank(p + 1, inner.end, false);
	inner = lex_name(p, inner.end);
	if (!span_length(inner) || st->inner || st->function != HELPER_NONE)
		return 0;
	r = facts_number(s->facts, inner, &number, s->err);
	if (r)
		return r;
	st->last = number;
	st->inner = true;
	st->words += !pointer || st->words == 1;
	st->name = inner;
	st->name_end = pointer ? NULL : s->at; /* its parameters follow, which are no function's */
	return 0;
}

/* An invocation that is a statement of its own, with or without a ';' or a body behind it. */
static int take_invocation(struct header_scanner *s, struct span arguments)
{
	const unsigned char *p = lex_skip_blank(s->at, s->end, false);
	bool is_counted = p < s->end && *p == '(' && span_is(s->statement.name, "CONCATENATE");
	int r = is_counted ? scan_counted(s, arguments, p)
			   : scan_invocation(s, s->statement.name, arguments);

	scan_reset_statement(s);
	return r;
}

static int take_group(struct header_scanner *s)
{
	struct statement *st = &s->statement;
	const unsigned char *p = s->at, *close = scan_group(s, p);
	bool adjacent = st->name_end && lex_skip_blank(st->name_end, p, false) == p;
	struct span arguments;

	if (!close) {
		s->at++;
		return 0;
	}
	arguments = (struct span){p + 1, close - 1};
	s->at = close;
	if (st->value || st->attribute || *p == '[') {
		st->attribute = false;
		return 0;
	}
	if (!adjacent)
		return st->words ? take_inner(s, arguments) : 0;
	st->name_end = NULL;
	/* An attribute that is not known as one: static __nonnull_args(1) int f(int *a). */
	if (st->words == 1 && !st->aggregate && st->is_storage && is_internal(st->name)) {
		st->words = 0;
		st->last = HELPER_NONE;
		return 0;
	}
	if (st->words == 1 && !st->aggregate)
		return take_invocation(s, arguments);
	return take_function(s, arguments);
}

/* A function's body. */
static int take_body(struct header_scanner *s)
{
	struct statement *st = &s->statement;
	struct facts_open *open = &s->facts->function;
	struct helper init = {.name = st->function,
			      .file = s->file,
			      .kind = s->expanded ? HELPER_GENERATED : HELPER_INLINE,
			      .line = scan_line(s, st->place)};
	struct header_body body;
	int r;

	r = scan_place_function(s, true);
	if (r)
		return r;
	facts_begin(s->facts, open, &init);
	body_init(&body, s->facts, open, s->err);
	s->doubt = scan_is_maybe(s);
	r = body_parameters(&body, st->parameters);
	if (!r)
		r = scan_block(s, &body, false);
	open->init.maybe = s->doubt;
	scan_reset_statement(s);
	return r ? r : facts_end(s->facts, open, s->err);
}

static int take_block(struct header_scanner *s)
{
	struct statement *st = &s->statement;
	int r;

	if (st->is_extern && st->literal && !st->words) {
		s->at++; /* extern "C" { */
		scan_reset_statement(s);
		return 0;
	}
	if (st->function != HELPER_NONE && !st->value)
		return take_body(s);
	if (st->aggregate && !st->value && st->tag != HELPER_NONE) {
		declare(s, st->tag, DECLARED_TYPE);
		r = scan_place(s, st->tag, DECLARES_TAG, s->at);
		if (r)
			return r;
	}
	st->tag_next = false;
	r = scan_block(s, NULL, st->is_enum && !st->value);
	/* What a macro made ends here; a structure's names may follow. */
	if (!st->aggregate && !st->value)
		scan_reset_statement(s);
	return r;
}

int scan_statement(struct header_scanner *s)
{
	struct statement *st = &s->statement;
	unsigned char c = *s->at;
	int r = 0;

	if (!st->begin && !st->listed)
		st->begin = s->at;
	if (lex_is_name_start(c))
		return take_word(s);
	if (c == '(' || c == '[')
		return take_group(s);
	if (c == '{')
		return take_block(s);
	if (c == '"' || c == '\'') {
		st->literal = true;
		s->at = lex_skip_quoted(s->at, s->end);
		return 0;
	}
	if (c == ';' || c == ',')
		r = end_declarator(s);
	if (c == ';' || c == '}')
		scan_reset_statement(s);
	if (c == '=')
		st->value = true;
	if (c == ',') {
		st->value = st->inner = false;
		st->function = st->last = HELPER_NONE;
		st->begin = NULL;
		st->listed = true;
	}
	s->at++;
	return r;
}
