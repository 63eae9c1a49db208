// SPDX-License-Identifier: GPL-2.0-or-later
#include "read/patch/diff.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/strbuf.h"
#include "base/vec.h"
#include "read/patch/diff_internal.h"

#define MAX_FILES 200000

static void reader_release(struct diff_reader *r)
{
	free(r->files.items);
	free(r->hunks.items);
	free(r->hunk.items);
}

static bool line_starts(const struct diff_reader *r, size_t at, const char *prefix)
{
	return at < r->count && text_line_starts(&r->lines[at], prefix);
}

bool diff_is_plain_head(const struct text_line *lines, size_t count, size_t at)
{
	return at + 2 < count && text_line_starts(&lines[at], "--- ") &&
	       text_line_starts(&lines[at + 1], "+++ ") && text_line_starts(&lines[at + 2], "@@ -");
}

static bool is_combined(const struct text_line *line)
{
	return text_line_starts(line, "diff --cc ") || text_line_starts(line, "diff --combined ");
}

static bool is_context_head(const struct text_line *lines, size_t count, size_t at)
{
	return at + 2 < count && text_line_starts(&lines[at], "*** ") &&
	       text_line_starts(&lines[at + 1], "--- ") &&
	       text_line_starts(&lines[at + 2], "***************");
}

size_t patch_find_diff(const struct text_line *lines, size_t count)
{
	size_t at = 0;

	while (at < count && !text_line_starts(&lines[at], "diff --git ") &&
	       !diff_is_plain_head(lines, count, at) && !is_combined(&lines[at]) &&
	       !is_context_head(lines, count, at))
		at++;
	/* "Index: file" and its underline belong to the diff. */
	while (at && (text_line_starts(&lines[at - 1], "Index: ") ||
		      text_line_starts(&lines[at - 1], "=====") ||
		      text_line_starts(&lines[at - 1], "diff -")))
		at--;
	return at;
}

/* A name that git quotes as C does: "a/\303\244.c". NULL when out of memory. */
static char *unquote(struct arena *arena, const char *s, const char *end)
{
	_cleanup_(strbuf_release) struct strbuf buf = {NULL, 0, 0, false};
	static const char from[] = "abfnrtv", to[] = "\a\b\f\n\r\t\v";

	for (s++; s < end && *s != '"'; s++) {
		const char *known;

		if (*s != '\\' || s + 1 == end) {
			strbuf_addc(&buf, *s);
			continue;
		}
		s++;
		if (s + 2 < end && *s >= '0' && *s <= '3' && s[1] >= '0' && s[1] <= '7' &&
		    s[2] >= '0' && s[2] <= '7') {
			strbuf_addc(&buf,
				    (char)((s[0] - '0') << 6 | (s[1] - '0') << 3 | (s[2] - '0')));
			s += 2;
			continue;
		}
		known = memchr(from, *s, sizeof(from) - 1);
		strbuf_addc(&buf, known ? to[known - from] : *s);
	}
	return buf.failed ? NULL : arena_strndup(arena, strbuf_string(&buf), buf.length);
}

/* The directories at the top of the kernel's tree: what stands before one is the diff's own. */
static bool is_top_directory(const char *path, size_t length)
{
	static const char *const names[] = {
		"Documentation", "LICENSES", "arch",	"block", "certs", "crypto",
		"drivers",	 "fs",	     "include", "init",	 "ipc",	  "io_uring",
		"kernel",	 "lib",	     "mm",	"net",	 "rust",  "samples",
		"scripts",	 "security", "sound",	"tools", "usr",	  "virt"};

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
		if (strlen(names[i]) == length && strncmp(names[i], path, length) == 0)
			return true;
	return false;
}

/* Without the first component that diffs put before a path: a/, b/, linux-2.6.orig/. */
static const char *strip_prefix(const char *path, bool git)
{
	const char *slash = strchr(path, '/');
	size_t length = slash ? (size_t)(slash - path) : 0;

	if (!slash || !length || !slash[1])
		return path;
	if (length == 1 || (!git && !is_top_directory(path, length)))
		return slash + 1;
	return path;
}

