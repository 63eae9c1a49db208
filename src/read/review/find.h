/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef READ_REVIEW_FIND_H
#define READ_REVIEW_FIND_H

#include "model/review.h"
#include "read/git/git.h"

/* Versions of files, those of one path in the order of the commits. Zero-initialize. */
struct find_files {
	struct find_file {
		const char *path;
		struct object_id blob;
		uint32_t order; /* of the finder */
	} * items;
	size_t count, capacity;
};

/* The tree to look through, and other versions of its files. */
struct find_target {
	const char *path; /* of the repository: each thread opens it for itself */
	struct repo *repo;
	const struct object_id *commit;
	struct find_files *more; /* of commits; the search takes them. NULL: none */
	struct arena *arena; /* of the paths that are found */
	const struct ksa_read_options *options;
	size_t missing; /* what the repository does not have, after the search */
};

/* struct review_tree's mentions: found is called in the order of paths, then names. */
int find_mentions(struct find_target *target, const struct review_name *names, size_t count,
		  int (*found)(void *found_ctx, size_t name, const char *path, bool exported,
			       struct ksa_error *err),
		  void *found_ctx, struct ksa_error *err) _must_check_;

#endif
