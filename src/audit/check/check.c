// SPDX-License-Identifier: GPL-2.0-or-later
/* Will these modules load on these kernels? By modpost's rules and the loader's. */
#include "audit/check/check.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "audit/results/policy.h"
#include "base/cleanup.h"
#include "base/strbuf.h"
#include "base/vec.h"

size_t check_license_count(const struct check *c, const struct ksa_module *m)
{
	return c->options->assume_license ? 1 : m->licenses.count;
}

const char *check_license(const struct check *c, const struct ksa_module *m)
{
	if (c->options->assume_license)
		return c->options->assume_license;
	return m->licenses.count ? m->licenses.items[0] : "none";
}

bool check_compatible_at_build(const struct check *c, const struct ksa_module *m)
{
	if (c->options->assume_license)
		return ksa_license_is_gpl_compatible(c->options->assume_license);
	/* modpost takes a module without a license as compatible here: it fails anyway. */
	return !m->licenses.count || module_is_compatible_at_build(m);
}

bool check_compatible_at_load(const struct check *c, const struct ksa_module *m)
{
	if (c->options->assume_license)
		return ksa_license_is_gpl_compatible(c->options->assume_license);
	return module_is_compatible_at_load(m);
}

int check_add(struct check *c, const struct finding_init *init, struct ksa_error *err,
	      const char *format, ...)
{
	struct ksa_finding f = {
		.rule = init->own ? init->own : rules_get(c->rules, init->rule),
		.at = init->own ? init->own->effect.stages & (STAGE_BUILD | STAGE_LOAD) : init->at,
		.kernel = c->kernel_index,
		.module = init->module,
		.path = init->file ? init->file : c->report->modules[init->module]->path,
		.line = init->file ? init->line : 0,
		.basis = init->basis,
		.symbol = init->symbol,
		.is_led = init->is_led,
		.is_cured = init->cured,
		.fix = init->fix,
		.evidence = init->evidence};
	va_list ap;
	int r;

	/* As shipped, for what becomes of the module; policy_apply() has the last word. */
	f.level = init->as_note ? KSA_LEVEL_NOTE
		  : init->as_warning || (init->forcible && c->kernel->forces == TRI_YES)
			  ? KSA_LEVEL_WARNING
		  : init->own ? init->own->level
			      : rules_builtin[init->rule].level;
	f.is_cured = f.is_cured || f.rule->effect.cured;
	if (!f.fix)
		f.fix = f.rule->fix;
	va_start(ap, format);
	r = report_vadd_finding(c->report, &f, err, format, ap);
	va_end(ap);
	if (!r)
		check_note_refusal(c, &f, init);
	return r;
}

int check_add_unchecked(struct check *c, uint32_t module, const char *symbol, struct ksa_error *err,
			const char *format, ...)
{
	struct ksa_unchecked u = {.module = module, .kernel = c->kernel_index, .symbol = symbol};
	va_list ap;

	va_start(ap, format);
	u.text = arena_vprintf(&c->report->arena, format, ap);
	va_end(ap);
	c->state[module].unchecked = true;
	return report_add_unchecked(c->report, &u, err);
}

int check_add_notice(struct check *c, struct ksa_error *err, const char *format, ...)
{
	struct ksa_report *report = c->report;
	const char *text;
	va_list ap;

	va_start(ap, format);
	text = arena_vprintf(&report->arena, format, ap);
	va_end(ap);
	for (size_t i = 0; i < report->notice_count && text; i++)
		if (strcmp(report->notices[i], text) == 0)
			return 0;
	return vec_add_text(&report->notices, &report->notice_count, &report->notice_capacity, text,
			    err);
}

bool check_is_replaced(const struct check *c, const char *owner)
{
	char folded[256];

	module_fold_name(owner, folded, sizeof(folded));
	return strmap_get(&c->by_module, folded, NULL);
}

static struct provider from_kernel(const struct check *c, const struct ksa_export *e)
{
	const struct kernel_module *m = kernel_find_module(c->kernel, e->owner);

	return (struct provider){.export_ = e,
				 .owner = e->owner,
				 .module = NO_INDEX,
				 .tainted = m && !m->builtin && !m->in_tree &&
					    !ksa_license_is_gpl_compatible(m->license)};
}

/* Of the kernel's exports of that name, count of them from e on, and those of modules under check.
 */
