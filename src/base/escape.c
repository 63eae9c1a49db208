// SPDX-License-Identifier: GPL-2.0-or-later
#include "base/escape.h"

size_t utf8_length(const char *s)
{
	static const unsigned long least[] = {[2] = 0x80, [3] = 0x800, [4] = 0x10000};
	const unsigned char *p = (const unsigned char *)s;
	size_t length = p[0] < 0xe0 ? 2 : p[0] < 0xf0 ? 3 : 4;
	unsigned long code = p[0] & (0xffu >> (length + 1));

	if (p[0] < 0x80)
		return p[0] ? 1 : 0;
	if (p[0] < 0xc0 || p[0] >= 0xf8)
		return 0;
	for (size_t i = 1; i < length; i++) {
		if ((p[i] & 0xc0) != 0x80)
			return 0;
		code = code << 6 | (p[i] & 0x3f);
	}
	/* Overlong, beyond Unicode, or half of a surrogate pair. */
	if (code < least[length] || code > 0x10ffff || (code >= 0xd800 && code <= 0xdfff))
		return 0;
	return length;
}

/* Bidirectional controls and line separators reorder or break what a terminal shows. */
static bool is_unsafe_code(const unsigned char *p, size_t length)
{
	if (length == 1)
		return p[0] < 0x20 || p[0] == 0x7f;
	if (length == 2)
		return p[0] == 0xc2 && p[1] < 0xa0;
	if (length == 3 && p[0] == 0xe2 && p[1] == 0x80)
		return (p[2] >= 0xa8 && p[2] <= 0xae) || (p[2] >= 0x8b && p[2] <= 0x8f);
	if (length == 3 && p[0] == 0xe2 && p[1] == 0x81)
		return p[2] >= 0xa6 && p[2] <= 0xa9;
	return false;
}

size_t escape_plain_length(const char *s)
{
	size_t length = 0;

	while (s[length] >= 0x20 && s[length] < 0x7f && s[length] != '\\')
		length++;
	return s[length] ? 0 : length;
}

void escape_text(struct strbuf *buf, const char *s)
{
	const char *run = s;
	size_t plain = escape_plain_length(s);

	/* Nearly every name is printable ASCII. */
	if (plain) {
		strbuf_add(buf, s, plain);
		return;
	}

	while (*s) {
		size_t length = utf8_length(s);
		const unsigned char *p = (const unsigned char *)s;
		bool backslash = s[0] == '\\' && s[1] == 'x';

		if (length && !backslash && !is_unsafe_code(p, length)) {
			s += length;
			continue;
		}
		strbuf_add(buf, run, (size_t)(s - run));
		if (!length)
			length = 1;
		for (size_t i = 0; i < length; i++)
			strbuf_printf(buf, "\\x%02x", p[i]);
		s += length;
		run = s;
	}
	strbuf_add(buf, run, (size_t)(s - run));
}
