// SPDX-License-Identifier: GPL-2.0-or-later
/* The tokens of a module's source, and what brackets and keywords do. */
#include "read/source/module_names_internal.h"

#include <stdlib.h>

#include "base/cleanup.h"
#include "base/vec.h"

/* A file with more is a table that hardware's makers generate; all that are kept take 96 MB. */
#define MAX_FILE_TOKENS 1000000u
#define MAX_TOKENS	8000000u

static const char *const keywords[KEYWORD_COUNT] = {
	[KEYWORD_STRUCT] = "struct",
	[KEYWORD_UNION] = "union",
	[KEYWORD_ENUM] = "enum",
	[KEYWORD_TYPEDEF] = "typedef",
	[KEYWORD_STATIC] = "static",
	[KEYWORD_EXTERN] = "extern",
	[KEYWORD_FOR] = "for",
	[KEYWORD_ELSE] = "else",
	[KEYWORD_DO] = "do",
	[KEYWORD_CASE] = "case",
	[KEYWORD_DEFAULT] = "default",
	[KEYWORD_GOTO] = "goto",
	[KEYWORD_ATTRIBUTE] = "__attribute__",
	[KEYWORD_TYPES] = "void",
	"char",
	"short",
	"int",
	"long",
	"float",
	"double",
	"signed",
	"unsigned",
	"_Bool",
	"typeof",
	"__typeof__",
	"__typeof",
	"__auto_type",
	"__signed__",
	"bool",
	[KEYWORD_STATEMENTS] = "return",
	"if",
	"while",
	"switch",
	"sizeof",
	"break",
	"continue",
	"_Alignof",
	"__alignof__",
	"asm",
	"__asm__",
	"_Generic",
	"_Static_assert",
	[KEYWORD_OTHERS] = "const",
	"volatile",
	"inline",
	"register",
	"auto",
	"restrict",
	"__inline",
	"__inline__",
	"__const",
	"__volatile__",
	"__restrict",
	"__extension__",
	"true",
	"false",
	"NULL",
	"__FILE__",
	"__LINE__",
	"__func__",
	"__FUNCTION__",
	"__PRETTY_FUNCTION__",
	"__VA_ARGS__",
};

uint32_t names_line(struct names_scan *s, const unsigned char *p)
{
	return lex_line(&s->counted, &s->line, p);
}

int names_add_keywords(struct words *words, struct ksa_error *err)
{
	for (size_t i = 0; i < KEYWORD_COUNT && words->count < KEYWORD_COUNT; i++) {
		const unsigned char *text = (const unsigned char *)keywords[i];
		uint32_t number;
		int r = words_add(words, (struct span){text, text + strlen(keywords[i])}, &number,
				  err);

		if (r)
			return r;
	}
	return 0;
}

/* Keep the token that begins at p; types are read from them later, for each kernel. */
static int keep_token(struct names_scan *s, uint32_t what, const unsigned char *p)
{
	struct source_tokens *tokens = s->tokens;
	int r = VEC_PUSH_ROOM(tokens, s->err);

	if (tokens->count >= MAX_TOKENS || tokens->count - s->first_token >= MAX_FILE_TOKENS) {
		s->tokens = NULL;
		return 0;
	}
	if (!r)
		tokens->items[tokens->count++] = (struct source_token){
			what, names_line(s, p), branches_open(&s->source->branches)};
	return r;
}

/* Behind the parentheses of an attribute, which name nothing of the kernel's. */
static void skip_attribute(struct names_scan *s)
{
	const unsigned char *p = lex_skip_blank(s->at, s->end, false);
	struct lex_call call;

	if (p < s->end && *p == '(' && lex_read_call(p, s->end, false, &call))
		s->at = call.after;
}

/* Keywords that begin or part statements. */
static void take_statement(struct names_scan *s, uint32_t keyword)
{
	struct item *item = names_item(s);

	s->state.before = keyword == KEYWORD_GOTO ? TOKEN_GOTO : TOKEN_KEYWORD;
	s->state.for_parens = keyword == KEYWORD_FOR;
	if (keyword == KEYWORD_ELSE || keyword == KEYWORD_DO) {
		names_begin_statement(item);
		return;
	}
	item->label |= keyword == KEYWORD_CASE || keyword == KEYWORD_DEFAULT;
	if (item->place == PLACE_BODY)
		item->expression = true;
}

