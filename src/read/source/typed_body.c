// SPDX-License-Identifier: GPL-2.0-or-later
/* Statements, and what is declared among them. They are read one after the other, not in each
 * other: only braces nest. */
#include "read/source/typed_internal.h"

#define MAX_BLOCKS 64 /* whose locals are told apart */

/* The blocks that are open. */
struct blocks {
	size_t locals[MAX_BLOCKS]; /* that were known before each */
	unsigned int depth;
};

static void enter(struct typed_scan *t, struct blocks *blocks)
{
	if (blocks->depth < MAX_BLOCKS)
		blocks->locals[blocks->depth] = t->locals.count;
	blocks->depth++;
	t->block = t->locals.count;
}

static void leave(struct typed_scan *t, struct blocks *blocks)
{
	if (!blocks->depth || --blocks->depth >= MAX_BLOCKS)
		return;
	typed_leave(t, blocks->locals[blocks->depth]);
	t->block = blocks->depth ? blocks->locals[blocks->depth - 1] : 0;
}

/* What two arms of a conditional declare differently is unknown. */
static void declare(struct typed_scan *t, uint32_t word, const struct typed_type *type)
{
	const struct typed_local *old = typed_local_of(t, word);
	struct typed_type unknown = {.kind = TYPED_UNKNOWN};
	bool differs = old && old >= t->locals.items + t->block && !typed_is_same(&old->type, type);

	typed_add_local(t, word, differs ? &unknown : type);
}

static void read_declaration(struct typed_scan *t)
{
	struct typed_specifiers specifiers;

	typed_specifiers(t, &specifiers);
	while (t->at < t->end && !typed_is(t, 0, ';') && !t->failed) {
		struct typed_operand target = {.root = TYPED_ROOT_TYPE};
		struct typed_declarator declared;
		uint32_t before = t->at;

		typed_declarator(t, &specifiers.type, &declared);
		typed_skip_attributes(t);
		target.word = declared.word;
		target.type = typed_resolve(t, &declared.type);
		if (specifiers.is_typedef)
			target.type = (struct typed_type){.kind = TYPED_UNKNOWN};
		if (target.type.kind == TYPED_UNKNOWN)
			target.root = TYPED_ROOT_UNKNOWN;
		declare(t, declared.word, &target.type);
		if (typed_is(t, 0, '=')) {
			t->at++;
			typed_read_value(t, &target);
		}
		if (!typed_is(t, 0, ',') || t->at == before)
			break;
		t->at++;
	}
}

/* True for what may follow the name of a variable that is declared. */
static bool ends_variable(uint32_t what)
{
	return what == TOKEN_OF(';') || what == TOKEN_OF('=') || what == TOKEN_OF(',') ||
	       what == TOKEN_OF('[') || token_is_word(what);
}

/* "name *name =", "name name;", "name (*name)(": a declaration whose type is a name. */
static bool is_declared_by_name(struct typed_scan *t)
{
	uint32_t ahead = 1;

	if (!typed_is_name(typed_what(t, 0)) || typed_local_of(t, typed_what(t, 0)))
		return false;
	if (typed_is_name(typed_what(t, 1)))
		return ends_variable(typed_what(t, 2)) || typed_is(t, 2, '*');
	if (typed_is(t, 1, '('))
		return typed_is(t, 2, '*') && typed_is_name(typed_what(t, 3)) &&
		       typed_is(t, 4, ')') && typed_is(t, 5, '(');
	while (typed_is(t, ahead, '*') || typed_what(t, ahead) == KEYWORD_CONST)
		ahead++;
	return ahead > 1 && typed_is_name(typed_what(t, ahead)) &&
	       ends_variable(typed_what(t, ahead + 1));
}

static bool is_declaration(struct typed_scan *t)
{
	if (typed_token_at(t, t->at)->flags & TYPED_PASTED)
		return false;
	if (typed_what(t, 0) < KEYWORD_COUNT)
		return typed_is_type(t, 0);
	return is_declared_by_name(t);
}

/* "(...)" at hand: a condition. */
static void read_condition(struct typed_scan *t)
{
	uint32_t end = t->end, behind = typed_behind(t, t->at);
	struct typed_operand condition;

	if (!typed_is(t, 0, '('))
		return;
	t->at++;
	t->end = behind > t->at ? behind - 1 : t->at;
	typed_read_list(t, &condition);
	typed_finish(t, &condition, TYPED_VALUE_USED);
	t->end = end;
	t->at = behind;
}

/* "(a; b; c)" of a for at hand. */
static void read_for(struct typed_scan *t)
{
	uint32_t end = t->end, behind = typed_behind(t, t->at);
	struct typed_operand part;

	if (!typed_is(t, 0, '('))
		return;
	t->at++;
	t->end = behind > t->at ? behind - 1 : t->at;
	for (unsigned int i = 0; i < 3; i++) {
		if (i == 0 && is_declaration(t)) {
			read_declaration(t);
		} else {
			typed_read_list(t, &part);
			typed_finish(t, &part, i == 1 ? TYPED_VALUE_USED : TYPED_VALUE_UNUSED);
		}
		t->at += typed_is(t, 0, ';');
	}
	t->end = end;
	t->at = behind;
}

