// SPDX-License-Identifier: GPL-2.0-or-later
/* What becomes of the given modules: ksa_check judges, this sums up. */
#include "audit/diff/diff_internal.h"

#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"

#define EXAMPLES 3

static int compare_rows(const void *a, const void *b)
{
	const uint32_t *x = a, *y = b;

	return *x < *y ? -1 : *x > *y;
}

/* The rows that the module imports, each once. */
static int find_rows(struct diff *diff, struct diff_module *m, struct ksa_error *err)
{
	uint32_t *rows = arena_calloc(&diff->arena, m->module->import_count, sizeof(*rows));
	size_t count = 0, kept = 0;

	if (!rows)
		return ksa_fail_nomem(err);
	for (size_t i = 0; i < m->module->import_count; i++) {
		uint32_t row = diff_find(diff, m->module->imports[i].name);

		if (row != NO_INDEX)
			rows[count++] = row;
	}
	qsort(rows, count, sizeof(*rows), compare_rows);
	for (size_t i = 0; i < count; i++) {
		if (kept && rows[kept - 1] == rows[i])
			continue;
		rows[kept++] = rows[i];
		diff->rows[rows[i]].module_count++;
	}
	m->rows = rows;
	m->row_count = kept;
	return 0;
}

/* A finding that counts against the module. */
static bool is_on_new(const struct ksa_finding *f)
{
	return f->kernel == DIFF_NEW && finding_counts(f);
}

/* "; gone: a, b, c and 2 more" of findings [first, end), which are of one rule and kernel NEW. */
static void add_cause(const struct diff *diff, size_t first, size_t end, struct strbuf *out)
{
	const struct ksa_finding *f = diff->report->findings;
	const struct ksa_rule *rule = f[first].rule;
	size_t count = 0;
	const char *before = ": ";

	strbuf_adds(out, out->length ? "; " : "");
	strbuf_adds(out, rule->effect.brief ? rule->effect.brief : rule->title);
	for (size_t i = first; i < end; i++) {
		if (!is_on_new(&f[i]) || !f[i].symbol || count++ >= EXAMPLES)
			continue;
		strbuf_printf(out, "%s%s", before, f[i].symbol);
		before = ", ";
	}
	if (count > EXAMPLES)
		strbuf_printf(out, " and %zu more", count - EXAMPLES);
}

static enum diff_fate fate_of(enum ksa_verdict verdict, const struct strbuf *why)
{
	switch (verdict) {
	case KSA_VERDICT_OK:
		return FATE_OK;
	case KSA_VERDICT_WARNING:
		/* Those that say why are about rebuilds: the others are no matter of this kernel.
		 */
		return why->length ? FATE_WARNING : FATE_OK;
	case KSA_VERDICT_REFUSED:
		return FATE_REFUSED;
	case KSA_VERDICT_UNKNOWN:
		return FATE_UNKNOWN;
	default:
		return FATE_BREAKS;
	}
}

/* The findings of one module, [*at, end), sorted by level and rule: the errors on NEW, and
 * warnings about rebuilds. */
static void take_errors(const struct diff *diff, struct diff_module *m, size_t *at,
			struct strbuf *why)
{
	const struct ksa_report *report = diff->report;
	size_t index = (size_t)(m - diff->modules);

	while (*at < report->finding_count && report->findings[*at].module == index) {
		const struct ksa_finding *f = &report->findings[*at];
		size_t first = *at, on_new = 0;

		for (; *at < report->finding_count && report->findings[*at].module == index &&
		       report->findings[*at].rule == f->rule &&
		       report->findings[*at].level == f->level;
		     (*at)++)
			on_new += is_on_new(&report->findings[*at]);
		/* Of warnings those that are about rebuilds. */
		if (!on_new || (f->level != KSA_LEVEL_ERROR &&
				(f->level != KSA_LEVEL_WARNING || f->basis == BASIS_NONE)))
			continue;
		add_cause(diff, first, *at, why);
	}
	m->fate = fate_of(m->verdict[DIFF_NEW], why);
}

/* The first thing that could not be told, and how many there are. */
static void take_unchecked(const struct diff *diff, const struct diff_module *m, size_t *at,
			   struct strbuf *why)
{
	const struct ksa_report *report = diff->report;
	size_t index = (size_t)(m - diff->modules), count = 0;
	const struct ksa_unchecked *first = NULL;

	for (; *at < report->unchecked_count && report->unchecked[*at].module == index; (*at)++) {
		if (report->unchecked[*at].kernel != DIFF_NEW)
			continue;
		first = first ? first : &report->unchecked[*at];
		count++;
	}
	if (!first)
		return;
	strbuf_adds(why, why->length ? "; " : "");
	if (first->symbol)
		strbuf_printf(why, "%s: ", first->symbol);
	strbuf_adds(why, first->text);
	if (count > 1)
		strbuf_printf(why, " (and %zu more)", count - 1);
}

static int sum_up(struct diff *diff, struct ksa_error *err)
{
	_cleanup_(strbuf_release) struct strbuf why = {NULL, 0, 0, false};
	size_t finding = 0, unchecked = 0;

	for (size_t i = 0; i < diff->module_count; i++) {
		struct diff_module *m = &diff->modules[i];

		for (int side = DIFF_OLD; side < DIFF_SIDES; side++)
			m->verdict[side] = ksa_report_verdict(diff->report, i, (size_t)side);
		strbuf_reset(&why);
		take_errors(diff, m, &finding, &why);
		take_unchecked(diff, m, &unchecked, &why);
		if (why.length)
			m->why = arena_strdup(&diff->arena, strbuf_string(&why));
		if (why.failed || (why.length && !m->why))
			return ksa_fail_nomem(err);
	}
	return 0;
}

int diff_judge_modules(struct diff *diff, const struct diff_input *input, struct ksa_error *err)
{
	const struct ksa_check_options options = {
		.rebuild = true,
		.rules = input->rules,
		.named = input->named,
		.waivers = input->waivers,
		.today = input->today,
		.built_for = input->kernels[DIFF_OLD]->helpers ? input->kernels[DIFF_OLD] : NULL};
	struct ksa_module *const *modules = input->modules;
	size_t count = input->module_count;
	int r = 0;

	if (!count)
		return 0;
	diff->modules = arena_calloc(&diff->arena, count, sizeof(*diff->modules));
	if (!diff->modules)
		return ksa_fail_nomem(err);
	diff->module_count = count;
	for (size_t i = 0; i < count && !r; i++) {
		diff->modules[i].module = modules[i];
		r = find_rows(diff, &diff->modules[i], err);
	}
	if (!r)
		r = ksa_check(diff->kernels, DIFF_SIDES, modules, count, &options, &diff->report,
			      err);
	return r ? r : sum_up(diff, err);
}
