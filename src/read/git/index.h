/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef READ_GIT_INDEX_H
#define READ_GIT_INDEX_H

#include "model/event.h"
#include "model/history_stats.h"
#include "read/git/git.h"

/* How a history is read. Zero-initialize. */
struct history_options {
	struct ksa_read_options read; /* jobs and progress */
	const char *until; /* a revision; NULL: HEAD */
	struct string_list branches; /* globs of branches, or revisions: these instead of until */
	const char *since; /* a revision whose history is left out; NULL: none */
	const char *cache; /* directory of caches; NULL: none is read or written */
	bool cached_only; /* KSA_ENODATA (err is not filled) where the cache has nothing yet */
};

/*
 * What all commits up to options->until do to exports. What a cache has is not read again; the
 * cache is brought up to date. A missing object is a notice and counted, a damaged one an error.
 */
int history_read(const char *path, const struct history_options *options, struct ksa_history **out,
		 struct ksa_error *err) _must_check_;

/*
 * Read the releases that the history's head reaches, each as a whole. *out is for
 * history_releases_release, also where this fails. KSA_ENODATA: there are none.
 */
int history_read_releases(struct ksa_history *history, const struct history_options *options,
			  struct history_releases *out, struct ksa_error *err) _must_check_;

/* The patch-ids (repo_patch_id) of commits of the history, in their order; zeros where one has
 * none.
 */
int history_read_patch_ids(const struct ksa_history *history, const uint32_t *commits, size_t count,
			   struct object_id *out, struct ksa_error *err) _must_check_;

/*
 * Read what the files of these states export at the end of the history, each file once, whatever
 * the symbols are; a file that is gone, or missing, exports nothing. out->items is malloc'd.
 */
int history_read_files(struct ksa_history *history, const struct event_state *states, size_t count,
		       struct history_exports *out, struct ksa_error *err) _must_check_;

#endif
