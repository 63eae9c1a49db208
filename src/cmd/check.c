// SPDX-License-Identifier: GPL-2.0-or-later
#include "cmd/check.h"

#include <stdlib.h>
#include <string.h>

#include "audit/results/baseline.h"
#include "audit/check/rebuild.h"
#include "audit/check/replaces.h"
#include "cmd/policy.h"
#include "model/finding.h"
#include "model/release.h"
#include "read/open.h"
#include "write/check.h"

struct context {
	struct string_list specs, families, allowed_files;
	struct ksa_check_options check;
	bool explain, predict;
	const char *source, *built_for;
	struct check_pending pending;
	struct policy_options policy;
	struct ksa_symbol_list *allowed;
	struct kernel_list kernels, hints, given; /* given: the one of --built-for */
	struct kernel_list signs;
	struct check_names names;
	struct module_list modules;
	struct ksa_report *report;
};

static const struct option options[] = {
	{'k', "kernel", "KERNEL", TO_LIST(struct context, specs),
	 "check against this kernel; may be repeated (default: running)"},
	{0, "assume-license", "STRING", TO_ANY_TEXT(struct context, check.assume_license),
	 "judge as if this were every module's only license"},
	{0, "lockdown", NULL, TO_FLAG(struct context, check.lockdown),
	 "the kernel takes signed modules only, as with secure boot"},
	{0, "secure-boot", NULL, TO_FLAG(struct context, check.lockdown), "the same"},
	{0, "rebuild", NULL, TO_FLAG(struct context, check.rebuild),
	 "judge a rebuild of the source instead of the file"},
	{0, "source", "DIR", TO_TEXT(struct context, source),
	 "the modules' source, for what a rebuild gives"},
	{0, "built-for", "KERNEL", TO_TEXT(struct context, built_for),
	 "the kernel whose headers they were built with"},
	{0, "predict", NULL, TO_FLAG(struct context, predict),
	 "note what newer kernels refuse: the shipped snapshots"},
	{0, "pending", "CHANGES", TO_LIST(struct context, pending.words),
	 "judge rebuilds after these too: a range of -C, or patches"},
	{'C', "repository", "REPO", TO_TEXT(struct context, pending.changes.repository),
	 "the git repository of --pending"},
	{0, "family", "FAMILY", TO_LIST(struct context, families),
	 "only what concerns symbols of this family, or none at all"},
	{0, "allowed", "LIST", TO_LIST(struct context, allowed_files),
	 "find what is on no such list of symbols: GKI's, Module.kabi ..."},
	POLICY_WAIVERS(struct context, policy),
	POLICY_BASELINE(struct context, policy),
	POLICY_WRITE_BASELINE(struct context, policy),
	{0, "explain", NULL, TO_FLAG(struct context, explain),
	 "print the reason and the fix with each cause"},
	{.name = NULL},
};

/* Not WANT_ALL: imports that are not found may depend on it, and are "unknown" then. */
static int open_given(struct invocation *inv, struct context *c, unsigned int wants,
		      struct ksa_error *err)
{
	static const char *const running[] = {NULL};
	size_t count = c->specs.count;

	for (size_t i = 0; i < count && c->modules.count; i++)
		c->specs.items[i] =
			shipped_for_arch(inv, c->specs.items[i], c->modules.items[0]->arch);
	return open_kernels(inv, count ? c->specs.items : running, count ? count : 1,
			    WANT_LOADING | wants, &c->kernels, err);
}

/* Does one of the modules break others of a kernel, by what it replaces there? */
static int find_losses(const struct context *c, bool *loses, struct ksa_error *err)
{
	int r = 0;

	*loses = false;
	for (size_t k = 0; k < c->kernels.count && !r && !*loses; k++)
		r = check_loses_exports(c->kernels.items[k], c->modules.items, c->modules.count,
					loses, err);
	return r;
}

/* True if some module was built for another release than some kernel's. */
static bool is_of_another(const struct context *c)
{
	for (size_t k = 0; k < c->kernels.count; k++)
		for (size_t m = 0; m < c->modules.count; m++)
			if (check_is_other_release(c->kernels.items[k], c->modules.items[m]))
				return true;
	return false;
}

static bool asks_rebuilds(const struct context *c)
{
	return c->check.rebuild || c->predict || c->source || c->built_for;
}

/* True if who uses what a module replaces is likely to be asked: it exports something, and the
 * shipped snapshot of that name is of another series than it was built for. */
