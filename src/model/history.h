/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef MODEL_HISTORY_H
#define MODEL_HISTORY_H

#include "base/strmap.h"
#include "model/module.h"
#include "model/object_id.h"

/* What a file says of one symbol. A class for each export macro that names it: most often one. */
struct export_state {
	uint32_t ns; /* string of the namespace; 0: none */
	uint8_t classes; /* mask of 1u << enum ksa_class; 0: the file does not export it */
	uint8_t padding[3]; /* here and below: zero, as the structures are written to a file */
};

static inline bool export_state_is_equal(struct export_state a, struct export_state b)
{
	return a.classes == b.classes && (!a.classes || a.ns == b.ns);
}

/* One commit of the graph. */
struct history_commit {
	struct object_id id;
	uint32_t parents; /* index of the first one in the history's parents */
	uint16_t parent_count;
	bool boundary; /* a shallow file or a graft says that its parents are not here */
	uint8_t padding;
	uint32_t order; /* rises from parents to children, and with the date elsewhere */
	int64_t time; /* of the committer, seconds since 1970 */
};

/*
 * What one commit does to one symbol in one file. Strings by their number. from and to may be the
 * same: a merge brings a state of one side to a file of another.
 */
struct history_change {
	uint32_t commit, path, name;
	struct export_state from, to;
	uint32_t body; /* hash of the definition without its name; 0: not looked at */
	uint32_t
		drop; /* 1: of a merge that keeps what one side had, and drops the other's change */
};

/* How a file exports a symbol at the end of the history. Strings by their number. */
struct history_export {
	uint32_t path, name, ns; /* ns: 0: none */
	enum ksa_class cls;
};

/* What some files export there. */
struct history_exports {
	struct history_export *items; /* malloc'd */
	size_t count, capacity;
};

/* What a commit with changes says of itself. Strings by number, 0: none. */
struct history_info {
	uint32_t commit;
	uint32_t author, email, subject;
	uint32_t upstream; /* hex id of the mainline commit that a stable one names */
	uint32_t reverts; /* hex id of the commit that it says to revert */
	uint32_t links, fixes; /* one a line */
	int64_t date; /* author date, seconds since 1970 */
	int32_t zone; /* minutes east of UTC */
};

/* A tag that names a commit of the graph, oldest first. */
struct history_tag {
	const char *name;
	uint32_t commit;
	bool candidate; /* a release candidate: "-rc1", "-pre3", "-beta2" */
	bool release; /* a release: it has a version, or no tag has one */
};

/* A branch, or another revision, whose history is asked for beside others'. */
struct history_branch {
	const char *name; /* as git says it, without refs/heads/ and the like */
	uint32_t commit;
};

#define HISTORY_NONE UINT32_MAX

/* Files of which some version, at some commit, hangs on the tree it stands in, or is hung on. */
enum history_context_kind {
	CONTEXT_DEFAULT, /* exports take the namespace that a Makefile sets */
	CONTEXT_FORM, /* tracepoints are exported */
	CONTEXT_NEED, /* the macro "name" is called, and headers may define it */
	CONTEXT_MAKEFILE, /* it sets a namespace */
	CONTEXT_HEADER /* it defines the macro "name" */
};

struct history_context {
	uint32_t kind, name, path; /* name: 0 for kinds without one */
};

/* Everything that the commits of a repository do to exports. */
struct ksa_history {
	struct arena arena;
	const char *path; /* of the repository, as the user gave it */

	struct history_commit *commits;
	size_t commit_count, commit_capacity;
	uint32_t *parents; /* indices of commits */
	size_t parent_count, parent_capacity;
	uint32_t *slots; /* hash of ids: index of a commit + 1, or 0 */
	size_t slot_count; /* a power of two */

	const char **strings; /* by number; 0 is NULL */
	size_t string_count, string_capacity;
	struct strmap string_map;

	struct history_change *changes; /* sorted by order of the commit, path, name once sorted */
	size_t change_count, change_capacity;
	struct history_info *infos; /* sorted by commit once sorted */
	size_t info_count, info_capacity;

	struct history_context *contexts; /* each once, sorted by its members */
	size_t context_count, context_capacity;

	struct history_tag *tags;
	size_t tag_count, tag_capacity;

	struct history_branch *branches; /* those that were asked for, by name */
	size_t branch_count, branch_capacity;

	uint32_t head; /* the commit that is asked for; HISTORY_NONE: branches are */
	uint32_t since; /* what this one reaches is left out; or HISTORY_NONE */
	const char **notices; /* in the arena */
	size_t notice_count, notice_capacity;
	const char *index_note; /* why the index is not used or kept; NULL: it is. No notice: the
				   answer is the same */
	/* What the repository does not have: versions of files, and of directories. */
	uint64_t missing_files, missing_trees;
	const char *incomplete; /* names the first of them; NULL: nothing is missing */
	/* Versions of files whose macros expand without end, and the first such file (a string). */
	uint64_t endless_files;
	uint32_t endless_path;
};

void ksa_history_free(struct ksa_history *history);

/* The number of a string, added if it is new; NULL is 0. */
int history_string(struct ksa_history *history, const char *s, uint32_t *number,
		   struct ksa_error *err) _must_check_;

/* The index of a commit, or HISTORY_NONE. */
uint32_t history_find_commit(const struct ksa_history *history, const struct object_id *id);

/* Add a commit that is not there, without parents. */
int history_add_commit(struct ksa_history *history, const struct object_id *id, uint32_t *index,
		       struct ksa_error *err) _must_check_;

/* Make the index of ids for commits that were put into the array as they are. */
int history_hash_commits(struct ksa_history *history, struct ksa_error *err) _must_check_;

/* The info of a commit, or NULL. */
const struct history_info *history_find_info(const struct ksa_history *history, uint32_t commit);

#define HISTORY_MAX_PARENTS 1000 /* the largest merge of Linux has 66 */

/* Give all commits their order: parents are added. */
int history_give_order(struct ksa_history *history, struct ksa_error *err) _must_check_;

/* Sort changes and infos; needs the order. */
void history_sort(struct ksa_history *history);

/* Sort contexts, and keep each once. */
void history_sort_contexts(struct ksa_history *history);

/*
 * Mark the commits that `commit` reaches (itself too) with value, passing by those that have a
 * value already; marks has an element a commit, stack room for as many.
 */
void history_mark(const struct ksa_history *history, uint32_t commit, uint32_t value,
		  uint32_t *marks, uint32_t *stack);

/* A best common ancestor of two commits, or HISTORY_NONE. */
int history_merge_base(const struct ksa_history *history, uint32_t a, uint32_t b, uint32_t *base,
		       struct ksa_error *err) _must_check_;

/* Keep a sentence about what could not be read. */
int history_add_notice(struct ksa_history *history, struct ksa_error *err, const char *format, ...)
	_printf_(3, 4);

#endif
