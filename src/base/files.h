/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef BASE_FILES_H
#define BASE_FILES_H

#include <fts.h>
#include <stdbool.h>

/* For fts_open(): in the order of names, whatever the file system has. */
int files_by_name(const FTSENT **a, const FTSENT **b);

/* For _cleanup_(). */
void files_close(FTS **fts);

/* True if path is longer than ending, and ends in it. */
bool path_ends_in(const char *path, const char *ending);

#endif
