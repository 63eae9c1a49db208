// SPDX-License-Identifier: GPL-2.0-or-later
/* Specifiers and declarators: "static const struct x *f(int)". */
#include "read/source/typed_internal.h"

#define MAX_ATTRIBUTES 16 /* beside each other */

/* Words of a type of C's own, as far as they were read. */
struct base_words {
	unsigned int seen; /* bits by keyword - KEYWORD_TYPES */
	unsigned int longs;
};

#define SEEN(keyword) (1u << ((keyword)-KEYWORD_TYPES))

/* The name that gcc gives the type in debug information, or NULL for what is no type. */
static const char *base_name(const struct base_words *base)
{
	static const char *const names[4][2] = {
		{"int", "unsigned int"},
		{"long int", "long unsigned int"},
		{"long long int", "long long unsigned int"},
		{"short int", "short unsigned int"},
	};
	unsigned int seen = base->seen, is_unsigned = (seen & SEEN(KEYWORD_UNSIGNED)) != 0;

	if (seen & SEEN(KEYWORD_VOID))
		return "void";
	if (seen & (SEEN(KEYWORD_BOOLEAN) | SEEN(KEYWORD_BOOL)))
		return "_Bool";
	if (seen & SEEN(KEYWORD_FLOAT))
		return "float";
	if (seen & SEEN(KEYWORD_DOUBLE))
		return base->longs ? "long double" : "double";
	if (seen & SEEN(KEYWORD_CHAR)) {
		if (is_unsigned)
			return "unsigned char";
		return seen & (SEEN(KEYWORD_SIGNED) | SEEN(KEYWORD_SIGNED_2)) ? "signed char"
									      : "char";
	}
	if (seen & SEEN(KEYWORD_SHORT))
		return names[3][is_unsigned];
	return base->longs > 2 ? NULL : names[base->longs][is_unsigned];
}

/* What specifiers are made of. */
struct specifying {
	struct typed_specifiers *out;
	struct base_words base;
	uint32_t names[4]; /* tokens of names that may be the type, or attributes */
	uint32_t name_count;
	bool is_typed; /* a keyword said the type */
	bool is_unclear;
};

static bool is_kind_name(const struct words *words, uint32_t word, const char *text)
{
	return strcmp(words->items[word].text, text) == 0;
}

/* "__u8", "__le64", "__kernel_x": what follows the underscores. */
static bool is_kernel_number(const char *text)
{
	static const char *const ends[] = {"8", "16", "32", "64"};

	if (strncmp(text, "kernel_", 7) == 0)
		return true;
	if (*text != 'u' && *text != 's' && strncmp(text, "le", 2) != 0 &&
	    strncmp(text, "be", 2) != 0)
		return false;
	text += strcspn(text, "0123456789");
	for (size_t i = 0; i < 4; i++)
		if (strcmp(text, ends[i]) == 0)
			return true;
	return false;
}

bool typed_is_known_type(const struct typed_scan *t, uint32_t what)
{
	static const char *const names[] = {"u8",   "u16",   "u32",	"u64",	  "s8",
					    "s16",  "s32",   "s64",	"__wsum", "gfp_t",
					    "uint", "ulong", "__sum16", "uchar"};
	const char *text;
	size_t length;

	if (!typed_is_name(what))
		return false;
	text = t->words->items[what].text;
	length = t->words->items[what].length;
	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
		if (strcmp(text, names[i]) == 0)
			return true;
	if (length > 2 && strcmp(text + length - 2, "_t") == 0)
		return true;
	return strncmp(text, "__", 2) == 0 && is_kernel_number(text + 2);
}

/* True for a name that is an attribute where a type may stand too. */
static bool is_attribute(const struct typed_scan *t, uint32_t word)
{
	static const char *const names[] = {"noinline", "asmlinkage", "notrace", "noreturn",
					    "inline",	"fastcall",   "STATIC",	 "INLINE"};
	const char *text = t->words->items[word].text;

	if (strncmp(text, "__", 2) == 0)
		return !typed_is_known_type(t, word);
	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
		if (is_kind_name(t->words, word, names[i]))
			return true;
	return strncmp(text, "noinline", 8) == 0;
}

