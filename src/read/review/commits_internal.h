/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef READ_REVIEW_COMMITS_INTERNAL_H
#define READ_REVIEW_COMMITS_INTERNAL_H

#include "read/review/git_internal.h"
#include "read/review/scan.h"

/* The read of one commit. */
struct loader {
	const struct review_repo *repo;
	struct repo *handle; /* borrowed, as the next two */
	struct trees *trees;
	struct arena *arena; /* where what is kept goes */
	struct arena *texts; /* where texts go: arena, or one that forgets them with each commit */
	struct arena forgotten;
	struct intern paths; /* of notes */
	struct find_files notes; /* versions of files in the trees of the range */
	struct review_scanner scanner;
	struct arena scratch; /* of what may be dropped */
	struct object_id commit[PATCH_SIDES]; /* whose Makefiles count; zero: none */
	const struct repo_change *changes; /* of the commit */
	size_t change_count;
	bool moves; /* it changes default namespaces in Makefiles */
	int side;
	struct review_file *files;
	size_t file_count, file_capacity;
	struct ksa_error *err;
};

/* Give the exports of a side the default namespaces of l->commit[which]'s Makefiles. */
int commits_set_namespaces(struct loader *l, struct arena *arena, int which,
			   struct review_side *side) _must_check_;

/* A version of a file, in an arena; a zero id: there is none. KSA_ENODATA: it is missing. In the
 * arena of what is kept, its text may go with the commit: see keep_files. */
int commits_scan_blob(struct loader *l, struct arena *arena, const char *path,
		      const struct object_id *blob, struct review_side *side) _must_check_;

/* Note that some tree of the range has this version of a file: names are looked for in it. */
int commits_note_version(struct loader *l, const char *path,
			 const struct object_id *blob) _must_check_;

/* Both are the same text, or none. */
bool commits_is_equal(const char *a, const char *b);

/* Put into l->files what a merge did itself to files that export: of each the exports alone whose
 * state no parent has, and those that all parents have and it has not. */
int commits_load_merge(struct loader *l, const struct object_id *merge,
		       const struct object_id *parents, size_t count) _must_check_;

#endif
