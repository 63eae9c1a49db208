// SPDX-License-Identifier: GPL-2.0-or-later
#include "read/headers/facts.h"

#include <stdlib.h>

#include "base/vec.h"

#define MAX_NAME 4096 /* bytes; gcc and the kernel's tools stop far below */

/* In an order of use: their numbers are their places. */
static const struct {
	const char *text;
	enum facts_word word;
} words[] = {
	{"static", WORD_STORAGE},
	{"inline", WORD_STORAGE},
	{"__always_inline", WORD_STORAGE},
	{"__inline", WORD_STORAGE},
	{"__inline__", WORD_STORAGE},
	{"noinline", WORD_STORAGE},
	{"const", WORD_STORAGE},
	{"volatile", WORD_STORAGE},
	{"__volatile__", WORD_STORAGE},
	{"register", WORD_STORAGE},
	{"restrict", WORD_STORAGE},
	{"__restrict", WORD_STORAGE},
	{"__extension__", WORD_STORAGE},
	{"asmlinkage", WORD_STORAGE},
	{"__must_check", WORD_STORAGE},
	{"__maybe_unused", WORD_STORAGE},
	{"__attribute_const__", WORD_STORAGE},
	{"__pure", WORD_STORAGE},
	{"__init", WORD_STORAGE},
	{"__user", WORD_STORAGE},
	{"__iomem", WORD_STORAGE},
	{"__percpu", WORD_STORAGE},
	{"__rcu", WORD_STORAGE},
	{"__force", WORD_STORAGE},
	{"notrace", WORD_STORAGE},
	{"nokprobe_inline", WORD_STORAGE},
	{"extern", WORD_EXTERN},
	{"typedef", WORD_TYPEDEF},
	{"void", WORD_TYPE},
	{"char", WORD_TYPE},
	{"short", WORD_TYPE},
	{"int", WORD_TYPE},
	{"long", WORD_TYPE},
	{"signed", WORD_TYPE},
	{"__signed__", WORD_TYPE},
	{"unsigned", WORD_TYPE},
	{"float", WORD_TYPE},
	{"double", WORD_TYPE},
	{"_Bool", WORD_TYPE},
	{"bool", WORD_TYPE},
	{"__int128", WORD_TYPE},
	{"auto", WORD_TYPE},
	{"__auto_type", WORD_TYPE},
	{"struct", WORD_TAG},
	{"union", WORD_TAG},
	{"enum", WORD_ENUM},
	{"__attribute__", WORD_ATTRIBUTE},
	{"__attribute", WORD_ATTRIBUTE},
	{"__printf", WORD_ATTRIBUTE},
	{"__scanf", WORD_ATTRIBUTE},
	{"__aligned", WORD_ATTRIBUTE},
	{"__section", WORD_ATTRIBUTE},
	{"__alloc_size", WORD_ATTRIBUTE},
	{"__realloc_size", WORD_ATTRIBUTE},
	{"__assume_aligned", WORD_ATTRIBUTE},
	{"__acquires", WORD_ATTRIBUTE},
	{"__acquires_shared", WORD_ATTRIBUTE},
	{"__releases", WORD_ATTRIBUTE},
	{"__releases_shared", WORD_ATTRIBUTE},
	{"__acquire", WORD_ATTRIBUTE},
	{"__release", WORD_ATTRIBUTE},
	{"__must_hold", WORD_ATTRIBUTE},
	{"__must_hold_shared", WORD_ATTRIBUTE},
	{"__cond_acquires", WORD_ATTRIBUTE},
	{"__cond_acquires_shared", WORD_ATTRIBUTE},
	{"__compiletime_error", WORD_ATTRIBUTE},
	{"__compiletime_warning", WORD_ATTRIBUTE},
	{"__deprecated_msg", WORD_ATTRIBUTE},
	{"__diagnose_as", WORD_ATTRIBUTE},
	{"__counted_by", WORD_ATTRIBUTE},
	{"__alias", WORD_ATTRIBUTE},
	{"__nonstring", WORD_ATTRIBUTE},
	{"__no_sanitize", WORD_ATTRIBUTE},
	{"_Alignas", WORD_ATTRIBUTE},
	{"typeof", WORD_TYPEOF},
	{"__typeof__", WORD_TYPEOF},
	{"__typeof", WORD_TYPEOF},
	{"asm", WORD_ATTRIBUTE},
	{"__asm__", WORD_ATTRIBUTE},
	{"goto", WORD_GOTO},
	{"for", WORD_FOR},
	{"else", WORD_FLOW},
	{"do", WORD_FLOW},
	{"return", WORD_OTHER},
	{"if", WORD_OTHER},
	{"while", WORD_OTHER},
	{"switch", WORD_OTHER},
	{"case", WORD_OTHER},
	{"default", WORD_OTHER},
	{"break", WORD_OTHER},
	{"continue", WORD_OTHER},
	{"sizeof", WORD_OTHER},
	{"_Alignof", WORD_OTHER},
	{"__alignof__", WORD_OTHER},
	{"_Static_assert", WORD_OTHER},
	{"_Generic", WORD_OTHER},
	{"defined", WORD_OTHER},
	{"__VA_ARGS__", WORD_OTHER},
	{"__VA_OPT__", WORD_OTHER},
	{"__func__", WORD_OTHER},
	{"__FUNCTION__", WORD_OTHER},
	{"__FILE__", WORD_OTHER},
	{"__LINE__", WORD_OTHER},
};

