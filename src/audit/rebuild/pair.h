/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef AUDIT_REBUILD_PAIR_H
#define AUDIT_REBUILD_PAIR_H

#include "model/helper.h"
#include "model/kernel.h"

/*
 * Two kernels as the rebuild of a module sees them: the one that it was built for, and the one that
 * it is to be built for. A symbol that a binary imports is not what its source names: between them
 * stand the headers of the one and then those of the other.
 */

/* What becomes of a symbol that was exported by the one kernel and is not by the other. */
struct lost_symbol {
	const char *name;
	uint8_t fate; /* enum lost_fate */
	const char
		*through; /* "kmalloc()": the helper of the other kernel that a rebuild goes
			     through; NULL: the headers define the name itself, or nothing does */
	bool by_macro; /* a macro that is still there may have brought it: then its call stands in
			* the source's own code as if that named it */
	/* GPL-only exports of the other kernel that a rebuild links instead, whatever helper it
	 * goes through; gained[i] by the way ways[i], "__class_create -> class_create()". */
	const struct ksa_export *const *gained;
	const char *const *ways;
	uint32_t gained_count;
};

/* A GPL-only export that a helper of both kernels leads to in the other one only. */
struct gained_symbol {
	const struct ksa_export *export_;
	const char *way; /* "dst_hold() -> rcuref_get() -> rcuref_get_slowpath" */
	bool maybe; /* a condition on the way was not to be decided */
};

struct rebuild_pair; /* its caches grow with what is asked: one thread at a time */

/*
 * The exports of both kernels, and what is known of their headers (struct ksa_kernel, helpers);
 * from may be NULL. Both must outlive *out, for rebuild_pair_free().
 */
int rebuild_pair_new(const struct ksa_kernel *from, const struct ksa_kernel *to,
		     struct rebuild_pair **out, struct ksa_error *err) _must_check_;
void rebuild_pair_free(struct rebuild_pair *pair);

/* True if the headers of both kernels are at hand; of the other one. */
bool rebuild_pair_is_whole(const struct rebuild_pair *pair);
bool rebuild_pair_has_headers(const struct rebuild_pair *pair);

/*
 * Whether the headers of the first kernel offer a helper of that name, and the facts of the other
 * one would have it too if it were still there: those of a snapshot have only helpers that lead to
 * an export. KSA_ENOMEM.
 */
int rebuild_pair_offers(struct rebuild_pair *pair, const char *name, bool *offers,
			struct ksa_error *err) _must_check_;

/* True if a helper of that name leads to the symbol in the headers of the other kernel; also where
 * that cannot be told. */
bool rebuild_pair_leads(struct rebuild_pair *pair, const char *helper, const char *symbol);

/* A symbol that the other kernel does not export. *out lives as long as the pair. */
int rebuild_pair_lost(struct rebuild_pair *pair, const char *symbol, const struct lost_symbol **out,
		      struct ksa_error *err) _must_check_;

/*
 * The GPL-only exports of the other kernel that a helper (or export) of that name leads to there,
 * and did not before: none where the headers of both are not at hand. They live as long as the
 * pair.
 */
int rebuild_pair_gained(struct rebuild_pair *pair, const char *helper,
			const struct gained_symbol **out, size_t *count,
			struct ksa_error *err) _must_check_;

#endif
