/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef AUDIT_DIFF_DIFF_H
#define AUDIT_DIFF_DIFF_H

#include "model/diff.h"

/* What to compare. Everything is borrowed by the diff and must outlive it. */
struct diff_input {
	struct ksa_kernel
		*kernels[DIFF_SIDES]; /* sealed; with imports, if importers are to count, and with
					 headers, if what stands behind them is to be told */
	struct ksa_module *const *modules; /* the modules that the question is about; may be none */
	size_t module_count;
	/* What their source names on each kernel, [module * DIFF_SIDES + side]; NULL: not known. */
	const struct ksa_named *const *named;
	const struct ksa_rules *rules; /* NULL: as shipped */
	const struct ksa_symbol_list *symbols; /* those that the question is about; NULL: all */
	const struct ksa_waivers *waivers; /* of what is found of the modules; or NULL */
	const char *today; /* for these */
	bool successors; /* look for likely successors of what was removed */
	const char *const *why; /* exports to tell the reason of the changed CRC of */
	size_t why_count;
};

/*
 * What changed from kernels[DIFF_OLD] to kernels[DIFF_NEW]: every axis for itself, what could not
 * be compared as gaps. With modules the counts are of what those import, and they are judged by
 * ksa_check on both kernels as rebuilt; with symbols the counts are of those. *out must be freed
 * before what it borrows. KSA_ENOMEM.
 */
int diff_make(const struct diff_input *input, struct diff **out,
	      struct ksa_error *err) _must_check_;
void diff_free(struct diff *diff);

/* Choose the rows that pass the filter (NULL: all that changed). KSA_ENOMEM. */
int diff_view_make(const struct diff *diff, const struct diff_filter *filter,
		   struct diff_view *view, struct ksa_error *err) _must_check_;
void diff_view_release(struct diff_view *view);

/*
 * When each symbol changed first, of the rows in views (one a step, which borrow the steps).
 * KSA_ENOMEM.
 */
int diff_walk_make(struct diff *const *steps, const struct diff_view *views, size_t count,
		   struct diff_walk *walk, struct ksa_error *err) _must_check_;
void diff_walk_release(struct diff_walk *walk);

#endif
