// SPDX-License-Identifier: GPL-2.0-or-later
/* Exports without users, and users without exports. */
#include "audit/review_internal.h"

#include <string.h>

#include "audit/review_code.h"
#include "base/vec.h"

/* Where a symbol's users are, as far as Kbuild says. */
struct users {
	size_t modules; /* files that can be in another module than the export */
	size_t same; /* files of the same module, or of vmlinux as the export is */
	size_t built_in; /* files that are never in a module */
	size_t unknown; /* files whose obj- line was not found */
	size_t headers; /* inline functions and macros: whoever includes them */
};

/* The file that exports the symbol, or did. */
static struct review_text *provider_of(struct review_audit *a, const struct review_change *c)
{
	enum patch_side side = c->sides[PATCH_NEW].path ? PATCH_NEW : PATCH_OLD;

	return review_text_find(a, c->sides[side].path);
}

static bool same_module(const struct build_place *x, const struct build_place *y)
{
	return x->known && y->known && strcmp(x->makefile, y->makefile) == 0 &&
	       strcmp(x->module, y->module) == 0;
}

static bool is_defined_in(struct review_audit *a, const struct review_text *t, const char *name)
{
	for (size_t k = 0; k < t->count; k++)
		if (review_spend(a, t->stretches[k].size) &&
		    code_is_defined(t->stretches[k].mask, t->stretches[k].size, name))
			return true;
	return false;
}

static void find_definers(struct review_audit *a, struct review_symbol *s)
{
	for (size_t i = 0; i < s->mentions.count && !s->defined; i++) {
		const char *path = s->mentions.items[i].path, *dot = strrchr(path, '.');
		struct review_text *t;

		if (!dot || strcmp(dot, ".c") != 0 || review_is_test_path(path))
			continue;
		t = review_text_find(a, path);
		if (!t || !is_defined_in(a, t, s->name))
			continue;
		if (VEC_PUSH_ROOM(&s->definers, NULL))
			a->failed = true;
		else
			s->definers.items[s->definers.count++] = t;
	}
	s->defined = true;
}

/* Whether the file is of the same module as one that defines the symbol now. */
static bool has_definition(struct review_audit *a, struct review_symbol *s,
			   const struct build_place *place)
{
	find_definers(a, s);
	for (size_t i = 0; i < s->definers.count; i++)
		if (same_module(place, review_place(a, s->definers.items[i])))
			return true;
	return false;
}

/* own: those that may only use a name of their own count as well. */
static struct users sort_users(struct review_audit *a, struct review_symbol *s,
			       struct review_text *provider, bool own)
{
	const struct build_place *home = provider ? review_place(a, provider) : NULL;
	struct users out = {.modules = 0};

	for (size_t i = 0; i < s->uses.count; i++) {
		struct review_text *t = s->uses.items[i].text;
		const struct build_place *place = t->header ? NULL : review_place(a, t);

		if (s->uses.items[i].own && !own)
			continue;
		if (!place)
			out.headers++;
		else if (home && same_module(home, place))
			out.same++;
		else if (!place->known)
			out.unknown++;
		else if (!build_can_be_module(place))
			out.built_in++;
		else if (!own && has_definition(a, s, place))
			out.same++;
		else
			out.modules++;
	}
	return out;
}

/* --- KSA024: a new export that nobody uses -----------------------------------------------------*/

/* What compilers call by themselves: no source names it. */
static bool is_compiler_name(const char *name)
{
	static const char *const ends[] = {"di2", "di3", "si2", "si3", "ti3", "sf3", "df3"};
	static const char *const starts[] = {"__aeabi_", "__gnu_",	"__mcount", "mcount",
					     "_mcount",	 "__fentry__",	"__asan_",  "__tsan_",
					     "__msan_",	 "__sanitizer_"};
	size_t length = strlen(name);

	for (size_t i = 0; i < sizeof(starts) / sizeof(*starts); i++)
		if (strncmp(name, starts[i], strlen(starts[i])) == 0)
			return true;
	for (size_t i = 0; i < sizeof(ends) / sizeof(*ends) && length > 5; i++)
		if (strncmp(name, "__", 2) == 0 && strcmp(name + length - 3, ends[i]) == 0)
			return true;
	return strcmp(name, "memcpy") == 0 || strcmp(name, "memset") == 0 ||
	       strcmp(name, "memmove") == 0 || strcmp(name, "memcmp") == 0;
}

static void judge_new(struct review_audit *a, const struct review_change *c,
		      struct review_symbol *s)
{
	struct review_text *provider = provider_of(a, c);
	struct users u = sort_users(a, s, provider, true);
	struct ksa_finding *f;

