/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef READ_SOURCE_BRANCHES_H
#define READ_SOURCE_BRANCHES_H

#include "base/arena.h"
#include "base/strbuf.h"
#include "read/source/expr.h"

/* One arm of a conditional, kept to be decided later, for one kernel or another. */
struct branch {
	uint32_t parent; /* the branch that it stands in; 0: the file's own text */
	uint32_t chain; /* the first arm of its conditional */
	uint32_t previous; /* the arm before it, 0: it is the first */
	uint32_t last; /* of a first arm: the last one */
	uint32_t arm; /* how many are before it */
	uint32_t file, line;
	const char *text; /* the condition, blanks and comments joined to one blank; NULL: #else */
	bool has_else; /* of a first arm */
	bool guard; /* an #ifndef against double inclusion: it always holds */
};

/* The conditionals of all files. Number 0 is the text outside of all. Zero-initialize. */
struct branches {
	struct arena arena;
	struct branch *items;
	size_t count, capacity;
	uint32_t open[COND_DEPTH]; /* the arms that are open in the file that is read */
	unsigned int depth; /* may be larger than COND_DEPTH: what is deeper is of the last one */
	struct strbuf text; /* working memory */
};

void branches_release(struct branches *branches);

/* A new file: nothing is open. */
int branches_begin(struct branches *branches, struct ksa_error *err) _must_check_;

enum branch_word { BRANCH_IF, BRANCH_IFDEF, BRANCH_IFNDEF, BRANCH_ELIF, BRANCH_ELSE, BRANCH_ENDIF };

/* The directive's word from its text, or false if it is no conditional's. */
bool branch_word_of(struct span word, enum branch_word *out);

/* Take a directive; text is what follows its word, of which a copy is kept. KSA_ENOMEM. */
int branches_take(struct branches *branches, enum branch_word word, struct span text, uint32_t file,
		  uint32_t line, struct ksa_error *err) _must_check_;

/* The branch that is open. */
uint32_t branches_open(const struct branches *branches);

/* True if the branch is that one, or lies within it. */
bool branch_is_within(const struct branches *branches, uint32_t branch, uint32_t outer);

/*
 * The whole condition of a branch with those around it, in the arena, as a reader would write it;
 * *text is NULL for none (guards do not count). KSA_ENOMEM.
 */
int branch_text(const struct branches *branches, uint32_t branch, struct arena *arena,
		const char **text, struct ksa_error *err) _must_check_;

#endif
