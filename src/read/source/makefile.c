// SPDX-License-Identifier: GPL-2.0-or-later
#include "read/source/makefile.h"

#include "base/cleanup.h"
#include "base/strbuf.h"
#include "read/source/lex.h"

static const char option[] = "-DDEFAULT_SYMBOL_NAMESPACE=";

/* The Makefile's text, and the line that is read with its continuations joined. */
struct reader {
	const unsigned char *at, *end;
	struct strbuf line;
};

/* Read the next line into r->line, without its comment. False at the end. */
static bool next_line(struct reader *r)
{
	bool in_comment = false;

	strbuf_reset(&r->line);
	if (r->at == r->end)
		return false;
	for (;;) {
		const unsigned char *newline = memchr(r->at, '\n', (size_t)(r->end - r->at));
		const unsigned char *end = newline ? newline : r->end;
		const unsigned char *comment = memchr(r->at, '#', (size_t)(end - r->at));
		const unsigned char *stop = end;
		bool more;

		if (stop > r->at && stop[-1] == '\r')
			stop--;
		more = stop > r->at && stop[-1] == '\\';
		stop -= more;
		if (comment && comment < stop)
			stop = comment;
		/* A comment that is continued is a comment to its end. */
		if (!in_comment)
			strbuf_add(&r->line, r->at, (size_t)(stop - r->at));
		in_comment |= comment != NULL;
		r->at = newline ? newline + 1 : r->end;
		if (!more || !newline)
			return true;
		strbuf_addc(&r->line, ' ');
	}
}

/* Where the line puts its flags: the variable's place in *out, or NULL for other variables. */
static const char **variable_of(struct span name, struct source_makefile *out)
{
	static const char ccflags[] = "ccflags-", subdir[] = "subdir-ccflags-";

	if (span_length(name) > sizeof(ccflags) - 1 &&
	    memcmp(name.at, ccflags, sizeof(ccflags) - 1) == 0)
		return &out->ns;
	if (span_length(name) > sizeof(subdir) - 1 &&
	    memcmp(name.at, subdir, sizeof(subdir) - 1) == 0)
		return &out->ns_below;
	if (span_is(name, "EXTRA_CFLAGS") || span_is(name, "CFLAGS"))
		return &out->ns;
	return NULL;
}

/*
 * What the shell makes of the word that begins at p: quotes and backslashes are taken off, up to an
 * unquoted blank. quote: the one that is open already.
 */
static void unquote(const char *p, char quote, struct strbuf *out)
{
	for (; *p; p++) {
		if (quote ? *p == quote : *p == '"' || *p == '\'') {
			quote = quote ? '\0' : *p;
		} else if (*p == '\\' && quote != '\'' && p[1]) {
			strbuf_addc(out, *++p);
		} else {
			if (!quote && (*p == ' ' || *p == '\t'))
				return;
			strbuf_addc(out, *p);
		}
	}
}

/* The namespace after the option, without the quotes of a C string. *ns is NULL if there is none.
 */
static int value_of(struct arena *arena, const char *value, char quote, const char **ns,
		    struct ksa_error *err)
{
	_cleanup_(strbuf_release) struct strbuf word = {0};
	const char *text;
	size_t length;

	*ns = NULL;
	unquote(value, quote, &word);
	if (word.failed)
		return ksa_fail_nomem(err);
	text = strbuf_string(&word);
	length = word.length;
	if (length >= 2 && text[0] == '"' && text[length - 1] == '"') {
		text++;
		length -= 2;
	}
	if (!length || memchr(text, '$', length) || memchr(text, '"', length))
		return 0;
	*ns = arena_strndup(arena, text, length);
	return *ns ? 0 : ksa_fail_nomem(err);
}

static int read_line(struct arena *arena, const char *line, struct source_makefile *out,
		     struct ksa_error *err)
{
	const unsigned char *p = (const unsigned char *)line + strspn(line, " \t");
	struct span name = {p, p + strcspn((const char *)p, " \t:+?=")};
	const char *rest = (const char *)name.end + strspn((const char *)name.end, " \t");
	const char **ns = variable_of(name, out);
	const char *found;

	if (!ns)
		return 0;
	/* "=" and ":=" drop what the variable held. */
	if (*rest == '=' || *rest == ':')
		*ns = NULL;
	found = strstr(rest, option);
	if (!found)
		return 0;
	return value_of(arena, found + sizeof(option) - 1,
			found[-1] == '"' || found[-1] == '\'' ? found[-1] : '\0', ns, err);
}

int source_makefile_scan(struct arena *arena, const unsigned char *data, size_t size,
			 struct source_makefile *out, struct ksa_error *err)
{
	struct reader r = {.at = data, .end = data + size};
	int status = 0;

	*out = (struct source_makefile){NULL, NULL};
	if (!size || !memmem(data, size, option, sizeof(option) - 1))
		return 0;
	while (!status && next_line(&r))
		status = r.line.failed ? ksa_fail_nomem(err)
				       : read_line(arena, strbuf_string(&r.line), out, err);
	strbuf_release(&r.line);
	if (status)
		return status;
	/* Kbuild puts the flags of the directory behind those of subdir-ccflags-y. */
	if (!out->ns)
		out->ns = out->ns_below;
	return 0;
}