/* The token behind attributes that are written as macros. */
static uint32_t behind_attributes(const struct typed_scan *t, uint32_t at)
{
	for (unsigned int i = 0; i < MAX_ATTRIBUTES; i++) {
		uint32_t what = typed_token_at(t, at)->what;

		if (!typed_is_name(what) || !is_attribute(t, what))
			break;
		at++;
		if (typed_token_at(t, at)->what == TOKEN_OF('('))
			at = typed_behind(t, at);
	}
	return at;
}

/* True if the parentheses ahead are an attribute's: a declaration goes on behind them. */
static bool declares_behind(const struct typed_scan *t, uint32_t paren)
{
	uint32_t at = behind_attributes(t, typed_behind(t, paren));
	uint32_t what = typed_token_at(t, at)->what;

	return token_is_word(what) || what == TOKEN_OF('*');
}

/* True if the name at hand is what is declared, though a word follows: an attribute. */
static bool is_followed_by_attribute(const struct typed_scan *t)
{
	return typed_is_name(typed_what(t, 1)) && is_attribute(t, typed_what(t, 1)) &&
	       typed_is_name(typed_what(t, 0)) && !is_attribute(t, typed_what(t, 0));
}

/* The tag at hand, and its members if they are there. */
static void read_tag(struct typed_scan *t, struct specifying *s, uint32_t keyword)
{
	static const uint8_t kinds[] = {TYPED_STRUCT, TYPED_UNION, TYPED_ENUM};
	struct typed_type *type = &s->out->type;
	uint32_t tag = WORDS_NONE;

	while (typed_is_name(typed_what(t, 0)) &&
	       ((typed_is_name(typed_what(t, 1)) && is_attribute(t, typed_what(t, 0))) ||
		is_kind_name(t->words, typed_what(t, 0), "__packed")))
		t->at++;
	if (typed_is_name(typed_what(t, 0))) {
		s->is_unclear |= (typed_token_at(t, t->at)->flags & ~TYPED_IN_MACRO) != 0;
		tag = typed_what(t, 0);
		t->at++;
	}
	*type = (struct typed_type){.kind = kinds[keyword - KEYWORD_STRUCT],
				    .is_const = type->is_const,
				    .is_volatile = type->is_volatile,
				    .number = tag,
				    .name = typed_name(t, tag)};
	s->is_typed = true;
	if (!typed_is(t, 0, '{'))
		return;
	if (type->kind == TYPED_ENUM) {
		typed_read_enumerators(t);
		type->is_own = tag == WORDS_NONE;
	} else {
		uint32_t number = typed_read_members(t, type->kind, tag);

		if (tag == WORDS_NONE)
			type->number = TOKEN_MARK | number;
		type->is_own = true;
	}
	s->is_unclear |= t->failed;
}

static bool take_storage(struct typed_specifiers *out, uint32_t keyword)
{
	switch (keyword) {
	case KEYWORD_TYPEDEF:
		out->is_typedef = true;
		break;
	case KEYWORD_STATIC:
		out->is_static = true;
		break;
	case KEYWORD_EXTERN:
		out->is_extern = true;
		break;
	case KEYWORD_INLINE:
	case KEYWORD_INLINE_2:
	case KEYWORD_INLINE_3:
		out->is_inline = true;
		break;
	case KEYWORD_REGISTER:
	case KEYWORD_AUTO:
		break;
	default:
		return false;
	}
	out->has_storage = true;
	return true;
}

/* A keyword of specifiers at hand is taken; false if it is none. */
static bool take_keyword(struct typed_scan *t, struct specifying *s)
{
	uint32_t keyword = typed_what(t, 0);

	if (keyword == KEYWORD_CONST || keyword == KEYWORD_CONST_2) {
		s->out->type.is_const = true;
	} else if (keyword == KEYWORD_VOLATILE || keyword == KEYWORD_VOLATILE_2) {
		s->out->type.is_volatile = true;
	} else if (keyword == KEYWORD_EXTENSION || keyword == KEYWORD_ATTRIBUTE) {
	} else if (keyword <= KEYWORD_ENUM) {
		t->at++;
		read_tag(t, s, keyword);
		return true;
	} else if (keyword >= KEYWORD_TYPEOF && keyword <= KEYWORD_AUTO_TYPE) {
		s->is_typed = s->is_unclear = true;
		if (typed_is(t, 1, '(')) {
			t->at = typed_behind(t, t->at + 1);
			return true;
		}
	} else if (keyword >= KEYWORD_TYPES && keyword < KEYWORD_STATEMENTS) {
		s->is_typed = true;
		s->base.seen |= SEEN(keyword);
		s->base.longs += keyword == KEYWORD_LONG;
	} else if (!take_storage(s->out, keyword)) {
		return false;
	}
	t->at++;
	return true;
}

