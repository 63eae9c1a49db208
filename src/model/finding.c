// SPDX-License-Identifier: GPL-2.0-or-later
#include "model/finding.h"

#include <stdlib.h>
#include <string.h>

#include "model/release.h"

static const char *const level_names[] = {
	[KSA_LEVEL_NOTE] = "note",
	[KSA_LEVEL_WARNING] = "warning",
	[KSA_LEVEL_ERROR] = "error",
};

static const char *const verdict_names[] = {
	[KSA_VERDICT_OK] = "ok",	   [KSA_VERDICT_WARNING] = "warning",
	[KSA_VERDICT_REBUILD] = "rebuild", [KSA_VERDICT_FAILS] = "fails",
	[KSA_VERDICT_UNKNOWN] = "unknown",
};

const char *ksa_level_name(enum ksa_level level)
{
	return level <= KSA_LEVEL_ERROR ? level_names[level] : "error";
}

const char *ksa_verdict_name(enum ksa_verdict verdict)
{
	return verdict <= KSA_VERDICT_UNKNOWN ? verdict_names[verdict] : "unknown";
}

bool report_is_predicted(const struct ksa_report *report, size_t kernel)
{
	return kernel >= report->kernel_count - report->predicted;
}

uint32_t report_newest_asked(const struct ksa_report *report)
{
	size_t count = report->kernel_count - report->predicted, newest = count - 1;
	struct release best, release;

	if (!release_parse(report->kernels[newest]->release, &best))
		return (uint32_t)newest;
	for (size_t k = 0; k < count; k++) {
		if (release_parse(report->kernels[k]->release, &release) &&
		    release_compare(&release, &best) > 0) {
			best = release;
			newest = k;
		}
	}
	return (uint32_t)newest;
}

bool finding_counts(const struct ksa_finding *finding)
{
	return !finding->waived && !finding->known;
}

static int compare_text(const char *a, const char *b)
{
	return a == b ? 0 : !a ? -1 : !b ? 1 : strcmp(a, b);
}

static int compare_findings(const void *a, const void *b)
{
	const struct ksa_finding *x = a, *y = b;
	int c;

	if (x->module != y->module)
		return x->module < y->module ? -1 : 1;
	if (finding_counts(x) != finding_counts(y))
		return finding_counts(y) ? 1 : -1;
	if (!x->waived != !y->waived)
		return x->waived ? 1 : -1;
	if (x->level != y->level)
		return x->level > y->level ? -1 : 1;
	c = strcmp(x->rule->id, y->rule->id);
	if (!c)
		c = compare_text(x->symbol, y->symbol);
	if (!c && x->kernel != y->kernel)
		c = x->kernel < y->kernel ? -1 : 1;
	return c ? c : strcmp(x->message, y->message);
}

static int compare_unchecked(const void *a, const void *b)
{
	const struct ksa_unchecked *x = a, *y = b;
	int c;

	if (x->module != y->module)
		return x->module < y->module ? -1 : 1;
	if (x->kernel != y->kernel)
		return x->kernel < y->kernel ? -1 : 1;
	c = strcmp(x->text, y->text);
	return c ? c : compare_text(x->symbol, y->symbol);
}

void report_sort(struct ksa_report *report)
{
	if (report->finding_count)
		qsort(report->findings, report->finding_count, sizeof(*report->findings),
		      compare_findings);
	if (report->unchecked_count)
		qsort(report->unchecked, report->unchecked_count, sizeof(*report->unchecked),
		      compare_unchecked);
}

void ksa_report_free(struct ksa_report *report)
{
	if (!report)
		return;
	free(report->findings);
	free(report->unchecked);
	free(report->notices);
	arena_release(&report->arena);
	free(report);
}

enum ksa_verdict ksa_report_verdict(const struct ksa_report *report, size_t module, size_t kernel)
{
	return (enum ksa_verdict)report->verdicts[module * report->kernel_count + kernel];
}

size_t ksa_report_finding_count(const struct ksa_report *report)
{
	return report->finding_count;
}

const struct ksa_finding *ksa_report_finding_at(const struct ksa_report *report, size_t i)
{
	return &report->findings[i];
}

const char *ksa_finding_rule(const struct ksa_finding *finding)
{
	return finding->rule->id;
}

enum ksa_level ksa_finding_level(const struct ksa_finding *finding)
{
	return finding->level;
}

unsigned int ksa_finding_at(const struct ksa_finding *finding)
{
	return finding->at;
}

size_t ksa_finding_module(const struct ksa_finding *finding)
{
	return finding->module;
}

size_t ksa_finding_kernel(const struct ksa_finding *finding)
{
	return finding->kernel;
}

const char *ksa_finding_symbol(const struct ksa_finding *finding)
{
	return finding->symbol;
}

const char *ksa_finding_message(const struct ksa_finding *finding)
{
	return finding->message;
}

const char *ksa_finding_fix(const struct ksa_finding *finding)
{
	return finding->fix;
}
