/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef AUDIT_HISTORY_BRANCHES_INTERNAL_H
#define AUDIT_HISTORY_BRANCHES_INTERNAL_H

#include "model/branches.h"

/* By what they do, whichever commit does it: symbol, kind, both ends. */
int branches_compare_steps(const struct ksa_event *a, const struct ksa_event *b);

/* The events' indices by that, then in their order; *out is malloc'd. */
int branches_sort(const struct ksa_events *events, uint32_t **out,
		  struct ksa_error *err) _must_check_;

/* Behind the last of those that do the same as the one at `at` of the sorted list. */
size_t branches_group_end(const struct ksa_events *events, const uint32_t *list, size_t at);

#endif