/* True for what may follow the name that is declared. */
static bool ends_name(uint32_t what)
{
	return what == TOKEN_END ||
	       (what & TOKEN_MARK && what != TOKEN_OF('*') && what != TOKEN_OF('('));
}

/* The name at hand may be the type. */
static void keep_name(struct typed_scan *t, struct specifying *s)
{
	if (s->name_count < 4)
		s->names[s->name_count++] = t->at;
	else
		s->is_unclear = true;
	t->at++;
}

/* A name that a '(' follows: "__printf(1, 2) int f()", "int __section(x) v", "u32 (*f)()". */
static bool take_before_parentheses(struct typed_scan *t, struct specifying *s)
{
	if (!s->is_typed && !s->name_count && typed_what(t, 2) == TOKEN_OF('*')) {
		keep_name(t, s);
		return false;
	}
	if (!is_attribute(t, typed_what(t, 0)) || !declares_behind(t, t->at + 1))
		return false;
	t->at = typed_behind(t, t->at + 1);
	return true;
}

/* A name among the specifiers is taken; false if it is what is declared, or no declaration's. */
static bool take_name(struct typed_scan *t, struct specifying *s)
{
	uint32_t next = typed_what(t, 1);
	bool has_type = s->is_typed || s->name_count;

	if (typed_token_at(t, t->at)->flags & (TYPED_OWN_MACRO | TYPED_PASTED))
		s->is_unclear = true;
	if (next == TOKEN_OF('('))
		return take_before_parentheses(t, s);
	if (ends_name(next)) {
		/* "(u32)", "f(u32, u16)": a type alone. */
		if (!has_type && (next == TOKEN_OF(')') || next == TOKEN_OF(',') ||
				  next == TOKEN_END || next == TOKEN_OF('[')))
			keep_name(t, s);
		return false;
	}
	/* A word or a '*' follows. */
	if (has_type && is_followed_by_attribute(t) &&
	    ends_name(typed_token_at(t, behind_attributes(t, t->at + 1))->what))
		return false;
	if (s->is_typed && is_attribute(t, typed_what(t, 0)))
		t->at++;
	else
		keep_name(t, s);
	return true;
}

/* Which of the names is the type; the others are attributes. */
static void choose_name(struct typed_scan *t, struct specifying *s)
{
	struct typed_type *type = &s->out->type;
	uint32_t chosen = 0, count = 0;

	for (uint32_t i = 0; i < s->name_count; i++) {
		if (s->name_count > 1 && is_attribute(t, typed_token_at(t, s->names[i])->what))
			continue;
		chosen = s->names[i];
		count++;
	}
	if (count != 1) {
		s->is_unclear = true;
		return;
	}
	type->kind = TYPED_NAME;
	type->number = typed_token_at(t, chosen)->what;
	type->name = typed_name(t, type->number);
}

void typed_specifiers(struct typed_scan *t, struct typed_specifiers *out)
{
	struct specifying s = {.out = out};

	*out = (struct typed_specifiers){.has_type = false};
	while (token_is_word(typed_what(t, 0)) && !t->failed) {
		if (typed_what(t, 0) < KEYWORD_COUNT) {
			if (!take_keyword(t, &s))
				break;
		} else if (!take_name(t, &s)) {
			break;
		}
	}
	out->has_type = s.is_typed || s.name_count;
	if (s.base.seen) {
		out->type.kind = TYPED_BASE;
		out->type.name = base_name(&s.base);
		s.is_unclear |= !out->type.name;
	} else if (!s.is_typed && s.name_count) {
		choose_name(t, &s);
	}
	if (s.is_unclear)
		out->type = (struct typed_type){.kind = TYPED_UNKNOWN};
}

bool typed_is_type(const struct typed_scan *t, uint32_t ahead)
{
	uint32_t what = typed_what(t, ahead);

	if (!token_is_word(what))
		return false;
	if (what >= KEYWORD_COUNT)
		return typed_is_known_type(t, what);
	return what <= KEYWORD_EXTERN || (what >= KEYWORD_TYPES && what < KEYWORD_STATEMENTS) ||
	       (what >= KEYWORD_CONST && what <= KEYWORD_EXTENSION);
}

