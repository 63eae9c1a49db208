// SPDX-License-Identifier: GPL-2.0-or-later
/* What stands outside of functions. Bodies and values are put off until all of it is known. */
#include "read/source/typed_internal.h"

static void put_off(struct typed_scan *t, const struct typed_work *work)
{
	if (typed_room(t, work)) {
		t->work.items[t->work.count] = *work;
		t->work.items[t->work.count++].file = t->file;
	}
}

/* To the next ',' or ';' that is in no brackets. */
static void skip_value(struct typed_scan *t)
{
	while (t->at < t->end && !typed_is(t, 0, ',') && !typed_is(t, 0, ';'))
		t->at = typed_behind(t, t->at);
}

/* "{ ... }" of a function at hand; NULL: its parameters are not known. is_unsure: its head may be
 * another one, of an arm that is not read. */
static void take_body(struct typed_scan *t, const struct typed_own_function *function,
		      bool is_unsure)
{
	struct typed_work work = {.kind = WORK_BODY,
				  .start = t->at + 1,
				  .function = function,
				  .is_unsure = is_unsure};

	work.end = typed_token_at(t, t->at)->match ? typed_behind(t, t->at) - 1 : t->end;
	put_off(t, &work);
	t->at = work.end < t->end ? work.end + 1 : t->end;
}

/* "MODULE_LICENSE(...)", "SYSCALL_DEFINE1(...) { ... }". */
static void take_invocation(struct typed_scan *t)
{
	struct typed_work work = {.kind = WORK_INVOCATION, .start = t->at};

	if (!typed_is_name(typed_what(t, 0)) || !typed_is(t, 1, '(')) {
		t->at++;
		return;
	}
	t->at = work.end = typed_behind(t, t->at + 1);
	put_off(t, &work);
	if (typed_is(t, 0, '{'))
		take_body(t, NULL, false);
	else if (typed_is(t, 0, '='))
		skip_value(t);
}

static void take_function(struct typed_scan *t, const struct typed_specifiers *specifiers,
			  const struct typed_declarator *declared)
{
	struct typed_function *f = declared->function->function;
	const struct typed_token *token = typed_token_at(t, declared->token);
	struct typed_symbol symbol = {.word = declared->word,
				      .kind = TYPED_DECLARES,
				      .is_static = specifiers->is_static,
				      .type = declared->type,
				      .function = f};

	f->name = typed_name(t, declared->word);
	f->is_static = specifiers->is_static;
	f->is_inline = specifiers->is_inline;
	f->has_body = typed_is(t, 0, '{');
	f->site = typed_site_of(t, token);
	/* "MACRO(name)(...)", and what a macro may stand for. */
	if (token->flags & TYPED_OWN_MACRO)
		f->has_params = false;
	if (f->has_body)
		symbol.kind = TYPED_DEFINES_FUNCTION;
	typed_add_symbol(t, &symbol, token);
	if (f->has_body)
		take_body(t, declared->function,
			  !typed_is_certain(t, token) &&
				  token->branch != typed_token_at(t, t->at)->branch);
}

static void take_object(struct typed_scan *t, const struct typed_specifiers *specifiers,
			const struct typed_declarator *declared)
{
	struct typed_symbol symbol = {.word = declared->word,
				      .kind = TYPED_DEFINES_OBJECT,
				      .is_static = specifiers->is_static,
				      .type = declared->type};
	struct typed_work work = {.kind = WORK_VALUE, .type = declared->type};

	if (specifiers->is_typedef)
		symbol.kind = TYPED_DEFINES_TYPEDEF;
	else if (specifiers->is_extern && !typed_is(t, 0, '='))
		symbol.kind = TYPED_DECLARES;
	typed_add_symbol(t, &symbol, typed_token_at(t, declared->token));
	if (!typed_is(t, 0, '='))
		return;
	work.start = ++t->at;
	skip_value(t);
	work.end = t->at;
	put_off(t, &work);
}

static void take_declarators(struct typed_scan *t, const struct typed_specifiers *specifiers)
{
	while (t->at < t->end && !t->failed) {
		struct typed_declarator declared;

		typed_declarator(t, &specifiers->type, &declared);
		typed_skip_attributes(t);
		if (declared.word == WORDS_NONE) {
			skip_value(t);
		} else if (declared.function && !specifiers->is_typedef) {
			take_function(t, specifiers, &declared);
		} else {
			take_object(t, specifiers, &declared);
		}
		if (!typed_is(t, 0, ','))
			return;
		t->at++;
	}
}

static void read_item(struct typed_scan *t)
{
	struct typed_specifiers specifiers;
	uint32_t what = typed_what(t, 0);

	if (!token_is_word(what)) {
		/* A stray bracket, with what is in it. */
		t->at = typed_behind(t, t->at);
		return;
	}
	if (what >= KEYWORD_STATEMENTS && what < KEYWORD_OTHERS) {
		t->at++;
		return;
	}
	/* extern "C" { */
	if (what == KEYWORD_EXTERN && typed_what(t, 1) == TOKEN_IS_STRING) {
		t->at += typed_is(t, 2, '{') ? 3 : 2;
		return;
	}
	typed_specifiers(t, &specifiers);
	if (specifiers.has_type)
		take_declarators(t, &specifiers);
	else
		take_invocation(t);
}

void typed_read_file(struct typed_scan *t)
{
	while (t->at < t->end && !t->failed) {
		uint32_t before = t->at;

		read_item(t);
		t->at += t->at == before;
	}
}
