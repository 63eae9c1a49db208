// SPDX-License-Identifier: GPL-2.0-or-later
#include "audit/results/policy.h"

#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "model/shipped.h"

/* A finding that is milder than its rule, or worse, stays so. */
static void set_level(struct ksa_finding *f)
{
	const struct ksa_rule *shipped = rule_find(f->rule->id);

	if (shipped && f->rule->level != shipped->level &&
	    (f->level == shipped->level || f->rule->level < f->level))
		f->level = f->rule->level;
}

/* The waivers of a run while they are applied. */
struct waiving {
	const struct policy *policy;
	bool *used; /* by waiver */
	/* By waiver: of which module and kernel it was last said that it expired. */
	struct said {
		bool any;
		uint32_t module, kernel;
	} * said;
};

static int say_expired(struct ksa_report *report, const struct ksa_finding *of,
		       const struct waiver *w, struct ksa_error *err)
{
	struct ksa_finding f = *of;
	bool of_module = f.module != NO_INDEX;

	f.rule = rules_get(report->rules, RULE_WAIVER_EXPIRED);
	f.level = rules_builtin[RULE_WAIVER_EXPIRED].level;
	f.fix = f.rule->fix;
	f.at = 0;
	f.waived = NULL;
	f.evidence = report_text(report, "%s:%u, by %s: %s", w->file, w->line, w->by, w->reason);
	if (of_module)
		f.symbol = NULL;
	return report_add_finding(
		report, &f, err, "the waiver of %s for %s'%s' and symbol '%s' expired on %s",
		w->rule, of_module ? "module " : "", w->module, w->symbol, w->expires);
}

static int waive(struct ksa_report *report, const struct waiving *w, size_t index,
		 struct ksa_error *err)
{
	struct ksa_finding *f = &report->findings[index];
	const struct waiver_subject subject = {f->rule->id,
					       f->module != NO_INDEX
						       ? report->modules[f->module]->name
					       : f->path ? f->path
							 : "",
					       f->symbol};
	const struct waiver *expired;
	struct said *said;

	f->waived = waivers_find(w->policy->waivers, &subject, w->policy->today, w->used, &expired);
	if (!expired)
		return 0;
	said = &w->said[expired - w->policy->waivers->items];
	if (said->any && said->module == f->module && said->kernel == f->kernel)
		return 0;
	*said = (struct said){true, f->module, f->kernel};
	return say_expired(report, f, expired, err);
}

static int note_unused(struct ksa_report *report, const struct waiving *w, struct ksa_error *err)
{
	const struct ksa_waivers *waivers = w->policy->waivers;
	int r = 0;

	for (size_t i = 0; i < waivers->count && !r; i++) {
		const struct waiver *waiver = &waivers->items[i];
		bool late = waiver_is_expired(waiver, w->policy->today);

		if (w->used[i])
			continue;
		r = report_add_notice(report, err, "%s:%u: waives nothing here (%s of '%s'%s%s)",
				      waiver->file, waiver->line, waiver->rule, waiver->module,
				      late ? "; expired on " : "", late ? waiver->expires : "");
		report->remark_count++;
	}
	return r;
}

int policy_waive(struct ksa_report *report, const struct policy *policy, struct ksa_error *err)
{
	_cleanup_free_ bool *used = calloc(policy->waivers->count + 1, sizeof(*used));
	_cleanup_free_ struct said *said = calloc(policy->waivers->count + 1, sizeof(*said));
	const struct waiving w = {policy, used, said};
	size_t count = report->finding_count;
	int r = used && said ? 0 : ksa_fail_nomem(err);

	/* What is said of expired ones is behind count: no waiver waives that. */
	for (size_t i = 0; i < count && !r; i++)
		r = waive(report, &w, i, err);
	return r || !policy->say_unused ? r : note_unused(report, &w, err);
}

static bool is_of_family(const struct ksa_report *report, const char *symbol)
{
	return !report->families.count || families_have(&report->families, symbol);
}

/* What is about a module as a whole is of every family. */
static bool is_wanted(const struct ksa_report *report, const struct ksa_finding *f)
{
	return f->rule->effect.about == ABOUT_MODULE || !f->symbol ||
	       is_of_family(report, f->symbol);
}

int policy_apply(struct ksa_report *report, const struct policy *policy, struct ksa_error *err)
{
	size_t kept = 0;
	int r = policy->waivers ? policy_waive(report, policy, err) : 0;

	if (r)
		return r;
	for (size_t i = 0; i < report->finding_count; i++) {
		struct ksa_finding *f = &report->findings[i];

		if (f->rule->off || !is_wanted(report, f))
			continue;
		set_level(f);
		report->findings[kept++] = *f;
	}
	report->finding_count = kept;
	kept = 0;
	for (size_t i = 0; i < report->unchecked_count; i++) {
		const struct ksa_unchecked *u = &report->unchecked[i];

		if (!u->symbol || is_of_family(report, u->symbol))
			report->unchecked[kept++] = *u;
	}
	report->unchecked_count = kept;
	return 0;
}
