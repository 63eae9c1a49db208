// SPDX-License-Identifier: GPL-2.0-or-later
#include "audit/users.h"

#include <fnmatch.h>
#include <stdlib.h>
#include <string.h>

#include "audit/exports.h"
#include "base/cleanup.h"

struct search {
	const struct ksa_kernel *kernel;
	const struct users_options *options;
	struct export_matcher matcher;
	struct users *out;
	bool *matched; /* by symbol of the options */
	bool foreign; /* some modules were read that are not of the kernel's own tree */
	bool *allowed; /* by module: one of only_by names it; NULL: all are */
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
	count->in_both += item->module_count && item->export_->image_user_count;
	for (uint32_t i = 0; i < item->module_count; i++) {
		if (s->seen[item->modules[i]] == s->round)
			continue;
		s->seen[item->modules[i]] = s->round;
		count->modules++;
	}
}

static bool has_allowed_users(const struct search *s, const struct users_item *item)
{
	if (s->options->single && item->module_count != 1)
		return false;
	if (!s->allowed)
		return true;
	for (uint32_t i = 0; i < item->module_count; i++)
		if (!s->allowed[item->modules[i]])
			return false;
	return item->module_count;
}

/* All that is asked for, before --none. 1: it is; 0: it is not. */
static int take_wanted(struct search *s, const struct ksa_export *e, struct users_item *item,
		       struct ksa_error *err)
{
	if (!is_named(s, e->name) || !export_matches(&s->matcher, e) || !is_new(s, e->name))
		return 0;
	if (find_modules(s, e, item, err))
		return KSA_ENOMEM;
	return has_allowed_users(s, item);
}

static int find_exports(struct search *s, struct ksa_error *err)
{
	const struct ksa_kernel *kernel = s->kernel;

	s->round++;
	for (size_t i = 0; i < kernel->export_count; i++) {
		struct users_item *item = &s->out->items[s->out->count];
		int r = take_wanted(s, &kernel->exports[i], item, err);

		if (r < 0)
			return r;
		if (!r)
			continue;
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

/* Count what is wanted of those exports; a group without any is not kept. */
static int count_group(struct search *s, const struct users_group *init,
		       const struct ksa_export *const *exports, size_t count, struct ksa_error *err)
{
	struct users_group *group = &s->out->groups[s->out->group_count];

	*group = *init;
	s->round++;
	for (size_t i = 0; i < count; i++) {
		struct users_item item;
		int r = take_wanted(s, exports[i], &item, err);

		if (r < 0)
			return r;
		if (r)
			count_export(s, &item, &group->count);
	}
	s->out->group_count += group->count.exports > 0;
	return 0;
}

static int count_families(struct search *s, const struct ksa_export **exports,
			  struct ksa_error *err)
{
	const struct ksa_rules *rules = s->options->rules;
	int r = 0;

	for (size_t f = 0; f < rules->family_count && !r; f++) {
		const struct ksa_family *family = &rules->families[f];
		const struct users_group group = {.name = family->name};
		size_t count = 0;

		for (size_t i = 0; i < s->kernel->export_count; i++)
			if (family_names(family->members, s->kernel->exports[i].name))
				exports[count++] = &s->kernel->exports[i];
		r = count_group(s, &group, exports, count, err);
	}
	return r;
}

/* By name; those without one first, then those of which it is not known. */
static int compare_namespaces(const void *a, const void *b)
{
	const struct ksa_export *const *x = a, *const *y = b;

	if (!(*x)->ns || !(*y)->ns)
		return (*x)->ns || (*y)->ns ? ((*x)->ns ? 1 : -1)
					    : (int)(*y)->ns_known - (int)(*x)->ns_known;
	return strcmp((*x)->ns, (*y)->ns);
}

static int count_namespaces(struct search *s, const struct ksa_export **exports,
			    struct ksa_error *err)
{
	const size_t count = s->kernel->export_count;
	size_t end;
	int r = 0;

	for (size_t i = 0; i < count; i++)
		exports[i] = &s->kernel->exports[i];
	if (count)
		qsort(exports, count, sizeof(*exports), compare_namespaces);
	for (size_t i = 0; i < count && !r; i = end) {
		const struct users_group group = {.name = exports[i]->ns,
						  .unknown = !exports[i]->ns_known};

		for (end = i + 1; end < count; end++)
			if (compare_namespaces(&exports[i], &exports[end]) != 0)
				break;
		r = count_group(s, &group, exports + i, end - i, err);
	}
	return r;
}

static int count_groups(struct search *s, struct ksa_error *err)
{
	const size_t most = s->options->by == BY_FAMILY ? s->options->rules->family_count
							: s->kernel->export_count;
	_cleanup_free_ const struct ksa_export **exports =
		calloc(s->kernel->export_count + 1, sizeof(*exports));

	s->out->groups = calloc(most + 1, sizeof(*s->out->groups));
	if (!exports || !s->out->groups)
		return ksa_fail_nomem(err);
	return s->options->by == BY_FAMILY ? count_families(s, exports, err)
					   : count_namespaces(s, exports, err);
}

/* Mark the modules that one pattern names. What is built in imports nothing. */
static int allow(struct search *s, const char **pattern, struct ksa_error *err)
{
	const struct export_filter names = {.owner = {pattern, 1}};
	_cleanup_(export_matcher_release) struct export_matcher m = {.filter = NULL};
	bool found = false;

	export_matcher_init(&m, &names);
	for (size_t i = 0; i < s->kernel->module_count; i++) {
		const struct kernel_module *module = &s->kernel->modules[i];

		if (module->builtin || !export_owner_matches(&m, module->name))
			continue;
		s->allowed[i] = true;
		found = true;
	}
	if (m.patterns.failed || m.owner.failed)
		return ksa_fail_nomem(err);
	return found ? 0
		     : ksa_fail_at(err, KSA_ENODATA, s->kernel->label, 0, "has no %s '%s'%s",
				   s->kernel->from_source ? "file" : "module", *pattern,
				   s->kernel->from_source ? "" : " outside of vmlinux");
}

static int find_allowed(struct search *s, struct ksa_error *err)
{
	const struct string_list *patterns = s->options->only_by;
	int r = 0;

	s->allowed = calloc(s->kernel->module_count + 1, sizeof(*s->allowed));
	if (!s->allowed)
		return ksa_fail_nomem(err);
	for (size_t i = 0; i < patterns->count && !r; i++)
		r = allow(s, &patterns->items[i], err);
	return r;
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
	r = s->options->only_by ? find_allowed(s, err) : 0;
	if (!r)
		r = find_exports(s, err);
	if (!r && s->options->by != BY_NOTHING)
		r = count_groups(s, err);
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
			      .single = options->single,
			      .by = options->by,
			      .filtered = options->none || options->single || options->only_by ||
					  options->symbol_count || options->old ||
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
	free(s.allowed);
	if (r)
		users_release(out);
	return r;
}

void users_release(struct users *users)
{
	arena_release(&users->arena);
	free(users->items);
	free(users->groups);
	memset(users, 0, sizeof(*users));
}
