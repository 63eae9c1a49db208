/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef MODEL_TYPE_CHANGE_H
#define MODEL_TYPE_CHANGE_H

#include <stdbool.h>

#include "base/strbuf.h"

/* What differs between two declarations of one type, as a struct type_graph has them. */

enum type_change_kind {
	TYPE_ADDED,
	TYPE_REMOVED,
	TYPE_RETYPED,
	TYPE_RESIZED, /* an array of another length, a bit-field of another width */
	TYPE_RENAMED,
	TYPE_MOVED, /* among the others that stayed */
	TYPE_CHANGES
};

/* "added", "removed", "retyped", "resized", "renamed", "moved". */
const char *type_change_name(enum type_change_kind kind);

/* A part of a declaration. */
struct type_slice {
	const char *text;
	size_t length;
};

/* A member, or an enumerator. */
struct type_change {
	enum type_change_kind kind;
	struct type_slice name; /* the old one; of one that was added its only one; may be empty */
	struct type_slice old, now; /* whole; empty: there is none */
};

struct type_changes {
	bool enumerators; /* they are, not members */
	struct type_change *items; /* malloc'd: what is gone in the old order, with what is new
				      between; they point into the declarations */
	size_t count, capacity;
	size_t counts[TYPE_CHANGES];
};

/*
 * Compare two declarations. Members of anonymous structures and unions count as members of what has
 * these. No change at all: what differs is no member (of a typedef or a prototype, say).
 * KSA_ENOMEM.
 */
int type_changes_find(const char *old, const char *now, struct type_changes *out,
		      struct ksa_error *err) _must_check_;
void type_changes_release(struct type_changes *changes);

/*
 * The member of a declaration that names a type ("struct b", "typedef b", "enumerator b"): the
 * first one. False: it has no members, or none does.
 */
bool type_change_member(const char *text, const char *type, struct type_slice *out);

/* "3 members added, 1 removed"; of one alone "member gso_max_size added". Nothing if there is none.
 */
void type_changes_words(const struct type_changes *changes, struct strbuf *out);

#endif
