/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef AUDIT_HISTORY_EVENTS_H
#define AUDIT_HISTORY_EVENTS_H

#include "audit/history/history.h"

/* For src/audit/history*.c alone. */

/* The changes of one commit become events, added to the list. */
int events_of_commit(struct ksa_events *events, const struct history_change *changes, size_t count,
		     struct ksa_error *err) _must_check_;

/* Of what went and came in the same release: likely reclassifications, added to the list. */
int events_across(struct ksa_events *events, struct ksa_error *err) _must_check_;

/* Pair each step with the one that takes it back: see ksa_event.undoes. */
int events_find_reverts(struct ksa_events *events, struct ksa_error *err) _must_check_;

int event_add(struct ksa_events *events, const struct ksa_event *event,
	      struct ksa_error *err) _must_check_;

/* Append one more path to a joined list of them; NULL when out of memory. */
const char *event_join(struct ksa_events *events, const char *paths, const char *path) _must_check_;

#endif
