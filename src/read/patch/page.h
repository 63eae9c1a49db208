/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef READ_PATCH_PAGE_H
#define READ_PATCH_PAGE_H

#include "read/patch/mail.h"

/*
 * The head of a message as the page of a list archive prints it: a title and lines "From:",
 * "Subject:", "Date:" after the archive's menu, not at the text's start as in a mail. Fills in what
 * the mail has not yet, and takes the head and what stands before it off its lines. A text without
 * such a head stays as it is. KSA_ENOMEM.
 */
int page_take_head(struct arena *arena, struct mail *mail, struct ksa_error *err) _must_check_;

/* "* SUBJECT", with "@ 2024-01-31 ..." on the next line: a message of a thread, as public-inbox
 * prints them all on one page. */
bool page_is_thread_head(const struct text_line *line, const struct text_line *next);

#endif
