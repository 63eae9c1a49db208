// SPDX-License-Identifier: GPL-2.0-or-later
/* Directives in a module's source, and the macros that it defines. */
#include "read/source/module_names_internal.h"

#include "base/vec.h"

#define MAX_KEPT 512 /* bytes of a macro that may stand in a condition, or of an #error */

/* An #include, so far as it names a file. */
static int take_include(struct names_scan *s, struct span text)
{
	struct module_source *source = s->source;
	struct source_part_file *file = &source->files.items[s->file];
	const unsigned char *p = lex_skip_blank(text.at, text.end, true), *end;
	const char *path;
	int r;

	if (p == text.end || (*p != '"' && *p != '<'))
		return 0;
	end = memchr(p + 1, *p == '"' ? '"' : '>', (size_t)(text.end - p - 1));
	if (!end)
		return 0;
	r = VEC_PUSH_ROOM(&source->includes, s->err);
	if (r)
		return r;
	path = arena_strndup(&source->arena, (const char *)p + 1, (size_t)(end - p - 1));
	if (!path)
		return ksa_fail_nomem(s->err);
	if (!file->include_count++)
		file->first_include = (uint32_t)source->includes.count;
	source->includes.items[source->includes.count++] = (struct source_include){
		path, *p == '"', names_line(s, s->at), branches_open(&source->branches)};
	return 0;
}

static int take_error(struct names_scan *s, struct span text)
{
	struct module_source *source = s->source;
	int r = VEC_PUSH_ROOM(&source->stops, s->err);
	const char *copy;

	if (r)
		return r;
	text = span_trim(text);
	if (span_length(text) > MAX_KEPT)
		text.end = text.at + MAX_KEPT;
	copy = arena_strndup(&source->arena, (const char *)text.at, span_length(text));
	if (!copy)
		return ksa_fail_nomem(s->err);
	source->stops.items[source->stops.count++] = (struct source_stop){
		s->file, names_line(s, s->at), branches_open(&source->branches), copy};
	return 0;
}

static bool is_short(struct span body)
{
	return span_length(body) && span_length(body) <= MAX_KEPT &&
	       !memchr(body.at, '{', span_length(body)) && !memchr(body.at, ';', span_length(body));
}

/* Mark the parameters as local to the macro; *body is behind them. */
static int take_parameters(struct names_scan *inner, struct source_definition *definition,
			   struct span *body)
{
	const unsigned char *end = memchr(body->at, ')', span_length(*body));
	struct span text = {body->at + 1, end};
	int r = 0;

	if (!end)
		return 0;
	definition->takes_arguments = true;
	definition->parameters =
		arena_strndup(&inner->source->arena, (const char *)text.at, span_length(text));
	if (!definition->parameters)
		return ksa_fail_nomem(inner->err);
	for (const unsigned char *p = text.at; p < text.end && !r;) {
		struct span name = lex_name(p, text.end);
		uint32_t number;

		p = name.end + !span_length(name);
		if (!span_length(name))
			continue;
		r = words_add(&inner->source->words, name, &number, inner->err);
		if (!r)
			r = names_local(inner, number);
	}
	body->at = end + 1;
	return r;
}

/* A macro of the module's own: what its body names counts where the macro is used. */
static int take_define(struct names_scan *s, struct span text)
{
	struct module_source *source = s->source;
	struct names_scan inner = {.source = source, .err = s->err, .file = s->file};
	struct span name = lex_name(lex_skip_blank(text.at, text.end, true), text.end);
	struct span body = {name.end, text.end};
	struct source_definition definition = {.file = s->file,
					       .branch = branches_open(&source->branches),
					       .kind = DEFINES_MACRO,
					       .of_file = source->files.items[s->file].part !=
							  PART_HEADER};
	uint32_t index;
	int r;

	if (!span_length(name))
		return 0;
	r = words_add(&source->words, name, &definition.word, s->err);
	if (r)
		return r;
	inner.serial = ++source->serial;
	definition.line = names_line(s, name.at);
	if (body.at < body.end && *body.at == '(')
		r = take_parameters(&inner, &definition, &body);
	if (!r && is_short(body)) {
		definition.body =
			arena_strndup(&source->arena, (const char *)body.at, span_length(body));
		if (!definition.body)
			r = ksa_fail_nomem(s->err);
	}
	if (!r)
		r = module_source_add_definition(source, &definition, &index, s->err);
	if (r)
		return r;
	inner.macro = index + 1;
	inner.start = inner.at = inner.counted = body.at;
	inner.end = body.end;
	inner.line = definition.line;
	inner.last_name = WORDS_NONE;
	inner.state.stack[0] =
		(struct item){.place = PLACE_BODY, .function = WORDS_NONE, .expression = true};
	source->definitions.items[index].first_site = (uint32_t)source->sites.count;
	inner.tokens = &source->bodies;
	inner.first_token = source->bodies.count;
	r = names_read(&inner);
	source->definitions.items[index].first_token = (uint32_t)inner.first_token;
	source->definitions.items[index].token_count =
		inner.tokens ? (uint32_t)(source->bodies.count - inner.first_token) : 0;
	source->definitions.items[index].site_count =
		(uint32_t)source->sites.count - source->definitions.items[index].first_site;
	return r;
}

