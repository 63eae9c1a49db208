/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef READ_REVIEW_GIT_H
#define READ_REVIEW_GIT_H

#include "model/review.h"
#include "read/git/git.h"

/* A repository that a review asks. */
struct review_repo;

/*
 * Open the repository at path for up to jobs threads (0: one a processor). progress as in struct
 * ksa_read_options; may be NULL. Errors as of repo_open.
 */
int review_repo_open(const char *path, const struct ksa_read_options *options,
		     struct review_repo **out, struct ksa_error *err) _must_check_;
void review_repo_free(struct review_repo *repo);

/* Where the history command keeps its index (borrowed): with one of this repository there, findings
 * tell the past of their symbols. */
void review_repo_use_cache(struct review_repo *repo, const char *dir);

/*
 * The tree of a revision, in the repository's memory: what patches are laid over. KSA_EUSAGE: none
 * of that name.
 */
int review_repo_tree(struct review_repo *repo, const char *rev, const struct review_tree **tree,
		     struct ksa_error *err) _must_check_;

/*
 * Read the commits of "A..B", or the one commit B, into input->patches, those that do something to
 * exports, licenses or namespaces; input->tree becomes that of B, or of one of them after another,
 * as is asked (struct review_tree's at). Of a merge in a range what it did itself counts, against
 * all its parents; one that is given alone is compared with its first parent. With input->net the
 * range is one patch, from where A and B part to B. repo must outlive input.
 */
int review_read_range(struct review_input *input, struct review_repo *repo, const char *range,
		      struct ksa_error *err) _must_check_;

/* The commit that what was read comes after, as hex digits that live as long as repo: the start of
 * a range, the parent of one commit, the revision that patches lie over. NULL: there is none. */
const char *review_repo_before(const struct review_repo *repo);

/* Read the upstream commits that the patches name, as far as the repository has them. */
int review_read_upstream(struct review_input *input, struct review_repo *repo,
			 struct ksa_error *err) _must_check_;

#endif
