// SPDX-License-Identifier: GPL-2.0-or-later
/* Every form of KERNEL: where the readers of files, of sources and of headers meet. */
#include "read/open.h"

#include <string.h>

#include "base/cleanup.h"
#include "read/git/kernel.h"
#include "read/headers/headers.h"
#include "read/kernel/kernel.h"
#include "read/kernel/snapshot_declared.h"
#include "read/kernel/snapshot_helpers.h"

/* The headers of a kernel that is being opened. */
struct collecting {
	struct header_set set;
	struct ksa_error why; /* some of them cannot be read */
};

static int take_header(void *ctx, const char *package, const char *path, struct bytes *data,
		       struct ksa_error *err)
{
	struct header_set *set = &((struct collecting *)ctx)->set;
	struct header_file file = {.data = *data};
	int r;

	*data = (struct bytes){.data = NULL};
	r = header_set_add(set, path, &file, err);
	if (r)
		bytes_release(&file.data);
	return r ? r : header_set_add_basis(set, package, err);
}

/* What the machine lacks stops the run; else a kernel is one without its headers. */
static bool stops(int code)
{
	return code == KSA_ENOMEM || code == KSA_ESYSTEM;
}

static int take_directory(void *ctx, const char *dir, struct ksa_error *err)
{
	struct collecting *c = ctx;
	int r = header_set_add_directory(&c->set, dir, &c->why);

	return stops(r) ? ksa_pass(err, &c->why) : 0;
}

static int read_set(struct ksa_kernel *kernel, struct collecting *c,
		    const struct ksa_read_options *options, struct ksa_error *err)
{
	const bool only_types = options->type_graph && !options->types;
	const struct header_options how = {.jobs = options->jobs,
					   .places = options->declarations,
					   .only_types = only_types,
					   .arch = kernel->arch};
	struct ksa_error *why = &c->why;
	struct helpers *helpers = NULL;
	int r = c->set.count && !why->code ? header_set_read(&c->set, &how, &helpers, why) : 0;

	if (stops(r))
		return ksa_pass(err, why);
	if (why->code)
		return kernel_add_notice(kernel, err, "%s%s%s (header facts are missing)",
					 why->source, *why->source ? ": " : "", why->text);
	if (!helpers)
		return 0;
	helpers_free(kernel->helpers);
	kernel->helpers = helpers;
	/* Who asks where names are declared would take them for all. */
	if (only_types)
		kernel->type_places = take_ptr(helpers->declared);
	return 0;
}

static void release_collecting(struct collecting *c)
{
	header_set_release(&c->set);
}

int ksa_kernel_open(const char *spec, const struct ksa_read_options *options,
		    struct ksa_kernel **out, struct ksa_error *err)
{
	static const struct kernel_opener openers[] = {
		{git_kernel_is_spec, git_kernel_read},
		{NULL, NULL},
	};
	_cleanup_(release_collecting) struct collecting c = {.why = {.code = 0}};
	const struct kernel_collector collector = {&c, header_path, take_header, take_directory};
	const struct kernel_readers readers = {
		.openers = openers,
		.collector = options && options->helpers ? &collector : NULL,
	};
	int r = kernel_open(spec, options, &readers, out, err);

	if (!r && readers.collector)
		r = read_set(*out, &c, options, err);
	if (r) {
		ksa_kernel_free(*out);
		*out = NULL;
	}
	return r;
}

/* From the files beside a shipped snapshot. */
static int take_beside(struct ksa_kernel *kernel, bool declarations, struct ksa_error *err)
{
	int r = snapshot_take_helpers(kernel, kernel->helpers_at, err);

	return r || !declarations || !kernel->declared_at
		       ? r
		       : snapshot_take_declared(kernel, kernel->declared_at, err);
}

int kernel_read_helpers(struct ksa_kernel *kernel, const struct ksa_read_options *options,
			struct ksa_error *err)
{
	const struct ksa_read_options again = {.jobs = options->jobs,
					       .helpers = true,
					       .declarations = options->declarations,
					       .data_dir = options->data_dir,
					       .progress = options->progress,
					       .progress_ctx = options->progress_ctx};
	struct ksa_kernel *other;
	int r;

	/* Standard input can be read but once. */
	if (kernel->helpers || strcmp(kernel->spec, "-") == 0)
		return 0;
	if (kernel->helpers_at)
		return take_beside(kernel, options->declarations, err);
	r = ksa_kernel_open(kernel->spec, &again, &other, err);
	if (r)
		return r;
	kernel->helpers = take_ptr(other->helpers);
	ksa_kernel_free(other);
	return 0;
}
