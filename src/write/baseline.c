// SPDX-License-Identifier: GPL-2.0-or-later
#include "model/baseline.h"

#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/escape.h"
#include "base/strbuf.h"
#include "write/out.h"
#include "write/results.h"

static int compare(const void *a, const void *b)
{
	const char *const *x = a, *const *y = b;

	return strcmp(*x, *y);
}

int write_results_baseline(const struct ksa_report *r, FILE *out, struct ksa_error *err)
{
	_cleanup_free_ const char **identities = calloc(r->finding_count + 1, sizeof(*identities));
	_cleanup_(strbuf_release) struct strbuf buf = {NULL, 0, 0, false};
	size_t count = 0;

	if (!identities)
		return ksa_fail_nomem(err);
	for (size_t i = 0; i < r->finding_count; i++)
		if (!r->findings[i].waived && !report_is_predicted(r, r->findings[i].kernel))
			identities[count++] = r->findings[i].identity;
	qsort(identities, count, sizeof(*identities), compare);
	strbuf_adds(&buf, BASELINE_HEAD "\n"
					"# What 'ksymaudit check --baseline' passes over: "
					"RULE:MODULE:SYMBOL:KERNEL\n");
	for (size_t i = 0; i < count; i++) {
		escape_text(&buf, identities[i]);
		strbuf_addc(&buf, '\n');
	}
	return out_flush(&buf, out, err);
}