/* A macro that does not hold in all of the file. */
static int take_undef(struct names_scan *s, struct span text)
{
	struct module_source *source = s->source;
	struct span name = lex_name(lex_skip_blank(text.at, text.end, true), text.end);
	uint32_t word;
	int r;

	if (!span_length(name))
		return 0;
	r = words_add(&source->words, name, &word, s->err);
	if (!r)
		r = VEC_PUSH_ROOM(&source->undefined, s->err);
	if (!r)
		source->undefined.items[source->undefined.count++] = word;
	return r;
}

/* A conditional: what is open in its first branch is open in the others. */
static int take_conditional(struct names_scan *s, enum branch_word word, struct span text)
{
	struct branches *branches = &s->source->branches;
	bool begins = word <= BRANCH_IFNDEF;
	int r = branches_take(branches, word, text, s->file, names_line(s, s->at), s->err);

	if (r || !branches->depth || branches->depth > COND_DEPTH)
		return r;
	if (begins)
		s->saved[branches->depth - 1] = s->state;
	else if (word != BRANCH_ENDIF)
		s->state = s->saved[branches->depth - 1];
	return 0;
}

/* The name that "#ifndef X" or "#if !defined(X)" asks for, or an empty span. */
static struct span guard_of(enum branch_word word, struct span text)
{
	const unsigned char *p = lex_skip_blank(text.at, text.end, true);

	if (word == BRANCH_IF) {
		if (p == text.end || *p++ != '!')
			return (struct span){p, p};
		p = lex_skip_blank(p, text.end, true);
		if (!span_is(lex_name(p, text.end), "defined"))
			return (struct span){p, p};
		p = lex_skip_blank(p + strlen("defined"), text.end, true);
		p = lex_skip_blank(p + (p < text.end && *p == '('), text.end, true);
	} else if (word != BRANCH_IFNDEF) {
		return (struct span){p, p};
	}
	return lex_name(p, text.end);
}

/* The first thing of a header, "#ifndef X", then "#define X": it holds whenever it is asked. */
static void look_for_guard(struct names_scan *s, enum branch_word word, struct span text)
{
	bool is_first = !s->is_begun && s->source->branches.depth == 1 &&
			s->source->files.items[s->file].part == PART_HEADER;

	s->guard_name = is_first ? guard_of(word, text) : (struct span){text.at, text.at};
	s->guard = branches_open(&s->source->branches);
}

/* True if a macro stands for nothing, or for 1. */
static bool is_mark(const unsigned char *p, const unsigned char *end)
{
	p = lex_skip_blank(p, end, true);
	return p == end || (*p == '1' && lex_skip_blank(p + 1, end, true) == end);
}

int names_directive(struct names_scan *s)
{
	const unsigned char *end = lex_directive_end(s->at, s->end);
	struct span word = lex_name(lex_skip_blank(s->at + 1, end, true), end);
	struct span rest = {word.end, end}, name;
	enum branch_word conditional;
	int r = 0;

	if (branch_word_of(word, &conditional)) {
		r = take_conditional(s, conditional, rest);
		if (conditional != BRANCH_ENDIF)
			look_for_guard(s, conditional, rest);
	} else if (span_is(word, "define")) {
		name = lex_name(lex_skip_blank(rest.at, end, true), end);
		if (span_length(name) && span_same(name, s->guard_name) && is_mark(name.end, end))
			s->source->branches.items[s->guard].guard = true;
		s->guard_name = (struct span){end, end};
		r = take_define(s, rest);
	} else if (span_is(word, "include")) {
		r = take_include(s, rest);
	} else if (span_is(word, "undef")) {
		r = take_undef(s, rest);
	} else if (span_is(word, "error")) {
		r = take_error(s, rest);
	}
	s->is_begun = true;
	s->at = end;
	return r;
}
