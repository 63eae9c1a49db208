/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef BASE_REPLACE_H
#define BASE_REPLACE_H

#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <sys/types.h>

#include "base/error.h"

/*
 * A file that comes into being as a whole: written beside its name and renamed to it. Whoever reads
 * the name sees the old content or the new one, never a part. While it is open, signals that would
 * end the run wait in this thread, and a file that grows too large (SIGXFSZ) is a failed write;
 * what a run that was killed leaves behind, the next one for the same name takes away.
 */
struct replacement {
	FILE *file; /* to write to */
	char *target, *temporary; /* malloc'd */
	int lock; /* held while the temporary is somebody's; -1: none */
	sigset_t signals; /* that were blocked before */
	bool blocked; /* some more are */
};

/*
 * Start a file that is to stand at target with this mode. -1 with errno set, and nothing is left
 * behind.
 */
int replacement_open(struct replacement *r, const char *target, mode_t mode) _must_check_;

/*
 * Put it in place, or, without keep, throw it away. -1 with errno set: it could not be written
 * whole, or a signal came meanwhile (EINTR), and target is what it was. Signals that waited arrive
 * before this returns.
 */
int replacement_close(struct replacement *r, bool keep);

#endif
