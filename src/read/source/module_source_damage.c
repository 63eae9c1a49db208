// SPDX-License-Identifier: GPL-2.0-or-later
/* What no compiler takes, and what the names of a file therefore are not all of. */
#include "read/source/module_source_internal.h"

/* The comment that begins and does not end, or NULL. */
static const unsigned char *find_open_comment(const unsigned char *p, const unsigned char *end)
{
	while (p < end) {
		const unsigned char *next = lex_skip_comment(p, end);

		if (next > p && p[1] == '*' && (next < p + 4 || next[-1] != '/' || next[-2] != '*'))
			return p;
		if (next == p)
			next = *p == '"' || *p == '\'' ? lex_skip_quoted(p, end) : p + 1;
		p = next;
	}
	return NULL;
}

/* The line of the first #if that nothing ends, or 0. The file was read last. */
static uint32_t line_of_open_if(const struct branches *branches)
{
	uint32_t branch = branches->depth ? branches->open[0] : 0;

	return branch ? branches->items[branches->items[branch].chain].line : 0;
}

static uint32_t line_of(const unsigned char *data, const unsigned char *p)
{
	uint32_t line = 1;

	while ((data = memchr(data, '\n', (size_t)(p - data))) != NULL) {
		data++;
		line++;
	}
	return line;
}

const char *module_source_damage(struct module_source *source, const char *path,
				 const unsigned char *data, size_t size)
{
	const unsigned char *zero = memchr(data, 0, size), *comment = NULL;
	uint32_t open_if = line_of_open_if(&source->branches);

	if (zero)
		return arena_printf(
			&source->arena,
			"'%s' is no text: there is a zero byte in line %u; what it names "
			"may not have been seen: give it as ASCII or UTF-8",
			path, line_of(data, zero));
	comment = find_open_comment(data, data + size);
	if (comment)
		return arena_printf(
			&source->arena,
			"'%s' is cut short: nothing ends the comment that begins in line "
			"%u; what is behind that was not seen",
			path, line_of(data, comment));
	if (open_if)
		return arena_printf(&source->arena,
				    "'%s' is cut short: nothing ends the #if of line %u; what is "
				    "behind that may not have been seen",
				    path, open_if);
	return "";
}
