// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Which lines of a hunk are context, where an archive stripped the blanks that lines start with or
 * a mailer wrapped them. The counts of the hunk's header decide: of the readings that there are,
 * one that gives these is taken, and if several do, that is said. Lines about exports are never
 * part of the doubt: "-EXPORT_SYMBOL(x);" is no C that context could have, and "EXPORT_SYMBOL(x);"
 * is not how the rest of a wrapped line starts.
 */
#include "read/patch/diff_internal.h"

#include <string.h>

#define MIN_WRAP 60 /* columns: no mailer wraps shorter lines */
#define SIGNS	 " \t+-" /* of lines in a hunk; a tab: the blank before it was lost */

/* The lines of a hunk, by kind, as a reading takes them. */
struct tally {
	uint32_t blank, empty, bare; /* of context with and without anything; without a sign */
	uint32_t signs[PATCH_SIDES]; /* "-", "+" */
	uint32_t free[PATCH_SIDES]; /* of these, such as are not about exports */
	uint32_t first_bare; /* lines without a sign that come first */
	size_t end; /* the line after the last one */
	bool fits; /* what the header counts is there */
};

static bool is_export(const char *text, uint32_t length)
{
	while (length && (*text == ' ' || *text == '\t')) {
		text++;
		length--;
	}
	return length > 7 && memcmp(text, "EXPORT_", 7) == 0;
}

bool diff_is_export_change(const struct text_line *line)
{
	return line->length > 1 && (line->text[0] == '+' || line->text[0] == '-') &&
	       is_export(line->text + 1, line->length - 1) && memchr(line->text, '(', line->length);
}

bool diff_is_bare(const struct text_line *line)
{
	return line->length && !strchr(SIGNS, line->text[0]);
}

/* Mailers put an empty line of context on the next line, before its sign: that, or '\0'. any: also
 * of lines that are not about exports. */
static char sign_behind_blanks(const struct text_line *line, bool any)
{
	uint32_t at = 0;

	while (at < line->length && line->text[at] == ' ')
		at++;
	if (!at || at + 1 >= line->length || (line->text[at] != '+' && line->text[at] != '-'))
		return '\0';
	if (is_export(line->text + at + 1, line->length - at - 1))
		return line->text[at];
	return any && at > 1 && line->text[at + 1] != ' ' ? line->text[at] : '\0';
}

/* Nothing, or "{", "};": no C has these behind a blank and a sign. */
static bool is_braces(const char *text, uint32_t length)
{
	while (length && strchr("{};", *text)) {
		text++;
		length--;
	}
	return !length;
}

/*
 * "rest of the line before +", "rest of it +};", "... +EXPORT_SYMBOL(x);": the next line, of the
 * sign alone, of braces or about an export, was put behind it. Where its sign is; 0: there is none.
 */
static uint32_t find_swallowed(const struct text_line *line)
{
	for (uint32_t i = line->length - 1; i > 1; i--) {
		if ((line->text[i] != '+' && line->text[i] != '-') || line->text[i - 1] != ' ')
			continue;
		if (is_braces(line->text + i + 1, line->length - i - 1) ||
		    is_export(line->text + i + 1, line->length - i - 1))
			return i;
	}
	return 0;
}

static struct hunk_line read_bare(struct hunk_reading *reading, const struct text_line *line)
{
	struct hunk_line read = {.sign = '\0'};

	if (reading->joins_head)
		reading->joins_head--;
	else if (reading->bare_is_context || is_export(line->text, line->length))
		read.sign = ' ';
	if (!read.sign && reading->swallows)
		read.swallowed_at = find_swallowed(line);
	if (read.swallowed_at)
		read.swallowed = line->text[read.swallowed_at];
	return read;
}

struct hunk_line diff_read_line(struct hunk_reading *reading, const struct text_line *line)
{
	struct hunk_line read = {.sign = line->length ? line->text[0] : ' '};
	enum patch_side side = read.sign == '-' ? PATCH_OLD : PATCH_NEW;

