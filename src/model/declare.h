/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef MODEL_DECLARE_H
#define MODEL_DECLARE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/strbuf.h"

/*
 * C declarations of what a kernel's types (read/debug/btf.h) or its debug information
 * (read/debug/dwarf.h) say, spelled the same from both. Types are hostile: chains that go in
 * circles or branch without end are given up.
 */

#define DECLARE_MAX_TEXT                                                                           \
	2048 /* bytes of one prototype; the longest of a real kernel has some 600 */
#define DECLARE_MAX_WHOLE                                                                          \
	1000000 /* with the bodies of what is anonymous; the same: some 20,000                     \
		 */
#define DECLARE_MAX_DEPTH 8 /* functions as parameters of functions */

enum declare_shape {
	DECLARE_BASE, /* the end of a chain: "struct file", "int" */
	DECLARE_MODIFIER, /* "const", or what is no part of C */
	DECLARE_POINTER,
	DECLARE_ARRAY,
	DECLARE_FUNCTION
};

/* One type. Names are as the file has them, and are checked when they are written. */
struct declare_type {
	enum declare_shape shape;
	const char *keyword; /* "struct " of a base, "const " of a modifier, or "" */
	const char *name; /* of a base; "" is an anonymous structure, union or enum */
	uint64_t target; /* what is modified, pointed to, an element or returned; 0: void */
	uint32_t elements; /* of an array */
};

struct declare_param {
	const char *name; /* or "" */
	uint64_t type; /* 0: void */
	bool is_ellipsis;
};

/* Where types come from. */
struct declare_types {
	const void *ctx;
	/* The type of an id other than 0. False: there is none, or none of C. */
	bool (*get)(const void *ctx, uint64_t id, struct declare_type *out);
	/* The parameter of a function behind *cursor, which is 0 for the first one and then the
	 * reader's. Returns 1, 0 behind the last one, or -1 if it cannot be read. */
	int (*next)(const void *ctx, uint64_t function, uint64_t *cursor,
		    struct declare_param *out);
	/* Append what an anonymous base has in its braces, and these. NULL: "{ ... }". False: it
	 * cannot be written. */
	bool (*body)(const void *ctx, uint64_t id, struct strbuf *out);
};

/*
 * Append the declaration of name with that type, "int f(struct file *file)". False, with out as it
 * was, if it cannot be written; if that is for lack of memory, out has failed.
 */
bool declare_write(const struct declare_types *types, uint64_t id, const char *name,
		   struct strbuf *out);

/* A type of the language as gcc calls it, whoever compiled the kernel: clang has shorter names. */
const char *declare_usual_name(const char *name);

#endif
