// SPDX-License-Identifier: GPL-2.0-or-later
/* Every form of KERNEL: where the readers of files, of sources and of headers meet. */
#include "read/open.h"

#include <string.h>

#include "base/cleanup.h"
#include "read/git/kernel.h"
#include "read/headers/headers.h"
#include "read/kernel/kernel.h"
#include "read/kernel/snapshot_helpers.h"

static int take_header(void *ctx, const char *package, const char *path, struct bytes *data,
		       struct ksa_error *err)
{
	struct header_set *set = ctx;
	struct header_file file = {.data = *data};
	int r;

	*data = (struct bytes){.data = NULL};
	r = header_set_add(set, path, &file, err);
	if (r)
		bytes_release(&file.data);
	return r ? r : header_set_add_basis(set, package, err);
}

static int take_directory(void *ctx, const char *dir, struct ksa_error *err)
{
	return header_set_add_directory(ctx, dir, err);
}

/* A kernel is one without its headers: only what stops the whole run is an error. */
static int read_set(struct ksa_kernel *kernel, struct header_set *set,
		    const struct ksa_read_options *options, struct ksa_error *err)
{
	const struct header_options how = {.jobs = options->jobs, .arch = kernel->arch};
	struct ksa_error why = {.code = 0};
	struct helpers *helpers;
	int r;

	if (!set->count)
		return 0;
	r = header_set_read(set, &how, &helpers, &why);
	if (r == KSA_ENOMEM || r == KSA_ESYSTEM)
		return ksa_pass(err, &why);
	if (r)
		return kernel_add_notice(kernel, err, "%s%s%s (header facts are missing)",
					 why.source, *why.source ? ": " : "", why.text);
	helpers_free(kernel->helpers);
	kernel->helpers = helpers;
	return 0;
}

int ksa_kernel_open(const char *spec, const struct ksa_read_options *options,
		    struct ksa_kernel **out, struct ksa_error *err)
{
	static const struct kernel_opener openers[] = {
		{git_kernel_is_spec, git_kernel_read},
		{NULL, NULL},
	};
	_cleanup_(header_set_release) struct header_set set = {.items = NULL};
	const struct kernel_collector collector = {&set, header_path, take_header, take_directory};
	const struct kernel_readers readers = {
		.openers = openers,
		.collector = options && options->helpers ? &collector : NULL,
	};
	int r = kernel_open(spec, options, &readers, out, err);

	if (!r && readers.collector)
		r = read_set(*out, &set, options, err);
	if (r) {
		ksa_kernel_free(*out);
		*out = NULL;
	}
	return r;
}

int kernel_read_helpers(struct ksa_kernel *kernel, const struct ksa_read_options *options,
			struct ksa_error *err)
{
	const struct ksa_read_options again = {.jobs = options->jobs,
					       .helpers = true,
					       .data_dir = options->data_dir,
					       .progress = options->progress,
					       .progress_ctx = options->progress_ctx};
	struct ksa_kernel *other;
	int r;

	/* Standard input can be read but once. */
	if (kernel->helpers || strcmp(kernel->spec, "-") == 0)
		return 0;
	if (kernel->helpers_at)
		return snapshot_take_helpers(kernel, kernel->helpers_at, err);
	r = ksa_kernel_open(kernel->spec, &again, &other, err);
	if (r)
		return r;
	kernel->helpers = take_ptr(other->helpers);
	ksa_kernel_free(other);
	return 0;
}
