/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef MODEL_BASELINE_H
#define MODEL_BASELINE_H

#include "base/arena.h"
#include "base/strmap.h"

/*
 * Findings that were there before somebody began to look: a gate passes over them. A line each, the
 * identity of struct ksa_finding, so that a change to it reads well.
 */
struct baseline {
	struct arena arena;
	const char *file; /* where it was read from */
	struct strmap entries; /* identity as it is written -> its place in used */
	bool *used; /* by place: a finding of the run is this one; malloc'd */
	const char **names; /* by place; malloc'd */
	size_t count, capacity;
};

/* The first line of the file; the number is that of the form. */
#define BASELINE_HEAD "# ksymaudit baseline 1"

void baseline_release(struct baseline *baseline);

#endif
