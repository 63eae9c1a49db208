// SPDX-License-Identifier: GPL-2.0-or-later
#include "read/patch/terminal.h"

#include <ctype.h>
#include <string.h>

#include "base/cleanup.h"

#define GRAPH "|*\\/_.- " /* what git log --graph draws with */

/* The end of an escape sequence of colors at s ("\033[1;32m", "\033[K"), or NULL. */
static const char *skip_sequence(const char *s, const char *end)
{
	if (end - s < 3 || s[0] != '\033' || s[1] != '[')
		return NULL;
	for (s += 2; s < end && (isdigit((unsigned char)*s) || *s == ';'); s++)
		;
	return s < end && (*s == 'm' || *s == 'K') ? s + 1 : NULL;
}

static bool starts(const char *s, const char *end, const char *prefix)
{
	size_t length = strlen(prefix);

	return (size_t)(end - s) >= length && memcmp(s, prefix, length) == 0;
}

static const char *line_end(const char *s, const char *end)
{
	const char *newline = memchr(s, '\n', (size_t)(end - s));

	return newline ? newline : end;
}

/* Whether a line is in color that git puts there: patches may be about escape sequences. */
static bool is_colored(const char *text, const char *end)
{
	static const char *const heads[] = {"diff --git ", "@@ ", "commit ", "--- ", "|", "* "};

	for (const char *s = text; s < end; s = line_end(s, end) + 1) {
		const char *next = skip_sequence(s, end);

		for (size_t i = 0; next && i < sizeof(heads) / sizeof(*heads); i++)
			if (starts(next, end, heads[i]))
				return true;
	}
	return false;
}

static void strip_colors(const char *text, const char *end, struct strbuf *out)
{
	while (text < end) {
		const char *next = memchr(text, '\033', (size_t)(end - text));

		next = next ? next : end;
		strbuf_add(out, text, (size_t)(next - text));
		text = next;
		if (text == end)
			break;
		next = skip_sequence(text, end);
		if (!next)
			strbuf_addc(out, *text);
		text = next ? next : text + 1;
	}
}

/* How many characters of a line are drawn before "commit ID" of git log --graph; 0: it is none. */
static size_t graph_width(const char *s, const char *end)
{
	size_t width = 0, id = 0;
	bool star = false;

	while (s + width < end && s[width] && strchr(GRAPH, s[width])) {
		star = star || s[width] == '*';
		width++;
	}
	if (!star || !starts(s + width, end, "commit "))
		return 0;
	for (const char *p = s + width + 7; p < end && isxdigit((unsigned char)*p); p++)
		id++;
	return id >= 40 ? width : 0;
}

static bool is_graph(const char *text, const char *end)
{
	for (const char *s = text; s < end; s = line_end(s, end) + 1)
		if (graph_width(s, line_end(s, end)))
			return true;
	return false;
}

static void strip_graph(const char *text, const char *end, struct strbuf *out)
{
	size_t width = 0;

	for (const char *s = text; s < end;) {
		const char *stop = line_end(s, end);
		size_t length = (size_t)(stop - s), drawn = 0, now = graph_width(s, stop);

		width = now ? now : width;
		while (drawn < width && drawn < length && s[drawn] && strchr(GRAPH, s[drawn]))
			drawn++;
		/* A line that is no part of the drawing stays as it is. */
		if (drawn < width && drawn < length)
			drawn = 0;
		strbuf_add(out, s + drawn, length - drawn);
		if (stop < end)
			strbuf_addc(out, '\n');
		s = stop + 1;
	}
}

bool terminal_clean(const char *text, size_t size, struct strbuf *out)
{
	_cleanup_(strbuf_release) struct strbuf plain = {NULL, 0, 0, false};
	const char *end = text + size;
	bool colored = memchr(text, '\033', size) && is_colored(text, end);

	if (colored) {
		strip_colors(text, end, &plain);
		text = strbuf_string(&plain);
		end = text + plain.length;
	}
	if (is_graph(text, end))
		strip_graph(text, end, out);
	else if (colored)
		strbuf_add(out, text, (size_t)(end - text));
	else
		return false;
	out->failed = out->failed || plain.failed;
	return true;
}
