// SPDX-License-Identifier: GPL-2.0-or-later
/* Names in the text: export macros, the file's own macros, MODULE_LICENSE and MODULE_IMPORT_NS. */
#include "base/cleanup.h"
#include "base/vec.h"
#include "read/source/source_internal.h"

#define MAX_ALIASES    8 /* names that stand for names */
#define MAX_BRANCHES   16 /* that define one macro, each in its own way */
#define MAX_NEEDS      8 /* macros of one file that headers must define */
#define MAX_DUPLICATES 64 /* exports of one invocation that are held against each other */

/* What is made of a name that looks like an export macro and that nobody defined. */
static const struct export_name same_name[] = {{"{1}", KSA_KIND_UNKNOWN}};
static const struct export_macro guessed_gpl = {
	.cls = KSA_CLASS_GPL, .names = same_name, .name_count = 1};
static const struct export_macro guessed_unknown = {
	.cls = KSA_CLASS_UNKNOWN, .names = same_name, .name_count = 1};

/* The characters that begin a comment in the assembler's language, by architecture. '#' begins one
 * where it is not the mark of an immediate operand. */
static const char *comment_marks(const char *path)
{
	static const struct {
		const char *part, *marks;
	} arches[] = {
		{"arch/arm/", "@"},    {"arch/arm64/", ""}, {"arch/m68k/", "|"},
		{"arch/sparc", "!"},   {"arch/sh", "!"},    {"arch/parisc/", ";"},
		{"arch/h8300/", ";"},  {"arch/arc/", "#"},  {"arch/blackfin/", ""},
		{"arch/hexagon/", ""},
	};

	for (size_t i = 0; i < sizeof(arches) / sizeof(*arches); i++)
		if (strstr(path, arches[i].part))
			return arches[i].marks;
	return "#";
}

/* p only goes forwards: each byte of a line is looked at once. */
static bool in_assembler_comment(struct scanner *s, const unsigned char *p)
{
	const char *marks = comment_marks(s->path);
	const unsigned char *newline =
		memrchr(s->commented_to, '\n', (size_t)(p - s->commented_to));

	if (newline) {
		s->commented_to = newline;
		s->commented = false;
	}
	for (; s->commented_to < p; s->commented_to++)
		if (*s->commented_to && strchr(marks, *s->commented_to))
			s->commented = true;
	return s->commented;
}

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
	if (s->at == s->end || *s->at != '(')
		return 0;
	if (!lex_read_call(s->at, s->end, true, &call) || !call.count)
		return macros_charge(s->macros, (size_t)(call.after - s->at), s->err);
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

const struct export_macro *scanner_macro(const struct scanner *s, struct span name)
{
	const struct export_macro *macro;
	bool marked = span_holds(name, SCANNER_WORD);

	if (!marked && !s->names)
		return NULL;
	macro = scanner_find_macro(s, name);
	if (macro || !marked || !span_holds(name, "SYMBOL"))
		return macro;
	return span_holds(name, "GPL") ? &guessed_gpl : &guessed_unknown;
}

bool scanner_is_guessed(const struct export_macro *macro)
{
	return macro == &guessed_gpl || macro == &guessed_unknown;
}

/* The exports that stand in the expansion of a macro that the file defines. */
static int read_expansion(struct scanner *s, struct span text, const struct invocation *outer)
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
		inv.macro = scanner_macro(s, inv.name);
		if (!inv.macro || p == text.end || *p != '(')
			continue;
		if (!lex_read_call(p, text.end, true, &inv.call)) {
			status = macros_charge(s->macros, (size_t)(inv.call.after - p), s->err);
			continue;
		}
		inv.expanded = true;
		status = scanner_export(s, &inv);
		p = inv.call.after;
	}
	return status;
}

static int read_own(struct scanner *s, struct source_define *d, const struct invocation *inv)
{
	_cleanup_(strbuf_release) struct strbuf out = {0};
	int status = macros_expand_call(s->macros, d, &inv->call, &out, s->err);

	return status ? status : read_expansion(s, span_of(&out), inv);
}

static bool same_export(const struct source_export *a, const struct source_export *b)
{
	return a->cls == b->cls && strcmp(a->name, b->name) == 0 && !a->ns == !b->ns &&
	       (!a->ns || strcmp(a->ns, b->ns) == 0);
}

/* Drop what the exports from middle on say again of those from first on. */
static void drop_duplicates(struct source_scan *scan, size_t first, size_t middle)
{
	size_t kept = middle;

	if (scan->export_count - first > MAX_DUPLICATES)
		return;
	for (size_t i = middle; i < scan->export_count; i++) {
		bool again = false;

		for (size_t k = first; k < middle && !again; k++)
			again = same_export(&scan->exports[i], &scan->exports[k]);
		if (!again)
			scan->exports[kept++] = scan->exports[i];
	}
	scan->export_count = kept;
}

