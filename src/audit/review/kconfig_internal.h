/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef AUDIT_REVIEW_KCONFIG_INTERNAL_H
#define AUDIT_REVIEW_KCONFIG_INTERNAL_H

#include "audit/review/kconfig.h"

#define KCONFIG_MAX_DEPTH 32 /* of blocks, parentheses, files that read files */
#define KCONFIG_MAX_SEEN  256 /* symbols that one question comes to */
#define KCONFIG_MAX_NAME  128

/* One that has to hold, or a symbol that is selected; the last one comes first. */
struct kconfig_condition {
	const char *text;
	const struct kconfig_condition *next;
};

struct kconfig_def {
	const char *name; /* the links' own copy, once the file is read */
	enum kconfig_type type;
	const struct kconfig_condition *conditions; /* "depends on", and those of blocks around */
	const struct kconfig_condition *selects;
	const struct kconfig_condition *defaults;
	bool asked; /* it has a prompt */
};

/* Where another file is read. */
struct kconfig_source {
	const char *path; /* likewise */
	const struct kconfig_condition *conditions;
};

struct kconfig_file {
	const char *path;
	struct object_id version; /* zero: not known */
	struct arena arena; /* of what follows */
	struct {
		struct kconfig_def *items;
		size_t count, capacity;
	} defs;
	struct {
		struct kconfig_source *items;
		size_t count, capacity;
	} sources;
};

/* Add what a text says to the file. KSA_ENOMEM. */
int kconfig_parse(struct kconfig_file *file, const char *text, size_t size) _must_check_;

/* Of expressions: the next word at *at into name[KCONFIG_MAX_NAME], behind blanks and before them;
 * false: there is none. */
bool kconfig_word(const char **at, const char *end, char *name);
/* "=" or "!="; false: neither. */
bool kconfig_comparison(const char **at, const char *end, bool *equal);
/* Leave out blanks, and parentheses around the whole. */
void kconfig_trim(const char **at, const char **end);
/* '|' and where the first "||" outside of parentheses stands, else '&' and the first "&&", else
 * NUL and NULL. */
char kconfig_split(const char *at, const char *end, const char **operator_);

#endif
