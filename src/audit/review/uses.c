// SPDX-License-Identifier: GPL-2.0-or-later
/* Files as the patches leave them, and where these and the tree use a symbol. */
#include "audit/review/review_internal.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/vec.h"

#define MAX_FILES_READ 300 /* in which one symbol's uses are looked for */
#define LISTED_USES    3
#define MAX_LOOKED     ((uint64_t)8 << 30) /* bytes, of a series or a commit */

static int add_stretch(struct review_audit *a, struct review_text *t, const char *text, size_t size,
		       uint32_t line, struct ksa_error *err)
{
	char *mask = code_mask(&t->arena, text, size);
	const char *dot = strrchr(t->path, '.');
	char arch[16] = "";

	if (mask && dot && strcmp(dot, ".S") == 0) {
		if (strncmp(t->path, "arch/", 5) == 0)
			snprintf(arch, sizeof(arch), "%.*s", (int)strcspn(t->path + 5, "/"),
				 t->path + 5);
		code_mask_assembly(mask, size, arch);
	}
	if (!mask ||
	    vec_reserve(&t->stretches, &t->capacity, t->count + 1, sizeof(*t->stretches), err))
		return ksa_fail_nomem(err);
	t->stretches[t->count++] = (struct review_stretch){mask, size, line};
	a->text_bytes += size;
	return 0;
}

/* All that the patches show of a file's new text; later patches may show some of it again. */
static int shown_text(struct review_audit *a, struct review_text *t, struct ksa_error *err)
{
	const struct review_input *in = a->input;
	size_t count;
	const struct review_spot *spots =
		review_index_range(&in->index, t->path, 0, UINT32_MAX, &count);
	int r = 0;

	for (size_t s = 0; s < count && !r; s++) {
		const struct review_side *side =
			&in->patches[spots[s].patch].files[spots[s].file].sides[PATCH_NEW];

		for (size_t i = 0; i < side->piece_count && !r; i++)
			r = add_stretch(a, t, side->pieces[i].text, side->pieces[i].size,
					side->pieces[i].line, err);
	}
	return r;
}

static int fill_text(struct review_audit *a, struct review_text *t, struct ksa_error *err)
{
	const char *text;
	size_t size, length = strlen(t->path);
	struct ksa_error why = {.code = 0};
	int r = review_read(a->input, t->path, &text, &size, &why);

	t->header = length > 2 && strcmp(t->path + length - 2, ".h") == 0;
	t->whole = !r;
	if (!r)
		return add_stretch(a, t, text, size, 1, err);
	if (r != KSA_ENODATA) {
		ksa_pass(err, &why);
		return r;
	}
	/* Of commits the tree is the end; what patches remove is gone. */
	if (a->input->range || strmap_get(&a->input->by_path, t->path, NULL))
		return 0;
	return shown_text(a, t, err);
}

static void text_release(struct review_text *t)
{
	arena_release(&t->arena);
	free(t->stretches);
	*t = (struct review_text){.path = t->path};
}

void review_texts_release(struct review_audit *a)
{
	for (size_t i = 0; i < a->texts.count; i++) {
		text_release(a->texts.items[i]);
		free(a->texts.items[i]);
	}
	a->texts.count = a->text_bytes = 0;
	strmap_release(&a->by_path);
}

/* Of a text of another span: keep it, if it is the same version in this one's tree. */
static void renew_text(struct review_audit *a, struct review_text *t)
{
	const struct review_tree *tree = a->input->tree;
	struct object_id version = {{0}};

	if (tree && tree->version && tree->version(tree->ctx, t->path, &version))
		version = (struct object_id){{0}};
	if (object_id_is_zero(&version) || !object_id_is_equal(&version, &t->version)) {
		for (size_t i = 0; i < t->count; i++)
			a->text_bytes -= t->stretches[i].size;
		text_release(t);
	}
	t->version = version;
	t->span = a->span_number;
	t->facts = NULL;
	t->placed = t->licensed = t->license_known = false;
}

int review_text_find(struct review_audit *a, const char *path, struct review_text **text,
		     struct ksa_error *err)
{
	uint32_t at = (uint32_t)a->texts.count;
	struct review_text *t;

