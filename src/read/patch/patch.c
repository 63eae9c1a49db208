// SPDX-License-Identifier: GPL-2.0-or-later
#include "read/patch/patch.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/bytes.h"
#include "base/cleanup.h"
#include "base/vec.h"
#include "read/unpack/decompress.h"
#include "read/patch/announce.h"
#include "read/patch/diff.h"
#include "read/patch/diff_internal.h"
#include "read/patch/mail.h"
#include "read/patch/message.h"
#include "read/patch/terminal.h"

#define MAX_SIZE  ((size_t)64 * 1024 * 1024)
#define MAX_DEPTH 31 /* of quotes in quotes: the bits of a mask */

/* How deep the line is quoted ("> > text" is 2), and what is left of it; blank: one after each. */
static unsigned int quote_depth(const struct text_line *line, bool blank, struct text_line *rest)
{
	unsigned int depth = 0;

	*rest = *line;
	while (rest->length && rest->text[0] == '>') {
		depth++;
		rest->text++;
		rest->length--;
		if (rest->length > 1 && rest->text[0] == ' ' && rest->text[1] == '>') {
			rest->text++;
			rest->length--;
		}
	}
	if (depth && blank && rest->length && rest->text[0] == ' ') {
		rest->text++;
		rest->length--;
	}
	return depth;
}

/* Mailers that re-wrap lines put an empty line of context before the next head, on its line. */
static void trim_head(struct text_line *line)
{
	uint32_t blanks = 0;

	while (blanks < line->length && line->text[blanks] == ' ')
		blanks++;
	if (blanks &&
	    ((line->length - blanks > 11 && memcmp(line->text + blanks, "diff --git ", 11) == 0) ||
	     (line->length - blanks > 4 && memcmp(line->text + blanks, "@@ -", 4) == 0))) {
		line->text += blanks;
		line->length -= blanks;
	}
}

/* The lines at one depth of quotes. */
static int lines_at(const struct text_lines *all, unsigned int depth, bool blank, bool lenient,
		    struct text_lines *out, struct ksa_error *err)
{
	int r = vec_reserve(&out->items, &out->capacity, all->count, sizeof(*out->items), err);

	out->count = 0;
	for (size_t i = 0; i < all->count && !r; i++) {
		struct text_line rest;

		if (quote_depth(&all->items[i], blank, &rest) != depth)
			continue;
		if (lenient)
			trim_head(&rest);
		out->items[out->count++] = rest;
	}
	return r;
}

static void lines_release(struct text_lines *lines)
{
	free(lines->items);
}

/* The depths that are there, as a mask. */
static unsigned int depths_of(const struct text_lines *lines)
{
	unsigned int mask = 0;

	for (size_t i = 0; i < lines->count; i++) {
		struct text_line rest;
		unsigned int depth = quote_depth(&lines->items[i], false, &rest);

		if (depth <= MAX_DEPTH)
			mask |= 1u << depth;
	}
	return mask;
}

/* Whether a quoted line has a blank between the last ">" and its text. */
static bool has_quote_blank(const struct text_line *line)
{
	return line->text[-1] == ' ';
}

/*
 * The lines at the shallowest depth with a diff, in which *start is that diff's first line. Some
 * mailers quote with ">", some with "> ": the diff's own head shows which.
 */
static int find_diff(const struct mail *mail, struct text_lines *out, size_t *start,
		     unsigned int *depth, struct ksa_error *err)
{
	unsigned int mask = depths_of(&mail->lines);
	int r = 0;

	for (*depth = 0; *depth <= MAX_DEPTH; (*depth)++) {
		if (!(mask & 1u << *depth))
			continue;
		for (int blank = 1; blank >= 0; blank--) {
			r = lines_at(&mail->lines, *depth, blank, *depth || mail->flowed, out, err);
			*start = patch_find_diff(out->items, out->count);
			if (r || (*start < out->count &&
				  (!*depth || !blank || has_quote_blank(&out->items[*start]))))
				return r;
		}
	}
	return 0;
}

static int add_patch(struct patch_set *set, const struct patch *patch, struct ksa_error *err)
{
	int r = vec_reserve(&set->patches, &set->capacity, set->count + 1, sizeof(*set->patches),
			    err);

	if (!r)
		set->patches[set->count++] = *patch;
	return r;
}

static int take_headers(struct patch_set *set, const struct mail *mail, struct patch *patch,
			struct ksa_error *err)
{
	int r = message_take_subject(&set->arena, mail->subject, patch, err);

	if (!r && mail->from)
		r = message_take_author(&set->arena, mail->from, patch, err);
	if (mail->date)
		message_take_date(mail->date, patch);
	return r;
}

