// SPDX-License-Identifier: GPL-2.0-or-later
#include "read/patch/diff.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/strbuf.h"
#include "base/strmap.h"
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
	uint32_t line;
	size_t at = 0;

	while (at < count && !text_line_starts(&lines[at], "diff --git ") &&
	       !diff_is_plain_head(lines, count, at) && !is_combined(&lines[at]) &&
	       !is_context_head(lines, count, at))
		at++;
	if (at == count) {
		/* Of a patch that was cut the head of a file may be all that is left. */
		if (!diff_is_cut_head(lines, count, &line))
			return count;
		while (at && !lines[at - 1].length)
			at--;
	}
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

/* A file without hunks whose headers do not say all that there is. */
static int check_whole(struct diff_reader *r, struct patch_file *file)
{
	const char *name = file->path[PATCH_NEW] ? file->path[PATCH_NEW] : file->path[PATCH_OLD];

	file->textless = (r->seen & SEEN_DELETED) && !r->hunks.count && file->blob[PATCH_OLD] &&
			 !file->binary && !diff_is_empty_blob(file->blob[PATCH_OLD]);
	if (!diff_is_cut(r, file))
		return 0;
	if (r->patch->quoted) {
		r->bare_files++;
		return 0;
	}
	return ksa_fail_at(r->err, KSA_EFORMAT, r->patch->source, file->at,
			   "%s%s%s changes, but no hunk says how: the mail was cut, give the "
			   "patch as it was sent",
			   name ? "'" : "", name ? name : "a file", name ? "'" : "");
}

/* Where a hunk starts in the new file is where it did in the old one, and what the hunks before it
 * add: if not, one before it was left out. */
static void note_gap(struct diff_reader *r, const struct patch_hunk *hunks, size_t count)
{
	int64_t shift = 0;

	for (size_t i = 0; i < count && r->patch->quoted; i++) {
		const struct patch_hunk *hunk = &hunks[i];
		/* A side without lines names the one before. */
		int64_t old = (int64_t)hunk->start[PATCH_OLD] + !hunk->count[PATCH_OLD];
		int64_t new_ = (int64_t)hunk->start[PATCH_NEW] + !hunk->count[PATCH_NEW];

		if (new_ - old != shift) {
			if (!r->gap_files++)
				r->gap_at = hunk->at;
			return;
		}
		shift += (int64_t)hunk->count[PATCH_NEW] - hunk->count[PATCH_OLD];
	}
}

