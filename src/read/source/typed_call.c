// SPDX-License-Identifier: GPL-2.0-or-later
/* Calls, and uses of macros with arguments. */
#include "read/source/typed_internal.h"

#define MAX_ARGUMENTS 24 /* that are kept of one call */
#define MAX_BODY      64 /* tokens of a macro that are looked at for a ',' */

/* The arguments of a call while they are read. */
struct arguments {
	struct typed_expr items[MAX_ARGUMENTS];
	uint32_t count;
	bool has_count;
};

/* True if what the source's own macro stands for may be several arguments, or none. */
static bool may_have_comma(const struct typed_scan *t, uint32_t word)
{
	unsigned int count = 0;

	for (uint32_t at = module_source_definition(t->source, word); at;) {
		const struct source_definition *d = &t->source->definitions.items[at - 1];
		int depth = 0;

		at = d->next;
		if (d->kind != DEFINES_MACRO)
			continue;
		if (++count > TYPED_ALIKE || !d->token_count || d->token_count > MAX_BODY)
			return true;
		for (uint32_t i = 0; i < d->token_count; i++) {
			uint32_t what = t->source->bodies.items[d->first_token + i].what;

			depth += (what == TOKEN_OF('(')) - (what == TOKEN_OF(')'));
			if (!depth && what == TOKEN_OF(','))
				return true;
		}
	}
	return false;
}

/* True if the number of arguments that these tokens make is what their commas say. */
static bool is_counted(struct typed_scan *t, uint32_t start, uint32_t end)
{
	if (typed_is_unsure(t, start, end))
		return false;
	for (uint32_t i = start + 2; i < end; i++) {
		const struct typed_token *token = typed_token_at(t, i);

		if (token->what == KEYWORD_VA_ARGS || token->flags & TYPED_PASTED)
			return false;
		if (token->flags & TYPED_OWN_MACRO && may_have_comma(t, token->what))
			return false;
	}
	return true;
}

/* To the next ',' or the end, with what is in between. */
static void read_remains(struct typed_scan *t)
{
	struct typed_operand operand;

	while (t->at < t->end && !typed_is(t, 0, ',') && !t->failed) {
		uint32_t before = t->at;

		typed_read_expression(t, &operand);
		typed_finish(t, &operand, TYPED_VALUE_UNKNOWN);
		t->at += t->at == before;
	}
}

static void read_argument(struct typed_scan *t, struct arguments *arguments)
{
	struct typed_expr expr = {.root = TYPED_ROOT_UNKNOWN};
	struct typed_operand operand;

	if (typed_is_type(t, 0) &&
	    !(typed_is_name(typed_what(t, 0)) && typed_local_of(t, typed_what(t, 0)))) {
		/* A type, for a macro. */
		while (t->at < t->end && !typed_is(t, 0, ','))
			t->at = typed_behind(t, t->at);
	} else {
		typed_read_expression(t, &operand);
		expr = typed_expr_of(t, &operand);
		typed_finish(t, &operand, t->in_own_macro ? TYPED_VALUE_UNKNOWN : TYPED_VALUE_USED);
	}
	if (t->at < t->end && !typed_is(t, 0, ',')) {
		/* A macro that has a ',' in it, perhaps, or a statement. */
		arguments->has_count = false;
		read_remains(t);
		expr = (struct typed_expr){.root = TYPED_ROOT_UNKNOWN};
	}
	if (arguments->count < MAX_ARGUMENTS)
		arguments->items[arguments->count++] = expr;
	else
		arguments->has_count = false;
}

/* "(...)" at hand, behind the name of the token. */
static void read_arguments(struct typed_scan *t, uint32_t name, struct arguments *arguments)
{
	uint32_t end = t->end, behind = typed_behind(t, t->at);

	arguments->count = 0;
	arguments->has_count = typed_token_at(t, t->at)->match && is_counted(t, name, behind);
	t->at++;
	t->end = behind > t->at ? behind - 1 : t->at;
	while (t->at < t->end && !t->failed) {
		read_argument(t, arguments);
		if (!typed_is(t, 0, ','))
			break;
		t->at++;
		/* "f(a, )" is a macro's. */
		if (t->at == t->end)
			arguments->has_count = false;
	}
	t->end = end;
	t->at = behind;
}

/* Macros that take a type and a member of it, and what is before these. */
struct member_macro {
	const char *name;
	uint32_t type; /* number of the argument that is the type; the member is the next */
	bool gives_pointer; /* to that type */
};

static const struct member_macro *member_macro_of(const struct typed_scan *t, uint32_t word)
{
	static const struct member_macro macros[] = {
		{"container_of", 1, true},    {"container_of_const", 1, true},
		{"list_entry", 1, true},      {"list_first_entry", 1, true},
		{"list_last_entry", 1, true}, {"list_first_entry_or_null", 1, true},
		{"hlist_entry", 1, true},     {"hlist_entry_safe", 1, true},
		{"rb_entry", 1, true},	      {"rb_entry_safe", 1, true},
		{"offsetof", 0, false},	      {"offsetofend", 0, false},
		{"sizeof_field", 0, false},   {"FIELD_SIZEOF", 0, false},
	};
	const char *name = t->words->items[word].text;

	for (size_t i = 0; i < sizeof(macros) / sizeof(*macros); i++)
		if (strcmp(name, macros[i].name) == 0)
			return &macros[i];
	return NULL;
}

