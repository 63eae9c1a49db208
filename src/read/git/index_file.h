/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef READ_GIT_INDEX_FILE_H
#define READ_GIT_INDEX_FILE_H

#include "base/strbuf.h"
#include "read/git/git.h"

/*
 * The version of all of them: count it up when a form changes, or what the source reader makes of
 * one. Before '2', a history that lacked objects was kept as if it were whole; before '3', what a
 * tree says of the exports of its files was not known; before '4', what a commit says to revert.
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

/* Replace the file, and make its directories. A failure is said in *why only. */
int index_write(const char *path, const struct strbuf *content, struct ksa_error *why);

#endif
