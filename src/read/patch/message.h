/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef READ_PATCH_MESSAGE_H
#define READ_PATCH_MESSAGE_H

#include "model/patch.h"
#include "read/patch/mail.h"

/*
 * Fill in what the subject says: patch->subject, title, part, parts, version. subject may be NULL.
 * KSA_ENOMEM, here and below.
 */
int message_take_subject(struct arena *arena, const char *subject, struct patch *patch,
			 struct ksa_error *err) _must_check_;

/* "Name <address>": patch->author and patch->email. */
int message_take_author(struct arena *arena, const char *from, struct patch *patch,
			struct ksa_error *err) _must_check_;

/* A date as mails, git log and format-patch write it; what is none is left out. */
void message_take_date(const char *date, struct patch *patch);

/*
 * The text above the diff: an author, subject and date of its own ("From:" at its start, as in a
 * mail that somebody else sent), the message without a diffstat, and what its lines name: upstream
 * commit, Fixes:, Link:.
 */
int message_take_text(struct arena *arena, const struct text_line *lines, size_t count,
		      struct patch *patch, struct ksa_error *err) _must_check_;

/* The same names from a whole message, of a commit. */
int message_take_trailers(struct arena *arena, const char *message, struct patch *patch,
			  struct ksa_error *err) _must_check_;

#endif
