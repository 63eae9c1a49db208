// SPDX-License-Identifier: GPL-2.0-or-later
/* The text of a Kconfig file (Documentation/kbuild/kconfig-language.rst): symbols, types, depends,
 * select, and the blocks around them. */
#include <ctype.h>
#include <string.h>

#include "audit/review/kconfig_internal.h"
#include "base/vec.h"

/* What an entry's "depends on" is said of. */
enum entry { ENTRY_NONE, ENTRY_SYMBOL, ENTRY_BLOCK };

struct parser {
	struct kconfig_file *file;
	const char *at, *end;
	enum entry entry;
	size_t def; /* of ENTRY_SYMBOL */
	/* What holds in the blocks that are open: [depth] is the innermost one's. */
	const struct kconfig_condition *blocks[KCONFIG_MAX_DEPTH + 1];
	size_t depth, lost; /* lost: deeper ones */
};

/* One line, with continued ones joined, without comment and blanks around. */
struct line {
	char text[1024];
	size_t length;
	bool quoted;
};

static void add_byte(struct line *line, char c)
{
	bool leads = !line->length && (c == ' ' || c == '\t');

	if (!leads && line->length + 1 < sizeof(line->text))
		line->text[line->length++] = c;
}

/* From s on, up to a comment. */
static void add_text(struct line *line, const char *s, const char *stop)
{
	for (; s < stop && (line->quoted || *s != '#'); s++) {
		line->quoted ^= *s == '"';
		add_byte(line, *s);
	}
}

static bool next_line(struct parser *p, struct line *out)
{
	bool more = true;

	out->length = 0;
	out->quoted = false;
	if (p->at >= p->end)
		return false;
	while (more && p->at < p->end) {
		const char *newline = memchr(p->at, '\n', (size_t)(p->end - p->at));
		const char *stop = newline ? newline : p->end;

		more = stop > p->at && stop[-1] == '\\';
		add_text(out, p->at, stop - more);
		if (more)
			add_byte(out, ' ');
		p->at = newline ? newline + 1 : p->end;
	}
	while (out->length && isspace((unsigned char)out->text[out->length - 1]))
		out->length--;
	out->text[out->length] = '\0';
	return true;
}

/* A text of help goes on as long as its lines are indented as far as the first one. */
static void skip_help(struct parser *p)
{
	size_t indent = 0;

	while (p->at < p->end) {
		const char *newline = memchr(p->at, '\n', (size_t)(p->end - p->at)), *s = p->at;
		const char *stop = newline ? newline : p->end;
		size_t column = 0;

		for (; s < stop && (*s == ' ' || *s == '\t' || *s == '\r'); s++)
			column = *s == '\t' ? (column | 7) + 1 : column + 1;
		if (s < stop && (column < indent || !column))
			return;
		if (s < stop && !indent)
			indent = column;
		p->at = newline ? newline + 1 : p->end;
	}
}

/* The rest behind a keyword, or NULL if the line does not start with it. */
static const char *after(const char *text, const char *keyword)
{
	size_t length = strlen(keyword);

	if (strncmp(text, keyword, length) != 0 || isalnum((unsigned char)text[length]) ||
	    text[length] == '_' || text[length] == '-')
		return NULL;
	return text + length + strspn(text + length, " \t");
}

static int add_condition(struct parser *p, const struct kconfig_condition **list, const char *text,
			 size_t length)
{
	struct kconfig_condition *c = arena_calloc(&p->file->arena, 1, sizeof(*c));

	if (!c)
		return KSA_ENOMEM;
	c->text = arena_strndup(&p->file->arena, text, length);
	c->next = *list;
	*list = c;
	return c->text ? 0 : KSA_ENOMEM;
}

static int open_block(struct parser *p, const char *condition)
{
	if (p->depth == KCONFIG_MAX_DEPTH) {
		p->lost++;
		return 0;
	}
	p->blocks[p->depth + 1] = p->blocks[p->depth];
	p->depth++;
	return *condition ? add_condition(p, &p->blocks[p->depth], condition, strlen(condition))
			  : 0;
}

static void close_block(struct parser *p)
{
	if (p->lost)
		p->lost--;
	else
		p->depth -= p->depth > 0;
	p->entry = ENTRY_NONE;
}

static int start_symbol(struct parser *p, const char *rest)
{
	size_t length = strcspn(rest, " \t");
	struct kconfig_def *d;

	if (!length || VEC_PUSH_ROOM(&p->file->defs, NULL))
		return length ? KSA_ENOMEM : 0;
	p->entry = ENTRY_SYMBOL;
	p->def = p->file->defs.count;
	d = &p->file->defs.items[p->file->defs.count++];
	*d = (struct kconfig_def){.name = arena_strndup(&p->file->arena, rest, length),
				  .conditions = p->blocks[p->depth]};
	return d->name ? 0 : KSA_ENOMEM;
}

static int add_source(struct parser *p, const char *rest)
{
	size_t quote = *rest == '"', length = strcspn(rest + quote, quote ? "\"" : " \t");
	struct kconfig_source *s;

	p->entry = ENTRY_NONE;
	if (!length || VEC_PUSH_ROOM(&p->file->sources, NULL))
		return length ? KSA_ENOMEM : 0;
	s = &p->file->sources.items[p->file->sources.count++];
	*s = (struct kconfig_source){.path = arena_strndup(&p->file->arena, rest + quote, length),
				     .conditions = p->blocks[p->depth]};
	return s->path ? 0 : KSA_ENOMEM;
}