/* The path of a "--- " or "+++ " line; *out NULL: /dev/null. */
static int take_path(struct diff_reader *r, const struct text_line *line, bool git,
		     const char **out)
{
	const char *s = line->text + 4, *end = line->text + line->length, *tab;
	char *path;

	while (s < end && *s == ' ')
		s++;
	if (s < end && *s == '"') {
		path = unquote(&r->set->arena, s, end);
	} else {
		tab = memchr(s, '\t', (size_t)(end - s));
		if (!tab && !git)
			tab = memchr(s, ' ', (size_t)(end - s));
		if (tab)
			end = tab;
		while (end > s && end[-1] == ' ')
			end--;
		path = arena_strndup(&r->set->arena, s, (size_t)(end - s));
	}
	if (!path)
		return ksa_fail_nomem(r->err);
	*out = strcmp(path, "/dev/null") == 0 ? NULL : strip_prefix(path, git);
	return 0;
}

static bool is_empty_blob(const char *blob)
{
	static const char *const ids[] = {"e69de29bb2d1d6434b8b29ae775ad8c2e48c5391",
					  "473a0f4c3be8a93681a267e3b1e9a7dcda1185436fe141f7749120a3"
					  "03721813"};

	return strncmp(blob, ids[0], strlen(blob)) == 0 || strncmp(blob, ids[1], strlen(blob)) == 0;
}

/* True if the blobs' ids say that there are hunks: what they lead to has contents of its own. A
 * file that goes may be without, as of git's --irreversible-delete; and one that is named for
 * another reason, where what changes is left out, as of git's --ignore-all-space. */
static bool is_without_hunks(const struct diff_reader *r, const struct patch_file *file)
{
	const char *old = file->blob[PATCH_OLD], *new = file->blob[PATCH_NEW];

	if (r->hunks.count || r->lenient || r->has_mode || file->binary || file->renamed ||
	    file->copied)
		return false;
	return old && new && file->path[PATCH_NEW] && !is_empty_blob(new) && strcmp(old, new) != 0;
}

/* Give the last file its hunks. */
static int end_file(struct diff_reader *r)
{
	struct patch_file *file;
	struct patch_hunk *hunks;

	if (!r->files.count)
		return 0;
	file = &r->files.items[r->files.count - 1];
	if (is_without_hunks(r, file))
		return ksa_fail_at(r->err, KSA_EFORMAT, r->patch->source, file->at,
				   "'%s' changes, but no hunk says how: the mail was cut, give the "
				   "patch as it was sent",
				   file->path[PATCH_NEW]);
	if (!r->hunks.count)
		return 0;
	hunks = arena_calloc(&r->set->arena, r->hunks.count, sizeof(*hunks));
	if (!hunks)
		return ksa_fail_nomem(r->err);
	memcpy(hunks, r->hunks.items, r->hunks.count * sizeof(*hunks));
	file->hunks = hunks;
	file->hunk_count = r->hunks.count;
	r->hunks.count = 0;
	return 0;
}

static int begin_file(struct diff_reader *r, struct patch_file **file)
{
	int e = end_file(r);

	if (!e)
		e = VEC_PUSH_ROOM(&r->files, r->err);
	if (e)
		return e;
	if (r->files.count == MAX_FILES)
		return ksa_fail_at(r->err, KSA_ELIMIT, r->patch->source, r->lines[r->at].at,
				   "changes more than %d files", MAX_FILES);
	*file = &r->files.items[r->files.count++];
	**file = (struct patch_file){.at = r->lines[r->at].at};
	r->has_mode = false;
	return 0;
}

/*
 * The two paths of "diff --git a/x b/x", which are one but for renames (those have lines of their
 * own). A mailer may have wrapped the line: then the next one has the second path.
 */
