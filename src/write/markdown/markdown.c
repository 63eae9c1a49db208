// SPDX-License-Identifier: GPL-2.0-or-later
#include "write/markdown/markdown.h"

#include <string.h>

#include "base/cleanup.h"
#include "base/escape.h"

void markdown_text(struct strbuf *buf, const char *s)
{
	_cleanup_(strbuf_release) struct strbuf escaped = {NULL, 0, 0, false};

	escape_text(&escaped, s);
	for (s = strbuf_string(&escaped); *s; s++) {
		if (strchr("\\`*_[]<|~#", *s))
			strbuf_addc(buf, '\\');
		strbuf_addc(buf, *s);
	}
	buf->failed |= escaped.failed;
}

void markdown_code(struct strbuf *buf, const char *s)
{
	_cleanup_(strbuf_release) struct strbuf escaped = {NULL, 0, 0, false};

	escape_text(&escaped, s);
	strbuf_addc(buf, '`');
	for (s = strbuf_string(&escaped); *s; s++) {
		if (*s == '`')
			strbuf_adds(buf, "\\x60");
		else if (*s == '|')
			strbuf_adds(buf, "\\|");
		else
			strbuf_addc(buf, *s);
	}
	strbuf_addc(buf, '`');
	buf->failed |= escaped.failed;
}

void markdown_message(struct strbuf *buf, const char *s)
{
	_cleanup_(strbuf_release) struct strbuf part = {NULL, 0, 0, false};

	while (*s) {
		const char *quote = strchr(s, '\''), *end = quote ? strchr(quote + 1, '\'') : NULL;
		bool opens = end && (quote == s || quote[-1] == ' ' || quote[-1] == '(');

		strbuf_reset(&part);
		if (!opens) {
			size_t length = quote ? (size_t)(quote + 1 - s) : strlen(s);

			strbuf_add(&part, s, length);
			markdown_text(buf, strbuf_string(&part));
			s += length;
			continue;
		}
		strbuf_add(&part, s, (size_t)(quote - s));
		markdown_text(buf, strbuf_string(&part));
		strbuf_reset(&part);
		strbuf_add(&part, quote + 1, (size_t)(end - quote - 1));
		markdown_code(buf, strbuf_string(&part));
		s = end + 1;
	}
	buf->failed |= part.failed;
}
