/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef MODEL_DECLARED_H
#define MODEL_DECLARED_H

#include "model/helper.h"

/*
 * Where a kernel's headers declare each name, with how many arguments, and which header includes
 * which: the part of the facts of headers (model/helper.h) that a source's calls and #includes are
 * held against. Names and files are numbers of those helpers.
 */

enum declared_kind {
	DECLARES_FUNCTION, /* "int f(int);" */
	DECLARES_INLINE, /* with its body */
	DECLARES_MACRO, /* with arguments */
	DECLARES_CONSTANT, /* a macro without: "#define a b" */
	DECLARES_OBJECT,
	DECLARES_TYPEDEF,
	DECLARES_TAG, /* a structure, union or enumeration, with its members */
	DECLARES_ENUMERATOR
};

#define DECLARED_ANY UINT8_MAX /* arguments: it is not known how many */

/* One place where a name is declared. */
struct declared_place {
	uint32_t name, file; /* numbers */
	uint32_t line;
	uint32_t alias; /* of a macro without arguments that stands for another name: that one's
			 * number; else HELPER_NONE */
	uint8_t kind; /* enum declared_kind */
	uint8_t arguments; /* of a function or macro: as many, or DECLARED_ANY */
	bool is_variadic; /* and more */
	bool is_void; /* a function that returns nothing */
	bool maybe; /* a condition around it was not to be decided */
	const char *text; /* "extern int f(int a)", "extern int a", "f(a, b)" of a macro; or NULL */
};

/* "#include" in a header, of another one that is there. */
struct declared_include {
	uint32_t from, to; /* numbers of files */
	bool maybe; /* as above */
};

/* Fill it with declared_add() and declared_include(), then seal it. */
struct declared {
	const struct helpers *of; /* borrowed: its names and files */
	struct helpers *own; /* the same, if no other has them; or NULL */
	bool partial; /* from a snapshot: without the values of constants, and what is declared and
		       * not exported */
	struct arena arena;
	struct declared_place *places; /* by name, then as they came, once sealed */
	size_t place_count, place_capacity;
	uint32_t *first; /* by a name's number: its first place; one more than names; sealed */
	struct declared_include *includes; /* by from, once sealed */
	size_t include_count, include_capacity;
	uint32_t *include_first; /* by a file's number; one more than files; sealed */
	struct strmap paths; /* of files; the value is their number; sealed */
	const char *arch; /* the directory below arch/ whose headers count; "" */
	struct strmap objects; /* name -> the number of its type among the kernel's types, as far as
				  read/headers/prototypes.h was asked */
};

int declared_new(const struct helpers *of, struct declared **out,
		 struct ksa_error *err) _must_check_;
void declared_free(struct declared *declared);

/* Add a place; its text is copied. KSA_ELIMIT: more than any kernel has. */
int declared_add(struct declared *declared, const struct declared_place *place,
		 struct ksa_error *err) _must_check_;

/* Add the files' paths: declared_find() answers from then on. After all names and files of the
 * helpers are there. */
int declared_index_files(struct declared *declared, struct ksa_error *err) _must_check_;

/* File number from includes the path as it says; one that is not there is passed over. */
int declared_add_include(struct declared *declared, const struct declared_include *include,
			 const char *path, bool quoted, struct ksa_error *err) _must_check_;

/* The same by the number of a file, which need not be there yet. */
int declared_add_numbered(struct declared *declared, const struct declared_include *include,
			  struct ksa_error *err) _must_check_;

/* Sort and index. */
int declared_seal(struct declared *declared, struct ksa_error *err) _must_check_;

/*
 * What a snapshot keeps: the places that are wanted. No other may hold the names' numbers.
 */
void declared_keep(struct declared *declared,
		   bool (*wanted)(void *ctx, const struct declared_place *place), void *ctx);

/* Call fn with a line for each header, until it fails: all that is known but lines and texts. */
int declared_each_line(const struct declared *declared, int (*fn)(void *ctx, const char *line),
		       void *ctx, struct ksa_error *err) _must_check_;

/* Empty, with names of its own: to be filled with such lines in their order, then finished.
 * KSA_EFORMAT: it is no such line. */
int declared_new_partial(struct declared **out, struct ksa_error *err) _must_check_;
int declared_add_line(struct declared *declared, const char *text, size_t length,
		      struct ksa_error *err) _must_check_;
int declared_finish(struct declared *declared, struct ksa_error *err) _must_check_;

/*
 * The number of the header that '#include <path>' of a module's source finds, as the kernel's
 * Makefile orders the directories (LINUXINCLUDE: those of the architecture come first);
 * HELPER_NONE: none.
 */
uint32_t declared_find(const struct declared *declared, const char *path);

/* The places of a name, *count of them; NULL and 0 where headers do not declare it. */
const struct declared_place *declared_places(const struct declared *declared, const char *name,
					     size_t *count);

/* How many arguments a name takes that is called, whatever place of it counts. */
struct declared_arity {
	bool known; /* false: some place does not tell, or it is nothing to be called */
	bool varies; /* places do not agree; the rest is the widest of them */
	bool always_void, never_void; /* of what all places return */
	uint16_t least, most; /* UINT16_MAX: no end */
	const struct declared_place *place; /* one that stands for all: certain, if one is */
};

struct declared_arity declared_arity(const struct declared *declared, const char *name);

/* A set of headers, a byte a file. */
enum declared_reach { REACH_NOT = 0, REACH_MAYBE, REACH_YES };

/*
 * Add to reach (one byte a file of the helpers) all that the header includes, through whatever
 * others, and itself: REACH_YES, or REACH_MAYBE behind a condition that was not to be decided, or
 * if how is that. KSA_ENOMEM.
 */
int declared_reach(const struct declared *declared, uint32_t file, enum declared_reach how,
		   uint8_t *reach, struct ksa_error *err) _must_check_;

/* The text of a place without what says nothing of the type: "int f(int a)". */
void declared_print(const struct declared *declared, const struct declared_place *place,
		    struct strbuf *out);

#endif