void typed_skip_attributes(struct typed_scan *t)
{
	while (token_is_word(typed_what(t, 0))) {
		t->at++;
		if (typed_is(t, 0, '('))
			t->at = typed_behind(t, t->at);
	}
}

static void add_pointer(struct typed_type *type, bool is_const)
{
	if (type->arrays || type->pointers >= 7) {
		*type = (struct typed_type){.kind = TYPED_UNKNOWN};
		return;
	}
	if (is_const)
		type->pointer_consts |= (uint8_t)(1u << type->pointers);
	type->pointers++;
}

/* The '*'s at hand, with what stands between and behind them. */
static void read_pointers(struct typed_scan *t, struct typed_type *type)
{
	while (typed_is(t, 0, '*') ||
	       (token_is_word(typed_what(t, 0)) && !is_followed_by_attribute(t) &&
		(typed_is(t, 1, '*') || token_is_word(typed_what(t, 1))))) {
		uint32_t what = typed_what(t, 0);

		if (what == TOKEN_OF('*'))
			add_pointer(type, false);
		else if ((what == KEYWORD_CONST || what == KEYWORD_CONST_2) && type->pointers)
			type->pointer_consts |= (uint8_t)(1u << (type->pointers - 1));
		else if (typed_token_at(t, t->at)->flags & TYPED_OWN_MACRO)
			*type = (struct typed_type){.kind = TYPED_UNKNOWN};
		t->at++;
	}
	/* "* const" and nothing more: of a parameter without a name, or of a cast. */
	if (token_is_word(typed_what(t, 0)) && typed_what(t, 0) < KEYWORD_COUNT) {
		if (typed_what(t, 0) == KEYWORD_CONST && type->pointers)
			type->pointer_consts |= (uint8_t)(1u << (type->pointers - 1));
		t->at++;
	}
}

/* A parameter; false if what follows it is not clear. */
static bool read_parameter(struct typed_scan *t, struct typed_type *type, uint32_t *name)
{
	struct typed_specifiers specifiers;
	struct typed_declarator declared;

	typed_specifiers(t, &specifiers);
	*type = specifiers.type;
	*name = WORDS_NONE;
	if (!specifiers.has_type)
		return false;
	typed_declarator(t, &specifiers.type, &declared);
	*type = declared.type;
	*name = declared.word;
	if (typed_is_name(typed_what(t, 0)))
		typed_skip_attributes(t);
	return typed_is(t, 0, ',') || typed_is(t, 0, ')');
}

/* To the next ',' or what closes the list that ends at end. */
static void skip_parameter(struct typed_scan *t, uint32_t end)
{
	while (t->at < end && !typed_is(t, 0, ','))
		t->at = typed_behind(t, t->at);
}

static void read_list(struct typed_scan *t, uint32_t close, struct typed_own_function *own,
		      struct typed_type *types)
{
	struct typed_function *f = own->function;

	f->has_params = t->at < close;
	while (t->at < close && !t->failed) {
		struct typed_type type = {.kind = TYPED_UNKNOWN};
		uint32_t name = WORDS_NONE;

		if (typed_what(t, 0) == TOKEN_OF3('.', '.', '.')) {
			f->is_variadic = true;
			t->at++;
		} else if (typed_what(t, 0) == KEYWORD_VOID && t->at + 1 == close) {
			t->at++;
			break;
		} else if (!read_parameter(t, &type, &name)) {
			f->has_params = false;
			type = (struct typed_type){.kind = TYPED_UNKNOWN};
			skip_parameter(t, close);
		}
		if (!f->is_variadic && f->param_count < TYPED_PARAMS) {
			own->names[f->param_count] = name;
			types[f->param_count++] = type;
		} else if (!f->is_variadic) {
			f->has_params = false;
		}
		if (t->at < close && !typed_is(t, 0, ','))
			f->has_params = false;
		t->at += t->at < close;
	}
}

