// SPDX-License-Identifier: GPL-2.0-or-later
#include "audit/results.h"

#include <string.h>

static int add_finding(struct results *r, const struct ksa_report *report,
		       const struct ksa_finding *f, struct ksa_error *err)
{
	const struct result result = {.rule = f->rule,
				      .level = f->level,
				      .waived = f->waived,
				      .kernel = f->kernel,
				      .module = f->module,
				      .symbol = f->symbol,
				      .message = f->message,
				      .fix = f->fix,
				      .evidence = f->evidence,
				      .path = report->modules[f->module]->path};

	return results_add(r, &result, err);
}

static int add_gap(struct results *r, const struct ksa_unchecked *u, struct ksa_error *err)
{
	const struct result_gap gap = {u->kernel, u->module, u->symbol, u->text};

	return results_add_gap(r, &gap, err);
}

int results_of_check(const struct ksa_report *report, const struct ksa_rules *rules,
		     struct results *out, struct ksa_error *err)
{
	size_t cells = report->module_count * report->kernel_count;
	int r = 0;

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
	if (cells)
		memcpy(out->verdicts, report->verdicts, cells);
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
