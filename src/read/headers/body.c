// SPDX-License-Identifier: GPL-2.0-or-later
#include "read/headers/body.h"

#define MAX_TARGET 128 /* bytes of a name in an instruction */

void body_init(struct header_body *body, struct header_facts *facts, struct facts_open *open,
	       struct ksa_error *err)
{
	*body = (struct header_body){.facts = facts, .open = open, .err = err, .start = true};
}

void body_brace(struct header_body *body)
{
	body->start = true;
	body->type = body->variables = body->skip = body->loop = body->declared = false;
	body->nesting = body->typeof_nesting = 0;
}

/* What stands behind a name decides what it is; macros continue their lines. */
static const unsigned char *peek(const unsigned char *p, const unsigned char *end)
{
	return lex_skip_blank(p, end, false);
}

static bool is_pasted(const unsigned char *p, const unsigned char *end)
{
	return end - p >= 2 && p[0] == '#' && p[1] == '#';
}

/* True if a name behind a type is that of a variable, by what follows it. */
static bool ends_declarator(const struct header_body *body, const unsigned char *p,
			    const unsigned char *end)
{
	if (p == end || is_pasted(p, end))
		return false;
	if (*p == '=')
		return end - p < 2 || p[1] != '=';
	if (*p == '_') /* an attribute: char *p __free(kfree) = NULL; */
		return end - p > 2 && p[1] == '_';
	return *p == ';' || *p == '[' || *p == ',' || (*p == ':' && body->nesting > 0);
}

/*
 * Names that macros paste together from an argument: guard(mutex) calls
 * class_mutex_constructor(), __free(kfree) makes a variable that __free_kfree() cleans up
 * (include/linux/cleanup.h, since 6.5: 54da6a092431).
 */
static const struct paste {
	const char *macro, *prefix, *suffix;
} pastes[] = {
	{"guard", "class_", "_constructor"},
	{"guard", "class_", "_destructor"},
	{"scoped_guard", "class_", "_constructor"},
	{"scoped_guard", "class_", "_destructor"},
	{"scoped_cond_guard", "class_", "_constructor"},
	{"scoped_cond_guard", "class_", "_destructor"},
	{"CLASS", "class_", "_constructor"},
	{"CLASS", "class_", "_destructor"},
	{"__free", "__free_", ""},
	{"static_call", "__SCT__", ""},
	{"static_call_mod", "__SCT__", ""},
	{"static_call_cond", "__SCT__", ""},
	{"STATIC_CALL_TRAMP_STR", "__SCT__", ""},
};

static int refer_pasted(struct header_body *body, struct span macro, const unsigned char *p,
			const unsigned char *end)
{
	struct facts_paste paste;
	uint32_t number;
	int r = 0;

	if (p == end || *p != '(')
		return 0;
	for (size_t i = 0; i < sizeof(pastes) / sizeof(pastes[0]) && !r; i++) {
		if (!span_is(macro, pastes[i].macro))
			continue;
		paste = (struct facts_paste){pastes[i].prefix, lex_name(peek(p + 1, end), end),
					     pastes[i].suffix};
		if (!span_length(paste.name))
			continue;
		r = facts_number(body->facts, paste.name, &number, body->err);
		/* What a macro's own parameter stands for is known only where that is used. */
		if (!r && body->facts->names[number].local != body->open->serial)
			r = facts_refer_pasted(body->facts, body->open, &paste, body->err);
	}
	return r;
}

/* A word of C: what it says of what follows. */
static void take_word(struct header_body *body, enum facts_word word)
{
	bool start = body->start;

	body->start = false;
	switch (word) {
	case WORD_EXTERN:
		body->declared = true;
		body->start = start;
		break;
	case WORD_STORAGE:
		body->start = start;
		break;
	case WORD_TYPE:
		body->type = true;
		break;
	case WORD_TAG:
	case WORD_ENUM:
		body->skip = body->type = true;
		break;
	case WORD_GOTO:
		body->skip = true;
		break;
	case WORD_FOR:
		body->loop = true;
		break;
	case WORD_FLOW:
		body->start = true;
		break;
	case WORD_TYPEOF:
		body->typeof_nesting = body->nesting + 1;
		break;
	default:
		body->type = false;
		break;
	}
}

static int take_name(struct header_body *body, struct span name, const unsigned char *end)
{
	const unsigned char *next = peek(name.end, end);
	enum facts_word word;
	uint32_t number;
	bool skip = body->skip || body->pasted || is_pasted(next, end);
	int r;

	body->skip = body->pasted = false;
	if (skip) {
		body->start = false;
		return 0;
	}
	r = facts_number(body->facts, name, &number, body->err);
	if (r)
		return r;
	word = facts_word(number);
	if (word != WORD_NONE) {
		take_word(body, word);
		return 0;
	}
	if (body->type && !body->declared && ends_declarator(body, next, end)) {
		body->facts->names[number].local = body->open->serial;
		body->type = false;
		body->variables = true;
		body->variables_nesting = body->nesting;
		return 0;
	}
	body->type = body->start && next < end && (lex_is_name_start(*next) || *next == '*');
	body->start = false;
	r = facts_refer(body->facts, body->open, number, body->err);
	return r ? r : refer_pasted(body, name, next, end);
}

