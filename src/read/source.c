// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The text of a source file, passed over at the speed of a table look-up: only comments, strings,
 * directives and the names that may matter are looked at.
 */
#include "read/source.h"

#include <stdlib.h>

#include "base/vec.h"
#include "read/source_scanner.h"

static const char needle[] = "EXPORT", module_needle[] = "MODULE_";

/* Where the words that matter come next; found once, valid until passed. */
struct candidates {
	const unsigned char *export, *module;
};

/* What is made of a name that looks like an export macro and that nobody defined. */
static const struct export_name same_name[] = {{"{1}", KSA_KIND_UNKNOWN}};
static const struct export_macro guessed_gpl = {
	.cls = KSA_CLASS_GPL, .names = same_name, .name_count = 1};
static const struct export_macro guessed_unknown = {
	.cls = KSA_CLASS_UNKNOWN, .names = same_name, .name_count = 1};

void source_scan_release(struct source_scan *scan)
{
	arena_release(&scan->arena);
	free(scan->exports);
	free(scan->gaps);
	free(scan->imports.items);
	if (scan->macros) {
		macros_release(scan->macros);
		free(scan->macros);
	}
	*scan = (struct source_scan){.license = NULL};
}

bool source_may_export(const unsigned char *data, size_t size)
{
	return size && memmem(data, size, needle, sizeof(needle) - 1) != NULL;
}

/* The line that p is on; p never goes back. */
static uint32_t line_at(struct scanner *s, const unsigned char *p)
{
	while (s->counted < p) {
		const unsigned char *newline = memchr(s->counted, '\n', (size_t)(p - s->counted));

		if (!newline)
			break;
		s->line += s->line < UINT32_MAX;
		s->counted = newline + 1;
	}
	return s->line;
}

/* --- comments of assemblers ------------------------------------------------------------------ */

/* The characters that begin a comment in the assembler's language, by architecture. '#' begins one
 * where it is not the mark of an immediate operand. */
static const char *comment_marks(const char *path)
{
	static const struct {
		const char *part, *marks;
	} arches[] = {
		{"arch/arm/", "@"},	{"arch/arm64/", ""},   {"arch/m68k/", "|"},
		{"arch/sparc", "!"},	{"arch/sh/", "!"},     {"arch/sh64/", "!"},
		{"arch/parisc/", ";"},	{"arch/xtensa/", "#"}, {"arch/alpha/", "#"},
		{"arch/h8300/", ";"},	{"arch/arc/", ";"},    {"arch/blackfin/", ""},
		{"arch/hexagon/", "/"}, {"arch/avr32/", ""},
	};

	for (size_t i = 0; i < sizeof(arches) / sizeof(*arches); i++)
		if (strstr(path, arches[i].part))
			return arches[i].marks;
	return "#";
}

static bool in_assembler_comment(const struct scanner *s, const unsigned char *start,
				 const unsigned char *p)
{
	const char *marks = comment_marks(s->path);

	while (p > start && p[-1] != '\n') {
		p--;
		if (*p && strchr(marks, *p))
			return true;
	}
	return false;
}

/* --- what a name may be ---------------------------------------------------------------------- */

static int take_module(struct scanner *s, struct span name)
{
	struct source_scan *scan = s->scan;
	bool license = span_is(name, "MODULE_LICENSE");
	struct lex_call call;
	const char *text;
	int status;

	if ((!license || scan->license) && !span_is(name, "MODULE_IMPORT_NS"))
		return 0;
	s->at = lex_skip_blank(name.end, s->end, false);
	if (s->at == s->end || *s->at != '(' || !lex_read_call(s->at, s->end, true, &call) ||
	    !call.count)
		return 0;
	s->at = call.after;
	status = scanner_text(s, call.arguments[0], &text);
	if (status || !text)
		return status;
	if (license) {
		scan->license = text;
		return 0;
	}
	status = vec_reserve(&scan->imports.items, &scan->import_capacity, scan->imports.count + 1,
			     sizeof(*scan->imports.items), s->err);
	if (!status)
		scan->imports.items[scan->imports.count++] = text;
	return status;
}

/* What the name exports if it is an export macro that the file does not define, or NULL. */
static const struct export_macro *known_macro(const struct scanner *s, struct span name)
{
	const struct export_macro *macro;

	if (!s->names && !span_holds(name, needle))
		return NULL;
	macro = export_macro_find(name, s->path);
	if (macro || !span_holds(name, needle) || !span_holds(name, "SYMBOL"))
		return macro;
	return span_holds(name, "GPL") ? &guessed_gpl : &guessed_unknown;
}

