/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef AUDIT_HISTORY_H
#define AUDIT_HISTORY_H

#include "model/event.h"

/*
 * The events of a history that the filter wants (borrowed, as the history is). Changes of one
 * commit to one symbol are taken together: a class that changes in a file, what went from some
 * files to others, what only came or only went. What went in one commit and came back in another
 * class in a later one of the same release is a likely reclassification. KSA_ENOMEM.
 */
int history_events(const struct ksa_history *history, const struct event_filter *filter,
		   struct ksa_events **out, struct ksa_error *err) _must_check_;

#endif
