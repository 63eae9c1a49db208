// SPDX-License-Identifier: GPL-2.0-or-later
#include "base/strbuf.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/vec.h"

void strbuf_release(struct strbuf *buf)
{
	free(buf->data);
	memset(buf, 0, sizeof(*buf));
}

void strbuf_reset(struct strbuf *buf)
{
	buf->length = 0;
	if (buf->data)
		buf->data[0] = '\0';
}

static inline bool make_room(struct strbuf *buf, size_t length)
{
	if (!buf->failed &&
	    (length > SIZE_MAX - buf->length - 1 ||
	     vec_reserve(&buf->data, &buf->capacity, buf->length + length + 1, 1, NULL)))
		buf->failed = true;
	return !buf->failed;
}

void strbuf_add(struct strbuf *buf, const void *bytes, size_t length)
{
	if (!make_room(buf, length))
		return;
	if (length)
		memcpy(buf->data + buf->length, bytes, length);
	buf->length += length;
	buf->data[buf->length] = '\0';
}

void strbuf_adds(struct strbuf *buf, const char *s)
{
	strbuf_add(buf, s, strlen(s));
}

void strbuf_addc(struct strbuf *buf, char c)
{
	strbuf_add(buf, &c, 1);
}

void strbuf_pad(struct strbuf *buf, size_t count)
{
	if (!make_room(buf, count))
		return;
	memset(buf->data + buf->length, ' ', count);
	buf->length += count;
	buf->data[buf->length] = '\0';
}

void strbuf_hex32(struct strbuf *buf, uint32_t value)
{
	char digits[8];

	for (int i = 7; i >= 0; i--, value >>= 4)
		digits[i] = "0123456789abcdef"[value & 0xf];
	strbuf_add(buf, digits, sizeof(digits));
}

void strbuf_number(struct strbuf *buf, size_t value)
{
	char digits[24];
	size_t at = sizeof(digits);

	do {
		digits[--at] = (char)('0' + value % 10);
		value /= 10;
	} while (value);
	strbuf_add(buf, digits + at, sizeof(digits) - at);
}

void strbuf_printf(struct strbuf *buf, const char *format, ...)
{
	va_list ap;
	int length;

	va_start(ap, format);
	length = vsnprintf(NULL, 0, format, ap);
	va_end(ap);
	if (length < 0 || !make_room(buf, (size_t)length))
		return;
	va_start(ap, format);
	vsnprintf(buf->data + buf->length, (size_t)length + 1, format, ap);
	va_end(ap);
	buf->length += (size_t)length;
}

const char *strbuf_string(const struct strbuf *buf)
{
	return buf->data ? buf->data : "";
}
