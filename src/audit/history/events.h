/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef AUDIT_HISTORY_EVENTS_H
#define AUDIT_HISTORY_EVENTS_H

#include "audit/history/history.h"

/* For src/audit/history*.c alone. */

/* The changes of one commit become events, added to the list. */
int events_of_commit(struct ksa_events *events, const struct history_change *changes, size_t count,
		     struct ksa_error *err) _must_check_;

/*
 * renames.c: of the events from first on, those of one commit, what goes and what comes becomes
 * "likely renamed": with the same definition but for the name, or by the words of the subject (may
 * be NULL). What is told by another event is left with the kind EVENT_KINDS.
 */
void renames_by_body(struct ksa_events *events, size_t first, const struct history_change *changes,
		     size_t count);
void renames_by_subject(struct ksa_events *events, size_t first, const char *subject);

/* Of what went and came in the same release: likely reclassifications, added to the list. */
int events_across(struct ksa_events *events, struct ksa_error *err) _must_check_;

/* Pair each step with the one that takes it back: see ksa_event.undoes. */
int events_find_reverts(struct ksa_events *events, struct ksa_error *err) _must_check_;

int event_add(struct ksa_events *events, const struct ksa_event *event,
	      struct ksa_error *err) _must_check_;

/* True if both are NULL, or neither is and they are equal. */
bool event_text_is_same(const char *a, const char *b);

/* Append one more path to a joined list of them; NULL when out of memory. */
const char *event_join(struct ksa_events *events, const char *paths, const char *path) _must_check_;

#endif
