/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef READ_GIT_REPO_INTERNAL_H
#define READ_GIT_REPO_INTERNAL_H

#include "read/git/git.h"
#include "read/git/library.h"

/* An open repository. */
struct repo {
	git_repository *handle;
	git_odb *odb;
};

/* Record "what: the last thing that libgit2 complained about"; returns code. */
int git_fail(struct ksa_error *err, enum ksa_code code, const char *what);

/* The head of a commit object; it borrows the object's bytes. */
struct repo_commit {
	struct repo_object object;
	struct object_id tree;
	const char *parents; /* the first "parent" line */
	size_t parent_count;
	const char *rest, *end; /* what follows the parents: author, committer, ..., message */
};

/* As repo_read; release in any case. KSA_EFORMAT: it does not start with "tree" and "parent" lines.
 */
int repo_read_commit(struct repo *repo, const struct object_id *id, struct repo_commit *out,
		     struct ksa_error *err) _must_check_;
void repo_commit_release(struct repo_commit *commit);

/* The i-th parent; false if there is none. */
bool repo_commit_parent(const struct repo_commit *commit, size_t i, struct object_id *out);

/* The value of a header line ("author"), up to its newline; NULL if there is none. */
const char *repo_commit_header(const struct repo_commit *commit, const char *name, size_t *length);

/* Seconds since 1970 and the zone in minutes, from the end of an author or committer line. */
bool repo_commit_time(const char *header, size_t length, int64_t *seconds, int16_t *zone);

#endif
