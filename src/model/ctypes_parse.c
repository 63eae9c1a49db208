// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * C declarations to types. A snapshot has its types as text: some 2 MB, which have to be read in
 * less time than it takes to notice. So names are not copied one by one: the text is kept, and what
 * ends a name is overwritten.
 */
#include "model/ctypes.h"

#include <stdlib.h>
#include <string.h>

#include "base/vec.h"
#include "model/ctypes_internal.h"

/* Declarators and structures in each other; real ones have under ten. */
#define MAX_NESTING 40

enum token {
	TOKEN_END = 0, /* all others are the character that they are */
	TOKEN_NAME = 'a',
	TOKEN_NUMBER = '0',
	TOKEN_ELLIPSIS = '.',
	TOKEN_OTHER = '?'
};

struct parser {
	struct ctypes *types;
	const char *start;
	char *at; /* behind the token */
	char current; /* what stands there: what ended a name is no longer in the text */
	enum token token;
	const char *name; /* of TOKEN_NAME */
	uint32_t number; /* of TOKEN_NUMBER */
	unsigned int depth;
	struct {
		struct ctype_part *items; /* of those types that are not complete yet */
		size_t count, capacity;
	} parts;
	struct ksa_error *err;
};

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\n';
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool is_name_character(char c)
{
	return (c >= 'a' && c <= 'z') || c == '_' || (c >= 'A' && c <= 'Z') || is_digit(c);
}

static void step(struct parser *p)
{
	p->current = *++p->at;
}

static void read_number(struct parser *p)
{
	uint64_t value = 0;

	for (; is_digit(p->current); step(p))
		if (value <= UINT32_MAX)
			value = value * 10 + (uint64_t)(p->current - '0');
	p->token = value <= UINT32_MAX ? TOKEN_NUMBER : TOKEN_OTHER;
	p->number = (uint32_t)value;
}

/* Read a token, and the blanks behind it. */
static void next(struct parser *p)
{
	char c = p->current;

	if (is_digit(c)) {
		read_number(p);
	} else if (is_name_character(c)) {
		p->token = TOKEN_NAME;
		p->name = p->at;
		while (is_name_character(*++p->at))
			;
		p->current = *p->at;
		*p->at = '\0';
	} else if (c == '.' && p->at[1] == '.' && p->at[2] == '.') {
		p->token = TOKEN_ELLIPSIS;
		step(p);
		step(p);
		step(p);
	} else {
		p->token = c && strchr("*()[]{},:;", c) ? (enum token)c
			   : c				? TOKEN_OTHER
							: TOKEN_END;
		if (c)
			step(p);
	}
	while (is_blank(p->current))
		step(p);
}

static int fail(struct parser *p, const char *expected)
{
	return ksa_fail(p->err, KSA_EFORMAT, "no declaration of C: expected %s before column %zu",
			expected, (size_t)(p->at - p->start) + 1);
}

static int expect(struct parser *p, char token, const char *what)
{
	if (p->token != (enum token)token)
		return fail(p, what);
	next(p);
	return 0;
}

/* Let a type have the parts from mark on. */
static int set(struct parser *p, uint32_t id, const struct ctype *init, size_t mark)
{
	size_t count = p->parts.count - mark;

	return ctypes_set_kept(p->types, id, init, count ? p->parts.items + mark : NULL, count,
			       p->err);
}

/* A type that needs no name: what only refers to others. */
static int add(struct parser *p, const struct ctype *init, uint32_t *id)
{
	int r = ctypes_reserve(p->types, id, p->err);

	if (!r) {
		p->types->items[*id] = *init;
		p->types->items[*id].name = "";
	}
	return r;
}

/* Words that stand before a declarator. */
struct specifiers {
	uint32_t type;
	uint8_t qualifiers;
	bool any, is_typedef;
	/* of numbers */
	bool is_unsigned, is_signed, is_short;
	unsigned int longs;
	const char *base; /* "int", "char", "float" ...; NULL: none of them yet */
};

/* Most words differ in their first letter. */
static bool is_word(const char *word, const char *keyword)
{
	return *word == *keyword && strcmp(word, keyword) == 0;
}

static const char *integer_name(const struct specifiers *s)
{
	static const char *const names[][2] = {
		{"short int", "short unsigned int"},
		{"int", "unsigned int"},
		{"long int", "long unsigned int"},
		{"long long int", "long long unsigned int"},
	};
	size_t longs = s->longs > 1 ? 2 : s->longs;

	return names[s->is_short ? 0 : longs + 1][s->is_unsigned];
}

