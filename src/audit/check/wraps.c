// SPDX-License-Identifier: GPL-2.0-or-later
/* Plain exports that only hand on GPL-only ones, where the kernel's snapshot names them. */
#include "audit/check/check.h"

#define NAMED 3

/* "follow_pte", "a and b", "a, b, c and 2 more" */
static const char *name_wrapped(struct check *c, const struct ksa_export *e)
{
	const char *text = e->wraps[0];
	uint32_t named = e->wrap_count < NAMED ? e->wrap_count : NAMED;

	for (uint32_t i = 1; i < named; i++)
		text = report_text(c->report, "%s%s%s", text,
				   i + 1 == named && named == e->wrap_count ? " and " : ", ",
				   e->wraps[i]);
	if (named < e->wrap_count)
		text = report_text(c->report, "%s and %u more", text, e->wrap_count - named);
	return text;
}

int check_wraps(struct check *c, uint32_t module, const struct ksa_export *e, struct ksa_error *err)
{
	const struct ksa_module *m = c->report->modules[module];
	const struct finding_init init = {
		.rule = RULE_THIN_WRAPPER, .module = module, .symbol = e->name};

	if (!e->wrap_count || e->cls != KSA_CLASS_PLAIN || m->in_tree ||
	    (check_compatible_at_build(c, m) && check_compatible_at_load(c, m)))
		return 0;
	return check_add(c, &init, err, "uses plain '%s', which only wraps GPL-only %s", e->name,
			 name_wrapped(c, e));
}
