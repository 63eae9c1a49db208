/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef READ_GIT_INDEX_FILE_H
#define READ_GIT_INDEX_FILE_H

#include "base/strbuf.h"
#include "base/strmap.h"
#include "read/git/git.h"

/*
 * The version of all of them: count it up when a form changes, or what the source reader makes of
 * one. Before '2', a history that lacked objects was kept as if it were whole; before '3', what a
 * tree says of the exports of its files was not known; before '4', what a commit says to revert;
 * before '5', where it says so with seven digits.
 */
#define INDEX_VERSION '5'

#define INDEX_MAX ((size_t)2 << 30) /* bytes of one */

/* Against damage, not against forgery: who may write an index is checked where it is read. */
uint64_t index_checksum(const unsigned char *data, size_t size);

/* What must be the same for an index to fit: the program's version, the sizes of the structures in
 * it, the export macros that the source reader knows. */
uint64_t index_form(const size_t *sizes, size_t count);

/* The name of a repository's index in the directory; malloc'd, NULL when out of memory. */
char *index_path(const char *directory, const struct repo *repo, const char *ending);

/* What of an index is not read yet. */
struct index_reader {
	const unsigned char *at;
	size_t left;
};

/* The next count elements of size bytes as a new array, with room for one more; NULL where the file
 * is shorter, or without memory. */
void *index_take_array(struct index_reader *r, uint64_t count, size_t size);

/* Where the names of an index go. */
struct index_names {
	struct arena *arena;
	const char ***items; /* by number; the first is NULL, and no name */
	size_t *count, *capacity;
	struct strmap *numbers;
};

/* The rest of the file, which is text bytes: names, each with its NUL, the first with the number 1;
 * count is one more than there are. False: it is damaged, or no memory. */
bool index_take_names(struct index_reader *r, uint64_t count, uint64_t text,
		      const struct index_names *out);

/* Replace the file, and make its directories. A failure is said in *why only. */
int index_write(const char *path, const struct strbuf *content, struct ksa_error *why);

#endif
