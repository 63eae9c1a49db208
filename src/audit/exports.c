// SPDX-License-Identifier: GPL-2.0-or-later
#include "audit/exports.h"

#include <fnmatch.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "model/declared.h"

static bool glob(const char *pattern, const char *s)
{
	return fnmatch(pattern, s, 0) == 0;
}

/* '-' as '_', except in a bracket expression, where it means a range. */
static void fold_pattern(struct strbuf *out, const char *pattern)
{
	bool bracket = false;

	for (; *pattern; pattern++) {
		if (*pattern == '[')
			bracket = true;
		else if (*pattern == ']')
			bracket = false;
		strbuf_addc(out, *pattern == '-' && !bracket ? '_' : *pattern);
	}
}

bool globs_match(const struct string_list *globs, const char *s)
{
	for (size_t i = 0; i < globs->count; i++)
		if (glob(globs->items[i], s))
			return true;
	return false;
}

bool export_owner_matches(struct export_matcher *m, const char *owner)
{
	const char *pattern = strbuf_string(&m->patterns), *folded;

	strbuf_reset(&m->owner);
	for (; *owner; owner++)
		strbuf_addc(&m->owner, *owner == '-' ? '_' : *owner);
	folded = strbuf_string(&m->owner);
	for (size_t i = 0; i < m->filter->owner.count; i++, pattern += strlen(pattern) + 1)
		if (glob(pattern, folded) || glob(pattern, owner_base_name(folded)))
			return true;
	return false;
}

static bool namespace_matches(const struct export_filter *filter, const struct ksa_export *e)
{
	if (!e->ns_known)
		return false;
	for (size_t i = 0; i < filter->ns.count; i++) {
		const char *ns = filter->ns.items[i];

		if (*ns && e->ns ? glob(ns, e->ns) : !*ns && !e->ns)
			return true;
	}
	return false;
}

static bool is_defined_there(const struct export_filter *filter, const char *owner)
{
	if (filter->defined_in == DEFINED_ANYWHERE)
		return true;
	return owner_is_known(owner) &&
	       (filter->defined_in == DEFINED_IN_VMLINUX) == (strcmp(owner, "vmlinux") == 0);
}

bool export_matches(struct export_matcher *m, const struct ksa_export *e)
{
	const struct export_filter *filter = m->filter;

	if (filter->classes && !(filter->classes & 1u << e->cls))
		return false;
	if (!is_defined_there(filter, e->owner))
		return false;
	if (filter->grep.count && !globs_match(&filter->grep, e->name))
		return false;
	if (filter->used_by && !import_set_has(filter->used_by, e->name, NULL))
		return false;
	if (filter->families.count && !families_have(&filter->families, e->name))
		return false;
	if (filter->ns.count && !namespace_matches(filter, e))
		return false;
	return !filter->owner.count || export_owner_matches(m, e->owner);
}

static int count_export(struct export_view *view, const struct ksa_export *e,
			struct strmap *namespaces)
{
	uint32_t value = 0;

	view->by_class[e->cls < CLASS_COUNT ? e->cls : KSA_CLASS_UNKNOWN]++;
	if (strcmp(e->owner, "vmlinux") == 0)
		view->in_vmlinux++;
	if (e->has_crc)
		view->with_crc++;
	if (!e->ns)
		return 0;
	view->namespaced++;
	if (namespace_is_reserved(e->ns))
		view->reserved++;
	return strmap_add(namespaces, e->ns, &value, NULL) < 0 ? KSA_ENOMEM : 0;
}

bool export_filter_is_narrow(const struct export_filter *f)
{
	return f->classes || f->ns.count || f->owner.count || f->grep.count || f->families.count ||
	       f->used_by || f->defined_in != DEFINED_ANYWHERE;
}

void export_matcher_init(struct export_matcher *m, const struct export_filter *filter)
{
	*m = (struct export_matcher){.filter = filter};
	for (size_t i = 0; i < filter->owner.count; i++) {
		fold_pattern(&m->patterns, filter->owner.items[i]);
		strbuf_addc(&m->patterns, '\0');
	}
}