static void read_return(struct typed_scan *t)
{
	const struct typed_type *returns = &t->returns;
	bool is_void = returns->kind == TYPED_BASE && !returns->pointers &&
		       strcmp(returns->name, "void") == 0;
	struct typed_operand value;
	uint32_t call;

	typed_read_list(t, &value);
	call = value.call;
	/* "return f();" is taken of void functions where f() is void too. */
	if (returns->kind == TYPED_UNKNOWN || is_void) {
		typed_finish(t, &value, TYPED_VALUE_UNKNOWN);
		return;
	}
	typed_finish(t, &value, TYPED_VALUE_USED);
	if (call)
		t->calls.items[call - 1].call.returns_into = *returns;
}

/* To the ':' of a case. */
static void read_case(struct typed_scan *t)
{
	struct typed_operand value;

	typed_read_expression(t, &value);
	typed_finish(t, &value, TYPED_VALUE_USED);
	if (typed_what(t, 0) == TOKEN_OF3('.', '.', '.')) {
		t->at++;
		typed_read_expression(t, &value);
		typed_finish(t, &value, TYPED_VALUE_USED);
	}
	t->at += typed_is(t, 0, ':');
}

static void skip_statement(struct typed_scan *t)
{
	while (t->at < t->end && !typed_is(t, 0, ';') && !typed_is(t, 0, '}'))
		t->at = typed_behind(t, t->at);
}

/* True for a keyword that is no part of an expression. */
static bool read_keyword(struct typed_scan *t)
{
	uint32_t keyword = typed_what(t, 0);

	switch (keyword) {
	case KEYWORD_IF:
	case KEYWORD_WHILE:
	case KEYWORD_SWITCH:
		t->at++;
		read_condition(t);
		return true;
	case KEYWORD_FOR:
		t->at++;
		read_for(t);
		return true;
	case KEYWORD_RETURN:
		t->at++;
		read_return(t);
		return true;
	case KEYWORD_CASE:
		t->at++;
		read_case(t);
		return true;
	case KEYWORD_GOTO:
	case KEYWORD_ASM:
	case KEYWORD_ASM_2:
		skip_statement(t);
		return true;
	case KEYWORD_ELSE:
	case KEYWORD_DO:
	case KEYWORD_BREAK:
	case KEYWORD_CONTINUE:
	case KEYWORD_DEFAULT:
		t->at++;
		t->at += typed_is(t, 0, ':');
		return true;
	default:
		return false;
	}
}

/* True for the name of a macro that may define what it is given: DEFINE_WAIT(wait). */
static bool may_define(const struct typed_scan *t, uint32_t word)
{
	const struct word *text = &t->words->items[word];

	for (uint32_t i = 0; i < text->length; i++)
		if (text->text[i] >= 'a' && text->text[i] <= 'z')
			return false;
	return text->length > 3;
}

/* The names in the parentheses at paren that nothing else declares. */
static void declare_arguments(struct typed_scan *t, uint32_t paren)
{
	struct typed_type unknown = {.kind = TYPED_UNKNOWN};
	uint32_t end = typed_behind(t, paren);

	for (uint32_t i = paren + 1; i < end; i++) {
		uint32_t what = typed_token_at(t, i)->what;
		uint32_t next = typed_token_at(t, i + 1)->what;

		if (typed_is_name(what) && (next == TOKEN_OF(',') || next == TOKEN_OF(')')) &&
		    !typed_local_of(t, what) && !typed_is_own(t, what))
			typed_add_local(t, what, &unknown);
	}
}

static void read_expression_statement(struct typed_scan *t)
{
	uint32_t start = t->at, first = typed_what(t, 0);
	bool defines = typed_is_name(first) && typed_is(t, 1, '(') && may_define(t, first);
	enum typed_value value = TYPED_VALUE_UNKNOWN;
	struct typed_operand operand;

	typed_read_list(t, &operand);
	/* The last one in "({ })", or in a macro, gives its value. */
	if (typed_is(t, 0, ';') && t->at + 1 != t->value_end)
		value = TYPED_VALUE_UNUSED;
	typed_finish(t, &operand, value);
	if (defines)
		declare_arguments(t, start + 1);
}

static void read_statement(struct typed_scan *t, struct blocks *blocks)
{
	uint32_t before = t->at, what = typed_what(t, 0);

	if (what == TOKEN_OF('{')) {
		enter(t, blocks);
		t->at++;
	} else if (what == TOKEN_OF('}')) {
		leave(t, blocks);
		t->at++;
	} else if (what == TOKEN_OF(';')) {
		t->at++;
	} else if (typed_is_name(what) && typed_is(t, 1, ':')) {
		t->at += 2;
	} else if (is_declaration(t)) {
		read_declaration(t);
	} else if (!token_is_word(what) || what >= KEYWORD_COUNT || !read_keyword(t)) {
		read_expression_statement(t);
	}
	t->at += t->at == before;
}

void typed_read_statements(struct typed_scan *t)
{
	struct blocks blocks = {.depth = 0};

	while (t->at < t->end && !t->failed)
		read_statement(t, &blocks);
}

void typed_read_block(struct typed_scan *t)
{
	uint32_t behind = typed_behind(t, t->at), end = t->end, value_end = t->value_end;
	size_t locals = t->locals.count, block = t->block;

	t->at++;
	t->end = t->value_end = behind > t->at ? behind - 1 : t->at;
	t->block = locals;
	typed_read_statements(t);
	typed_leave(t, locals);
	t->block = block;
	t->end = end;
	t->value_end = value_end;
	t->at = behind;
}
