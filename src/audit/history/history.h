/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef AUDIT_HISTORY_HISTORY_H
#define AUDIT_HISTORY_HISTORY_H

#include "model/event.h"
#include "model/history_stats.h"

/*
 * The events of a history that the filter wants (borrowed, as the history is). Changes of one
 * commit to one symbol are taken together: a class that changes in a file, what went from some
 * files to others, what only came or only went. What went in one commit and came back in another
 * class in a later one of the same release is a likely reclassification. KSA_ENOMEM.
 */
int history_events(const struct ksa_history *history, const struct event_filter *filter,
		   struct ksa_events **out, struct ksa_error *err) _must_check_;

/*
 * Keep of the events' states those that hold, and say how, by what their files export at the end;
 * and find the symbols that stand otherwise than their changes say. KSA_ENOMEM.
 */
int history_confirm(struct ksa_events *events, const struct history_exports *exports,
		    struct ksa_error *err) _must_check_;

/* Count the releases of a history. *out is for history_stats_release. KSA_ENOMEM. */
int history_count_releases(const struct history_releases *releases, struct history_stats *out,
			   struct ksa_error *err) _must_check_;

/*
 * The symbols that a figure of the releases counts; release: the name of the only one that is
 * wanted (NULL: all). *out is for history_stats_list_release. KSA_EUSAGE: there is no such release.
 */
int history_list_figure(const struct ksa_history *history, const struct history_releases *releases,
			const char *release, struct history_stats_list *out,
			struct ksa_error *err) _must_check_;

#endif
