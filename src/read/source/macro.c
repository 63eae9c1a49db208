// SPDX-License-Identifier: GPL-2.0-or-later
#include "read/source/macro.h"

#include <stdlib.h>

#include "base/cleanup.h"
#include "base/vec.h"

#define FIRST_BUCKETS 256
#define MAX_DEPTH     16 /* of macros in macros */
#define MAX_SEARCH    8 /* of macros in bodies, to see what exports */
#define MAX_CHAIN     1024 /* macros of one hash; what made names to collide hides is not found */
#define MAX_AGAIN     64 /* how often a body is looked at again because there are new macros */
/* Bytes handled in one file's expansions; no kernel file comes near. */
#define BUDGET ((size_t)8 << 20)

struct parameters {
	struct span names[LEX_MAX_ARGUMENTS];
	unsigned int count;
	bool variadic; /* the last takes all arguments that are left */
};

/* One expansion; each level of the recursion has its own. */
struct expansion {
	struct source_macros *macros;
	struct strbuf *out;
	struct ksa_error *err;
	unsigned int depth;
};

static int expand_text(const struct expansion *x, struct span text);

void macros_release(struct source_macros *macros)
{
	free(macros->items);
	free(macros->buckets);
	*macros = (struct source_macros){0};
}

int macros_reset(struct source_macros *macros, struct ksa_error *err)
{
	macros->count = 0;
	macros->exporting = 0;
	macros->fresh = 0;
	macros->budget = BUDGET;
	if (macros->bucket_count > FIRST_BUCKETS) {
		/* one large file shall not make all later ones slow, nor keep its memory */
		free(macros->buckets);
		free(macros->items);
		macros->buckets = NULL;
		macros->items = NULL;
		macros->capacity = 0;
	}
	if (!macros->buckets) {
		macros->bucket_count = 0;
		macros->buckets = malloc(FIRST_BUCKETS * sizeof(*macros->buckets));
		if (!macros->buckets)
			return ksa_fail_nomem(err);
		macros->bucket_count = FIRST_BUCKETS;
	}
	memset(macros->buckets, 0, macros->bucket_count * sizeof(*macros->buckets));
	return 0;
}

static uint32_t hash_span(struct span s)
{
	uint32_t h = 2166136261u;

	for (; s.at < s.end; s.at++)
		h = (h ^ *s.at) * 16777619u;
	return h ^ h >> 15;
}

static int grow_buckets(struct source_macros *macros, struct ksa_error *err)
{
	size_t count = macros->bucket_count * 4;
	uint32_t *buckets = calloc(count, sizeof(*buckets));

	if (!buckets)
		return ksa_fail_nomem(err);
	for (size_t i = 0; i < macros->count; i++) {
		struct source_define *d = &macros->items[i];
		uint32_t *bucket = &buckets[d->hash & (count - 1)];

		if (d->gone)
			continue;
		d->older = *bucket;
		*bucket = (uint32_t)i + 1;
	}
	free(macros->buckets);
	macros->buckets = buckets;
	macros->bucket_count = count;
	return 0;
}

static struct source_define *find_from(const struct source_macros *macros, uint32_t at,
				       struct span name, uint32_t hash)
{
	for (unsigned int i = 0; at && i < MAX_CHAIN; i++) {
		struct source_define *d = &macros->items[at - 1];

		if (d->hash == hash && span_same(d->name, name))
			return d;
		at = d->older;
	}
	return NULL;
}

struct source_define *macros_find(const struct source_macros *macros, struct span name)
{
	uint32_t hash;

	if (!macros->count)
		return NULL;
	hash = hash_span(name);
	return find_from(macros, macros->buckets[hash & (macros->bucket_count - 1)], name, hash);
}

struct source_define *macros_find_older(const struct source_macros *macros,
					const struct source_define *define)
{
	return find_from(macros, define->older, define->name, define->hash);
}

int macros_define(struct source_macros *macros, struct span text, uint32_t branch,
		  struct source_define **out, struct ksa_error *err)
{
	struct source_define d = {.branch = branch};
	const unsigned char *p = lex_skip_blank(text.at, text.end, true);
	uint32_t *bucket;
	int status = 0;

