// SPDX-License-Identifier: GPL-2.0-or-later
/* One operand: "*a->b[1].c", "(struct x *)f(y)", with the steps that lead to it. */
#include "read/source/typed_internal.h"

void typed_finish(struct typed_scan *t, struct typed_operand *operand, enum typed_value value)
{
	if (operand->member)
		typed_emit_access(t, operand);
	operand->member = 0;
	if (operand->call)
		t->calls.items[operand->call - 1].call.value = (uint8_t)value;
	operand->call = 0;
}

/* The type is not that of anything that is known any more. */
static void forget(struct typed_operand *operand)
{
	operand->root = TYPED_ROOT_UNKNOWN;
	operand->type = (struct typed_type){.kind = TYPED_UNKNOWN};
	operand->function = NULL;
	operand->word = WORDS_NONE;
	operand->step_count = 0;
	operand->member = 0;
}

static void append(struct typed_scan *t, struct typed_operand *operand, enum typed_step_kind kind,
		   uint32_t word)
{
	bool is_member = kind == TYPED_ARROW || kind == TYPED_DOT;

	if (operand->step_count == TYPED_STEPS) {
		/* What is accessed so far is told, and what follows begins anew. */
		if (operand->member)
			typed_emit_access(t, operand);
		forget(operand);
	}
	/* Of what is not known, the members alone say something. */
	if (operand->root == TYPED_ROOT_UNKNOWN && !is_member && !operand->step_count)
		return;
	operand->steps[operand->step_count++] =
		(struct typed_step){(uint8_t)kind, is_member ? typed_name(t, word) : NULL};
	if (is_member)
		operand->member = t->at;
}

static void set_type(struct typed_scan *t, struct typed_operand *operand,
		     const struct typed_type *type)
{
	operand->type = typed_resolve(t, type);
	operand->word = WORDS_NONE;
	if (operand->type.kind == TYPED_UNKNOWN)
		forget(operand);
}

/* A member of a type that is known by name: true if it is the source's own. */
static bool step_own(struct typed_scan *t, struct typed_operand *operand, enum typed_step_kind kind,
		     uint32_t word)
{
	const struct typed_type *type = &operand->type;
	uint32_t structure = typed_structure_of(t, type);
	const struct typed_type *member;

	if (!structure)
		return false;
	if (type->pointers + type->arrays != (kind == TYPED_ARROW)) {
		forget(operand);
		return true;
	}
	member = typed_member_of(t, structure, word);
	if (member)
		set_type(t, operand, member);
	else
		forget(operand);
	return true;
}

/* A step without a name from a type on; false if it can only be kept as a step. */
static bool step_type(struct typed_scan *t, struct typed_operand *operand,
		      enum typed_step_kind kind)
{
	struct typed_type *type = &operand->type;

	if (type->kind == TYPED_FUNCTION && !type->arrays && type->pointers <= 1) {
		if (kind == TYPED_CALL)
			set_type(t, operand, &type->function->returns);
		else if (kind == TYPED_ADDRESS)
			type->pointers = 1;
		else if (kind == TYPED_INDEX)
			forget(operand);
		return true;
	}
	if (kind == TYPED_ADDRESS) {
		if (type->arrays || type->pointers >= 7)
			forget(operand);
		else
			type->pointers++;
		return true;
	}
	if (kind == TYPED_CALL || (!type->arrays && !type->pointers)) {
		if (type->kind == TYPED_NAME)
			return false;
		forget(operand);
		return true;
	}
	if (type->arrays) {
		type->arrays--;
	} else {
		type->pointers--;
		type->pointer_consts &= (uint8_t)((1u << type->pointers) - 1);
	}
	return true;
}

void typed_step(struct typed_scan *t, struct typed_operand *operand, enum typed_step_kind kind,
		uint32_t word)
{
	bool is_member = kind == TYPED_ARROW || kind == TYPED_DOT;

	if (operand->call)
		t->calls.items[operand->call - 1].call.value = TYPED_VALUE_USED;
	operand->call = 0;
	/* A function is a pointer to it. */
	if (operand->root == TYPED_ROOT_OWN_FUNCTION && !operand->step_count &&
	    (kind == TYPED_ADDRESS || kind == TYPED_DEREFERENCE))
		return;
	if (operand->root == TYPED_ROOT_TYPE && !operand->step_count) {
		if (is_member ? step_own(t, operand, kind, word) : step_type(t, operand, kind))
			return;
	}
	append(t, operand, kind, word);
}

