/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef CMD_CHANGES_H
#define CMD_CHANGES_H

#include "cmd/cmd.h"
#include "model/review.h"

/* The commits or patches that a command is given: "A..B" or one commit, or files. Zero-initialize.
 */
struct changes {
	const char *repository, *onto; /* options of the command; NULL: not given */
	struct patch_set set;
	struct review_repo *repo; /* NULL: none was opened */
	struct review_input input;
	bool is_range;
};

/* Whether these words are patches, or one range, and the options fit. 0, or EXIT_TROUBLE after
 * saying why not. */
int changes_check(const struct invocation *inv, struct changes *changes, const char *const *words,
		  size_t count);

/* Read them into changes->input, once they were checked. Nothing to judge is KSA_ENODATA: that must
 * not look like a clean result. */
int changes_read(struct invocation *inv, struct changes *changes, const char *const *words,
		 size_t count, struct ksa_error *err);

/* KSA_ENODATA: of count files, of which name is the first, none has a diff. err says what they are
 * and what they announce. */
int changes_nothing(const struct patch_set *set, const char *name, size_t count,
		    struct ksa_error *err);

void changes_release(struct changes *changes);

#endif