	*out = NULL;
	d.name = lex_name(p, text.end);
	p = d.name.end;
	if (!span_length(d.name) || macros->count >= UINT32_MAX - 1)
		return 0;
	if (p < text.end && *p == '(') {
		const unsigned char *close = memchr(p, ')', (size_t)(text.end - p));

		if (!close)
			return 0;
		d.function_like = true;
		d.parameters = (struct span){p + 1, close};
		p = close + 1;
	}
	d.body = (struct span){p, text.end};
	if (macros->count >= macros->bucket_count * 2)
		status = grow_buckets(macros, err);
	if (!status)
		status = VEC_PUSH_ROOM(macros, err);
	if (status)
		return status;
	d.hash = hash_span(d.name);
	bucket = &macros->buckets[d.hash & (macros->bucket_count - 1)];
	d.older = *bucket;
	*out = &macros->items[macros->count++];
	**out = d;
	*bucket = (uint32_t)macros->count;
	return 0;
}

struct span macros_body(struct source_define *define)
{
	if (!define->trimmed) {
		define->body = span_trim(define->body);
		define->trimmed = true;
	}
	return define->body;
}

void macros_undefine(struct source_macros *macros, struct span name, uint32_t branch)
{
	uint32_t hash = hash_span(name);
	uint32_t *link = &macros->buckets[hash & (macros->bucket_count - 1)];

	for (unsigned int i = 0; *link && i < MAX_CHAIN; i++) {
		struct source_define *d = &macros->items[*link - 1];

		if (d->hash == hash && span_same(d->name, name) &&
		    (!branch || d->branch == branch)) {
			d->gone = true;
			*link = d->older;
		} else {
			link = &d->older;
		}
	}
}

void macros_included(struct source_macros *macros)
{
	/* Nothing is to be marked unless something exports. */
	for (size_t i = macros->fresh; macros->exporting && i < macros->count; i++)
		macros->items[i].included = !macros->items[i].gone;
	macros->fresh = macros->count;
}

void macros_code(struct source_macros *macros)
{
	macros->fresh = macros->count;
}

static bool search_exports(const struct source_macros *macros, struct source_define *define,
			   unsigned int depth)
{
	uint32_t version = macros->exporting < MAX_AGAIN ? macros->exporting : MAX_AGAIN;
	const unsigned char *p = define->body.at;
	bool found = false;

	if (define->exports || define->checked == version || depth == MAX_SEARCH)
		return define->exports;
	define->checked = version;
	while (!found && p < define->body.end) {
		struct span name = lex_name(p, define->body.end);
		struct source_define *d = span_length(name) ? macros_find(macros, name) : NULL;

		found = d && d != define && search_exports(macros, d, depth + 1);
		/* the rest of a number is no name */
		if (!span_length(name) && lex_is_name(*p))
			while (p < define->body.end && lex_is_name(*p))
				p++;
		else
			p = span_length(name) ? name.end : p + 1;
	}
	define->exports = found;
	return found;
}

bool macros_exports(const struct source_macros *macros, struct source_define *define)
{
	return macros->exporting && search_exports(macros, define, 0);
}

int macros_charge(struct source_macros *macros, size_t bytes, struct ksa_error *err)
{
	if (macros->budget < bytes)
		return ksa_fail(err, KSA_ELIMIT,
				"its macros expand to more than %zu bytes: this is no source file "
				"of a kernel",
				BUDGET);
	macros->budget -= bytes;
	return 0;
}

static int charge(const struct expansion *x, size_t bytes)
{
	return macros_charge(x->macros, bytes, x->err);
}

static int put(const struct expansion *x, struct span s)
{
	int status = charge(x, span_length(s));

	if (status)
		return status;
	strbuf_add(x->out, s.at, span_length(s));
	return x->out->failed ? ksa_fail_nomem(x->err) : 0;
}

static int put_text(const struct expansion *x, const char *text)
{
	const unsigned char *at = (const unsigned char *)text;

	return put(x, (struct span){at, at + strlen(text)});
}

