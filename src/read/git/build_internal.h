/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef READ_GIT_BUILD_INTERNAL_H
#define READ_GIT_BUILD_INTERNAL_H

#include <pthread.h>

#include "read/git/index.h"
#include "read/git/repo_internal.h"
#include "read/source/source.h"

/* The making of an index. */

/*
 * A set of exports: what one version of a file says. Sorted by name; of one name there is one item.
 * What an item says may hang on the tree: context.c makes sets of which none does.
 */
struct export_item {
	uint32_t name, ns;
	uint8_t classes;
	uint8_t kind; /* of an export: mask of ITEM_...; else one of FACT_... */
	uint8_t padding[2];
};

#define ITEM_DEFAULT 1u /* takes the namespace that a Makefile sets */
#define ITEM_LATE    2u /* and where there is one, ns instead of it */
#define ITEM_FORM    4u /* times an enum source_form */
#define ITEM_FORMS   28u
#define ITEM_GUESSED 32u /* by the macro's name, which a header may define */

/* What else a file says, behind its exports. */
#define FACT_NEED	128u /* it calls the macro "name", which it does not define */
#define FACT_DEFINITION 129u /* it is a header and defines the macro "name" with the text "ns" */
#define FACT_NS		130u /* it is a Makefile and sets the namespace "ns" for its directory */
#define FACT_NS_BELOW	131u /* the same for all below */

#define SET_EMPTY   0
#define SET_UNKNOWN UINT32_MAX /* the version is missing from the repository */

struct export_set {
	uint32_t first, count; /* exports among the items */
	uint32_t fact_count; /* items behind them */
	uint32_t kinds; /* of all of its exports together */
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

/* Add an id; NULL: the zero one. */
int build_push_id(struct id_pool *pool, const unsigned char *id,
		  struct ksa_error *err) _must_check_;

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
	struct context *context; /* what trees say of exports; context.h */
	bool makefiles; /* Makefiles may set namespaces: they are read */
	char missing[320]; /* the first object that was missing, with its path */
	char endless[256]; /* the path of the first file that expands without end */
	struct ksa_error *err;
};

/* Release all but the history. */
void build_release(struct history_build *build);

/* Read the commits that are not in the history yet, from tip on. */
int build_graph(struct history_build *build, const struct object_id *tip,
		uint32_t *index) _must_check_;

/* Find the files that new commits change, down to those that can hold exports. */
int build_files(struct history_build *build) _must_check_;

/* Read the versions of these files: fills build->sets. */
int build_sets(struct history_build *build) _must_check_;

/* Make room for sets; before any is asked for. */
int build_begin_sets(struct history_build *build) _must_check_;

/* The set of these items, exports first; they are sorted and joined. */
int build_intern(struct history_build *build, struct export_item *items, size_t count,
		 uint32_t *set, struct ksa_error *err) _must_check_;

/* The set of one version with the macros of headers (source_scan_with). */
int build_set_with(struct history_build *build, const char *path, const struct object_id *blob,
		   const struct source_prelude *preludes, size_t count, uint32_t *set) _must_check_;

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

/* Keep why the index is not used or kept: no matter of the answer, it costs time alone. */
int history_note_index(struct ksa_history *history, const struct ksa_error *why, const char *effect,
		       struct ksa_error *err) _must_check_;

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
/* The same of the bytes of an index, and their head made to fit (for tests that change the rest).
 */
bool cache_take(struct ksa_history *history, const unsigned char *data, size_t size,
		uint64_t state);
void cache_seal(unsigned char *data, size_t size, uint64_t state);
/* Replace the file. A failure is said in *why (err's form) only. */
int cache_store(const struct ksa_history *history, const char *path, uint64_t state,
		struct ksa_error *why);

#endif
