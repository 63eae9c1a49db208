// SPDX-License-Identifier: GPL-2.0-or-later
/* From the invocation of an export macro to the symbols that it exports. */
#include <fnmatch.h>
#include <stdio.h>

#include "base/cleanup.h"
#include "base/vec.h"
#include "read/source_scanner.h"

#define MAX_NAME 512 /* KSYM_NAME_LEN since 6.1 */

static int compare_name(struct span name, const char *macro)
{
	size_t length = strlen(macro), have = span_length(name);
	int c = memcmp(name.at, macro, have < length ? have : length);

	return c ? c : (have > length) - (have < length);
}

const struct export_macro *export_macro_find(struct span name, const char *path)
{
	size_t low = 0, high = export_macros_builtin_count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (compare_name(name, export_macros_builtin[middle].macro) > 0)
			low = middle + 1;
		else
			high = middle;
	}
	for (; low < export_macros_builtin_count; low++) {
		const struct export_macro *m = &export_macros_builtin[low];

		if (compare_name(name, m->macro) != 0)
			break;
		if (!m->path || fnmatch(m->path, path, 0) == 0)
			return m;
	}
	return NULL;
}

int scanner_gap(struct scanner *s, struct span macro, uint32_t line)
{
	struct source_scan *scan = s->scan;
	int status = vec_reserve(&scan->gaps, &scan->gap_capacity, scan->gap_count + 1,
				 sizeof(*scan->gaps), s->err);
	const char *name;

	if (status)
		return status;
	name = arena_strndup(&scan->arena, (const char *)macro.at, span_length(macro));
	if (!name)
		return ksa_fail_nomem(s->err);
	scan->gaps[scan->gap_count++] = (struct source_gap){.line = line, .macro = name};
	return 0;
}

/* Append what literals and __stringify() hold. False if there is neither. */
static bool add_literals(struct span text, struct strbuf *out)
{
	bool found = false;

	for (const unsigned char *p = text.at; p < text.end;) {
		struct span name = lex_name(p, text.end);
		struct lex_call call;

		if (*p == '"') {
			const unsigned char *next = lex_skip_quoted(p, text.end);

			found = true;
			strbuf_add(out, p + 1, (size_t)(next - p) - (next - p > 1 ? 2 : 1));
			p = next;
			continue;
		}
		if (!span_length(name)) {
			p++;
			continue;
		}
		p = lex_skip_blank(name.end, text.end, false);
		if (!span_is(name, "__stringify") || p == text.end || *p != '(' ||
		    !lex_read_call(p, text.end, true, &call))
			continue;
		found = true;
		for (unsigned int i = 0; i < call.count; i++) {
			strbuf_adds(out, i ? "," : "");
			strbuf_add(out, call.arguments[i].at, span_length(call.arguments[i]));
		}
		p = call.after;
	}
	return found;
}

int scanner_text(struct scanner *s, struct span argument, const char **out)
{
	_cleanup_(strbuf_release) struct strbuf expanded = {0}, text = {0};
	int status = macros_expand(s->macros, argument, &expanded, s->err);
	struct span span;

	*out = NULL;
	if (status || !expanded.length)
		return status;
	span.at = (const unsigned char *)expanded.data;
	span.end = span.at + expanded.length;
	span = span_trim(span);
	if (!add_literals(span, &text))
		strbuf_add(&text, span.at, span_length(span));
	if (text.failed)
		return ksa_fail_nomem(s->err);
	if (!text.length)
		return 0;
	*out = arena_strndup(&s->scan->arena, text.data, text.length);
	return *out ? 0 : ksa_fail_nomem(s->err);
}

/* The template with "{N}" replaced by the Nth argument. NULL: out of memory. */
static char *fill(struct scanner *s, const char *template, struct span first,
		  const struct lex_call *call)
{
	_cleanup_(strbuf_release) struct strbuf text = {0};

	for (const char *p = template; *p; p++) {
		unsigned int n;

		if (p[0] != '{' || p[1] < '1' || p[1] > '9' || p[2] != '}') {
			strbuf_addc(&text, *p);
			continue;
		}
		n = (unsigned int)(p[1] - '1');
		if (n == 0)
			strbuf_add(&text, first.at, span_length(first));
		else if (n < call->count)
			strbuf_add(&text, call->arguments[n].at, span_length(call->arguments[n]));
		p += 2;
	}
	return text.failed ? NULL
			   : arena_strndup(&s->scan->arena, strbuf_string(&text), text.length);
}

