/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef READ_PATCH_DIFF_INTERNAL_H
#define READ_PATCH_DIFF_INTERNAL_H

#include "model/patch.h"
#include "read/patch/mail.h"

/* What the headers of a file of git's have said. */
enum {
	SEEN_OLD_MODE = 1,
	SEEN_NEW_MODE = 2,
	SEEN_FROM = 4, /* of a rename or a copy */
	SEEN_TO = 8,
	SEEN_NEW = 16,
	SEEN_DELETED = 32,
	SEEN_HEADS = 64, /* "--- " */
	SEEN_BINARY = 128, /* with its contents */
};

/* One run of patch_read_diff. */
struct diff_reader {
	struct patch_set *set;
	struct patch *patch;
	const struct text_line *lines;
	size_t count, at;
	bool lenient; /* quoted, or re-wrapped by a mailer */
	struct ksa_error *err;
	struct {
		struct patch_file *items;
		size_t count, capacity;
	} files;
	struct {
		struct patch_hunk *items;
		size_t count, capacity;
	} hunks; /* of the last file */
	struct {
		struct patch_line *items;
		size_t count, capacity;
	} hunk; /* the lines of the last hunk */
	unsigned int joins; /* to its last line */
	const char *heading; /* of the hunk */
	unsigned int seen; /* of the last file: SEEN_... */
	size_t header_end; /* the line after its last header */
	size_t bare_files; /* quoted without their hunks */
	size_t gap_files; /* quoted without some of their hunks */
	uint32_t gap_at; /* the hunk behind the first of these */
	bool stripped; /* a hunk was whole only with lines without a sign as context */
	size_t lost; /* hunks that lack more than context at their start or end */
	uint32_t lost_at; /* the first one */
	size_t unsure; /* hunks of which several readings fit */
	uint32_t unsure_at; /* the first one */
};

/*
 * How the lines of a hunk are read, which archives and mailers may have changed: they strip blanks
 * at the start of lines, so that context has no sign, or one that is its text's; or wrap lines.
 */
struct hunk_reading {
	bool lenient; /* quoted: blanks may stand before a sign */
	bool bare_is_context; /* a line without a sign; false: it is the rest of the line before */
	bool swallows; /* such a rest may have the next line behind it: an empty one, braces, or an
			  export */
	bool hidden_signs; /* any sign may stand behind the blanks of an empty line of context */
	uint32_t joins_head; /* lines without a sign that come first and are the header's */
	uint32_t turned[PATCH_SIDES]; /* lines with "-", with "+" that are context: the first of
					 those that are not about exports */
	bool unsure; /* other readings fit as well */
};

/* What one line of a hunk is read as: up to three lines. */
struct hunk_line {
	bool behind_empty; /* an empty line of context comes before */
	char sign; /* ' ', '+', '-'; '\0': the rest of the line before */
	char swallowed; /* sign of the next line, which was put behind this one, or '\0' */
	uint32_t swallowed_at; /* where in this line that sign is */
};

/* "--- a/x", "+++ b/x" and "@@ -" in a row: a file starts without a line of git. */
bool diff_is_plain_head(const struct text_line *lines, size_t count, size_t at);

/* "@@ -1,2 +3,4 @@ function": its numbers and its line. */
bool diff_parse_hunk_header(const struct text_line *line, struct patch_hunk *hunk);

/* Whether the line at cannot be one of the hunk: the next hunk or file starts there. */
bool diff_ends_hunk(const struct diff_reader *r, size_t at);

/* The id of a blob without contents, in either hash, as far as it is given. */
bool diff_is_empty_blob(const char *blob);

/* Whether the last file, which ends at r->at, was cut within its headers. */
bool diff_is_cut(const struct diff_reader *r, const struct patch_file *file);

/* Whether the lines end within the head of a file of a plain diff, and at which line. */
bool diff_is_cut_head(const struct text_line *lines, size_t count, uint32_t *at);

/* "+EXPORT_SYMBOL(x);" */
bool diff_is_export_change(const struct text_line *line);

/* Decide how the lines from r->at on are read, so that what the hunk's header counts comes out. */
void diff_decide_reading(const struct diff_reader *r, const struct patch_hunk *hunk,
			 struct hunk_reading *reading);

/* How the reading takes a line. Counts off what is turned. */
struct hunk_line diff_read_line(struct hunk_reading *reading, const struct text_line *line);

/* Count a line off left, with those that are on it; false: the header counts no more of its kind,
 * and nothing is counted off. */
bool diff_count_line(uint32_t *left, struct hunk_line line);

/* A line without a sign of a hunk: nor is it empty. */
bool diff_is_bare(const struct text_line *line);

/*
 * Read the hunk whose header is at r->at, into r->hunks. KSA_EFORMAT: it is not whole (not with
 * lenient: then it is marked). KSA_ENOMEM.
 */
int diff_take_hunk(struct diff_reader *r) _must_check_;

#endif
