/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef AUDIT_WRAPPERS_WRAPPERS_H
#define AUDIT_WRAPPERS_WRAPPERS_H

#include "model/rule.h"
#include "model/view.h"
#include "model/wrapper.h"

/* The longest chain that can be asked for. */
#define WRAPPERS_MAX_DEPTH 16

/* Which wrappers. Zero-initialize, but for rules. */
struct wrappers_options {
	const struct ksa_rules *rules; /* whose helpers are left out */
	unsigned int depth; /* calls in a chain, at most; 0: 1, direct calls */
	bool all; /* helpers count like other functions */
	bool thin; /* only thin wrappers */
	struct string_list to; /* globs: only what leads to such a GPL-only export; none: to any */
	struct family_list families; /* the plain export or one it leads to is a member */
	const struct export_filter *filter; /* of the plain exports; NULL: all */
};

/*
 * Find the plain exports of a sealed kernel that call GPL-only ones, directly or through functions
 * that are not exported. A kernel that was read with options.calls has call graphs; a snapshot may
 * name its thin wrappers. KSA_ENODATA: neither is there, the text says what to give.
 */
int wrappers_find(const struct ksa_kernel *kernel, const struct wrappers_options *options,
		  struct wrappers *out, struct ksa_error *err) _must_check_;
void wrappers_release(struct wrappers *wrappers);

/*
 * Note at each export of the kernel whether it is a thin wrapper, and of what, for a snapshot.
 * Nothing happens if its code was not read.
 */
int wrappers_store(struct ksa_kernel *kernel, const struct ksa_rules *rules,
		   struct ksa_error *err) _must_check_;

#endif
