// SPDX-License-Identifier: GPL-2.0-or-later
/* Files that become modules, and built-in code that needs what a module has. */
#include "audit/review/review_internal.h"

#include <string.h>

#define LISTED 8

static bool gains_license(const struct review_file *file)
{
	const struct review_side *old = &file->sides[PATCH_OLD], *new_ = &file->sides[PATCH_NEW];

	return old->path && new_->path && !old->license && new_->license;
}

int review_find_added(struct review_audit *a, struct ksa_error *err)
{
	strmap_release(&a->added_in);
	for (size_t i = a->span.change_end; i-- > a->span.change;) {
		const struct review_change *c = &a->review->changes.items[i];
		const char *path = c->sides[PATCH_NEW].path;
		uint32_t next = NO_INDEX;

		if (c->what != REVIEW_ADDED || c->superseded)
			continue;
		if (!strmap_get(&a->added_in, path, &next))
			next = NO_INDEX;
		a->next_added[i] = next;
		if (strmap_set(&a->added_in, path, (uint32_t)i))
			return ksa_fail_nomem(err);
	}
	return 0;
}

/* "io_pgtable_arm_v7s_init_fns (data)": the new exports of a file. */
static const char *new_exports(struct review_audit *a, const char *path, size_t *count)
{
	const char *list = "";
	uint32_t i;

	*count = 0;
	if (!strmap_get(&a->added_in, path, &i))
		return list;
	for (; i != NO_INDEX; i = a->next_added[i]) {
		const struct review_change *c = &a->review->changes.items[i];

		if (*count < LISTED)
			list = report_text(a->report, "%s%s%s%s", list, *count ? ", " : "",
					   c->symbol, c->kind == KSA_KIND_OBJECT ? " (data)" : "");
		++*count;
	}
	return *count > LISTED ? report_text(a->report, "%s ...", list) : list;
}

int review_judge_license(struct review_audit *a, uint32_t patch, const struct review_file *file,
			 struct ksa_error *err)
{
	const struct review_side *new_ = &file->sides[PATCH_NEW];
	struct review_change at = {
		.patch = patch,
		.sides[PATCH_NEW] = {.path = new_->path, .line = new_->license_line}};
	const char *quote = new_->license_macro ? "" : "\"", *list;
	struct ksa_finding f;
	size_t count;

	if (!gains_license(file) || review_is_test_path(new_->path))
		return 0;
	if (file->file)
		at.sides[PATCH_NEW].at = patch_file_at(file->file, PATCH_NEW, new_->license_line);
	list = new_exports(a, new_->path, &count);
	f = review_finding(a, RULE_BECOMES_MODULE, &at);
	f.evidence = count ? list : NULL;
	if (!new_->license_macro && !ksa_license_is_gpl_compatible(new_->license))
		f.fix = "the kernel does not take this license string for GPL-compatible: see "
			"ksymaudit explain KSA010";
	return report_add_finding(a->report, &f, err,
				  "file gains MODULE_LICENSE(%s%s%s): it can be a module%s", quote,
				  new_->license, quote,
				  count ? report_text(a->report, ", with %zu new export%s", count,
						      count == 1 ? "" : "s")
					: "");
}

/* Whether the patches make the file one that can be a module. */
static bool becomes_module(const struct review_audit *a, struct review_text *text)
{
	const struct review_spot *spots;
	size_t count = 0;

	if (text->license_known)
		return text->licensed;
	spots = review_index_range(&a->input->index, text->path, a->span.patch, a->span.patch_end,
				   &count);
	for (size_t i = 0; i < count && !text->licensed; i++)
		text->licensed =
			gains_license(&a->input->patches[spots[i].patch].files[spots[i].file]);
	text->license_known = true;
	return text->licensed;
}

/* "CONFIG_X" of the obj- line, or what else it says. */
static const char *place_words(struct review_audit *a, const struct build_place *p)
{
	if (!p->known)
		return "its obj- line was not found";
	if (p->modular)
		return "obj-m";
	if (p->built_in || !p->own_count)
		return "obj-y";
	return report_text(a->report, "CONFIG_%s", p->symbols[p->own_count - 1]);
}

/* Both files are built by the same symbols, or into one module: both y or both m. */
static bool go_together(const struct build_place *x, const struct build_place *y)
{
	if (!x->own_count || !y->own_count)
		return false;
	return strcmp(x->symbols[x->own_count - 1], y->symbols[y->own_count - 1]) == 0;
}