	if (!strmap_get(&a->by_path, path, &at)) {
		t = calloc(1, sizeof(*t));
		if (!t || VEC_PUSH_ROOM(&a->texts, err) ||
		    strmap_add(&a->by_path, path, &at, NULL) < 0) {
			free(t);
			return ksa_fail_nomem(err);
		}
		*t = (struct review_text){.path = path};
		a->texts.items[a->texts.count++] = t;
	}
	*text = t = a->texts.items[at];
	if (t->span != a->span_number)
		renew_text(a, t);
	if (t->filled)
		return 0;
	t->filled = true;
	return fill_text(a, t, err);
}

int review_facts(struct review_audit *a, const char *path, struct review_text **text,
		 struct ksa_error *err)
{
	int r = review_text_find(a, path, text, err);
	struct review_side *side;
	const char *bytes;
	size_t size;

	if (r || (*text)->facts || !(*text)->whole)
		return r;
	side = arena_calloc(&a->scratch, 1, sizeof(*side));
	r = side ? review_read(a->input, path, &bytes, &size, NULL) : KSA_ENOMEM;
	if (!r)
		r = a->input->scan(&a->scratch, path, bytes, size, side, NULL);
	if (!r)
		(*text)->facts = side;
	return r == KSA_ENOMEM ? ksa_fail_nomem(err) : 0;
}

int review_place(struct review_audit *a, struct review_text *text, struct ksa_error *err)
{
	if (!text->placed &&
	    build_find(a->input, &a->scratch, &a->kconfig, text->path, &text->place))
		return ksa_fail_nomem(err);
	text->placed = true;
	return 0;
}

static bool is_code_path(const char *path)
{
	const char *dot = strrchr(path, '.');

	return dot && (strcmp(dot, ".c") == 0 || strcmp(dot, ".h") == 0 || strcmp(dot, ".S") == 0 ||
		       strcmp(dot, ".inc") == 0);
}

bool review_is_other_arch(const char *path, const char *provider)
{
	const char *a = strncmp(path, "arch/", 5) == 0 ? path + 5 : NULL;
	const char *b = strncmp(provider, "arch/", 5) == 0 ? provider + 5 : NULL;
	size_t length = a ? strcspn(a, "/") : 0;

	return a && b && (strncmp(a, b, length) != 0 || b[length] != '/');
}

/* Whether the file exports the symbol, as the patches leave it. */
static bool exports_it(const struct review_audit *a, const char *path,
		       const struct review_symbol *s, bool *foreign)
{
	bool any = false;

	*foreign = true;
	for (uint32_t i = s->first; i != NO_INDEX; i = a->next_of[i]) {
		const struct review_change *c = &a->review->changes.items[i];

		for (int side = PATCH_OLD; side < PATCH_SIDES; side++) {
			if (!c->sides[side].path)
				continue;
			if (strcmp(c->sides[side].path, path) == 0)
				return true;
			any = true;
			*foreign = *foreign && review_is_other_arch(path, c->sides[side].path);
		}
	}
	*foreign = *foreign && any;
	return false;
}

bool review_spend(struct review_audit *a, size_t bytes)
{
	a->looked += bytes;
	a->exhausted = a->exhausted || a->looked > MAX_LOOKED;
	a->cut |= a->exhausted;
	return !a->exhausted;
}

/* LINUX_VERSION_CODE of a kernel's own tree, by its Makefile; 0: it is none. */
static uint32_t tree_version(const struct review_input *input)
{
	static const char *const names[] = {"\nVERSION", "\nPATCHLEVEL", "\nSUBLEVEL"};
	uint32_t parts[3];
	const char *text;
	size_t size;

	if (review_read(input, "Makefile", &text, &size, NULL))
		return 0;
	for (int i = 0; i < 3; i++) {
		const char *at = i || strncmp(text, names[0] + 1, 7) != 0 ? strstr(text, names[i])
									  : text - 1;

		if (!at)
			return 0;
		at += strlen(names[i]);
		at += strspn(at, " \t");
		if (*at++ != '=')
			return 0;
		parts[i] = (uint32_t)strtoul(at, NULL, 10);
	}
	return (parts[0] << 16) + (parts[1] << 8) + (parts[2] < 255 ? parts[2] : 255);
}

static bool has_symbol(void *ctx, const char *symbol)
{
	return kconfig_has(ctx, symbol);
}

