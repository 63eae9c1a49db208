// SPDX-License-Identifier: GPL-2.0-or-later
#include "model/declare.h"

#include <stdio.h>
#include <string.h>

#include "base/cleanup.h"

/* Types between a declarator and the type at its end: real ones have under ten. */
#define MAX_CHAIN 64
/* Steps of one prototype, whatever they write. */
#define MAX_STEPS 512

/* One prototype while it is written. */
struct speller {
	const struct declare_types *types;
	unsigned int steps;
	bool nomem;
};

/* True if there was memory for the text. */
static bool is_good(struct speller *s, const struct strbuf *text)
{
	s->nomem = s->nomem || text->failed;
	return !s->nomem;
}

/* A name of a type or parameter: printable ASCII ("long unsigned int"). */
static bool is_name(const char *name)
{
	if (!name)
		return false;
	for (const char *c = name; *c; c++)
		if (*c < ' ' || *c > '~' || c - name > 512)
			return false;
	return true;
}

/* The type of an id; 0 is void. */
static bool get(struct speller *s, uint64_t id, struct declare_type *out)
{
	*out = (struct declare_type){.shape = DECLARE_BASE, .keyword = "", .name = "void"};
	return !id || s->types->get(s->types->ctx, id, out);
}

static size_t max_text(const struct speller *s)
{
	return s->types->body ? DECLARE_MAX_WHOLE : DECLARE_MAX_TEXT;
}

/* text becomes before + text + after. */
static bool wrap(struct speller *s, struct strbuf *text, const char *before, const char *after)
{
	_cleanup_(strbuf_release) struct strbuf whole = {NULL, 0, 0, false};
	struct strbuf swap;

	strbuf_adds(&whole, before);
	strbuf_adds(&whole, strbuf_string(text));
	strbuf_adds(&whole, after);
	if (!is_good(s, text) || !is_good(s, &whole) || whole.length > max_text(s))
		return false;
	swap = *text;
	*text = whole;
	whole = swap;
	return true;
}

static bool spell(struct speller *s, uint64_t id, struct strbuf *text, unsigned int depth);

static bool add_parameter(struct speller *s, const struct declare_param *param, struct strbuf *text,
			  unsigned int depth)
{
	_cleanup_(strbuf_release) struct strbuf one = {NULL, 0, 0, false};

	if (param->is_ellipsis) {
		strbuf_adds(text, "...");
		return is_good(s, text);
	}
	if (!is_name(param->name))
		return false;
	strbuf_adds(&one, param->name);
	if (!spell(s, param->type, &one, depth + 1))
		return false;
	strbuf_adds(text, strbuf_string(&one));
	return is_good(s, &one) && is_good(s, text) && text->length <= max_text(s);
}

static bool add_parameters(struct speller *s, uint64_t function, struct strbuf *text,
			   unsigned int depth)
{
	struct declare_param param;
	uint64_t cursor = 0;
	bool any = false;
	int more;

	if (depth == DECLARE_MAX_DEPTH)
		return false;
	strbuf_addc(text, '(');
	while ((more = s->types->next(s->types->ctx, function, &cursor, &param)) > 0) {
		strbuf_adds(text, any ? ", " : "");
		if (!add_parameter(s, &param, text, depth))
			return false;
		any = true;
	}
	strbuf_adds(text, any ? ")" : "void)");
	return more == 0 && is_good(s, text);
}

const char *declare_usual_name(const char *name)
{
	static const char *const names[][2] = {
		{"long", "long int"},
		{"short", "short int"},
		{"long long", "long long int"},
		{"unsigned long", "long unsigned int"},
		{"unsigned short", "short unsigned int"},
		{"unsigned long long", "long long unsigned int"},
	};

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
		if (strcmp(name, names[i][0]) == 0)
			return names[i][1];
	return name;
}

/* The name of a type, or what stands in its place. */
static bool add_name(struct speller *s, uint64_t id, const struct declare_type *t,
		     struct strbuf *base)
{
	if (*t->name || !s->types->body) {
		strbuf_adds(base, *t->name ? declare_usual_name(t->name) : "{ ... }");
		return true;
	}
	return s->types->body(s->types->ctx, id, base);
}

