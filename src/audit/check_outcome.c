// SPDX-License-Identifier: GPL-2.0-or-later
/* What modpost and the loader do with each module in the end: the sum of what they object to. */
#include "audit/check.h"

#include <string.h>

/*
 * Where load_module() (kernel/module/main.c) gives up, in the order in which it gets there. The
 * imports are all looked at before it does: the last one that fails gives the error.
 */
enum refusal {
	REFUSAL_NONE = 0,
	REFUSAL_EXPORT, /* verify_exported_symbols(): ENOEXEC */
	REFUSAL_IMPORT_MISSING, /* simplify_symbols(): ENOENT */
	REFUSAL_IMPORT, /* resolve_symbol(): EINVAL */
	REFUSAL_MODINFO, /* setup_modinfo(): EPERM */
	REFUSAL_FORMAT /* the ELF header, check_modstruct_version(), check_modinfo(): ENOEXEC */
};

static enum refusal refusal_of(const struct ksa_rule *rule, const char *symbol)
{
	static const struct {
		enum rule_id rule;
		enum refusal refusal;
	} table[] = {
		{RULE_GPL_ONLY_SYMBOL, REFUSAL_IMPORT_MISSING},
		{RULE_UNDEFINED_SYMBOL, REFUSAL_IMPORT_MISSING},
		{RULE_CRC_DIFFERS, REFUSAL_IMPORT},
		{RULE_NAMESPACE_NOT_IMPORTED, REFUSAL_IMPORT},
		{RULE_RESERVED_SYMBOL, REFUSAL_IMPORT},
		{RULE_FORGED_IMPORT, REFUSAL_MODINFO},
		{RULE_TAINT_INHERITED, REFUSAL_IMPORT_MISSING},
		{RULE_VERMAGIC_DIFFERS, REFUSAL_FORMAT},
		{RULE_DUPLICATE_EXPORT, REFUSAL_EXPORT},
		{RULE_NO_SYMBOL_VERSION, REFUSAL_IMPORT},
		{RULE_WRONG_ARCHITECTURE, REFUSAL_FORMAT},
	};

	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		if (!rule_is(rule, table[i].rule))
			continue;
		/* module_layout stands for the layout of struct module, and is looked at first. */
		if (table[i].refusal == REFUSAL_IMPORT &&
		    (!symbol || strcmp(symbol, "module_layout") == 0))
			return REFUSAL_FORMAT;
		return table[i].refusal;
	}
	return REFUSAL_NONE;
}

static bool is_import(enum refusal refusal)
{
	return refusal == REFUSAL_IMPORT || refusal == REFUSAL_IMPORT_MISSING;
}

void check_note_refusal(struct check *c, const struct ksa_finding *f, bool forcible)
{
	struct module_state *state = &c->state[f->module];
	enum refusal refusal = refusal_of(f->rule, f->symbol);
	enum refusal before = (enum refusal)state->refusal;

	if (forcible && c->kernel->forces == TRI_YES)
		state->forced = true;
	if (f->level != KSA_LEVEL_ERROR)
		return;
	if (f->at & KSA_AT_BUILD)
		state->refused_at_build = true;
	if (!(f->at & KSA_AT_LOAD))
		return;
	if (forcible && c->kernel->forces == TRI_UNKNOWN)
		state->forcible = true;
	else if (refusal > before || (is_import(refusal) && is_import(before)))
		state->refusal = (int)refusal;
}

static const char *errno_name(enum refusal refusal)
{
	switch (refusal) {
	case REFUSAL_EXPORT:
	case REFUSAL_FORMAT:
		return "ENOEXEC";
	case REFUSAL_IMPORT_MISSING:
		return "ENOENT";
	case REFUSAL_IMPORT:
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
		else if (state->unchecked || state->forcible)
			o->load = OUTCOME_UNKNOWN;
		/* What is not known may come before: then the error is not known either. */
		if (state->refusal == REFUSAL_FORMAT ||
		    (!state->forcible && (state->refusal == REFUSAL_MODINFO || !state->unchecked)))
			o->error = errno_name((enum refusal)state->refusal);
	}
}