int review_setting(struct review_audit *a, struct code_setting *out, struct ksa_error *err)
{
	if (!a->version_known && a->input->tree)
		a->version = tree_version(a->input);
	a->version_known = true;
	if (kconfig_update(&a->kconfig, a->input))
		return ksa_fail_nomem(err);
	*out = (struct code_setting){.any_own = true, .version = a->version};
	if (a->input->tree && kconfig_is_known(&a->kconfig)) {
		out->has_symbol = has_symbol;
		out->ctx = &a->kconfig;
	}
	return 0;
}

enum code_truth review_is_compiled(const struct review_symbol *s, const struct review_use *use,
				   const struct code_setting *setting)
{
	const struct review_stretch *stretch = &use->text->stretches[use->stretch];
	struct code_walk w = {.mask = stretch->mask, .size = stretch->size};
	enum code_truth best = CODE_NO;

	/* Of a hunk the lines around are not known. */
	if (!use->text->whole)
		return CODE_UNKNOWN;
	for (size_t at = 0; best != CODE_YES && code_next_use(&w, s->name, &at); at++) {
		enum code_truth t = code_is_compiled(w.mask, w.size, at, setting);

		if (t != CODE_NO && code_is_argument(w.mask, w.size, at, at + strlen(s->name)))
			t = CODE_UNKNOWN;
		if (t != CODE_NO && (best == CODE_NO || t < best))
			best = t;
	}
	return best;
}

/* The first use of a stretch that may be compiled; false: there is none. */
static bool find_use(const struct review_text *t, const struct review_stretch *stretch,
		     const char *name, const struct code_setting *setting, size_t *at)
{
	struct code_walk w = {.mask = stretch->mask, .size = stretch->size};

	for (*at = 0; code_next_use(&w, name, at); ++*at)
		if (!t->whole || code_is_compiled(w.mask, w.size, *at, setting) != CODE_NO)
			return true;
	return false;
}

/* One use a stretch is enough to know that the file uses it. */
static int add_uses(struct review_audit *a, struct review_symbol *s, struct review_text *t,
		    struct ksa_error *err)
{
	struct code_setting setting;
	int r = review_setting(a, &setting, err);

	for (size_t i = 0; i < t->count && !r; i++) {
		const char *mask = t->stretches[i].mask;
		size_t size = t->stretches[i].size, at;

		if (!review_spend(a, size) ||
		    !find_use(t, &t->stretches[i], s->name, &setting, &at))
			continue;
		r = VEC_PUSH_ROOM(&s->uses, err);
		if (r)
			return r;
		s->uses.items[s->uses.count++] =
			(struct review_use){.text = t,
					    .stretch = i,
					    .at = at,
					    .line = t->stretches[i].line + code_line(mask, at) - 1,
					    .own = code_has_own(mask, size, s->name)};
	}
	return r;
}

/* Look into one file unless that was done, or it exports the symbol itself. */
static int look_into(struct review_audit *a, struct review_symbol *s, const char *path,
		     struct ksa_error *err)
{
	struct review_text *t;
	bool foreign;
	int r;

	if (review_is_test_path(path) || !is_code_path(path) || exports_it(a, path, s, &foreign) ||
	    foreign)
		return 0;
	r = review_text_find(a, path, &t, err);
	return r ? r : add_uses(a, s, t, err);
}

static int compare_uses(const void *x, const void *y)
{
	const struct review_use *a = x, *b = y;
	int r = strcmp(a->text->path, b->text->path);

	return r ? r : a->line < b->line ? -1 : a->line > b->line;
}

int review_find_uses(struct review_audit *a, struct review_symbol *s, struct ksa_error *err)
{
	int r = 0;

	if (s->used)
		return 0;
	r = review_touch(a, s, err);
	s->used = true;
	for (size_t i = 0; i < s->mentions.count && !r; i++) {
		if (i >= MAX_FILES_READ) {
			s->unread = s->mentions.count - i;
			break;
		}
		r = look_into(a, s, s->mentions.items[i].path, err);
	}
	if (!r && s->uses.count)
		qsort(s->uses.items, s->uses.count, sizeof(*s->uses.items), compare_uses);
	return r;
}