static struct provider choose(const struct check *c, uint32_t module, const char *symbol,
			      const struct ksa_export *e, size_t count)
{
	struct provider none = {NULL, NULL, NO_INDEX, false};
	uint32_t at;

	for (size_t i = 0; i < count; i++)
		if (strcmp(e[i].owner, "vmlinux") == 0)
			return from_kernel(c, &e[i]);
	if (c->export_count && strmap_get(&c->names, symbol, &at)) {
		for (; at != NO_INDEX; at = c->exports[at].next) {
			uint32_t m = c->exports[at].module;

			if (m != module)
				return (struct provider){.export_ = c->exports[at].export_,
							 .owner = c->report->modules[m]->name,
							 .module = m,
							 .tainted = c->state[m].tainted};
		}
	}
	for (size_t i = 0; i < count; i++)
		if (!check_is_replaced(c, e[i].owner))
			return from_kernel(c, &e[i]);
	return none;
}

struct provider check_find(const struct check *c, uint32_t module, const char *symbol)
{
	size_t count;
	const struct ksa_export *e = kernel_find_exports(c->kernel, symbol, &count);

	return choose(c, module, symbol, e, count);
}

struct provider check_find_import(const struct check *c, uint32_t m, size_t import)
{
	const struct import_place *place = &c->state[m].places[import];

	return choose(c, m, c->report->modules[m]->imports[import].name,
		      place->count ? c->kernel->exports + place->first : NULL, place->count);
}

static int index_modules(struct check *c, struct ksa_error *err)
{
	const struct ksa_report *report = c->report;
	size_t total = 0, imports = 0;

	for (size_t m = 0; m < report->module_count; m++) {
		char folded[256];
		uint32_t index = (uint32_t)m;
		const char *key;

		module_fold_name(report->modules[m]->name, folded, sizeof(folded));
		key = arena_strdup(&c->report->arena, folded);
		if (!key || strmap_add(&c->by_module, key, &index, NULL) < 0)
			return ksa_fail_nomem(err);
		total += report->modules[m]->export_count;
		imports += report->modules[m]->import_count;
	}
	c->exports = arena_calloc(&c->report->arena, total, sizeof(*c->exports));
	c->places = malloc((imports + 1) * sizeof(*c->places));
	if (!c->exports || !c->places)
		return ksa_fail_nomem(err);
	for (size_t m = report->module_count; m-- > 0;) {
		for (size_t i = report->modules[m]->export_count; i-- > 0;) {
			const struct ksa_export *e = &report->modules[m]->exports[i];
			uint32_t at = (uint32_t)c->export_count, first = NO_INDEX;

			strmap_get(&c->names, e->name, &first);
			/* Twice in one module: its first one is what the others find. */
			if (first != NO_INDEX && c->exports[first].module == m) {
				c->exports[first].export_ = e;
				continue;
			}
			c->exports[c->export_count++] = (struct set_export){
				.module = (uint32_t)m, .export_ = e, .next = first};
			if (strmap_set(&c->names, e->name, at))
				return ksa_fail_nomem(err);
		}
	}
	return 0;
}

/* A kernel without CONFIG_MODVERSIONS has no CRCs: nothing is missing then. */
static int note_no_crcs(struct check *c, struct ksa_error *err)
{
	const struct ksa_kernel *k = c->kernel;
	size_t before = c->report->notice_count;
	int r;

	if (!k->vermagic || strstr(k->vermagic, " modversions"))
		return check_add_notice(c, err, "%s: CRCs not checked: its sources have none",
					k->label);
	r = check_add_notice(c, err, "%s: CRCs not checked: it is built without them", k->label);
	c->report->remark_count += c->report->notice_count - before;
	return r;
}

/* What of the kernel at hand cannot be compared. */
static int note_coverage(struct check *c, struct ksa_error *err)
{
	const struct ksa_kernel *k = c->kernel;
	bool ns_known = true, flags_known = true;
	int r = 0;

	for (size_t i = 0; i < k->export_count; i++) {
		ns_known = ns_known && k->exports[i].ns_known;
		flags_known = flags_known && k->exports[i].cls != KSA_CLASS_UNKNOWN;
	}
	if (!c->kernel_has_crcs && !c->rebuild)
		r = note_no_crcs(c, err);
	if (!r && !ns_known)
		r = check_add_notice(c, err,
				     "%s: namespaces not checked: its sources do not give them",
				     k->label);
	if (!r && !flags_known)
		r = check_add_notice(c, err,
				     "%s: classes are unknown for some exports: its sources do not "
				     "give them",
				     k->label);
	if (!r && !k->vermagic && !c->rebuild)
		r = check_add_notice(c, err, "%s: vermagic not checked: its sources do not give it",
				     k->label);
	return r;
}