/* The text above the diff. Of a reply the headers count, not what the quoted text says of itself:
 * that is another mail's. */
static int take_text(struct patch_set *set, const struct mail *mail, const struct text_lines *lines,
		     size_t count, struct patch *patch, struct ksa_error *err)
{
	const struct patch headers = *patch;
	int r = message_take_text(&set->arena, lines->items, count, patch, err);

	if (r || !patch->quoted)
		return r;
	patch->author = headers.author;
	patch->email = headers.email;
	patch->date = headers.date;
	patch->zone = headers.zone;
	patch->has_date = headers.has_date;
	if (!mail->subject)
		return 0;
	patch->subject = headers.subject;
	patch->title = headers.title;
	patch->part = headers.part;
	patch->parts = headers.parts;
	patch->version = headers.version;
	return 0;
}

/* Count the changed lines about exports of a mail that are at no such depth, up to the deepest. */
static void count_strays(const struct text_lines *all, unsigned int depth, unsigned int deepest,
			 struct patch *patch)
{
	for (size_t i = 0; i < all->count; i++) {
		struct text_line rest;
		unsigned int is = quote_depth(&all->items[i], true, &rest);

		if (is != depth && is <= deepest && diff_is_export_change(&rest) &&
		    !patch->strays++)
			patch->stray_at = rest.at;
	}
}

static int note_strays(struct patch_set *set, const struct patch *patch, struct ksa_error *err)
{
	return !patch->strays
		       ? 0
		       : patch_set_notice(set, err,
					  "%s:%u: %u changed line%s about exports in no hunk "
					  "that can be read: not judged",
					  patch->source, patch->stray_at, patch->strays,
					  patch->strays > 1 ? "s" : "");
}

/* A patch of a series whose diff cannot be read, beside others that can: in a part of another
 * kind, say. */
static int note_unread(struct patch_set *set, const struct patch *patch, struct ksa_error *err)
{
	if (patch->quoted || !patch->part || *patch->subject != '[')
		return 0;
	return patch_set_notice(set, err,
				"%s:%u: '%.200s' holds no diff that can be read: not judged",
				patch->source, patch->at, patch->subject);
}

/* A mail without a diff that counts. */
static int take_plain(struct patch_set *set, const struct mail *mail, unsigned int deepest,
		      struct patch *patch, struct ksa_error *err)
{
	int r;

	/* A reply to a cover letter is none. */
	if (patch->parts && !patch->part && strncasecmp(patch->subject, "Re:", 3) != 0)
		set->covers++;
	else
		set->plain++;
	count_strays(&mail->lines, MAX_DEPTH + 1, deepest, patch);
	r = note_strays(set, patch, err);
	if (!r && !deepest)
		r = note_unread(set, patch, err);
	return r ? r : announce_mail(set, mail, patch, err);
}

/* Whether anything of the patch is there: replies quote the heads of files alone. */
static bool has_hunks(const struct patch *patch)
{
	for (size_t i = 0; i < patch->file_count; i++)
		if (patch->files[i].hunk_count)
			return true;
	return false;
}

/* quoted_too: no mail of the file has a diff of its own. */
static int take_mail(struct patch_set *set, const char *name, const struct mail *mail,
		     bool quoted_too, struct ksa_error *err)
{
	_cleanup_(lines_release) struct text_lines lines = {NULL, 0, 0};
	struct patch patch = {.source = name, .commit = mail->commit, .at = mail->at};
	unsigned int depth;
	size_t start = 0;
	int r = take_headers(set, mail, &patch, err);

	if (!r)
		r = find_diff(mail, &lines, &start, &depth, err);
	if (r)
		return r;
	if (depth > MAX_DEPTH)
		return take_plain(set, mail, quoted_too ? MAX_DEPTH : 0, &patch, err);
	patch.quoted = depth > 0;
	if (patch.quoted && !quoted_too)
		return take_plain(set, mail, 0, &patch, err);
	r = take_text(set, mail, &lines, start, &patch, err);
	if (!r)
		r = patch_read_diff(set, &patch, &lines, start, depth || mail->flowed, err);
	if (r)
		return r;
	if (patch.quoted && !has_hunks(&patch))
		return take_plain(set, mail, 0, &patch, err);
	count_strays(&(struct text_lines){lines.items, start, 0}, MAX_DEPTH + 1, 0, &patch);
	count_strays(&mail->lines, depth, MAX_DEPTH, &patch);
	r = note_strays(set, &patch, err);
	return r ? r : add_patch(set, &patch, err);
}