static void take_keyword(struct names_scan *s, uint32_t keyword)
{
	struct item *item = names_item(s);
	bool is_type = keyword >= KEYWORD_TYPES && keyword < KEYWORD_STATEMENTS;

	s->state.before = TOKEN_KEYWORD;
	if (keyword <= KEYWORD_ENUM) {
		s->state.before = TOKEN_TAG_KEYWORD;
		is_type = true;
	}
	if (item->parens == item->base && is_type && !item->expression) {
		item->words += item->words < 3;
		if (keyword <= KEYWORD_ENUM)
			item->tag = keyword == KEYWORD_ENUM ? 'e' : 's';
	}
	switch (keyword) {
	case KEYWORD_TYPEDEF:
		item->is_typedef = true;
		break;
	case KEYWORD_STATIC:
		item->is_static = true;
		break;
	case KEYWORD_EXTERN:
		item->is_extern = true;
		break;
	case KEYWORD_ATTRIBUTE:
		skip_attribute(s);
		break;
	default:
		if ((keyword >= KEYWORD_FOR && keyword <= KEYWORD_GOTO) ||
		    (keyword >= KEYWORD_STATEMENTS && keyword < KEYWORD_OTHERS))
			take_statement(s, keyword);
	}
}

static int take_word(struct names_scan *s)
{
	struct names_word word = {.text = lex_name(s->at, s->end)};
	int r = words_add(&s->source->words, word.text, &word.number, s->err);

	if (r)
		return r;
	if (s->tokens && word.number != KEYWORD_ATTRIBUTE)
		r = keep_token(s, word.number, s->at);
	if (r)
		return r;
	s->at = word.text.end;
	s->last_name = word.number;
	if (word.number < KEYWORD_COUNT) {
		s->state.before2 = s->state.before;
		take_keyword(s, word.number);
		return 0;
	}
	word.behind = lex_skip_blank(s->at, s->end, false);
	if (word.behind < s->end)
		word.next = *word.behind;
	if (s->end - word.behind > 1)
		word.next2 = word.behind[1];
	r = names_take(s, &word);
	s->state.before2 = s->state.before;
	s->state.before = s->state.before == TOKEN_TAG_KEYWORD ? TOKEN_TAG : TOKEN_NAME;
	return r;
}

/* Go into braces. Beyond what is kept, braces are only counted. */
static void enter(struct names_scan *s, enum place place)
{
	if (s->state.depth + 1 == NAMES_DEPTH) {
		s->state.deeper++;
		return;
	}
	s->state.stack[++s->state.depth] = (struct item){.place = place, .function = WORDS_NONE};
}

/* What braces in a function hold: a statement's, or a value's, as in "(struct x){1}". */
static enum place place_in_body(const struct names_scan *s, const struct item *item)
{
	if (s->state.before != '(' &&
	    (item->value || (item->parens > item->base && s->state.before == ')')))
		return PLACE_VALUE;
	return PLACE_BODY;
}

/* What the braces at hand hold. */
static enum place place_of_brace(const struct names_scan *s, const struct item *item)
{
	if (item->place == PLACE_ENUM || item->place == PLACE_VALUE)
		return s->state.before == '(' ? PLACE_BODY : PLACE_VALUE;
	if (item->tag && item->function == WORDS_NONE && !item->expression)
		return item->tag == 'e' ? PLACE_ENUM : PLACE_AGGREGATE;
	if (item->place == PLACE_AGGREGATE)
		return PLACE_AGGREGATE;
	if (item->place == PLACE_FILE && item->is_extern && s->state.before == TOKEN_TEXT)
		return PLACE_FILE;
	return place_in_body(s, item);
}

static int open_brace(struct names_scan *s)
{
	struct item *item = names_item(s);
	enum place place = place_of_brace(s, item);
	int r = 0;

	if (item->place == PLACE_FILE && place == PLACE_BODY && !item->parens &&
	    item->function != WORDS_NONE)
		r = names_define(s, item->function, item->function_line, DEFINES_FUNCTION);
	enter(s, place);
	return r;
}

/* A brace at the start of a line ends what stands outside of functions, whatever a conditional
 * hid. */
static void leave_function(struct names_scan *s)
{
	if (!s->saved || (s->at > s->start && s->at[-1] != '\n'))
		return;
	s->state.deeper = 0;
	while (s->state.depth && s->state.stack[s->state.depth - 1].place != PLACE_FILE)
		s->state.depth--;
}

static void close_brace(struct names_scan *s)
{
	enum place place;
	struct item *item;

	leave_function(s);
	if (s->state.deeper) {
		s->state.deeper--;
		return;
	}
	if (!s->state.depth)
		return;
	place = names_item(s)->place;
	s->state.depth--;
	item = names_item(s);
	item->tag = 0;
	if (place == PLACE_AGGREGATE || place == PLACE_ENUM)
		item->words = 1;
	else if (place == PLACE_BODY && item->place == PLACE_FILE && !item->parens)
		names_begin_item(s);
	else if (place == PLACE_BODY && item->place == PLACE_BODY && item->parens == item->base)
		names_begin_statement(item);
}

