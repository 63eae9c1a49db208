/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef AUDIT_HISTORY_GROUPS_H
#define AUDIT_HISTORY_GROUPS_H

#include "model/history_groups.h"

/*
 * Count the events by the author of their commits, by the subsystem of their (first) file, or by
 * the year of the author's date. A subsystem is a directory: the first one, and of arch, drivers,
 * fs, net, security, sound and the like the one below it too ("drivers/gpu"). What is there from
 * the start counts for nobody. *out, zeroed by the caller, is for history_groups_release, also
 * where this fails. KSA_ENOMEM.
 */
int history_group(const struct ksa_events *events, enum history_by by, struct history_groups *out,
		  struct ksa_error *err) _must_check_;

#endif
