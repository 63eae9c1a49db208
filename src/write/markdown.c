// SPDX-License-Identifier: GPL-2.0-or-later
#include "write/markdown.h"

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