#define WORDS (sizeof(words) / sizeof(words[0]))

int facts_init(struct header_facts *facts, struct ksa_error *err)
{
	int r = 0;

	facts->intern.arena = &facts->arena;
	for (size_t i = 0; i < WORDS && !r; i++) {
		const unsigned char *at = (const unsigned char *)words[i].text;
		uint32_t number;

		r = facts_number(facts, (struct span){at, at + strlen(words[i].text)}, &number,
				 err);
	}
	return r;
}

void facts_release(struct header_facts *facts)
{
	intern_release(&facts->intern);
	arena_release(&facts->arena);
	strbuf_release(&facts->text);
	free(facts->names);
	free(facts->items);
	free(facts->refs);
	free(facts->macros.items);
	free(facts->calls.items);
	free(facts->places.items);
	free(facts->includes.items);
	free(facts->macro.refs);
	free(facts->function.refs);
	*facts = (struct header_facts){.names = NULL};
}

int facts_number(struct header_facts *facts, struct span name, uint32_t *number,
		 struct ksa_error *err)
{
	size_t length = span_length(name);
	const char *text;

	if (length > MAX_NAME)
		return ksa_fail(err, KSA_ELIMIT,
				"has a name of %zu bytes: this is no header of a kernel", length);
	text = intern_bytes(&facts->intern, (const char *)name.at, length, number);
	if (!text)
		return ksa_fail_nomem(err);
	if (*number < facts->name_count)
		return 0;
	if (vec_reserve(&facts->names, &facts->name_capacity, facts->name_count + 1,
			sizeof(*facts->names), err))
		return KSA_ENOMEM;
	facts->names[facts->name_count++] = (struct facts_name){.text = text};
	return 0;
}

enum facts_word facts_word(uint32_t number)
{
	return number < WORDS ? words[number].word : WORD_NONE;
}

static int copy_text(struct header_facts *facts, struct span *text, struct ksa_error *err)
{
	size_t length = span_length(*text);
	const char *copy = arena_strndup(&facts->arena, (const char *)text->at, length);

	if (!copy)
		return ksa_fail_nomem(err);
	text->at = (const unsigned char *)copy;
	text->end = text->at + length;
	return 0;
}

int facts_add_macro(struct header_facts *facts, const struct facts_macro *macro,
		    struct ksa_error *err)
{
	int r = VEC_PUSH_ROOM(&facts->macros, err);

	if (r)
		return r;
	facts->macros.items[facts->macros.count] = *macro;
	return copy_text(facts, &facts->macros.items[facts->macros.count++].text, err);
}

int facts_add_call(struct header_facts *facts, const struct facts_call *call, struct ksa_error *err)
{
	int r = VEC_PUSH_ROOM(&facts->calls, err);

	if (r)
		return r;
	facts->calls.items[facts->calls.count] = *call;
	return copy_text(facts, &facts->calls.items[facts->calls.count++].arguments, err);
}

#define MAX_TEXT 600 /* bytes of a declaration; what is longer is not kept */

