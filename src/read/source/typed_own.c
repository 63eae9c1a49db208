// SPDX-License-Identifier: GPL-2.0-or-later
/* What the source itself declares: names of files and of blocks, and its typedefs. */
#include "read/source/typed_internal.h"

#define MAX_TYPEDEFS 16 /* in each other */
#define MAX_HEIGHT   16 /* of functions in the types of functions */

/* True if two functions' types are the same. */
static bool is_same_function(const struct typed_function *a, const struct typed_function *b,
			     unsigned int depth);

static bool is_same(const struct typed_type *a, const struct typed_type *b, unsigned int depth)
{
	if (a->kind != b->kind || a->pointers != b->pointers || a->arrays != b->arrays ||
	    a->pointer_consts != b->pointer_consts || a->is_const != b->is_const ||
	    a->is_volatile != b->is_volatile)
		return false;
	if (a->kind == TYPED_FUNCTION)
		return is_same_function(a->function, b->function, depth);
	if (!a->name || !b->name)
		return a->number == b->number && a->name == b->name;
	return strcmp(a->name, b->name) == 0;
}

static bool is_same_function(const struct typed_function *a, const struct typed_function *b,
			     unsigned int depth)
{
	if (a == b)
		return true;
	if (!a || !b || depth > 4 || a->param_count != b->param_count ||
	    a->is_variadic != b->is_variadic || a->has_params != b->has_params ||
	    !is_same(&a->returns, &b->returns, depth + 1))
		return false;
	for (uint32_t i = 0; i < a->param_count; i++)
		if (!is_same(&a->params[i], &b->params[i], depth + 1))
			return false;
	return true;
}

bool typed_is_same(const struct typed_type *a, const struct typed_type *b)
{
	return is_same(a, b, 0);
}

void typed_add_symbol(struct typed_scan *t, const struct typed_symbol *symbol,
		      const struct typed_token *token)
{
	struct typed_word *word;
	struct typed_symbol *copy;

	if (!t->known || !typed_is_name(symbol->word) || token->flags & TYPED_PASTED ||
	    !typed_room(t, symbols))
		return;
	word = &t->known[symbol->word];
	copy = &t->symbols.items[t->symbols.count++];
	*copy = *symbol;
	copy->file = t->file;
	copy->site = typed_site_of(t, token);
	/* Tags are no names of that kind. */
	if (symbol->kind == TYPED_DEFINES_STRUCT || symbol->kind == TYPED_DEFINES_UNION)
		return;
	copy->next = word->symbol;
	word->symbol = (uint32_t)t->symbols.count;
}

static bool is_visible(const struct typed_scan *t, const struct typed_symbol *symbol)
{
	return symbol->file == t->file || !symbol->is_static ||
	       t->source->files.items[symbol->file].part == PART_HEADER;
}

static bool agrees(const struct typed_symbol *a, const struct typed_symbol *b)
{
	bool typedefs = (a->kind == TYPED_DEFINES_TYPEDEF) == (b->kind == TYPED_DEFINES_TYPEDEF);

	return typedefs && is_same(&a->type, &b->type, 0);
}

const struct typed_symbol *typed_symbol_of(const struct typed_scan *t, uint32_t word)
{
	const struct typed_symbol *found[2] = {NULL, NULL};
	bool differ[2] = {false, false};
	unsigned int count = 0;

	for (uint32_t at = t->known ? t->known[word].symbol : 0; at;) {
		const struct typed_symbol *s = &t->symbols.items[at - 1];
		unsigned int other = s->file != t->file;

		at = s->next;
		if (++count > TYPED_ALIKE)
			return NULL;
		if (!is_visible(t, s))
			continue;
		differ[other] |= found[other] && !agrees(found[other], s);
		if (!found[other] || found[other]->kind == TYPED_DECLARES)
			found[other] = s;
	}
	if (found[0])
		return differ[0] ? NULL : found[0];
	return differ[1] ? NULL : found[1];
}

bool typed_is_own(struct typed_scan *t, uint32_t word)
{
	unsigned int count = 0;

	if (!t->known)
		return false;
	for (uint32_t at = t->known[word].symbol; at && count++ < TYPED_ALIKE;) {
		if (is_visible(t, &t->symbols.items[at - 1]))
			return true;
		at = t->symbols.items[at - 1].next;
	}
	return typed_own_of(t, word) != OWN_NOTHING;
}

