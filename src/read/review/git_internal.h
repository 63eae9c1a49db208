/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef READ_REVIEW_GIT_INTERNAL_H
#define READ_REVIEW_GIT_INTERNAL_H

#include "base/strmap.h"
#include "read/review/find.h"
#include "read/review/git.h"
#include "read/review/paths.h"
#include "read/review/trees.h"

/* A file that was looked for. */
struct text {
	struct object_id blob; /* zero: it is not there */
	uint64_t visit; /* when that was found out */
	char *data; /* malloc'd, of that blob; NULL: not read */
	size_t size;
};

struct review_repo {
	struct repo *handle;
	struct review_repo *parent; /* of a thread's own: whose commits and history it has */
	struct ksa_read_options options;
	const char *path;
	struct arena arena;
	struct object_id commit; /* of the tree */
	char before[OBJECT_ID_HEX + 1]; /* the last commit that counts, or "" */
	struct {
		const char *cache; /* directory of the history's index, borrowed; NULL: none */
		struct object_id before; /* the last commit that counts */
		struct ksa_history *history; /* NULL: not read */
		bool tried;
	} past;
	struct review_tree tree;
	struct {
		struct text *items;
		size_t count, capacity;
	} texts;
	struct strmap by_path;
	struct trees *trees;
	uint64_t visit; /* counts the commits that it was the tree of */
	size_t kept; /* bytes of texts */
	struct arena read; /* of other blobs: goes when it becomes another commit's tree */
	struct {
		const struct review_input *input; /* whose patches they are; NULL: no range */
		bool visited; /* it was the tree of some */
		char end[OBJECT_ID_HEX + 1]; /* the last one */
		struct find_files files; /* what they changed, before and after */
		struct arena *arenas; /* of what was read of them, one a worker */
		unsigned int arena_count;
		struct {
			const char **items;
			size_t count, capacity;
			bool known; /* looked for; there may be none */
		} kconfigs;
	} commits;
	struct paths kconfigs; /* the same, as they are in the tree */
};

/* A blob's bytes, with a NUL behind them. KSA_ENODATA: the repository does not have it. */
int review_copy_blob(struct repo *handle, const struct object_id *id, struct arena *arena,
		     const char **text, size_t *size, struct ksa_error *err) _must_check_;

/* Make it the tree of a commit, by the name that sentences give it. KSA_ENOMEM. */
int review_repo_set(struct review_repo *repo, const struct object_id *commit, const char *name,
		    struct ksa_error *err) _must_check_;

/* The same, as another one of the commits of a range (struct review_tree's at). */
int review_repo_at(void *repo, size_t patch, struct ksa_error *err) _must_check_;

#endif
