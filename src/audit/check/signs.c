// SPDX-License-Identifier: GPL-2.0-or-later
/* Signs that exports go, in the two newest kernels that are known, with what became of others. */
#include "audit/check/check.h"

#include <stdlib.h>
#include <string.h>

#include "model/forecast.h"

#define STAGING "drivers/staging/"
#define NAMED	3

/* What is looked at. */
struct signs {
	struct check *c;
	const struct ksa_kernel *before, *now;
	const char
		*counts[FORECAST_SIGNS]; /* what became of exports with the sign; NULL: not yet */
};

/* True if a macro or inline function of the headers may have brought an import of the name: then it
 * says nothing of what sources use. */
static bool is_of_headers(const struct ksa_kernel *k, const char *symbol)
{
	uint32_t number = k->helpers ? helpers_number(k->helpers, symbol) : HELPER_NONE;
	size_t users = 0;

	if (number != HELPER_NONE)
		helpers_users(k->helpers, number, &users);
	return users || (number != HELPER_NONE && helpers_find(k->helpers, symbol));
}

static const struct ksa_export *find_plain(const struct ksa_kernel *k, const char *symbol)
{
	size_t count;
	const struct ksa_export *e = kernel_find_exports(k, symbol, &count);

	return e && e->cls == KSA_CLASS_PLAIN ? e : NULL;
}

static int compare_index(const void *a, const void *b)
{
	uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;

	return (x > y) - (x < y);
}

/* How many modules that import the export in the kernel before import it now. */
static uint32_t count_staying(const struct signs *s, const struct ksa_export *before,
			      const struct ksa_export *now)
{
	uint32_t count = 0;

	for (uint32_t i = 0; i < before->importer_count && now->importer_count; i++) {
		const struct kernel_module *m =
			kernel_find_module(s->now, s->before->modules[before->importers[i]].name);
		const uint32_t index = m ? (uint32_t)(m - s->now->modules) : NO_INDEX;

		count += bsearch(&index, now->importers, now->importer_count, sizeof(index),
				 compare_index) != NULL;
	}
	return count;
}

static bool is_staging(const char *module)
{
	const char *at = strstr(module, STAGING);

	return at && (at == module || at[-1] == '/');
}

/* "of 21 exports with this sign in 6.1, 3 were gone by 6.12; of 20 in 6.12, 7 by 7.2" */
static const char *count_sign(struct ksa_report *report, enum forecast_sign sign, const char *what)
{
	const char *text = NULL;

	for (size_t i = 0; i < forecast_builtin_count; i++) {
		const struct forecast_row *row = &forecast_builtin[i];

		if (row->sign == sign && !text)
			text = report_text(report, "of %u %s in %s, %u were gone by %s", row->count,
					   what, row->from, row->gone, row->to);
		else if (row->sign == sign)
			text = report_text(report, "%s; of %u in %s, %u by %s", text, row->count,
					   row->from, row->gone, row->to);
	}
	return text ? text : "";
}

static struct finding_init init_for(struct signs *s, uint32_t module, const char *symbol,
				    enum forecast_sign sign)
{
	if (!s->counts[sign])
		s->counts[sign] = count_sign(s->c->report, sign, "exports with this sign");
	return (struct finding_init){.rule = RULE_SIGN_OF_REMOVAL,
				     .module = module,
				     .symbol = symbol,
				     .evidence = s->counts[sign]};
}

static int drained(struct signs *s, uint32_t module, const struct ksa_export *now,
		   struct ksa_error *err)
{
	size_t count;
	const struct ksa_export *before = kernel_find_exports(s->before, now->name, &count);
	struct finding_init init;
	uint32_t stay;

	if (!before || before->importer_count < FORECAST_IMPORTERS)
		return 0;
	stay = count_staying(s, before, now);
	if (4 * (before->importer_count - stay) < 3 * before->importer_count)
		return 0;
	init = init_for(s, module, now->name, FORECAST_DRAINED);
	return check_add(s->c, &init, err,
			 "'%s': of %u modules of the tree that imported it in %s, %u %s in %s",
			 now->name, before->importer_count, s->before->label, stay,
			 stay == 1 ? "does" : "do", s->now->label);
}

static int only_staging(struct signs *s, uint32_t module, const struct ksa_export *now,
			struct ksa_error *err)
{
	struct finding_init init;
	const char *names = "";

	for (uint32_t i = 0; i < now->importer_count; i++) {
		const char *name = s->now->modules[now->importers[i]].name;

		if (!is_staging(name))
			return 0;
		if (i < NAMED)
			names = report_text(s->c->report, "%s%s%s", names, i ? ", " : "",
					    owner_base_name(name));
	}
	if (!now->importer_count)
		return 0;
	init = init_for(s, module, now->name, FORECAST_STAGING);
	return check_add(s->c, &init, err,
			 "'%s': of the modules of the tree only staging drivers import it in %s: "
			 "%s%s",
			 now->name, s->now->label, names,
			 now->importer_count > NAMED ? " ..." : "");
}

static int judge_module(struct signs *s, uint32_t index, struct ksa_error *err)
{
	const struct ksa_module *m = s->c->report->modules[index];
	int r = 0;

	for (size_t i = 0; i < m->import_count && !m->in_tree && !r; i++) {
		const struct ksa_export *now = find_plain(s->now, m->imports[i].name);

		/* What the kernel that was asked about lacks is no matter of the future. */
		if (!now || !check_find(s->c, index, now->name).export_ ||
		    is_of_headers(s->before, now->name) || is_of_headers(s->now, now->name))
			continue;
		r = drained(s, index, now, err);
		if (!r)
			r = only_staging(s, index, now, err);
	}
	return r;
}

/* What the counts are to be held against. */
static int say_all(struct signs *s, struct ksa_error *err)
{
	struct ksa_report *report = s->c->report;

	if (!s->counts[FORECAST_DRAINED] && !s->counts[FORECAST_STAGING])
		return 0;
	report->remark_count++;
	return report_add_notice(report, err, "signs of exports that go, to be held against: %s",
				 count_sign(report, FORECAST_ALL, "plain exports at all"));
}

int check_signs(struct check *c, struct ksa_error *err)
{
	struct signs s = {.c = c, .before = c->options->signs[0], .now = c->options->signs[1]};
	int r = 0;

	if (!s.before || !s.now)
		return 0;
	c->kernel_index = report_newest_asked(c->report);
	c->kernel = c->report->kernels[c->kernel_index];
	for (uint32_t m = 0; m < c->report->module_count && !r; m++)
		r = judge_module(&s, m, err);
	return r ? r : say_all(&s, err);
}
