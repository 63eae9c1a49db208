// SPDX-License-Identifier: GPL-2.0-or-later
#include "read/source/uses.h"

#include <stdlib.h>

#include "read/source/lex.h"

struct source_name {
	const char *text; /* NULL: free */
	uint32_t length, number;
	uint32_t hash;
};

static uint32_t hash_name(const unsigned char *at, size_t length)
{
	uint32_t hash = 0x811c9dc5u;

	for (size_t i = 0; i < length; i++)
		hash = (hash ^ at[i]) * 0x01000193u;
	return hash;
}

void source_names_release(struct source_names *names)
{
	free(names->slots);
	*names = (struct source_names){.slots = NULL};
}

int source_names_make(struct source_names *names, const char *const *list, size_t count,
		      struct ksa_error *err)
{
	size_t slots = 64;

	while (slots < count * 4)
		slots *= 2;
	names->slots = calloc(slots, sizeof(*names->slots));
	if (!names->slots)
		return ksa_fail_nomem(err);
	names->slot_count = slots;
	for (size_t i = 0; i < count; i++) {
		size_t length = list[i] ? strlen(list[i]) : 0, at;
		uint32_t hash;

		if (!length)
			continue;
		hash = hash_name((const unsigned char *)list[i], length);
		for (at = hash & (slots - 1); names->slots[at].text; at = (at + 1) & (slots - 1))
			;
		names->slots[at] =
			(struct source_name){list[i], (uint32_t)length, (uint32_t)i, hash};
	}
	return 0;
}

static const struct source_name *find(const struct source_names *names, const unsigned char *at,
				      size_t length, uint32_t hash)
{
	size_t mask = names->slot_count - 1;

	for (size_t i = hash & mask; names->slots[i].text; i = (i + 1) & mask)
		if (names->slots[i].hash == hash && names->slots[i].length == length &&
		    memcmp(names->slots[i].text, at, length) == 0)
			return &names->slots[i];
	return NULL;
}

/* One reading of a text. */
struct uses {
	const struct source_names *names;
	const unsigned char *start, *end;
	void (*use)(void *ctx, uint32_t number);
	void *ctx;
	size_t depth; /* of braces */
	size_t parens; /* outside of braces */
	bool value; /* outside of braces, behind a '=' */
	bool silent; /* these are the parentheses of a declaration */
	bool macro; /* or of a macro, whose arguments may be code */
	struct span word; /* the last name outside of braces and parentheses */
	unsigned char before; /* the last byte that was no blank, comment or string */
};

/* Behind the name at p; *number is that of a name that is looked for, or UINT32_MAX. */
static const unsigned char *take_name(const struct uses *u, const unsigned char *p,
				      const unsigned char *end, uint32_t *number)
{
	const unsigned char *start = p;
	const struct source_name *name;
	uint32_t hash = 0x811c9dc5u;

	for (; p < end && lex_is_name(*p); p++)
		hash = (hash ^ *p) * 0x01000193u;
	name = find(u->names, start, (size_t)(p - start), hash);
	*number = name ? name->number : UINT32_MAX;
	return p;
}

/* Behind a comment, a string or a character at p; p if there is none. */
static const unsigned char *skip_text(const unsigned char *p, const unsigned char *end)
{
	if (*p == '/')
		return lex_skip_comment(p, end);
	return *p == '"' || *p == '\'' ? lex_skip_quoted(p, end) : p;
}

/* What a macro's body names is used by the macro; "#define ioremap ioremap" says nothing. */
static void read_define(const struct uses *u, const unsigned char *p, const unsigned char *end)
{
	struct span macro = lex_name(lex_skip_blank(p, end, true), end);
	uint32_t number;

	for (p = macro.end; p < end;) {
		const unsigned char *start = p;

		if (!lex_is_name(*p)) {
			const unsigned char *next = skip_text(p, end);

			p = next > p ? next : p + 1;
			continue;
		}
		p = take_name(u, p, end, &number);
		if (number != UINT32_MAX && !span_same(macro, (struct span){start, p}))
			u->use(u->ctx, number);
	}
}

/* The line of a directive, whose '#' is at p: of definitions the body counts, of others nothing. */
static const unsigned char *read_directive(struct uses *u, const unsigned char *p)
{
	const unsigned char *end = lex_directive_end(p, u->end);
	struct span word = lex_name(lex_skip_blank(p + 1, end, true), end);

	if (span_is(word, "define"))
		read_define(u, word.end, end);
	return end > p ? end : p + 1;
}

