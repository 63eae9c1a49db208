/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef READ_RULES_RULEFILE_H
#define READ_RULES_RULEFILE_H

#include "base/arena.h"

/*
 * The files that people write for us (rules, families, waivers), as ksymaudit-rules(5) restricts
 * YAML: one document, a mapping; no anchors, aliases, tags or directives; each key once; all values
 * text. Every node knows its place, so that whatever is wrong with it is said as FILE:LINE:COLUMN.
 */

#define RULEFILE_LIMIT 32768 /* bytes of a file, if nothing else is said */
#define RULEFILE_DEPTH 6 /* how deep lists and mappings may be nested */
#define RULEFILE_KEYS  256 /* of one mapping */

enum rulefile_kind { RULEFILE_TEXT, RULEFILE_LIST, RULEFILE_MAP };

/* One value. All of it lives in the arena. */
struct rulefile_node {
	enum rulefile_kind kind;
	unsigned int line, column; /* where it starts, from 1 */
	unsigned int end_line, end_column; /* of a list or mapping */
	const char *key; /* of a value in a mapping, else NULL */
	unsigned int key_line, key_column;
	const char *text; /* RULEFILE_TEXT: not empty, no control bytes but newlines inside */
	struct rulefile_node *child, *next; /* the first one of a list or mapping; the next there */
	size_t count; /* children */
};

/* One file. path and what is in the arena must outlive it. */
struct rulefile {
	const char *path;
	struct arena *arena;
	struct ksa_error *err;
	const char *noun; /* what the file holds, for messages: "rule" */
	const struct rulefile_node *root; /* a mapping */
};

/*
 * Read size bytes; path, arena, err and noun are set by the caller. KSA_EFORMAT: not such a file,
 * err->line and err->column say where.
 */
int rulefile_parse(struct rulefile *file, const unsigned char *text, size_t size) _must_check_;

/* Read the file at file->path, of at most limit bytes; otherwise the same. KSA_EIO, KSA_ELIMIT. */
int rulefile_read(struct rulefile *file, size_t limit) _must_check_;

/* KSA_ELIMIT for more than limit bytes. */
int rulefile_check_size(const struct rulefile *file, size_t size, size_t limit) _must_check_;

/* A key that a mapping may have; a table of them ends with a NULL name. */
struct rulefile_field {
	const char *name;
	enum rulefile_kind kind;
	bool optional;
};

/*
 * The values of a mapping by its fields: out[i] for fields[i], NULL where an optional one is not
 * there. KSA_EFORMAT: an unknown key, one of another kind, one that is missing.
 */
int rulefile_fields(const struct rulefile *file, const struct rulefile_node *map,
		    const struct rulefile_field *fields,
		    const struct rulefile_node **out) _must_check_;

/* What a list of texts may be. */
struct rulefile_list {
	size_t limit;
	const char *too_many, *empty; /* what to do about it: "keep the best", "name a source" */
};

/* The texts of a list, NULL-terminated, in the arena. KSA_EFORMAT: other than texts, too many. */
int rulefile_texts(const struct rulefile *file, const struct rulefile_node *list,
		   const struct rulefile_list *form, const char *const **out) _must_check_;

/* Say what is wrong at a node; returns KSA_EFORMAT. */
int rulefile_fail(const struct rulefile *file, const struct rulefile_node *at, const char *format,
		  ...) _printf_(3, 4);

#endif
