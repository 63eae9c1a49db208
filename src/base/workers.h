/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef BASE_WORKERS_H
#define BASE_WORKERS_H

#include <stddef.h>

#include "base/error.h"

/* How many workers a request for jobs means: itself, or the online processors when 0. At least 1.
 */
unsigned int workers_count(unsigned int jobs);

/*
 * Call run(ctx, worker, item) for every item < count on up to workers threads (the caller's is one
 * of them), each item once, in rising order of claim. worker < workers names the thread, so that
 * each can own an arena. A non-zero return stops the claiming of further items; the failure of the
 * smallest failing item is returned (others' are dropped), so results do not depend on timing.
 */
int workers_run(unsigned int workers, size_t count,
		int (*run)(void *ctx, unsigned int worker, size_t item, struct ksa_error *err),
		void *ctx, struct ksa_error *err) _must_check_;

#endif