int review_place_uses(struct review_audit *a, struct review_symbol *s, struct ksa_error *err)
{
	int r = review_find_uses(a, s, err);

	for (size_t i = 0; i < s->uses.count && !r; i++)
		r = review_place(a, s->uses.items[i].text, err);
	return r;
}

const char *review_list_uses(struct review_audit *a, const struct review_symbol *s,
			     bool (*keep)(const struct review_use *use))
{
	const char *list = "";
	size_t listed = 0, more = keep ? 0 : s->unread;

	for (size_t i = 0; i < s->uses.count; i++) {
		const struct review_use *use = &s->uses.items[i];

		if (use->own || (keep && !keep(use)))
			continue;
		if (listed == LISTED_USES) {
			more++;
			continue;
		}
		list = report_text(a->report, "%s%s%s:%u", list, listed ? ", " : "",
				   use->text->path, use->line);
		listed++;
	}
	return more ? report_text(a->report, "%s and %zu more", list, more) : list;
}

static int add_mention(struct review_symbol *s, const char *path, bool exported,
		       struct ksa_error *err)
{
	int r = VEC_PUSH_ROOM(&s->mentions, err);

	if (!r)
		s->mentions.items[s->mentions.count++] =
			(struct review_mention){.path = path, .exported = exported};
	return r;
}

static int found(void *ctx, size_t name, const char *path, bool exported, struct ksa_error *err)
{
	struct review_audit *a = ctx;
	struct review_symbol *s = &a->symbols.items[name];
	uint32_t at;

	/* What the patches change was looked through as they leave it. */
	if ((s->exports_only && !exported) ||
	    (strmap_get(&a->by_path, path, &at) && a->texts.items[at]->searched))
		return 0;
	return add_mention(s, path, exported, err);
}

/* The names that one file of the patches mentions. */
static int search_text(struct review_audit *a, struct review_text *t, struct ksa_error *err)
{
	for (size_t i = 0; i < t->count; i++) {
		struct code_walk w = {.mask = t->stretches[i].mask, .size = t->stretches[i].size};

		while (code_walk_next(&w)) {
			struct review_symbol *s = review_symbol_at(a, &w);
			bool exported =
				s && w.parens &&
				memmem(w.mask + w.macro, w.macro_end - w.macro, "EXPORT", 6);
			int r = 0;

			if (!s || (s->exports_only && !exported))
				continue;
			if (s->mentions.count &&
			    s->mentions.items[s->mentions.count - 1].path == t->path)
				s->mentions.items[s->mentions.count - 1].exported |= exported;
			else
				r = add_mention(s, t->path, exported, err);
			if (r)
				return r;
		}
	}
	return 0;
}

/* The files that patches change, as they leave them; of commits the tree is the end. */
int review_search_patches(struct review_audit *a, struct ksa_error *err)
{
	const struct review_input *in = a->input;
	int r = 0;

	for (size_t p = 0; p < in->patch_count && !in->range && !r; p++) {
		for (size_t f = 0; f < in->patches[p].file_count && !r; f++) {
			const char *path = in->patches[p].files[f].sides[PATCH_NEW].path;
			struct review_text *t;

			if (!path)
				continue;
			r = review_text_find(a, path, &t, err);
			if (r || t->searched)
				continue;
			t->searched = true;
			r = search_text(a, t, err);
		}
	}
	return r;
}

/* One look through the tree for all names. */
int review_search_tree(struct review_audit *a, struct ksa_error *err)
{
	const struct review_tree *tree = a->input->tree;
	struct review_name *names;
	int r;

	if (!tree || !a->symbols.count)
		return 0;
	names = arena_calloc(&a->report->arena, a->symbols.count, sizeof(*names));
	if (!names)
		return ksa_fail_nomem(err);
	for (size_t i = 0; i < a->symbols.count; i++)
		names[i] = (struct review_name){a->symbols.items[i].name,
						a->symbols.items[i].exports_only};
	r = tree->mentions(tree->ctx, names, a->symbols.count, found, a, err);
	if (!r && tree->missing)
		r = report_add_notice(a->report, err,
				      "%zu files of %s are not in the repository, which is "
				      "a partial clone: uses in them are not known",
				      tree->missing, tree->at ? a->input->range : tree->name);
	return r;
}
