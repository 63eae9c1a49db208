// SPDX-License-Identifier: GPL-2.0-or-later
/* Preprocessor directives: conditionals, the file's own macros, what it includes. */
#include "base/vec.h"
#include "read/source/expr.h"
#include "read/source/source_internal.h"

bool scanner_begins_line(const struct scanner *s, const unsigned char *p)
{
	while (p > s->start) {
		if (p == s->comment.end) {
			p = s->comment.at;
			if (memchr(p, '\n', span_length(s->comment)))
				return true;
			continue;
		}
		if (p[-1] == '\n')
			return true;
		if (!(lex_class[p[-1]] & LEX_BLANK))
			return false;
		p--;
	}
	return true;
}

/*
 * DEFAULT_SYMBOL_NAMESPACE counts only if it is set before the first #include: linux/export.h looks
 * once whether there is one (#ifdef). Behind it, it is without effect, as in libie/fwlog.c of 7.2,
 * but for another value of one that was there: the macros take what it is where they are used.
 */
static int take_default(struct scanner *s, bool defined)
{
	static const unsigned char name[] = "DEFAULT_SYMBOL_NAMESPACE";
	struct source_define *d =
		macros_find(s->macros, (struct span){name, name + sizeof(name) - 1});
	const char **ns = &s->default_ns;

	if (s->prelude || (s->included && !defined))
		return 0;
	if (s->included && !s->default_ns)
		ns = &s->late_ns;
	else
		s->no_default = !defined;
	*ns = NULL;
	return d && !d->function_like ? scanner_text(s, macros_body(d), ns) : 0;
}

/* Of a header: the definition as it stands, for those that use it. */
static int keep_definition(struct scanner *s, const struct source_define *d,
			   const unsigned char *hash, const unsigned char *end)
{
	struct source_scan *scan = s->scan;
	struct source_defined kept;
	int status;

	if (s->prelude || !s->header || (!d->exports && !span_holds(d->name, SCANNER_WORD)))
		return 0;
	kept.macro = arena_strndup(&scan->arena, (const char *)d->name.at, span_length(d->name));
	kept.text = arena_strndup(&scan->arena, (const char *)hash, (size_t)(end - hash));
	if (!kept.macro || !kept.text)
		return ksa_fail_nomem(s->err);
	status = vec_reserve(&scan->definitions, &scan->definition_capacity,
			     scan->definition_count + 1, sizeof(*scan->definitions), s->err);
	if (!status)
		scan->definitions[scan->definition_count++] = kept;
	return status;
}

static int take_define(struct scanner *s, struct span rest, const unsigned char *hash)
{
	struct source_define *d;
	int status = macros_define(s->macros, rest, cond_branch(&s->cond), &d, s->err);

	if (status || !d)
		return status;
	d->guarded = s->guard_branch == d->branch && span_same(d->name, s->guard);
	if (scanner_next_export(s, d->body.at) < d->body.end) {
		d->exports = true;
		/* Only the file's own macros can be for what it includes. */
		d->line = s->prelude ? 0 : scanner_line(s, hash);
		s->macros->exporting++;
		s->names = true;
	}
	status = keep_definition(s, d, hash, rest.end);
	if (status)
		return status;
	return span_is(d->name, "DEFAULT_SYMBOL_NAMESPACE") ? take_default(s, true) : 0;
}

static int take_undefine(struct scanner *s, struct span rest)
{
	struct span name = lex_name(lex_skip_blank(rest.at, rest.end, true), rest.end);

	macros_undefine(s->macros, name, cond_branch(&s->cond));
	return span_is(name, "DEFAULT_SYMBOL_NAMESPACE") ? take_default(s, false) : 0;
}

