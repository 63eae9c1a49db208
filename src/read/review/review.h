/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef READ_REVIEW_REVIEW_H
#define READ_REVIEW_REVIEW_H

#include "model/review.h"

/*
 * Read what each patch does to exports into input->patches: of the whole files where tree has them
 * (found by the ids of the "index" lines, else by path) and the patch applies, else of what the
 * hunks show. input->tree may be set before; set must outlive input. What does not apply is a
 * notice. KSA_ENOMEM, and what the tree fails with.
 */
int review_read_patches(struct review_input *input, const struct patch_set *set,
			struct ksa_error *err) _must_check_;

/* What a file's whole text says of exports (struct review_input's scan). */
int review_scan(struct arena *arena, const char *path, const char *text, size_t size,
		struct review_side *side, struct ksa_error *err) _must_check_;

#endif