static bool may_lose(const char *spec, const struct ksa_module *m)
{
	const size_t name = strcspn(spec, "0123456789/");
	struct release series, own;

	return m->export_count && m->vermagic && name && release_parse(spec + name, &series) &&
	       release_parse(m->vermagic, &own) && release_compare(&series, &own) != 0;
}

/* A snapshot is sooner read with importers than read again for them. */
static bool wants_importers(const struct context *c)
{
	for (size_t k = 0; k < c->specs.count; k++)
		for (size_t m = 0; m < c->modules.count; m++)
			if (may_lose(c->specs.items[k], c->modules.items[m]))
				return true;
	return false;
}

/* The kernels, with what is asked only where it matters, as it costs more than the rest. */
static int open_checked(struct invocation *inv, struct context *c, struct ksa_error *err)
{
	unsigned int wants = (asks_rebuilds(c) || wants_importers(c) ? WANT_IMPORTS : 0) |
			     (c->check.rebuild ? WANT_PROTOTYPES : 0) |
			     (c->source ? WANT_TYPES | WANT_HELPERS : 0);
	bool loses = false;
	int r = open_given(inv, c, wants, err);

	/* Who uses what a module replaces. */
	if (!r && !(wants & WANT_IMPORTS))
		r = find_losses(c, &loses, err);
	if (r || !loses)
		return r;
	kernel_list_release(&c->kernels);
	return open_given(inv, c, wants | WANT_IMPORTS, err);
}

/* What the headers of the kernels say, where a rebuild is another thing than the file. */
static int read_headers(struct invocation *inv, struct context *c, struct ksa_error *err)
{
	struct ksa_read_options read = read_options(inv, false);
	int r = 0;

	read.declarations = c->source != NULL;
	for (size_t k = 0; k < c->kernels.count && !r; k++)
		r = kernel_read_helpers(c->kernels.items[k], &read, err);
	return r;
}

/* What the source names and does, once all kernels are there that it is held against. */
static int read_source(struct context *c, struct ksa_error *err)
{
	const struct kernel_list *const lists[] = {&c->kernels, &c->hints, &c->given};
	int r;

	c->names.wants_typed = true;
	r = check_read_names(c->source, &c->kernels, &c->modules, &c->names, err);

	for (size_t i = 0; i < sizeof(lists) / sizeof(lists[0]) && !r; i++)
		r = check_type_names(&c->names, lists[i], err);
	c->check.named = c->names.cells;
	c->check.typed = c->names.typed_cells;
	return r;
}

/* The kernel that the modules were built for. */
static int open_built_for(struct invocation *inv, struct context *c, struct ksa_error *err)
{
	const char *const given[] = {c->built_for};
	const struct built_for_options how = {.thorough = c->check.rebuild || c->predict,
					      .types = c->source != NULL};
	int r;

	if (!c->built_for)
		return is_of_another(c) ? check_open_built_for(inv, &c->kernels, &c->modules, how,
							       &c->hints, err)
					: 0;
	r = open_kernels(inv, given, 1,
			 WANT_HELPERS | WANT_IMPORTS | WANT_PROTOTYPES |
				 (c->source ? WANT_TYPES : 0),
			 &c->given, err);
	if (!r && c->source && c->modules.count)
		r = check_borrow_types(inv, c->modules.items[0], c->given.items[0], err);
	c->check.built_for = r ? NULL : c->given.items[0];
	return r;
}

/* What answers about rebuilds rest on. */
static int open_rebuild(struct invocation *inv, struct context *c, struct ksa_error *err)
{
	int r = is_of_another(c) || asks_rebuilds(c) ? read_headers(inv, c, err) : 0;

	if (!r)
		r = open_built_for(inv, c, err);
	if (!r && c->pending.words.count) {
		r = check_open_pending(inv, &c->pending, &c->kernels, &c->modules, err);
		c->check.pending = &c->pending.net;
	}
	return r || !c->source ? r : read_source(c, err);
}

static int open_operands(struct invocation *inv, struct context *c, struct ksa_error *err)
{
	const bool rebuilds = c->check.rebuild || c->predict;
	struct check_newer newer = {.types = c->source != NULL};
	size_t count;
	int r = 0;

	for (size_t i = 0; i < inv->operand_count && !r; i++)
		r = open_modules(inv, inv->operands[i], rebuilds, &c->modules, err);
	if (!r)
		r = open_checked(inv, c, err);
	count = c->kernels.count;
	if (!r && c->predict) {
		r = check_open_newer(inv, &c->kernels, &c->modules, &newer, err);
		c->check.remark = newer.why;
		c->check.predicted = c->kernels.count - count;
	}
	if (!r && c->predict)
		r = check_open_signs(inv, &c->kernels, &c->modules, &c->signs, c->check.signs, err);
	return r ? r : open_rebuild(inv, c, err);
}

