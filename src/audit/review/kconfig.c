// SPDX-License-Identifier: GPL-2.0-or-later
#include "audit/review/kconfig.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "audit/review/kconfig_internal.h"
#include "base/vec.h"

static void file_release(struct kconfig_file *f)
{
	arena_release(&f->arena);
	free(f->defs.items);
	free(f->sources.items);
	*f = (struct kconfig_file){.path = f->path};
}

void kconfig_release(struct kconfig *k)
{
	for (size_t i = 0; i < k->files.count; i++)
		file_release(&k->files.items[i]);
	free(k->files.items);
	free(k->links.items);
	strmap_release(&k->by_path);
	strmap_release(&k->by_symbol);
	strmap_release(&k->by_source);
	arena_release(&k->names);
	*k = (struct kconfig){.known = false};
}

void kconfig_move(struct kconfig *k)
{
	k->known = false;
}

/* Note that the file has the name, unless that is known. Files come in rising order. */
static int link_name(struct kconfig *k, struct strmap *map, const char **name, uint32_t file)
{
	uint32_t at = (uint32_t)k->links.count, before = NO_INDEX, next = NO_INDEX;

	*name = strmap_get(map, *name, &next) ? k->links.items[next].name
					      : arena_strdup(&k->names, *name);
	for (; next != NO_INDEX && k->links.items[next].file < file;
	     next = k->links.items[next].next)
		before = next;
	if (next != NO_INDEX && k->links.items[next].file == file)
		return 0;
	if (!*name || VEC_PUSH_ROOM(&k->links, NULL))
		return KSA_ENOMEM;
	k->links.items[k->links.count++] = (struct kconfig_link){file, next, *name};
	if (before == NO_INDEX)
		return strmap_set(map, *name, at) ? KSA_ENOMEM : 0;
	k->links.items[before].next = at;
	return 0;
}

/* Note what the file has. */
static int link_file(struct kconfig *k, uint32_t file)
{
	struct kconfig_file *f = &k->files.items[file];
	int r = 0;

	for (size_t i = 0; i < f->defs.count && !r; i++)
		r = link_name(k, &k->by_symbol, &f->defs.items[i].name, file);
	for (size_t i = 0; i < f->sources.count && !r; i++)
		r = link_name(k, &k->by_source, &f->sources.items[i].path, file);
	return r;
}

/* Read one file as it is now, if it is another version than the one that is known. */
static int update_file(struct kconfig *k, const struct review_input *input, const char *path)
{
	const struct review_tree *tree = input->tree;
	uint32_t at = (uint32_t)k->files.count;
	struct object_id version = {{0}};
	const char *text;
	size_t size;
	int r;

	if (!strmap_get(&k->by_path, path, &at)) {
		if (VEC_PUSH_ROOM(&k->files, NULL) || strmap_add(&k->by_path, path, &at, NULL) < 0)
			return KSA_ENOMEM;
		k->files.items[k->files.count++] = (struct kconfig_file){.path = path};
	}
	if (tree && tree->version && tree->version(tree->ctx, path, &version))
		version = (struct object_id){{0}};
	if (!object_id_is_zero(&version) &&
	    object_id_is_equal(&version, &k->files.items[at].version))
		return 0;
	file_release(&k->files.items[at]);
	k->files.items[at].version = version;
	r = review_read(input, path, &text, &size, NULL);
	if (!r)
		r = kconfig_parse(&k->files.items[at], text, size);
	if (!r)
		r = link_file(k, at);
	return r == KSA_ENOMEM ? r : 0;
}

struct update {
	struct kconfig *kconfig;
	const struct review_input *input;
};

static int update_found(void *ctx, const char *path, struct ksa_error *err)
{
	struct update *u = ctx;

	(void)err;
	return update_file(u->kconfig, u->input, path);
}

static bool is_kconfig(const char *path)
{
	const char *base = strrchr(path, '/');

	return strncmp(base ? base + 1 : path, "Kconfig", 7) == 0;
}

/* What the patches show of Kconfig files, where these are not known as a whole. */
static int read_shown(struct kconfig *k, const struct review_side *side)
{
	uint32_t at = (uint32_t)k->files.count;
	int r = 0;

	if (VEC_PUSH_ROOM(&k->files, NULL))
		return KSA_ENOMEM;
	k->files.items[k->files.count++] = (struct kconfig_file){.path = side->path};
	for (size_t i = 0; i < side->piece_count && !r; i++) {
		struct kconfig_file *f = &k->files.items[at];
		char *shown = arena_printf(&f->arena, "%s\n%s", side->pieces[i].heading,
					   side->pieces[i].text);

		r = shown ? kconfig_parse(f, shown, strlen(shown)) : KSA_ENOMEM;
	}
	return r ? r : link_file(k, at);
}