/* Two modules by whose names the loader knows that they are not what they claim
 * (module_license_offenders, kernel/module/main.c). */
static bool is_offender(const struct ksa_module *m)
{
	const char *name = m->modname ? m->modname : m->name;

	return strcmp(name, "driverloader") == 0 || strcmp(name, "lve") == 0;
}

/* Look up what the module imports. */
static void find_places(const struct check *c, const struct ksa_module *m,
			struct import_place *places)
{
	for (size_t i = 0; i < m->import_count; i++) {
		size_t count;
		const struct ksa_export *e =
			kernel_find_exports(c->kernel, m->imports[i].name, &count);

		places[i] =
			(struct import_place){.first = e ? (uint32_t)(e - c->kernel->exports) : 0,
					      .count = (uint32_t)count,
					      .needs = NO_INDEX};
	}
}

static void begin_kernel(struct check *c, uint32_t index)
{
	struct import_place *places = c->places;
	bool reserved = false;

	c->kernel = c->report->kernels[index];
	c->kernel_index = index;
	c->pending = index + 1 == c->report->kernel_count ? c->options->pending : NULL;
	c->rebuild = c->options->rebuild || index >= c->report->kernel_count - c->report->predicted;
	c->kernel_has_crcs = kernel_has_crcs(c->kernel);
	/* Where the image does not say it, exports reserved for modules do: 7.2 has 332. The one of
	 * 6.12 is a backported macro that the loader of 6.12 knows nothing of. */
	for (size_t i = 0, n = 0; i < c->kernel->export_count && !reserved; i++)
		reserved = namespace_is_reserved(c->kernel->exports[i].ns) && ++n > 1;
	c->kernel_reserves =
		c->kernel->reserves == TRI_YES || (c->kernel->reserves == TRI_UNKNOWN && reserved);
	for (size_t m = 0; m < c->report->module_count; m++) {
		const struct ksa_module *module = c->report->modules[m];

		c->state[m] = (struct module_state){
			.places = places,
			.tainted = !check_compatible_at_load(c, module) || is_offender(module)};
		find_places(c, module, places);
		places += module->import_count;
	}
}

/* The next module under check that m uses and that is not settled yet; NO_INDEX: none. */
static uint32_t next_provider(const struct check *c, uint32_t m)
{
	const struct ksa_module *module = c->report->modules[m];
	struct module_state *state = &c->state[m];

	while (c->export_count && state->cursor < module->import_count) {
		struct provider p = check_find_import(c, m, state->cursor);

		state->places[state->cursor++].needs = p.module;
		if (p.module != NO_INDEX && c->state[p.module].progress == STATE_NEW)
			return p.module;
	}
	return NO_INDEX;
}

static int judge_imports(struct check *c, uint32_t m, struct ksa_error *err)
{
	const bool rebuilt = check_is_rebuilt(c, m);
	int r = 0;

	c->state[m].first_finding = c->report->finding_count;
	if (rebuilt)
		r = check_rebuild_begin(c, m, err);
	if (!r)
		r = check_module_imports(c, m, err);
	return r || !rebuilt ? r : check_rebuild_end(c, m, err);
}

/*
 * Settle one module after the modules under check that it uses, because taint is inherited along
 * that way. An explicit stack, because the chain of a hostile set may be long; each module is on it
 * at most once, so a circle ends.
 */
static int settle(struct check *c, uint32_t root, uint32_t *stack, struct ksa_error *err)
{
	size_t depth = 0;

	if (c->state[root].progress != STATE_NEW)
		return 0;
	stack[depth++] = root;
	c->state[root].progress = STATE_OPEN;
	while (depth) {
		uint32_t m = stack[depth - 1], next = next_provider(c, m);
		bool stop = false;
		int r;

		if (next != NO_INDEX) {
			c->state[next].progress = STATE_OPEN;
			stack[depth++] = next;
			continue;
		}
		r = check_module_facts(c, m, &stop, err);
		c->state[m].stopped = stop;
		if (!r && !stop)
			r = judge_imports(c, m, err);
		if (r)
			return r;
		c->state[m].progress = STATE_DONE;
		depth--;
	}
	return 0;
}

