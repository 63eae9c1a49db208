// SPDX-License-Identifier: GPL-2.0-or-later
/* Directives of a header: its conditions and its macros. */
#include "read/headers/scan_internal.h"

bool scan_begins_line(const struct header_scanner *s, const unsigned char *p)
{
	while (p > s->start && lex_class[p[-1]] & LEX_BLANK)
		p--;
	return p == s->start || p[-1] == '\n' ||
	       (p - s->start >= 2 && p[-1] == '/' && p[-2] == '*');
}

/* True if what follows the first condition of a file is "#define X", or "#define X 1", with an X
 * that is in it. */
static bool is_guard(const struct header_scanner *s, struct span condition)
{
	const unsigned char *p = lex_skip_blank(condition.end, s->end, false);
	struct span word, name;

	if (s->begun || p == s->end || *p != '#')
		return false;
	word = lex_name(lex_skip_blank(p + 1, s->end, true), s->end);
	if (!span_is(word, "define"))
		return false;
	name = lex_name(lex_skip_blank(word.end, s->end, true), s->end);
	p = lex_skip_blank(name.end, s->end, true);
	return span_length(name) && (p == s->end || *p == '\n' || lex_class[*p] & LEX_DIGIT) &&
	       memmem(condition.at, span_length(condition), name.at, span_length(name)) != NULL;
}

static enum cond_value is_defined(const struct header_scanner *s, struct span rest)
{
	struct span name = lex_name(lex_skip_blank(rest.at, rest.end, true), rest.end);

	return span_length(name) ? s->names.defined(s->names.ctx, name) : COND_UNKNOWN;
}

static enum cond_value negate(enum cond_value value)
{
	if (value == COND_UNKNOWN)
		return value;
	return value == COND_TRUE ? COND_FALSE : COND_TRUE;
}

/* What is ruled out by what is around it need not be evaluated. */
static enum cond_value evaluate(const struct header_scanner *s, struct span rest, bool dead)
{
	return dead ? COND_UNKNOWN : expr_evaluate(rest, &s->names);
}

static void open_condition(struct header_scanner *s, enum cond_value value)
{
	cond_if(&s->cond, value);
	if (s->cond.depth <= COND_DEPTH)
		s->depths[s->cond.depth - 1] = s->depth;
}

/* Both branches may open the same block: the second one begins where the first did. */
static void next_branch(struct header_scanner *s, enum cond_value value)
{
	cond_elif(&s->cond, value);
	if (s->cond.depth && s->cond.depth <= COND_DEPTH)
		s->depth = s->depths[s->cond.depth - 1];
}

static bool take_condition(struct header_scanner *s, struct span word, struct span rest)
{
	bool dead = s->cond.dead;

	if (span_is(word, "ifdef")) {
		open_condition(s, dead ? COND_UNKNOWN : is_defined(s, rest));
	} else if (span_is(word, "ifndef")) {
		open_condition(s, is_guard(s, rest) ? COND_TRUE : negate(is_defined(s, rest)));
	} else if (span_is(word, "if")) {
		open_condition(s, is_guard(s, rest) ? COND_TRUE : evaluate(s, rest, dead));
	} else if (span_is(word, "elif")) {
		next_branch(s, evaluate(s, rest, s->cond.dead > 1));
	} else if (span_is(word, "elifdef")) {
		next_branch(s, is_defined(s, rest));
	} else if (span_is(word, "elifndef")) {
		next_branch(s, negate(is_defined(s, rest)));
	} else if (span_is(word, "else")) {
		next_branch(s, COND_TRUE);
	} else if (span_is(word, "endif")) {
		cond_endif(&s->cond);
	} else {
		return false;
	}
	s->doubt |= scan_is_maybe(s);
	return true;
}

/* True if a macro with this body may be invoked at the top level of a file: it begins with a name
 * that begins no statement, "static" or another macro. */
static bool makes_declarations(struct span body)
{
	static const char *const statements[] = {"do",	 "if",	    "for",    "while",	"return",
						 "asm",	 "__asm__", "switch", "sizeof", "typeof",
						 "goto", "break",   "else",   "case"};
	struct span first = lex_name(lex_skip_blank(body.at, body.end, false), body.end);

	if (!span_length(first))
		return false;
	for (size_t i = 0; i < sizeof(statements) / sizeof(statements[0]); i++)
		if (span_is(first, statements[i]))
			return false;
	return true;
}

static int keep_macro(struct header_scanner *s, uint32_t number, struct span name, struct span body)
{
	const struct facts_macro macro = {
		.name = number, .text = {name.at, body.end}, .maybe = scan_is_maybe(s)};

	/* DEFINE_EVENT_SCHEDSTAT is DEFINE_EVENT: include/trace/events/sched.h. */
	if (name.end == body.at && !span_is_name(span_trim(body)))
		return 0;
	return makes_declarations(body) ? facts_add_macro(s->facts, &macro, s->err) : 0;
}

static int take_define(struct header_scanner *s, struct span rest)
{
	struct facts_open *open = &s->facts->macro;
	struct helper init = {.file = s->file, .kind = HELPER_CONSTANT};
	struct span name = lex_name(lex_skip_blank(rest.at, rest.end, true), rest.end);
	struct span parameters = {NULL, NULL};
	struct header_body body;
	int r;

	if (!span_length(name))
		return 0;
	rest.at = name.end;
	if (rest.at < rest.end && *rest.at == '(') {
		parameters = (struct span){rest.at + 1,
					   memchr(rest.at, ')', (size_t)(rest.end - rest.at))};
		if (!parameters.end)
			return 0;
		rest.at = parameters.end + 1;
		init.kind = HELPER_MACRO;
	}
	r = facts_number(s->facts, name, &init.name, s->err);
	if (r)
		return r;
	init.line = scan_line(s, name.at);
	init.maybe = scan_is_maybe(s);
	r = scan_place_macro(s, name, parameters, rest);
	if (r)
		return r;
	facts_begin(s->facts, open, &init);
	body_init(&body, s->facts, open, s->err);
	r = keep_macro(s, init.name, name, rest);
	if (parameters.end && !r)
		r = body_parameters(&body, parameters);
	if (!r)
		r = body_macro(&body, rest);
	return r ? r : facts_end(s->facts, open, s->err);
}

int scan_directive(struct header_scanner *s)
{
	const unsigned char *hash = s->at;
	struct span word = lex_name(lex_skip_blank(hash + 1, s->end, true), s->end);
	struct span rest = {word.end, lex_directive_end(word.end, s->end)};
	bool is_condition = take_condition(s, word, rest);

	s->at = rest.end;
	/* Macros of what a guard is for may be set before it: TRACE_SYSTEM. */
	s->begun |= is_condition;
	if (!is_condition && !s->cond.dead && span_is(word, "define"))
		return take_define(s, rest);
	if (!is_condition && !s->cond.dead && span_is(word, "include"))
		return facts_add_include(
			s->facts,
			&(struct facts_include){.file = s->file, .maybe = scan_is_maybe(s)}, rest,
			s->err);
	return 0;
}

void scan_skip_dead(struct header_scanner *s)
{
	const unsigned char *p = s->at;

	while (p < s->end) {
		const unsigned char *next = p + 1;

		if (!(lex_class[*p] & LEX_STOP)) {
			p++;
			continue;
		}
		if (*p == '#' && scan_begins_line(s, p))
			break;
		if (*p == '/')
			next = lex_skip_comment(p, s->end);
		else if (*p != '#')
			next = lex_skip_quoted(p, s->end);
		p = next > p ? next : p + 1;
	}
	s->at = p;
}