static int read_patches(struct kconfig *k, const struct review_input *in)
{
	int r = 0;

	for (size_t p = 0; p < in->patch_count && !in->range; p++) {
		for (size_t f = 0; f < in->patches[p].file_count && !r; f++) {
			const struct review_side *side = &in->patches[p].files[f].sides[PATCH_NEW];

			if (!side->path || !is_kconfig(side->path))
				continue;
			r = side->whole ? update_file(k, in, side->path) : read_shown(k, side);
		}
	}
	return r;
}

int kconfig_update(struct kconfig *k, const struct review_input *input)
{
	struct update u = {k, input};
	const struct review_tree *tree = input->tree;
	int r = 0;

	if (k->known)
		return 0;
	k->known = true;
	if (tree && tree->kconfigs)
		r = tree->kconfigs(tree->ctx, !k->files.count, update_found, &u, NULL);
	if (r != KSA_ENOMEM)
		r = read_patches(k, input);
	return r;
}

bool kconfig_is_known(const struct kconfig *k)
{
	return k->by_symbol.count > 0;
}

/* The next file that has what a link is of, or had it; NO_INDEX: none. *name is set to its copy. */
static uint32_t next_link(const struct kconfig *k, uint32_t *link, const char **name)
{
	const struct kconfig_link *l = *link == NO_INDEX ? NULL : &k->links.items[*link];

	if (!l)
		return NO_INDEX;
	*name = l->name;
	*link = l->next;
	return l->file;
}

static uint32_t first_link(const struct strmap *map, const char *name)
{
	uint32_t link;

	return strmap_get(map, name, &link) ? link : NO_INDEX;
}

/* A walk over the definitions of a symbol. */
struct def_walk {
	const struct kconfig *kconfig;
	const char *name;
	uint32_t link, file;
	size_t at;
};

static struct def_walk walk_of(const struct kconfig *k, const char *name)
{
	struct def_walk w = {.kconfig = k, .link = first_link(&k->by_symbol, name)};

	w.file = next_link(k, &w.link, &w.name);
	return w;
}

static const struct kconfig_def *next_def(struct def_walk *w)
{
	for (; w->file != NO_INDEX;
	     w->file = next_link(w->kconfig, &w->link, &w->name), w->at = 0) {
		const struct kconfig_file *f = &w->kconfig->files.items[w->file];

		while (w->at < f->defs.count)
			if (f->defs.items[w->at++].name == w->name)
				return &f->defs.items[w->at - 1];
	}
	return NULL;
}

bool kconfig_has(const struct kconfig *k, const char *symbol)
{
	struct def_walk w = walk_of(k, symbol);

	return next_def(&w) != NULL;
}

enum kconfig_type kconfig_type_of(const struct kconfig *k, const char *symbol)
{
	struct def_walk w = walk_of(k, symbol);
	enum kconfig_type type = KCONFIG_UNKNOWN;

	for (const struct kconfig_def *d = next_def(&w); d; d = next_def(&w))
		if (d->type > type)
			type = d->type;
	return type;
}

/* A question about what follows from a symbol that is y. */
struct question {
	const struct kconfig *kconfig;
	const char *module; /* NULL: is it dead? */
	struct {
		const char *symbol;
		bool excludes; /* false while it is asked */
	} seen[KCONFIG_MAX_SEEN];
	size_t seen_count;
};

static bool excludes(struct question *q, const char *symbol);

/* One operand: "S", "!S", "S=y", "S != m". */
struct term {
	char name[KCONFIG_MAX_NAME], value[KCONFIG_MAX_NAME]; /* value: "" without comparison */
	bool negated, equal;
};

static bool parse_term(const char *at, const char *end, struct term *out)
{
	*out = (struct term){.equal = true};
	for (; at < end && (*at == '!' || isspace((unsigned char)*at)); at++)
		out->negated ^= *at == '!';
	if (!kconfig_word(&at, end, out->name))
		return false;
	return at == end || (kconfig_comparison(&at, end, &out->equal) &&
			     kconfig_word(&at, end, out->value) && at == end);
}

/* What the term says of the module itself: that it is n, or not m. */
static bool denies_module(const struct question *q, const struct term *t)
{
	if (!q->module || strcmp(t->name, q->module) != 0)
		return false;
	if (!*t->value)
		return t->negated;
	return !t->negated && strcmp(t->value, t->equal ? "n" : "m") == 0;
}

static bool term_excludes(struct question *q, const struct kconfig_def *def, const struct term *t)
{
	if (denies_module(q, t))
		return true;
	/* Else only what has to be set says something. */
	if (t->negated || !t->equal || strcmp(t->value, "n") == 0)
		return false;
	if (strcmp(t->value, "m") == 0)
		return !q->module && excludes(q, t->name);
	/* What is m is enough to make a bool y. */
	if (q->module && !*t->value && def->type == KCONFIG_BOOL &&
	    kconfig_type_of(q->kconfig, t->name) == KCONFIG_TRISTATE)
		return false;
	return excludes(q, t->name);
}

