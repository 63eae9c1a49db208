/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef READ_PATCH_DECODE_H
#define READ_PATCH_DECODE_H

#include "base/strbuf.h"

/* The transfer encodings of mail (RFC 2045). Bytes that do not belong are taken as they are. */

/*
 * Append a line of quoted-printable, decoded. True if the line goes on with the next one ("=" at
 * its end). Blanks at the end of the line are no part of it.
 */
bool decode_quoted(struct strbuf *buf, const char *line, size_t length);

/* Append base64 text, decoded; line ends and other foreign bytes are skipped. */
void decode_base64(struct strbuf *buf, const char *text, size_t length);

#endif
