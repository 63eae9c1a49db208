/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef READ_GIT_CONTEXT_H
#define READ_GIT_CONTEXT_H

#include "read/git/build_internal.h"

/*
 * What the tree around a file says of its exports: a namespace that a Makefile sets, macros that
 * headers define, which names a tracepoint exports. The sets that the reader of files makes
 * (build_set_of) leave that open; those made here do not, and are compared with each other.
 */

/* Begin and end; between them build->context holds what was looked up. */
int context_open(struct history_build *build) _must_check_;
void context_close(struct history_build *build);

/* True if a Makefile may set namespaces in this history: a kernel's whose export.h knows none has
 * no need to be read for them. */
int context_wants_makefiles(struct history_build *build, const struct object_id *tip,
			    bool *wanted) _must_check_;

/* What all versions that were read hang on, added to the history's contexts. */
int context_collect(struct history_build *build) _must_check_;

/* Add the files whose exports change although they do not: the tree around them does. */
int context_add_files(struct history_build *build) _must_check_;

/* Find which forms (source_form) hold at each new commit, if that matters. */
int context_make_forms(struct history_build *build) _must_check_;

/* From the sets of files, in build->sets, to those of files in their trees. */
int context_resolve(struct history_build *build) _must_check_;

/* What a file says at a commit, in its tree. SET_UNKNOWN: the repository does not have it. */
int context_set_at(struct history_build *build, uint32_t commit, uint32_t path,
		   uint32_t *set) _must_check_;

/* The contexts of that kind and name; name 0 for the kinds that have none. */
const struct history_context *context_find(const struct ksa_history *history, uint32_t kind,
					   uint32_t name, size_t *count);

/* context.c, for context_files.c */

/* The blob of a file at a commit, zero where there is none; and what it says by itself. */
int context_raw_at(struct history_build *build, uint32_t commit, uint32_t path,
		   struct object_id *blob, uint32_t *set) _must_check_;

/* Resolve the set of one version at a commit. */
int context_apply(struct history_build *build, uint32_t commit, uint32_t path,
		  const struct object_id *blob, uint32_t *set) _must_check_;

/* What of a file's set its tree decides: 0, nothing. */
bool context_matters(const struct history_build *build, uint32_t set);

/* The Makefiles that may set a namespace for a file: their paths. At most CONTEXT_CHAIN. */
#define CONTEXT_CHAIN 128
size_t context_makefiles(const struct history_build *build, const char *path, uint32_t *out);

#endif