/* A use in built-in code of what is a module in this configuration. */
static int judge_configured(struct review_audit *a, const struct review_change *c,
			    const struct review_use *use, const struct build_place *home,
			    struct ksa_error *err)
{
	const struct dotconfig *config = a->input->config;
	const struct review_text *t = use->text;
	const struct code_setting setting = {.config = config, .own = DOTCONFIG_Y};
	struct ksa_finding f = review_finding(a, RULE_BUILTIN_USES_MODULE, c);
	enum code_truth compiled = CODE_UNKNOWN;

	if (!home->known || !t->place.known || build_value(home, config) != DOTCONFIG_M ||
	    build_value(&t->place, config) != DOTCONFIG_Y)
		return 0;
	if (t->whole)
		compiled = review_is_compiled(review_symbol_find(a, c->symbol), use, &setting);
	if (compiled == CODE_NO)
		return 0;
	f.evidence = report_text(
		a->report, "with %s: %s (%s) is y, %s:%u (%s) is m%s", config->name, t->path,
		place_words(a, &t->place), home->makefile, home->line, place_words(a, home),
		compiled == CODE_YES ? "" : "; the #if lines around the use could not be told");
	if (compiled != CODE_YES && t->whole)
		f.level = KSA_LEVEL_WARNING;
	return report_add_finding(
		a->report, &f, err,
		"%s is built in and uses '%s' of a module: the link of vmlinux fails", t->path,
		c->symbol);
}

/* Whether Kconfig lets the user be built in while the other is a module. */
static int can_part(struct review_audit *a, const struct review_symbol *s,
		    const struct review_use *use, const struct build_place *home, bool *can,
		    struct ksa_error *err)
{
	const struct build_place *place = &use->text->place;
	const char *module = home->own_count ? home->symbols[home->own_count - 1] : NULL;
	struct code_setting setting;
	int r = review_setting(a, &setting, err);
	enum code_truth compiled;

	*can = false;
	if (r || !module)
		return r;

	setting.any_own = false;
	setting.own = DOTCONFIG_Y;
	setting.module = module;
	compiled = review_is_compiled(s, use, &setting);
	*can = (compiled == CODE_YES || compiled == CODE_MAYBE) && place->known;
	for (size_t i = 0; i < place->symbol_count && *can; i++)
		*can = !kconfig_is_dead(&a->kconfig, place->symbols[i]) &&
		       !kconfig_excludes(&a->kconfig, place->symbols[i], module);
	return 0;
}

/* Without a configuration only what the patches make possible is worth a word. */
static int judge_possible(struct review_audit *a, const struct review_change *c,
			  const struct review_text *user, const struct build_place *home,
			  struct ksa_error *err)
{
	struct ksa_finding f = review_finding(a, RULE_BUILTIN_USES_MODULE, c);

	f.level = KSA_LEVEL_NOTE;
	f.evidence =
		report_text(a->report, "%s: %s; %s: %s; --config FILE checks one configuration",
			    f.path, place_words(a, home), user->path, place_words(a, &user->place));
	return report_add_finding(a->report, &f, err,
				  "'%s' can be in a module while %s, which uses it, is built in",
				  c->symbol, user->path);
}

/* Without a configuration: the first user that the patches make possible. */
static int judge_parting(struct review_audit *a, const struct review_change *c,
			 const struct review_symbol *s, const struct build_place *home,
			 struct ksa_error *err)
{
	bool has_stub, can = false;
	int r = review_is_inline(a, s, &has_stub, err);

	/* In a header there is a stand-in for where it is a module. */
	if (r || has_stub || !build_is_modular(home))
		return r;
	for (size_t i = 0; i < s->uses.count && !r && !can; i++) {
		const struct review_use *use = &s->uses.items[i];

		if (use->text->header || use->own || go_together(home, &use->text->place) ||
		    !build_can_be_built_in(&use->text->place))
			continue;
		r = can_part(a, s, use, home, &can, err);
		if (!r && can)
			r = judge_possible(a, c, use->text, home, err);
	}
	return r;
}

int review_judge_module(struct review_audit *a, const struct review_change *c,
			struct review_symbol *s, struct ksa_error *err)
{
	const char *path = c->sides[PATCH_NEW].path;
	struct review_text *provider;
	const struct build_place *home;
	bool becomes;
	int r = review_text_find(a, path, &provider, err);

	if (!r)
		r = review_place(a, provider, err);
	if (r)
		return r;
	becomes = becomes_module(a, provider);
	if (!becomes && !build_can_be_module(&provider->place))
		return 0;
	home = &provider->place;
	r = review_place_uses(a, s, err);
	if (!a->input->config)
		return r || !becomes ? r : judge_parting(a, c, s, home, err);
	for (size_t i = 0; i < s->uses.count && !r; i++) {
		const struct review_use *use = &s->uses.items[i];

		if (!use->text->header && !use->own && !go_together(home, &use->text->place))
			r = judge_configured(a, c, use, home, err);
	}
	return r;
}
