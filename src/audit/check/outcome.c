// SPDX-License-Identifier: GPL-2.0-or-later
/* What modpost and the loader do with each module in the end: the sum of what they object to. */
#include "audit/check/check.h"

#include <string.h>

static enum rule_outcome refusal_of(const struct ksa_finding *f)
{
	const enum rule_outcome refusal = (enum rule_outcome)f->rule->effect.outcome;

	/* module_layout stands for the layout of struct module, and is looked at first. */
	if (refusal == REFUSAL_IMPORT && (!f->symbol || strcmp(f->symbol, "module_layout") == 0))
		return REFUSAL_FORMAT;
	return refusal;
}

static bool is_import(enum rule_outcome refusal)
{
	return refusal == REFUSAL_IMPORT || refusal == REFUSAL_IMPORT_MISSING;
}

/* An error that the loader has. */
static void note_load(struct check *c, const struct ksa_finding *f, const struct finding_init *init)
{
	struct module_state *state = &c->state[f->module];
	enum rule_outcome refusal = refusal_of(f);
	enum rule_outcome before = (enum rule_outcome)state->refusal;

	if (init->forcible && c->kernel->forces == TRI_UNKNOWN)
		state->uncertain = true;
	if (init->uncertain || (init->forcible && c->kernel->forces == TRI_UNKNOWN))
		return;
	if (refusal > before || (is_import(refusal) && is_import(before)))
		state->refusal = (int)refusal;
	if (refusal > REFUSAL_OTHER && !state->refused_by)
		state->refused_by = f->rule;
	state->incurable = state->incurable || !f->is_cured;
}

void check_note_refusal(struct check *c, const struct ksa_finding *f,
			const struct finding_init *init)
{
	struct module_state *state = &c->state[f->module];

	if (init->forcible && c->kernel->forces == TRI_YES)
		state->forced = true;
	if (init->uncertain)
		state->uncertain = true;
	if (f->level != KSA_LEVEL_ERROR)
		return;
	if (f->at & KSA_AT_BUILD)
		state->refused_at_build = true;
	if (f->at & KSA_AT_LOAD)
		note_load(c, f, init);
}

static const char *errno_name(const struct check *c, enum rule_outcome refusal)
{
	switch (refusal) {
	case REFUSAL_SIGNATURE:
		return c->kernel->loading.forces_signatures == TRI_YES ? "EKEYREJECTED" : "EPERM";
	case REFUSAL_EXPORT:
	case REFUSAL_FORMAT:
		return "ENOEXEC";
	case REFUSAL_IMPORT_MISSING:
		return "ENOENT";
	case REFUSAL_IMPORT:
	case REFUSAL_TYPES:
		return "EINVAL";
	case REFUSAL_MODINFO:
		return "EPERM";
	default:
		return NULL;
	}
}

void check_give_outcomes(struct check *c)
{
	struct ksa_report *report = c->report;

	for (size_t m = 0; m < report->module_count; m++) {
		const struct module_state *state = &c->state[m];
		struct ksa_outcome *o =
			&report->outcomes[m * report->kernel_count + c->kernel_index];

		o->tainted = state->tainted;
		o->forced = state->forced;
		o->build = OUTCOME_ACCEPTED;
		if (state->refused_at_build)
			o->build = OUTCOME_REFUSED;
		else if (state->unchecked || state->stopped)
			o->build = OUTCOME_UNKNOWN;
		o->load = OUTCOME_ACCEPTED;
		if (state->refusal != REFUSAL_NONE)
			o->load = OUTCOME_REFUSED;
		else if (state->unchecked || state->uncertain)
			o->load = OUTCOME_UNKNOWN;
		/* What is not known may come before: then the error is not known either. */
		if (state->refusal >= REFUSAL_FORMAT ||
		    (!state->uncertain && (state->refusal == REFUSAL_MODINFO || !state->unchecked)))
			o->error = errno_name(c, (enum rule_outcome)state->refusal);
	}
}
