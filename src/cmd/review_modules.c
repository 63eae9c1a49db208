// SPDX-License-Identifier: GPL-2.0-or-later
/* Modules out of the tree that a review is asked about: the kernels that they are held against. */
#include "cmd/review_modules.h"

#include "audit/check/pending.h"
#include "audit/review/held.h"
#include "audit/review/pending.h"
#include "base/vec.h"
#include "read/review/git.h"

int review_modules_check(const struct invocation *inv, const struct review_modules *m,
			 const struct changes *changes, const char *kernel)
{
	if (!m->paths.count || kernel || changes->repository || changes->is_range)
		return 0;
	return usage_error(inv, "'--module' needs the kernel that the patches are for: give "
				"--kernel, or --repository");
}

/* The sources before the patches, as a kernel. */
static int open_sources(struct invocation *inv, struct review_modules *m,
			const struct changes *changes, struct ksa_kernel **out,
			struct ksa_error *err)
{
	const char *commit = review_repo_before(changes->repo);
	const char *spec =
		arena_printf(&inv->arena, "%s@%s", changes->repository ? changes->repository : ".",
			     commit ? commit : "");
	int r;

	if (!commit)
		return ksa_fail(err, KSA_EUSAGE,
				"before the first commit there is no kernel: give --kernel");
	if (!spec)
		return ksa_fail_nomem(err);
	r = open_kernels(inv, &spec, 1, WANT_HELPERS, &m->kernels, err);
	if (r)
		return r;
	*out = m->kernels.items[0];
	(*out)->label = arena_printf(&inv->arena, "%.12s", commit);
	return (*out)->label ? 0 : ksa_fail_nomem(err);
}

/* The kernel with the patches. */
static int add_pending(struct review_modules *m, struct changes *changes,
		       const struct ksa_kernel *kernel, struct ksa_kernel **out,
		       struct ksa_error *err)
{
	const struct pending_scope scope = {kernel, m->modules.items, m->modules.count};
	int r = pending_make(&changes->input, &scope, &m->net, err);

	m->net.name = changes->is_range ? changes->input.range : "patches";
	if (!r)
		r = VEC_PUSH_ROOM(&m->kernels, err);
	if (!r)
		r = pending_kernel(kernel, &m->net, out, err);
	if (!r)
		m->kernels.items[m->kernels.count++] = *out;
	return r;
}

int review_modules_hold(struct invocation *inv, struct review_modules *m, struct changes *changes,
			struct ksa_kernel *kernel, const struct ksa_check_options *options,
			struct review *review, struct ksa_error *err)
{
	struct ksa_check_options check = *options;
	struct ksa_kernel *pair[2] = {kernel, NULL};
	struct ksa_report *held;
	int r = 0;

	for (size_t i = 0; i < m->paths.count && !r; i++)
		r = open_modules(inv, m->paths.items[i], true, &m->modules, err);
	if (!r && !kernel)
		r = open_sources(inv, m, changes, &pair[0], err);
	if (!r)
		r = add_pending(m, changes, pair[0], &pair[1], err);
	if (r)
		return r;
	/* They may be built for whatever: what the patches bring for them is asked. */
	check.built_for = pair[0];
	check.rebuild = true;
	check.pending = &m->net;
	r = ksa_check(pair, 2, m->modules.items, m->modules.count, &check, &held, err);
	return r ? r : review_hold(review, held, &m->net, err);
}

void review_modules_release(struct review_modules *m)
{
	pending_release(&m->net);
	kernel_list_release(&m->kernels);
	module_list_release(&m->modules);
}