	if (u.modules || u.headers || u.unknown || s->unread || is_compiler_name(c->symbol))
		return;
	if (!a->input->tree) {
		f = review_add(a, RULE_NEW_EXPORT_UNUSED, c, PATCH_NEW, "'%s' has no user in %s",
			       c->symbol,
			       a->input->patch_count > 1 ? "these patches" : "this patch");
		f->level = KSA_LEVEL_NOTE;
		f->evidence = "the tree was not looked at";
		a->gaps[GAP_USERS]++;
		return;
	}
	if (!s->uses.count) {
		review_add(a, RULE_NEW_EXPORT_UNUSED, c, PATCH_NEW, "'%s' has no user in %s%s",
			   c->symbol, a->input->tree->name,
			   a->input->overlay_count ? " with these patches" : "");
		return;
	}
	/* Built-in users of what can be a module are another matter: KSA030. */
	if (u.built_in && provider && build_can_be_module(review_place(a, provider)))
		return;
	f = review_add(a, RULE_NEW_EXPORT_UNUSED, c, PATCH_NEW, "'%s' has no user that %s",
		       c->symbol, u.built_in ? "can be a module" : "is in another module");
	f->level = KSA_LEVEL_NOTE;
	f->evidence = report_text(&a->review->report, "used in %s", review_list_uses(a, s, NULL));
}

/* --- KSA025: an export that goes while it is used ----------------------------------------------*/

/* Another file that still exports the symbol: another architecture, or a second copy. */
static const char *still_exported(struct review_audit *a, const struct review_change *c,
				  const struct review_symbol *s)
{
	for (size_t i = 0; i < s->mentions.count; i++) {
		const struct review_mention *m = &s->mentions.items[i];
		struct review_text *t = m->exported && !review_is_test_path(m->path)
						? review_text_find(a, m->path)
						: NULL;
		const struct review_side *facts = t ? review_facts(a, t) : NULL;

		for (size_t k = 0; facts && k < facts->export_count; k++)
			if (strcmp(facts->exports[k].name, c->symbol) == 0)
				return t->path;
	}
	return NULL;
}

/* A header that defines what was a function as an inline function or a macro: nobody needs the
 * export any longer. */
static bool is_inline_now(struct review_audit *a, const struct review_change *c,
			  const struct review_symbol *s)
{
	for (size_t i = 0; i < s->mentions.count; i++) {
		const char *path = s->mentions.items[i].path, *dot = strrchr(path, '.');
		struct review_text *t =
			dot && strcmp(dot, ".h") == 0 ? review_text_find(a, path) : NULL;

		for (size_t k = 0; t && k < t->count; k++)
			if (code_is_defined(t->stretches[k].mask, t->stretches[k].size, c->symbol))
				return true;
	}
	return false;
}

static bool can_be_module(struct review_audit *a, const struct review_use *use)
{
	return !use->text->header && build_can_be_module(review_place(a, use->text));
}

static bool is_unplaced(struct review_audit *a, const struct review_use *use)
{
	return !use->text->header && !review_place(a, use->text)->known;
}

static void judge_removed(struct review_audit *a, const struct review_change *c,
			  struct review_symbol *s)
{
	const struct ksa_kernel *k = a->input->kernel;
	struct ksa_finding *f;
	struct users u;
	size_t count = 0, importers = 0;
	const struct ksa_export *e = k ? kernel_find_exports(k, c->symbol, &count) : NULL;

	for (size_t i = 0; i < count; i++)
		importers += e[i].importer_count;
	if (importers && !a->input->tree) {
		f = review_add(a, RULE_REMOVED_EXPORT_USED, c, PATCH_OLD,
			       "export '%s' is removed, and %zu module%s of %s import%s it",
			       c->symbol, importers, importers == 1 ? "" : "s",
			       a->input->kernel_name, importers == 1 ? "s" : "");
		f->level = KSA_LEVEL_WARNING;
		f->evidence = "whether the tree of the patches still has these users is not known";
	}
	if (!a->input->tree && !s->uses.count)
		a->gaps[GAP_REMOVED]++;
	if (still_exported(a, c, s))
		return;
	u = sort_users(a, s, provider_of(a, c), false);
	if ((!u.modules && !u.unknown) || is_inline_now(a, c, s))
		return;
	/* Without a tree hardly any place is known: that says nothing. */
	if (!u.modules && !a->input->tree) {
		a->gaps[GAP_REMOVED]++;
		return;
	}
	f = review_add(a, RULE_REMOVED_EXPORT_USED, c, PATCH_OLD,
		       "export '%s' is removed while %s still uses it", c->symbol,
		       u.modules ? "code that can be a module" : "other code");
	f->evidence = report_text(&a->review->report, "used in %s",
				  review_list_uses(a, s, u.modules ? can_be_module : is_unplaced));
	if (!u.modules) {
		f->level = KSA_LEVEL_NOTE;
		f->fix = "no obj- line of these files was found: if they are built in, all is well";
	}
}

int review_judge_users(struct review_audit *a)
{
	int r = 0;

	for (size_t i = 0; i < a->review->changes.count && !r; i++) {
		const struct review_change *c = &a->review->changes.items[i];
		struct review_symbol *s = review_symbol_find(a, c->symbol);
		bool added = c->what == REVIEW_ADDED || (c->is_new && c->sides[PATCH_NEW].path);

		if (!s || c->test || c->pasted || c->superseded || !review_is_last(a, c) ||
		    (!added && (c->what != REVIEW_REMOVED || c->is_new)))
			continue;
		r = review_find_uses(a, s);
		if (r)
			break;
		if (added)
			judge_new(a, c, s);
		else
			judge_removed(a, c, s);
	}
	return r;
}