/* What a name of the source's own stands for. */
static void take_symbol(struct typed_scan *t, const struct typed_symbol *symbol,
			struct typed_operand *out)
{
	if (symbol->function) {
		out->root = TYPED_ROOT_OWN_FUNCTION;
		/* Where it is used for certain, another arm may declare it otherwise. */
		if (symbol->site.certainty == NAMED_YES ||
		    !typed_is_certain(t, typed_token_at(t, t->at - 1)))
			out->function = symbol->function;
	} else if (symbol->kind == TYPED_DEFINES_OBJECT || symbol->kind == TYPED_DECLARES) {
		out->root = TYPED_ROOT_TYPE;
		out->type = typed_resolve(t, &symbol->type);
	} else if (symbol->kind == TYPED_DEFINES_ENUMERATOR) {
		out->root = TYPED_ROOT_NUMBER;
	}
}

/* What a name stands for that no '(' follows. */
static void take_name(struct typed_scan *t, uint32_t word, struct typed_operand *out)
{
	const struct typed_local *local = typed_local_of(t, word);
	const struct typed_symbol *symbol = local ? NULL : typed_symbol_of(t, word);

	out->word = word;
	if (local) {
		out->root = TYPED_ROOT_TYPE;
		out->type = local->type;
	} else if (symbol) {
		take_symbol(t, symbol, out);
	} else if (!typed_is_own(t, word)) {
		out->root = TYPED_ROOT_NAME;
	}
	if (out->root == TYPED_ROOT_UNKNOWN ||
	    (out->root == TYPED_ROOT_TYPE && out->type.kind == TYPED_UNKNOWN))
		forget(out);
}

/* One string or several beside each other, also with macros between them. */
static void take_strings(struct typed_scan *t, struct typed_operand *out)
{
	out->root = TYPED_ROOT_TEXT;
	while (typed_what(t, 0) == TOKEN_IS_STRING ||
	       (typed_is_name(typed_what(t, 0)) && (typed_what(t, 1) == TOKEN_IS_STRING ||
						    typed_is(t, 1, ',') || typed_is(t, 1, ')'))))
		t->at++;
}

static void take_keyword(struct typed_scan *t, struct typed_operand *out)
{
	uint32_t keyword = typed_what(t, 0);

	t->at++;
	if (keyword == KEYWORD_NULL)
		out->root = TYPED_ROOT_NULL;
	else if (keyword == KEYWORD_TRUE || keyword == KEYWORD_FALSE || keyword == KEYWORD_LINE)
		out->root = TYPED_ROOT_NUMBER;
	else if (keyword >= KEYWORD_FILE && keyword <= KEYWORD_PRETTY_FUNCTION)
		out->root = TYPED_ROOT_TEXT;
	else if (typed_is(t, 0, '('))
		t->at = typed_behind(t, t->at);
}

/* What no operator is before or behind. */
static void read_primary(struct typed_scan *t, struct typed_operand *out)
{
	const struct typed_token *token = typed_token_at(t, t->at);
	uint32_t what = token->what;

	if (typed_is_name(what)) {
		if (token->flags & TYPED_PASTED)
			t->at++;
		else if (typed_is(t, 1, '('))
			typed_read_call(t, t->at, out);
		else if (typed_what(t, 1) == TOKEN_IS_STRING)
			take_strings(t, out);
		else
			take_name(t, typed_token_at(t, t->at++)->what, out);
	} else if (token_is_word(what)) {
		take_keyword(t, out);
	} else if (what == TOKEN_IS_STRING) {
		take_strings(t, out);
	} else if (what == TOKEN_IS_NUMBER || what == TOKEN_IS_ZERO || what == TOKEN_IS_CHAR) {
		out->root = what == TOKEN_IS_ZERO ? TYPED_ROOT_ZERO : TYPED_ROOT_NUMBER;
		t->at++;
	} else if (what == TOKEN_OF('{')) {
		t->at = typed_behind(t, t->at);
	}
}