/* "member.of[2].it" at hand, of that type. */
static void read_member_path(struct typed_scan *t, const struct typed_type *type)
{
	struct typed_operand operand = {.root = TYPED_ROOT_TYPE, .word = WORDS_NONE, .type = *type};

	while (t->at < t->end && !typed_is(t, 0, ',')) {
		uint32_t word = typed_what(t, 0);
		bool is_clear = !(typed_token_at(t, t->at)->flags & ~TYPED_IN_MACRO);

		if (!typed_is_name(word) || !is_clear ||
		    (t->in_body_of_macro && typed_local_of(t, word)))
			break;
		t->at++;
		typed_step(t, &operand, TYPED_DOT, word);
		if (typed_is(t, 0, '[')) {
			t->at = typed_behind(t, t->at);
			typed_step(t, &operand, TYPED_INDEX, WORDS_NONE);
		}
		if (!typed_is(t, 0, '.'))
			break;
		t->at++;
	}
	if (operand.member)
		typed_emit_access(t, &operand);
}

/* "container_of(p, struct x, y)" at hand behind the name. */
static void read_member_macro(struct typed_scan *t, const struct member_macro *macro,
			      struct typed_operand *out)
{
	uint32_t end = t->end, behind = typed_behind(t, t->at);
	struct typed_specifiers specifiers;
	struct typed_declarator declared;
	struct typed_operand operand;
	struct typed_type type;

	t->at++;
	t->end = behind > t->at ? behind - 1 : t->at;
	for (uint32_t i = 0; i < macro->type; i++) {
		typed_read_expression(t, &operand);
		typed_finish(t, &operand, TYPED_VALUE_USED);
		read_remains(t);
		t->at += typed_is(t, 0, ',');
	}
	typed_specifiers(t, &specifiers);
	typed_declarator(t, &specifiers.type, &declared);
	type = typed_resolve(t, &declared.type);
	if (specifiers.has_type && typed_is(t, 0, ',') && type.kind != TYPED_UNKNOWN &&
	    declared.word == WORDS_NONE) {
		t->at++;
		read_member_path(t, &type);
		if (macro->gives_pointer && !type.pointers && !type.arrays) {
			out->root = TYPED_ROOT_TYPE;
			out->type = type;
			out->type.pointers = 1;
		}
	}
	t->end = end;
	t->at = behind;
}

/* A call of the source's own function, or the use of its macro. */
static void read_own(struct typed_scan *t, uint32_t word, struct arguments *arguments,
		     struct typed_operand *out)
{
	const struct typed_symbol *symbol = typed_symbol_of(t, word);
	bool is_macro = typed_own_of(t, word) >= OWN_TEXT;

	t->in_own_macro += is_macro;
	read_arguments(t, t->at - 1, arguments);
	t->in_own_macro -= is_macro;
	if (is_macro || !symbol || !symbol->function || symbol->site.certainty != NAMED_YES)
		return;
	out->root = TYPED_ROOT_TYPE;
	out->type = typed_resolve(t, &symbol->function->returns);
	if (out->type.kind == TYPED_UNKNOWN)
		typed_unknown(out);
}

void typed_read_call(struct typed_scan *t, uint32_t name, struct typed_operand *out)
{
	const struct typed_token *token = typed_token_at(t, name);
	uint32_t word = token->what;
	const struct typed_local *local = typed_local_of(t, word);
	const struct member_macro *macro = member_macro_of(t, word);
	struct arguments arguments;
	struct typed_call call;

	t->at = name + 1;
	if (local) {
		out->root = TYPED_ROOT_TYPE;
		out->type = local->type;
		read_arguments(t, name, &arguments);
		typed_step(t, out, TYPED_CALL, WORDS_NONE);
		return;
	}
	if (typed_is_own(t, word)) {
		read_own(t, word, &arguments, out);
		return;
	}
	if (macro) {
		read_member_macro(t, macro, out);
		return;
	}
	read_arguments(t, name, &arguments);
	call = (struct typed_call){.arguments = arguments.items,
				   .argument_count = arguments.count,
				   .has_count = arguments.has_count};
	out->root = TYPED_ROOT_CALL;
	out->word = word;
	out->call = typed_emit_call(t, &call, token);
}

void typed_read_member_call(struct typed_scan *t, struct typed_operand *operand)
{
	const struct typed_token *token = typed_token_at(t, operand->member - 1);
	struct typed_expr *callee = arena_alloc(t->arena, sizeof(*callee));
	struct arguments arguments;
	struct typed_call call;

	read_arguments(t, t->at - 1, &arguments);
	if (!callee) {
		t->failed = true;
		return;
	}
	*callee = typed_expr_of(t, operand);
	call = (struct typed_call){.callee = callee,
				   .arguments = arguments.items,
				   .argument_count = arguments.count,
				   .has_count = arguments.has_count};
	/* What a macro of the source's own does with its arguments is not known. */
	if (!t->in_own_macro)
		typed_emit_call(t, &call, token);
}