static void give_verdicts(struct ksa_report *report)
{
	for (size_t i = 0; i < report->finding_count; i++) {
		const struct ksa_finding *f = &report->findings[i];
		uint8_t *v = &report->verdicts[f->module * report->kernel_count + f->kernel];
		uint8_t verdict = KSA_VERDICT_OK;
		bool rebuilt = report->rebuild || report_is_predicted(report, f->kernel);

		if (f->waived)
			continue;
		/* A broken promise keeps no kernel from taking the module. */
		if (f->level == KSA_LEVEL_WARNING ||
		    (f->level == KSA_LEVEL_ERROR && f->rule->effect.stages == STAGE_LIST))
			verdict = KSA_VERDICT_WARNING;
		else if (f->level == KSA_LEVEL_ERROR && rebuilt)
			verdict = f->rule->effect.denies ? KSA_VERDICT_REFUSED : KSA_VERDICT_BREAKS;
		else if (f->level == KSA_LEVEL_ERROR)
			verdict = f->is_cured ? KSA_VERDICT_REBUILD : KSA_VERDICT_FAILS;
		if (verdict > *v)
			*v = verdict;
	}
	/* What is known to fail fails, whatever else could not be told. */
	for (size_t i = 0; i < report->unchecked_count; i++) {
		const struct ksa_unchecked *u = &report->unchecked[i];
		uint8_t *v = &report->verdicts[u->module * report->kernel_count + u->kernel];

		if (*v < KSA_VERDICT_BREAKS)
			*v = KSA_VERDICT_UNKNOWN;
	}
}

static int check_kernels(struct check *c, struct ksa_error *err)
{
	struct ksa_report *report = c->report;
	uint32_t *stack = calloc(report->module_count + 1, sizeof(*stack));
	int r = stack ? index_modules(c, err) : ksa_fail_nomem(err);

	for (uint32_t k = 0; k < report->kernel_count && !r; k++) {
		begin_kernel(c, k);
		r = note_coverage(c, err);
		if (!r)
			r = check_compare_builds(c, err);
		if (!r)
			r = check_lineage_begin(c, err);
		for (uint32_t m = 0; m < report->module_count && !r; m++)
			r = settle(c, m, stack, err);
		if (!r)
			r = check_set_facts(c, err);
		if (!r)
			r = check_providers(c, err);
		if (!r)
			check_give_outcomes(c);
	}
	if (!r)
		r = check_signs(c, err);
	free(stack);
	return r;
}

/* What is asked for, into the report. */
static int find_families(struct check *c, struct ksa_error *err)
{
	struct family_list *list = &c->report->families;

	list->items =
		arena_calloc(&c->report->arena, c->options->family_count, sizeof(*list->items));
	if (!list->items)
		return ksa_fail_nomem(err);
	for (size_t i = 0; i < c->options->family_count; i++) {
		list->items[i] = rules_family(c->rules, c->options->families[i]);
		if (!list->items[i])
			return ksa_fail(err, KSA_EUSAGE, "'%s' is no family",
					c->options->families[i]);
		list->count++;
	}
	return 0;
}

/* How the modules are judged, if not as they are. */
static int take_conditions(struct check *c, struct ksa_error *err)
{
	_cleanup_(strbuf_release) struct strbuf buf = {NULL, 0, 0, false};
	struct ksa_report *report = c->report;
	int r;

	report->rebuild = c->options->rebuild;
	r = find_families(c, err);
	if (r)
		return r;
	if (c->options->assume_license) {
		report->assumed_license = report_text(report, "%s", c->options->assume_license);
		strbuf_printf(&buf, "judged as '%s'", report->assumed_license);
	}
	if (report->rebuild)
		strbuf_printf(&buf, "%sjudged as rebuilt", buf.length ? ", " : "");
	if (c->options->allowed) {
		size_t count = ksa_symbol_list_count(c->options->allowed);

		strbuf_printf(&buf, "%s%zu symbol%s allowed", buf.length ? ", " : "", count,
			      count == 1 ? "" : "s");
	}
	if (report->families.count)
		strbuf_adds(&buf, buf.length ? ", only family " : "only family ");
	families_add_names(&report->families, &buf);
	if (buf.length)
		report->conditions = report_text(report, "%s", strbuf_string(&buf));
	return buf.failed ? ksa_fail_nomem(err) : 0;
}

/* The report of these kernels and modules, with nothing judged yet. */
static int begin(struct check *c, struct ksa_kernel *const *kernels, size_t count,
		 struct ksa_error *err)
{
	struct ksa_report *report = c->report;
	size_t cells = count * report->module_count;
	int r = 0;