/* "[...]" or "(...)" at hand: what is in the brackets is read. */
static void read_brackets(struct typed_scan *t)
{
	uint32_t end = t->end, behind = typed_behind(t, t->at);
	struct typed_operand inner;

	t->at++;
	t->end = behind > t->at ? behind - 1 : t->at;
	while (t->at < t->end && !t->failed) {
		uint32_t before = t->at;

		typed_read_list(t, &inner);
		typed_finish(t, &inner, TYPED_VALUE_USED);
		t->at += t->at == before;
	}
	t->end = end;
	t->at = behind;
}

/* ".name" or "->name" at hand. */
static void read_member(struct typed_scan *t, struct typed_operand *out)
{
	enum typed_step_kind kind = typed_is(t, 0, '.') ? TYPED_DOT : TYPED_ARROW;
	const struct typed_token *name = typed_token_at(t, t->at + 1);

	t->at++;
	if (!token_is_word(name->what)) {
		typed_finish(t, out, TYPED_VALUE_USED);
		forget(out);
		return;
	}
	t->at++;
	/* A macro's parameter may stand for any member. */
	if (!typed_is_name(name->what) || name->flags & (TYPED_OWN_MACRO | TYPED_PASTED) ||
	    (t->in_body_of_macro && typed_local_of(t, name->what))) {
		typed_finish(t, out, TYPED_VALUE_USED);
		forget(out);
		return;
	}
	typed_step(t, out, kind, name->what);
}

/* True for a member of something whose type is known, or may be to who knows the kernel's. */
static bool ends_with_member(const struct typed_operand *operand)
{
	uint8_t last;

	if (operand->root == TYPED_ROOT_UNKNOWN || !operand->step_count || !operand->member)
		return false;
	last = operand->steps[operand->step_count - 1].kind;
	return last == TYPED_ARROW || last == TYPED_DOT;
}

static void read_postfix(struct typed_scan *t, struct typed_operand *out)
{
	for (;;) {
		uint32_t what = typed_what(t, 0);

		if (what == TOKEN_OF('[')) {
			read_brackets(t);
			typed_step(t, out, TYPED_INDEX, WORDS_NONE);
		} else if (what == TOKEN_OF('(')) {
			if (ends_with_member(out))
				typed_read_member_call(t, out);
			else
				read_brackets(t);
			typed_step(t, out, TYPED_CALL, WORDS_NONE);
		} else if (what == TOKEN_OF('.') || what == TOKEN_OF2('-', '>')) {
			read_member(t, out);
		} else if (what == TOKEN_OF2('+', '+') || what == TOKEN_OF2('-', '-')) {
			t->at++;
		} else {
			return;
		}
	}
}

/* True if the token may begin an operand, and is no binary operator. */
static bool begins_operand(uint32_t what)
{
	if (token_is_word(what))
		return what >= KEYWORD_COUNT || what == KEYWORD_SIZEOF || what >= KEYWORD_TRUE;
	return what == TOKEN_IS_NUMBER || what == TOKEN_IS_ZERO || what == TOKEN_IS_STRING ||
	       what == TOKEN_IS_CHAR || what == TOKEN_OF('~') || what == TOKEN_OF('!');
}

/* True if the '(' at hand is that of a cast, a compound literal or another type in parentheses. */
static bool is_cast(struct typed_scan *t)
{
	uint32_t name = typed_what(t, 1), ahead = 2;
	const struct typed_symbol *symbol;

	if (!token_is_word(name))
		return false;
	if (name < KEYWORD_COUNT)
		return typed_is_type(t, 1);
	if (typed_local_of(t, name))
		return false;
	while (typed_is(t, ahead, '*') || typed_what(t, ahead) == KEYWORD_CONST ||
	       (typed_is_name(typed_what(t, ahead)) && !typed_is(t, ahead + 1, '(')))
		ahead++;
	if (!typed_is(t, ahead, ')'))
		return false;
	symbol = typed_symbol_of(t, name);
	if (symbol)
		return symbol->kind == TYPED_DEFINES_TYPEDEF;
	/* "(name *)" and "(name __user *)" are nothing else. */
	return ahead > 2 || typed_is_known_type(t, name) ||
	       begins_operand(typed_what(t, ahead + 1)) || typed_is(t, ahead + 1, '{');
}

