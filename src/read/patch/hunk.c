// SPDX-License-Identifier: GPL-2.0-or-later
#include "read/patch/diff_internal.h"

#include <ctype.h>
#include <string.h>

#include "base/vec.h"

#define CONTEXT	  3 /* lines that git and diff -u show before and after what changes */
#define MAX_JOINS 8 /* pieces of one line that a mailer wrapped */

/* What became of a hunk's lines. */
struct hunk_outcome {
	uint32_t left[PATCH_SIDES]; /* that the header counts and are not there */
	bool joined, bare; /* lines without a sign were joined to others, or are context */
	bool open; /* the last line changes something, and does not end */
};

/* "12,3" at *s; the count is 1 when it is not given. */
static bool take_range(const char **s, const char *end, uint32_t *start, uint32_t *count)
{
	uint32_t *where = start;

	*start = 0;
	*count = 1;
	for (;;) {
		uint64_t number = 0;
		const char *first = *s;

		while (*s < end && isdigit((unsigned char)**s) && number < 1000000000)
			number = number * 10 + (uint64_t)(*(*s)++ - '0');
		if (*s == first || number >= 1000000000)
			return false;
		*where = (uint32_t)number;
		if (where == count || *s == end || **s != ',')
			return true;
		where = count;
		(*s)++;
	}
}

/* "@@ -1,2 +3,4 @@ function" */
bool diff_parse_hunk_header(const struct text_line *line, struct patch_hunk *hunk)
{
	const char *s = line->text, *end = line->text + line->length;

	if (end - s < 4 || memcmp(s, "@@ -", 4) != 0)
		return false;
	s += 4;
	if (!take_range(&s, end, &hunk->start[PATCH_OLD], &hunk->count[PATCH_OLD]) || end - s < 2 ||
	    memcmp(s, " +", 2) != 0)
		return false;
	s += 2;
	hunk->at = line->at;
	return take_range(&s, end, &hunk->start[PATCH_NEW], &hunk->count[PATCH_NEW]);
}

/* A signature's mark; archives strip the blank behind it. */
static bool is_signature(const struct text_line *line)
{
	return text_line_starts(line, "--") &&
	       (line->length == 2 || (line->length == 3 && line->text[2] == ' '));
}

bool diff_ends_hunk(const struct diff_reader *r, size_t at)
{
	struct patch_hunk hunk;

	return text_line_starts(&r->lines[at], "diff --git ") ||
	       diff_is_plain_head(r->lines, r->count, at) ||
	       diff_parse_hunk_header(&r->lines[at], &hunk) ||
	       (r->lenient && is_signature(&r->lines[at]));
}

/* A line that a mailer wrapped: what follows belongs to the line before. */
static int join_line(struct diff_reader *r, const struct text_line *line)
{
	struct patch_line *last;
	char *joined;

	if (r->joins == MAX_JOINS)
		return 0;
	r->joins++;
	if (!r->hunk.count) { /* of the hunk's header */
		r->heading = arena_printf(&r->set->arena, "%s %.*s", r->heading, (int)line->length,
					  line->text);
		return r->heading ? 0 : ksa_fail_nomem(r->err);
	}
	last = &r->hunk.items[r->hunk.count - 1];
	joined = arena_alloc(&r->set->arena, (size_t)last->length + 1 + line->length);
	if (!joined)
		return ksa_fail_nomem(r->err);
	memcpy(joined, last->text, last->length);
	joined[last->length] = ' ';
	memcpy(joined + last->length + 1, line->text, line->length);
	last->text = joined;
	last->length += 1 + line->length;
	return 0;
}

static bool line_starts(const struct diff_reader *r, size_t at, const char *prefix)
{
	return at < r->count && text_line_starts(&r->lines[at], prefix);
}

static int push_line(struct diff_reader *r, const struct text_line *line, char sign)
{
	const char *first = line->length ? memchr(line->text, sign, line->length) : NULL;
	uint32_t skip = 0;
	int e = VEC_PUSH_ROOM(&r->hunk, r->err);

	if (e)
		return e;
	/* Before "+" or "-" blanks may stand; of context all is text, but for one blank. */
	if (first && (sign != ' ' || first == line->text))
		skip = (uint32_t)(first + 1 - line->text);
	r->joins = 0;
	r->hunk.items[r->hunk.count++] = (struct patch_line){.text = line->text + skip,
							     .length = line->length - skip,
							     .at = line->at,
							     .sign = sign};
	return 0;
}

