/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef MODEL_USERS_H
#define MODEL_USERS_H

#include "model/family.h"
#include "model/kernel.h"

/* An export and the modules of the kernel's own tree that use it; of sources, files count as
 * modules. */
struct users_item {
	const struct ksa_export *export_;
	const uint32_t *modules; /* indices in the kernel, rising */
	uint32_t module_count;
};

/* Of one group, or of all exports that are shown. */
struct users_count {
	size_t exports;
	size_t plain; /* of the exports */
	size_t used; /* by modules */
	size_t in_image; /* not by modules, but by vmlinux itself */
	size_t in_both; /* by modules and by vmlinux */
	size_t unused; /* by neither, as far as that is known */
	size_t modules; /* different modules that use any of them */
};

enum users_by { BY_NOTHING = 0, BY_FAMILY, BY_NAMESPACE };

struct users_group {
	const char *name; /* of the family or namespace; NULL: exports without one */
	bool unknown; /* NULL: whether they have one is not known */
	struct users_count count;
};

/* The exports of a kernel with their in-tree users: borrows both kernels. */
struct users {
	const struct ksa_kernel *kernel;
	const struct ksa_kernel *old; /* only exports that it does not have; NULL: all */
	struct arena arena;
	struct users_item *items; /* in the kernel's order; malloc'd */
	size_t count;
	bool filtered; /* only some were asked for */
	bool single; /* those that one module alone uses */
	enum users_by by;
	const char *notice; /* what the numbers do not cover, or NULL */
	struct users_count total; /* of what was asked for, whether it has users or not */
	struct users_group *groups; /* by name: those that have exports here; malloc'd */
	size_t group_count;
};

#endif
