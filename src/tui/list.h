/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TUI_LIST_H
#define TUI_LIST_H

#include "model/diff.h"

/*
 * The rows of a diff as a list that folds: one group a severity, what hurts most first, and last
 * the Rust names. What is removed and stands behind headers is a group behind the other removed
 * ones. Each row stands once, rows of a group are sorted by name. A line is the head of a
 * group that has rows, or a row of one that is not folded.
 */
#define LIST_GROUPS 11

struct list_group {
	uint32_t *all, *rows; /* rows are those of all that pass the filter */
	size_t all_count, count;
	bool folded;
};

/* Which rows pass. */
struct list_filter {
	char pattern[256]; /* a glob, or else a part of the name; "": all */
	const struct diff_family *family; /* or NULL */
	bool only_modules; /* what the given modules import */
};

struct list {
	const struct diff *diff;
	struct list_group groups[LIST_GROUPS];
	struct list_filter filter;
	uint32_t *memory; /* of the groups */
};

/* Where a line is. */
struct list_place {
	unsigned int group;
	uint32_t row; /* NO_INDEX: the head of the group */
};

/* Take the rows of the view (borrows its diff, not the view), unfiltered. CRCs, Rust names
 * and what stands behind headers are folded. */
int list_init(struct list *list, const struct diff_view *view, struct ksa_error *err) _must_check_;
void list_release(struct list *list);

/* Show what passes this filter. */
void list_set_filter(struct list *list, const struct list_filter *filter);

/* The rows of all groups that pass the filter, folded or not; and the lines. */
size_t list_row_count(const struct list *list);
size_t list_line_count(const struct list *list);

/* The place of a line; of the last one if there are not so many. Of an empty list a head. */
struct list_place list_at(const struct list *list, size_t line);

/* The line of a place, or of what is there now if it has no line: the row that follows it, the
 * head of its folded group. 0 if the list is empty. */
size_t list_line_of(const struct list *list, struct list_place place);

/*
 * The next row after (forward) or before the place whose name matches, over folded groups too and
 * around the end. False if there is none.
 */
bool list_find(const struct list *list, const char *pattern, bool forward,
	       struct list_place *place);

/* The rows that are shown, so none of folded groups, as a view (to be freed with free(rows)). axes
 * are the marks that were asked for. */
int list_shown(const struct list *list, unsigned int axes, struct diff_view *view,
	       struct ksa_error *err) _must_check_;

/* The rows that list_shown would give. */
size_t list_shown_count(const struct list *list);

/* The key that jumps to a group ('1' to '9', '0', '-'), its short name, and what is to know of it.
 */
char list_key(unsigned int group);
const char *list_name(unsigned int group);
const char *list_title(const struct list *list, unsigned int group);

#endif
