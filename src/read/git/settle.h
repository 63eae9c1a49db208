/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef READ_GIT_SETTLE_H
#define READ_GIT_SETTLE_H

#include "read/git/users.h"

/*
 * What the tree says of its files' exports, for all files of a revision: those that call macros of
 * other files' are read again with the headers that define them (one that they include by name, or
 * the nearest), and of tracepoints the names that include/linux/tracepoint.h exports are kept.
 * Namespaces of Makefiles are left to the caller. New strings go to the arena.
 */
int source_files_settle(struct repo *repo, struct source_files *files, struct arena *arena,
			struct ksa_error *err) _must_check_;

/* Copy what was read of a file to it, with strings in the arena. KSA_ENOMEM. */
int source_file_keep(struct source_file *file, const struct source_scan *scan, struct arena *arena,
		     struct ksa_error *err) _must_check_;

#endif
