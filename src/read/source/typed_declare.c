// SPDX-License-Identifier: GPL-2.0-or-later
#include "read/source/typed_declare.h"

#include "base/cleanup.h"
#include "read/source/typed_internal.h"

#define MAX_TOKENS 4096 /* of one declaration; the longest real ones have some 200 */

struct typed_reader {
	struct words words;
	struct typed_stream stream; /* to be reused */
};

void typed_reader_free(struct typed_reader *reader)
{
	if (!reader)
		return;
	words_release(&reader->words);
	free(reader->stream.items);
	free(reader);
}

static void cleanup_reader(struct typed_reader **reader)
{
	typed_reader_free(*reader);
}

int typed_reader_new(struct typed_reader **out, struct ksa_error *err)
{
	_cleanup_(cleanup_reader) struct typed_reader *reader = calloc(1, sizeof(*reader));
	int r = reader ? names_add_keywords(&reader->words, err) : ksa_fail_nomem(err);

	if (!r)
		*out = take_ptr(reader);
	return r;
}

/* Behind "__attribute__((...))". */
static const unsigned char *skip_attribute(const unsigned char *p, const unsigned char *end)
{
	const unsigned char *paren = lex_skip_blank(p, end, false);
	struct lex_call call;

	if (paren < end && *paren == '(' && lex_read_call(paren, end, false, &call))
		return call.after;
	return p;
}

/* The tokens up to the '{' of a body, or the ';'. */
static int read_tokens(struct typed_reader *reader, struct typed_scan *t, struct span text)
{
	const unsigned char *p = text.at;

	for (;;) {
		struct typed_token token = {.line = 0};
		struct span name;
		int r = 0;

		p = lex_skip_blank(p, text.end, false);
		if (p == text.end || *p == '{' || *p == ';' || t->stream.count >= MAX_TOKENS)
			return 0;
		name = lex_name(p, text.end);
		if (span_length(name)) {
			r = words_add(&reader->words, name, &token.what, t->err);
			p = name.end;
		} else {
			token.what = token_read(p, text.end, &p);
		}
		if (r)
			return r;
		if (token.what == KEYWORD_ATTRIBUTE)
			p = skip_attribute(p, text.end);
		else if (typed_room(t, stream))
			t->stream.items[t->stream.count++] = token;
		else
			return ksa_fail_nomem(t->err);
	}
}

/* The declaration at hand, NULL for anything else. */
static struct typed_function *declared_function(struct typed_scan *t)
{
	struct typed_specifiers specifiers;
	struct typed_declarator declared;
	struct typed_function *f;

	typed_specifiers(t, &specifiers);
	if (!specifiers.has_type || specifiers.is_typedef)
		return NULL;
	typed_declarator(t, &specifiers.type, &declared);
	if (declared.word == WORDS_NONE || !declared.function)
		return NULL;
	f = declared.function->function;
	f->name = typed_name(t, declared.word);
	f->is_static = specifiers.is_static;
	f->is_inline = specifiers.is_inline;
	return f;
}

int typed_reader_function(struct typed_reader *reader, struct span text, struct arena *arena,
			  struct typed_function **out, struct ksa_error *err)
{
	_cleanup_(arena_release) struct arena scratch = {.blocks = NULL};
	struct typed_scan t = {.words = &reader->words,
			       .arena = arena,
			       .scratch = &scratch,
			       .err = err,
			       .stream = reader->stream};
	int r;

	*out = NULL;
	t.stream.count = 0;
	r = read_tokens(reader, &t, text);
	if (!r) {
		typed_stream_match(&t, 0);
		t.end = (uint32_t)t.stream.count;
		*out = declared_function(&t);
		r = t.failed ? ksa_fail_nomem(err) : 0;
	}
	reader->stream = t.stream;
	free(t.functions.items);
	free(t.structures.items);
	free(t.members.items);
	free(t.member_slots);
	return r;
}
