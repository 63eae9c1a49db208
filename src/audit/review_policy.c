// SPDX-License-Identifier: GPL-2.0-or-later
/* What users want of the findings of a review: levels, rules that are off, waivers. */
#include "audit/review_internal.h"

#include <stdlib.h>

#include "base/cleanup.h"

/* A finding that is milder than its rule, or worse, stays so. */
static void set_level(struct review_finding *f)
{
	const struct ksa_rule *shipped = rule_find(f->rule->id);

	if (f->rule->level != shipped->level &&
	    (f->level == shipped->level || f->rule->level < f->level))
		f->level = f->rule->level;
}

static void say_expired(struct review_audit *a, size_t index, const struct waiver *waiver)
{
	const struct review_finding *of = &a->review->findings[index];
	const struct review_change at = {
		.patch = of->patch,
		.symbol = of->symbol,
		.sides[PATCH_NEW] = {.path = of->path, .line = of->line, .at = of->at}};
	struct review_finding *f =
		review_add(a, RULE_WAIVER_EXPIRED, &at, PATCH_NEW,
			   "the waiver of %s for '%s' and symbol '%s' expired on %s", waiver->rule,
			   waiver->module, waiver->symbol, waiver->expires);

	f->evidence = review_text_of(a, "%s:%u, by %s: %s", waiver->file, waiver->line, waiver->by,
				     waiver->reason);
}

/* Each expired waiver is said once. */
static int apply_waivers(struct review_audit *a)
{
	const struct ksa_waivers *waivers = a->input->waivers;
	_cleanup_free_ bool *said = calloc(waivers->count + 1, sizeof(*said));
	size_t count = a->review->finding_count;

	if (!said)
		return ksa_fail_nomem(a->err);
	for (size_t i = 0; i < count; i++) {
		struct review_finding *f = &a->review->findings[i];
		const struct waiver_subject subject = {f->rule->id, f->path ? f->path : "",
						       f->symbol};
		const struct waiver *expired;

		f->waived = waivers_find(waivers, &subject, a->input->today, NULL, &expired);
		if (!expired || said[expired - waivers->items])
			continue;
		said[expired - waivers->items] = true;
		say_expired(a, i, expired);
	}
	return 0;
}

int review_apply_policy(struct review_audit *a)
{
	struct review *review = a->review;
	size_t kept = 0;
	int r = a->input->waivers ? apply_waivers(a) : 0;

	for (size_t i = 0; i < review->finding_count; i++) {
		struct review_finding *f = &review->findings[i];

		if (f->rule->off)
			continue;
		set_level(f);
		review->findings[kept++] = *f;
	}
	review->finding_count = kept;
	return r;
}