static int namespace_of(struct scanner *s, const struct invocation *inv, const char **ns)
{
	static const unsigned char name[] = "DEFAULT_SYMBOL_NAMESPACE";
	const struct source_define *d;
	const char *template = inv->macro->ns;
	const char *text;

	*ns = NULL;
	if (template && strcmp(template, "{2}") == 0)
		return inv->call.count > 1 ? scanner_text(s, inv->call.arguments[1], ns) : 0;
	if (template) {
		if (!strchr(template, '{')) {
			*ns = template;
			return 0;
		}
		/* "module:{2}" and the like: what is put in is text, not C */
		if (inv->call.count < 2)
			return 0;
		int status = scanner_text(s, inv->call.arguments[1], &text);

		if (status || !text)
			return status;
		const unsigned char *at = (const unsigned char *)text;
		struct lex_call call = {.count = 2, .arguments[1] = {at, at + strlen(text)}};

		*ns = fill(s, template, call.arguments[0], &call);
		return *ns ? 0 : ksa_fail_nomem(s->err);
	}
	if (!inv->macro->default_ns)
		return 0;
	d = macros_find(s->macros, (struct span){name, name + sizeof(name) - 1});
	return d ? scanner_text(s, d->body, ns) : 0;
}

/* True if the name stands in the text as a whole word. */
static bool stands_in(struct span name, struct span text)
{
	const unsigned char *p = text.at;

	while ((p = memmem(p, (size_t)(text.end - p), name.at, span_length(name)))) {
		const unsigned char *after = p + span_length(name);

		if ((p == text.at || !lex_is_name(p[-1])) &&
		    (after == text.end || !lex_is_name(*after)))
			return true;
		p++;
	}
	return false;
}

/* Add one symbol under all names that the macro makes of it. */
static int add_names(struct scanner *s, const struct invocation *inv, struct span symbol,
		     const char *ns)
{
	struct source_scan *scan = s->scan;

	for (size_t i = 0; i < inv->macro->name_count; i++) {
		const struct export_name *name = &inv->macro->names[i];
		bool whole = strcmp(name->text, "{1}") == 0;
		struct source_export e = {.ns = ns,
					  .line = inv->line,
					  .cls = (uint8_t)inv->macro->cls,
					  .kind = (uint8_t)name->kind,
					  .default_ns = inv->macro->default_ns && !ns,
					  .pasted = !whole || !stands_in(symbol, inv->text)};
		int status = vec_reserve(&scan->exports, &scan->export_capacity,
					 scan->export_count + 1, sizeof(*scan->exports), s->err);

		if (status)
			return status;
		e.name = whole ? arena_strndup(&scan->arena, (const char *)symbol.at,
					       span_length(symbol))
			       : fill(s, name->text, symbol, &inv->call);
		if (!e.name)
			return ksa_fail_nomem(s->err);
		scan->exports[scan->export_count++] = e;
	}
	return 0;
}

/* What the argument of an export becomes if the file renames it. */
static int renamed(struct scanner *s, struct span argument, struct strbuf *out, struct span *symbol)
{
	int status = macros_expand(s->macros, argument, out, s->err);

	*symbol = argument;
	if (status || !out->length)
		return status;
	symbol->at = (const unsigned char *)out->data;
	symbol->end = symbol->at + out->length;
	*symbol = span_trim(*symbol);
	return 0;
}

int scanner_export(struct scanner *s, const struct invocation *inv)
{
	_cleanup_(strbuf_release) struct strbuf text = {0};
	struct span argument, symbol;
	const struct source_define *d = NULL;
	const char *ns;
	int status;

	if (!inv->macro->name_count || !inv->call.count)
		return 0;
	argument = symbol = inv->call.arguments[0];
	if (!span_length(argument))
		return 0;
	status = namespace_of(s, inv, &ns);
	if (status)
		return status;
	if (!inv->expanded) {
		if (span_is_name(argument))
			d = macros_find(s->macros, argument);
		if (d || !span_is_name(argument))
			status = renamed(s, argument, &text, &symbol);
		if (status)
			return status;
	}
	if (!span_is_name(symbol) || span_length(symbol) >= MAX_NAME)
		return scanner_gap(s, inv->name, inv->line);
	/* Renamed in one branch of a conditional only: both names may be exported. */
	if (d && !cond_is_open(&s->cond, d->branch)) {
		status = add_names(s, inv, argument, ns);
		if (status || span_same(argument, symbol))
			return status;
	}
	return add_names(s, inv, symbol, ns);
}
