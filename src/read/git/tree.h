/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef READ_GIT_TREE_H
#define READ_GIT_TREE_H

#include "read/git/git.h"

#define TREE_MAX_DEPTH	 128
#define TREE_MAX_ENTRIES (1 << 20) /* Linux 7.2 has 100,000 */
#define TREE_MAX_BYTES	 (256 << 20)

/* What was seen of one tree with all below it. One directory can stand in a tree many times, and in
 * it another one many times. */
struct tree_size {
	size_t entries, bytes;
};

/* KSA_ELIMIT if it is larger than any project's; path: where the walk is. */
int tree_too_large(const struct tree_size *size, const char *path, struct ksa_error *err);

enum tree_mode { TREE_FILE, TREE_DIRECTORY, TREE_OTHER /* a link, a submodule */ };

/* One entry of a tree object; it borrows the object's bytes. */
struct tree_entry {
	const char *name; /* NUL-terminated */
	const unsigned char *id; /* OBJECT_ID_SIZE bytes */
	const unsigned char *start, *next; /* the entry's bytes */
	enum tree_mode mode;
};

/*
 * The entry at `at`. False where no whole entry with a usable name (no '/', not empty) is left: at
 * `end`, or in damaged bytes.
 */
bool tree_entry_at(const unsigned char *at, const unsigned char *end, struct tree_entry *out);

/* git's order of entries: bytewise, a directory as if its name ended with '/'. */
int tree_entry_compare(const struct tree_entry *a, const struct tree_entry *b);

/* The error of a tree object in which something follows its last whole entry. */
int tree_damaged(const struct object_id *id, struct ksa_error *err);

#endif
