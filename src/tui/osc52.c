// SPDX-License-Identifier: GPL-2.0-or-later
#include "tui/osc52.h"

#include <string.h>

void osc52_copy(struct strbuf *out, const char *text)
{
	static const char digits[] =
		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
	const unsigned char *s = (const unsigned char *)text;
	size_t length = strlen(text);

	strbuf_adds(out, "\033]52;c;");
	for (size_t i = 0; i < length; i += 3) {
		size_t left = length - i;
		uint32_t bits = (uint32_t)s[i] << 16;

		bits |= left > 1 ? (uint32_t)s[i + 1] << 8 : 0;
		bits |= left > 2 ? s[i + 2] : 0;
		strbuf_addc(out, digits[bits >> 18]);
		strbuf_addc(out, digits[bits >> 12 & 63]);
		strbuf_addc(out, left > 1 ? digits[bits >> 6 & 63] : '=');
		strbuf_addc(out, left > 2 ? digits[bits & 63] : '=');
	}
	strbuf_addc(out, '\a');
}
