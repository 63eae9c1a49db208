/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef READ_HEADERS_BODY_H
#define READ_HEADERS_BODY_H

#include "read/headers/facts.h"

/* The names in a macro's or a function's body, token by token. */
struct header_body {
	struct header_facts *facts;
	struct facts_open *open;
	struct ksa_error *err;
	bool start; /* a statement may begin here */
	bool type; /* behind what may be a type: a name now is one of a variable */
	bool variables; /* behind the name of one: more may follow a comma */
	bool skip; /* the next name is none of interest: a member, a tag, a label, a parameter */
	bool pasted; /* behind ## */
	bool loop; /* behind "for" */
	bool declared; /* behind "extern": what is declared is elsewhere, no variable */
	unsigned int nesting; /* of parentheses and brackets, and of braces behind variables */
	unsigned int variables_nesting;
	unsigned int typeof_nesting; /* inside the parentheses of a typeof; 0: none */
};

void body_init(struct header_body *body, struct header_facts *facts, struct facts_open *open,
	       struct ksa_error *err);

/*
 * Read the token at *p and move *p behind it; any byte but '{' and '}' of a function's own blocks,
 * of which body_brace() is to be told. KSA_ENOMEM, KSA_ELIMIT.
 */
int body_token(struct header_body *body, const unsigned char **p,
	       const unsigned char *end) _must_check_;

/* A brace of a block was passed. */
void body_brace(struct header_body *body);

/* Names in a list of parameters are no others in the body: "int a, struct b *c", or "a, b...". */
int body_parameters(struct header_body *body, struct span parameters) _must_check_;

/* All tokens of a macro's body. */
int body_macro(struct header_body *body, struct span text) _must_check_;

#endif
