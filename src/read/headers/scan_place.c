// SPDX-License-Identifier: GPL-2.0-or-later
/* Where a header declares names, and with how many arguments. */
#include "read/headers/scan_internal.h"

/* The last of the parameters between parentheses, without blanks; *count of them. False: there is a
 * directive among them, or there are too many. */
static bool split_parameters(struct span text, struct span *last, unsigned int *count)
{
	const unsigned char *p = lex_skip_blank(text.at, text.end, false);
	unsigned int nesting = 0;

	*last = (struct span){p, p};
	for (*count = 1; p < text.end; p = lex_skip_blank(p + 1, text.end, false)) {
		const bool comma = *p == ',' && !nesting;

		if (*p == '#' || *count >= DECLARED_ANY - 1)
			return false;
		if (*p == '(' || *p == '[')
			nesting++;
		else if (*p == ')' || *p == ']')
			nesting -= nesting > 0;
		*count += comma;
		last->end = p + 1;
		if (comma)
			last->at = last->end = lex_skip_blank(p + 1, text.end, false);
	}
	return true;
}

/* How many parameters stand between parentheses, into the place. */
static void count_parameters(struct span text, bool is_macro, struct declared_place *place)
{
	struct span last;
	unsigned int count;

	place->arguments = DECLARED_ANY;
	if (!split_parameters(text, &last, &count))
		return;
	/* "a..." takes all that is left, which may be nothing, as "..." does; f() says nothing. */
	if (span_length(last) >= 3 && memcmp(last.end - 3, "...", 3) == 0) {
		place->is_variadic = true;
		place->arguments = (uint8_t)(count - 1);
	} else if (span_length(last) || count > 1) {
		place->arguments =
			(uint8_t)(count == 1 && !is_macro && span_is(last, "void") ? 0 : count);
	} else if (is_macro) {
		place->arguments = 0;
	}
}

int scan_place_macro(struct header_scanner *s, struct span name, struct span parameters,
		     struct span body)
{
	struct declared_place place = {.file = s->file,
				       .alias = HELPER_NONE,
				       .kind = DECLARES_CONSTANT,
				       .maybe = scan_is_maybe(s)};
	struct span text = {name.at, name.at};
	int r;

	if (!facts_wants(s->facts, (enum declared_kind)place.kind))
		return 0;
	r = facts_number(s->facts, name, &place.name, s->err);
	place.line = scan_line(s, name.at);
	if (parameters.at) {
		place.kind = DECLARES_MACRO;
		count_parameters(parameters, true, &place);
		text.end = parameters.end + 1;
	} else if (span_is_name(span_trim(body)) && !r) {
		r = facts_number(s->facts, span_trim(body), &place.alias, s->err);
	}
	return r ? r : facts_add_place(s->facts, &place, text, s->err);
}

/* True if what stands before a function's name is void, and no pointer. */
static bool is_void(const unsigned char *p, const unsigned char *end)
{
	bool found = false;

	while ((p = lex_skip_blank(p, end, false)) < end) {
		struct span word = lex_name(p, end);

		if (*p == '*')
			return false;
		found |= span_is(word, "void");
		p = span_length(word) ? word.end : p + 1;
	}
	return found;
}

int scan_place_function(struct header_scanner *s, bool has_body)
{
	const struct statement *st = &s->statement;
	struct declared_place place = {.name = st->function,
				       .file = s->file,
				       .alias = HELPER_NONE,
				       .kind = has_body ? DECLARES_INLINE : DECLARES_FUNCTION,
				       .arguments = DECLARED_ANY,
				       .maybe = scan_is_maybe(s)};

	if (!facts_wants(s->facts, (enum declared_kind)place.kind))
		return 0;
	place.line = scan_line(s, st->place);
	if (!st->begin) /* it is not the first of several */
		return facts_add_place(s->facts, &place, (struct span){NULL, NULL}, s->err);
	count_parameters(st->parameters, false, &place);
	place.is_void = is_void(st->begin, st->place);
	return facts_add_place(s->facts, &place, (struct span){st->begin, st->close}, s->err);
}

int scan_place_object(struct header_scanner *s, uint32_t number)
{
	const struct statement *st = &s->statement;
	const struct declared_place place = {.name = number,
					     .file = s->file,
					     .alias = HELPER_NONE,
					     .kind = DECLARES_OBJECT,
					     .arguments = DECLARED_ANY,
					     .maybe = scan_is_maybe(s),
					     .line = scan_line(s, s->at)};
	struct span text = {NULL, NULL};

	/* Of a structure with its members, or a value, only the name is of use. */
	if (st->begin && !st->value && !st->inner && s->at - st->begin < 200 &&
	    !memchr(st->begin, '{', (size_t)(s->at - st->begin)))
		text = (struct span){st->begin, s->at};
	return facts_add_place(s->facts, &place, text, s->err);
}

int scan_place(struct header_scanner *s, uint32_t number, enum declared_kind kind,
	       const unsigned char *p)
{
	const struct declared_place place = {.name = number,
					     .file = s->file,
					     .alias = HELPER_NONE,
					     .kind = (uint8_t)kind,
					     .arguments = DECLARED_ANY,
					     .maybe = scan_is_maybe(s),
					     .line = scan_line(s, p)};

	return facts_add_place(s->facts, &place, (struct span){NULL, NULL}, s->err);
}
