/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef READ_GIT_USERS_H
#define READ_GIT_USERS_H

#include "read/git/facts.h"
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
};

struct source_files {
	struct source_file *items;
	size_t count, capacity;
};

/* The exports of files as the facts' numbers of their names. Zero-initialize. */
struct source_symbols {
	uint32_t *names;
	size_t *first; /* by file, and one more: where its names start */
	uint8_t *exported; /* by number: some file exports it */
	size_t name_count; /* of exported */
};

void source_symbols_release(struct source_symbols *symbols);

/* Number the exports of the files. KSA_ENOMEM. */
int source_symbols_make(struct source_symbols *symbols, struct facts *facts,
			const struct source_files *files, struct ksa_error *err) _must_check_;

/* The users of each name. Zero-initialize. */
struct source_users {
	size_t *first; /* by the facts' number of the name, and one more: where its files start */
	uint32_t *files; /* the how many-eth of those that use anything, rising for each name */
	bool *is_user; /* by file: it uses an export of another file */
};

/* True for files that are read for users alone, by their names. */
bool users_wants_path(const char *path);

/* True for files whose uses count: all that are read, but for the programs and test drivers of
 * tools/. */
bool users_count_path(const char *path);

/*
 * What files use of each other's exports, as far as they were searched for that. A file that
 * exports the symbol itself is none of its users. files has an element for each that symbols were
 * made of. KSA_ENOMEM.
 */
int source_users_find(const struct facts *facts, const struct fact_wanted *files,
		      const struct source_symbols *symbols, size_t count, struct source_users *out,
		      struct ksa_error *err) _must_check_;
void source_users_release(struct source_users *users);

#endif