static bool is_void(const struct typed_type *type)
{
	return type->kind == TYPED_BASE && !type->pointers && strcmp(type->name, "void") == 0;
}

/* "(type) operand" or "(type){...}" at hand. */
static void read_cast(struct typed_scan *t, struct typed_operand *out)
{
	uint32_t end = t->end, behind = typed_behind(t, t->at);
	struct typed_specifiers specifiers;
	struct typed_declarator declared;
	struct typed_operand inner;
	struct typed_type type;

	t->at++;
	t->end = behind - 1;
	typed_specifiers(t, &specifiers);
	typed_declarator(t, &specifiers.type, &declared);
	type = typed_resolve(t, &declared.type);
	t->end = end;
	t->at = behind;
	out->root = TYPED_ROOT_TYPE;
	out->type = type;
	if (type.kind == TYPED_UNKNOWN)
		forget(out);
	if (typed_is(t, 0, '{')) {
		typed_read_initializer(t, out);
		read_postfix(t, out);
		return;
	}
	typed_read_operand(t, &inner);
	typed_finish(t, &inner, is_void(&type) ? TYPED_VALUE_UNUSED : TYPED_VALUE_USED);
}

/* "(...)" at hand. */
static void read_parentheses(struct typed_scan *t, struct typed_operand *out)
{
	uint32_t end = t->end, behind = typed_behind(t, t->at);

	if (!typed_token_at(t, t->at)->match) {
		t->at++;
		return;
	}
	if (is_cast(t)) {
		read_cast(t, out);
		return;
	}
	t->at++;
	t->end = behind - 1;
	if (typed_is(t, 0, '{')) {
		typed_read_block(t);
	} else {
		typed_read_list(t, out);
		if (t->at < t->end) {
			typed_finish(t, out, TYPED_VALUE_UNKNOWN);
			typed_unknown(out);
		}
	}
	t->end = end;
	t->at = behind;
	read_postfix(t, out);
}

/* What is behind sizeof. */
static void read_sizeof(struct typed_scan *t, struct typed_operand *out)
{
	struct typed_operand inner;

	t->at++;
	if (typed_is(t, 0, '(') && is_cast(t)) {
		t->at = typed_behind(t, t->at);
	} else {
		typed_read_operand(t, &inner);
		typed_finish(t, &inner, TYPED_VALUE_USED);
	}
	out->root = TYPED_ROOT_NUMBER;
}

/* An operator before an operand; false if there is none. */
static bool read_prefix(struct typed_scan *t, struct typed_operand *out)
{
	uint32_t what = typed_what(t, 0);

	if (what == TOKEN_OF('*') || what == TOKEN_OF('&')) {
		t->at++;
		typed_read_operand(t, out);
		typed_step(t, out, what == TOKEN_OF('*') ? TYPED_DEREFERENCE : TYPED_ADDRESS,
			   WORDS_NONE);
		return true;
	}
	if (what == TOKEN_OF('-') || what == TOKEN_OF('+') || what == TOKEN_OF('!') ||
	    what == TOKEN_OF('~') || what == TOKEN_OF2('+', '+') || what == TOKEN_OF2('-', '-') ||
	    what == TOKEN_OF2('&', '&')) {
		t->at++;
		typed_read_operand(t, out);
		typed_finish(t, out, TYPED_VALUE_USED);
		forget(out);
		return true;
	}
	if (what == KEYWORD_SIZEOF || what == KEYWORD_ALIGNOF || what == KEYWORD_ALIGNOF_2) {
		read_sizeof(t, out);
		return true;
	}
	return false;
}

void typed_read_operand(struct typed_scan *t, struct typed_operand *out)
{
	typed_unknown(out);
	if (t->depth >= TYPED_DEPTH) {
		t->at = typed_behind(t, t->at);
		return;
	}
	t->depth++;
	while (typed_what(t, 0) == KEYWORD_EXTENSION)
		t->at++;
	if (typed_is(t, 0, '(')) {
		read_parentheses(t, out);
	} else if (!read_prefix(t, out)) {
		read_primary(t, out);
		read_postfix(t, out);
	}
	t->depth--;
}
