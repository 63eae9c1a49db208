// SPDX-License-Identifier: GPL-2.0-or-later
#include "model/finding.h"

#include <stdlib.h>

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
