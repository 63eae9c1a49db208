// SPDX-License-Identifier: GPL-2.0-or-later
#include "read/headers/expand.h"

#include <stdlib.h>

#include "base/cleanup.h"
#include "base/vec.h"
#include "read/source/macro.h"

#define MAX_DEFINITIONS 4 /* of one macro, under other conditions */
#define MAX_CALLS	((size_t)400000) /* real headers have 12,000 */
/* Bytes that expansions may handle: all of them, and one. */
#define MAX_WORK ((size_t)24 << 20)
#define MAX_ONE	 ((size_t)512 << 10)

/* A definition, and the next one of the same name. */
struct definition {
	const struct facts_macro *macro;
	uint32_t next; /* index + 1 */
};

struct expanding {
	const struct header_config *config;
	struct header_facts *out;
	struct ksa_error *err;
	struct {
		struct definition *items;
		size_t count, capacity;
	} definitions;
	struct strmap by_name; /* of the first definition */
	struct source_macros macros; /* the one that is being expanded */
	struct strbuf text;
	size_t work; /* bytes that expansions have handled */
};

/* Definitions of one name are chained in their order, and a hostile number of them is cut. */
static int add_macro(struct expanding *x, const struct header_facts *facts,
		     const struct facts_macro *macro)
{
	uint32_t first = (uint32_t)x->definitions.count;
	uint32_t index = first, length = 1;
	int added, r = VEC_PUSH_ROOM(&x->definitions, x->err);

	if (r)
		return r;
	added = strmap_add(&x->by_name, facts->names[macro->name].text, &first, NULL);
	if (added < 0)
		return ksa_fail_nomem(x->err);
	if (!added) {
		struct definition *last = &x->definitions.items[first];

		while (last->next && length++ < MAX_DEFINITIONS)
			last = &x->definitions.items[last->next - 1];
		if (length >= MAX_DEFINITIONS)
			return 0;
		last->next = index + 1;
	}
	x->definitions.items[x->definitions.count++] = (struct definition){macro, 0};
	return 0;
}

/* A macro that is only another name of one: the same call of that. */
static int rename_call(struct expanding *x, struct span name, const struct facts_call *call)
{
	strbuf_add(&x->text, name.at, span_length(name));
	strbuf_add(&x->text, call->arguments.at, span_length(call->arguments));
	return x->text.failed ? ksa_fail_nomem(x->err) : 0;
}

/* What one definition makes of the call; its own nested calls are added to those of out. */
static int expand_with(struct expanding *x, const struct facts_macro *macro,
		       const struct facts_call *call, const struct lex_call *arguments)
{
	struct facts_call made = *call;
	struct source_define *define = NULL;
	int r = macros_reset(&x->macros, x->err);

	if (!r)
		r = macros_define(&x->macros, macro->text, 0, &define, x->err);
	if (r || !define)
		return r;
	strbuf_reset(&x->text);
	x->macros.budget = MAX_ONE;
	if (define->function_like)
		r = macros_expand_call(&x->macros, define, arguments, &x->text, x->err);
	else
		r = rename_call(x, macros_body(define), call);
	x->work += MAX_ONE - x->macros.budget + x->text.length + span_length(macro->text);
	if (r == KSA_ELIMIT) {
		ksa_error_clear(x->err);
		return 0;
	}
	made.maybe |= macro->maybe;
	return r ? r : header_scan_expanded(x->out, x->config, &made, span_of(&x->text), x->err);
}

static int expand_call(struct expanding *x, const struct header_facts *facts,
		       const struct facts_call *call)
{
	struct lex_call arguments;
	uint32_t at;
	int r = 0;

	if (!x->definitions.count ||
	    !strmap_get(&x->by_name, facts->names[call->macro].text, &at) ||
	    !lex_read_call(call->arguments.at, call->arguments.end, false, &arguments))
		return 0;
	for (at++; at && !r && x->work < MAX_WORK; at = x->definitions.items[at - 1].next)
		r = expand_with(x, x->definitions.items[at - 1].macro, call, &arguments);
	return r;
}

static int expand_all(struct expanding *x, const struct facts_range *ranges, size_t count)
{
	struct header_facts *out = x->out;
	int r = 0;

	for (size_t i = 0; i < count && !r; i++)
		for (size_t k = 0; k < ranges[i].macro_count && !r; k++)
			r = add_macro(x, ranges[i].facts,
				      &ranges[i].facts->macros.items[ranges[i].macro_first + k]);
	for (size_t i = 0; i < count && !r; i++)
		for (size_t k = 0; k < ranges[i].call_count && !r; k++)
			r = expand_call(x, ranges[i].facts,
					&ranges[i].facts->calls.items[ranges[i].call_first + k]);
	/* Those that come of it are added behind while they are read. */
	for (size_t i = 0; i < out->calls.count && i < MAX_CALLS && !r; i++) {
		const struct facts_call call = out->calls.items[i];

		r = expand_call(x, out, &call);
	}
	return r;
}

int headers_expand(const struct facts_range *ranges, size_t count,
		   const struct header_config *config, struct header_facts *out,
		   struct ksa_error *err)
{
	struct expanding x = {.config = config, .out = out, .err = err};
	int r = facts_init(out, err);

	if (!r)
		r = expand_all(&x, ranges, count);
	free(x.definitions.items);
	strmap_release(&x.by_name);
	macros_release(&x.macros);
	strbuf_release(&x.text);
	return r;
}
