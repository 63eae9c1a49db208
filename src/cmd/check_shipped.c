// SPDX-License-Identifier: GPL-2.0-or-later
/* What the shipped snapshots tell a check besides: where symbols went, and what comes next. */
#include "cmd/check.h"

#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/strmap.h"
#include "base/vec.h"
#include "base/workers.h"
#include "model/kernel.h"
#include "model/release.h"

/* Which of the shipped snapshots are to be opened. */
struct wanted {
	const char *arch;
	bool (*want)(const void *ctx, const struct ksa_kernel *kernel);
	const void *ctx;
	const struct kernel_list *open[2]; /* those in these are open already; NULL: none are */
	bool rebuilds; /* to judge rebuilds by */
	bool types; /* of a source too */
	const struct strmap *symbols; /* the exports that are wanted; NULL: all */
};

static bool is_open(const struct wanted *which, const char *name)
{
	for (size_t i = 0; i < 2; i++)
		for (size_t k = 0; which->open[i] && k < which->open[i]->count; k++)
			if (strcmp(which->open[i]->items[k]->label, name) == 0)
				return true;
	return false;
}

/* Snapshots that are opened side by side. */
struct opening {
	char **names;
	const struct wanted *which;
	struct ksa_read_options read;
	struct ksa_kernel **kernels; /* NULL: it is open already, or cannot be read */
};

static int open_one(void *ctx, unsigned int worker, size_t item, struct ksa_error *err)
{
	struct opening *o = ctx;

	(void)worker, (void)err;
	if (!is_open(o->which, o->names[item]) &&
	    ksa_kernel_open(o->names[item], &o->read, &o->kernels[item], NULL))
		o->kernels[item] = NULL;
	return 0;
}

static bool is_wanted(const void *ctx, const char *symbol)
{
	return strmap_get(ctx, symbol, NULL);
}

static int open_shipped(struct invocation *inv, const struct wanted *which, struct kernel_list *out,
			struct ksa_error *err)
{
	struct opening o = {.which = which, .read = read_options(inv, false)};
	size_t count;
	int r;

	o.names = shipped_names(inv, which->arch, &count);
	o.kernels = calloc(count + 1, sizeof(struct ksa_kernel *));
	o.read.progress = NULL;
	o.read.helpers = o.read.imports = which->rebuilds;
	o.read.types = o.read.declarations = which->types;
	o.read.wanted = which->symbols ? is_wanted : NULL;
	o.read.wanted_ctx = which->symbols;
	r = o.kernels ? workers_run(workers_count(o.read.jobs), count, open_one, &o, err)
		      : ksa_fail_nomem(err);
	for (size_t i = 0; i < count; i++) {
		struct ksa_kernel *kernel = o.kernels ? o.kernels[i] : NULL;
		bool wanted = !r && kernel && which->want(which->ctx, kernel);

		r = wanted ? VEC_PUSH_ROOM(out, err) : r;
		if (wanted && !r)
			out->items[out->count++] = kernel;
		else
			ksa_kernel_free(kernel);
		free(o.names[i]);
	}
	free(o.kernels);
	free(o.names);
	return r;
}

static bool is_other_release(const void *ctx, const struct ksa_kernel *kernel)
{
	const struct kernel_list *kernels = ctx;

	for (size_t k = 0; k < kernels->count; k++)
		if (strcmp(kernels->items[k]->release, kernel->release) == 0)
			return false;
	return true;
}

/* Headers and Module.symvers are silent about it, the modules never are. */
static const char *arch_of(const struct kernel_list *kernels, const struct module_list *modules)
{
	for (size_t k = 0; k < kernels->count; k++)
		if (*kernels->items[k]->arch)
			return kernels->items[k]->arch;
	return modules->count ? modules->items[0]->arch : "";
}

/* What the modules import: a hint is about one of these. */
static int add_imports(struct strmap *symbols, const struct module_list *modules,
		       struct ksa_error *err)
{
	for (size_t m = 0; m < modules->count; m++)
		for (size_t i = 0; i < modules->items[m]->import_count; i++)
			if (strmap_set(symbols, modules->items[m]->imports[i].name, 1))
				return ksa_fail_nomem(err);
	return 0;
}