	if (diff_is_bare(line))
		return read_bare(reading, line);
	if (read.sign != '+' && read.sign != '-') {
		char hidden =
			reading->lenient ? sign_behind_blanks(line, reading->hidden_signs) : '\0';

		read.behind_empty = hidden;
		read.sign = hidden ? hidden : ' ';
	} else if (reading->turned[side] && !is_export(line->text + 1, line->length - 1)) {
		reading->turned[side]--;
		read.sign = ' ';
	}
	return read;
}

bool diff_count_line(uint32_t *left, struct hunk_line line)
{
	uint32_t counts[PATCH_SIDES];

	for (int side = 0; side < PATCH_SIDES; side++) {
		char other = side == PATCH_OLD ? '+' : '-';

		counts[side] = line.behind_empty + (line.sign && line.sign != other) +
			       (line.swallowed && line.swallowed != other);
		if (counts[side] > left[side])
			return false;
	}
	for (int side = 0; side < PATCH_SIDES; side++)
		left[side] -= counts[side];
	return true;
}

/* Whether the hunk's lines are over at r's line at, whatever is still missing. */
static bool is_over(const struct diff_reader *r, size_t at)
{
	return (r->lenient || diff_is_bare(&r->lines[at])) && diff_ends_hunk(r, at);
}

static void count_kind(struct tally *tally, const struct text_line *line, bool first)
{
	char sign = line->length ? line->text[0] : ' ';
	enum patch_side side = sign == '-' ? PATCH_OLD : PATCH_NEW;

	if (diff_is_bare(line)) {
		tally->bare++;
		tally->first_bare += first;
	} else if (sign == '+' || sign == '-') {
		tally->signs[side]++;
		tally->free[side] += !is_export(line->text + 1, line->length - 1);
	} else if (line->length > 1) {
		tally->blank++;
	} else {
		tally->empty++;
	}
}

/* Read the hunk, up to where its counts come out or it is over. */
static void try_reading(const struct diff_reader *r, const struct patch_hunk *hunk,
			struct hunk_reading reading, struct tally *tally)
{
	uint32_t left[PATCH_SIDES] = {hunk->count[PATCH_OLD], hunk->count[PATCH_NEW]};
	size_t at = r->at;

	memset(tally, 0, sizeof(*tally));
	for (; at < r->count && (left[PATCH_OLD] || left[PATCH_NEW]); at++) {
		const struct text_line *line = &r->lines[at];

		if (line->length && line->text[0] == '\\')
			continue;
		if (is_over(r, at) || !diff_count_line(left, diff_read_line(&reading, line)))
			break;
		count_kind(tally, line, false);
	}
	tally->end = at;
	tally->fits = !left[PATCH_OLD] && !left[PATCH_NEW];
}

/* All lines up to the next hunk or file; what follows the last hunk of a mail is among them. */
static void tally_all(const struct diff_reader *r, struct tally *tally)
{
	uint32_t trailing = 0;
	bool first = true;

	memset(tally, 0, sizeof(*tally));
	for (size_t at = r->at; at < r->count && !is_over(r, at); at++) {
		const struct text_line *line = &r->lines[at];

		if (line->length && line->text[0] == '\\')
			continue;
		first = first && diff_is_bare(line);
		count_kind(tally, line, first);
		trailing = line->length ? 0 : trailing + 1;
	}
	tally->empty -= trailing;
}

/* Whether a hunk can well end before the line at. */
static bool is_good_end(const struct diff_reader *r, size_t at)
{
	return at >= r->count || !r->lines[at].length || diff_ends_hunk(r, at);
}

/* With counts that are too small for all lines with a sign: some of them are context. missing: how
 * many lines each side lacks if the others are. False: that is not it. */
static bool decide_turned(const struct tally *all, const int64_t *missing,
			  struct hunk_reading *reading)
{
	bool unsure = false;

	/* Where both lack some, lines of context were lost. */
	if (!missing[PATCH_OLD] == !missing[PATCH_NEW])
		return false;
	for (int side = 0; side < PATCH_SIDES; side++) {
		if (missing[side] < 0 || missing[side] > all->free[side])
			return false;
		unsure = unsure || (missing[side] && missing[side] != all->free[side]);
	}
	*reading = (struct hunk_reading){
		.bare_is_context = true,
		.lenient = reading->lenient,
		.unsure = unsure,
		.turned = {(uint32_t)missing[PATCH_OLD], (uint32_t)missing[PATCH_NEW]}};
	return true;
}

