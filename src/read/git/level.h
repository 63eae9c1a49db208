/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef READ_GIT_LEVEL_H
#define READ_GIT_LEVEL_H

#include "read/git/build_internal.h"
#include "read/git/tree.h"

/* Of all commits together; Linux changes some three million files in its whole history. */
#define LEVEL_MAX_CHANGES ((size_t)1 << 25)

/* A file or directory that a commit changes: its versions, the commit's first. */
struct level_found {
	uint32_t path; /* of the worker's paths */
	uint32_t commit;
	uint32_t ids, id_count; /* in the chunk's ids */
	bool directory;
};

/* A tree that the repository lacks. */
struct level_missing {
	uint32_t path; /* string of the history */
	struct object_id id;
};

/* A path that a worker came by. */
struct level_path {
	const char *text; /* a directory ends with '/' */
	uint32_t number; /* string of the history; 0: not numbered so far */
};

/* Some directories of a level, and what one worker found in them. */
struct level_chunk {
	size_t first, end;
	unsigned int worker;
	struct {
		struct level_found *items;
		size_t count, capacity;
	} found;
	struct {
		struct level_missing *items;
		size_t count, capacity;
	} missing;
	struct id_pool ids;
	bool cut; /* there is more than any project has */
};

void level_chunk_release(struct level_chunk *chunk);

/* All directories of one depth. Zero-initialize. */
struct level {
	struct level_chunk *chunks;
	size_t chunk_count, chunk_capacity;
	struct level_worker *workers;
	unsigned int worker_count;
};

void level_release(struct level *level);

/*
 * Compare the directories (sorted such that those of one path stand together) on all cores. What is
 * found waits in the chunks: nothing of the history is changed. KSA_EFORMAT: a damaged tree.
 */
int level_compare(struct level *level, struct history_build *build,
		  const struct file_changes *dirs) _must_check_;

struct level_path *level_path(struct level *level, const struct level_chunk *chunk,
			      const struct level_found *found);

#endif
