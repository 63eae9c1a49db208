/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef READ_PATCH_DIFF_H
#define READ_PATCH_DIFF_H

#include "model/patch.h"
#include "read/patch/mail.h"

/* Index of the line where the diff starts; count when there is none. */
size_t patch_find_diff(const struct text_line *lines, size_t count);

/*
 * Read the unified diffs of lines[from..count), plain or of git, into patch->files (in the set's
 * arena). Text between them is skipped. lenient: quoted or re-wrapped by a mailer, so what is
 * missing in a hunk is marked in it and is no error. Notices go to the set.
 *
 * KSA_EFORMAT: a hunk is not whole (err has its line). KSA_EUNSUPPORTED: a combined or a context
 * diff, with what to give instead. KSA_ELIMIT: too many files. KSA_ENOMEM.
 */
int patch_read_diff(struct patch_set *set, struct patch *patch, const struct text_lines *lines,
		    size_t from, bool lenient, struct ksa_error *err) _must_check_;

#endif