/* A number's type as gcc calls it. */
static const char *base_name(const struct specifiers *s)
{
	if (!s->base || strcmp(s->base, "int") == 0)
		return integer_name(s);
	if (strcmp(s->base, "char") == 0 && s->is_unsigned)
		return "unsigned char";
	if (strcmp(s->base, "char") == 0 && s->is_signed)
		return "signed char";
	if (strcmp(s->base, "__int128") == 0 && s->is_unsigned)
		return "__int128 unsigned";
	return strcmp(s->base, "double") == 0 && s->longs ? "long double" : s->base;
}

/* Take a word of a number's type. False: it is none. */
static bool take_number_word(struct specifiers *s, const char *word)
{
	static const char *const bases[] = {"int", "char", "_Bool", "float", "double", "__int128"};

	for (size_t i = 0; i < sizeof(bases) / sizeof(*bases) && !s->base; i++) {
		if (is_word(word, bases[i])) {
			s->base = bases[i];
			return true;
		}
	}
	if (is_word(word, "unsigned"))
		s->is_unsigned = true;
	else if (is_word(word, "signed"))
		s->is_signed = true;
	else if (is_word(word, "short"))
		s->is_short = true;
	else if (is_word(word, "long"))
		s->longs++;
	else
		return false;
	return true;
}

static uint8_t qualifier_of(const char *word)
{
	if (is_word(word, "const"))
		return CTYPE_CONST;
	if (is_word(word, "volatile"))
		return CTYPE_VOLATILE;
	return is_word(word, "restrict") ? CTYPE_RESTRICT : 0;
}

/* The type of that name: found, or a forward. */
static int refer(struct parser *p, enum ctype_kind kind, const char *name, uint32_t *id)
{
	const struct ctype forward = {.name = name, .kind = (uint8_t)kind, .is_forward = true};
	const struct ctype base = {.name = name, .kind = CTYPE_BASE};

	return ctypes_add(p->types, kind == CTYPE_BASE ? &base : &forward, NULL, 0, id, p->err);
}

static int parse_members(struct parser *p);

/* "A,B}": the parts of an enumeration. */
static int parse_enumerators(struct parser *p)
{
	while (p->token == TOKEN_NAME) {
		int r = VEC_PUSH_ROOM(&p->parts, p->err);

		if (r)
			return r;
		p->parts.items[p->parts.count++] = (struct ctype_part){.name = p->name};
		next(p);
		if (p->token != (enum token)',')
			break;
		next(p);
	}
	return expect(p, '}', "an enumerator, ',' or '}'");
}

/* Behind '{': all of a structure, union or enumeration up to its '}'. A tag that is known already
 * stays what it is. */
static int parse_body(struct parser *p, const struct ctype *init, uint32_t *id)
{
	size_t mark = p->parts.count;
	int r = 0;

	if (++p->depth > MAX_NESTING)
		return fail(p, "fewer structures in each other");
	if (*init->name)
		r = refer(p, init->kind, init->name, id);
	else
		r = ctypes_reserve(p->types, id, p->err);
	if (!r)
		r = init->kind == CTYPE_ENUM ? parse_enumerators(p) : parse_members(p);
	if (!r && (!*init->name ||
		   (p->types->items[*id].is_forward && !p->types->items[*id].is_disputed)))
		r = set(p, *id, init, mark);
	p->parts.count = mark;
	p->depth--;
	return r;
}

/* Behind "struct", "union" or "enum". */
static int parse_tagged(struct parser *p, enum ctype_kind kind, uint32_t *id)
{
	struct ctype init = {.name = "", .kind = (uint8_t)kind};

	if (p->token == TOKEN_NAME) {
		init.name = p->name;
		next(p);
	}
	if (kind == CTYPE_ENUM && p->token == (enum token)':') {
		next(p);
		init.is_signed = true;
		if (p->token != TOKEN_NAME || strcmp(p->name, "int") != 0)
			return fail(p, "'int'");
		next(p);
		if (p->token != (enum token)'{')
			return fail(p, "'{'");
	}
	if (p->token != (enum token)'{')
		return *init.name ? refer(p, kind, init.name, id) : fail(p, "a tag or '{'");
	next(p);
	return parse_body(p, &init, id);
}

static enum ctype_kind tag_kind_of(const char *word)
{
	if (is_word(word, "struct"))
		return CTYPE_STRUCT;
	if (is_word(word, "union"))
		return CTYPE_UNION;
	return is_word(word, "enum") ? CTYPE_ENUM : CTYPE_VOID;
}

static bool is_number(const struct specifiers *s)
{
	return s->base || s->is_unsigned || s->is_signed || s->is_short || s->longs;
}