static int has_own_diff(const struct mail_list *mails, bool *found, struct ksa_error *err)
{
	_cleanup_(lines_release) struct text_lines lines = {NULL, 0, 0};
	int r = 0;

	*found = false;
	for (size_t i = 0; i < mails->count && !r && !*found; i++) {
		r = lines_at(&mails->items[i].lines, 0, false, mails->items[i].flowed, &lines, err);
		*found = !r && patch_find_diff(lines.items, lines.count) < lines.count;
	}
	return r;
}

static int compare_part(const void *a, const void *b)
{
	const struct patch *p = a, *q = b;

	if (p->part != q->part)
		return p->part < q->part ? -1 : 1;
	return p->at < q->at ? -1 : p->at > q->at;
}

/* From the patch at first on: the last version of a series, in its order. */
static int order_series(struct patch_set *set, size_t first, const char *name,
			struct ksa_error *err)
{
	size_t count = set->count - first, kept = 0;
	struct patch *patches = count ? set->patches + first : NULL;
	uint32_t last = 0;
	bool one = true;

	if (!count)
		return 0;
	for (size_t i = 0; i < count; i++)
		if (patches[i].parts && patches[i].version > last)
			last = patches[i].version;
	for (size_t i = 0; i < count; i++)
		if (!patches[i].parts || patches[i].version == last)
			patches[kept++] = patches[i];
	set->count = first + kept;
	for (size_t i = 0; i < kept; i++)
		one = one && patches[i].parts && patches[i].parts == patches[0].parts;
	if (one && kept > 1)
		qsort(patches, kept, sizeof(*patches), compare_part);
	if (kept == count)
		return 0;
	return patch_set_notice(
		set, err, "%s: holds several versions of a series: only v%u is read", name, last);
}

static int read_mails(struct patch_set *set, const char *name, const char *data, size_t size,
		      struct ksa_error *err)
{
	_cleanup_(mail_list_release) struct mail_list mails = {.items = NULL};
	size_t first = set->count;
	bool own = false;
	int r = mails_read(name, data, size, &set->arena, &mails, err);

	if (!r)
		r = has_own_diff(&mails, &own, err);
	for (size_t i = 0; i < mails.count && !r; i++)
		r = take_mail(set, name, &mails.items[i], !own, err);
	return r ? r : order_series(set, first, name, err);
}

/* The mark of the order of bytes, which editors put before a text. */
static int take_mark(const char *source, const unsigned char **data, size_t *size,
		     struct ksa_error *err)
{
	if (*size >= 2 && (memcmp(*data, "\xff\xfe", 2) == 0 || memcmp(*data, "\xfe\xff", 2) == 0))
		return ksa_fail_at(err, KSA_EUNSUPPORTED, source, 0,
				   "is UTF-16; make UTF-8 of it: iconv -f UTF-16 -t UTF-8");
	if (*size >= 3 && memcmp(*data, "\xef\xbb\xbf", 3) == 0) {
		*data += 3;
		*size -= 3;
	}
	return 0;
}

int patches_read_text(struct patch_set *set, const char *name, const unsigned char *data,
		      size_t size, struct ksa_error *err)
{
	_cleanup_(bytes_release) struct bytes unpacked = {NULL, 0, BYTES_BORROWED};
	_cleanup_(strbuf_release) struct strbuf clean = {NULL, 0, 0, false};
	const char *source = arena_strdup(&set->arena, name);
	char *text;
	int r;

	if (!source)
		return ksa_fail_nomem(err);
	if (decompress_knows(data, size)) {
		r = decompress_bytes(data, size, source, MAX_SIZE, false, &unpacked, err);
		if (r)
			return r;
		data = unpacked.data;
		size = unpacked.size;
	}
	if (size > MAX_SIZE)
		return ksa_fail_at(err, KSA_ELIMIT, source, 0,
				   "is over 64 MiB: give one series at a time");
	r = take_mark(source, &data, &size, err);
	if (r)
		return r;
	if (size && terminal_clean((const char *)data, size, &clean)) {
		data = (const unsigned char *)strbuf_string(&clean);
		size = clean.length;
	}
	/* What is kept of it points into this copy. */
	text = clean.failed ? NULL
			    : arena_strndup(&set->arena, size ? (const char *)data : "", size);
	if (!text)
		return ksa_fail_nomem(err);
	return read_mails(set, source, text, size, err);
}

int patches_read(struct patch_set *set, const char *path, struct ksa_error *err)
{
	_cleanup_(bytes_release) struct bytes bytes = {NULL, 0, BYTES_BORROWED};
	int r = bytes_read_file(&bytes, path, MAX_SIZE, err);

	if (r)
		return r;
	return patches_read_text(set, strcmp(path, "-") == 0 ? "(standard input)" : path,
				 bytes.data, bytes.size, err);
}