static int fail_hunk(const struct diff_reader *r, const struct patch_hunk *hunk,
		     const uint32_t *left)
{
	return ksa_fail_at(r->err, KSA_EFORMAT, r->patch->source, hunk->at,
			   "hunk is not whole: of the lines that its header counts, %u of the old "
			   "file and %u of the new one are missing; the mail was cut or wrapped, "
			   "give the patch as it was sent",
			   left[PATCH_OLD], left[PATCH_NEW]);
}

/* Count a line; where lines were lost, so were counts. */
static int count_line(struct diff_reader *r, const struct patch_hunk *hunk, uint32_t *left,
		      struct hunk_line line)
{
	if (diff_count_line(left, line))
		return 0;
	if (!r->lenient)
		return fail_hunk(r, hunk, left);
	left[PATCH_OLD] -= line.sign != '+' && left[PATCH_OLD];
	left[PATCH_NEW] -= line.sign != '-' && left[PATCH_NEW];
	return 0;
}

/* Take what a line of the mail is read as. */
static int take_read_line(struct diff_reader *r, const struct text_line *line,
			  struct hunk_line read)
{
	const struct text_line empty = {"", 0, line->at, false};
	struct text_line rest = *line, next = *line;
	int e = read.behind_empty ? push_line(r, &empty, ' ') : 0;

	if (read.swallowed) {
		rest.length = read.swallowed_at - 1;
		next.text += read.swallowed_at;
		next.length -= read.swallowed_at;
	}
	if (!e)
		e = read.sign ? push_line(r, &rest, read.sign) : join_line(r, &rest);
	return !e && read.swallowed ? push_line(r, &next, read.swallowed) : e;
}

/* "\ No newline at end of file" */
static bool take_no_newline(struct diff_reader *r)
{
	if (!line_starts(r, r->at, "\\"))
		return false;
	if (r->hunk.count)
		r->hunk.items[r->hunk.count - 1].no_newline = true;
	r->at++;
	return true;
}

/* Take the hunk's lines up to what its header counts, or to what cannot be one of them. */
static int take_lines(struct diff_reader *r, const struct patch_hunk *hunk,
		      struct hunk_reading *reading, struct hunk_outcome *out)
{
	int e = 0;

	out->left[PATCH_OLD] = hunk->count[PATCH_OLD];
	out->left[PATCH_NEW] = hunk->count[PATCH_NEW];
	while (r->at < r->count && !e) {
		const struct text_line *line = &r->lines[r->at];
		bool bare = diff_is_bare(line);
		struct hunk_line read;

		if (take_no_newline(r))
			continue;
		if (!out->left[PATCH_OLD] && !out->left[PATCH_NEW])
			break;
		/* What has a sign is counted, whatever it looks like, unless lines were lost. */
		if ((r->lenient || bare) && diff_ends_hunk(r, r->at))
			break;
		r->at++;
		read = diff_read_line(reading, line);
		out->joined = out->joined || !read.sign;
		out->bare = out->bare || (bare && read.sign);
		out->open =
			line->open && (text_line_starts(line, "+") || text_line_starts(line, "-"));
		e = count_line(r, hunk, out->left, read);
		if (!e)
			e = take_read_line(r, line, read);
	}
	return e;
}

/* What follows "@@ -1,2 +3,4 @@": the line that git takes for the head of the function. */
static const char *heading_of(const struct diff_reader *r, const struct text_line *line)
{
	uint32_t at = 2;

	while (at + 1 < line->length && memcmp(line->text + at, "@@", 2) != 0)
		at++;
	at = at + 2 < line->length ? at + 2 : line->length;
	while (at < line->length && line->text[at] == ' ')
		at++;
	return arena_strndup(&r->set->arena, line->text + at, line->length - at);
}

/* Say how lines without a sign were read in a patch that was not quoted: it is not as it was sent.
 */
static int note_reading(struct diff_reader *r, const struct patch_hunk *hunk,
			const struct hunk_outcome *out)
{
	int e = 0;

	if (out->joined)
		e = patch_set_notice(r->set, r->err,
				     "%s:%u: a mailer wrapped lines of this hunk; they were joined",
				     r->patch->source, hunk->at);
	if (!e && out->bare)
		e = patch_set_notice(r->set, r->err,
				     "%s:%u: lines of this hunk lost the blanks that they start "
				     "with; by its counts they are context",
				     r->patch->source, hunk->at);
	return e;
}