/* The first word of a type that is none of numbers. */
static int take_first(struct parser *p, struct specifiers *s)
{
	enum ctype_kind kind = tag_kind_of(p->name);
	int r = 0;

	if (!s->is_typedef && is_word(p->name, "typedef")) {
		s->is_typedef = true;
		next(p);
		return 0;
	}
	s->any = true;
	if (kind != CTYPE_VOID) {
		next(p);
		return parse_tagged(p, kind, &s->type);
	}
	if (!is_word(p->name, "void"))
		r = refer(p, CTYPE_TYPEDEF, p->name, &s->type);
	next(p);
	return r;
}

/* One word of the specifiers; *done: it is the declarator's name. */
static int take_word(struct parser *p, struct specifiers *s, bool *done)
{
	uint8_t qualifier = qualifier_of(p->name);

	if (qualifier) {
		s->qualifiers |= qualifier;
	} else if ((!s->any || is_number(s)) && take_number_word(s, p->name)) {
		s->any = true;
	} else if (s->any) {
		*done = true;
		return 0;
	} else {
		return take_first(p, s);
	}
	next(p);
	return 0;
}

/* All up to the declarator; *id is the type that they say. */
static int parse_specifiers(struct parser *p, uint32_t *id, bool *is_typedef)
{
	struct specifiers s = {.type = 0};
	bool done = false;
	int r = 0;

	while (p->token == TOKEN_NAME && !done && !r)
		r = take_word(p, &s, &done);
	if (r)
		return r;
	if (!s.any)
		return fail(p, "a type");
	if (is_typedef)
		*is_typedef = s.is_typedef;
	if (is_number(&s))
		r = refer(p, CTYPE_BASE, base_name(&s), &s.type);
	*id = s.type;
	if (r || !s.qualifiers)
		return r;
	return add(p,
		   &(struct ctype){
			   .kind = CTYPE_QUALIFIER, .qualifiers = s.qualifiers, .target = s.type},
		   id);
}

/* What a declarator declares. */
struct declared {
	const char *name; /* "": nothing, as in "void (*)(int)" */
	uint32_t type;
};

static int parse_declarator(struct parser *p, uint32_t base, struct declared *out);

/* One parameter onto the stack of parts. */
static int parse_parameter(struct parser *p)
{
	struct declared d = {.name = ""};
	uint32_t base;
	int r = parse_specifiers(p, &base, NULL);

	if (!r)
		r = parse_declarator(p, base, &d);
	if (!r)
		r = VEC_PUSH_ROOM(&p->parts, p->err);
	if (!r)
		p->parts.items[p->parts.count++] =
			(struct ctype_part){.name = d.name, .type = d.type};
	return r;
}

/* Behind '(': the parameters up to ')'; "(void)" are none. */
static int parse_parameters(struct parser *p, struct ctype *function, size_t mark)
{
	int r;

	while (p->token != (enum token)')') {
		if (p->token == TOKEN_ELLIPSIS) {
			function->is_variadic = true;
			next(p);
			break;
		}
		r = parse_parameter(p);
		if (r)
			return r;
		if (p->token != (enum token)',')
			break;
		next(p);
	}
	if (p->parts.count == mark + 1 && !p->parts.items[mark].type && !*p->parts.items[mark].name)
		p->parts.count = mark;
	return expect(p, ')', "a parameter or ')'");
}

static int parse_suffix(struct parser *p, uint32_t base, uint32_t *id);

static int parse_function(struct parser *p, uint32_t base, uint32_t *id)
{
	struct ctype function = {.name = "", .kind = CTYPE_FUNCTION};
	size_t mark = p->parts.count;
	int r;

	next(p);
	r = parse_parameters(p, &function, mark);
	if (!r)
		r = parse_suffix(p, base, &function.target);
	if (!r)
		r = ctypes_reserve(p->types, id, p->err);
	if (!r)
		r = set(p, *id, &function, mark);
	p->parts.count = mark;
	return r;
}

static int parse_array(struct parser *p, uint32_t base, uint32_t *id)
{
	struct ctype array = {.kind = CTYPE_ARRAY};
	int r;

	next(p);
	if (p->token == TOKEN_NUMBER) {
		array.count = p->number;
		next(p);
	}
	r = expect(p, ']', "']'");
	if (!r)
		r = parse_suffix(p, base, &array.target);
	return r ? r : add(p, &array, id);
}

/* Arrays and parameters behind a name: the first one is the outermost type. */
static int parse_suffix(struct parser *p, uint32_t base, uint32_t *id)
{
	int r = 0;

	*id = base;
	if (p->token != (enum token)'(' && p->token != (enum token)'[')
		return 0;
	if (++p->depth > MAX_NESTING)
		return fail(p, "fewer declarators in each other");
	if (p->token == (enum token)'(')
		r = parse_function(p, base, id);
	else
		r = parse_array(p, base, id);
	p->depth--;
	return r;
}

