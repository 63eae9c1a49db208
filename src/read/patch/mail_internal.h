/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef READ_PATCH_MAIL_INTERNAL_H
#define READ_PATCH_MAIL_INTERNAL_H

#include "read/patch/mail.h"

/* One run of mails_read. */
struct mail_reader {
	const char *source;
	struct arena *arena;
	struct mail_list *list;
	struct ksa_error *err;
	size_t lines, parts;
	bool failed; /* a string was lost for want of memory */
	uint32_t fixed; /* all lines are said to be this one; 0: each its own */
};

/* Bytes that are still to be read, a line at a time. */
struct mail_range {
	const char *data;
	size_t size;
	uint32_t line; /* number of the first one */
};

/* Take the next line off the range. */
bool mail_next_line(struct mail_range *range, struct text_line *line);

/* "Name: value": printable ASCII up to the colon (RFC 5322). */
bool mail_is_header(const struct text_line *line);

/* The id of a line "From ID ..." or "commit ID", behind its first skip bytes, or NULL; *failed on a
 * lack of memory. */
const char *mail_line_id(struct mail_reader *r, const struct text_line *line, size_t skip,
			 bool *failed);

/* Begin a mail, at that line. KSA_ENOMEM. */
int mail_push(struct mail_reader *r, const char *commit, uint32_t at) _must_check_;

/* Add a line to a mail. KSA_ENOMEM, KSA_ELIMIT. */
int mail_add_line(struct mail_reader *r, size_t mail, const struct text_line *line) _must_check_;

/* Text without headers: one patch, several as git log -p prints them, or a page of an archive. */
int mail_read_text(struct mail_reader *r, struct mail_range *range) _must_check_;

/* A page of HTML: its text, with the lines of the page. */
int mail_read_page(struct mail_reader *r, const char *data, size_t size) _must_check_;

#endif
