// SPDX-License-Identifier: GPL-2.0-or-later
#include "model/patch.h"

#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/strbuf.h"
#include "base/vec.h"

/* How far from where its header says a hunk is looked for: stable trees are some lines off. */
#define SEARCH_LINES 2000
/* Lines compared for one file in all: real ones take some hundreds. */
#define MAX_COMPARED 20000000

struct span {
	const unsigned char *text;
	size_t length; /* with the line's end */
};

struct spans {
	struct span *items;
	size_t count, capacity;
	size_t compared;
};

static void spans_release(struct spans *spans)
{
	free(spans->items);
}

static int split(struct spans *spans, const unsigned char *data, size_t size, struct ksa_error *err)
{
	for (size_t at = 0; at < size;) {
		const unsigned char *end = memchr(data + at, '\n', size - at);
		size_t length = end ? (size_t)(end - (data + at)) + 1 : size - at;
		int r = VEC_PUSH_ROOM(spans, err);

		if (r)
			return r;
		spans->items[spans->count++] = (struct span){data + at, length};
		at += length;
	}
	return 0;
}

static bool is_blank(unsigned char c)
{
	return c == ' ' || c == '\t';
}

/* The same but for blanks, which archives strip, and mailers write as others. */
static bool is_loose_line(const unsigned char *a, size_t a_size, const char *b, size_t b_size)
{
	size_t i = 0, k = 0;

	for (;;) {
		while (i < a_size && is_blank(a[i]))
			i++;
		while (k < b_size && is_blank((unsigned char)b[k]))
			k++;
		if (i == a_size || k == b_size)
			return i == a_size && k == b_size;
		if (a[i++] != (unsigned char)b[k++])
			return false;
	}
}

/* Line ends do not count: mails lose them. */
static bool is_line(const struct span *span, const struct patch_line *line, bool loose)
{
	size_t length = span->length;

	if (length && span->text[length - 1] == '\n')
		length--;
	if (length && span->text[length - 1] == '\r')
		length--;
	if (loose)
		return is_loose_line(span->text, length, line->text, line->length);
	return length == line->length && memcmp(span->text, line->text, length) == 0;
}

static bool fits(struct spans *spans, size_t at, const struct patch_hunk *hunk)
{
	for (size_t i = 0; i < hunk->line_count; i++) {
		if (hunk->lines[i].sign == '+')
			continue;
		if (at >= spans->count || ++spans->compared > MAX_COMPARED ||
		    !is_line(&spans->items[at], &hunk->lines[i], hunk->loose))
			return false;
		at++;
	}
	return true;
}

/* Where the hunk fits, from the line at on, nearest to wanted; false: nowhere. */
static bool find_place(struct spans *spans, size_t from, size_t wanted,
		       const struct patch_hunk *hunk, size_t *place)
{
	for (size_t off = 0; off <= SEARCH_LINES; off++) {
		if (wanted + off <= spans->count && wanted + off >= from &&
		    fits(spans, wanted + off, hunk)) {
			*place = wanted + off;
			return true;
		}
		if (off && wanted >= off && wanted - off >= from && wanted - off <= spans->count &&
		    fits(spans, wanted - off, hunk)) {
			*place = wanted - off;
			return true;
		}
	}
	return false;
}

static void add_spans(struct strbuf *buf, const struct spans *spans, size_t from, size_t to)
{
	for (; from < to; from++)
		strbuf_add(buf, spans->items[from].text, spans->items[from].length);
}

static size_t write_hunk(struct strbuf *buf, const struct spans *spans, size_t at,
			 const struct patch_hunk *hunk)
{
	for (size_t i = 0; i < hunk->line_count; i++) {
		const struct patch_line *line = &hunk->lines[i];

		if (line->sign == '+') {
			strbuf_add(buf, line->text, line->length);
			if (!line->no_newline)
				strbuf_addc(buf, '\n');
			continue;
		}
		if (line->sign == ' ')
			add_spans(buf, spans, at, at + 1);
		at++;
	}
	return at;
}

int patch_file_apply(const struct patch_file *file, const unsigned char *data, size_t size,
		     unsigned char **out, size_t *out_size, struct ksa_error *err)
{
	_cleanup_(spans_release) struct spans spans = {NULL, 0, 0, 0};
	_cleanup_(strbuf_release) struct strbuf buf = {NULL, 0, 0, false};
	size_t at = 0, shift = 0;
	int r = split(&spans, data, size, err);

	for (size_t h = 0; h < file->hunk_count && !r; h++) {
		const struct patch_hunk *hunk = &file->hunks[h];
		size_t wanted = hunk->start[PATCH_OLD], place;

		/* The line after which lines are added, or the first line of those that are there.
		 */
		if (hunk->count[PATCH_OLD] && wanted)
			wanted--;
		if (!find_place(&spans, at, wanted + shift, hunk, &place))
			return ksa_fail_at(err, KSA_ENODATA, "", hunk->at,
					   "hunk of '%s' does not apply",
					   file->path[PATCH_OLD] ? file->path[PATCH_OLD] : "");
		shift = place - wanted;
		add_spans(&buf, &spans, at, place);
		at = write_hunk(&buf, &spans, place, hunk);
	}
	if (r)
		return r;
	add_spans(&buf, &spans, at, spans.count);
	strbuf_add(&buf, "", 0);
	if (buf.failed)
		return ksa_fail_nomem(err);
	*out_size = buf.length;
	*out = (unsigned char *)take_ptr(buf.data);
	return 0;
}