/* The type at the end of a chain, "struct file"; behind it what was declared with it. */
static bool add_base(struct speller *s, uint64_t id, const struct declare_type *t,
		     const char *qualifiers, struct strbuf *text)
{
	_cleanup_(strbuf_release) struct strbuf base = {NULL, 0, 0, false};

	if (!is_name(t->name) || (!*t->name && !*t->keyword))
		return false;
	strbuf_printf(&base, "%s%s", qualifiers, t->keyword);
	if (!add_name(s, id, t, &base)) {
		is_good(s, &base);
		return false;
	}
	strbuf_adds(&base, text->length ? " " : "");
	return is_good(s, &base) && wrap(s, text, strbuf_string(&base), "");
}

/* True if what stands behind qualifiers and tags binds closer than a pointer to it. */
static bool is_outer(struct speller *s, uint64_t id)
{
	struct declare_type t;

	for (unsigned int i = 0; i < MAX_CHAIN && get(s, id, &t); i++) {
		if (t.shape != DECLARE_MODIFIER)
			return t.shape == DECLARE_ARRAY || t.shape == DECLARE_FUNCTION;
		id = t.target;
	}
	return false;
}

/* "*", with what qualifies the pointer, and in parentheses before an array or a function. */
static bool add_pointer(struct speller *s, const struct declare_type *t, const char *qualifiers,
			struct strbuf *text)
{
	bool outer = is_outer(s, t->target);
	_cleanup_(strbuf_release) struct strbuf star = {NULL, 0, 0, false};

	strbuf_printf(&star, "%s*%s", outer ? "(" : "", qualifiers);
	/* "* const x", "*const": the blank behind the last qualifier is for a name. */
	if (is_good(s, &star) && *qualifiers && !text->length)
		star.data[--star.length] = '\0';
	return is_good(s, &star) && wrap(s, text, strbuf_string(&star), outer ? ")" : "");
}

/* Put the type around what is declared with it, from the name outwards. */
static bool spell(struct speller *s, uint64_t id, struct strbuf *text, unsigned int depth)
{
	_cleanup_(strbuf_release) struct strbuf qualifiers = {NULL, 0, 0, false};
	bool in_array = false;

	for (unsigned int i = 0; i < MAX_CHAIN; i++) {
		struct declare_type t;
		char bounds[16];

		if (++s->steps > MAX_STEPS || !get(s, id, &t) || !is_good(s, &qualifiers))
			return false;
		switch (t.shape) {
		case DECLARE_BASE:
			return add_base(s, id, &t, strbuf_string(&qualifiers), text);
		case DECLARE_MODIFIER:
			/* What qualifies an array qualifies its elements, and may stand at both. */
			if (!in_array || !strstr(strbuf_string(&qualifiers), t.keyword))
				strbuf_adds(&qualifiers, t.keyword);
			break;
		case DECLARE_POINTER:
			if (!add_pointer(s, &t, strbuf_string(&qualifiers), text))
				return false;
			strbuf_reset(&qualifiers);
			in_array = false;
			break;
		case DECLARE_ARRAY:
			snprintf(bounds, sizeof(bounds), "[%u]", t.elements);
			if (!wrap(s, text, "", bounds))
				return false;
			in_array = true;
			break;
		case DECLARE_FUNCTION:
			if (!add_parameters(s, id, text, depth))
				return false;
			break;
		}
		id = t.target;
	}
	return false;
}

bool declare_write(const struct declare_types *types, uint64_t id, const char *name,
		   struct strbuf *out)
{
	_cleanup_(strbuf_release) struct strbuf text = {NULL, 0, 0, false};
	struct speller s = {.types = types};

	strbuf_adds(&text, name);
	if (!spell(&s, id, &text, 0) || !is_good(&s, &text)) {
		out->failed = out->failed || s.nomem;
		return false;
	}
	strbuf_add(out, text.data, text.length);
	return true;
}
