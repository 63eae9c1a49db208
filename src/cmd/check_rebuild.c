// SPDX-License-Identifier: GPL-2.0-or-later
/* What an answer about rebuilds rests on: the headers that modules were built with. */
#include "cmd/check.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/vec.h"
#include "model/declared.h"
#include "model/kernel.h"
#include "model/module.h"
#include "model/release.h"
#include "read/headers/prototypes.h"
#include "read/source/module_source.h"

/* The release in a version magic, which is the module's to say: as much as may be part of a path.
 * malloc'd; NULL: none. */
static char *release_of(const struct ksa_module *m)
{
	static const char plain[] =
		"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.+-_~";
	size_t length = m->vermagic ? strspn(m->vermagic, plain) : 0;

	if (!length || m->vermagic[0] == '.' ||
	    (m->vermagic[length] != ' ' && m->vermagic[length] != '\0'))
		return NULL;
	return strndup(m->vermagic, length);
}

/* True if the kernel's headers may stand for those that the module was built with. */
static bool stands_for(const struct ksa_kernel *kernel, const struct ksa_module *m,
		       const char *release, bool exactly)
{
	struct release a, b;

	if (!kernel->helpers || (*kernel->arch && m->arch && strcmp(kernel->arch, m->arch) != 0))
		return false;
	if (exactly)
		return strcmp(kernel->release, release) == 0;
	return release_parse(release, &a) && release_parse(kernel->release, &b) &&
	       release_compare(&a, &b) == 0;
}

static struct ksa_kernel *find_there(const struct kernel_list *list, const struct ksa_module *m,
				     const char *release, bool exactly)
{
	for (size_t i = 0; i < list->count; i++)
		if (stands_for(list->items[i], m, release, exactly))
			return list->items[i];
	return NULL;
}

/* The search for a kernel that a module was built for. */
struct search {
	struct invocation *inv;
	const struct ksa_module *module;
	const char *release; /* the module's */
	struct built_for_options how;
	struct kernel_list *hints; /* takes it */
};

/* Open a kernel with its headers and keep it if it can stand for the module's. */
static int try_kernel(const struct search *s, const char *spec, bool exactly, struct ksa_error *err)
{
	struct ksa_read_options read = read_options(s->inv, true);
	struct ksa_kernel *kernel;
	int r;

	read.helpers = true;
	read.declarations = read.types = s->how.types;
	read.prototypes = s->how.thorough;
	/* One that cannot be read is as good as none. */
	if (ksa_kernel_open(spec, &read, &kernel, NULL))
		return 0;
	r = stands_for(kernel, s->module, s->release, exactly) ? VEC_PUSH_ROOM(s->hints, err) : 1;
	if (r) {
		ksa_kernel_free(kernel);
		return r < 0 ? r : 0;
	}
	s->hints->items[s->hints->count++] = kernel;
	return 0;
}

/* Where distributions keep the headers of a release. */
static int try_installed(const struct search *s, struct ksa_error *err)
{
	static const char *const places[][2] = {{"/lib/modules/", "/build"},
						{"/usr/src/linux-headers-", ""},
						{"/usr/src/kernels/", ""},
						{"/usr/src/linux-", ""}};
	const size_t before = s->hints->count;
	int r = 0;

	for (size_t i = 0; i < 4 && !r && s->hints->count == before; i++) {
		_cleanup_free_ char *path = NULL;

		if (asprintf(&path, "%s%s%s", places[i][0], s->release, places[i][1]) < 0) {
			path = NULL;
			return ksa_fail_nomem(err);
		}
		if (access(path, R_OK) == 0)
			r = try_kernel(s, path, true, err);
	}
	return r;
}

/* The name of the shipped snapshot of a release's series, malloc'd; NULL: there is none. */
static char *name_shipped(struct invocation *inv, const char *release, const char *arch)
{
	struct release series, named;
	size_t count;
	char **names = shipped_names(inv, arch, &count);
	char *found = NULL;

	for (size_t i = 0; i < count; i++) {
		const char *version = names[i] + strcspn(names[i], "0123456789");

		if (!found && release_parse(release, &series) && release_parse(version, &named) &&
		    release_compare(&series, &named) == 0)
			found = take_ptr(names[i]);
		free(names[i]);
	}
	free(names);
	return found;
}

int check_borrow_types(struct invocation *inv, const struct ksa_module *m,
		       struct ksa_kernel *kernel, struct ksa_error *err)
{
	const struct ksa_read_options read = {.types = true,
					      .data_dir = read_options(inv, true).data_dir};
	_cleanup_free_ char *name =
		kernel->types ? NULL : name_shipped(inv, kernel->release, m->arch);
	struct ksa_kernel *other;

	if (!name || ksa_kernel_open(name, &read, &other, NULL))
		return 0;
	kernel->types = take_ptr(other->types);
	if (kernel->types)
		kernel->types_of = arena_strdup(&kernel->arena, name);
	ksa_kernel_free(other);
	return kernel->types && !kernel->types_of ? ksa_fail_nomem(err) : 0;
}

static int open_for(const struct search *s, const struct kernel_list *kernels,
		    struct ksa_error *err)
{
	const struct ksa_module *m = s->module;
	struct ksa_kernel *exact = find_there(kernels, m, s->release, true);
	_cleanup_free_ char *name = NULL;
	int r = 0;

	if (!exact)
		exact = find_there(s->hints, m, s->release, true);
	if (!exact && s->how.thorough) {
		r = try_installed(s, err);
		exact = find_there(s->hints, m, s->release, true);
	}
	if (!r && exact && s->how.types)
		r = check_borrow_types(s->inv, m, exact, err);
	if (r || exact || find_there(kernels, m, s->release, false) ||
	    find_there(s->hints, m, s->release, false))
		return r;
	name = name_shipped(s->inv, s->release, m->arch);
	return name ? try_kernel(s, name, false, err) : 0;
}