int scanner_expansion(struct scanner *s, struct span text, const struct invocation *outer)
{
	const unsigned char *p = text.at;
	int status = 0;

	while (!status && p < text.end) {
		struct invocation inv = *outer;

		inv.name = lex_name(p, text.end);
		if (!span_length(inv.name)) {
			/* the rest of a number is no name */
			do
				p++;
			while (p < text.end && lex_is_name(p[-1]) && lex_is_name(*p));
			continue;
		}
		p = lex_skip_blank(inv.name.end, text.end, false);
		inv.macro = known_macro(s, inv.name);
		if (!inv.macro || p == text.end || *p != '(' ||
		    !lex_read_call(p, text.end, true, &inv.call))
			continue;
		inv.expanded = true;
		status = scanner_export(s, &inv);
		p = inv.call.after;
	}
	return status;
}

/* One of the file's own macros that exports something, invoked. */
static int take_own(struct scanner *s, struct source_define *d, struct invocation *inv)
{
	struct strbuf *out = &s->macros->text;
	const unsigned char *p = lex_skip_blank(inv->name.end, s->end, false);
	struct span text;
	int status;

	s->at = inv->name.end;
	if (d->function_like) {
		if (p == s->end || *p != '(')
			return 0;
		if (!lex_read_call(p, s->end, false, &inv->call))
			return macros_charge(s->macros, (size_t)(inv->call.after - p), s->err);
		s->at = inv->call.after;
	}
	inv->text.end = s->at;
	d->used = true;
	strbuf_reset(out);
	status =
		macros_expand_call(s->macros, d, d->function_like ? &inv->call : NULL, out, s->err);
	if (status)
		return status;
	text.at = (const unsigned char *)strbuf_string(out);
	text.end = text.at + out->length;
	return scanner_expansion(s, text, inv);
}

static int take_macro(struct scanner *s, struct invocation *inv)
{
	const unsigned char *p = lex_skip_blank(inv->name.end, s->end, false);

	if (p == s->end || *p != '(')
		return 0;
	if (!lex_read_call(p, s->end, true, &inv->call))
		return macros_charge(s->macros, (size_t)(inv->call.after - p), s->err);
	s->at = inv->call.after;
	inv->text.end = s->at;
	return scanner_export(s, inv);
}

/* A name outside of comments, strings and directives; s->at is behind it. */
static int take_name(struct scanner *s, const unsigned char *start, struct span name)
{
	struct invocation inv = {.name = name, .text = name};
	struct source_define *d = s->macros->count ? macros_find(s->macros, name) : NULL;

	/* "#define A EXPORT_SYMBOL": the same as what it stands for */
	for (unsigned int i = 0; d && !d->function_like && span_is_name(d->body) && i < 8; i++) {
		d->used = true;
		name = d->body;
		d = macros_find(s->macros, name);
	}
	if (d && macros_exports(s->macros, d)) {
		if (s->assembly && in_assembler_comment(s, start, inv.name.at))
			return 0;
		inv.line = line_at(s, inv.name.at);
		return take_own(s, d, &inv);
	}
	inv.macro = known_macro(s, name);
	/* A file's own macro of that name that does nothing, unless it is another branch's. */
	if (inv.macro && (!d || !cond_is_open(&s->cond, d->branch))) {
		if (s->assembly && in_assembler_comment(s, start, inv.name.at))
			return 0;
		inv.line = line_at(s, inv.name.at);
		return take_macro(s, &inv);
	}
	if (span_length(name) > sizeof(module_needle) && memcmp(name.at, module_needle, 7) == 0)
		return take_module(s, name);
	return 0;
}

/* --- directives ------------------------------------------------------------------------------ */

/* True if only blanks and comments stand before p on its line. */
static bool begins_line(const unsigned char *start, const unsigned char *p)
{
	while (p > start) {
		p--;
		if (*p == '\n')
			return true;
		if (p > start && *p == '/' && p[-1] == '*') {
			/* a comment that ends here: what stands before it? */
			const unsigned char *open = p - 1;

			while (open > start + 1 && !(open[-2] == '/' && open[-1] == '*') &&
			       *open != '\n')
				open--;
			if (*open == '\n')
				return true;
			if (open <= start + 1)
				return open[-1] == '*' || open == start;
			p = open - 2;
			continue;
		}
		if (!(lex_class[*p] & LEX_BLANK))
			return false;
	}
	return true;
}

static int take_define(struct scanner *s, struct span rest)
{
	int status = macros_define(s->macros, rest, cond_branch(&s->cond), s->err);

	if (s->macros->exporting)
		s->names = true;
	return status;
}

/* The '#' at s->at begins a directive. */
static int take_directive(struct scanner *s)
{
	const unsigned char *p = lex_skip_blank(s->at + 1, s->end, true);
	struct span word = lex_name(p, s->end), rest = {word.end, NULL};

	rest.end = lex_directive_end(word.end, s->end);
	s->at = rest.end;
	if (span_is(word, "if"))
		cond_if(&s->cond, cond_evaluate(rest));
	else if (span_is(word, "ifdef") || span_is(word, "ifndef"))
		cond_if(&s->cond, COND_UNKNOWN);
	else if (span_is(word, "elif"))
		cond_elif(&s->cond, cond_evaluate(rest));
	else if (span_is(word, "elifdef") || span_is(word, "elifndef"))
		cond_elif(&s->cond, COND_UNKNOWN);
	else if (span_is(word, "else"))
		cond_else(&s->cond);
	else if (span_is(word, "endif"))
		cond_endif(&s->cond);
	else if (s->cond.dead)
		return 0;
	else if (span_is(word, "define"))
		return take_define(s, rest);
	else if (span_is(word, "undef"))
		macros_undefine(s->macros,
				lex_name(lex_skip_blank(rest.at, rest.end, true), rest.end),
				cond_branch(&s->cond));
	return 0;
}

