// SPDX-License-Identifier: GPL-2.0-or-later
/* What a name is, by the place where it stands. */
#include "read/source/module_names_internal.h"

#include "base/vec.h"

void names_begin_statement(struct item *item)
{
	*item = (struct item){.place = item->place,
			      .function = item->function,
			      .function_line = item->function_line,
			      .parens = item->parens,
			      .base = item->parens};
}

void names_begin_item(struct names_scan *s)
{
	*names_item(s) = (struct item){.place = PLACE_FILE, .function = WORDS_NONE};
	s->serial = ++s->source->serial;
}

int names_local(struct names_scan *s, uint32_t number)
{
	struct module_source *source = s->source;
	int r;

	if (number >= source->locals.count) {
		size_t before = source->locals.count;

		r = vec_reserve(&source->locals.items, &source->locals.capacity,
				source->words.count, sizeof(*source->locals.items), s->err);
		if (r)
			return r;
		source->locals.count = source->locals.capacity;
		memset(source->locals.items + before, 0,
		       (source->locals.count - before) * sizeof(*source->locals.items));
	}
	source->locals.items[number] = s->serial;
	return 0;
}

static bool is_local(const struct names_scan *s, uint32_t number)
{
	return number < s->source->locals.count && s->source->locals.items[number] == s->serial;
}

int names_site(struct names_scan *s, const struct names_word *word, bool is_call)
{
	struct source_site site = {.word = word->number,
				   .file = s->file,
				   .branch = branches_open(&s->source->branches),
				   .macro = s->macro,
				   .is_call = is_call};

	if (is_local(s, word->number))
		return 0;
	site.line = names_line(s, word->text.at);
	return module_source_add_site(s->source, &site, s->err);
}

int names_define(struct names_scan *s, uint32_t number, uint32_t line, enum source_kind_of kind)
{
	struct source_definition definition = {.word = number,
					       .file = s->file,
					       .line = line,
					       .branch = branches_open(&s->source->branches),
					       .kind = kind,
					       .of_file = names_item(s)->is_static &&
							  s->source->files.items[s->file].part !=
								  PART_HEADER};
	uint32_t index;

	if (s->macro)
		return 0;
	return module_source_add_definition(s->source, &definition, &index, s->err);
}

/* True if a declared name can be followed by this. */
static bool ends_declarator(const struct names_word *word)
{
	return word->next && strchr(";,[):", word->next) ? true
							 : word->next == '=' && word->next2 != '=';
}

static bool ends_parameter(const struct names_word *word)
{
	return word->next == ',' || word->next == ')' || word->next == '[';
}

/* True if an attribute follows that is written as a macro: "x __free(kfree) =", "x __unused;". */
static bool attribute_follows(const struct names_scan *s, const struct names_word *word)
{
	struct span name = lex_name(word->behind, s->end);
	const unsigned char *p;

	if (span_length(name) < 3 || name.at[0] != '_' || name.at[1] != '_')
		return false;
	p = lex_skip_blank(name.end, s->end, false);
	return p < s->end && strchr("(=;,[", *p);
}

/* True if what is before is the end of a type: a name follows that is declared. */
static bool behind_type(const struct names_scan *s)
{
	uint8_t before = s->state.before;

	return before == TOKEN_NAME || before == TOKEN_TAG || before == TOKEN_KEYWORD ||
	       before == '*';
}

/* "struct x *name" within parentheses, where nothing else tells a declaration. */
static bool behind_pointer(const struct names_scan *s)
{
	return (s->state.before == '*' && s->state.before2 == TOKEN_TAG) ||
	       s->state.before == TOKEN_TAG;
}

/* A name where a declaration may stand in a function, or a statement. */
static int take_in_statement(struct names_scan *s, const struct names_word *word)
{
	struct item *item = names_item(s);
	bool name_follows = lex_is_name_start(word->next);

	if (!item->words) {
		if (word->next == ':' && word->next2 != ':' && s->state.before != '?') {
			item->label = true;
			return 0;
		}
		if (name_follows || (word->next == '*' && word->next2 != '='))
			item->words = 1;
		else
			item->expression = true;
		return names_site(s, word, word->next == '(');
	}
	if (ends_declarator(word) || attribute_follows(s, word)) {
		item->declared = true;
		return names_local(s, word->number);
	}
	if (item->declared && s->state.before == TOKEN_NAME)
		return names_site(s, word, word->next == '('); /* an attribute */
	if (word->next == '(')
		item->expression = true;
	item->words = 2;
	return names_site(s, word, word->next == '(');
}

static int take_in_body(struct names_scan *s, const struct names_word *word)
{
	struct item *item = names_item(s);

	if (s->state.before == TOKEN_GOTO)
		return 0;
	if (s->macro && (s->state.before == TOKEN_PASTE || s->state.before == '#' ||
			 (word->next == '#' && word->next2 == '#')))
		return 0;
	if (item->parens == item->base && !item->expression)
		return take_in_statement(s, word);
	if (behind_pointer(s) && ends_declarator(word))
		return names_local(s, word->number);
	return names_site(s, word, word->next == '(');
}

/* Macros that define their first argument. */
static bool is_definer(struct span name)
{
	static const char *const parts[] = {"DEFINE_", "DECLARE_", "LIST_HEAD", "HLIST_HEAD"};

	for (size_t i = 0; i < sizeof(parts) / sizeof(*parts); i++)
		if (span_holds(name, parts[i]))
			return true;
	return false;
}

static bool is_constant(struct span name)
{
	for (const unsigned char *p = name.at; p < name.end; p++)
		if (*p >= 'a' && *p <= 'z')
			return false;
	return true;
}