static void read_parameters(const struct source_define *define, struct parameters *out)
{
	const unsigned char *p = define->parameters.at, *end = define->parameters.end;

	*out = (struct parameters){.count = 0};
	while (p < end && out->count < LEX_MAX_ARGUMENTS) {
		struct span name;

		p = lex_skip_blank(p, end, false);
		name = lex_name(p, end);
		p = lex_skip_blank(name.end, end, false);
		if (end - p >= 3 && memcmp(p, "...", 3) == 0) {
			out->variadic = true;
			if (!span_length(name)) {
				static const unsigned char unnamed[] = "__VA_ARGS__";

				name = (struct span){unnamed, unnamed + sizeof(unnamed) - 1};
			}
		}
		if (!span_length(name))
			break;
		out->names[out->count++] = name;
		p = memchr(p, ',', (size_t)(end - p));
		if (!p)
			break;
		p++;
	}
}

static bool argument_of(const struct parameters *parameters, const struct lex_call *call,
			struct span name, struct span *out)
{
	for (unsigned int i = 0; i < parameters->count; i++) {
		if (!span_same(parameters->names[i], name))
			continue;
		*out = (struct span){name.at, name.at};
		if (i < call->count) {
			*out = call->arguments[i];
			if (parameters->variadic && i == parameters->count - 1)
				out->end = call->arguments[call->count - 1].end;
		}
		return true;
	}
	return false;
}

static bool next_is_paste(const unsigned char *p, const unsigned char *end)
{
	p = lex_skip_blank(p, end, false);
	return end - p >= 2 && p[0] == '#' && p[1] == '#';
}

/* "#parameter": the argument as a string. The text is not escaped: nothing here reads it back. */
static int put_string(const struct expansion *x, struct span argument)
{
	int status = put_text(x, "\"");

	for (const unsigned char *p = argument.at; !status && p < argument.end;) {
		const unsigned char *next = lex_skip_blank(p, argument.end, false);

		if (next > p) {
			status = put_text(x, " ");
		} else {
			next = p + 1;
			if (*p != '"' && *p != '\\')
				status = put(x, (struct span){p, next});
		}
		p = next;
	}
	return status ? status : put_text(x, "\"");
}

static void trim_end(struct strbuf *out, size_t floor)
{
	while (out->length > floor && out->data[out->length - 1] == ' ')
		out->data[--out->length] = '\0';
}

/* State of a substitution: x->out holds what is done from floor on. */
struct substitution {
	const struct expansion *x;
	const struct parameters *parameters;
	const struct lex_call *call;
	bool pasting; /* "##" stands before what comes next */
};

static int put_name(struct substitution *s, struct span name, const unsigned char *end)
{
	struct span argument;
	bool paste = s->pasting || next_is_paste(name.end, end);

	s->pasting = false;
	if (!argument_of(s->parameters, s->call, name, &argument))
		return put(s->x, name);
	/* An argument beside ## is taken as it is written, the others expanded (C11 6.10.3.1). */
	return paste ? put(s->x, argument) : expand_text(s->x, argument);
}

/* '#' in a body: pasting, a string, or just the character. Returns what follows in *p. */
static int put_hash(struct substitution *s, const unsigned char **p, const unsigned char *end,
		    size_t floor)
{
	const unsigned char *q = *p + 1;
	struct span name, argument;

	if (q < end && *q == '#') {
		trim_end(s->x->out, floor);
		s->pasting = true;
		*p = lex_skip_blank(q + 1, end, false);
		return 0;
	}
	q = lex_skip_blank(q, end, false);
	name = lex_name(q, end);
	if (span_length(name) && argument_of(s->parameters, s->call, name, &argument)) {
		*p = name.end;
		return put_string(s->x, argument);
	}
	*p += 1;
	return put_text(s->x, "#");
}

/* The length of what is copied as one piece at p: a number, a quoted text, one byte. */
static const unsigned char *end_of_piece(const unsigned char *p, const unsigned char *end)
{
	if (*p == '"' || *p == '\'')
		return lex_skip_quoted(p, end);
	if (!lex_is_name(*p))
		return p + 1;
	while (p < end && lex_is_name(*p))
		p++;
	return p;
}

