/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef WRITE_RESULTS_H
#define WRITE_RESULTS_H

#include <stdio.h>

#include "model/results.h"

/*
 * The formats that other tools read, of what any command found. Each flushes out. KSA_EIO when out
 * cannot be written, KSA_ENOMEM.
 */

/* One JSON object a line: first one for the run, then one for each finding, gap and notice, each
 * with all that is known of its kernel and module, so that the lines of many runs can be put
 * together and queried. */
int write_results_jsonl(const struct results *results, FILE *out,
			struct ksa_error *err) _must_check_;

/* What `check --baseline` reads: the identities of all that is not waived, sorted, a line each. */
int write_results_baseline(const struct results *results, FILE *out,
			   struct ksa_error *err) _must_check_;

#endif