/* Add a text token by token; false if a directive is in it, or it is too long. */
static bool flatten(struct strbuf *out, struct span text)
{
	const unsigned char *p = lex_skip_blank(text.at, text.end, false);

	while (p < text.end && out->length < MAX_TEXT) {
		const unsigned char *next;

		if (*p == '#')
			return false;
		strbuf_addc(out, *p == '\\' ? ' ' : (char)*p);
		next = lex_skip_blank(p + 1, text.end, false);
		if (next > p + 1 && next < text.end)
			strbuf_addc(out, ' ');
		p = next;
	}
	return p >= text.end;
}

int facts_add_place(struct header_facts *facts, const struct declared_place *place,
		    struct span text, struct ksa_error *err)
{
	struct declared_place *copy;
	int r;

	if (!facts_wants(facts, (enum declared_kind)place->kind))
		return 0;
	r = VEC_PUSH_ROOM(&facts->places, err);
	if (r)
		return r;
	copy = &facts->places.items[facts->places.count++];
	*copy = *place;
	strbuf_reset(&facts->text);
	if (span_length(text) && flatten(&facts->text, text)) {
		copy->text = arena_strdup(&facts->arena, strbuf_string(&facts->text));
		r = copy->text ? 0 : ksa_fail_nomem(err);
	}
	return r;
}

int facts_add_include(struct header_facts *facts, const struct facts_include *include,
		      struct span rest, struct ksa_error *err)
{
	const unsigned char *p = lex_skip_blank(rest.at, rest.end, true), *end;
	struct facts_include *copy;
	int r;

	if (!facts->wants_places || p == rest.end || (*p != '<' && *p != '"'))
		return 0;
	end = memchr(p + 1, *p == '<' ? '>' : '"', (size_t)(rest.end - p - 1));
	if (!end || end - p > MAX_NAME)
		return 0;
	r = VEC_PUSH_ROOM(&facts->includes, err);
	if (r)
		return r;
	copy = &facts->includes.items[facts->includes.count++];
	*copy = *include;
	copy->quoted = *p == '"';
	copy->path = arena_strndup(&facts->arena, (const char *)p + 1, (size_t)(end - p - 1));
	return copy->path ? 0 : ksa_fail_nomem(err);
}

void facts_begin(struct header_facts *facts, struct facts_open *open, const struct helper *init)
{
	open->init = *init;
	open->serial = ++facts->serial;
	open->count = 0;
}

int facts_end(struct header_facts *facts, struct facts_open *open, struct ksa_error *err)
{
	int r = VEC_PUSH_ROOM(facts, err);

	if (!r && open->count > HELPERS_MAX_REFS - facts->ref_count)
		r = ksa_fail(err, KSA_ELIMIT, "names more than any header of a kernel");
	if (!r)
		r = vec_reserve(&facts->refs, &facts->ref_capacity, facts->ref_count + open->count,
				sizeof(*facts->refs), err);
	if (r)
		return r;
	open->init.first = (uint32_t)facts->ref_count;
	open->init.count = (uint32_t)open->count;
	if (open->count)
		memcpy(facts->refs + facts->ref_count, open->refs,
		       open->count * sizeof(*open->refs));
	facts->ref_count += open->count;
	facts->items[facts->count++] = open->init;
	return 0;
}

int facts_refer(struct header_facts *facts, struct facts_open *open, uint32_t number,
		struct ksa_error *err)
{
	struct facts_name *name = &facts->names[number];
	int r;

	if (name->seen == open->serial || name->local == open->serial)
		return 0;
	name->seen = open->serial;
	r = vec_reserve(&open->refs, &open->capacity, open->count + 1, sizeof(*open->refs), err);
	if (!r)
		open->refs[open->count++] = number;
	return r;
}

int facts_paste(struct header_facts *facts, const struct facts_paste *paste, uint32_t *number,
		struct ksa_error *err)
{
	struct strbuf *text = &facts->text;
	const unsigned char *at;

	strbuf_reset(text);
	strbuf_adds(text, paste->prefix);
	strbuf_add(text, paste->name.at, span_length(paste->name));
	strbuf_adds(text, paste->suffix);
	if (text->failed)
		return ksa_fail_nomem(err);
	at = (const unsigned char *)strbuf_string(text);
	return facts_number(facts, (struct span){at, at + text->length}, number, err);
}

int facts_refer_pasted(struct header_facts *facts, struct facts_open *open,
		       const struct facts_paste *paste, struct ksa_error *err)
{
	uint32_t number;
	int r = facts_paste(facts, paste, &number, err);

	return r ? r : facts_refer(facts, open, number, err);
}