/* The type that a typedef stands for, with what its use adds. */
static struct typed_type combine(const struct typed_type *inner, const struct typed_type *outer)
{
	struct typed_type type = *inner;
	unsigned int pointers = inner->pointers + outer->pointers;

	if (inner->kind == TYPED_UNKNOWN || (inner->arrays && outer->pointers) || pointers > 7 ||
	    inner->arrays + outer->arrays > 7)
		return (struct typed_type){.kind = TYPED_UNKNOWN};
	type.pointers = (uint8_t)pointers;
	type.arrays = (uint8_t)(inner->arrays + outer->arrays);
	type.pointer_consts |= (uint8_t)(outer->pointer_consts << inner->pointers);
	if (outer->is_const && inner->pointers)
		type.pointer_consts |= (uint8_t)(1u << (inner->pointers - 1));
	else
		type.is_const |= outer->is_const;
	type.is_volatile |= outer->is_volatile && !inner->pointers;
	return type;
}

struct typed_type typed_resolve(struct typed_scan *t, const struct typed_type *type)
{
	struct typed_type resolved = *type;

	for (unsigned int i = 0; resolved.kind == TYPED_NAME && t->known; i++) {
		const struct typed_symbol *symbol = typed_symbol_of(t, resolved.number);

		if (!symbol && !typed_is_own(t, resolved.number))
			break;
		if (!symbol || symbol->kind != TYPED_DEFINES_TYPEDEF || i >= MAX_TYPEDEFS)
			return (struct typed_type){.kind = TYPED_UNKNOWN};
		resolved = combine(&symbol->type, &resolved);
	}
	if (resolved.kind == TYPED_STRUCT || resolved.kind == TYPED_UNION)
		resolved.is_own = typed_structure_of(t, &resolved) != 0;
	return resolved;
}

static unsigned int resolve_function(struct typed_scan *t, struct typed_function_node *node,
				     unsigned int depth);

/* Resolve a type of a function; its height counts. */
static void resolve_in(struct typed_scan *t, struct typed_type *type, uint8_t *height,
		       unsigned int depth)
{
	unsigned int inner;

	*type = typed_resolve(t, type);
	if (type->kind != TYPED_FUNCTION)
		return;
	/* All functions' types are the first thing in their nodes. */
	inner = resolve_function(t, (struct typed_function_node *)(uintptr_t)type->function, depth);
	if (!inner || inner >= MAX_HEIGHT)
		*type = (struct typed_type){.kind = TYPED_UNKNOWN};
	else if (*height <= inner)
		*height = (uint8_t)(inner + 1);
}

/* The height of the function's type, 0 if it would be in itself, or is too deep. */
static unsigned int resolve_function(struct typed_scan *t, struct typed_function_node *node,
				     unsigned int depth)
{
	struct typed_function *f = &node->function;
	uint32_t file = t->file;
	uint8_t height = 1;

	if (node->height || node->is_busy || depth > MAX_HEIGHT)
		return node->height;
	node->is_busy = true;
	t->file = node->file;
	/* They are in the arena of the answer, and are given out when all are resolved. */
	for (uint32_t i = 0; i < f->param_count; i++)
		resolve_in(t, (struct typed_type *)(uintptr_t)&f->params[i], &height, depth + 1);
	resolve_in(t, &f->returns, &height, depth + 1);
	t->file = file;
	node->is_busy = false;
	node->height = height;
	return height;
}

void typed_resolve_all(struct typed_scan *t)
{
	for (; t->resolved < t->functions.count; t->resolved++)
		resolve_function(t, t->functions.items[t->resolved], 0);
	t->is_declared = true;
}

void typed_add_local(struct typed_scan *t, uint32_t word, const struct typed_type *type)
{
	if (!t->known || !typed_is_name(word) || !typed_room(t, locals))
		return;
	t->locals.items[t->locals.count++] =
		(struct typed_local){word, t->known[word].local, *type};
	t->known[word].local = (uint32_t)t->locals.count;
}

const struct typed_local *typed_local_of(const struct typed_scan *t, uint32_t word)
{
	uint32_t at = t->known && token_is_word(word) ? t->known[word].local : 0;

	return at ? &t->locals.items[at - 1] : NULL;
}

void typed_leave(struct typed_scan *t, size_t count)
{
	while (t->locals.count > count) {
		const struct typed_local *local = &t->locals.items[--t->locals.count];

		t->known[local->word].local = local->hides;
	}
}
