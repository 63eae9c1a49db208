/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef MODEL_PATCH_H
#define MODEL_PATCH_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "model/module.h"

enum patch_side { PATCH_OLD = 0, PATCH_NEW, PATCH_SIDES };

/* One line of a hunk. */
struct patch_line {
	const char *text; /* without the sign and the line's end; not NUL-terminated */
	uint32_t length;
	uint32_t at; /* the line of the mail's file; 0: not from a mail */
	char sign; /* ' ', '-' or '+' */
	bool no_newline; /* "\ No newline at end of file" follows */
};

struct patch_hunk {
	uint32_t start[PATCH_SIDES], count[PATCH_SIDES]; /* of the header "@@ -1,2 +3,4 @@" */
	uint32_t at; /* the header's line in the mail's file */
	const char *heading; /* what git says of the function after "@@"; may be "" */
	bool damaged; /* the lines are not those that the header counts: a mailer broke them, or a
			 reply left some out */
	bool loose; /* quoted: blanks may not be those of the file */
	const struct patch_line *lines;
	size_t line_count;
};

/* What a patch does to one file. */
struct patch_file {
	const char *path[PATCH_SIDES]; /* NULL: the file does not exist on that side */
	const char *blob[PATCH_SIDES]; /* ids of the "index" line, mostly cut short; or NULL */
	bool binary, renamed, copied;
	bool textless; /* it goes, and its text was left out: git format-patch -D */
	uint32_t at; /* the line of the mail's file where it starts */
	const struct patch_hunk *hunks;
	size_t hunk_count;
};

/* One patch: a mail's, or a commit's. What it does not say is NULL. */
struct patch {
	const char *source; /* the mail's file, or the repository */
	const char *subject; /* decoded, one line, with its [PATCH ...] */
	const char *title; /* the subject without "Re:" and the words in brackets */
	const char *author, *email; /* of the change, where it differs from the sender */
	const char *message; /* the text above the diff, without diffstat; may hold many lines */
	const char *commit; /* its own id */
	const char
		*upstream, /* "commit X upstream.", "[ Upstream commit X ]", cherry-picked from */
		*reverts; /* "This reverts commit X" */
	struct string_list fixes, links; /* "Fixes:" and "Link:", without these words */
	int64_t date; /* seconds since 1970 */
	int16_t zone; /* minutes east of UTC, of the author */
	bool has_date;
	bool quoted; /* a reply quotes it: what the reply left out is missing */
	uint32_t part, parts; /* [PATCH 2/5]; 0: none given */
	uint32_t version; /* [PATCH v3]; 1 when not given */
	uint32_t at; /* its line in source */
	uint32_t strays, stray_at; /* changed lines about exports that stand in no hunk */
	const struct patch_file *files;
	size_t file_count;
};

/* A mail without a diff, and what it says of one. */
struct patch_announced {
	struct patch head; /* what its headers say; source NULL: there is none */
	bool page; /* it is a page of HTML */
	bool quoted; /* it quotes the diffstat */
	uint32_t files; /* that the diffstat counts; 0: none is there */
	const char *paths[4]; /* the first of them */
	size_t path_count;
};

/* What was read from mails, in the order in which it applies. */
struct patch_set {
	struct arena arena; /* of all the strings and arrays */
	struct patch *patches;
	size_t count, capacity;
	const char **notices; /* what was damaged or left out */
	size_t notice_count, notice_capacity;
	size_t covers; /* cover letters */
	size_t plain; /* other mails without a diff */
	struct patch_announced announced; /* of these the one that says most */
};

void patch_set_release(struct patch_set *set);

/* Keep a sentence about what could not be read as it stands. KSA_ENOMEM. */
int patch_set_notice(struct patch_set *set, struct ksa_error *err, const char *format, ...)
	_printf_(3, 4);

/*
 * The line of the mail's file that a line of the file comes from; 0 when the patch does not show
 * it. line is 1-based, of that side.
 */
uint32_t patch_file_at(const struct patch_file *file, enum patch_side side, uint32_t line);

/* The same of one line after the other of a side: where the last search stopped. Zero-initialize.
 */
struct patch_position {
	size_t hunk, index;
	uint32_t number; /* of the line at index, on that side; 0: not started in this hunk */
	uint32_t line; /* that was asked for */
};

uint32_t patch_file_next(const struct patch_file *file, enum patch_side side, uint32_t line,
			 struct patch_position *position);

/*
 * A file's content after the patch, from its content before; *out is malloc'd (never NULL on
 * success). Every line of every hunk must be there, at the place that the header names or nearby.
 * KSA_ENODATA: it does not apply; err->line is the line of the mail. KSA_ENOMEM.
 */
int patch_file_apply(const struct patch_file *file, const unsigned char *data, size_t size,
		     unsigned char **out, size_t *out_size, struct ksa_error *err) _must_check_;

#endif
