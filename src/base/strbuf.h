/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef BASE_STRBUF_H
#define BASE_STRBUF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"

/*
 * A growing string, always NUL-terminated once something was added. Zero-initialize. Adding never
 * fails at the call: an allocation failure sets failed and later additions do nothing, so a writer
 * checks once at the end.
 */
struct strbuf {
	char *data;
	size_t length;
	size_t capacity;
	bool failed;
};

void strbuf_release(struct strbuf *buf);
void strbuf_reset(struct strbuf *buf);
void strbuf_add(struct strbuf *buf, const void *bytes, size_t length);
void strbuf_adds(struct strbuf *buf, const char *s);
void strbuf_addc(struct strbuf *buf, char c);
/* count blanks */
void strbuf_pad(struct strbuf *buf, size_t count);
/* eight lower-case hex digits */
void strbuf_hex32(struct strbuf *buf, uint32_t value);
/* a decimal number */
void strbuf_number(struct strbuf *buf, size_t value);
void strbuf_printf(struct strbuf *buf, const char *format, ...) _printf_(2, 3);
/* The string, "" when empty; owned by the buffer. */
const char *strbuf_string(const struct strbuf *buf);

#endif
