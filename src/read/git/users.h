/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef READ_GIT_USERS_H
#define READ_GIT_USERS_H

#include "base/strmap.h"
#include "read/git/git.h"
#include "read/source/source.h"

/* Who uses the exports of a revision. */

/* A file of a revision, and what it exports. */
struct source_file {
	const char *path;
	struct object_id blob;
	struct source_export *exports; /* in the reader's arena */
	size_t export_count, gap_count;
	struct string_list needs; /* macros that it calls, and headers may define */
	struct source_defined *definitions; /* of a header */
	size_t definition_count;
	bool missing; /* from the repository */
	bool is_user; /* it uses an export of another file */
};

struct source_files {
	struct source_file *items;
	size_t count, capacity;
};

/* The users of each symbol. Zero-initialize. */
struct source_users {
	struct strmap names; /* symbol -> its number; borrows the files' strings */
	size_t *first; /* by number, and one more: where its files start */
	uint32_t *files; /* the how many-eth of those with is_user, rising for each symbol */
};

/* True for files that are read for users alone, by their names. */
bool users_wants_path(const char *path);

/* True for files whose uses count: all that are read, but for the programs and test drivers of
 * tools/. */
bool users_count_path(const char *path);

/*
 * Read all files once more, for what they use of each other's exports (source_uses). A file that
 * exports the symbol itself is none of its users. Fills is_user. KSA_ELIMIT: more uses than any
 * kernel has.
 */
int source_users_find(const char *repository, struct source_files *files,
		      const struct ksa_read_options *options, struct source_users *out,
		      struct ksa_error *err) _must_check_;
void source_users_release(struct source_users *users);

#endif
