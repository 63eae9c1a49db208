// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Whether a patch was cut within the headers of a file: git apply refuses most of these, and what
 * is missing could be an export. A file without hunks is whole where its headers say all that there
 * is: of a mode, a rename, a copy, an empty or a binary file.
 */
#include "read/patch/diff_internal.h"

#include <string.h>

bool diff_is_empty_blob(const char *blob)
{
	static const char *const ids[] = {"e69de29bb2d1d6434b8b29ae775ad8c2e48c5391",
					  "473a0f4c3be8a93681a267e3b1e9a7dcda1185436fe141f7749120a3"
					  "03721813"};

	return strncmp(blob, ids[0], strlen(blob)) == 0 || strncmp(blob, ids[1], strlen(blob)) == 0;
}

/* Whether anything stands behind the last header of the file, which has no hunks: then it was not
 * cut there. */
static bool is_followed(const struct diff_reader *r)
{
	if (r->at < r->count)
		return true;
	for (size_t i = r->header_end; i < r->count; i++)
		if (r->lines[i].length)
			return true;
	return false;
}

/* A binary patch ends with an empty line; what follows it may be lost as well. */
static bool is_cut_binary(const struct diff_reader *r)
{
	if (!(r->seen & SEEN_BINARY) || r->at < r->count)
		return false;
	for (size_t i = r->header_end; i < r->count; i++)
		if (text_line_starts(&r->lines[i], "-- "))
			return false;
	return r->lines[r->count - 1].length;
}

/* A rename, a copy or a change of the mode, which need two headers each. Of what is named for such
 * a reason, git diff -w leaves out what else changes. */
static bool is_half(const struct diff_reader *r, const struct patch_file *file, unsigned int both)
{
	return (r->seen & both) != both || (file->blob[PATCH_NEW] && !is_followed(r));
}

bool diff_is_cut(const struct diff_reader *r, const struct patch_file *file)
{
	const char *old = file->blob[PATCH_OLD], *new = file->blob[PATCH_NEW];
	unsigned int seen = r->seen;

	if (file->binary)
		return is_cut_binary(r);
	if (r->hunks.count)
		return false;
	if (seen & SEEN_HEADS)
		return true;
	if (seen & (SEEN_FROM | SEEN_TO))
		return is_half(r, file, SEEN_FROM | SEEN_TO);
	if (seen & (SEEN_OLD_MODE | SEEN_NEW_MODE))
		return is_half(r, file, SEEN_OLD_MODE | SEEN_NEW_MODE);
	/* git format-patch -D leaves out the text of files that go; Mercurial gives no ids. */
	if ((seen & SEEN_DELETED) || ((seen & SEEN_NEW) && !new))
		return !is_followed(r) && !(old && diff_is_empty_blob(old));
	if (!new || diff_is_empty_blob(new))
		return !new;
	return (seen & SEEN_NEW) || !old || strcmp(old, new) != 0;
}

/* "--- linux-2.6/lib/a.c": the first of the two lines that name a file. */
static bool is_old_name(const struct text_line *line)
{
	return text_line_starts(line, "--- ") && line->length > 4 && line->text[4] != ' ' &&
	       memchr(line->text, '/', line->length);
}

bool diff_is_cut_head(const struct text_line *lines, size_t count, uint32_t *at)
{
	bool found = false;

	while (count && !lines[count - 1].length)
		count--;
	for (; count; count--) {
		const struct text_line *line = &lines[count - 1];

		if (!text_line_starts(line, "Index: ") && !text_line_starts(line, "=====") &&
		    !text_line_starts(line, "diff -") && !is_old_name(line))
			break;
		found = found || line->text[0] != '=';
		*at = line->at;
	}
	return found;
}