/* "int (*name)(...)": a variable or a type, or within other parentheses a parameter. */
static int take_pointer(struct names_scan *s, const struct names_word *word)
{
	struct item *item = names_item(s);

	if (item->parens > 1 || item->function != WORDS_NONE)
		return names_local(s, word->number);
	item->declared = true;
	return names_define(s, word->number, names_line(s, word->text.at), DEFINES_OBJECT);
}

/* A name within the parentheses of a declaration: a parameter, or its type. */
static int take_parameter(struct names_scan *s, const struct names_word *word)
{
	if (s->state.before == '*' && s->state.before2 == '(' && word->next == ')')
		return take_pointer(s, word);
	if (ends_parameter(word) && behind_type(s))
		return names_local(s, word->number);
	return names_site(s, word, false);
}

/* "TP_PROTO(size_t count, int fd)": a word that stands behind another one is declared. */
static bool behind_word(const struct names_scan *s)
{
	return s->state.before == TOKEN_NAME || s->state.before == TOKEN_KEYWORD;
}

/* An argument of a macro outside of functions. */
static int take_argument(struct names_scan *s, const struct names_word *word)
{
	struct item *item = names_item(s);
	bool ends = ends_parameter(word);

	if (ends && (behind_pointer(s) || behind_word(s)))
		return names_local(s, word->number);
	if (ends && item->parens == 1 && s->state.before == '(') {
		if (item->invokes_definer)
			return names_define(s, word->number, names_line(s, word->text.at),
					    DEFINES_OBJECT);
		/* It makes part of a name, or says something else: DEVICE_ATTR(x, ...). */
		if (item->invokes_constant)
			return 0;
	}
	return names_site(s, word, word->next == '(');
}

/*
 * module_param(debug, int, 0644) names param_ops_int: the one family of macros that nearly every
 * module uses to put the name of an export together (include/linux/moduleparam.h). The type is the
 * second argument, of module_param_named() and its like the third.
 */
static int take_parameter_type(struct names_scan *s, const struct names_word *macro)
{
	static const char prefix[] = "param_ops_";
	unsigned int number = span_holds(macro->text, "_named") ? 2 : 1;
	struct names_word word = {.text = macro->text};
	unsigned char name[64];
	struct lex_call call;
	size_t length;
	int r;

	if (!lex_read_call(macro->behind, s->end, false, &call) || call.count <= number ||
	    !span_is_name(call.arguments[number]))
		return 0;
	length = span_length(call.arguments[number]);
	if (length + sizeof(prefix) > sizeof(name))
		return 0;
	memcpy(name, prefix, sizeof(prefix) - 1);
	memcpy(name + sizeof(prefix) - 1, call.arguments[number].at, length);
	r = words_add(&s->source->words, (struct span){name, name + sizeof(prefix) - 1 + length},
		      &word.number, s->err);
	return r ? r : names_site(s, &word, false);
}

/* What is declared with parentheses, or a macro that is invoked. */
static int take_before_parentheses(struct names_scan *s, const struct names_word *word)
{
	struct item *item = names_item(s);

	if (item->words && (item->function == WORDS_NONE || s->state.before != ')')) {
		item->function = word->number;
		item->function_line = names_line(s, word->text.at);
		return 0;
	}
	item->invoked = !item->words;
	item->invokes_definer = item->invoked && is_definer(word->text);
	item->invokes_constant = item->invoked && is_constant(word->text);
	if (item->invoked && span_holds(word->text, "module_param")) {
		int r = take_parameter_type(s, word);

		if (r)
			return r;
	}
	return names_site(s, word, true);
}

static int take_in_file(struct names_scan *s, const struct names_word *word)
{
	struct item *item = names_item(s);
	uint8_t before = s->state.before;

	if (item->parens)
		return item->invoked ? take_argument(s, word) : take_parameter(s, word);
	if (item->value)
		return names_site(s, word, word->next == '(');
	if (word->next == '(')
		return take_before_parentheses(s, word);
	if (item->words && before != ')' && !(item->declared && before == TOKEN_NAME) &&
	    (ends_declarator(word) || attribute_follows(s, word))) {
		item->declared = true;
		if (item->is_extern)
			return 0;
		return names_define(s, word->number, names_line(s, word->text.at), DEFINES_OBJECT);
	}
	item->words += item->words < 3;
	return names_site(s, word, false);
}

/* Members: those that a type declares, which are no names of the kernel's. */
static int take_in_aggregate(struct names_scan *s, const struct names_word *word)
{
	if (ends_declarator(word) && s->state.before != '[')
		return 0;
	/* "u32 (*member)(...)" is no call, "DECLARE_BITMAP(member, N)" is one. */
	return names_site(s, word, word->next == '(' && is_constant(word->text));
}

int names_take(struct names_scan *s, const struct names_word *word)
{
	struct item *item = names_item(s);
	uint8_t before = s->state.before;

	/* A member, also of a designated initializer; a tag. */
	if (before == '.' || before == TOKEN_ARROW || before == TOKEN_TAG_KEYWORD ||
	    (s->state.member_parens & 1 && before == ',' && word->next == ')'))
		return 0;
	switch (item->place) {
	case PLACE_FILE:
		return take_in_file(s, word);
	case PLACE_AGGREGATE:
		return take_in_aggregate(s, word);
	case PLACE_ENUM:
		if (before == '{' || before == ',')
			return names_define(s, word->number, names_line(s, word->text.at),
					    DEFINES_OBJECT);
		break;
	case PLACE_VALUE:
		/* "member: value", as gcc had it before C99. */
		if (word->next == ':' && (before == '{' || before == ','))
			return 0;
		break;
	case PLACE_BODY:
		return take_in_body(s, word);
	}
	return names_site(s, word, word->next == '(');
}
