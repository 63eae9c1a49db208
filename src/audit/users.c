// SPDX-License-Identifier: GPL-2.0-or-later
#include "audit/users.h"

#include <fnmatch.h>
#include <stdlib.h>
#include <string.h>

#include "audit/exports.h"

struct search {
	const struct ksa_kernel *kernel;
	const struct users_options *options;
	struct export_matcher matcher;
	struct users *out;
	bool *matched; /* by symbol of the options */
	bool foreign; /* some modules were read that are not of the kernel's own tree */
	uint32_t *seen; /* by module: the round in which it was counted */
	uint32_t round;
};

static bool is_glob(const char *s)
{
	return s[strcspn(s, "*?[")] != '\0';
}

/* True if the export is one of the symbols that were named; all of them are looked at, to know
 * which ones name nothing. */
static bool is_named(struct search *s, const char *name)
{
	bool found = !s->options->symbol_count;

	for (size_t i = 0; i < s->options->symbol_count; i++) {
		const char *symbol = s->options->symbols[i];

		if (is_glob(symbol) ? fnmatch(symbol, name, 0) != 0 : strcmp(symbol, name) != 0)
			continue;
		s->matched[i] = true;
		found = true;
	}
	return found;
}

static bool is_new(const struct search *s, const char *name)
{
	size_t count;

	return !s->options->old || !kernel_find_exports(s->options->old, name, &count);
}

/* The modules of the kernel's own tree among those that import the export. */
static int find_modules(struct search *s, const struct ksa_export *e, struct users_item *item,
			struct ksa_error *err)
{
	uint32_t *own;

	*item = (struct users_item){
		.export_ = e, .modules = e->importers, .module_count = e->importer_count};
	if (!s->foreign || !e->importer_count)
		return 0;
	own = arena_calloc(&s->out->arena, e->importer_count, sizeof(*own));
	if (!own)
		return ksa_fail_nomem(err);
	item->modules = own;
	item->module_count = 0;
	for (uint32_t i = 0; i < e->importer_count; i++)
		if (s->kernel->modules[e->importers[i]].in_tree)
			own[item->module_count++] = e->importers[i];
	return 0;
}

static void count_export(struct search *s, const struct users_item *item, struct users_count *count)
{
	count->exports++;
	count->plain += item->export_->cls == KSA_CLASS_PLAIN;
	if (item->module_count)
		count->used++;
	else if (item->export_->image_user_count)
		count->in_image++;
	else
		count->unused++;
	for (uint32_t i = 0; i < item->module_count; i++) {
		if (s->seen[item->modules[i]] == s->round)
			continue;
		s->seen[item->modules[i]] = s->round;
		count->modules++;
	}
}

/* All that is asked for, before --none. */
static bool is_wanted(struct search *s, const struct ksa_export *e)
{
	return is_named(s, e->name) && export_matches(&s->matcher, e) && is_new(s, e->name);
}

static int find_exports(struct search *s, struct ksa_error *err)
{
	const struct ksa_kernel *kernel = s->kernel;

	s->round++;
	for (size_t i = 0; i < kernel->export_count; i++) {
		struct users_item *item = &s->out->items[s->out->count];
		int r;

		if (!is_wanted(s, &kernel->exports[i]))
			continue;
		r = find_modules(s, &kernel->exports[i], item, err);
		if (r)
			return r;
		count_export(s, item, &s->out->total);
		if (!s->options->none || !item->module_count)
			s->out->count++;
	}
	for (size_t i = 0; i < s->options->symbol_count; i++)
		if (!s->matched[i])
			return ksa_fail_at(err, KSA_ENODATA, kernel->label, 0,
					   "exports no symbol '%s'", s->options->symbols[i]);
	return 0;
}

static int count_families(struct search *s, struct ksa_error *err)
{
	const struct ksa_rules *rules = s->options->rules;

	s->out->families = calloc(rules->family_count + 1, sizeof(*s->out->families));
	if (!s->out->families)
		return ksa_fail_nomem(err);
	for (size_t f = 0; f < rules->family_count; f++) {
		struct users_family *family = &s->out->families[s->out->family_count];

		family->family = &rules->families[f];
		s->round++;
		for (size_t i = 0; i < s->kernel->export_count; i++) {
			const struct ksa_export *e = &s->kernel->exports[i];
			struct users_item item;

			if (!family_names(family->family->members, e->name) || !is_wanted(s, e))
				continue;
			if (find_modules(s, e, &item, err))
				return KSA_ENOMEM;
			count_export(s, &item, &family->count);
		}
		if (family->count.exports)
			s->out->family_count++;
		else
			memset(family, 0, sizeof(*family));
	}
	return 0;
}

static int search_all(struct search *s, struct ksa_error *err)
{
	int r;

	s->out->items = calloc(s->kernel->export_count + 1, sizeof(*s->out->items));
	s->seen = calloc(s->kernel->module_count + 1, sizeof(*s->seen));
	s->matched = calloc(s->options->symbol_count + 1, sizeof(*s->matched));
	if (!s->out->items || !s->seen || !s->matched)
		return ksa_fail_nomem(err);
	for (size_t i = 0; i < s->kernel->module_count; i++)
		s->foreign |= !s->kernel->modules[i].in_tree;
	r = find_exports(s, err);
	if (!r && s->options->by_family)
		r = count_families(s, err);
	if (!r && (s->matcher.patterns.failed || s->matcher.owner.failed))
		r = ksa_fail_nomem(err);
	return r;
}

int users_find(const struct ksa_kernel *kernel, const struct users_options *options,
	       struct users *out, struct ksa_error *err)
{
	static const struct export_filter everything;
	struct search s = {.kernel = kernel, .options = options, .out = out};
	const struct export_filter *filter = options->filter ? options->filter : &everything;
	int r;

	*out = (struct users){.kernel = kernel,
			      .old = options->old,
			      .by_family = options->by_family,
			      .filtered = options->none || options->symbol_count || options->old ||
					  export_filter_is_narrow(filter)};
	if (!kernel->has_imports)
		return ksa_fail_at(err, KSA_ENODATA, kernel->label, 0,
				   "does not tell what its modules import: give the modules (a "
				   "/lib/modules tree, a package) or a snapshot of them");
	if (!kernel->has_modules)
		out->notice = "only the modules that were read are counted: they are no whole tree";
	export_matcher_init(&s.matcher, filter);
	r = search_all(&s, err);
	export_matcher_release(&s.matcher);
	free(s.seen);
	free(s.matched);
	if (r)
		users_release(out);
	return r;
}

void users_release(struct users *users)
{
	arena_release(&users->arena);
	free(users->items);
	free(users->families);
	memset(users, 0, sizeof(*users));
}
