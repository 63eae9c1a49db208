// SPDX-License-Identifier: GPL-2.0-or-later
/* Exports without users, and users without exports. */
#include "audit/review/review_internal.h"

#include <stdio.h>
#include <string.h>

#include "base/vec.h"

/* Where a symbol's users are, as far as Kbuild says. */
struct users {
	const struct build_place *home; /* of the file that exports the symbol, or did */
	size_t modules; /* files that can be in another module than the export */
	size_t sure; /* of these: some configuration is known to make them so, with the use */
	size_t same; /* files of the same module, or of vmlinux as the export is */
	size_t built_in; /* files that are never in a module */
	size_t unknown; /* files whose obj- line was not found */
	size_t headers; /* inline functions and macros: whoever includes them */
};

static bool is_defined_in(struct review_audit *a, const struct review_text *t, const char *name)
{
	for (size_t k = 0; k < t->count; k++)
		if (review_spend(a, t->stretches[k].size) &&
		    code_is_defined(t->stretches[k].mask, t->stretches[k].size, name))
			return true;
	return false;
}

static int find_definers(struct review_audit *a, struct review_symbol *s, struct ksa_error *err)
{
	int r = review_touch(a, s, err);

	for (size_t i = 0; i < s->mentions.count && !s->defined && !r; i++) {
		const char *path = s->mentions.items[i].path, *dot = strrchr(path, '.');
		struct review_text *t;

		if (!dot || strcmp(dot, ".c") != 0 || review_is_test_path(path))
			continue;
		r = review_text_find(a, path, &t, err);
		if (r || !is_defined_in(a, t, s->name))
			continue;
		r = review_place(a, t, err);
		if (!r)
			r = VEC_PUSH_ROOM(&s->definers, err);
		if (!r)
			s->definers.items[s->definers.count++] = t;
	}
	s->defined = true;
	return r;
}

/* Whether the file is of the same module as one that defines the symbol now. */
static bool has_definition(const struct review_symbol *s, const struct build_place *place)
{
	for (size_t i = 0; i < s->definers.count; i++)
		if (build_same_module(place, &s->definers.items[i]->place))
			return true;
	return false;
}

/* How sure is it that the file, with the use, is a module in some configuration? */
static int module_of(struct review_audit *a, const struct review_symbol *s,
		     const struct review_use *use, enum code_truth *out, struct ksa_error *err)
{
	const struct build_place *place = &use->text->place;
	struct code_setting setting;
	int r = review_setting(a, &setting, err);

	*out = CODE_NO;
	if (r || !place->known || !build_can_be_module(place))
		return r;
	setting.any_own = false;
	setting.own = DOTCONFIG_M;
	*out = review_is_compiled(s, use, &setting);
	for (size_t i = 0; i < place->symbol_count; i++)
		if (kconfig_is_dead(&a->kconfig, place->symbols[i]))
			*out = CODE_NO;
	if (*out != CODE_NO && !build_is_modular(place))
		*out = CODE_UNKNOWN;
	return 0;
}

/* Count a file that uses the symbol. */
static int sort_user(struct review_audit *a, struct review_symbol *s, struct review_use *use,
		     bool own, struct users *out, struct ksa_error *err)
{
	const struct review_text *t = use->text;
	const struct build_place *place = &t->place;
	enum code_truth module = CODE_NO;
	bool same = build_same_module(out->home, place);
	int r = t->header || same ? 0 : module_of(a, s, use, &module, err);

	if (!r && module != CODE_NO && !own) {
		r = find_definers(a, s, err);
		same = has_definition(s, place);
	}
	use->breaks = !same && (module == CODE_YES || module == CODE_MAYBE);
	if (t->header)
		out->headers++;
	else if (same)
		out->same++;
	else if (!place->known)
		out->unknown++;
	else if (module != CODE_NO)
		out->modules++;
	else
		out->built_in++;
	out->sure += use->breaks;
	return r;
}

/* own: those that may only use a name of their own count as well. */
static int sort_users(struct review_audit *a, const struct review_change *c,
		      struct review_symbol *s, bool own, struct users *out, struct ksa_error *err)
{
	struct review_text *provider;
	int r = review_text_find(a, review_change_place(c)->path, &provider, err);

