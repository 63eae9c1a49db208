/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef READ_PATCH_MAIL_H
#define READ_PATCH_MAIL_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"

/* One line of a text after all decoding. */
struct text_line {
	const char *text; /* without its end; not NUL-terminated */
	uint32_t length;
	uint32_t at; /* its line in the file, 1-based; of base64 the line where that starts */
	bool open; /* the last one, which does not end: more of it may have been cut off */
};

bool text_line_starts(const struct text_line *line, const char *prefix);

struct text_lines {
	struct text_line *items;
	size_t count, capacity;
};

/* One mail, or a text that is none (no headers, all lines). */
struct mail {
	const char *subject, *from, *date; /* decoded, unfolded; NULL: no such header */
	const char *commit; /* of format-patch's "From ID Mon Sep 17 00:00:00 2001" */
	uint32_t at; /* its first line in the file */
	bool page; /* of an archive's page of HTML: what stands around it is among the lines */
	bool flowed; /* format=flowed: its lines may have been wrapped */
	struct text_lines lines; /* of all parts that can hold a patch, one after the other */
};

struct mail_list {
	struct mail *items;
	size_t count, capacity;
	bool page; /* the file is a page of HTML */
};

void mail_list_release(struct mail_list *list);

/*
 * Take a file apart into mails: an mbox, one mail, or a text without headers. A page
 * of HTML is such a text, its lines numbered as the page's. Attachments and parts that are text or
 * a patch are read (quoted-printable, base64), a mail that is attached is a mail of its own; HTML
 * is read where a mail has no other text before it; other kinds are skipped. Lines point into data
 * or the arena, and live as long as these. KSA_ENOMEM; KSA_ELIMIT: parts nested or lines beyond all
 * measure.
 */
int mails_read(const char *source, const char *data, size_t size, struct arena *arena,
	       struct mail_list *list, struct ksa_error *err) _must_check_;

/* Decode the encoded words of a header (RFC 2047): UTF-8, ASCII and ISO 8859-1; others stay. */
const char *mail_decode_words(struct arena *arena, const char *text) _must_check_;

#endif