/* "*", "*const" ... */
static int parse_pointers(struct parser *p, uint32_t *id)
{
	int r = 0;

	while (p->token == (enum token)'*' && !r) {
		r = add(p, &(struct ctype){.kind = CTYPE_POINTER, .target = *id}, id);
		next(p);
		while (!r && p->token == TOKEN_NAME && qualifier_of(p->name)) {
			r = add(p,
				&(struct ctype){.kind = CTYPE_QUALIFIER,
						.qualifiers = qualifier_of(p->name),
						.target = *id},
				id);
			next(p);
		}
	}
	return r;
}

/* "(*f)(int)": what stands in parentheses is declared with what comes behind them, so that has a
 * number before it is known. */
static int parse_nested(struct parser *p, uint32_t base, struct declared *out)
{
	uint32_t inner, outer;
	int r = ctypes_reserve(p->types, &inner, p->err);

	next(p);
	if (!r)
		r = parse_declarator(p, inner, out);
	if (!r)
		r = expect(p, ')', "')'");
	if (!r)
		r = parse_suffix(p, base, &outer);
	if (r)
		return r;
	if (outer == base)
		p->types->items[inner] =
			(struct ctype){.name = "", .kind = CTYPE_QUALIFIER, .target = base};
	else
		p->types->items[inner] = p->types->items[outer];
	return 0;
}

static int parse_declarator(struct parser *p, uint32_t base, struct declared *out)
{
	int r;

	if (++p->depth > MAX_NESTING)
		return fail(p, "fewer declarators in each other");
	r = parse_pointers(p, &base);
	out->name = "";
	if (r)
		return r;
	if (p->token == (enum token)'(' && (p->current == '*' || p->current == '(')) {
		r = parse_nested(p, base, out);
	} else {
		if (p->token == TOKEN_NAME) {
			out->name = p->name;
			next(p);
		}
		r = parse_suffix(p, base, &out->type);
	}
	p->depth--;
	return r;
}

/* "int a, *b;" or "unsigned int c:3;" or "struct { ... };" */
static int parse_member(struct parser *p)
{
	uint32_t base;
	int r = parse_specifiers(p, &base, NULL);

	while (!r) {
		struct declared d;
		struct ctype_part *part;

		r = parse_declarator(p, base, &d);
		if (!r)
			r = VEC_PUSH_ROOM(&p->parts, p->err);
		if (r)
			return r;
		part = &p->parts.items[p->parts.count++];
		*part = (struct ctype_part){.name = d.name, .type = d.type};
		if (p->token == (enum token)':') {
			next(p);
			if (p->token != TOKEN_NUMBER || !p->number || p->number > UINT8_MAX)
				return fail(p, "the width of a bit-field");
			part->bits = (uint8_t)p->number;
			next(p);
		}
		if (p->token != (enum token)',')
			break;
		next(p);
	}
	return r ? r : expect(p, ';', "';'");
}

static int parse_members(struct parser *p)
{
	int r = 0;

	while (p->token != (enum token)'}' && !r)
		r = parse_member(p);
	return r ? r : expect(p, '}', "'}'");
}

/* Let a typedef's name be found, or a function's. */
static int declare(struct parser *p, const struct declared *d, bool is_typedef)
{
	const struct ctype init = {.name = d->name, .kind = CTYPE_TYPEDEF, .target = d->type};
	uint32_t id;

	if (is_typedef)
		return *d->name ? ctypes_add(p->types, &init, NULL, 0, &id, p->err)
				: fail(p, "the name of a type");
	if (!*d->name || ctype_at(p->types, d->type)->kind != CTYPE_FUNCTION)
		return 0;
	return ctypes_declare(p->types, d->name, d->type, p->err);
}

static int parse_line(struct parser *p)
{
	struct declared d = {.name = ""};
	bool is_typedef;
	uint32_t base;
	int r;

	while (is_blank(p->current))
		step(p);
	next(p);
	r = parse_specifiers(p, &base, &is_typedef);
	if (!r)
		r = parse_declarator(p, base, &d);
	if (!r && p->token == (enum token)';')
		next(p);
	if (!r && p->token != TOKEN_END)
		r = fail(p, "the end");
	return r ? r : declare(p, &d, is_typedef);
}

int ctypes_add_text(struct ctypes *types, const char *text, size_t length, struct ksa_error *err)
{
	char *copy = arena_strndup(&types->arena, text, length);
	struct parser p = {.types = types, .start = copy, .at = copy, .err = err};
	int r;

	if (!copy)
		return ksa_fail_nomem(err);
	if (memchr(text, '\0', length))
		return ksa_fail(err, KSA_EFORMAT, "no declaration of C: it has a NUL");
	p.current = *copy;
	r = parse_line(&p);
	free(p.parts.items);
	return r;
}