/* True for a macro whose last argument is a member: container_of(p, struct x, member). */
static bool takes_member(struct names_scan *s)
{
	static const char *const parts[] = {"container_of", "offsetof",	    "_entry",
					    "sizeof_field", "FIELD_SIZEOF", "struct_size",
					    "from_timer"};
	const char *name;

	if (s->state.before != TOKEN_NAME)
		return false;
	name = s->source->words.items[s->last_name].text;
	for (size_t i = 0; i < sizeof(parts) / sizeof(*parts); i++)
		if (strstr(name, parts[i]))
			return true;
	return false;
}

/* "int (*name)(...)": the name that is declared, its end behind the ')'; empty if it is none. */
static struct span pointer_name(const struct names_scan *s, const unsigned char *p)
{
	struct span name = {p, p};

	p = lex_skip_blank(p, s->end, false);
	if (p < s->end && *p == '*')
		name = lex_name(lex_skip_blank(p + 1, s->end, false), s->end);
	p = lex_skip_blank(name.end, s->end, false);
	return p < s->end && *p == ')' ? name : (struct span){p, p};
}

static bool behind_typeof(const struct names_scan *s)
{
	return s->state.before == TOKEN_KEYWORD && s->last_name < KEYWORD_COUNT &&
	       strstr(keywords[s->last_name], "typeof");
}

static int open_paren(struct names_scan *s)
{
	struct item *item = names_item(s);
	struct span name;
	uint32_t number;
	int r = 0;

	s->state.member_parens = s->state.member_parens << 1 | takes_member(s);
	if (item->place == PLACE_BODY && item->parens == item->base && !item->expression &&
	    !behind_typeof(s)) {
		name = item->words ? pointer_name(s, s->at + 1) : (struct span){s->at, s->at};
		if (span_length(name)) {
			r = words_add(&s->source->words, name, &number, s->err);
			if (!r)
				r = names_local(s, number);
			item->declared = true;
		}
		item->expression = true;
	}
	item->parens += item->parens < UINT16_MAX;
	if (s->state.for_parens) {
		names_begin_statement(item);
		s->state.for_parens = false;
	}
	return r;
}

static void close_paren(struct names_scan *s)
{
	struct item *item = names_item(s);

	s->state.member_parens >>= 1;
	item->parens -= item->parens > 0;
	if (item->base > item->parens) {
		/* Of a for: a statement follows. */
		names_begin_statement(item);
	} else if (item->place == PLACE_FILE && !item->parens) {
		item->invoked = item->invokes_definer = item->invokes_constant = false;
	}
}

static void end_of_statement(struct names_scan *s)
{
	struct item *item = names_item(s);

	if (item->place == PLACE_FILE) {
		/* Some macros take statements. */
		if (!item->parens || !item->invoked)
			names_begin_item(s);
	} else {
		uint16_t base = item->base;

		names_begin_statement(item);
		/* In a for, the second and third part are expressions. */
		item->expression = base && item->parens == base;
		item->is_typedef = item->is_static = item->is_extern = false;
	}
}

/* Punctuation that parts declarations and statements. */
static void take_punctuation(struct names_scan *s, unsigned char c)
{
	struct item *item = names_item(s);
	bool at_base = item->parens == item->base;

	switch (c) {
	case ';':
		end_of_statement(s);
		break;
	case '=':
		if (at_base)
			item->value = item->expression = true;
		break;
	case ',':
		if (at_base && (item->declared || item->place == PLACE_FILE))
			item->value = item->expression = false;
		break;
	case ':':
		if (item->place == PLACE_BODY && item->label && at_base)
			names_begin_statement(item);
		break;
	case '*':
	case '[':
		if (item->place == PLACE_BODY && at_base && !item->words)
			item->expression = true;
		break;
	default:
		if (item->place == PLACE_BODY && at_base && c != ']')
			item->expression = true;
	}
}

static int take_other(struct names_scan *s)
{
	unsigned char c = *s->at, next = s->end - s->at > 1 ? s->at[1] : 0;
	bool compares = next == '=' && strchr("=!<>", c);
	int r = 0;

	if (c == '(')
		r = open_paren(s);
	else if (c == ')')
		close_paren(s);
	else if (c == '{')
		r = open_brace(s);
	else if (c == '}')
		close_brace(s);
	else
		take_punctuation(s, compares ? '<' : c);
	s->state.before2 = s->state.before;
	s->state.before = c < ' ' ? '?' : c; /* the lowest are TOKEN_ */
	s->at++;
	if ((c == '-' && next == '>') || (c == '#' && next == '#')) {
		s->state.before = c == '-' ? TOKEN_ARROW : TOKEN_PASTE;
		s->at++;
	} else if (compares) {
		s->at++;
	}
	return r;
}