void export_matcher_release(struct export_matcher *m)
{
	strbuf_release(&m->patterns);
	strbuf_release(&m->owner);
}

int export_view_make(const struct ksa_kernel *kernel, const struct export_filter *filter,
		     struct export_view *view, struct ksa_error *err)
{
	static const struct export_filter everything;
	_cleanup_(strmap_release) struct strmap namespaces = {0};
	_cleanup_(export_matcher_release) struct export_matcher m = {.filter = NULL};

	export_matcher_init(&m, filter ? filter : &everything);
	*view = (struct export_view){.kernel = kernel,
				     .used_by = m.filter->used_by,
				     .filtered = export_filter_is_narrow(m.filter)};
	view->items = calloc(kernel->export_count + 1, sizeof(*view->items));
	if (!view->items)
		return ksa_fail_nomem(err);
	for (size_t i = 0; i < kernel->export_count; i++) {
		const struct ksa_export *e = &kernel->exports[i];

		if (!export_matches(&m, e))
			continue;
		view->items[view->count++] = e;
		if (count_export(view, e, &namespaces)) {
			export_view_release(view);
			return ksa_fail_nomem(err);
		}
	}
	view->namespaces = namespaces.count;
	if (m.patterns.failed || m.owner.failed) {
		export_view_release(view);
		return ksa_fail_nomem(err);
	}
	return 0;
}

void export_view_release(struct export_view *view)
{
	free(view->items);
	memset(view, 0, sizeof(*view));
}

static bool is_exported(void *ctx, const char *name)
{
	size_t count;

	return kernel_find_exports(ctx, name, &count) != NULL;
}

/* What a source can name: what headers declare. */
static bool is_declared(void *ctx, enum ctype_kind kind, const char *name)
{
	(void)kind;
	return helpers_declared(ctx, name) & DECLARED_TYPE;
}

static bool is_capital(const char *name)
{
	name += strspn(name, "_");
	return *name < 'a' || *name > 'z';
}

/* Below include/linux/mfd/ and its like macros in capitals are registers of devices. */
static bool is_deep(const char *path)
{
	const char *slash = strchr(path, '/');

	slash = slash ? strchr(slash + 1, '/') : NULL;
	return slash && strchr(slash + 1, '/');
}

/* What a module can use, and a source may name; values and constants are too many. */
static bool is_kept(void *ctx, const struct declared_place *place)
{
	const struct ksa_kernel *kernel = ctx;
	const struct helpers *names = kernel->helpers;
	const char *name = names->names[place->name].text;

	switch (place->kind) {
	case DECLARES_FUNCTION:
	case DECLARES_OBJECT:
		return is_exported(ctx, name);
	case DECLARES_INLINE: /* but those of tracepoints, and what headers are made of */
		return place->arguments != DECLARED_ANY && strncmp(name, "__", 2) != 0;
	case DECLARES_MACRO:
		return strncmp(name, "__", 2) != 0 &&
		       !(is_capital(name) && is_deep(names->files[place->file]));
	case DECLARES_CONSTANT: /* another name for something */
		return place->alias != HELPER_NONE && !is_capital(name);
	case DECLARES_ENUMERATOR:
		return false;
	default:
		return true;
	}
}

int exports_reduce(struct ksa_kernel *kernel, struct ksa_error *err)
{
	struct helpers *reduced;
	int r;

	if (!kernel->helpers || kernel->helpers->partial)
		return 0;
	if (kernel->types) {
		r = ctypes_reduce(kernel->types, is_declared, kernel->helpers, err);
		if (r)
			return r;
	}
	r = helpers_reduce(kernel->helpers, is_exported, kernel, &reduced, err);
	if (r)
		return r;
	if (kernel->helpers->declared) {
		declared_keep(kernel->helpers->declared, is_kept, kernel);
		/* Its names are those of all facts, which it keeps. */
		reduced->declared = take_ptr(kernel->helpers->declared);
		reduced->declared->own = take_ptr(kernel->helpers);
	}
	helpers_free(kernel->helpers);
	kernel->helpers = reduced;
	return 0;
}