	*out = (struct users){.home = NULL};
	if (!r)
		r = review_place(a, provider, err);
	if (!r)
		r = review_place_uses(a, s, err);
	if (!r)
		out->home = &provider->place;
	for (size_t i = 0; i < s->uses.count && !r; i++)
		if (own || !s->uses.items[i].own)
			r = sort_user(a, s, &s->uses.items[i], own, out, err);
	return r;
}

bool review_is_compiler_name(const char *name)
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

/* Of commits: the range may bring a user yet. */
static int note_unused(struct review_audit *a, const struct review_change *c, struct ksa_error *err)
{
	int r = VEC_PUSH_ROOM(&a->unused, err);

	if (!r)
		a->unused.items[a->unused.count++] = (struct review_unused){
			(uint32_t)(c - a->review->changes.items), a->report->finding_count};
	return r;
}

static int report_unused(struct review_audit *a, const struct review_change *c,
			 const struct ksa_finding *f, struct ksa_error *err)
{
	int r = a->input->tree->at ? note_unused(a, c, err) : 0;

	return r ? r
		 : report_add_finding(a->report, f, err, "'%s' has no user in %s%s", c->symbol,
				      a->input->tree->name,
				      !a->input->overlay_count	   ? ""
				      : a->input->patch_count == 1 ? " with this patch"
								   : " with these patches");
}

int review_judge_later(struct review_audit *a, struct ksa_error *err)
{
	const struct review_tree *tree = a->input->tree;
	int r = a->unused.count ? tree->at(tree->ctx, a->input->patch_count, err) : 0;

	for (size_t i = 0; i < a->unused.count && !r; i++) {
		uint32_t change = a->unused.items[i].change;
		struct ksa_finding *f = &a->report->findings[a->unused.items[i].finding];
		struct review_symbol *s =
			review_symbol_find(a, a->review->changes.items[change].symbol);

		/* What it does to the file that exports it is no use. */
		a->next_of[change] = NO_INDEX;
		s->first = s->last = change;
		s->used = a->exhausted = false;
		s->uses.count = a->looked = 0;
		r = review_find_uses(a, s, err);
		if (!r && s->uses.count) {
			f->level = KSA_LEVEL_NOTE;
			f->evidence = report_text(a->report, "used at the end of the range: %s",
						  review_list_uses(a, s, NULL));
		}
	}
	return r;
}

static int judge_new(struct review_audit *a, const struct review_change *c, struct review_symbol *s,
		     struct ksa_error *err)
{
	struct ksa_finding f = review_finding(a, RULE_NEW_EXPORT_UNUSED, c);
	struct users u = {.home = NULL};
	int r = sort_users(a, c, s, true, &u, err);

	if (r || u.modules || u.headers || u.unknown || s->unread || a->exhausted ||
	    review_is_compiler_name(c->symbol))
		return r;
	if (!a->input->tree) {
		f.level = KSA_LEVEL_NOTE;
		f.evidence = "the tree was not looked at";
		a->gaps[GAP_USERS]++;
		return report_add_finding(a->report, &f, err, "'%s' has no user in %s", c->symbol,
					  a->input->patch_count > 1 ? "these patches"
								    : "this patch");
	}
	if (!s->uses.count)
		return report_unused(a, c, &f, err);
	/* Built-in users of what can be a module are another matter: KSA030. */
	if (u.built_in && build_can_be_module(u.home))
		return 0;
	f.level = KSA_LEVEL_NOTE;
	f.evidence = report_text(a->report, "used in %s", review_list_uses(a, s, NULL));
	return report_add_finding(a->report, &f, err, "'%s' has no user that %s", c->symbol,
				  u.built_in ? "can be a module" : "is in another module");
}

int review_is_inline(struct review_audit *a, const struct review_symbol *s, bool *is,
		     struct ksa_error *err)
{
	int r = 0;

	*is = false;
	for (size_t i = 0; i < s->mentions.count && !r && !*is; i++) {
		const char *path = s->mentions.items[i].path, *dot = strrchr(path, '.');
		struct review_text *t;

		if (!dot || strcmp(dot, ".h") != 0)
			continue;
		r = review_text_find(a, path, &t, err);
		for (size_t k = 0; !r && k < t->count && !*is; k++)
			*is = code_is_defined(t->stretches[k].mask, t->stretches[k].size, s->name);
	}
	return r;
}

