// SPDX-License-Identifier: GPL-2.0-or-later
#include "audit/check/check.h"

#include <string.h>

static bool is_same(const struct ksa_finding *a, const struct ksa_finding *b)
{
	return a->module == b->module && a->rule == b->rule && a->level == b->level &&
	       finding_counts(a) == finding_counts(b) &&
	       (a->symbol == b->symbol ||
		(a->symbol && b->symbol && strcmp(a->symbol, b->symbol) == 0));
}

/* True if one of [first, end) is on the kernel. */
static bool is_on(const struct ksa_report *report, size_t first, size_t end, uint32_t kernel)
{
	for (size_t i = first; i < end; i++)
		if (report->findings[i].kernel == kernel)
			return true;
	return false;
}

/* What it means that nobody asked about this kernel. */
static const char *prediction(struct ksa_report *report, const struct ksa_finding *f)
{
	const uint32_t newest = report_newest_asked(report);
	const enum ksa_verdict v = ksa_report_verdict(report, f->module, newest);
	const char *there = report->kernels[f->kernel]->label;

	if (f->level == KSA_LEVEL_WARNING)
		return report_text(report, "in question on %s: %s", there, f->message);
	if (v >= KSA_VERDICT_BREAKS)
		return report_text(report, "refused on %s too: %s", there, f->message);
	return report_text(report, "fine on %s, refused on %s: %s", report->kernels[newest]->label,
			   there, f->message);
}

/* What cannot be told of a kernel that nobody asked about fails no run. */
static int drop_unchecked(struct check *c, struct ksa_error *err)
{
	struct ksa_report *report = c->report;
	size_t kept = 0, before = report->notice_count;
	int r = 0;

	for (size_t i = 0; i < report->unchecked_count; i++) {
		const struct ksa_unchecked *u = &report->unchecked[i];

		if (!report_is_predicted(report, u->kernel))
			report->unchecked[kept++] = *u;
		else if (!r)
			r = check_add_notice(
				c, err, "%s: not predicted for %s: %s%s%s",
				report->kernels[u->kernel]->label, report->modules[u->module]->name,
				u->symbol ? u->symbol : "", u->symbol ? ": " : "", u->text);
	}
	report->unchecked_count = kept;
	report->remark_count += report->notice_count - before;
	return r;
}

/* What refuses a rebuild, or may. */
static bool is_kept(const struct ksa_finding *f)
{
	return finding_counts(f) && (f->level == KSA_LEVEL_ERROR ||
				     (f->level == KSA_LEVEL_WARNING && f->basis != BASIS_NONE));
}

int check_predict(struct check *c, struct ksa_error *err)
{
	struct ksa_report *report = c->report;
	const uint32_t newest = report_newest_asked(report);
	size_t kept = 0;

	/* They are sorted: those that differ only in the kernel stand together. */
	for (size_t first = 0, end; first < report->finding_count; first = end) {
		bool known;

		for (end = first + 1; end < report->finding_count &&
				      is_same(&report->findings[end], &report->findings[first]);
		     end++)
			;
		known = is_on(report, first, end, newest);
		for (size_t i = first; i < end; i++) {
			struct ksa_finding f = report->findings[i];

			if (report_is_predicted(report, f.kernel)) {
				if (known || !is_kept(&f))
					continue;
				f.prediction = prediction(report, &f);
				f.level = KSA_LEVEL_NOTE;
			}
			report->findings[kept++] = f;
		}
	}
	report->finding_count = kept;
	report_sort(report);
	return drop_unchecked(c, err);
}