/* An instruction in a string may name what it calls: "call __sw_hweight32". */
static int take_string(struct header_body *body, struct span s)
{
	static const char *const calls[] = {"call ", "jmp ", "bl "};
	uint32_t number;
	int r = 0;

	for (size_t i = 0; i < sizeof(calls) / sizeof(calls[0]) && !r; i++) {
		const unsigned char *at = memmem(s.at, span_length(s), calls[i], strlen(calls[i]));
		struct span name;

		if (!at || lex_is_name(at[-1]))
			continue;
		name = lex_name(at + strlen(calls[i]), s.end);
		/* The rest of the name may be in the next string, or an operand. */
		if (!span_length(name) || span_length(name) >= MAX_TARGET || name.end == s.end ||
		    *name.end == '%' || name.end[-1] == '_')
			continue;
		r = facts_number(body->facts, name, &number, body->err);
		if (!r)
			r = facts_refer(body->facts, body->open, number, body->err);
	}
	return r;
}

static void take_comma(struct header_body *body)
{
	body->start = false;
	body->type = body->variables && body->nesting == body->variables_nesting;
}

static void close_nesting(struct header_body *body)
{
	body->start = false;
	body->type = body->typeof_nesting && body->typeof_nesting == body->nesting;
	if (body->type)
		body->typeof_nesting = 0;
	body->nesting -= body->nesting > 0;
	if (body->nesting < body->variables_nesting)
		body->variables = false;
}

static void take_mark(struct header_body *body, const unsigned char *p, const unsigned char *end)
{
	switch (*p) {
	case ';':
		body->start = true;
		body->declared = false;
		body->type = body->variables = false;
		break;
	case '(':
		body->start = body->loop;
		body->loop = body->type = false;
		body->nesting++;
		break;
	case '[':
		body->start = body->type = false;
		body->nesting++;
		break;
	case '{':
		body->start = true;
		body->type = false;
		body->nesting++;
		break;
	case ')':
	case ']':
		close_nesting(body);
		break;
	case '}':
		close_nesting(body);
		body->start = true;
		break;
	case ',':
		take_comma(body);
		break;
	case '*':
		body->start = false;
		break;
	case '.':
		body->skip = p + 1 == end || p[1] != '.';
		body->type = body->start = false;
		break;
	default:
		body->type = body->start = false;
		break;
	}
}

/* "##" joins what is around it, "#" makes its parameter a string. */
static const unsigned char *take_hash(struct header_body *body, const unsigned char *p,
				      const unsigned char *end)
{
	if (is_pasted(p, end)) {
		body->pasted = true;
		return p + 2;
	}
	body->skip = true;
	return p + 1;
}

static const unsigned char *skip_number(const unsigned char *p, const unsigned char *end)
{
	while (p < end && (lex_is_name(*p) || *p == '.'))
		p++;
	return p;
}

int body_token(struct header_body *body, const unsigned char **at, const unsigned char *end)
{
	const unsigned char *p = *at, *next = lex_skip_blank(p, end, false);

	if (next > p) {
		*at = next;
		return 0;
	}
	if (lex_is_name_start(*p)) {
		struct span name = lex_name(p, end);

		*at = name.end;
		return take_name(body, name, end);
	}
	if (*p == '"' || *p == '\'') {
		struct span string = {p, lex_skip_quoted(p, end)};

		*at = string.end;
		body->type = body->start = false;
		return *p == '"' ? take_string(body, string) : 0;
	}
	if (*p == '#') {
		*at = take_hash(body, p, end);
		return 0;
	}
	body->pasted = false;
	if (lex_is_name(*p)) {
		body->type = body->start = body->skip = false;
		*at = skip_number(p, end);
		return 0;
	}
	body->skip = false;
	if (end - p >= 2 && p[0] == '-' && p[1] == '>') {
		body->skip = true;
		body->type = body->start = false;
		*at = p + 2;
		return 0;
	}
	take_mark(body, p, end);
	*at = p + 1;
	return 0;
}

int body_macro(struct header_body *body, struct span text)
{
	int r = 0;

	while (text.at < text.end && !r)
		r = body_token(body, &text.at, text.end);
	return r;
}

/* A list of parameters while it is read. */
struct parameters {
	struct header_body *body;
	unsigned int nesting;
	uint32_t last; /* the number of the last name that may be the parameter's, or HELPER_NONE */
};

static void end_parameter(struct parameters *list)
{
	if (list->last != HELPER_NONE)
		list->body->facts->names[list->last].local = list->body->open->serial;
	list->last = HELPER_NONE;
}

static void take_parameter_mark(struct parameters *list, unsigned char c)
{
	if (c == '(' || c == '[')
		list->nesting++;
	else if ((c == ')' || c == ']') && list->nesting)
		list->nesting--;
	else if (c == ',' && list->nesting == 0)
		end_parameter(list);
}

/* The last name of each parameter, or that behind the '*' of a pointer to a function. */
int body_parameters(struct header_body *body, struct span text)
{
	struct parameters list = {.body = body, .last = HELPER_NONE};
	const unsigned char *p = text.at;

	while (p < text.end) {
		const unsigned char *next = lex_skip_blank(p, text.end, false);
		uint32_t number;

		if (next > p) {
			p = next;
		} else if (lex_is_name_start(*p)) {
			struct span name = lex_name(p, text.end);
			int r = facts_number(body->facts, name, &number, body->err);

			if (r)
				return r;
			if (list.nesting == 0 || p[-1] == '*')
				list.last = number;
			p = name.end;
		} else {
			take_parameter_mark(&list, *p++);
		}
	}
	end_parameter(&list);
	return 0;
}