/* Each branch of a conditional may define the macro in its own way: all of them count. */
static int own(struct scanner *s, struct source_define *define, const struct invocation *inv)
{
	size_t first = s->scan->export_count;
	struct source_define *d = define;

	for (unsigned int i = 0; d && i < MAX_BRANCHES; i++, d = macros_find_older(s->macros, d)) {
		size_t middle = s->scan->export_count;
		int status;

		if (d->function_like != define->function_like || !macros_exports(s->macros, d))
			continue;
		d->used = true;
		status = read_own(s, d, inv);
		if (status)
			return status;
		if (middle > first)
			drop_duplicates(s->scan, first, middle);
		if (cond_is_open(&s->cond, d->branch))
			break;
	}
	return 0;
}

/* Read the call that follows the name. False if there is none; *status says why if that matters. */
static bool read_call(struct scanner *s, struct invocation *inv, bool strict, int *status)
{
	const unsigned char *p = lex_skip_blank(inv->name.end, s->end, false);

	*status = 0;
	if (p == s->end || *p != '(')
		return false;
	if (!lex_read_call(p, s->end, strict, &inv->call)) {
		*status = macros_charge(s->macros, (size_t)(inv->call.after - p), s->err);
		return false;
	}
	s->at = inv->call.after;
	return true;
}

/* The newest definition that exports something, or the newest one. */
static struct source_define *find_define(const struct scanner *s, struct span name)
{
	struct source_define *newest = macros_find(s->macros, name), *d = newest;

	for (unsigned int i = 0; d && i < MAX_BRANCHES; i++, d = macros_find_older(s->macros, d)) {
		if (macros_exports(s->macros, d))
			return d;
		if (cond_is_open(&s->cond, d->branch))
			break;
	}
	return newest;
}

/* What a name is in the end: a macro of the file, or one of the table, or (both NULL) neither. */
struct meaning {
	struct source_define *own;
	const struct export_macro *macro;
	bool known; /* the file defines it, whatever it is */
};

static struct meaning look_up(const struct scanner *s, struct span name)
{
	struct meaning m = {.own = find_define(s, name)};

	/* "#define A EXPORT_SYMBOL": the same as what it stands for */
	for (unsigned int i = 0; m.own && !m.own->function_like; i++) {
		struct span body = macros_body(m.own);

		if (!span_is_name(body))
			break;
		if (i == MAX_ALIASES)
			return (struct meaning){.known = true};
		m.own->used = true;
		name = body;
		m.own = find_define(s, name);
	}
	m.macro = scanner_macro(s, name);
	if (!m.own)
		return m;
	m.known = true;
	/* What the file defines itself counts before the table, if that is not of the path. */
	if (m.macro && m.macro->path) {
		m.own = NULL;
	} else if (macros_exports(s->macros, m.own)) {
		m.macro = NULL;
	} else {
		if (cond_is_open(&s->cond, m.own->branch))
			m.macro = NULL;
		m.own = NULL;
	}
	return m;
}

int scanner_call(struct scanner *s, struct invocation *inv)
{
	struct meaning m = look_up(s, inv->name);

	inv->macro = m.macro;
	if (m.own)
		return m.own->function_like ? own(s, m.own, inv) : 0;
	return m.macro ? scanner_export(s, inv) : 0;
}

/* A name with EXPORT in it that is called, and that neither file nor table define. */
static int need(struct scanner *s, struct span name)
{
	struct source_scan *scan = s->scan;
	const char *kept;
	int status;

	for (size_t i = 0; i < scan->needs.count; i++)
		if (span_is(name, scan->needs.items[i]))
			return 0;
	if (scan->needs.count >= MAX_NEEDS)
		return 0;
	kept = arena_strndup(&scan->arena, (const char *)name.at, span_length(name));
	status = kept ? vec_reserve(&scan->needs.items, &scan->need_capacity, scan->needs.count + 1,
				    sizeof(*scan->needs.items), s->err)
		      : ksa_fail_nomem(s->err);
	if (!status)
		scan->needs.items[scan->needs.count++] = kept;
	return status;
}

/* At file level a macro that is called and whose name has EXPORT may be one of a header. */
static int need_call(struct scanner *s, struct span name)
{
	const unsigned char *p = lex_skip_blank(name.end, s->end, false);

	if (!span_holds(name, SCANNER_WORD) || p == s->end || *p != '(' ||
	    !scanner_begins_line(s, name.at))
		return 0;
	return need(s, name);
}

int scanner_name(struct scanner *s, struct span name)
{
	struct invocation inv = {.name = name, .text = name};
	struct meaning m = look_up(s, name);
	int status;

	/* No longer only directives since the macros so far. */
	macros_code(s->macros);
	if (m.own || m.macro) {
		if (s->assembly && in_assembler_comment(s, name.at))
			return 0;
		inv.line = scanner_line(s, name.at);
		inv.macro = m.macro;
		if ((!m.own || m.own->function_like) && !read_call(s, &inv, !m.own, &status))
			return status;
		inv.text.end = s->at;
		if (m.own)
			return own(s, m.own, &inv);
		status = scanner_is_guessed(m.macro) ? need(s, name) : 0;
		return status ? status : scanner_export(s, &inv);
	}
	if (span_length(name) > 7 && memcmp(name.at, "MODULE_", 7) == 0)
		return take_module(s, name);
	return s->header || m.known ? 0 : need_call(s, name);
}