int check_open_hints(struct invocation *inv, const struct kernel_list *kernels,
		     const struct module_list *modules, struct kernel_list *hints,
		     struct ksa_error *err)
{
	_cleanup_(strmap_release) struct strmap symbols = {0};
	const struct wanted which = {.arch = arch_of(kernels, modules),
				     .want = is_other_release,
				     .ctx = kernels,
				     .open = {kernels, hints},
				     .symbols = &symbols};
	int r = add_imports(&symbols, modules, err);

	return r ? r : open_shipped(inv, &which, hints, err);
}

struct newest {
	struct release release;
	const char *arch;
	bool found;
};

static bool is_newer(const void *ctx, const struct ksa_kernel *kernel)
{
	const struct newest *newest = ctx;
	struct release release;

	return strcmp(kernel->arch, newest->arch) == 0 &&
	       release_parse(kernel->release, &release) &&
	       release_compare(&release, &newest->release) > 0;
}

int check_open_newer(struct invocation *inv, struct kernel_list *kernels,
		     const struct module_list *modules, struct check_newer *newer,
		     struct ksa_error *err)
{
	struct newest newest = {.found = false};
	struct wanted which = {.want = is_newer,
			       .ctx = &newest,
			       .open = {kernels, NULL},
			       .rebuilds = true,
			       .types = newer->types};
	size_t before = kernels->count;
	int r;

	newer->why = NULL;
	for (size_t k = 0; k < kernels->count; k++) {
		const struct ksa_kernel *kernel = kernels->items[k];
		struct release release;

		if (!release_parse(kernel->release, &release) ||
		    (newest.found && release_compare(&release, &newest.release) <= 0))
			continue;
		newest = (struct newest){release, kernel->arch, true};
	}
	/* headers and Module.symvers are silent about it, the modules never are */
	if (newest.found && !*newest.arch && modules->count)
		newest.arch = modules->items[0]->arch;
	if (!newest.found) {
		newer->why =
			"nothing is predicted: the kernels' sources do not give their releases";
		return 0;
	}
	which.arch = newest.arch;
	r = open_shipped(inv, &which, kernels, err);
	if (!r && kernels->count == before)
		newer->why =
			"nothing is predicted: no shipped snapshot of this architecture is newer "
			"than the kernels that are checked";
	return r;
}

/* The shipped snapshot of that name, of kernels or opened. NULL: it cannot be read. */
static int open_sign(struct invocation *inv, const struct kernel_list *kernels, const char *name,
		     struct kernel_list *more, const struct ksa_kernel **out, struct ksa_error *err)
{
	struct ksa_read_options read = read_options(inv, true);
	struct ksa_kernel *kernel;
	int r;

	for (size_t i = 0; i < kernels->count; i++) {
		*out = kernels->items[i];
		if (strcmp((*out)->label, name) == 0 && (*out)->has_imports && (*out)->helpers)
			return 0;
	}
	*out = NULL;
	read.progress = NULL;
	read.helpers = true;
	if (ksa_kernel_open(name, &read, &kernel, NULL))
		return 0;
	r = VEC_PUSH_ROOM(more, err);
	if (r) {
		ksa_kernel_free(kernel);
		return r;
	}
	*out = more->items[more->count++] = kernel;
	return 0;
}

int check_open_signs(struct invocation *inv, const struct kernel_list *kernels,
		     const struct module_list *modules, struct kernel_list *more,
		     const struct ksa_kernel *out[2], struct ksa_error *err)
{
	size_t count;
	char **names = shipped_names(inv, arch_of(kernels, modules), &count);
	int r = 0;

	for (size_t i = 0; i < 2 && count >= 2 && !r; i++)
		r = open_sign(inv, kernels, names[count - 2 + i], more, &out[i], err);
	for (size_t i = 0; i < count; i++)
		free(names[i]);
	free(names);
	return r;
}
