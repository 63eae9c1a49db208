// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Modules under check that another one under check needs: where the loader does not take the
 * provider, its exports are not there, and simplify_symbols() ends with ENOENT. Weak imports are
 * NULL then, and need nobody.
 */
#include "audit/check/check.h"

#include <stdlib.h>

#include "base/cleanup.h"

/* True if the loader refuses it; what a rule of the users' own is against is there all the same. */
static bool is_refused(const struct check *c, uint32_t module)
{
	return c->state[module].refusal > REFUSAL_OTHER;
}

/* The module under check that an import of m needs, as settle() found it; NO_INDEX: none. */
static uint32_t needed(const struct check *c, uint32_t m, size_t import)
{
	const struct ksa_import *i = &c->report->modules[m]->imports[import];

	return i->weak ? NO_INDEX : c->state[m].places[import].needs;
}

/* True if a symbol is there without the first module that has it: another one does too. */
static bool is_elsewhere(const struct check *c, uint32_t m, const char *symbol)
{
	const struct ksa_export *e;
	size_t count = 0;
	uint32_t at;

	if (strmap_get(&c->names, symbol, &at))
		for (; at != NO_INDEX; at = c->exports[at].next)
			if (c->exports[at].module != m && !is_refused(c, c->exports[at].module) &&
			    c->state[c->exports[at].module].progress == STATE_DONE)
				return true;
	e = kernel_find_exports(c->kernel, symbol, &count);
	for (size_t i = 0; i < count; i++)
		if (!check_is_replaced(c, e[i].owner))
			return true;
	return false;
}

static int not_there(struct check *c, uint32_t m, uint32_t provider, const char *symbol,
		     struct ksa_error *err)
{
	const char *name = c->report->modules[m]->name,
		   *theirs = c->report->modules[provider]->name;
	struct finding_init init = {
		.rule = RULE_UNDEFINED_SYMBOL, .at = KSA_AT_LOAD, .module = m, .symbol = symbol};
	const struct module_state *state = &c->state[provider];

	if (is_refused(c, provider)) {
		init.cured = !state->incurable;
		init.evidence = report_text(c->report, "%s.ko exports it, and is refused (%s)",
					    theirs, state->refused_by->id);
		init.fix = report_text(c->report, "see to what refuses %s.ko: %s.ko needs it",
				       theirs, name);
	} else {
		init.evidence = report_text(c->report,
					    "%s.ko exports it, and needs %s.ko itself: neither can "
					    "be loaded first",
					    theirs, name);
		init.fix = "move what the modules need of each other into a third one, or make one "
			   "module of them";
	}
	return check_add(c, &init, err, "%s: Unknown symbol %s (err -2)", name, symbol);
}

static int not_known(struct check *c, uint32_t m, uint32_t provider, const char *symbol,
		     struct ksa_error *err)
{
	struct ksa_unchecked u = {.module = m, .kernel = c->kernel_index, .symbol = symbol};

	c->state[m].uncertain = true;
	if (!c->state[provider].unchecked || c->state[m].unchecked)
		return 0;
	u.text = report_text(c->report, "%s.ko exports it, and whether that loads is not known",
			     c->report->modules[provider]->name);
	return report_add_unchecked(c->report, &u, err);
}

/* Judge a module whose providers are settled, but for those that need it themselves. The first
 * import that is not there tells it all. */
static int judge(struct check *c, uint32_t m, struct ksa_error *err)
{
	const struct ksa_module *module = c->report->modules[m];
	size_t doubtful = SIZE_MAX;

	for (size_t i = 0; i < module->import_count && !is_refused(c, m); i++) {
		uint32_t p = needed(c, m, i);

		if (p == NO_INDEX)
			continue;
		if (!is_refused(c, p) && c->state[p].progress == STATE_DONE) {
			if (c->state[p].unchecked || c->state[p].uncertain)
				doubtful = i < doubtful ? i : doubtful;
		} else if (!is_elsewhere(c, m, module->imports[i].name)) {
			return not_there(c, m, p, module->imports[i].name, err);
		}
	}
	if (doubtful == SIZE_MAX || is_refused(c, m))
		return 0;
	return not_known(c, m, needed(c, m, doubtful), module->imports[doubtful].name, err);
}

/* The next provider of m that is not settled yet; NO_INDEX: none. */
static uint32_t next_needed(struct check *c, uint32_t m)
{
	struct module_state *state = &c->state[m];

	while (state->cursor < c->report->modules[m]->import_count) {
		uint32_t p = needed(c, m, state->cursor++);

		if (p != NO_INDEX && c->state[p].progress == STATE_NEW)
			return p;
	}
	return NO_INDEX;
}

/* Providers first, as in settle(); the stack has room for all modules. */
static int settle_from(struct check *c, uint32_t root, uint32_t *stack, struct ksa_error *err)
{
	size_t depth = 0;
	int r = 0;

	if (c->state[root].progress != STATE_NEW)
		return 0;
	stack[depth++] = root;
	c->state[root].progress = STATE_OPEN;
	while (depth && !r) {
		uint32_t m = stack[depth - 1], next = next_needed(c, m);

		if (next != NO_INDEX) {
			c->state[next].progress = STATE_OPEN;
			stack[depth++] = next;
			continue;
		}
		r = judge(c, m, err);
		c->state[m].progress = STATE_DONE;
		depth--;
	}
	return r;
}

int check_providers(struct check *c, struct ksa_error *err)
{
	const size_t count = c->report->module_count;
	_cleanup_free_ uint32_t *stack = calloc(count + 1, sizeof(*stack));
	int r = 0;

	if (!stack)
		return ksa_fail_nomem(err);
	for (size_t m = 0; m < count; m++) {
		c->state[m].progress = STATE_NEW;
		c->state[m].cursor = 0;
	}
	for (uint32_t m = 0; m < count && c->export_count && !r; m++)
		r = settle_from(c, m, stack, err);
	return r;
}
