// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The text of a source file, passed over at the speed of a table look-up: only comments, strings,
 * directives and the names that may matter are looked at.
 */
#include "read/source/source.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/vec.h"
#include "read/source/source_internal.h"

void source_scan_release(struct source_scan *scan)
{
	arena_release(&scan->arena);
	free(scan->exports);
	free(scan->gaps);
	free(scan->needs.items);
	free(scan->definitions);
	free(scan->imports.items);
	if (scan->macros) {
		macros_release(scan->macros);
		free(scan->macros);
	}
	*scan = (struct source_scan){.license = NULL};
}

bool source_may_export(const char *path, const unsigned char *data, size_t size)
{
	const struct export_macros *all = &export_macros_builtin;
	const struct scanner s = {.path = path};

	if (!size || lex_find(data, data + size, SCANNER_WORD, SCANNER_RARE))
		return size;
	for (size_t i = 0; i < all->macro_count; i++)
		if (all->macros[i].unmarked && scanner_path_matches(&s, all->macros[i].path) &&
		    memmem(data, size, all->macros[i].macro, strlen(all->macros[i].macro)))
			return true;
	return false;
}

uint32_t scanner_line(struct scanner *s, const unsigned char *p)
{
	return lex_line(&s->counted, &s->line, p);
}

const unsigned char *scanner_next_export(struct scanner *s, const unsigned char *p)
{
	if (!s->export || s->export < p) {
		s->export = lex_find(p, s->end, SCANNER_WORD, SCANNER_RARE);
		s->export = s->export ? s->export : s->end;
	}
	return s->export;
}

/* Up to where no name matters. */
static const unsigned char *next_candidate(struct scanner *s)
{
	const unsigned char *export;

	if (s->cond.dead)
		return s->end;
	export = scanner_next_export(s, s->at);
	if (!s->module || s->module < s->at) {
		s->module = lex_find(s->at, s->end, "MODULE_", 3);
		s->module = s->module ? s->module : s->end;
	}
	return export < s->module ? export : s->module;
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

static void take_comment(struct scanner *s, const unsigned char *end)
{
	const unsigned char *p = s->comment.end;

	/* Comments with only blanks between them are one: what stands before the first counts. */
	while (p && p < s->at && (lex_class[*p] & LEX_BLANK))
		p++;
	if (p != s->at)
		s->comment.at = s->at;
	s->comment.end = s->at = end;
}

/* A comment, a string or a directive, or a character that is none of them. */
static int take_stop(struct scanner *s)
{
	const unsigned char *next;

	switch (*s->at) {
	case '"':
	case '\'':
		s->at = lex_skip_quoted(s->at, s->end);
		return 0;
	case '#':
		if (scanner_begins_line(s, s->at))
			return scanner_directive(s);
		break;
	default:
		next = lex_skip_comment(s->at, s->end);
		if (next > s->at) {
			take_comment(s, next);
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
	int status = 0;

	while (!status && s->at < s->end) {
		const unsigned char *from = s->at;
		struct span name;

		if (s->names && !s->cond.dead)
			from = s->at = skip_to_name(from, s->end);
		else
			s->at = skip_code(from, next_candidate(s));
		if (s->at == s->end)
			break;
		if (lex_class[*s->at] & LEX_STOP) {
			status = take_stop(s);
			continue;
		}
		name = name_around(s, from);
		s->at = name.end;
		status = scanner_name(s, name);
	}
	return status ? status : scanner_unused(s);
}

static bool has_extension(const char *path, char letter)
{
	size_t length = strlen(path);

	return length > 2 && path[length - 2] == '.' && (path[length - 1] | ' ') == letter;
}

static int forget(struct source_scan *scan, struct ksa_error *err)
{
	arena_reset(&scan->arena);
	scan->export_count = scan->gap_count = scan->imports.count = 0;
	scan->needs.count = scan->definition_count = 0;
	scan->license = NULL;
	if (!scan->macros) {
		scan->macros = calloc(1, sizeof(*scan->macros));
		if (!scan->macros)
			return ksa_fail_nomem(err);
	}
	return macros_reset(scan->macros, err);
}

/* Begin with another text. */
static void set_text(struct scanner *s, struct source_prelude text)
{
	s->start = s->at = s->counted = s->commented_to = text.data;
	s->end = text.data + text.size;
	s->export = s->module = NULL;
	s->comment = (struct span){NULL, NULL};
	s->line = 1;
	/* An #if that is left open ends with its file; the numbers of branches go on. */
	s->cond = (struct cond){.branches = s->cond.branches};
	s->guard = (struct span){NULL, NULL};
	s->guard_branch = 0;
}

/* The macros of a header, and nothing else. */
static int read_prelude(struct scanner *s, struct source_prelude text)
{
	int status = 0;

	if (text.size > SOURCE_MAX_PRELUDE)
		text.size = SOURCE_MAX_PRELUDE;
	set_text(s, text);
	s->prelude = true;
	while (!status && s->at < s->end) {
		s->at = skip_code(s->at, s->end);
		if (s->at < s->end)
			status = take_stop(s);
	}
	s->prelude = false;
	macros_code(s->macros);
	return status;
}

int source_scan(struct source_scan *scan, const char *path, const unsigned char *data, size_t size,
		struct ksa_error *err)
{
	return source_scan_with(scan, path, (struct source_prelude){data, size}, NULL, 0, err);
}

int source_scan_with(struct source_scan *scan, const char *path, struct source_prelude text,
		     const struct source_prelude *preludes, size_t count, struct ksa_error *err)
{
	struct scanner s = {.scan = scan, .path = path ? path : "", .err = err};
	int status = forget(scan, err);

	if (status || !text.size)
		return status;
	s.macros = scan->macros;
	for (size_t i = 0; i < count && !status; i++)
		if (preludes[i].size)
			status = read_prelude(&s, preludes[i]);
	if (status)
		return status;
	set_text(&s, text);
	s.assembly = has_extension(s.path, 's');
	s.header = has_extension(s.path, 'h');
	scanner_look_up_path(&s);
	status = walk(&s);
	if (status && err && err->code == status && !err->source[0])
		snprintf(err->source, sizeof(err->source), "%s", s.path);
	return status;
}
