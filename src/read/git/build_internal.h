/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef READ_GIT_BUILD_INTERNAL_H
#define READ_GIT_BUILD_INTERNAL_H

#include <pthread.h>

#include "read/git/index.h"
#include "read/git/repo_internal.h"

/* The making of an index. */

/* A set of exports: what one version of a file says. Sorted by name; of one name there is one item.
 */
struct export_item {
	uint32_t name, ns;
	uint8_t classes;
	uint8_t padding[3];
};

#define SET_EMPTY   0
#define SET_UNKNOWN UINT32_MAX /* the version is missing from the repository */

struct export_set {
	uint32_t first, count; /* items */
};

/* A file's versions around one commit: ids[0] is the commit's, the others are its parents'. */
struct file_change {
	uint32_t path, commit;
	uint32_t ids; /* index of the first id */
	uint32_t id_count;
};

struct id_pool {
	struct object_id *items;
	size_t count, capacity;
};

struct file_changes {
	struct file_change *items;
	size_t count, capacity;
	struct id_pool ids;
};

struct history_build {
	struct ksa_history *history;
	const struct history_options *options;
	struct repo *repo;
	struct object_id *trees; /* of each new commit (those before "first" are not set) */
	size_t tree_capacity;
	size_t first; /* commits from here on are new */
	struct file_changes files; /* files that may export */
	uint32_t *sets; /* of each id of files */
	/* The sets, shared by the workers. */
	pthread_mutex_t lock;
	struct export_item *items;
	size_t item_count, item_capacity;
	struct export_set *set_list;
	size_t set_count, set_capacity;
	uint32_t *set_slots;
	size_t set_slot_count;
	char missing[320]; /* the first object that was missing, with its path */
	char endless[256]; /* the path of the first file that expands without end */
	struct ksa_error *err;
};

/* Read the commits that are not in the history yet, from tip on. */
int build_graph(struct history_build *build, const struct object_id *tip,
		uint32_t *index) _must_check_;

/* Find the files that new commits change, down to those that can hold exports. */
int build_files(struct history_build *build) _must_check_;

/* Read the versions of these files: fills build->sets. */
int build_sets(struct history_build *build) _must_check_;

/* The set of one version, read now. */
int build_set_of(struct history_build *build, const char *path, const struct object_id *blob,
		 uint32_t *set) _must_check_;

/* The error of a commit that is not there: only shallow files and grafts cut a history off. */
int build_commit_missing(const struct object_id *id, struct ksa_error *err);

/* Keep what is missing, if it is the first; from any worker. */
void build_name_missing(struct history_build *build, const char *what, const char *path,
			const struct object_id *id);

/* Compare the versions: fills the history's changes and infos. */
int build_changes(struct history_build *build) _must_check_;

/* What a set says of a symbol. */
struct export_state build_state_of(const struct history_build *build, uint32_t set, uint32_t name);

/* Add to the history's changes. */
int build_add_change(struct history_build *build, const struct history_change *change) _must_check_;

/*
 * What the new merges themselves do to exports; after the changes of all other commits. A merge
 * changes a symbol if its state there (class and namespace, in whatever file) is that of none of
 * the parents; and it drops a change if it keeps what one parent has, whose side did nothing to the
 * symbol. A state that comes from one side and stands in a file that another side renamed is only
 * recorded as being there: as a change from itself to itself.
 */
int build_merges(struct history_build *build) _must_check_;

/* True for files that are read for exports, by their names. */
bool build_wants_path(const char *path);

/* Show progress, if that is wanted. */
void build_progress(const struct history_build *build, const char *what, size_t done, size_t total);

/* What must be the same for a cache to fit: shallow and grafted commits, the export macros known.
 */
int cache_state(struct history_build *build, uint64_t *state) _must_check_;
/* The file's name; malloc'd, NULL when out of memory. */
char *cache_path(const struct history_build *build);
/*
 * Fill the (empty) history. False: there is none that fits or is whole; the history is to be made
 * anew. *why: KSA_EUSAGE where there is one that somebody else may have written.
 */
bool cache_load(struct ksa_history *history, const char *path, uint64_t state,
		struct ksa_error *why);
/* Replace the file. A failure is said in *why (err's form) only. */
int cache_store(const struct ksa_history *history, const char *path, uint64_t state,
		struct ksa_error *why);

#endif
