/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef AUDIT_RESULTS_H
#define AUDIT_RESULTS_H

#include "model/results.h"

/*
 * What a command found, as results. All that is given must outlive *out, which is zero but for
 * what the caller knows (fail_on), and to be released in any case. KSA_ENOMEM.
 */

/* The findings of check, each about a module on a kernel, and what could not be checked. */
int results_of_check(const struct ksa_report *report, const struct ksa_rules *rules,
		     struct results *out, struct ksa_error *err) _must_check_;

#endif