static int take_git_line(struct diff_reader *r, struct patch_file *file)
{
	const struct text_line *line = &r->lines[r->at];
	const char *s = line->text + strlen("diff --git ");
	size_t length = line->length - strlen("diff --git "), half = length / 2;
	const char *first, *second;
	char *path;

	if (length && *s == '"') {
		path = unquote(&r->set->arena, s, s + length);
	} else if (length % 2 && s[half] == ' ') {
		path = arena_strndup(&r->set->arena, s, half);
		first = memchr(s, '/', half);
		second = memchr(s + half + 1, '/', half);
		if (path && (!first || !second || strncmp(first, second, half - (first - s)) != 0))
			path[0] = '\0';
	} else {
		while (length && s[length - 1] == ' ')
			length--;
		path = arena_strndup(&r->set->arena, s, memchr(s, ' ', length) ? 0 : length);
	}
	if (!path)
		return ksa_fail_nomem(r->err);
	if (*path)
		file->path[PATCH_OLD] = file->path[PATCH_NEW] = strip_prefix(path, true);
	return 0;
}

static int take_name(struct diff_reader *r, const struct text_line *line, size_t skip,
		     const char **out)
{
	const char *s = line->text + skip, *end = line->text + line->length;
	char *name = s < end && *s == '"' ? unquote(&r->set->arena, s, end)
					  : arena_strndup(&r->set->arena, s, (size_t)(end - s));

	*out = name;
	return name ? 0 : ksa_fail_nomem(r->err);
}

/* "index 1d92ac9..f062c1c 100644" */
static int take_index(struct diff_reader *r, const struct text_line *line, struct patch_file *file)
{
	size_t at = strlen("index ");

	for (int side = PATCH_OLD; side < PATCH_SIDES; side++) {
		size_t length = 0;

		while (at + length < line->length &&
		       isxdigit((unsigned char)line->text[at + length]))
			length++;
		if (length < 4 || length > 64)
			return 0;
		file->blob[side] = arena_strndup(&r->set->arena, line->text + at, length);
		if (!file->blob[side])
			return ksa_fail_nomem(r->err);
		at += length;
		if (side == PATCH_OLD &&
		    (at + 2 > line->length || memcmp(line->text + at, "..", 2) != 0))
			return 0;
		at += 2;
	}
	return 0;
}

/* The lines after "diff --git": modes, renames, the blobs' ids. */
static int take_git_header(struct diff_reader *r, struct patch_file *file)
{
	const struct text_line *line = &r->lines[r->at];

	if (text_line_starts(line, "new file mode "))
		file->path[PATCH_OLD] = NULL;
	else if (text_line_starts(line, "deleted file mode "))
		file->path[PATCH_NEW] = NULL;
	else if (text_line_starts(line, "index "))
		return take_index(r, line, file);
	else if (text_line_starts(line, "GIT binary patch") ||
		 text_line_starts(line, "Binary files "))
		file->binary = true;
	r->has_mode |= text_line_starts(line, "old mode ");
	file->renamed = file->renamed || text_line_starts(line, "rename from ");
	file->copied = file->copied || text_line_starts(line, "copy from ");
	if (text_line_starts(line, "rename from "))
		return take_name(r, line, strlen("rename from "), &file->path[PATCH_OLD]);
	if (text_line_starts(line, "rename to "))
		return take_name(r, line, strlen("rename to "), &file->path[PATCH_NEW]);
	if (text_line_starts(line, "copy from "))
		return take_name(r, line, strlen("copy from "), &file->path[PATCH_OLD]);
	if (text_line_starts(line, "copy to "))
		return take_name(r, line, strlen("copy to "), &file->path[PATCH_NEW]);
	return 0;
}

static int refuse(const struct diff_reader *r, const char *what)
{
	return ksa_fail_at(r->err, KSA_EUNSUPPORTED, r->patch->source, r->lines[r->at].at, "%s",
			   what);
}

/* The "--- " and "+++ " lines of a file; of a git diff they come after its headers. */
static int take_heads(struct diff_reader *r, bool git, struct patch_file *file)
{
	int e = take_path(r, &r->lines[r->at], git, &file->path[PATCH_OLD]);

	if (!e)
		e = take_path(r, &r->lines[r->at + 1], git, &file->path[PATCH_NEW]);
	r->at += 2;
	return e;
}

