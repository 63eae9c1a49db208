/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef AUDIT_REVIEW_TRACKS_H
#define AUDIT_REVIEW_TRACKS_H

#include "model/review.h"

/* What a series does to one symbol in the end: its changes, added up file by file. */

/* An export of one file, from before the patches to after them. */
struct track {
	const struct review_place *first; /* NULL: not exported before */
	const struct review_place *now; /* NULL: not exported any more */
	const struct review_place *last; /* the last one that was, for one that comes back */
	uint32_t presence_by, class_by, ns_by; /* the last patch that changed it, or NO_INDEX */
	const struct review_change *change; /* the last one */
};

/* Zero-initialize; items are malloc'd. */
struct tracks {
	struct track *items;
	size_t count, capacity;
};

/* Go on with the next change of the symbol, in the order of the patches; it must outlive the
 * tracks. KSA_ENOMEM. */
int tracks_follow(struct tracks *tracks, const struct review_change *change,
		  struct ksa_error *err) _must_check_;

/* Added to one file by one patch and removed from another by a later one: that is a move. */
void tracks_join_moved(struct tracks *tracks);

/* Whether anything of it is left: another class or namespace, or that it comes or goes. */
bool track_changes(const struct track *track);

/* Both are the same text, or none. */
bool tracks_is_same_text(const char *a, const char *b);

#endif
