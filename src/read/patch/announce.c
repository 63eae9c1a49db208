// SPDX-License-Identifier: GPL-2.0-or-later
#include "read/patch/announce.h"

#include <ctype.h>
#include <string.h>

/* The text of a line without quotes and blanks around it; *quoted: it had some. */
static struct text_line bare_text(const struct text_line *line, bool *quoted)
{
	struct text_line rest = *line;

	*quoted = rest.length && rest.text[0] == '>';
	while (rest.length && (rest.text[0] == '>' || isspace((unsigned char)rest.text[0]))) {
		rest.text++;
		rest.length--;
	}
	while (rest.length && isspace((unsigned char)rest.text[rest.length - 1]))
		rest.length--;
	return rest;
}

/* " lib/a.c | 12 +++--": the length of its path; 0: it is no line of a diffstat. */
static size_t stat_path(const struct text_line *line)
{
	const char *bar = memchr(line->text, '|', line->length);
	const char *end = line->text + line->length, *s = bar;
	size_t length = bar ? (size_t)(bar - line->text) : 0;

	while (length && line->text[length - 1] == ' ')
		length--;
	if (!length || memchr(line->text, ' ', length))
		return 0;
	for (s++; s < end && *s == ' '; s++)
		;
	return s < end && (isdigit((unsigned char)*s) || strncmp(s, "Bin ", 4) == 0) ? length : 0;
}

/* "4 files changed, 2 insertions(+)": how many; 0: it is none. */
static uint32_t stat_total(const struct text_line *line)
{
	static const char *const words[] = {" file changed", " files changed"};
	uint32_t number = 0, at = 0;

	while (at < line->length && at < 7 && isdigit((unsigned char)line->text[at]))
		number = number * 10 + (uint32_t)(line->text[at++] - '0');
	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++)
		if (line->length - at >= strlen(words[i]) &&
		    memcmp(line->text + at, words[i], strlen(words[i])) == 0)
			return number;
	return 0;
}

static int add_path(struct patch_set *set, struct patch_announced *a, const struct text_line *line,
		    size_t length, struct ksa_error *err)
{
	const char *path;

	if (a->path_count == sizeof(a->paths) / sizeof(*a->paths))
		return 0;
	path = arena_strndup(&set->arena, line->text, length);
	if (!path)
		return ksa_fail_nomem(err);
	a->paths[a->path_count++] = path;
	return 0;
}

/* The first diffstat of the lines. */
static int find_stat(struct patch_set *set, const struct text_lines *lines,
		     struct patch_announced *a, struct ksa_error *err)
{
	for (size_t i = 0; i < lines->count; i++) {
		struct text_line line = bare_text(&lines->items[i], &a->quoted);
		size_t length = stat_path(&line);
		int r;

		a->files = stat_total(&line);
		if (a->files)
			return 0;
		if (!length) {
			a->path_count = 0;
			continue;
		}
		r = add_path(set, a, &line, length, err);
		if (r)
			return r;
	}
	/* Without the last line of one it is none. */
	a->quoted = false;
	a->path_count = 0;
	return 0;
}

int announce_mail(struct patch_set *set, const struct mail *mail, const struct patch *patch,
		  struct ksa_error *err)
{
	struct patch_announced a = {.head = *patch, .page = mail->page};
	int r = find_stat(set, &mail->lines, &a, err);

	if (!r && (!set->announced.head.source || (a.files && !set->announced.files)))
		set->announced = a;
	return r;
}