/* Call a macro of the file as the header that it includes does. */
static int call_macro(struct scanner *s, const struct export_include *include, struct span text)
{
	const unsigned char *macro = (const unsigned char *)include->macro;
	struct invocation inv = {.name = {macro, macro + strlen(include->macro)}, .text = text};
	int status = 0;

	/* Otherwise the header's own definition counts, or nobody's. */
	if (!macros_find(s->macros, inv.name))
		return 0;
	inv.line = scanner_line(s, text.at);
	inv.call.count = 1;
	for (size_t i = 0; include->arguments[i] && !status; i++) {
		const unsigned char *at = (const unsigned char *)include->arguments[i];

		inv.call.arguments[0] = (struct span){at, at + strlen(include->arguments[i])};
		status = macros_charge(s->macros, sizeof(struct source_export), s->err);
		if (!status)
			status = scanner_call(s, &inv);
	}
	return status;
}

static int take_include(struct scanner *s, struct span rest)
{
	const unsigned char *p = lex_skip_blank(rest.at, rest.end, true);
	struct span header = {p + 1, NULL};
	int status = 0;

	if (s->prelude || p == rest.end || (*p != '<' && *p != '"'))
		return 0;
	header.end = memchr(header.at, *p == '<' ? '>' : '"', (size_t)(rest.end - header.at));
	if (!header.end)
		return 0;
	for (size_t i = 0; i < export_macros_builtin.include_count && !status; i++) {
		const struct export_include *include = &export_macros_builtin.includes[i];

		if (!span_is(header, include->header) || !scanner_path_matches(s, include->path))
			continue;
		if (include->macro)
			status = call_macro(s, include, (struct span){p, header.end});
		else if (!s->included)
			s->default_ns = include->ns;
	}
	s->included = true;
	macros_included(s->macros);
	return status;
}

/* True if what is included can export with it; other words hold EXPORT, too. */
static bool is_wrapper(const struct scanner *s, struct source_define *d)
{
	return d->function_like ||
	       (span_is_name(macros_body(d)) && scanner_macro(s, macros_body(d)));
}

int scanner_unused(struct scanner *s)
{
	int status = 0;

	if (s->header || !s->macros->exporting)
		return 0;
	for (size_t i = 0; i < s->macros->count && !status; i++) {
		struct source_define *d = &s->macros->items[i];

		if (d->exports && d->included && d->line && !d->used && is_wrapper(s, d))
			status = scanner_gap(s, d->name, d->line);
	}
	return status;
}

static struct span name_of(struct span rest)
{
	return lex_name(lex_skip_blank(rest.at, rest.end, true), rest.end);
}

static void take_conditional(struct scanner *s, struct span word, struct span rest)
{
	if (span_is(word, "if")) {
		cond_if(&s->cond, expr_evaluate(rest, NULL));
	} else if (span_is(word, "ifdef")) {
		cond_if(&s->cond, COND_UNKNOWN);
	} else if (span_is(word, "ifndef")) {
		cond_if(&s->cond, COND_UNKNOWN);
		s->guard = name_of(rest);
		s->guard_branch = cond_branch(&s->cond);
	} else if (span_is(word, "elif")) {
		cond_elif(&s->cond, expr_evaluate(rest, NULL));
	} else if (span_is(word, "elifdef") || span_is(word, "elifndef")) {
		cond_elif(&s->cond, COND_UNKNOWN);
	} else if (span_is(word, "else")) {
		cond_else(&s->cond);
	} else if (span_is(word, "endif")) {
		cond_endif(&s->cond);
	}
}

int scanner_directive(struct scanner *s)
{
	const unsigned char *hash = s->at;
	struct span word = lex_name(lex_skip_blank(hash + 1, s->end, true), s->end);
	struct span rest = {word.end, lex_directive_end(word.end, s->end)};

	s->at = rest.end;
	if (span_length(word) < 2 || *word.at == 'i' || *word.at == 'e') {
		if (span_is(word, "include"))
			return s->cond.dead ? 0 : take_include(s, rest);
		take_conditional(s, word, rest);
		return 0;
	}
	if (s->cond.dead)
		return 0;
	if (span_is(word, "define"))
		return take_define(s, rest, hash);
	if (span_is(word, "undef"))
		return take_undefine(s, rest);
	return 0;
}
