// SPDX-License-Identifier: GPL-2.0-or-later
/* Modules out of the tree that a review is asked about: what the patches bring for them. */
#include "audit/review/held.h"

#include <string.h>

#include "base/cleanup.h"
#include "base/strbuf.h"

/* Where the patch brings it: the change is of another symbol where the finding is not about one. */
static const struct pending_change *find_change(const struct review *review,
						const struct ksa_finding *f)
{
	const struct ksa_module *m = review->held->modules[f->module];
	const struct pending_change *c =
		f->symbol ? pending_find(review->pending, f->symbol) : NULL;
	size_t at = 0;

	while (!c && (c = pending_next(review->pending, m, &at)))
		if (pending_patch(review->pending, c) != f->pending)
			c = NULL;
	return c;
}

static uint32_t patch_index(const struct review *review, const struct patch *patch)
{
	const struct review_input *in = review->input;

	for (uint32_t i = 0; i < in->patch_count; i++)
		if (in->patches[i].patch == patch)
			return i;
	return 0;
}

/* What there is beside the cause, which the patch says itself. */
static const char *other_evidence(const struct review *review, const struct pending_change *c,
				  const struct ksa_finding *f)
{
	_cleanup_(strbuf_release) struct strbuf cause = {NULL, 0, 0, false};
	size_t length;

	if (!c || !f->evidence || !f->symbol || strcmp(c->symbol, f->symbol) != 0)
		return f->evidence;
	pending_add_cause(review->pending, c, f->symbol, f->pending, &cause);
	length = cause.length;
	if (cause.failed || strncmp(f->evidence, strbuf_string(&cause), length) != 0)
		return f->evidence;
	return strncmp(f->evidence + length, "; ", 2) == 0 ? f->evidence + length + 2
	       : f->evidence[length]			   ? f->evidence
							   : NULL;
}

static int add_finding(struct review *review, const struct ksa_finding *from, struct ksa_error *err)
{
	const struct pending_change *c = find_change(review, from);
	const struct review_place *place =
		c ? &c->sides[c->sides[PATCH_NEW].path ? PATCH_NEW : PATCH_OLD] : NULL;
	struct ksa_finding f = *from;

	f.kernel = NO_INDEX;
	f.evidence = other_evidence(review, c, from);
	f.pending = NULL; /* the patch says it */
	f.patch = patch_index(review, from->pending);
	f.path = place ? place->path : NULL;
	f.line = place ? place->line : 0;
	f.mail_line = place ? place->at : 0;
	return report_add_finding(&review->report, &f, err, "%s", from->message);
}

static int add_unchecked(struct review *review, const struct ksa_unchecked *from,
			 struct ksa_error *err)
{
	struct ksa_unchecked u = *from;

	u.kernel = NO_INDEX;
	return report_add_unchecked(&review->report, &u, err);
}

int review_hold(struct review *review, struct ksa_report *held, const struct ksa_pending *pending,
		struct ksa_error *err)
{
	int r = 0;

	review->held = held;
	review->pending = pending;
	review->report.modules = held->modules;
	review->report.module_count = held->module_count;
	for (size_t i = 0; i < held->finding_count && !r; i++)
		if (held->findings[i].pending)
			r = add_finding(review, &held->findings[i], err);
	for (size_t i = 0; i < held->unchecked_count && !r; i++)
		if (held->unchecked[i].kernel + 1 == held->kernel_count)
			r = add_unchecked(review, &held->unchecked[i], err);
	if (!r)
		r = report_add_kernel_notices(&review->report, held->kernels[0], err);
	report_sort(&review->report);
	return r;
}
