/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef AUDIT_REVIEW_CODE_H
#define AUDIT_REVIEW_CODE_H

#include "model/dotconfig.h"
#include "model/export.h"

/*
 * Looks into C text, whole or a stretch of it, without parsing it. All functions but code_mask take
 * masked text.
 */

/* A copy with comments, strings, characters and what "#if 0" leaves out blanked, line for line and
 * byte for byte; NULL when out of memory. */
char *code_mask(struct arena *arena, const char *text, size_t size) _must_check_;

/* The next place from *at on where the word stands; false: none. */
bool code_find(const char *mask, size_t size, const char *word, size_t *at);

/* The line of an offset, 1-based. */
uint32_t code_line(const char *mask, size_t at);

/* A walk over the words of a text that knows how deep in braces and parentheses it is. Set mask and
 * size, zero the rest. */
struct code_walk {
	const char *mask;
	size_t size, at, end; /* the word at hand */
	size_t braces, parens;
	size_t macro, macro_end; /* the word before the parenthesis that is open */
	bool directive; /* in a line that starts with "#", or one that continues it */
};

/* The next word; false: none. */
bool code_walk_next(struct code_walk *walk);

/* The next place where that word stands; false: none, and the walk is over. */
bool code_walk_to(struct code_walk *walk, const char *word);

/* What the text defines or declares as the word at hand, as far as it shows. */
enum ksa_kind code_walk_kind(const struct code_walk *walk);

/* The body of the function of that name, "{" to "}"; false: it is not there, or not all of it. */
bool code_body(const char *mask, size_t size, const char *name, size_t *begin, size_t *end);

/* True if the text defines the name: a function with a body, a macro, an object outside of any. */
bool code_is_defined(const char *mask, size_t size, const char *name);

/* True if the text has something of its own under that name: a function, a macro, a local variable
 * or a parameter. */
bool code_has_own(const char *mask, size_t size, const char *name);

/* The next place from *at on where the name is used; false: none. The walk starts zeroed but for
 * its text, and is for this alone: it is not always at that place. */
bool code_next_use(struct code_walk *walk, const char *name, size_t *at);

/* "MACRO(name)": the name, an argument alone of a macro in capitals, may be a member of something
 * that this reaches into. */
bool code_is_argument(const char *mask, size_t size, size_t at, size_t end);

/* A definition: of a function or an object, outside of any body. */
struct code_definition {
	size_t at; /* the name */
	size_t begin, end; /* with the words before it and behind it: "static int __init" */
};

/* The next definition of the name, from a walk that starts zeroed but for its text. */
bool code_next_definition(struct code_walk *walk, const char *name, struct code_definition *out);

/* The next place where the name is neither exported nor declared; the same walk. */
bool code_next_more(struct code_walk *walk, const char *name);

/* Whether macros may make the name of parts: an argument of one that stands outside of any body,
 * and exports nothing, or what stands beside "##", begins or ends it; or it is a system call's. */
bool code_may_paste(const char *mask, size_t size, const char *name);

/* In text of assembly (masked, line for line) blank what follows the signs that start a comment
 * there; arch is the directory below arch/, or "". */
void code_mask_assembly(char *mask, size_t size, const char *arch);

/* The next function that is called by name in [*at, end), as a slice; false: none. */
bool code_next_call(const char *mask, size_t *at, size_t end, const char **name, size_t *length);

enum code_truth {
	CODE_NO,
	CODE_YES,
	CODE_MAYBE, /* some configuration has it so, another one not */
	CODE_UNKNOWN
};

/* What is known when a file is compiled. */
struct code_setting {
	const struct dotconfig *config; /* NULL: any that there may be */
	bool any_own; /* of a module or built in */
	enum dotconfig_value own; /* else y: it is built in, where "#ifdef CONFIG_X" is false for a
				     module X (include/linux/kconfig.h); m: it is of a module */
	const char *module; /* without config: this symbol is m; NULL: none */
	uint32_t version; /* LINUX_VERSION_CODE; 0: not known */
	/* Whether some Kconfig file has the symbol (without CONFIG_); NULL: not known. */
	bool (*has_symbol)(void *ctx, const char *symbol);
	void *ctx;
};

/* Whether the line of an offset is compiled, by the #if lines around it. */
enum code_truth code_is_compiled(const char *mask, size_t size, size_t at,
				 const struct code_setting *setting);

#endif
