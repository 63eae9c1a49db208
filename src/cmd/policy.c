// SPDX-License-Identifier: GPL-2.0-or-later
#include "cmd/policy.h"

#include "read/rules/baseline.h"
#include "write/results.h"

int policy_open(struct invocation *inv, struct policy_options *p)
{
	static const struct report_format format = REPORT_RESULT(baseline);
	struct ksa_error err = {.code = 0};

	if (p->baseline_file && baseline_read(&p->baseline, p->baseline_file, &err))
		return print_error(&err);
	if (p->new_baseline && report_add(inv, &format, p->new_baseline))
		return EXIT_TROUBLE;
	if (!p->waivers_file)
		return 0;
	if (ksa_waivers_open(p->waivers_file, inv->rules, &p->waivers, &err))
		return print_error(&err);
	today(p->today);
	return 0;
}

void policy_release(struct policy_options *p)
{
	ksa_waivers_free(p->waivers);
	baseline_release(&p->baseline);
}

bool policy_judges(const struct policy_options *p)
{
	return p->waivers || p->baseline_file;
}

int policy_status(const struct policy_options *p, int status)
{
	return status == EXIT_FINDINGS && p->new_baseline ? EXIT_CLEAN : status;
}