/* Keep the token at hand, which is no word. It may be longer than what is read at once. */
static int keep_other(struct names_scan *s)
{
	if (!s->tokens || s->at < s->token_end)
		return 0;
	return keep_token(s, token_read(s->at, s->end, &s->token_end), s->at);
}

static int take_token(struct names_scan *s)
{
	unsigned char c = *s->at;
	int r;

	if (lex_is_name_start(c))
		return take_word(s);
	if (c == '#' && s->saved)
		return names_directive(s);
	r = keep_other(s);
	if (r)
		return r;
	if (lex_class[c] & LEX_DIGIT) {
		while (s->at < s->end && (lex_is_name(*s->at) || *s->at == '.'))
			s->at++;
	} else if (c == '"' || c == '\'') {
		s->at = lex_skip_quoted(s->at, s->end);
	} else {
		return take_other(s);
	}
	s->state.before2 = s->state.before;
	s->state.before = c == '"' ? TOKEN_TEXT : TOKEN_NUMBER;
	return 0;
}

int names_read(struct names_scan *s)
{
	int r = 0;

	while (!r) {
		s->at = lex_skip_blank(s->at, s->end, false);
		/* A backslash that is no splice. */
		if (s->at < s->end && *s->at == '\\')
			s->at++;
		else if (s->at < s->end)
			r = take_token(s);
		else
			break;
	}
	return r;
}

/* A name in assembly: an operand or an instruction, if no label. */
static int take_operand(struct names_scan *s)
{
	struct names_word word = {.text = lex_name(s->at, s->end)};
	int r = 0;

	s->at = word.text.end;
	word.behind = lex_skip_blank(s->at, s->end, true);
	if (word.behind < s->end && *word.behind == ':')
		return 0;
	r = words_add(&s->source->words, word.text, &word.number, s->err);
	return r || word.number < KEYWORD_COUNT ? r : names_site(s, &word, false);
}

static const unsigned char *skip_word(const unsigned char *p, const unsigned char *end)
{
	while (p < end && lex_is_name(*p))
		p++;
	return p;
}

/* Assembly names what it uses: registers ("%rax"), directives (".text") and numbers do not count.
 */
static int read_assembly(struct names_scan *s)
{
	int r = 0;

	while (!r) {
		s->at = lex_skip_blank(s->at, s->end, false);
		if (s->at == s->end)
			break;
		if (*s->at == '#' && (s->at == s->start || s->at[-1] == '\n'))
			r = names_directive(s);
		else if (*s->at == '"')
			s->at = lex_skip_quoted(s->at, s->end);
		else if (*s->at == '%' || *s->at == '.' || lex_class[*s->at] & LEX_DIGIT)
			s->at = skip_word(s->at + 1, s->end);
		else if (lex_is_name(*s->at))
			r = take_operand(s);
		else
			s->at++;
	}
	return r;
}

/* Read a C file, and keep its tokens unless there are too many. */
static int read_code(struct names_scan *s)
{
	struct source_part_file *file = &s->source->files.items[s->file];
	struct source_tokens *tokens = &s->source->tokens;
	size_t before = tokens->count;
	int r;

	s->tokens = tokens;
	s->first_token = before;
	r = names_read(s);
	if (s->tokens) {
		file->first_token = (uint32_t)before;
		file->token_count = (uint32_t)(tokens->count - before);
	} else {
		tokens->count = before;
		file->is_cut = true;
	}
	return r;
}

int module_names_scan(struct module_source *source, uint32_t index, const unsigned char *data,
		      size_t size, struct ksa_error *err)
{
	_cleanup_free_ struct names_state *saved = calloc(COND_DEPTH, sizeof(*saved));
	struct names_scan s = {.source = source,
			       .err = err,
			       .file = index,
			       .start = data,
			       .at = data,
			       .end = data + size,
			       .counted = data,
			       .line = 1,
			       .saved = saved,
			       .last_name = WORDS_NONE};
	int r = saved ? names_add_keywords(&source->words, err) : ksa_fail_nomem(err);

	if (!r)
		r = branches_begin(&source->branches, err);
	if (r)
		return r;
	names_begin_item(&s);
	if (source->files.items[index].part == PART_ASSEMBLY)
		return read_assembly(&s);
	return read_code(&s);
}
