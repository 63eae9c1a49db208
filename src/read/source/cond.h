/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef READ_SOURCE_COND_H
#define READ_SOURCE_COND_H

#include "read/source/lex.h"

#define COND_DEPTH 64 /* the kernel's deepest nesting is below 20 */

enum cond_value { COND_UNKNOWN = 0, COND_FALSE, COND_TRUE };

struct cond_level {
	uint32_t branch; /* number of the branch that is open, unique in the file */
	bool dead; /* the branch that is open is ruled out */
	bool taken; /* a branch was certain: the later ones are ruled out */
	bool doubt; /* a branch before this one may be the one */
	bool unsure; /* the branch that is open may be the one, or not */
};

/* The conditionals that are open at some place of a file. Zero-initialize. */
struct cond {
	struct cond_level levels[COND_DEPTH];
	unsigned int depth; /* may be larger than COND_DEPTH: what is deeper is alive */
	unsigned int dead; /* how many open branches are ruled out */
	unsigned int unsure; /* how many are neither that nor certain; not of those too deep */
	uint32_t branches;
};

void cond_if(struct cond *cond, enum cond_value value);
void cond_elif(struct cond *cond, enum cond_value value);
void cond_else(struct cond *cond);
void cond_endif(struct cond *cond);

/* The branch that is open, 0 outside of all conditionals. */
uint32_t cond_branch(const struct cond *cond);

/* True if the branch is open (again never once it was closed). */
bool cond_is_open(const struct cond *cond, uint32_t branch);

#endif