static int substitute(const struct expansion *x, struct source_define *define,
		      const struct lex_call *call)
{
	struct parameters parameters;
	struct substitution s = {x, &parameters, call, false};
	struct span body = macros_body(define);
	const unsigned char *p = body.at, *end = body.end;
	size_t floor = x->out->length;
	int status = charge(x, span_length(body));

	read_parameters(define, &parameters);
	while (!status && p < end) {
		const unsigned char *next = lex_skip_blank(p, end, false);
		struct span name = lex_name(p, end);

		if (next > p) {
			status = s.pasting ? 0 : put_text(x, " ");
		} else if (span_length(name)) {
			status = put_name(&s, name, end);
			next = name.end;
		} else if (*p == '#') {
			next = p;
			status = put_hash(&s, &next, end, floor);
		} else {
			s.pasting = false;
			next = end_of_piece(p, end);
			status = put(x, (struct span){p, next});
		}
		p = next;
	}
	return status;
}

int macros_expand_call(struct source_macros *macros, struct source_define *define,
		       const struct lex_call *call, struct strbuf *out, struct ksa_error *err)
{
	const struct expansion x = {macros, out, err, 0};
	_cleanup_(strbuf_release) struct strbuf body = {0};
	const struct expansion inner = {macros, &body, err, 1};
	size_t index = (size_t)(define - macros->items);
	int status = substitute(&inner, define, call);

	if (status)
		return status;
	macros->items[index].active = true;
	status = expand_text(&x, span_of(&body));
	macros->items[index].active = false;
	return status;
}

/* Follow names that only stand for another name: what is invoked in the end. */
static struct source_define *follow(const struct source_macros *macros, struct source_define *d)
{
	for (unsigned int i = 0; i < MAX_DEPTH && !d->function_like; i++) {
		struct span body = macros_body(d);
		struct source_define *next = span_is_name(body) ? macros_find(macros, body) : NULL;

		if (!next || next->active || !next->function_like)
			break;
		d = next;
	}
	return d;
}

/* A name in text: expanded if it is a macro's. */
static int expand_name(const struct expansion *x, struct span name, const unsigned char *end,
		       const unsigned char **after)
{
	struct source_define *d = macros_find(x->macros, name);
	_cleanup_(strbuf_release) struct strbuf body = {0};
	const struct expansion inner = {x->macros, &body, x->err, x->depth + 1};
	struct lex_call call = {.count = 0};
	int status;

	*after = name.end;
	if (!d || d->active || x->depth >= MAX_DEPTH)
		return put(x, name);
	d = follow(x->macros, d);
	d->used = true;
	if (d->function_like) {
		const unsigned char *open = lex_skip_blank(name.end, end, false);

		if (open == end || *open != '(')
			return put(x, name);
		if (!lex_read_call(open, end, false, &call))
			return charge(x, (size_t)(call.after - open)) ?: put(x, name);
		status = charge(x, (size_t)(call.after - open));
		if (status)
			return status;
		*after = call.after;
	}
	status = substitute(&inner, d, &call);
	if (status)
		return status;
	d->active = true;
	status = expand_text(&(struct expansion){x->macros, x->out, x->err, x->depth + 1},
			     span_of(&body));
	d->active = false;
	return status;
}

static int expand_text(const struct expansion *x, struct span text)
{
	const unsigned char *p = text.at;
	int status = 0;

	while (!status && p < text.end) {
		const unsigned char *next = lex_skip_blank(p, text.end, false);
		struct span name = lex_name(p, text.end);

		if (next > p) {
			status = put_text(x, " ");
		} else if (span_length(name)) {
			status = expand_name(x, name, text.end, &next);
		} else {
			next = end_of_piece(p, text.end);
			status = put(x, (struct span){p, next});
		}
		p = next;
	}
	return status;
}

int macros_expand(struct source_macros *macros, struct span text, struct strbuf *out,
		  struct ksa_error *err)
{
	const struct expansion x = {macros, out, err, 0};

	return expand_text(&x, text);
}