/* "DEFINE_GUARD": by custom the name of a macro. */
static bool is_macro(struct span word)
{
	for (const unsigned char *p = word.at; p < word.end; p++)
		if (*p >= 'a' && *p <= 'z')
			return false;
	return word.at < word.end;
}

static bool is_declaration(struct span word)
{
	return span_holds(word, "DECLARE") || span_holds(word, "EXPORT");
}

/*
 * Whether a name counts that ends at p: in braces it does. Outside of them it is declared or
 * defined, unless it is in a value, among the arguments of a macro, as in DEFINE_GUARD(hwmon_lock,
 * struct device *, hwmon_lock(_T), hwmon_unlock(_T)), or alone an argument of what may be one, as
 * in module_init(tpm_init).
 */
static bool is_use(const struct uses *u, const unsigned char *p)
{
	if (u->depth || u->value)
		return true;
	if (!u->parens || u->silent)
		return false;
	if (u->macro)
		return true;
	if (!strchr("(,&", u->before))
		return false;
	p = lex_skip_blank(p, u->end, false);
	return p < u->end && (*p == ',' || *p == ')');
}

/* What braces and the like do; outside of braces, what begins and ends a declaration. */
static void take_punctuation(struct uses *u, const unsigned char *p)
{
	switch (*p) {
	case '{':
		u->depth++;
		break;
	case '}':
		/* One at the start of a line ends a function, whatever a conditional hid. */
		if (p == u->start || p[-1] == '\n')
			u->depth = 0;
		else if (u->depth)
			u->depth--;
		break;
	case '(':
		if (!u->depth && !u->parens++) {
			u->silent = is_declaration(u->word);
			u->macro = is_macro(u->word);
		}
		return;
	case ')':
		if (!u->depth && u->parens)
			u->parens--;
		return;
	case '=':
		u->value |= !u->depth && !u->parens;
		return;
	case ';':
		break;
	default:
		return;
	}
	u->value = false;
	/* Some macros take statements. */
	if (!u->macro)
		u->parens = 0;
}

static void read_c(struct uses *u)
{
	const unsigned char *p = u->start, *next;
	uint32_t number;

	while (p < u->end) {
		if (lex_is_name(*p)) {
			/* A name at the start of a line begins a declaration, whatever was open. */
			if (p > u->start && p[-1] == '\n')
				u->parens = 0;
			next = take_name(u, p, u->end, &number);
			if (number != UINT32_MAX && is_use(u, next))
				u->use(u->ctx, number);
			if (!u->depth && !u->parens)
				u->word = (struct span){p, next};
			u->before = 'a';
			p = next;
			continue;
		}
		next = *p == '#' ? read_directive(u, p) : skip_text(p, u->end);
		if (next > p) {
			p = next;
			continue;
		}
		take_punctuation(u, p);
		if (!(lex_class[*p] & LEX_BLANK) && *p != '\n')
			u->before = *p;
		p++;
	}
}

/* Assembly names what it uses; Rust calls C as "bindings::name". */
static void read_other(const struct uses *u, bool rust)
{
	static const char prefix[] = "bindings::";
	const unsigned char *p = u->start, *next;
	size_t length = strlen(prefix);
	uint32_t number;

	while (p < u->end) {
		if (lex_is_name(*p)) {
			next = take_name(u, p, u->end, &number);
			if (number != UINT32_MAX &&
			    (!rust || ((size_t)(p - u->start) >= length &&
				       memcmp(p - length, prefix, length) == 0)))
				u->use(u->ctx, number);
			p = next;
			continue;
		}
		next = *p == '/' ? lex_skip_comment(p, u->end) : p;
		p = next > p ? next : p + 1;
	}
}

enum source_language source_language(const char *path)
{
	const char *dot = strrchr(path, '.');

	if (dot && (strcmp(dot, ".S") == 0 || strcmp(dot, ".s") == 0))
		return LANGUAGE_ASSEMBLY;
	return dot && strcmp(dot, ".rs") == 0 ? LANGUAGE_RUST : LANGUAGE_C;
}

void source_uses(const struct source_names *names, struct source_text text,
		 void (*use)(void *ctx, uint32_t number), void *ctx)
{
	struct uses u = {.names = names,
			 .start = text.data,
			 .end = text.data + text.size,
			 .word = {text.data, text.data},
			 .use = use,
			 .ctx = ctx};

	if (text.language == LANGUAGE_C)
		read_c(&u);
	else
		read_other(&u, text.language == LANGUAGE_RUST);
}
