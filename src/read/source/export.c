// SPDX-License-Identifier: GPL-2.0-or-later
/* From the invocation of an export macro to the symbols that it exports. */
#include <fnmatch.h>
#include <stdio.h>

#include "base/cleanup.h"
#include "base/search.h"
#include "base/vec.h"
#include "read/source/source_internal.h"

#define MAX_NAME    512 /* KSYM_NAME_LEN since 6.1 */
#define MAX_RENAMES 16 /* branches of conditionals that rename one symbol */

static int compare_name(struct span name, const char *macro)
{
	size_t length = strlen(macro), have = span_length(name);
	int c = memcmp(name.at, macro, have < length ? have : length);

	return c ? c : (have > length) - (have < length);
}

bool scanner_path_matches(const struct scanner *s, const char *glob)
{
	return !glob || fnmatch(glob, s->path, 0) == 0;
}

const struct export_macro *scanner_find_macro(const struct scanner *s, struct span name)
{
	const struct export_macro *macros = export_macros_builtin.macros;
	size_t count = export_macros_builtin.macro_count;

	for (size_t at = SEARCH_FIRST(i, count, compare_name(name, macros[i].macro) > 0);
	     at < count; at++) {
		if (compare_name(name, macros[at].macro) != 0)
			break;
		if (scanner_path_matches(s, macros[at].path))
			return &macros[at];
	}
	return NULL;
}

void scanner_look_up_path(struct scanner *s)
{
	const struct export_macros *table = &export_macros_builtin;

	for (size_t i = 0; i < table->macro_count && !s->names; i++)
		s->names =
			table->macros[i].unmarked && scanner_path_matches(s, table->macros[i].path);
	for (size_t i = 0; i < table->argument_count && !s->foreign_names; i++)
		s->foreign_names = scanner_path_matches(s, table->arguments[i].path);
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
	span = span_trim(span_of(&expanded));
	if (!add_literals(span, &text))
		strbuf_add(&text, span.at, span_length(span));
	if (text.failed)
		return ksa_fail_nomem(s->err);
	if (!text.length)
		return 0;
	*out = arena_strndup(&s->scan->arena, text.data, text.length);
	return *out ? 0 : ksa_fail_nomem(s->err);
}

/* The number of the argument that a template names at p ("{2}" is 2), or 0. */
static unsigned int argument_at(const char *p)
{
	return p[0] == '{' && p[1] >= '1' && p[1] <= '9' && p[2] == '}' ? (unsigned int)(p[1] - '0')
									: 0;
}

/* Append the template with the symbol for "{1}" and the other arguments as they are written. */
static void fill(struct strbuf *out, const char *template, struct span symbol,
		 const struct lex_call *call)
{
	for (const char *p = template; *p; p++) {
		unsigned int n = argument_at(p);

		if (n == 1)
			strbuf_add(out, symbol.at, span_length(symbol));
		else if (n && n <= call->count)
			strbuf_add(out, call->arguments[n - 1].at,
				   span_length(call->arguments[n - 1]));
		if (n)
			p += 2;
		else
			strbuf_addc(out, *p);
	}
}

/* A namespace with what its arguments mean. */
static int fill_namespace(struct scanner *s, const struct invocation *inv, const char **ns)
{
	_cleanup_(strbuf_release) struct strbuf text = {0};

	for (const char *p = inv->macro->ns; *p; p++) {
		unsigned int n = argument_at(p);
		const char *argument = NULL;
		int status = 0;

		if (!n) {
			strbuf_addc(&text, *p);
			continue;
		}
		if (n <= inv->call.count)
			status = scanner_text(s, inv->call.arguments[n - 1], &argument);
		if (status)
			return status;
		strbuf_adds(&text, argument ? argument : "");
		p += 2;
	}
	*ns = NULL;
	if (text.failed)
		return ksa_fail_nomem(s->err);
	if (!text.length)
		return 0;
	*ns = arena_strndup(&s->scan->arena, text.data, text.length);
	return *ns ? 0 : ksa_fail_nomem(s->err);
}

