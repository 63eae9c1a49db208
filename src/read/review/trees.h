/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef READ_REVIEW_TREES_H
#define READ_REVIEW_TREES_H

#include "read/git/git.h"

/*
 * Paths looked up in one commit after another: trees that were read lately are kept, as most of
 * them are the next commit's too. One thread at a time.
 */
struct trees;

/* repo is borrowed. NULL: out of memory. */
struct trees *trees_new(struct repo *repo) _must_check_;
void trees_free(struct trees *trees);

struct trees_name {
	const char *text;
	size_t length;
	bool is_directory; /* else a regular file */
};

/* The blob at a path of the commit's tree; only regular files. KSA_ENODATA (err is not filled): no
 * file is there, or the repository does not have its directory. */
int trees_find(struct trees *trees, const struct object_id *commit, const char *path,
	       struct object_id *blob, struct ksa_error *err) _must_check_;

/* The tree of a commit, and an entry of the tree id, by its name of so many letters. A zero id:
 * there is none, or the repository does not have the tree. */
int trees_top(struct trees *trees, const struct object_id *commit, struct object_id *id,
	      struct ksa_error *err) _must_check_;
int trees_entry(struct trees *trees, const struct object_id *id, const struct trees_name *name,
		struct object_id *out, struct ksa_error *err) _must_check_;

/* Whom a walk calls, as repo_walk does. */
struct trees_visitor {
	repo_visit visit;
	void *ctx;
	struct ksa_error *err;
};

/* The files of a directory of the commit's tree ("" is the top), and with below of all below it.
 * KSA_ENODATA: it is not there. */
int trees_walk(struct trees *trees, const struct object_id *commit, const char *dir, bool below,
	       const struct trees_visitor *visitor) _must_check_;

#endif
