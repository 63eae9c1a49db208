/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef READ_PATCH_PATCH_H
#define READ_PATCH_PATCH_H

#include "model/patch.h"

/*
 * Add the patches of a file to a set: unified diffs, of git or plain, with or without a message;
 * mails as format-patch writes them, mboxes of them, mails as list archives keep them; output of
 * git show and git log -p; all of these also compressed; "-" is standard input. Where no mail has
 * a diff of its own, those that a reply quotes are read. Of several versions of a series the last
 * one is kept.
 *
 * A file without a diff adds nothing but a count in the set (covers, plain). KSA_EFORMAT: a hunk
 * is not whole; KSA_EUNSUPPORTED: a combined or context diff; KSA_ELIMIT: over 64 MiB; KSA_EIO;
 * KSA_ENOMEM. err names the file and the line.
 */
int patches_read(struct patch_set *set, const char *path, struct ksa_error *err) _must_check_;

/* The same from memory; name is for messages. The data may go afterwards. */
int patches_read_text(struct patch_set *set, const char *name, const unsigned char *data,
		      size_t size, struct ksa_error *err) _must_check_;

#endif
