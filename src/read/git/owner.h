/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef READ_GIT_OWNER_H
#define READ_GIT_OWNER_H

#include <stdbool.h>

#include "base/error.h"
#include "read/git/library.h"

/*
 * Open the repository that git_repository_open_ext() did not (status says why): one that belongs to
 * somebody else, if the user's or the system's configuration names it in safe.directory, as
 * git-config(1) has it; libgit2 does not know all forms of that. Otherwise err says what to do.
 */
int owner_open(const char *path, int status, git_repository **out,
	       struct ksa_error *err) _must_check_;

/* True if the values of safe.directory, in their order, say that this directory is safe: "*", its
 * path, or one above it with "/\*" behind it; an empty one forgets those before it. */
bool owner_values_allow(const char *const *values, size_t count, const char *directory);

#endif
