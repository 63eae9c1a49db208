// SPDX-License-Identifier: GPL-2.0-or-later
#include "audit/results.h"

#include <string.h>

#include "base/cleanup.h"
#include "base/strbuf.h"

/* What it means that nobody asked about this kernel. */
static const char *predicted_words(struct results *r, const struct ksa_report *report,
				   const struct ksa_finding *f)
{
	const uint32_t newest = report_newest_asked(report);
	const enum ksa_verdict v = ksa_report_verdict(report, f->module, newest);
	const char *there = report->kernels[f->kernel]->label;

	if (v == KSA_VERDICT_FAILS || v == KSA_VERDICT_UNKNOWN)
		return arena_printf(&r->arena, "refused on %s too: %s", there, f->message);
	return arena_printf(&r->arena, "fine on %s, refused on %s: %s",
			    report->kernels[newest]->label, there, f->message);
}

struct result result_of_finding(const struct ksa_report *report, const struct ksa_finding *f)
{
	return (struct result){.rule = f->rule,
			       .level = f->level,
			       .waived = f->waived,
			       .known = f->known,
			       .kernel = f->kernel,
			       .module = f->module,
			       .symbol = f->symbol,
			       .message = f->message,
			       .fix = f->fix,
			       .evidence = f->evidence,
			       .path = report->modules[f->module]->path};
}

static int add_finding(struct results *r, const struct ksa_report *report,
		       const struct ksa_finding *f, struct ksa_error *err)
{
	struct result result = result_of_finding(report, f);

	if (report_is_predicted(report, f->kernel))
		result.message = predicted_words(r, report, f);
	return result.message ? results_add(r, &result, err) : ksa_fail_nomem(err);
}

static int add_gap(struct results *r, const struct ksa_unchecked *u, struct ksa_error *err)
{
	const struct result_gap gap = {u->kernel, u->module, u->symbol, u->text};

	return results_add_gap(r, &gap, err);
}

/* How the modules were judged, if not as they are. */
static int add_conditions(struct results *r, const struct ksa_report *report, struct ksa_error *err)
{
	_cleanup_(strbuf_release) struct strbuf buf = {NULL, 0, 0, false};

	if (report->assumed_license)
		strbuf_printf(&buf, "judged as '%s'", report->assumed_license);
	if (report->rebuild)
		strbuf_printf(&buf, "%sjudged as rebuilt", buf.length ? ", " : "");
	if (report->families.count)
		strbuf_printf(&buf, "%sonly family ", buf.length ? ", " : "");
	families_add_names(&report->families, &buf);
	if (!buf.length && !buf.failed)
		return 0;
	r->conditions = buf.failed ? NULL : arena_strdup(&r->arena, strbuf_string(&buf));
	return r->conditions ? 0 : ksa_fail_nomem(err);
}

int results_of_check(const struct ksa_report *report, const struct ksa_rules *rules,
		     struct results *out, struct ksa_error *err)
{
	size_t cells = report->module_count * report->kernel_count;
	int r;

	out->command = "check";
	out->rules = rules;
	out->modules = report->modules;
	out->module_count = report->module_count;
	out->kernels = arena_calloc(&out->arena, report->kernel_count + 1, sizeof(*out->kernels));
	out->verdicts = arena_calloc(&out->arena, cells + 1, sizeof(*out->verdicts));
	if (!out->kernels || !out->verdicts)
		return ksa_fail_nomem(err);
	for (size_t k = 0; k < report->kernel_count; k++)
		out->kernels[out->kernel_count++] = report->kernels[k];
	out->predicted = report->predicted;
	if (cells)
		memcpy(out->verdicts, report->verdicts, cells);
	r = add_conditions(out, report, err);
	for (size_t i = 0; i < report->finding_count && !r; i++)
		r = add_finding(out, report, &report->findings[i], err);
	for (size_t i = 0; i < report->unchecked_count && !r; i++)
		r = add_gap(out, &report->unchecked[i], err);
	for (size_t k = 0; k < report->kernel_count && !r; k++)
		r = results_add_kernel_notices(out, report->kernels[k], err);
	for (size_t i = 0; i < report->notice_count && !r; i++)
		r = results_add_notice(out, err, "%s", report->notices[i]);
	return r;
}
