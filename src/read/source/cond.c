// SPDX-License-Identifier: GPL-2.0-or-later
#include "read/source/cond.h"

/* The level that is open, or NULL for none and for those that are too deep. */
static struct cond_level *top(struct cond *cond)
{
	return cond->depth && cond->depth <= COND_DEPTH ? &cond->levels[cond->depth - 1] : NULL;
}

/* The value of the branch that is open from here on. */
static void set_value(struct cond *cond, struct cond_level *level, enum cond_value value)
{
	bool dead = level->taken || value == COND_FALSE;
	bool unsure = !dead && (level->doubt || value == COND_UNKNOWN);

	cond->dead += (unsigned int)dead - level->dead;
	cond->unsure += (unsigned int)unsure - level->unsure;
	level->dead = dead;
	level->unsure = unsure;
	level->taken |= value == COND_TRUE;
	level->doubt |= value == COND_UNKNOWN;
	level->branch = ++cond->branches;
}

void cond_if(struct cond *cond, enum cond_value value)
{
	struct cond_level *level;

	cond->depth++;
	level = top(cond);
	if (!level)
		return;
	*level = (struct cond_level){.branch = 0};
	set_value(cond, level, value);
}

void cond_elif(struct cond *cond, enum cond_value value)
{
	struct cond_level *level = top(cond);

	if (level)
		set_value(cond, level, value);
}

void cond_else(struct cond *cond)
{
	cond_elif(cond, COND_TRUE);
}

void cond_endif(struct cond *cond)
{
	struct cond_level *level = top(cond);

	if (level) {
		cond->dead -= level->dead;
		cond->unsure -= level->unsure;
	}
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
