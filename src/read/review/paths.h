/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef READ_REVIEW_PATHS_H
#define READ_REVIEW_PATHS_H

#include "read/review/trees.h"

/* Some files, of which it is asked again and again, in one commit after the other, which differ: a
 * directory that is the same is not looked into. Zero-initialize. */
struct paths {
	struct paths_node {
		struct trees_name name; /* in the directory above; borrowed of a path */
		const char *path; /* of a file; NULL: a directory */
		size_t parent; /* SIZE_MAX: the top */
		size_t end; /* behind it and all below */
		struct object_id id; /* when it was last asked; zero: it was not there */
	} * nodes;
	size_t count, capacity;
};

void paths_release(struct paths *paths);

/* Of paths sorted by their bytes, each once, which are borrowed. KSA_ENOMEM. */
int paths_make(struct paths *paths, const char *const *sorted, size_t count,
	       struct ksa_error *err) _must_check_;

/* Call visitor for each file that is another one in the commit's tree than when this was last
 * asked, or gone (a zero id); all: for each. */
int paths_visit(struct paths *paths, struct trees *trees, const struct object_id *commit, bool all,
		const struct trees_visitor *visitor) _must_check_;

#endif