	report->command = "check";
	report->fail_on = KSA_LEVEL_ERROR;
	report->rules = c->rules;
	report->predicted = c->options->predicted < count ? c->options->predicted : 0;
	report->kernels = arena_calloc(&report->arena, count + 1, sizeof(*report->kernels));
	report->verdicts = arena_calloc(&report->arena, cells + 1, sizeof(*report->verdicts));
	report->outcomes = arena_calloc(&report->arena, cells + 1, sizeof(*report->outcomes));
	report->rebuilds = calloc(cells + 1, sizeof(*report->rebuilds));
	c->state = calloc(report->module_count + 1, sizeof(*c->state));
	if (!report->kernels || !report->verdicts || !report->outcomes || !report->rebuilds ||
	    !c->state)
		return ksa_fail_nomem(err);
	for (size_t i = 0; i < c->rules->rule_count; i++)
		c->has_site_rules = c->has_site_rules || c->rules->rules[i].when;
	for (size_t k = 0; k < count && !r; k++) {
		report->kernels[report->kernel_count++] = kernels[k];
		r = report_add_kernel_notices(report, kernels[k], err);
	}
	return r ? r : take_conditions(c, err);
}

/* Keep the verdicts on rebuilds beside those on the files; predicted kernels have no others. */
static void give_rebuild_verdicts(struct ksa_report *report)
{
	const size_t cells = report->module_count * report->kernel_count;

	for (size_t i = 0; i < cells; i++)
		report->rebuilds[i].verdict = report->verdicts[i];
}

/* What users want of what was found, and what it comes to. */
static int conclude(struct check *c, struct ksa_error *err)
{
	const struct policy policy = {c->options->waivers, c->options->today, true};
	struct ksa_report *report = c->report;
	int r = policy_apply(report, &policy, err);

	if (!r && c->options->pending)
		r = check_pending(c, err);
	if (r)
		return r;
	give_verdicts(report);
	give_rebuild_verdicts(report);
	report_sort(report);
	if (report->predicted)
		r = check_predict(c, err);
	if (c->options->pending)
		check_pending_fold(c);
	if (!r && c->options->remark) {
		r = check_add_notice(c, err, "%s", c->options->remark);
		report->remark_count++;
	}
	return r || !report->lost ? r : ksa_fail_nomem(err);
}

/* True if some module was built for another release, and the headers that tell are there. */
static bool is_rebuild_known(const struct check *c)
{
	const struct ksa_report *report = c->report;

	for (size_t k = 0; k < report->kernel_count - report->predicted; k++)
		for (uint32_t m = 0; m < report->module_count && report->kernels[k]->helpers; m++)
			if (check_is_other_release(report->kernels[k], report->modules[m]))
				return true;
	return false;
}

/* The rebuild's word for modules of another release, from a check of its own. */
static int add_rebuild_words(struct check *c, struct ksa_kernel *const *kernels,
			     struct ksa_error *err)
{
	struct ksa_check_options options = *c->options;
	struct ksa_report *report = c->report, *other;
	const size_t cells = report->module_count * report->kernel_count;
	int r;

	if (report->rebuild || !is_rebuild_known(c))
		return 0;
	options.rebuild = true;
	options.signs[0] = NULL;
	options.remark = NULL;
	r = ksa_check(kernels, report->kernel_count, report->modules, report->module_count,
		      &options, &other, err);
	for (size_t i = 0; i < cells && !r; i++) {
		struct ksa_rebuild *from = &other->rebuilds[i], *to = &report->rebuilds[i];

		if (report_is_predicted(report, (uint32_t)(i % report->kernel_count)))
			continue;
		*to = *from;
		*from = (struct ksa_rebuild){.is_judged = false};
	}
	if (!r)
		ksa_report_free(other);
	return r;
}

int ksa_check(struct ksa_kernel *const *kernels, size_t kernel_count,
	      struct ksa_module *const *modules, size_t module_count,
	      const struct ksa_check_options *options, struct ksa_report **out,
	      struct ksa_error *err)
{
	static const struct ksa_check_options defaults;
	struct ksa_report *report = calloc(1, sizeof(*report));
	struct check c = {.report = report, .options = options ? options : &defaults};
	int r;

	*out = NULL;
	if (!report)
		return ksa_fail_nomem(err);
	report->modules = modules;
	report->module_count = module_count;
	c.rules = c.options->rules ? c.options->rules : &rules_shipped;
	r = begin(&c, kernels, kernel_count, err);
	if (!r)
		r = check_kernels(&c, err);
	if (!r)
		r = conclude(&c, err);
	if (!r)
		r = add_rebuild_words(&c, kernels, err);
	strmap_release(&c.names);
	strmap_release(&c.by_module);
	strmap_release(&c.lost_names);
	check_pairs_release(&c.pairs);
	free(c.state);
	free(c.places);
	if (r) {
		ksa_report_free(report);
		return r;
	}
	*out = report;
	return 0;
}
