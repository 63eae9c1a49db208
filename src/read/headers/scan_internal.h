/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef READ_HEADERS_SCAN_INTERNAL_H
#define READ_HEADERS_SCAN_INTERNAL_H

#include "read/headers/body.h"
#include "read/headers/scan.h"
#include "read/source/cond.h"

/* A declaration or definition at the top level of a file, as far as it was read. */
struct statement {
	unsigned int words; /* that may be of a type or a name */
	bool is_extern, is_typedef, is_storage, is_enum;
	bool aggregate; /* struct, union or enum was said */
	bool tag_next; /* and its tag comes next */
	bool attribute; /* parentheses that follow are an attribute's, or typeof's */
	bool inner; /* the name was in parentheses: int (*f)(int) */
	bool value; /* behind '=' */
	bool listed; /* behind a ',' between declarators */
	bool literal; /* a string was read: extern "C" */
	uint32_t tag, last, function; /* numbers of names, or HELPER_NONE */
	bool plain_function; /* its name does not begin with "__", as those of attributes do */
	struct span parameters; /* of the function */
	const unsigned char *begin; /* of all of it; NULL: nothing was read */
	const unsigned char *place; /* of the function's name */
	const unsigned char *close; /* behind its parameters */
	const unsigned char *name_end; /* behind the last name, to see what is adjacent to it */
	struct span name; /* the last word */
};

/* One header while it is read. */
struct header_scanner {
	struct header_facts *facts;
	struct expr_names names; /* what is known of those in conditions */
	struct ksa_error *err;
	uint32_t file;
	const unsigned char *start, *at, *end; /* at: what is not read yet */
	const unsigned char *counted; /* up to where lines are counted */
	uint32_t line; /* of counted */
	struct cond cond;
	unsigned int depth; /* of braces */
	unsigned int depths[COND_DEPTH]; /* where the conditionals that are open began */
	bool maybe; /* all of it: the macro that makes it, or the call, is undecided */
	uint8_t expanded; /* how many macros around it were expanded */
	bool begun; /* a directive or code was read: no include guard follows */
	bool doubt; /* of the function that is being read: some part of it is undecided */
	unsigned int misfits; /* parentheses without an end */
	struct statement statement;
};

/* scan.c */

/* The line that p is on; p never goes back. */
uint32_t scan_line(struct header_scanner *s, const unsigned char *p);

/* Behind the parentheses or brackets that begin at p; NULL: they have no end. */
const unsigned char *scan_group(struct header_scanner *s, const unsigned char *p);

/* Read the block whose '{' is at s->at, with the directives in it. body: its names count (NULL: it
 * is none of a function). is_enum: those of constants are declared. */
int scan_block(struct header_scanner *s, struct header_body *body, bool is_enum) _must_check_;

/* True if it is not certain that what is read counts. */
static inline bool scan_is_maybe(const struct header_scanner *s)
{
	return s->maybe || s->cond.unsure != 0;
}

/* scan_place.c: where names are declared, if anybody wants that */

/* A macro's name, with what is in its parentheses (at is NULL: there are none), and its body. */
int scan_place_macro(struct header_scanner *s, struct span name, struct span parameters,
		     struct span body) _must_check_;

/* The function that the statement declares; with a body. */
int scan_place_function(struct header_scanner *s, bool has_body) _must_check_;

/* The object that the statement declares. */
int scan_place_object(struct header_scanner *s, uint32_t number) _must_check_;

/* What else the name of that number, which stands at p or before, is declared as. */
int scan_place(struct header_scanner *s, uint32_t number, enum declared_kind kind,
	       const unsigned char *p) _must_check_;

/* scan_directive.c */

/* True if the '#' at p is the first on its line. */
bool scan_begins_line(const struct header_scanner *s, const unsigned char *p);

/* Read the directive whose '#' is at s->at. */
int scan_directive(struct header_scanner *s) _must_check_;

/* Move on to the next directive, or the end: what is between is ruled out. */
void scan_skip_dead(struct header_scanner *s);

/* scan_statement.c */

/* The statement goes on with what is at s->at, which is no directive, blank or comment. */
int scan_statement(struct header_scanner *s) _must_check_;

void scan_reset_statement(struct header_scanner *s);

/* The text ends: what it declared so far counts, also without a ';'. */
int scan_end_statement(struct header_scanner *s) _must_check_;

/* scan_event.c */

/* A macro is invoked at the top level of a file: what it is known to make. */
int scan_invocation(struct header_scanner *s, struct span macro,
		    struct span arguments) _must_check_;

/* The same of CONCATENATE(DEFINE_X_, COUNT_ARGS(a, b))(a, b), which invokes DEFINE_X_2; the second
 * list of arguments is at p. */
int scan_counted(struct header_scanner *s, struct span arguments,
		 const unsigned char *p) _must_check_;

#endif