/* "(params)" at hand, which closes at close: the function, or NULL for want of memory. */
static struct typed_own_function *make_function(struct typed_scan *t, const struct typed_type *type,
						uint32_t close)
{
	struct typed_own_function *own = arena_calloc(t->scratch, 1, sizeof(*own));
	struct typed_function_node *node = arena_calloc(t->arena, 1, sizeof(*node));
	struct typed_function *f;
	struct typed_type types[TYPED_PARAMS], *copy;
	uint32_t start = t->at++;

	if (!own || !node) {
		t->failed = true;
		return NULL;
	}
	f = own->function = &node->function;
	f->returns = *type;
	read_list(t, close, own, types);
	if (typed_is_unsure(t, start, close))
		f->has_params = false;
	copy = arena_alloc(t->arena, f->param_count * sizeof(*copy));
	if (!copy || !typed_room(t, functions)) {
		t->failed = true;
		return NULL;
	}
	memcpy(copy, types, f->param_count * sizeof(*copy));
	f->params = copy;
	node->file = t->file;
	t->functions.items[t->functions.count++] = node;
	if (t->is_declared)
		typed_resolve_all(t);
	return own;
}

/* "(params)" at hand: *type becomes that of a function that returns it. */
static struct typed_own_function *read_function(struct typed_scan *t, struct typed_type *type)
{
	struct typed_own_function *own = NULL;
	uint32_t behind = typed_behind(t, t->at);

	if (typed_token_at(t, t->at)->match && t->depth < TYPED_DEPTH / 4) {
		t->depth++;
		own = make_function(t, type, behind - 1);
		t->depth--;
	}
	t->at = behind;
	*type = (struct typed_type){.kind = own ? TYPED_FUNCTION : TYPED_UNKNOWN,
				    .function = own ? own->function : NULL};
	return own;
}

/* "[2](int)" behind a name. */
static void read_suffixes(struct typed_scan *t, struct typed_declarator *out)
{
	while (!t->failed) {
		if (typed_is(t, 0, '[')) {
			t->at = typed_behind(t, t->at);
			if (out->function || out->type.arrays >= 7)
				out->type = (struct typed_type){.kind = TYPED_UNKNOWN};
			else
				out->type.arrays++;
		} else if (typed_is(t, 0, '(')) {
			if (out->function || out->type.arrays)
				out->type = (struct typed_type){.kind = TYPED_UNKNOWN};
			out->function = read_function(t, &out->type);
		} else {
			break;
		}
	}
}

/* True if the '(' at hand does not begin parameters: "(*f)", "(name)", "(__user *f)". */
static bool is_group(const struct typed_scan *t)
{
	if (typed_is(t, 1, '*'))
		return true;
	if (!typed_is_name(typed_what(t, 1)) || typed_is_known_type(t, typed_what(t, 1)))
		return false;
	if (typed_is(t, 2, '*'))
		return is_attribute(t, typed_what(t, 1));
	return typed_is(t, 2, ')') && typed_is(t, 3, '(');
}

/* "(*name)(params)" at hand: what is in the parentheses is declared of what is behind them. */
static void read_group(struct typed_scan *t, struct typed_declarator *out)
{
	uint32_t inside = t->at + 1, behind = typed_behind(t, t->at), end = t->end, after;
	struct typed_declarator outer = {.type = out->type, .word = WORDS_NONE};

	if (!typed_token_at(t, t->at)->match || t->depth >= TYPED_DEPTH / 4) {
		out->type = (struct typed_type){.kind = TYPED_UNKNOWN};
		t->at = behind;
		return;
	}
	t->depth++;
	t->at = behind;
	read_suffixes(t, &outer);
	after = t->at;
	t->at = inside;
	t->end = behind - 1;
	typed_declarator(t, &outer.type, out);
	/* "int (f)(int)": the function is what is declared. */
	if (!out->function && out->type.kind == TYPED_FUNCTION && !out->type.pointers)
		out->function = outer.function;
	t->end = end;
	t->at = after;
	t->depth--;
}

void typed_declarator(struct typed_scan *t, const struct typed_type *type,
		      struct typed_declarator *out)
{
	*out = (struct typed_declarator){.type = *type, .word = WORDS_NONE};
	read_pointers(t, &out->type);
	if (typed_is_name(typed_what(t, 0))) {
		if (typed_token_at(t, t->at)->flags & TYPED_PASTED)
			out->type = (struct typed_type){.kind = TYPED_UNKNOWN};
		out->word = typed_what(t, 0);
		out->token = t->at++;
		/* "name __aligned(8)[2]" does not occur; "f __section(x) (int)" neither. */
	} else if (typed_is(t, 0, '(') && is_group(t)) {
		read_group(t, out);
		return;
	}
	read_suffixes(t, out);
}
