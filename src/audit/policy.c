// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What users want of the findings: levels, rules that are off, one family alone, waivers. All of it
 * comes after the judging: what the kernel does with a module is no matter of anybody's policy.
 */
#include "audit/check.h"

#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"

/* Of these the symbol is a license or a namespace: they are about the module as a whole. */
static bool is_about_module(const struct ksa_finding *f)
{
	static const enum rule_id rules[] = {RULE_FORGED_IMPORT, RULE_UNKNOWN_LICENSE,
					     RULE_UNUSED_NAMESPACE_IMPORT};

	for (size_t i = 0; i < sizeof(rules) / sizeof(*rules); i++)
		if (rule_is(f->rule, rules[i]))
			return true;
	return !f->symbol;
}

/* A finding that is milder than its rule (a warning at most) stays so. */
static void set_level(struct ksa_finding *f)
{
	const struct ksa_rule *shipped = rule_find(f->rule->id);

	if (!shipped)
		return;
	if (f->level == shipped->level || f->rule->level < f->level)
		f->level = f->rule->level;
}

static int say_expired(struct check *c, const struct ksa_finding *f, const struct waiver *waiver,
		       struct ksa_error *err)
{
	struct finding_init init = {.rule = RULE_WAIVER_EXPIRED, .module = f->module};

	c->kernel_index = f->kernel;
	c->kernel = c->report->kernels[f->kernel];
	init.evidence = check_text(c, "%s:%u, by %s: %s", waiver->file, waiver->line, waiver->by,
				   waiver->reason);
	return check_add(c, &init, err,
			 "the waiver of %s for module '%s' and symbol '%s' expired on %s",
			 waiver->rule, waiver->module, waiver->symbol, waiver->expires);
}

/* The waivers of a run while they are applied. */
struct waiving {
	bool *used; /* by waiver */
	uint64_t *said; /* by waiver: 1 + the module and kernel of which it was last said */
};

static int waive(struct check *c, const struct waiving *w, size_t index, struct ksa_error *err)
{
	const struct ksa_waivers *waivers = c->options->waivers;
	struct ksa_finding f = c->report->findings[index];
	const struct waiver_subject subject = {f.rule->id, c->report->modules[f.module]->name,
					       f.symbol};
	const struct waiver *expired;
	uint64_t place = ((uint64_t)f.kernel << 32 | f.module) + 1;

	c->report->findings[index].waived =
		waivers_find(waivers, &subject, c->options->today, w->used, &expired);
	if (!expired || w->said[expired - waivers->items] == place)
		return 0;
	w->said[expired - waivers->items] = place;
	return say_expired(c, &f, expired, err);
}

static int note_unused(struct check *c, const struct waiving *w, struct ksa_error *err)
{
	const struct ksa_waivers *waivers = c->options->waivers;
	size_t before = c->report->notice_count;
	int r = 0;

	for (size_t i = 0; i < waivers->count && !r; i++) {
		const struct waiver *waiver = &waivers->items[i];

		if (!w->used[i])
			r = check_add_notice(
				c, err, "%s:%u: waives nothing here (%s of '%s'%s%s)", waiver->file,
				waiver->line, waiver->rule, waiver->module,
				waiver_is_expired(waiver, c->options->today) ? "; expired on " : "",
				waiver_is_expired(waiver, c->options->today) ? waiver->expires
									     : "");
	}
	c->report->remark_count += c->report->notice_count - before;
	return r;
}

static int apply_waivers(struct check *c, struct ksa_error *err)
{
	const struct ksa_waivers *waivers = c->options->waivers;
	_cleanup_free_ bool *used = calloc(waivers->count + 1, sizeof(*used));
	_cleanup_free_ uint64_t *said = calloc(waivers->count + 1, sizeof(*said));
	const struct waiving w = {used, said};
	size_t count = c->report->finding_count;
	int r = used && said ? 0 : ksa_fail_nomem(err);

	/* What is said of expired ones is behind count: no waiver waives that. */
	for (size_t i = 0; i < count && !r; i++)
		r = waive(c, &w, i, err);
	return r ? r : note_unused(c, &w, err);
}

static bool is_wanted(const struct check *c, const struct ksa_finding *f)
{
	const struct family_list *families = &c->report->families;

	if (f->rule->off)
		return false;
	return !families->count || is_about_module(f) || families_have(families, f->symbol);
}

int check_policy(struct check *c, struct ksa_error *err)
{
	struct ksa_report *report = c->report;
	size_t kept = 0;
	int r = 0;

	if (c->options->waivers)
		r = apply_waivers(c, err);
	for (size_t i = 0; i < report->finding_count && !r; i++) {
		struct ksa_finding *f = &report->findings[i];

		if (!is_wanted(c, f))
			continue;
		set_level(f);
		report->findings[kept++] = *f;
	}
	if (r)
		return r;
	report->finding_count = kept;
	kept = 0;
	for (size_t i = 0; i < report->unchecked_count; i++) {
		const struct ksa_unchecked *u = &report->unchecked[i];

		if (!report->families.count || !u->symbol ||
		    families_have(&report->families, u->symbol))
			report->unchecked[kept++] = *u;
	}
	report->unchecked_count = kept;
	return 0;
}