/* "depends on X" of a symbol, or of all that is in a menu or choice. */
static int add_depends(struct parser *p, const char *rest)
{
	const char *on = after(rest, "on");

	rest = on ? on : rest;
	if (p->entry == ENTRY_BLOCK && !p->lost)
		return add_condition(p, &p->blocks[p->depth], rest, strlen(rest));
	if (p->entry != ENTRY_SYMBOL)
		return 0;
	return add_condition(p, &p->file->defs.items[p->def].conditions, rest, strlen(rest));
}

static int parse_block(struct parser *p, const char *text, bool *done)
{
	static const char *const ends[] = {"endif", "endmenu", "endchoice"};
	const char *rest;

	*done = true;
	for (size_t i = 0; i < sizeof(ends) / sizeof(*ends); i++)
		if (after(text, ends[i])) {
			close_block(p);
			return 0;
		}
	if ((rest = after(text, "if"))) {
		p->entry = ENTRY_NONE;
		return open_block(p, rest);
	}
	if (after(text, "menu") || after(text, "choice")) {
		p->entry = ENTRY_BLOCK;
		return open_block(p, "");
	}
	*done = false;
	return 0;
}

/* The length of an expression that " if " may follow. */
static size_t until_if(const char *text)
{
	const char *at = strstr(text, " if ");

	return at ? (size_t)(at - text) : strlen(text);
}

/* An attribute of the symbol at hand. */
static int parse_attribute(struct parser *p, const char *text)
{
	static const struct {
		const char *word;
		enum kconfig_type type;
	} types[] = {{"tristate", KCONFIG_TRISTATE},
		     {"def_tristate", KCONFIG_TRISTATE},
		     {"bool", KCONFIG_BOOL},
		     {"boolean", KCONFIG_BOOL},
		     {"def_bool", KCONFIG_BOOL}};
	static const char *const selects[] = {"select", "enable"};
	struct kconfig_def *d = &p->file->defs.items[p->def];
	const char *rest;

	for (size_t i = 0; i < sizeof(types) / sizeof(*types); i++) {
		rest = after(text, types[i].word);
		if (!rest)
			continue;
		d->type = types[i].type;
		d->asked |= strncmp(text, "def_", 4) != 0 && *rest;
		if (strncmp(text, "def_", 4) == 0)
			return add_condition(p, &d->defaults, rest, until_if(rest));
	}
	d->asked |= after(text, "prompt") != NULL;
	rest = after(text, "default");
	if (rest)
		return add_condition(p, &d->defaults, rest, until_if(rest));
	for (size_t i = 0; i < sizeof(selects) / sizeof(*selects); i++)
		if ((rest = after(text, selects[i])) && *rest)
			return add_condition(p, &d->selects, rest, strcspn(rest, " \t"));
	return 0;
}

static int parse_line(struct parser *p, const char *text)
{
	const char *rest;
	bool done;
	int r = parse_block(p, text, &done);

	if (r || done)
		return r;
	if ((rest = after(text, "config")) || (rest = after(text, "menuconfig")))
		return start_symbol(p, rest);
	if ((rest = after(text, "source")) || (rest = after(text, "osource")))
		return add_source(p, rest);
	if ((rest = after(text, "depends")) || (rest = after(text, "requires")))
		return add_depends(p, rest);
	if (after(text, "comment") || after(text, "mainmenu"))
		p->entry = ENTRY_NONE;
	return p->entry == ENTRY_SYMBOL ? parse_attribute(p, text) : 0;
}

int kconfig_parse(struct kconfig_file *file, const char *text, size_t size)
{
	struct parser p = {.file = file, .at = text, .end = text + size};
	struct line l = {.length = 0};
	int r = 0;

	while (!r && next_line(&p, &l)) {
		if (after(l.text, "help") || strncmp(l.text, "---help---", 10) == 0)
			skip_help(&p);
		else if (*l.text)
			r = parse_line(&p, l.text);
	}
	return r;
}

bool kconfig_word(const char **at, const char *end, char *name)
{
	const char *s = *at;
	size_t length = 0;
	bool quoted;

	while (s < end && isspace((unsigned char)*s))
		s++;
	quoted = s < end && *s == '"';
	s += quoted;
	for (; s < end && (isalnum((unsigned char)*s) || *s == '_'); s++)
		if (length + 1 < KCONFIG_MAX_NAME)
			name[length++] = *s;
	name[length] = '\0';
	if (quoted && (s == end || *s++ != '"'))
		return false;
	while (s < end && isspace((unsigned char)*s))
		s++;
	*at = s;
	return length > 0;
}

bool kconfig_comparison(const char **at, const char *end, bool *equal)
{
	*equal = *at < end && **at == '=';
	if (!*equal && (end - *at < 2 || memcmp(*at, "!=", 2) != 0))
		return false;
	*at += *equal ? 1 : 2;
	return true;
}

/* Where the parenthesis at at is closed; end if it is not. */
static const char *closing(const char *at, const char *end)
{
	size_t depth = 0;

	for (; at < end; at++) {
		if (*at == '(')
			depth++;
		else if (*at == ')' && --depth == 0)
			return at;
	}
	return end;
}

void kconfig_trim(const char **at, const char **end)
{
	for (;;) {
		while (*at < *end && isspace((unsigned char)**at))
			++*at;
		while (*at < *end && isspace((unsigned char)(*end)[-1]))
			--*end;
		if (*at == *end || **at != '(' || closing(*at, *end) != *end - 1)
			return;
		++*at;
		--*end;
	}
}

char kconfig_split(const char *at, const char *end, const char **operator_)
{
	char found = '\0';

	*operator_ = NULL;
	for (; at + 1 < end; at++) {
		if (*at == '(') {
			at = closing(at, end);
			continue;
		}
		if ((*at != '|' && *at != '&') || at[1] != *at)
			continue;
		if (*at == '|' || !found) {
			*operator_ = at;
			found = *at;
		}
		if (found == '|')
			break;
		at++;
	}
	return found;
}