static int namespace_of(struct scanner *s, const struct invocation *inv, const char **ns)
{
	*ns = inv->macro->ns;
	if (*ns && strchr(*ns, '{'))
		return fill_namespace(s, inv, ns);
	if (inv->macro->default_ns)
		*ns = s->default_ns;
	return 0;
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

static int add_export(struct scanner *s, const struct source_export *e)
{
	struct source_scan *scan = s->scan;
	int status = vec_reserve(&scan->exports, &scan->export_capacity, scan->export_count + 1,
				 sizeof(*scan->exports), s->err);

	if (!status)
		scan->exports[scan->export_count++] = *e;
	return status;
}

/* The name that a template makes of the symbol. NULL: out of memory, or (*bad) no name. */
static const char *make_name(struct scanner *s, const struct invocation *inv, const char *template,
			     struct span symbol, bool *bad)
{
	_cleanup_(strbuf_release) struct strbuf text = {0};
	struct span made = symbol;

	if (strcmp(template, "{1}") != 0) {
		fill(&text, template, symbol, &inv->call);
		made = span_of(&text);
	}
	*bad = !text.failed && (!span_is_name(made) || span_length(made) >= MAX_NAME);
	if (text.failed || *bad)
		return NULL;
	return arena_strndup(&s->scan->arena, (const char *)made.at, span_length(made));
}

/* By the templates of rules/export-macros.yaml. */
static uint8_t form_of(const char *template)
{
	static const char *const forms[] = {[SOURCE_FORM_ITER] = "__traceiter_{1}",
					    [SOURCE_FORM_KEY] = "__SCK__tp_func_{1}",
					    [SOURCE_FORM_TRAMPOLINE] = "__SCT__tp_func_{1}",
					    [SOURCE_FORM_MACHINE] = "mach_{1}"};

	for (int i = SOURCE_FORM_ITER; i <= SOURCE_FORM_MACHINE; i++)
		if (strcmp(template, forms[i]) == 0)
			return (uint8_t)i;
	return SOURCE_FORM_PLAIN;
}

const char *const source_form_headers[] = {"include/linux/tracepoint.h",
					   "arch/powerpc/include/asm/machdep.h",
					   "include/asm-powerpc/machdep.h", NULL};

bool source_has_forms(const char *path)
{
	for (size_t i = 0; source_form_headers[i]; i++)
		if (strcmp(path, source_form_headers[i]) == 0)
			return true;
	return false;
}

unsigned int source_forms(const char *macro, const char *definition)
{
	bool calls = strstr(definition, "STATIC_CALL") && strstr(definition, "tp_func_");

	if (strcmp(macro, "define_machine") == 0)
		return strstr(definition, "EXPORT_SYMBOL(mach_") ? 1u << SOURCE_FORM_MACHINE : 0;
	if (strncmp(macro, "EXPORT_TRACEPOINT_SYMBOL", strlen("EXPORT_TRACEPOINT_SYMBOL")) != 0)
		return 0;
	return 1u << SOURCE_FORM_PLAIN |
	       (strstr(definition, "__traceiter_") ? 1u << SOURCE_FORM_ITER : 0) |
	       (calls || strstr(definition, "__SCK__tp_func_") ? 1u << SOURCE_FORM_KEY : 0) |
	       (calls || strstr(definition, "__SCT__tp_func_") ? 1u << SOURCE_FORM_TRAMPOLINE : 0);
}

/* Add one symbol under all names that the macro makes of it. */
static int add_symbol(struct scanner *s, const struct invocation *inv, struct span symbol,
		      const char *ns)
{
	int status = 0;
	bool bad = !span_is_word(symbol);

	for (size_t i = 0; i < inv->macro->name_count && !status && !bad; i++) {
		const struct export_name *name = &inv->macro->names[i];
		struct source_export e = {.ns = ns,
					  .line = inv->line,
					  .cls = (uint8_t)inv->macro->cls,
					  .kind = (uint8_t)name->kind,
					  .late_ns = s->late_ns,
					  .guessed = scanner_is_guessed(inv->macro),
					  .form = form_of(name->text),
					  .default_ns = inv->macro->default_ns && !ns &&
							!s->assembly && !s->no_default};

		e.pasted = strcmp(name->text, "{1}") != 0 || !stands_in(symbol, inv->text);
		e.name = make_name(s, inv, name->text, symbol, &bad);
		if (!bad)
			status = e.name ? add_export(s, &e) : ksa_fail_nomem(s->err);
	}
	return bad ? scanner_gap(s, inv->name, inv->line) : status;
}

static bool argument_matches(const struct export_argument *a, struct span argument,
			     struct span *first)
{
	struct span name = lex_name(argument.at, argument.end);
	char text[MAX_NAME];
	struct lex_call call;

	if (!span_length(name) || span_length(name) >= sizeof(text))
		return false;
	memcpy(text, name.at, span_length(name));
	text[span_length(name)] = '\0';
	if (fnmatch(a->argument, text, 0) != 0)
		return false;
	*first = name;
	if (name.end == argument.end)
		return true;
	name.end = lex_skip_blank(name.end, argument.end, false);
	if (name.end == argument.end || *name.end != '(' ||
	    !lex_read_call(name.end, argument.end, true, &call) || !call.count ||
	    call.after != argument.end)
		return false;
	*first = call.arguments[0];
	return true;
}

/* The entry of the table for an argument in this file, or NULL; *first is its "{1}". */
static const struct export_argument *find_argument(const struct scanner *s, struct span argument,
						   struct span *first)
{
	const struct export_argument *list = export_macros_builtin.arguments;

	for (size_t i = 0; s->foreign_names && i < export_macros_builtin.argument_count; i++)
		if (scanner_path_matches(s, list[i].path) &&
		    argument_matches(&list[i], argument, first))
			return &list[i];
	return NULL;
}

static int add_argument(struct scanner *s, const struct invocation *inv,
			const struct export_argument *a, struct span first, const char *ns)
{
	_cleanup_(strbuf_release) struct strbuf text = {0};
	int status = 0;

	for (size_t i = 0; a->names[i] && !status; i++) {
		strbuf_reset(&text);
		fill(&text, a->names[i], first, &inv->call);
		if (text.failed)
			return ksa_fail_nomem(s->err);
		status = add_symbol(s, inv, span_of(&text), ns);
	}
	return status;
}

/* Add a symbol by the name that macros, of the file or of others, make of it. */
static int add_expanded(struct scanner *s, const struct invocation *inv, const struct strbuf *text,
			const char *ns)
{
	struct span symbol = span_trim(span_of(text)), first;
	const struct export_argument *a = find_argument(s, symbol, &first);

	return a ? add_argument(s, inv, a, first, ns) : add_symbol(s, inv, symbol, ns);
}

/*
 * The argument is a macro's name: each branch of a conditional may rename it in its own way. It
 * stays what it is for a macro with arguments, and may stay where only one branch renames it.
 */
static int add_renamed(struct scanner *s, const struct invocation *inv, struct source_define *d,
		       const char *ns)
{
	bool open = false, stays = false, guarded = d->guarded;
	unsigned int renames = 0;

	for (unsigned int i = 0; d && !open && i < MAX_RENAMES; i++) {
		_cleanup_(strbuf_release) struct strbuf text = {0};
		int status = 0;

		open = cond_is_open(&s->cond, d->branch);
		if (d->function_like) {
			stays = true;
		} else {
			renames++;
			status = macros_expand_call(s->macros, d, NULL, &text, s->err);
			if (!status)
				status = add_expanded(s, inv, &text, ns);
		}
		if (status)
			return status;
		d = macros_find_older(s->macros, d);
	}
	if (!stays && (open || guarded || renames > 1))
		return 0;
	return add_symbol(s, inv, inv->call.arguments[0], ns);
}

int scanner_export(struct scanner *s, const struct invocation *inv)
{
	_cleanup_(strbuf_release) struct strbuf text = {0};
	const struct export_argument *a;
	struct source_define *d;
	struct span argument, first;
	const char *ns;
	int status;

	if (!inv->macro->name_count || !inv->call.count || !span_length(inv->call.arguments[0]))
		return 0;
	argument = inv->call.arguments[0];
	status = namespace_of(s, inv, &ns);
	a = find_argument(s, argument, &first);
	if (status || a)
		return status ? status : add_argument(s, inv, a, first, ns);
	if (inv->expanded)
		return add_symbol(s, inv, argument, ns);
	if (span_is_name(argument)) {
		d = macros_find(s->macros, argument);
		return d ? add_renamed(s, inv, d, ns) : add_symbol(s, inv, argument, ns);
	}
	status = macros_expand(s->macros, argument, &text, s->err);
	return status ? status : add_expanded(s, inv, &text, ns);
}
