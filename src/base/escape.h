/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef BASE_ESCAPE_H
#define BASE_ESCAPE_H

#include "base/strbuf.h"

/*
 * Append s with control bytes (C0, DEL, C1), backslashes that would be ambiguous and bytes that are
 * not valid UTF-8 written as \xNN. What is appended is always valid UTF-8 that a terminal shows as
 * it is. A string that needs no escape is appended unchanged.
 */
void escape_text(struct strbuf *buf, const char *s);

/* The length of s if it is printable ASCII that escape_text leaves alone, else (or if empty) 0. */
size_t escape_plain_length(const char *s);

/* Length in bytes of the valid UTF-8 sequence at s, or 0 if there is none. s is NUL-terminated. */
size_t utf8_length(const char *s);

#endif
