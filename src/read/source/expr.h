/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef READ_SOURCE_EXPR_H
#define READ_SOURCE_EXPR_H

#include "read/source/cond.h"

/* What is known of the names in an expression. All may be NULL: nothing is known. */
struct expr_names {
	void *ctx;
	/* Whether a macro of this name is defined; the name is a buffer of the evaluator's at
	 * times: valid during the call only. */
	enum cond_value (*defined)(void *ctx, struct span name);
	/* True if the name stands for a number that is known; *value is then that number. */
	bool (*value)(void *ctx, struct span name, long long *value);
	/* The same of a name with arguments that is none of the kernel's own. */
	bool (*call)(void *ctx, struct span name, const struct lex_call *call, long long *value);
};

/*
 * What the expression of an #if or #elif says, by the C preprocessor's own grammar and 64-bit
 * arithmetic. A name that is known not to be defined is 0. IS_ENABLED(), IS_BUILTIN(), IS_MODULE()
 * and IS_REACHABLE() are what defined() says of the option, KERNEL_VERSION() is computed as the
 * kernel does; other names that take arguments are unknown. What is unknown stays so but for short
 * circuits: "0 && X" is false, "1 || X" is true. What cannot be read, or nests deeper than 64, is
 * unknown. names: NULL if none is known.
 */
enum cond_value expr_evaluate(struct span expression, const struct expr_names *names);

/* The same as a number, for a macro's body: false if it is unknown or cannot be read. */
bool expr_number(struct span expression, const struct expr_names *names, long long *value);

#endif
