// SPDX-License-Identifier: GPL-2.0-or-later
/* What of the changes somebody lets pass: severities by rules, all else by whoever calls. */
#include "audit/diff/tolerate.h"

#include <fnmatch.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/strbuf.h"

#define ALL_AXES (AXIS_MARK(AXIS_COUNT) - 1)

/* The rules while they are held against exports. */
struct judging {
	struct severities *severities;
	const char *owner_of; /* of this owner: */
	struct strbuf owner; /* with '-' as '_' */
};

static void judging_release(struct judging *j)
{
	strbuf_release(&j->owner);
}

/* What a subject's rules are held against; NULL: the export has none. */
static const char *subject_of(struct judging *j, const struct ksa_export *e,
			      enum severity_subject subject)
{
	if (subject == SEVERITY_OF_SYMBOL)
		return e->name;
	if (subject == SEVERITY_OF_NAMESPACE)
		return e->ns_known ? e->ns : NULL;
	if (e->owner != j->owner_of) {
		strbuf_reset(&j->owner);
		for (const char *at = e->owner; *at; at++)
			strbuf_addc(&j->owner, *at == '-' ? '_' : *at);
		j->owner_of = e->owner;
	}
	return strbuf_string(&j->owner);
}

static bool matches(const struct severity_rule *rule, const char *s)
{
	/* Nearly all rules fall at the first byte, before any call. */
	if (rule->literal && *s != *rule->pattern)
		return false;
	return strncmp(rule->pattern, s, rule->literal) == 0 &&
	       fnmatch(rule->pattern + rule->literal, s + rule->literal, 0) == 0;
}

/*
 * The changes of an export that pass: of the rules that are about an axis the first that matches
 * decides. rule_of[axis] is that one, where it lets pass.
 */
static unsigned int judge(struct judging *j, const struct ksa_export *e,
			  const struct severity_rule **rule_of)
{
	const struct severities *s = j->severities;
	unsigned int open = ALL_AXES, passed = 0;

	for (size_t i = 0; i < s->count && open; i++) {
		const struct severity_rule *rule = &s->items[i];
		const char *subject = subject_of(j, e, rule->subject);

		if (!(open & rule->axes) || !subject || !matches(rule, subject))
			continue;
		s->used[i] = true;
		for (int axis = 0; axis < AXIS_COUNT && rule->pass; axis++)
			if (open & rule->axes & AXIS_MARK(axis))
				rule_of[axis] = rule;
		passed |= rule->pass ? open & rule->axes : 0;
		open &= ~rule->axes;
	}
	return passed;
}

/* Which of the row's changes pass, by the rules that let them. */
static int judge_row(struct judging *j, struct diff *diff, uint32_t index, struct ksa_error *err)
{
	const struct diff_row *row = &diff->rows[index];
	const struct diff_exports *x = &row->side[row->side[DIFF_OLD].count ? DIFF_OLD : DIFF_NEW];
	const struct severity_rule *rule_of[AXIS_COUNT] = {NULL};
	unsigned int passed = row->marks;
	int r = 0;

	for (uint32_t i = 0; i < x->count; i++)
		passed &= judge(j, &x->items[i], rule_of);
	for (int axis = 0; axis < AXIS_COUNT && !r; axis++) {
		const struct severity_rule *rule = rule_of[axis];
		unsigned int axes = 0;

		if (!(passed & AXIS_MARK(axis)))
			continue;
		/* all that this rule lets pass at once */
		for (int other = axis; other < AXIS_COUNT; other++)
			if (rule_of[other] == rule)
				axes |= passed & AXIS_MARK(other);
		r = diff_let_pass(diff, index, axes, rule->text, err);
		passed &= ~axes;
	}
	return r;
}

int diff_tolerate(struct diff *diff, struct severities *s, struct ksa_error *err)
{
	_cleanup_(judging_release) struct judging j = {.severities = s};
	int r = 0;

	if (!s->used)
		s->used = calloc(s->count + 1, sizeof(*s->used));
	if (!s->used)
		return ksa_fail_nomem(err);
	for (uint32_t i = 0; i < diff->row_count && !r; i++)
		r = judge_row(&j, diff, i, err);
	diff_count_tolerated(diff);
	return !r && j.owner.failed ? ksa_fail_nomem(err) : r;
}

int diff_note_unused(struct diff *diff, const struct severities *s, bool each,
		     struct ksa_error *err)
{
	size_t unused = 0;
	int r = 0;

	for (size_t i = 0; i < s->count; i++)
		unused += !s->used[i];
	if (!unused)
		return 0;
	r = diff_add_remark(diff, err,
			    "%s: %zu of %zu rule%s decide%s on no export of the kernels%s", s->file,
			    unused, s->count, s->count == 1 ? "" : "s", unused == 1 ? "s" : "",
			    each ? "" : " (-v lists them)");
	for (size_t i = 0; i < s->count && each && !r; i++)
		if (!s->used[i])
			r = diff_add_remark(diff, err, "%s: decides on nothing", s->items[i].text);
	return r;
}
