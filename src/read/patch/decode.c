// SPDX-License-Identifier: GPL-2.0-or-later
#include "read/patch/decode.h"

#include <string.h>
#include <strings.h>

#include "base/bytes.h"
#include "base/cleanup.h"
#include "read/patch/mail.h"

bool decode_quoted(struct strbuf *buf, const char *line, size_t length)
{
	while (length && (line[length - 1] == ' ' || line[length - 1] == '\t'))
		length--;
	for (size_t i = 0; i < length; i++) {
		int high, low;

		if (line[i] != '=') {
			strbuf_addc(buf, line[i]);
			continue;
		}
		if (i + 1 == length)
			return true;
		high = hex_digit((unsigned char)line[i + 1]);
		low = i + 2 < length ? hex_digit((unsigned char)line[i + 2]) : -1;
		if (high < 0 || low < 0) {
			strbuf_addc(buf, line[i]);
			continue;
		}
		strbuf_addc(buf, (char)(high << 4 | low));
		i += 2;
	}
	return false;
}

static int base64_digit(char c)
{
	if (c >= 'A' && c <= 'Z')
		return c - 'A';
	if (c >= 'a' && c <= 'z')
		return c - 'a' + 26;
	if (c >= '0' && c <= '9')
		return c - '0' + 52;
	return c == '+' ? 62 : c == '/' ? 63 : -1;
}

void decode_base64(struct strbuf *buf, const char *text, size_t length)
{
	uint32_t bits = 0;
	int have = 0;

	for (size_t i = 0; i < length && text[i] != '='; i++) {
		int digit = base64_digit(text[i]);

		if (digit < 0)
			continue;
		bits = bits << 6 | (uint32_t)digit;
		have += 6;
		if (have >= 8) {
			have -= 8;
			strbuf_addc(buf, (char)(bits >> have & 0xff));
		}
	}
}

/* Append bytes of a charset as UTF-8: ISO 8859-1 is converted, all others stay as they are. */
static void decode_charset(struct strbuf *buf, const char *charset, size_t charset_length,
			   const char *bytes, size_t length)
{
	bool latin = (charset_length == 10 && strncasecmp(charset, "iso-8859-1", 10) == 0) ||
		     (charset_length == 11 && strncasecmp(charset, "iso-8859-15", 11) == 0);

	for (size_t i = 0; i < length; i++) {
		unsigned char c = (unsigned char)bytes[i];

		if (latin && c >= 0x80) {
			strbuf_addc(buf, (char)(0xc0 | c >> 6));
			strbuf_addc(buf, (char)(0x80 | (c & 0x3f)));
		} else {
			strbuf_addc(buf, bytes[i]);
		}
	}
}

/* "=?charset?Q?text?=" at s: decode it and return its end, or NULL if it is none. */
static const char *decode_word(struct strbuf *buf, const char *s)
{
	_cleanup_(strbuf_release) struct strbuf bytes = {NULL, 0, 0, false};
	const char *charset = s + 2, *encoding, *text, *end;

	encoding = strchr(charset, '?');
	if (!encoding || !encoding[1] || encoding[2] != '?')
		return NULL;
	text = encoding + 3;
	end = strstr(text, "?=");
	if (!end)
		return NULL;
	if ((encoding[1] | 0x20) == 'b') {
		decode_base64(&bytes, text, (size_t)(end - text));
	} else if ((encoding[1] | 0x20) == 'q') {
		/* "_" is a blank here; "=" is never the end of a line. */
		for (const char *p = text; p < end; p++) {
			int high = p + 2 < end ? hex_digit((unsigned char)p[1]) : -1;
			int low = p + 2 < end ? hex_digit((unsigned char)p[2]) : -1;

			if (*p == '=' && high >= 0 && low >= 0) {
				strbuf_addc(&bytes, (char)(high << 4 | low));
				p += 2;
			} else {
				strbuf_addc(&bytes, *p == '_' ? ' ' : *p);
			}
		}
	} else {
		return NULL;
	}
	decode_charset(buf, charset, strcspn(charset, "?*"), strbuf_string(&bytes), bytes.length);
	buf->failed = buf->failed || bytes.failed;
	return end + 2;
}

const char *mail_decode_words(struct arena *arena, const char *text)
{
	_cleanup_(strbuf_release) struct strbuf buf = {NULL, 0, 0, false};
	bool after_word = false;

	for (const char *s = text; *s;) {
		const char *next = strncmp(s, "=?", 2) == 0 ? decode_word(&buf, s) : NULL;
		size_t blanks = strspn(s, " \t");

		if (next) {
			s = next;
			after_word = true;
			continue;
		}
		/* Blanks between two encoded words belong to neither. */
		if (after_word && blanks && strncmp(s + blanks, "=?", 2) == 0) {
			s += blanks;
			continue;
		}
		strbuf_addc(&buf, *s++);
		after_word = false;
	}
	return buf.failed ? NULL : arena_strdup(arena, strbuf_string(&buf));
}
