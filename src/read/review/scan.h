/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef READ_REVIEW_SCAN_H
#define READ_REVIEW_SCAN_H

#include "model/review.h"
#include "read/source/source.h"

/* Working memory for the scan of many sides. Zero-initialize. */
struct review_scanner {
	struct source_scan scan;
	struct {
		struct review_export *items;
		size_t count, capacity;
	} exports; /* of one side */
	struct {
		const char **items;
		size_t count, capacity;
	} imports;
};

void review_scanner_release(struct review_scanner *scanner);

/* A side that is one whole text, which is borrowed and NUL-terminated. KSA_ENOMEM. */
int review_whole_side(struct arena *arena, const char *path, const char *text, size_t size,
		      struct review_side *side, struct ksa_error *err) _must_check_;

/* Fill in what the pieces of a side say of exports, licenses and namespaces; strings are copied
 * into the arena. KSA_ENOMEM, KSA_ELIMIT. */
int review_scan_side(struct review_scanner *scanner, struct arena *arena, struct review_side *side,
		     struct ksa_error *err) _must_check_;

/* Give the exports that only one side of a file has the hashes of their bodies, where some go and
 * some come: they tell a renamed one. KSA_ENOMEM. */
int review_add_bodies(struct arena *arena, struct review_file *file,
		      struct ksa_error *err) _must_check_;

/* Reads a build file of one version of the tree. KSA_ENODATA: it is not there, or not known. */
typedef int (*review_read_build)(void *ctx, const char *path, const char **text, size_t *size,
				 struct ksa_error *err);

/*
 * Give the exports of a side the default namespace that the Makefiles of its directory and those
 * above set, where they take it. KSA_ENOMEM, and what read fails with.
 */
int review_default_namespaces(struct arena *arena, struct review_side *side, review_read_build read,
			      void *ctx, struct ksa_error *err) _must_check_;

/* Whether two versions of a build file set different default namespaces: for the files beside it,
 * for those below. */
struct review_defaults {
	bool here, below;
};

/* NULL: there is no such file. KSA_ENOMEM. */
int review_compare_defaults(struct arena *arena, const char *old, const char *new_,
			    struct review_defaults *out, struct ksa_error *err) _must_check_;

/* True if a file of that name can export symbols: C, assembly, headers. */
bool review_is_code(const char *path);

/* True for Makefile, Kbuild and Kconfig files. */
bool review_is_build_file(const char *path);

#endif