static int judge(struct context *c, struct ksa_error *err)
{
	struct ksa_report *report = NULL;
	int r;

	c->check.hints = c->hints.items;
	c->check.hint_count = c->hints.count;
	r = ksa_check(c->kernels.items, c->kernels.count, c->modules.items, c->modules.count,
		      &c->check, &report, err);
	if (r)
		return r;
	ksa_report_free(c->report);
	c->report = report;
	return 0;
}

static int status_of(const struct invocation *inv, const struct context *c)
{
	return policy_status(&c->policy, report_status(inv, c->report));
}

static int write_text(struct invocation *inv, FILE *out, struct ksa_error *err)
{
	const struct context *c = inv->context;
	const struct check_text_options text = {.color = want_color(inv),
						.explain = c->explain,
						.verbose = inv->common.verbose,
						.quiet = inv->common.quiet,
						.strict = inv->common.strict};

	return write_check_text(c->report, &text, out, err);
}

static int write_json(struct invocation *inv, FILE *out, struct ksa_error *err)
{
	const struct context *c = inv->context;

	return write_check_json(c->report, out, err);
}

static const struct report_format formats[] = {REPORT_FORMAT(text), REPORT_FORMAT(json),
					       REPORT_RESULTS,	    REPORT_RESULT(markdown),
					       REPORT_RESULT(html), {.name = NULL}};

static void release(struct invocation *inv)
{
	struct context *c = inv->context;

	ksa_report_free(c->report);
	policy_release(&c->policy);
	ksa_symbol_list_free(c->allowed);
	module_list_release(&c->modules);
	kernel_list_release(&c->kernels);
	kernel_list_release(&c->hints);
	kernel_list_release(&c->given);
	kernel_list_release(&c->signs);
	check_names_release(&c->names);
	check_pending_release(&c->pending);
}

/* What is asked of a kernel that is not there yet. 0, or EXIT_TROUBLE after saying why not. */
static int take_pending(struct invocation *inv, struct context *c)
{
	if (!c->pending.words.count && c->pending.changes.repository)
		return usage_error(inv, "'--repository' is for --pending");
	if (!c->pending.words.count)
		return 0;
	if (c->specs.count > 1)
		return usage_error(inv, "'--pending' is about one kernel: give one --kernel");
	if (c->predict)
		return usage_error(inv, "'--predict' and '--pending' are two questions: ask one");
	c->check.rebuild = true;
	return check_pending_words(inv, &c->pending);
}

/* What of the options needs the rules. 0, or EXIT_TROUBLE after saying why not. */
static int take_policy(struct invocation *inv, struct context *c)
{
	struct ksa_error err = {.code = 0};
	struct family_list families;
	int r = find_families(inv, &c->families, &families);

	if (!r)
		r = policy_open(inv, &c->policy);
	c->check.rules = inv->rules;
	c->check.families = c->families.items;
	c->check.family_count = c->families.count;
	if (!r && c->allowed_files.count &&
	    ksa_symbol_list_open(c->allowed_files.items, c->allowed_files.count, &c->allowed, &err))
		r = print_error(&err);
	c->check.allowed = c->allowed;
	c->check.waivers = c->policy.waivers;
	c->check.today = c->policy.today;
	return r;
}

static int run(struct invocation *inv)
{
	struct context *c = inv->context;
	struct ksa_error err = {.code = 0};
	int r = take_pending(inv, c);

	if (!r)
		r = take_policy(inv, c);
	if (r)
		return r;
	r = open_operands(inv, c, &err);
	if (!r)
		r = judge(c, &err);
	if (!r && c->report->misses) {
		r = check_open_hints(inv, &c->kernels, &c->modules, &c->hints, &err);
		if (!r && c->hints.count)
			r = judge(c, &err);
	}
	if (!r && c->policy.baseline_file)
		r = baseline_apply(&c->policy.baseline, c->report, &err);
	if (!r) {
		c->report->fail_on = inv->common.fail_on;
		r = report_take(inv, c->report, &err);
	}
	progress_clear(inv);
	return r ? print_error(&err) : report_write(inv, status_of(inv, c));
}

const struct command cmd_check = {
	.name = "check",
	.operands = "MODULE...",
	.summary = "Will these modules build for and load on these kernels?\n"
		   "MODULE is a .ko, a directory or a package.",
	.options = options,
	.formats = formats,
	.run = run,
	.release = release,
	.min_operands = 1,
	.max_operands = SIZE_MAX,
	.has_findings = true,
	.context_size = sizeof(struct context),
};