/* Give the last file its hunks. */
static int end_file(struct diff_reader *r)
{
	struct patch_file *file;
	struct patch_hunk *hunks;
	int e;

	if (!r->files.count)
		return 0;
	file = &r->files.items[r->files.count - 1];
	e = check_whole(r, file);
	if (e || !r->hunks.count)
		return e;
	hunks = arena_calloc(&r->set->arena, r->hunks.count, sizeof(*hunks));
	if (!hunks)
		return ksa_fail_nomem(r->err);
	memcpy(hunks, r->hunks.items, r->hunks.count * sizeof(*hunks));
	note_gap(r, hunks, r->hunks.count);
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
	r->seen = 0;
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

/* The lines after "diff --git" that say something of the file, each once. */
static const struct header {
	const char *name;
	unsigned int seen;
	enum { HEADER_FLAG = 0, HEADER_OLD, HEADER_NEW, HEADER_BINARY, HEADER_INDEX } kind;
} headers[] = {
	{"old mode ", SEEN_OLD_MODE, HEADER_FLAG},
	{"new mode ", SEEN_NEW_MODE, HEADER_FLAG},
	{"new file mode ", SEEN_NEW, HEADER_FLAG},
	{"deleted file mode ", SEEN_DELETED, HEADER_FLAG},
	{"rename from ", SEEN_FROM, HEADER_OLD},
	{"rename to ", SEEN_TO, HEADER_NEW},
	{"copy from ", SEEN_FROM, HEADER_OLD},
	{"copy to ", SEEN_TO, HEADER_NEW},
	{"similarity index ", 0, HEADER_FLAG},
	{"dissimilarity index ", 0, HEADER_FLAG},
	{"index ", 0, HEADER_INDEX},
	{"--- a/", SEEN_HEADS, HEADER_FLAG},
	{"--- \"a/", SEEN_HEADS, HEADER_FLAG},
	{"--- /dev/null", SEEN_HEADS, HEADER_FLAG},
	{"GIT binary patch", SEEN_BINARY, HEADER_BINARY},
	{"Binary files ", 0, HEADER_BINARY},
};

static const struct header *find_header(const struct text_line *line)
{
	for (size_t i = 0; i < sizeof(headers) / sizeof(*headers); i++)
		if (text_line_starts(line, headers[i].name))
			return &headers[i];
	return NULL;
}

static int take_git_header(struct diff_reader *r, struct patch_file *file)
{
	const struct text_line *line = &r->lines[r->at];
	const struct header *header = find_header(line);

	if (!header)
		return 0;
	r->header_end = r->at + 1;
	r->seen |= header->seen;
	if (header->seen == SEEN_NEW)
		file->path[PATCH_OLD] = NULL;
	else if (header->seen == SEEN_DELETED)
		file->path[PATCH_NEW] = NULL;
	file->renamed = file->renamed || strncmp(header->name, "rename", 6) == 0;
	file->copied = file->copied || strncmp(header->name, "copy", 4) == 0;
	file->binary = file->binary || header->kind == HEADER_BINARY;
	if (header->kind == HEADER_INDEX)
		return take_index(r, line, file);
	if (header->kind == HEADER_OLD || header->kind == HEADER_NEW)
		return take_name(r, line, strlen(header->name),
				 &file->path[header->kind == HEADER_NEW]);
	return 0;
}

static int refuse(const struct diff_reader *r, const char *what)
{
	return ksa_fail_at(r->err, KSA_EUNSUPPORTED, r->patch->source, r->lines[r->at].at, "%s",
			   what);
}

/* Quilt and others name one of the two files like the other, with a suffix: "mm/util.c~fix",
 * "mm/util.c.orig". */
static void drop_suffix(struct patch_file *file)
{
	const char *old = file->path[PATCH_OLD], *new = file->path[PATCH_NEW];
	enum patch_side longer;
	size_t length;

	if (!old || !new)
		return;
	longer = strlen(old) > strlen(new) ? PATCH_OLD : PATCH_NEW;
	length = strlen(file->path[!longer]);
	if (strncmp(old, new, length) == 0 && strchr("~.", file->path[longer][length]) &&
	    !strchr(file->path[longer] + length, '/'))
		file->path[longer] = file->path[!longer];
}

/* The "--- " and "+++ " lines of a file; of a git diff they come after its headers. */
static int take_heads(struct diff_reader *r, bool git, struct patch_file *file)
{
	int e = take_path(r, &r->lines[r->at], git, &file->path[PATCH_OLD]);

	if (!e)
		e = take_path(r, &r->lines[r->at + 1], git, &file->path[PATCH_NEW]);
	if (!git)
		drop_suffix(file);
	r->at += 2;
	r->seen |= SEEN_HEADS;
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

/* A line that may be a header of a file of git's. */
static int take_other(struct diff_reader *r, struct patch_file *file)
{
	const struct text_line *line = &r->lines[r->at];
	int e = file && !r->hunks.count ? take_git_header(r, file) : 0;

	if (diff_is_export_change(line) && !r->patch->strays++)
		r->patch->stray_at = line->at;
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
		r->header_end = ++r->at;
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
		e = take_other(r, *git ? file : NULL);
	}
	return e;
}

/* Say what of a patch may be read wrong, or is not there. */
static int note_hunks(struct diff_reader *r)
{
	const char *source = r->patch->source;
	size_t all = 0;
	int e = 0;

	for (size_t f = 0; f < r->files.count; f++)
		all += r->files.items[f].hunk_count;
	if (r->lost)
		e = patch_set_notice(r->set, r->err,
				     "%s:%u: not whole: %zu of %zu hunks; what is left out is not "
				     "judged, and the numbers of lines after it may be wrong",
				     source, r->lost_at, r->lost, all);
	if (!e && r->unsure)
		e = patch_set_notice(
			r->set, r->err,
			"%s:%u: %zu of %zu hunks can be read in several ways, by lines "
			"without a sign: take the patch's own mail",
			source, r->unsure_at, r->unsure, all);
	if (!e && r->gap_files)
		e = patch_set_notice(
			r->set, r->err,
			"%s:%u: before this hunk others are left out, of %zu file%s in "
			"all: what they change is not judged",
			source, r->gap_at, r->gap_files, r->gap_files > 1 ? "s" : "");
	if (!e && r->bare_files)
		e = patch_set_notice(r->set, r->err,
				     "%s: of %zu of the %zu files that it quotes no hunk is there: "
				     "what changes in them is not judged",
				     source, r->bare_files, r->files.count);
	return e;
}

/* A plain diff whose last file has a head, and no more. */
static int check_end(const struct diff_reader *r, size_t from)
{
	uint32_t at;

	if (!diff_is_cut_head(r->lines + from, r->count - from, &at))
		return 0;
	return ksa_fail_at(r->err, KSA_EFORMAT, r->patch->source, at,
			   "ends within the head of a file: the mail was cut, give the patch as it "
			   "was sent");
}

static bool is_same_hunk(const struct patch_hunk *a, const struct patch_hunk *b)
{
	if (memcmp(a->start, b->start, sizeof(a->start)) != 0 ||
	    memcmp(a->count, b->count, sizeof(a->count)) != 0 || a->line_count != b->line_count)
		return false;
	for (size_t i = 0; i < a->line_count; i++) {
		const struct patch_line *x = &a->lines[i], *y = &b->lines[i];

		if (x->sign != y->sign || x->length != y->length ||
		    memcmp(x->text, y->text, x->length) != 0)
			return false;
	}
	return true;
}

static bool is_same_path(const char *a, const char *b)
{
	return a && b ? strcmp(a, b) == 0 : a == b;
}

static bool is_same_file(const struct patch_file *a, const struct patch_file *b)
{
	if (!a->hunk_count || a->hunk_count != b->hunk_count ||
	    !is_same_path(a->path[PATCH_OLD], b->path[PATCH_OLD]) ||
	    !is_same_path(a->path[PATCH_NEW], b->path[PATCH_NEW]))
		return false;
	for (size_t i = 0; i < a->hunk_count; i++)
		if (!is_same_hunk(&a->hunks[i], &b->hunks[i]))
			return false;
	return true;
}

/* Mails hold a patch as text and attach it as well: what comes again is no second change. */
static int drop_repeated(struct diff_reader *r)
{
	_cleanup_(strmap_release) struct strmap first = {NULL, 0, 0};
	size_t kept = 0;

	for (size_t i = 0; i < r->files.count; i++) {
		struct patch_file *file = &r->files.items[i];
		const char *path = file->path[file->path[PATCH_NEW] ? PATCH_NEW : PATCH_OLD];
		uint32_t at = (uint32_t)kept;

		if (path && strmap_add(&first, path, &at, NULL) < 0)
			return ksa_fail_nomem(r->err);
		if (at == kept || !is_same_file(&r->files.items[at], file))
			r->files.items[kept++] = *file;
	}
	r->files.count = kept;
	return 0;
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
	if (!e && !patch->quoted)
		e = check_end(&r, from);
	if (!e)
		e = note_hunks(&r);
	if (!e)
		e = drop_repeated(&r);
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