/* Whether the header before r's line is long enough for a mailer to have wrapped it there. */
static bool is_wrapped_head(const struct diff_reader *r)
{
	const struct text_line *rest = &r->lines[r->at];
	const char *blank;
	size_t word;

	if (r->at == r->count)
		return false;
	blank = memchr(rest->text, ' ', rest->length);
	word = blank ? (size_t)(blank - rest->text) : rest->length;
	return diff_is_bare(rest) && r->lines[r->at - 1].length + 1 + word > MIN_WRAP;
}

/* No plain reading gives what the header counts: lines must be taken in another way, or are lost.
 */
static void decide_mixed(const struct diff_reader *r, const struct patch_hunk *hunk,
			 struct hunk_reading *reading)
{
	struct tally all;
	int64_t context, missing[PATCH_SIDES];

	tally_all(r, &all);
	context = (int64_t)all.blank + all.empty + all.bare;
	/* A "+" that is context is one more line of the old file, and a "-" of the new one. */
	missing[PATCH_NEW] = (int64_t)hunk->count[PATCH_OLD] - all.signs[PATCH_OLD] - context;
	missing[PATCH_OLD] = (int64_t)hunk->count[PATCH_NEW] - all.signs[PATCH_NEW] - context;
	if (decide_turned(&all, missing, reading))
		return;
	reading->unsure = all.bare > (is_wrapped_head(r) ? all.first_bare : 0);
	/* As many lines without a sign too many as come first: the header's own line was wrapped.
	 */
	if (missing[PATCH_OLD] == missing[PATCH_NEW] && missing[PATCH_OLD] < 0 &&
	    -missing[PATCH_OLD] <= all.first_bare) {
		reading->joins_head = (uint32_t)-missing[PATCH_OLD];
		reading->unsure = true;
		return;
	}
	/* Where lines were lost; of a new file nothing can be context. */
	reading->bare_is_context = all.bare && (r->stripped || !all.blank) &&
				   missing[PATCH_OLD] >= 0 && missing[PATCH_NEW] >= 0;
	reading->swallows = !reading->bare_is_context;
	reading->hidden_signs = reading->lenient;
}

/* Lines without a sign as context come out, but more of the kind follow: if the first one belongs
 * to the header, that was wrapped, they end where the hunk does. */
static void decide_head(const struct diff_reader *r, const struct patch_hunk *hunk,
			struct hunk_reading *reading)
{
	struct hunk_reading head = *reading;
	struct tally tally;

	head.joins_head = 1;
	head.unsure = true;
	if (!is_wrapped_head(r))
		return;
	try_reading(r, hunk, head, &tally);
	if (tally.fits && is_good_end(r, tally.end))
		*reading = head;
}

void diff_decide_reading(const struct diff_reader *r, const struct patch_hunk *hunk,
			 struct hunk_reading *reading)
{
	struct hunk_reading other = {.lenient = r->lenient};
	struct tally joined, context;

	*reading = (struct hunk_reading){.bare_is_context = true, .lenient = r->lenient};
	try_reading(r, hunk, *reading, &context);
	if (context.fits && !context.bare)
		return;
	try_reading(r, hunk, other, &joined);
	if (!joined.fits) {
		other.swallows = true;
		try_reading(r, hunk, other, &joined);
	}
	if (!joined.fits && !context.fits && r->lenient) {
		other.hidden_signs = true;
		try_reading(r, hunk, other, &joined);
	}
	if (context.fits && joined.fits) {
		bool good = is_good_end(r, context.end);

		reading->unsure = good == is_good_end(r, joined.end);
		if (!good && !reading->unsure)
			*reading = other;
	} else if (joined.fits) {
		*reading = other;
	} else if (!context.fits) {
		decide_mixed(r, hunk, reading);
	} else if (!is_good_end(r, context.end)) {
		decide_head(r, hunk, reading);
	}
}