/* Forms of a diff that are not read. */
static int check_form(struct diff_reader *r)
{
	const struct text_line *line = &r->lines[r->at];
	struct patch_hunk hunk;

	if (is_combined(line) || text_line_starts(line, "@@@ -"))
		return refuse(r, "is a combined diff, which compares a merge with several parents "
				 "at once; give the diff against one: git show --first-parent -m");
	if (is_context_head(r->lines, r->count, r->at))
		return refuse(r, "is a context diff; give a unified one (diff -u)");
	if (r->files.count && !r->lenient && text_line_starts(line, "@@ ") &&
	    !diff_parse_hunk_header(line, &hunk))
		return ksa_fail_at(
			r->err, KSA_EFORMAT, r->patch->source, line->at,
			"is no header of a hunk: expected '@@ -1,2 +1,3 @@', the line and "
			"the number of lines in the old and the new file; give the patch "
			"as it was sent");
	return 0;
}

/* A hunk, of the file that came last. */
static int take_file_hunk(struct diff_reader *r, const struct patch_file *file)
{
	int e;

	if (file && (file->path[PATCH_OLD] || file->path[PATCH_NEW]))
		return diff_take_hunk(r);
	e = patch_set_notice(r->set, r->err,
			     "%s:%u: a hunk whose file the mail does not name was not read",
			     r->patch->source, r->lines[r->at].at);
	r->at++;
	return e;
}

/* One line outside of hunks. *git: headers of a git diff may follow. */
static int take_line(struct diff_reader *r, bool *git)
{
	struct patch_file *file = r->files.count ? &r->files.items[r->files.count - 1] : NULL;
	const struct text_line *line = &r->lines[r->at];
	struct patch_hunk hunk;
	int e = check_form(r);

	if (e)
		return e;
	if (text_line_starts(line, "diff --git ")) {
		*git = true;
		e = begin_file(r, &file);
		if (!e)
			e = take_git_line(r, file);
		r->at++;
	} else if (text_line_starts(line, "--- ") && line_starts(r, r->at + 1, "+++ ")) {
		if (!*git || !file || r->hunks.count) {
			*git = false;
			e = begin_file(r, &file);
		}
		if (!e)
			e = take_heads(r, *git, file);
	} else if (diff_parse_hunk_header(line, &hunk)) {
		e = take_file_hunk(r, file);
	} else {
		if (*git && file && !r->hunks.count)
			e = take_git_header(r, file);
		r->at++;
	}
	return e;
}

/* Say which hunks of a quoted patch may be read wrong. */
static int note_hunks(struct diff_reader *r)
{
	size_t all = 0;
	int e = 0;

	for (size_t f = 0; f < r->files.count; f++)
		all += r->files.items[f].hunk_count;
	if (r->lost)
		e = patch_set_notice(r->set, r->err,
				     "%s:%u: not whole: %zu of %zu hunks; what is left out is not "
				     "judged, and the numbers of lines after it may be wrong",
				     r->patch->source, r->lost_at, r->lost, all);
	if (!e && r->unsure)
		e = patch_set_notice(
			r->set, r->err,
			"%s:%u: %zu of %zu hunks can be read in several ways, by lines "
			"without a sign: take the patch's own mail",
			r->patch->source, r->unsure_at, r->unsure, all);
	return e;
}

int patch_read_diff(struct patch_set *set, struct patch *patch, const struct text_lines *lines,
		    size_t from, bool lenient, struct ksa_error *err)
{
	_cleanup_(reader_release) struct diff_reader r = {.set = set,
							  .patch = patch,
							  .lines = lines->items,
							  .count = lines->count,
							  .at = from,
							  .lenient = lenient,
							  .err = err};
	struct patch_file *files;
	bool git = false;
	int e = 0;

	while (r.at < r.count && !e)
		e = take_line(&r, &git);
	if (!e)
		e = end_file(&r);
	if (!e)
		e = note_hunks(&r);
	if (e)
		return e;
	files = arena_calloc(&set->arena, r.files.count, sizeof(*files));
	if (!files)
		return ksa_fail_nomem(err);
	if (r.files.count)
		memcpy(files, r.files.items, r.files.count * sizeof(*files));
	patch->files = files;
	patch->file_count = r.files.count;
	return 0;
}