static bool expression_excludes(struct question *q, const struct kconfig_def *def, const char *at,
				const char *end, unsigned int depth)
{
	const char *operand;
	bool any = false, all = true;
	struct term term;
	char joined;

	if (depth > KCONFIG_MAX_DEPTH)
		return false;
	kconfig_trim(&at, &end);
	joined = kconfig_split(at, end, &operand);
	if (!joined)
		return parse_term(at, end, &term) && term_excludes(q, def, &term);
	while (at) {
		const char *stop = operand ? operand : end;
		bool is = expression_excludes(q, def, at, stop, depth + 1);

		any |= is;
		all &= is;
		at = operand ? operand + 2 : NULL;
		if (at && kconfig_split(at, end, &operand) != joined)
			operand = NULL;
	}
	return joined == '&' ? any : all;
}

static bool condition_excludes(struct question *q, const struct kconfig_def *def, const char *text)
{
	return expression_excludes(q, def, text, text + strlen(text), 0);
}

/* What holds where the file of the definition is read: "if X", and a source line in it. */
static bool source_excludes(struct question *q, const struct kconfig_def *def, const char *path,
			    unsigned int depth)
{
	const struct kconfig *k = q->kconfig;
	uint32_t link = depth < KCONFIG_MAX_DEPTH ? first_link(&k->by_source, path) : NO_INDEX;
	size_t sources = 0, excluding = 0;
	const char *name = NULL;

	for (uint32_t i; (i = next_link(k, &link, &name)) != NO_INDEX;) {
		const struct kconfig_file *f = &k->files.items[i];

		for (size_t s = 0; s < f->sources.count; s++) {
			const struct kconfig_source *source = &f->sources.items[s];
			bool is = false;

			if (source->path != name)
				continue;
			for (const struct kconfig_condition *c = source->conditions; c && !is;
			     c = c->next)
				is = condition_excludes(q, def, c->text);
			if (!is)
				is = source_excludes(q, def, f->path, depth + 1);
			sources++;
			excluding += is;
		}
	}
	return sources && excluding == sources;
}

/* What nobody is asked about is set by its defaults, where nothing selects it. */
static bool defaults_exclude(struct question *q, const struct kconfig_def *def)
{
	for (const struct kconfig_condition *c = def->defaults; c; c = c->next)
		if (!condition_excludes(q, def, c->text))
			return false;
	return true;
}

static bool def_excludes(struct question *q, const struct kconfig_def *def, uint32_t file)
{
	for (const struct kconfig_condition *c = def->conditions; c; c = c->next)
		if (condition_excludes(q, def, c->text))
			return true;
	for (const struct kconfig_condition *c = def->selects; c && q->module; c = c->next)
		if (excludes(q, c->text))
			return true;
	if (!q->module && !def->asked && def->defaults && defaults_exclude(q, def))
		return true;
	return source_excludes(q, def, q->kconfig->files.items[file].path, 0);
}

/* Any definition of several is enough: where it is not sure, nothing is said. */
static bool excludes(struct question *q, const char *symbol)
{
	struct def_walk w = walk_of(q->kconfig, symbol);
	const struct kconfig_def *d = next_def(&w);
	bool any = false, all = true;
	size_t at = q->seen_count;

	if (q->module && strcmp(symbol, q->module) == 0)
		return true;
	if (!q->module && (strcmp(symbol, "BROKEN") == 0 || strcmp(symbol, "n") == 0))
		return true;
	if (strcmp(symbol, "y") == 0 || strcmp(symbol, "m") == 0)
		return false;
	for (size_t i = 0; i < q->seen_count; i++)
		if (strcmp(q->seen[i].symbol, symbol) == 0)
			return q->seen[i].excludes;
	if (!d || q->seen_count == KCONFIG_MAX_SEEN)
		return !d && !q->module;
	q->seen[q->seen_count].excludes = false;
	q->seen[q->seen_count++].symbol = d->name;
	for (; d; d = next_def(&w)) {
		bool is = def_excludes(q, d, w.file);

		any |= is;
		all &= is;
	}
	q->seen[at].excludes = q->module ? any : all;
	return q->seen[at].excludes;
}

bool kconfig_excludes(const struct kconfig *k, const char *symbol, const char *module)
{
	struct question q = {.kconfig = k, .module = module};

	return excludes(&q, symbol);
}

bool kconfig_is_dead(const struct kconfig *k, const char *symbol)
{
	struct question q = {.kconfig = k};

	return kconfig_is_known(k) && excludes(&q, symbol);
}
