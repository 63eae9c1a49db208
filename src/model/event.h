/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef MODEL_EVENT_H
#define MODEL_EVENT_H

#include "model/family.h"
#include "model/history.h"
#include "model/module.h"

enum event_kind {
	EVENT_PRESENT, /* there already in the first commit */
	EVENT_INTRODUCED,
	EVENT_CLASS,
	EVENT_NAMESPACE,
	EVENT_MOVED,
	EVENT_RENAMED,
	EVENT_REMOVED,
	EVENT_KINDS
};

/* "present", "introduced", "reclassified", "namespace", "moved", "renamed", "removed". */
const char *event_kind_name(enum event_kind kind);

/*
 * One step of an export's life. Where files change, from and to are what they say together: a mask
 * of classes, as a symbol may be plain in one file and GPL-only in another.
 */
struct ksa_event {
	enum event_kind kind;
	const char *symbol;
	const char *old_symbol; /* renamed: the name before; else NULL */
	const char *from_path, *to_path; /* several, in order, one a line; NULL: not exported */
	const char *from_ns, *to_ns; /* NULL: none */
	uint8_t from, to; /* masks of 1u << enum ksa_class */
	bool likely; /* taken from the circumstances: a rename, a change over several commits */
	bool merge; /* made by a merge: no parent has it so, in whatever file */
	bool drop; /* a merge keeps what one side had, and drops what the other did */
	uint32_t commit; /* of the history */
	uint32_t earlier; /* over several commits: the one that removed it; else HISTORY_NONE */
	uint32_t undoes; /* the commit whose step this one takes back; or HISTORY_NONE */
	uint32_t undone_by; /* the other way round */
	bool says_so; /* its message names the commit that it takes back */
};

/* Which events are wanted. Zero-initialize: all. */
struct event_filter {
	struct string_list names; /* symbols and globs */
	struct family_list families;
	struct string_list paths; /* files, directories and globs; none: all */
	unsigned int kinds; /* mask of 1u << enum event_kind; 0: all */
};

/* A file that exports a symbol at the end of the history. */
struct event_state {
	const char *symbol, *path, *ns;
	uint8_t classes;
	uint8_t left; /* what the last change of it leaves: the same, unless a merge undid that */
	uint32_t change; /* index of that in the history */
};

/* What was asked of a history. Borrows it. */
struct ksa_events {
	struct arena arena;
	const struct ksa_history *history;
	struct event_filter filter;
	struct ksa_event *items; /* by order of their commits, then symbol, then kind */
	size_t count, capacity;
	size_t counts[EVENT_KINDS];
	size_t to_gpl, from_gpl; /* of reclassified: plain to GPL-only, and back */
	size_t commits; /* that made them */
	uint32_t *first_tag, *first_release; /* by commit: index of a tag, or HISTORY_NONE */
	uint32_t *backports; /* by info: a commit that names it as upstream, or HISTORY_NONE */
	struct event_state *states; /* by symbol, path: where the symbols stand at the end */
	size_t state_count, state_capacity;
	const char **undone; /* symbols that stand otherwise there than their changes leave them */
	size_t undone_count;
	const char **unknown; /* names asked for that no commit exports */
	size_t unknown_count;
};

void ksa_events_free(struct ksa_events *events);

/* A mask of classes in words, "plain", "gpl+plain", "" for none; borrowed from the buffer. */
const char *event_classes(uint8_t mask, char *buffer, size_t size);

#endif
