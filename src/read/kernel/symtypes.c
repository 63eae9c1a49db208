// SPDX-License-Identifier: GPL-2.0-or-later
#include "read/kernel/symtypes.h"

#include <string.h>

#include "base/cleanup.h"

/* The longest of a real kernel, of a structure, has 60,000 bytes. */
#define MAX_LINE ((size_t)1 << 20)

struct reader {
	struct type_graph *graph;
	const char *name; /* of the file */
	size_t line;
	uint32_t unit;
	struct strbuf key, text;
	struct ksa_error *err;
};

/* A token of a line; one in quotes may have blanks. */
struct token {
	const char *text;
	size_t length;
};

static int fail(const struct reader *r, const char *expected)
{
	return ksa_fail_at(r->err, KSA_EFORMAT, r->name, r->line, "expected %s", expected);
}

/* What a letter before '#' stands for; NULL: nothing. */
static const char *keyword_of(char letter)
{
	switch (letter) {
	case 's':
		return "struct ";
	case 'u':
		return "union ";
	case 'e':
		return "enum ";
	case 't':
		return "typedef ";
	case 'E':
		return "enumerator ";
	default:
		return NULL;
	}
}

static bool next_token(const char **at, const char *end, struct token *out)
{
	const char *stop;

	while (*at < end && (**at == ' ' || **at == '\t'))
		++*at;
	if (*at == end)
		return false;
	if (**at == '\'' && *at + 1 < end &&
	    (stop = memchr(*at + 1, '\'', (size_t)(end - *at - 1)))) {
		*out = (struct token){*at + 1, (size_t)(stop - *at - 1)};
		*at = stop + 1;
		return true;
	}
	for (stop = *at; stop < end && *stop != ' ' && *stop != '\t';)
		stop++;
	*out = (struct token){*at, (size_t)(stop - *at)};
	*at = stop;
	return true;
}

/* True if the token is a type, "s#file", or "s##file" where that is allowed; *keyword and *name are
 * its own then. */
static bool is_type(const struct token *t, const char **keyword, struct token *name, bool *opaque)
{
	size_t skip = 2;

	if (t->length < 3 || t->text[1] != '#')
		return false;
	*keyword = keyword_of(t->text[0]);
	*opaque = t->text[2] == '#';
	skip += *opaque;
	*name = (struct token){t->text + skip, t->length - skip};
	return *keyword && name->length;
}

static int number_of(struct reader *r, const char *keyword, const struct token *name, uint32_t *out)
{
	strbuf_reset(&r->key);
	strbuf_adds(&r->key, keyword);
	strbuf_add(&r->key, name->text, name->length);
	if (r->key.failed)
		return ksa_fail_nomem(r->err);
	return type_graph_name(r->graph, r->key.data, r->key.length, out, r->err);
}

/* Append a token as C has it; enumerators and typedefs are named without a word before them. */
static void put_token(struct reader *r, const struct token *t)
{
	const char *keyword;
	struct token name;
	bool opaque;

	strbuf_adds(&r->text, r->text.length ? " " : "");
	if (!is_type(t, &keyword, &name, &opaque)) {
		strbuf_add(&r->text, t->text, t->length);
		return;
	}
	if (*keyword != 't' && strcmp(keyword, "enumerator ") != 0)
		strbuf_adds(&r->text, keyword);
	strbuf_add(&r->text, name.text, name.length);
}

/* True if it is "struct file { UNKNOWN }". */
static bool is_opaque_text(const char *text)
{
	size_t length = strlen(text), end = strlen("{ " TYPE_OPAQUE " }");

	return length > end && strcmp(text + length - end, "{ " TYPE_OPAQUE " }") == 0;
}