/* Put lines of context that a mail lost, all of them empty, before the hunk's line at. */
static int insert_lost(struct diff_reader *r, size_t at, size_t count)
{
	struct patch_line *lines;
	int e = vec_reserve(&r->hunk.items, &r->hunk.capacity, r->hunk.count + count,
			    sizeof(*r->hunk.items), r->err);

	if (e)
		return e;
	lines = r->hunk.items + at;
	memmove(lines + count, lines, (r->hunk.count - at) * sizeof(*lines));
	for (size_t i = 0; i < count; i++)
		lines[i] = (struct patch_line){.text = "", .sign = ' '};
	r->hunk.count += count;
	return 0;
}

/*
 * Mailers lose lines of context that are empty, or put them on the next line; replies leave out
 * what comes last. diff has CONTEXT lines of it before and after what changes: those that are
 * missing at the hunk's start are put there, so that the numbers of what follows are right. *lost:
 * more than such lines is missing.
 */
static int repair_context(struct diff_reader *r, struct patch_hunk *hunk, const uint32_t *left,
			  bool *lost)
{
	size_t before = 0, after = 0, count = r->hunk.count;
	size_t missing_before = 0;

	*lost = true;
	while (before < count && r->hunk.items[before].sign == ' ')
		before++;
	while (after < count && r->hunk.items[count - 1 - after].sign == ' ')
		after++;
	if (hunk->start[PATCH_OLD] > 1 && before < CONTEXT)
		missing_before = CONTEXT - before;
	if (before == count || left[PATCH_OLD] < missing_before || left[PATCH_NEW] < missing_before)
		return 0;
	*lost = left[PATCH_OLD] != left[PATCH_NEW] ||
		left[PATCH_OLD] - missing_before + after > CONTEXT;
	/* What lacks context behind it applies all the same. */
	hunk->damaged = *lost || missing_before;
	return insert_lost(r, before, missing_before);
}

/* Put right what a quoted hunk lacks, and count what may be read wrong. */
static int repair(struct diff_reader *r, struct patch_hunk *hunk, const struct hunk_outcome *out,
		  bool unsure)
{
	bool lost = false;
	int e = hunk->damaged ? repair_context(r, hunk, out->left, &lost) : 0;

	if ((lost || out->open) && !r->lost++)
		r->lost_at = hunk->at;
	if (unsure && !hunk->damaged && !r->unsure++)
		r->unsure_at = hunk->at;
	return e;
}

/* The lines of a hunk, whose header was read. */
static int take_body(struct diff_reader *r, struct patch_hunk *hunk)
{
	struct hunk_reading reading;
	struct hunk_outcome out = {.joined = false};
	bool unsure;
	int e;

	r->hunk.count = 0;
	r->joins = 0;
	diff_decide_reading(r, hunk, &reading);
	unsure = reading.unsure;
	e = take_lines(r, hunk, &reading, &out);
	if (e)
		return e;
	hunk->damaged = out.left[PATCH_OLD] || out.left[PATCH_NEW];
	if (hunk->damaged && !r->lenient)
		return fail_hunk(r, hunk, out.left);
	if (out.open && !r->lenient)
		return ksa_fail_at(r->err, KSA_EFORMAT, r->patch->source, r->lines[r->at - 1].at,
				   "hunk is not whole: its last line does not end; the mail was "
				   "cut, give the patch as it was sent");
	hunk->loose = r->lenient || out.bare;
	r->stripped = r->stripped || (out.bare && !hunk->damaged && !unsure);
	e = repair(r, hunk, &out, unsure);
	return e || r->lenient ? e : note_reading(r, hunk, &out);
}

int diff_take_hunk(struct diff_reader *r)
{
	struct patch_hunk hunk = {.at = 0};
	struct patch_line *lines;
	int e = VEC_PUSH_ROOM(&r->hunks, r->err);

	if (e)
		return e;
	if (!diff_parse_hunk_header(&r->lines[r->at], &hunk)) {
		r->at++;
		return 0;
	}
	r->heading = heading_of(r, &r->lines[r->at]);
	if (!r->heading)
		return ksa_fail_nomem(r->err);
	r->at++;
	e = take_body(r, &hunk);
	if (e)
		return e;
	hunk.heading = r->heading;
	lines = arena_calloc(&r->set->arena, r->hunk.count, sizeof(*lines));
	if (!lines)
		return ksa_fail_nomem(r->err);
	if (r->hunk.count)
		memcpy(lines, r->hunk.items, r->hunk.count * sizeof(*lines));
	hunk.lines = lines;
	hunk.line_count = r->hunk.count;
	r->hunks.items[r->hunks.count++] = hunk;
	return 0;
}
