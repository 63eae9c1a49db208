// SPDX-License-Identifier: GPL-2.0-or-later
#include "read/headers/scan.h"

#include "read/headers/scan_internal.h"

/* How many parentheses without an end are looked for one in a file: each may cost a look at all the
 * rest of it. */
#define MAX_MISFITS 16

uint32_t scan_line(struct header_scanner *s, const unsigned char *p)
{
	return lex_line(&s->counted, &s->line, p);
}

/* Behind the comment, string or character at p, or the one byte that it is. */
static const unsigned char *skip_text(const unsigned char *p, const unsigned char *end)
{
	const unsigned char *next = p;

	if (*p == '/')
		next = lex_skip_comment(p, end);
	else if (*p == '"' || *p == '\'')
		next = lex_skip_quoted(p, end);
	return next > p ? next : p + 1;
}

const unsigned char *scan_group(struct header_scanner *s, const unsigned char *p)
{
	unsigned int nesting = 0;

	if (s->misfits >= MAX_MISFITS)
		return NULL;
	while (p < s->end) {
		if (lex_class[*p] & (LEX_NAME | LEX_BLANK)) {
			p++;
			continue;
		}
		if (*p == '(' || *p == '[')
			nesting++;
		else if ((*p == ')' || *p == ']') && --nesting == 0)
			return p + 1;
		p = skip_text(p, s->end);
	}
	s->misfits++;
	return NULL;
}

/* A closing brace: of a function in the first column, it closes all of it, whatever conditions did
 * to the count. */
static void close_brace(struct header_scanner *s, bool is_function)
{
	bool first = s->at == s->start || s->at[-1] == '\n';

	s->depth = is_function && first ? 0 : s->depth - 1;
}

/* A token of a block that is no function's. */
static int take_other(struct header_scanner *s, bool is_enum, bool *expects)
{
	const unsigned char *p = s->at;
	uint32_t number;
	int r = 0;

	if (lex_is_name_start(*p)) {
		struct span name = lex_name(p, s->end);

		s->at = name.end;
		if (is_enum && *expects && s->depth == 1)
			r = facts_number(s->facts, name, &number, s->err);
		if (is_enum && *expects && s->depth == 1 && !r) {
			s->facts->names[number].declared |= DECLARED_CONSTANT;
			r = scan_place(s, number, DECLARES_ENUMERATOR, p);
		}
		*expects = false;
		return r;
	}
	if (*p == ',')
		*expects = true;
	s->at = skip_text(p, s->end);
	return 0;
}

int scan_block(struct header_scanner *s, struct header_body *body, bool is_enum)
{
	bool expects = true; /* a constant's name */
	int r = 0;

	s->at++;
	s->depth++;
	while (s->at < s->end && s->depth && !r) {
		unsigned char c = *s->at;

		if (c == '#' && scan_begins_line(s, s->at)) {
			r = scan_directive(s);
		} else if (s->cond.dead) {
			scan_skip_dead(s);
		} else if (c == '{' || c == '}') {
			if (c == '{')
				s->depth++;
			else
				close_brace(s, body != NULL);
			if (body)
				body_brace(body);
			s->at++;
		} else if (body) {
			r = body_token(body, &s->at, s->end);
		} else {
			r = take_other(s, is_enum, &expects);
		}
	}
	return r;
}

static int scan_all(struct header_scanner *s)
{
	int r = 0;

	scan_reset_statement(s);
	while (s->at < s->end && !r) {
		const unsigned char *next;

		s->depth = 0;
		if (*s->at == '#' && scan_begins_line(s, s->at)) {
			r = scan_directive(s);
			continue;
		}
		if (s->cond.dead) {
			scan_skip_dead(s);
			continue;
		}
		next = lex_skip_blank(s->at, s->end, false);
		if (next > s->at) {
			s->at = next;
			continue;
		}
		s->begun = true;
		r = scan_statement(s);
	}
	return r;
}

int header_scan(struct header_facts *facts, const struct header_config *config, uint32_t file,
		struct span text, struct ksa_error *err)
{
	struct header_scanner s = {
		.facts = facts,
		.names = header_config_names(config),
		.err = err,
		.file = file,
		.start = text.at,
		.at = text.at,
		.end = text.end,
		.counted = text.at,
		.line = 1,
	};

	return scan_all(&s);
}

int header_scan_expanded(struct header_facts *facts, const struct header_config *config,
			 const struct facts_call *call, struct span text, struct ksa_error *err)
{
	struct header_scanner s = {
		.facts = facts,
		.names = header_config_names(config),
		.err = err,
		.file = call->file,
		.start = text.at,
		.at = text.at,
		.end = text.end,
		.counted = text.end, /* all of it is on the line of the call */
		.line = call->line,
		.maybe = call->maybe,
		.expanded = (uint8_t)(call->depth + 1),
	};
	int r = scan_all(&s);

	/* The ';' stands behind the call. */
	return r ? r : scan_end_statement(&s);
}
