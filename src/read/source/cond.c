// SPDX-License-Identifier: GPL-2.0-or-later
#include "read/source/cond.h"

#define MAX_NESTING 32 /* of parentheses in one condition */

struct reader {
	const unsigned char *at, *end;
	unsigned int nesting;
};

static void skip_blank(struct reader *r)
{
	r->at = lex_skip_blank(r->at, r->end, false);
}

static bool take_two(struct reader *r, unsigned char c)
{
	skip_blank(r);
	if (r->end - r->at < 2 || r->at[0] != c || r->at[1] != c)
		return false;
	r->at += 2;
	return true;
}

static enum cond_value read_or(struct reader *r);

/* A number's value; what follows it (as in "0x10UL") is passed by. */
static enum cond_value read_number(struct reader *r)
{
	enum cond_value value = COND_FALSE;

	if (r->end - r->at > 2 && r->at[0] == '0' && (r->at[1] | ' ') == 'x')
		r->at += 2;
	for (; r->at < r->end && lex_is_name(*r->at); r->at++)
		if (*r->at != '0' && *r->at != 'U' && *r->at != 'L')
			value = COND_TRUE;
	return value;
}

static enum cond_value read_operand(struct reader *r)
{
	enum cond_value value = COND_UNKNOWN;

	skip_blank(r);
	if (r->at == r->end)
		return COND_UNKNOWN;
	if (*r->at == '!' && r->end - r->at > 1 && r->at[1] != '=') {
		if (++r->nesting > MAX_NESTING)
			return COND_UNKNOWN;
		r->at++;
		value = read_operand(r);
		r->nesting--;
		if (value != COND_UNKNOWN)
			value = value == COND_TRUE ? COND_FALSE : COND_TRUE;
		return value;
	}
	if (lex_class[*r->at] & LEX_DIGIT)
		return read_number(r);
	if (*r->at == '(') {
		if (++r->nesting > MAX_NESTING)
			return COND_UNKNOWN;
		r->at++;
		value = read_or(r);
		r->nesting--;
		skip_blank(r);
		if (r->at < r->end && *r->at == ')')
			r->at++;
	}
	return value;
}

/* Pass by what is no part of what is understood, up to && or || or the ')' around it. */
static bool skip_rest(struct reader *r)
{
	unsigned int depth = 0;
	bool skipped = false;

	for (;; r->at++) {
		skip_blank(r);
		if (r->at >= r->end)
			break;
		if (*r->at == '(') {
			depth++;
		} else if (*r->at == ')') {
			if (!depth)
				break;
			depth--;
		} else if (!depth && r->end - r->at > 1 && (*r->at == '&' || *r->at == '|') &&
			   r->at[1] == *r->at) {
			break;
		}
		skipped = true;
	}
	return skipped;
}

static enum cond_value read_term(struct reader *r)
{
	enum cond_value value = read_operand(r);

	return skip_rest(r) ? COND_UNKNOWN : value;
}

static enum cond_value read_and(struct reader *r)
{
	enum cond_value value = read_term(r);

	while (take_two(r, '&')) {
		enum cond_value right = read_term(r);

		if (value == COND_FALSE || right == COND_FALSE)
			value = COND_FALSE;
		else if (value != COND_TRUE || right != COND_TRUE)
			value = COND_UNKNOWN;
	}
	return value;
}

static enum cond_value read_or(struct reader *r)
{
	enum cond_value value = read_and(r);

	while (take_two(r, '|')) {
		enum cond_value right = read_and(r);

		if (value == COND_TRUE || right == COND_TRUE)
			value = COND_TRUE;
		else if (value != COND_FALSE || right != COND_FALSE)
			value = COND_UNKNOWN;
	}
	return value;
}

enum cond_value cond_evaluate(struct span expression)
{
	struct reader r = {expression.at, expression.end, 0};
	enum cond_value value = read_or(&r);

	skip_blank(&r);
	return r.at == r.end ? value : COND_UNKNOWN;
}

/* The level that is open, or NULL for none and for those that are too deep. */
static struct cond_level *top(struct cond *cond)
{
	return cond->depth && cond->depth <= COND_DEPTH ? &cond->levels[cond->depth - 1] : NULL;
}

static void set_dead(struct cond *cond, struct cond_level *level, bool dead)
{
	cond->dead -= level->dead;
	cond->dead += dead;
	level->dead = dead;
}

void cond_if(struct cond *cond, enum cond_value value)
{
	struct cond_level *level;

	cond->depth++;
	level = top(cond);
	if (!level)
		return;
	*level = (struct cond_level){.branch = ++cond->branches, .taken = value == COND_TRUE};
	set_dead(cond, level, value == COND_FALSE);
}

void cond_elif(struct cond *cond, enum cond_value value)
{
	struct cond_level *level = top(cond);

	if (!level)
		return;
	set_dead(cond, level, level->taken || value == COND_FALSE);
	level->taken |= value == COND_TRUE;
	level->branch = ++cond->branches;
}

void cond_else(struct cond *cond)
{
	cond_elif(cond, COND_UNKNOWN);
}

void cond_endif(struct cond *cond)
{
	struct cond_level *level = top(cond);

	if (level)
		set_dead(cond, level, false);
	if (cond->depth)
		cond->depth--;
}

uint32_t cond_branch(const struct cond *cond)
{
	unsigned int depth = cond->depth < COND_DEPTH ? cond->depth : COND_DEPTH;

	return depth ? cond->levels[depth - 1].branch : 0;
}

bool cond_is_open(const struct cond *cond, uint32_t branch)
{
	unsigned int depth = cond->depth < COND_DEPTH ? cond->depth : COND_DEPTH;

	for (unsigned int i = 0; i < depth; i++)
		if (cond->levels[i].branch == branch)
			return true;
	return branch == 0;
}