/* --- the walk -------------------------------------------------------------------------------- */

static const unsigned char *next_word(const unsigned char *known, const unsigned char *at,
				      const unsigned char *end, const char *word, size_t length)
{
	if (known && known >= at)
		return known;
	known = memmem(at, (size_t)(end - at), word, length);
	return known ? known : end;
}

/* Up to where no name matters. */
static const unsigned char *next_candidate(const struct scanner *s, struct candidates *c)
{
	if (s->cond.dead)
		return s->end;
	c->export = next_word(c->export, s->at, s->end, needle, sizeof(needle) - 1);
	c->module = next_word(c->module, s->at, s->end, module_needle, sizeof(module_needle) - 1);
	return c->export < c->module ? c->export : c->module;
}

static const unsigned char *skip_code(const unsigned char *p, const unsigned char *limit)
{
	while (limit - p >= 4) {
		if (lex_class[p[0]] & LEX_STOP)
			return p;
		if (lex_class[p[1]] & LEX_STOP)
			return p + 1;
		if (lex_class[p[2]] & LEX_STOP)
			return p + 2;
		if (lex_class[p[3]] & LEX_STOP)
			return p + 3;
		p += 4;
	}
	while (p < limit && !(lex_class[*p] & LEX_STOP))
		p++;
	return p;
}

/* The same, but also up to the next name. */
static const unsigned char *skip_to_name(const unsigned char *p, const unsigned char *end)
{
	while (p < end && !(lex_class[*p] & LEX_STOP)) {
		if (lex_class[*p] & LEX_DIGIT)
			while (p < end && lex_is_name(*p))
				p++;
		else if (lex_class[*p] & LEX_NAME)
			break;
		else
			p++;
	}
	return p;
}

/* A comment, a string or a directive, or a character that is none of them. */
static int take_stop(struct scanner *s, const unsigned char *start)
{
	const unsigned char *next;

	switch (*s->at) {
	case '"':
	case '\'':
		s->at = lex_skip_quoted(s->at, s->end);
		return 0;
	case '#':
		if (begins_line(start, s->at))
			return take_directive(s);
		break;
	default:
		next = lex_skip_comment(s->at, s->end);
		if (next > s->at) {
			s->at = next;
			return 0;
		}
		break;
	}
	s->at++;
	return 0;
}

/* s->at is inside of a name, which began at from or later. */
static struct span name_around(const struct scanner *s, const unsigned char *from)
{
	struct span name = {s->at, s->at};

	while (name.at > from && lex_is_name(name.at[-1]))
		name.at--;
	while (name.end < s->end && lex_is_name(*name.end))
		name.end++;
	return name;
}

static int walk(struct scanner *s)
{
	const unsigned char *start = s->at;
	struct candidates candidates = {NULL, NULL};
	int status = 0;

	while (!status && s->at < s->end) {
		const unsigned char *from = s->at, *limit;
		struct span name;

		if (s->names && !s->cond.dead) {
			limit = s->at = skip_to_name(from, s->end);
			from = limit;
		} else {
			limit = next_candidate(s, &candidates);
			s->at = skip_code(from, limit);
		}
		if (s->at == s->end)
			break;
		if (lex_class[*s->at] & LEX_STOP) {
			status = take_stop(s, start);
			continue;
		}
		name = name_around(s, from);
		s->at = name.end;
		status = take_name(s, start, name);
	}
	return status;
}

static bool is_assembly(const char *path)
{
	size_t length = strlen(path);

	return length > 2 && path[length - 2] == '.' && (path[length - 1] | ' ') == 's';
}

static int forget(struct source_scan *scan, struct ksa_error *err)
{
	arena_reset(&scan->arena);
	scan->export_count = scan->gap_count = scan->imports.count = 0;
	scan->license = NULL;
	if (!scan->macros) {
		scan->macros = calloc(1, sizeof(*scan->macros));
		if (!scan->macros)
			return ksa_fail_nomem(err);
	}
	return macros_reset(scan->macros, err);
}

int source_scan(struct source_scan *scan, const char *path, const unsigned char *data, size_t size,
		struct ksa_error *err)
{
	struct scanner s = {.scan = scan,
			    .path = path ? path : "",
			    .err = err,
			    .at = data,
			    .end = data + size,
			    .counted = data,
			    .line = 1};
	int status = forget(scan, err);

	if (status || !size)
		return status;
	s.macros = scan->macros;
	s.assembly = is_assembly(s.path);
	return walk(&s);
}