static bool breaks(const struct review_use *use)
{
	return use->breaks;
}

static bool can_be_module(const struct review_use *use)
{
	return !use->text->header && build_can_be_module(&use->text->place);
}

/* Modules of the kernel that import what is removed; the tree, where there is one, says more. */
static int judge_importers(struct review_audit *a, const struct review_change *c,
			   struct ksa_error *err)
{
	const struct ksa_kernel *k = a->input->kernel;
	struct ksa_finding f = review_finding(a, RULE_REMOVED_EXPORT_USED, c);
	size_t count = 0, importers = 0;
	const struct ksa_export *e = k ? kernel_find_exports(k, c->symbol, &count) : NULL;

	for (size_t i = 0; i < count; i++)
		importers += e[i].importer_count;
	if (!importers || a->input->tree)
		return 0;
	f.level = KSA_LEVEL_WARNING;
	f.evidence = "whether the tree of the patches still has these users is not known";
	return report_add_finding(a->report, &f, err,
				  "export '%s' is removed, and %zu module%s of %s import%s it",
				  c->symbol, importers, importers == 1 ? "" : "s",
				  a->input->kernel_name, importers == 1 ? "s" : "");
}

/* The architecture of the file went as a whole: nothing is built for it any more. */
static bool is_of_gone_arch(const struct review_audit *a, const char *path)
{
	const char *text, *name = strncmp(path, "arch/", 5) == 0 ? path + 5 : NULL;
	char kconfig[64];
	size_t size;

	if (!name || !a->input->tree || strcspn(name, "/") > 32)
		return false;
	snprintf(kconfig, sizeof(kconfig), "arch/%.*s/Kconfig", (int)strcspn(name, "/"), name);
	return review_read(a->input, kconfig, &text, &size, NULL) == KSA_ENODATA &&
	       kconfig_is_known(&a->kconfig);
}

/* What no Makefile names is not built; without a tree hardly any place is known. */
static void note_unbuilt(struct review_audit *a, const struct users *u)
{
	if (a->input->tree)
		a->unbuilt += u->unknown;
	else
		a->gaps[GAP_REMOVED]++;
}

static int judge_removed(struct review_audit *a, const struct review_change *c,
			 struct review_symbol *s, struct ksa_error *err)
{
	struct ksa_finding f = review_finding(a, RULE_REMOVED_EXPORT_USED, c);
	/* Another file may still export it: another architecture, or a second copy. */
	struct review_exporter still = {.symbol = s};
	struct users u = {.home = NULL};
	bool is_inline;
	int r = judge_importers(a, c, err);

	if (!r)
		r = sort_users(a, c, s, false, &u, err);
	if (!r)
		r = review_next_exporter(a, &still, err);
	if (!a->input->tree && !s->uses.count)
		a->gaps[GAP_REMOVED]++;
	if (r || still.export_ || (!u.modules && !u.unknown))
		return r;
	r = review_is_inline(a, s, &is_inline, err);
	if (r || is_inline || is_of_gone_arch(a, review_change_place(c)->path))
		return r;
	if (!u.modules) {
		note_unbuilt(a, &u);
		return 0;
	}
	if (!u.sure) {
		f.level = KSA_LEVEL_NOTE;
		f.fix = "whether some configuration makes a module of these files, with the use, "
			"is not known";
	}
	f.evidence = report_text(a->report, "used in %s",
				 review_list_uses(a, s, u.sure ? breaks : can_be_module));
	return report_add_finding(a->report, &f, err,
				  "export '%s' is removed while code that can be a module still "
				  "uses it",
				  c->symbol);
}

int review_judge_users(struct review_audit *a, const struct review_change *c,
		       struct review_symbol *s, struct ksa_error *err)
{
	if (c->what == REVIEW_ADDED || (c->is_new && c->sides[PATCH_NEW].path))
		return judge_new(a, c, s, err);
	return c->what == REVIEW_REMOVED && !c->is_new ? judge_removed(a, c, s, err) : 0;
}