static int refer_all(struct reader *r, const char *at, const char *end)
{
	struct token t, name;
	const char *keyword;
	uint32_t number;
	bool opaque;
	int status = 0;

	while (!status && next_token(&at, end, &t)) {
		if (!is_type(&t, &keyword, &name, &opaque))
			continue;
		status = number_of(r, keyword, &name, &number);
		if (!status)
			status = type_graph_refer(r->graph, number, false, r->err);
	}
	return status;
}

/* "s#file struct file { int a ; }", "s##file", "vfs_open int vfs_open ( s#file * )". */
static int take_definition(struct reader *r, const char *at, const char *end)
{
	struct token key, name, t;
	const char *keyword = "", *rest;
	struct type_def def = {.unit = r->unit};
	bool opaque = false;
	int status;

	if (!next_token(&at, end, &key))
		return 0;
	if (!is_type(&key, &keyword, &name, &opaque)) {
		keyword = "";
		name = key;
	}
	rest = at;
	strbuf_reset(&r->text);
	if (opaque)
		strbuf_printf(&r->text, "%s%.*s { " TYPE_OPAQUE " }", keyword, (int)name.length,
			      name.text);
	while (next_token(&at, end, &t))
		put_token(r, &t);
	if (r->text.failed)
		return ksa_fail_nomem(r->err);
	if (!r->text.length || memchr(name.text, ' ', name.length))
		return fail(r, "a type or an export ('s#file'), a blank, and its declaration");
	def.text = strbuf_string(&r->text);
	def.only_there = opaque;
	status = number_of(r, keyword, &name, &def.name);
	if (!status)
		status = type_graph_define(r->graph, &def, r->err);
	return status || is_opaque_text(def.text) ? status : refer_all(r, rest, end);
}

static int take_line(struct reader *r, const char *at, const char *end)
{
	if ((size_t)(end - at) > MAX_LINE)
		return ksa_fail_at(r->err, KSA_ELIMIT, r->name, r->line, "is longer than %zu bytes",
				   MAX_LINE);
	if (memchr(at, '\0', (size_t)(end - at)))
		return fail(r, "text, not a NUL");
	/* A file that went through git's core.autocrlf declares the same. */
	if (end > at && end[-1] == '\r')
		end--;
	if (end - at > 2 && memcmp(at, "/*", 2) == 0) {
		r->unit++;
		return 0;
	}
	return take_definition(r, at, end);
}

bool symtypes_is_symtypes(const unsigned char *data, size_t size, const char *name)
{
	const char *text = (const char *)data, *end = memchr(data, '\n', size);
	const char *base = owner_base_name(name);
	size_t length = end ? (size_t)(end - text) : size;
	struct token key = {text, 0}, type;
	const char *keyword, *at = text;
	bool opaque;

	if (length > 2 && memcmp(text, "/*", 2) == 0)
		return memmem(text, length, ".symtypes", 9) != NULL;
	if (length > MAX_LINE || !next_token(&at, text + length, &key))
		return false;
	return is_type(&key, &keyword, &type, &opaque) || strstr(base, "symtypes") == base ||
	       strstr(base, ".symtypes");
}

int symtypes_read(struct ksa_kernel *kernel, const unsigned char *data, size_t size,
		  const char *name, struct ksa_error *err)
{
	struct reader r = {.name = name, .err = err};
	const char *at = (const char *)data, *end = at + size;
	int status = 0;

	if (!kernel->want_type_graph)
		return 0;
	if (!kernel->type_graph)
		status = type_graph_new(&kernel->type_graph, err);
	if (status)
		return status;
	r.graph = kernel->type_graph;
	r.graph->by_unit = true;
	/* Of several files each has units of its own. */
	r.unit = r.graph->units;
	while (at < end && !status) {
		const char *stop = memchr(at, '\n', (size_t)(end - at));

		stop = stop ? stop : end;
		r.line++;
		status = take_line(&r, at, stop);
		at = stop + 1;
	}
	r.graph->units = r.unit + 1;
	strbuf_release(&r.key);
	strbuf_release(&r.text);
	return status;
}