int check_open_built_for(struct invocation *inv, const struct kernel_list *kernels,
			 const struct module_list *modules, struct built_for_options how,
			 struct kernel_list *hints, struct ksa_error *err)
{
	int r = 0;

	for (size_t i = 0; i < modules->count && !r; i++) {
		const struct ksa_module *m = modules->items[i];
		const char *before = i ? modules->items[i - 1]->vermagic : NULL;
		_cleanup_free_ char *release = release_of(m);
		const struct search s = {inv, m, release, how, hints};

		if (release && !(before && strcmp(before, m->vermagic) == 0))
			r = open_for(&s, kernels, err);
	}
	return r;
}

/* What conditions of the source are decided by, of one kernel. */
static enum kernel_tristate has_macro(void *ctx, const char *name)
{
	const struct helpers *helpers = ctx;
	const struct helper *helper = helpers_find(helpers, name);

	if (helper && helper->kind != HELPER_INLINE)
		return helper->maybe ? TRI_UNKNOWN : TRI_YES;
	return helper || !helpers->partial ? TRI_NO : TRI_UNKNOWN;
}

static enum kernel_tristate has_option(void *ctx, const char *name)
{
	const struct helpers *helpers = ctx;

	if (!helpers->has_options)
		return TRI_UNKNOWN;
	return helpers_declared(helpers, name) & DECLARED_OPTION ? TRI_YES : TRI_NO;
}

static int name_cell(const struct module_source *source, const struct ksa_kernel *kernel,
		     const struct ksa_module *m, struct check_names *names, struct ksa_error *err)
{
	struct ksa_named *named = &names->items[names->count];
	struct ksa_typed *typed = &names->typed[names->count];
	struct module_source_question question = {
		.module = m->name,
		.units = m->units,
		.kernel = {.release = *kernel->release ? kernel->release : NULL,
			   .arch = *kernel->arch ? kernel->arch : m->arch,
			   .ctx = kernel->helpers,
			   .option = kernel->helpers ? has_option : NULL,
			   .macro = kernel->helpers ? has_macro : NULL}};

	int r;

	names->cells[names->count] = named;
	names->typed_cells[names->count++] = typed;
	r = module_source_named(source, &question, named, err);
	return r || !names->wants_typed ? r : module_source_typed(source, &question, typed, err);
}

int check_read_names(const char *dir, const struct kernel_list *kernels,
		     const struct module_list *modules, struct check_names *names,
		     struct ksa_error *err)
{
	const size_t cells = kernels->count * modules->count;
	struct module_source *source;
	int r = module_source_open(dir, &source, err);

	if (r)
		return r;
	names->items = calloc(cells + 1, sizeof(*names->items));
	names->cells = calloc(cells + 1, sizeof(*names->cells));
	names->typed = calloc(cells + 1, sizeof(*names->typed));
	names->typed_cells = calloc(cells + 1, sizeof(*names->typed_cells));
	if (!names->items || !names->cells || !names->typed || !names->typed_cells)
		r = ksa_fail_nomem(err);
	for (size_t m = 0; m < modules->count && !r; m++)
		for (size_t k = 0; k < kernels->count && !r; k++)
			r = name_cell(source, kernels->items[k], modules->items[m], names, err);
	for (size_t i = 0; i < names->count && !r; i++)
		names->items[i].root = dir;
	module_source_free(source);
	return r;
}

/* Names, some several times. */
struct name_list {
	const char **items;
	size_t count, capacity;
};

static int add_name(struct name_list *list, const char *name, struct ksa_error *err)
{
	return name ? vec_add_text(&list->items, &list->count, &list->capacity, name, err) : 0;
}

/* All names of the kernel's that one source calls, or takes the value or a member of. */
static int add_used(struct name_list *list, const struct ksa_typed *typed, struct ksa_error *err)
{
	int r = 0;

	for (size_t i = 0; i < typed->call_count && !r; i++) {
		const struct typed_call *call = &typed->calls[i];

		r = add_name(list, call->name, err);
		for (uint32_t k = 0; k < call->argument_count && !r; k++)
			r = add_name(list, call->arguments[k].name, err);
	}
	for (size_t i = 0; i < typed->access_count && !r; i++)
		r = add_name(list, typed->accesses[i].expr.name, err);
	for (size_t i = 0; i < typed->assignment_count && !r; i++) {
		r = add_name(list, typed->assignments[i].target.name, err);
		if (!r)
			r = add_name(list, typed->assignments[i].value.name, err);
	}
	return r;
}

int check_type_names(const struct check_names *names, const struct kernel_list *kernels,
		     struct ksa_error *err)
{
	struct name_list list = {NULL, 0, 0};
	int r = 0;

	for (size_t i = 0; i < names->count && !r; i++)
		r = add_used(&list, &names->typed[i], err);
	for (size_t i = 0; i < kernels->count && !r; i++) {
		struct ksa_kernel *k = kernels->items[i];

		if (k->types && k->helpers && k->helpers->declared)
			r = headers_type_names(k->helpers->declared, k->types, list.items,
					       list.count, err);
	}
	free(list.items);
	return r;
}

void check_names_release(struct check_names *names)
{
	for (size_t i = 0; i < names->count; i++) {
		named_release(&names->items[i]);
		typed_release(&names->typed[i]);
	}
	free(names->items);
	free(names->cells);
	free(names->typed);
	free(names->typed_cells);
	memset(names, 0, sizeof(*names));
}
