/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef AUDIT_CHECK_REBUILD_H
#define AUDIT_CHECK_REBUILD_H

#include "audit/rebuild/pair.h"
#include "audit/rebuild/witness.h"
#include "model/named.h"

struct check;
struct ksa_import;

/* What is known of two kernels for the rebuilds of modules of the one for the other. */
struct check_pair {
	const struct ksa_kernel *from, *to; /* from: NULL: nothing is known of it */
	struct rebuild_pair *pair;
	struct witnesses *witnesses; /* NULL: what in-tree modules import is not known */
};

/* All that a run has met; there are few. */
struct check_pairs {
	struct check_pair **items;
	size_t count, capacity;
};

void check_pairs_release(struct check_pairs *pairs);

/*
 * True if the module is to be judged as what a rebuild of its source gives, for a kernel of another
 * release than the one that it was built for.
 */
bool check_is_rebuilt(const struct check *c, uint32_t module);

/* True if the kernel at hand is the one that the module was built for, with pending changes. */
bool check_is_only_pending(const struct check *c, uint32_t module);

/* True if the module says that it was built for another release than the kernel's. */
bool check_is_other_release(const struct ksa_kernel *kernel, const struct ksa_module *m);

/* The same of another series of mainline: not 6.1.0-56 and 6.1.0-57. */
bool check_is_other_series(const struct ksa_kernel *kernel, const struct ksa_module *m);

/* Before the imports of such a module are judged. */
int check_rebuild_begin(struct check *c, uint32_t module, struct ksa_error *err) _must_check_;

/* An import that the kernel at hand does not have, on which replaced is NULL; evidence: where the
 * symbol went, or NULL. */
int check_rebuild_lost(struct check *c, uint32_t module, const struct ksa_import *import,
		       const char *evidence, struct ksa_error *err) _must_check_;

/* True if the module's source names an import that the kernel at hand has only where a condition
 * leaves it out there: a rebuild does not link it. */
bool check_rebuild_leaves_out(const struct check *c, uint32_t module, const char *symbol);

/* After them: what the source names and no binary shows, and what a rebuild links besides. */
int check_rebuild_end(struct check *c, uint32_t module, struct ksa_error *err) _must_check_;

#endif
