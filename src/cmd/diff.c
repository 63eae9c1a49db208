// SPDX-License-Identifier: GPL-2.0-or-later
#include "cmd/diff.h"

#include <stdlib.h>
#include <string.h>

#include "audit/diff/diff.h"
#include "audit/diff/tolerate.h"
#include "audit/results/results.h"
#include "base/cleanup.h"
#include "cmd/check.h"
#include "read/rules/severities.h"
#include "write/diff.h"

struct context {
	struct diff_options options;
	struct kernel_list kernels;
	struct module_list modules;
	struct ksa_symbol_list *symbols;
	struct diff **steps; /* from each kernel to the next */
	struct diff_view *views; /* of the steps: every row */
	struct diff_view *folded; /* the same for readers: what says little is counted only */
	size_t step_count;
	struct check_names *names; /* of the steps: what the modules' source names */
	struct severities severities;
	struct ksa_report found; /* for other tools */
};

static const char *axis_words(unsigned int number)
{
	return number < AXIS_COUNT ? diff_axis_name((enum diff_axis)number) : NULL;
}

static const char *fail_words(unsigned int number)
{
	static const char *const words[] = {"break", "never", "abi"};

	return number < AXIS_COUNT  ? axis_words(number)
	       : number <= FAIL_ABI ? words[number - FAIL_BREAK]
				    : NULL;
}

static const struct option options[] = {
	{'i', "interactive", NULL, TO_FLAG(struct context, options.interactive),
	 "show it on the terminal, to look around in"},
	{'m', "module", "MODULE", TO_LIST(struct context, options.modules),
	 "only what it imports, and its verdict; may be repeated"},
	{0, "source", "DIR", TO_TEXT(struct context, options.source),
	 "the modules' source, for their verdicts"},
	{0, "symbols", "LIST", TO_LIST(struct context, options.symbols),
	 "only those on this list, each with its fate; may be repeated"},
	{0, "only", "AXIS[,AXIS]", TO_SET_LIST(struct context, options.filter.axes, axis_words),
	 "only removed, class, namespace, owner, crc, prototype, added"},
	{0, "prototypes", NULL, TO_FLAG(struct context, options.prototypes),
	 "compare prototypes too; --only and --fail-on prototype do so too"},
	{0, "why", "SYMBOL", TO_LIST(struct context, options.why),
	 "why its CRC changed: the way to the type that differs; may be repeated"},
	{0, "family", "FAMILY", TO_LIST(struct context, options.families),
	 "only symbols of this family"},
	FILTER_CLASS(struct context, options.filter.exports),
	FILTER_NAMESPACE(struct context, options.filter.exports),
	FILTER_OWNER(struct context, options.filter.exports),
	FILTER_GREP(struct context, options.filter.exports),
	FILTER_DEFINED_IN(struct context, options.filter.exports),
	{0, "fail-on", "WHAT[,WHAT]", TO_SET(struct context, options.fail, fail_words),
	 "exit 1 on an AXIS, abi, break (default with -m), never"},
	{0, "severities", "FILE", TO_LIST(struct context, options.severities),
	 "tolerate the changes that the rules in FILE let pass; may be repeated"},
	POLICY_WAIVERS(struct context, options.policy),
	POLICY_BASELINE(struct context, options.policy),
	POLICY_WRITE_BASELINE(struct context, options.policy),
	{.name = NULL},
};

/* Whoever says what to tolerate has a gate. */
static unsigned int default_gate(const struct diff_options *o)
{
	const bool accepts = policy_judges(&o->policy) || o->policy.new_baseline;
	const unsigned int breaks = o->modules.count ? 1u << FAIL_BREAK : 0;

	return breaks | (o->severities.count || (accepts && !breaks) ? 1u << FAIL_ABI : 0);
}

/* What of the options does not go together. */
static int check_options(struct invocation *inv, struct context *c)
{
	unsigned int *fail = &c->options.fail;

	if (report_wants(inv, "markdown") && inv->operand_count > 2)
		return usage_error(inv, "markdown is for two kernels; more have text, json, tsv");
	if (c->options.why.count && !report_wants(inv, "text") && !report_wants(inv, "json"))
		return usage_error(inv, "--why is told in text and json");
	if (*fail & 1u << FAIL_NEVER && *fail != 1u << FAIL_NEVER)
		return usage_error(inv, "'--fail-on never' stands alone");
	if (*fail & 1u << FAIL_BREAK && !c->options.modules.count)
		return usage_error(inv, "'--fail-on break' is about modules: give --module");
	if (!*fail)
		*fail = default_gate(&c->options);
	return find_families(inv, &c->options.families, &c->options.filter.families);
}

static bool tells_more_than_tsv(const struct invocation *inv)
{
	return inv->report_count > 1 || !report_wants(inv, "tsv");
}

static int open_all(struct invocation *inv, struct context *c, struct ksa_error *err)
{
	_cleanup_free_ const char **specs = calloc(inv->operand_count + 1, sizeof(*specs));
	unsigned int wants = WANT_IMPORTS | WANT_ALL;
	int r;

	if (!specs)
		return ksa_fail_nomem(err);
	for (size_t i = 0; i < inv->operand_count; i++)
		specs[i] = inv->operands[i];
	if (c->options.prototypes || c->options.interactive ||
	    ((c->options.filter.axes | c->options.fail) & AXIS_MARK(AXIS_PROTOTYPE)))
		wants |= WANT_PROTOTYPES;
	/* TSV alone says nothing that they tell. */
	if (c->options.modules.count || tells_more_than_tsv(inv))
		wants |= WANT_HELPERS;
	if (tells_more_than_tsv(inv))
		wants |= WANT_TYPE_GRAPH;
	r = open_kernels(inv, specs, inv->operand_count, wants, &c->kernels, err);
	for (size_t i = 0; i < c->options.modules.count && !r; i++)
		r = open_modules(inv, c->options.modules.items[i], true, &c->modules, err);
	return r;
}

/* What the reports that are wanted show of a step; all: what is found is asked for too. */
static int make_views(struct invocation *inv, struct context *c, size_t step, bool all,
		      struct ksa_error *err)
{
	struct diff_filter filter = c->options.filter;
	bool folded = report_wants(inv, "text") || report_wants(inv, "markdown") ||
		      report_wants(inv, "html");
	int r = 0;

	diff_view_release(&c->views[step]);
	diff_view_release(&c->folded[step]);
	diff_set_gate(c->options.fail, &filter);
	if (all || !folded || inv->report_count > 1)
		r = diff_view_make(c->steps[step], &filter, &c->views[step], err);
	filter.fold = !inv->common.verbose;
	if (!r && folded)
		r = diff_view_make(c->steps[step], &filter, &c->folded[step], err);
	return r;
}

/* Compare two kernels that follow on each other. */
static int compare_step(struct invocation *inv, struct context *c, size_t i, struct ksa_error *err)
{
	const struct kernel_list pair = {c->kernels.items + i, 2, 2};
	struct policy_options *policy = &c->options.policy;
	struct diff_input input = {.kernels = {c->kernels.items[i], c->kernels.items[i + 1]},
				   .modules = c->modules.items,
				   .module_count = c->modules.count,
				   .rules = inv->rules,
				   .symbols = c->symbols,
				   .waivers = policy->waivers,
				   .today = policy->today,
				   .why = c->options.why.items,
				   .why_count = c->options.why.count,
				   .successors = tells_more_than_tsv(inv)};
	int r = 0;

	if (c->options.source)
		r = check_read_names(c->options.source, &pair, &c->modules, &c->names[i], err);
	input.named = c->names[i].cells;
	if (!r)
		r = diff_make(&input, &c->steps[i], err);
	if (r)
		return r;
	c->step_count++;
	c->steps[i]->has_policy = c->options.severities.count || policy_judges(policy);
	if (c->severities.count)
		r = diff_tolerate(c->steps[i], &c->severities, err);
	if (!r && policy->baseline_file && c->steps[i]->report)
		r = baseline_apply(&policy->baseline, c->steps[i]->report, err);
	return r;
}

static int compare(struct invocation *inv, struct context *c, struct ksa_error *err)
{
	const size_t count = c->kernels.count;
	int r = 0;

	c->steps = calloc(count, sizeof(*c->steps));
	c->views = calloc(count, sizeof(*c->views));
	c->folded = calloc(count, sizeof(*c->folded));
	c->names = calloc(count, sizeof(*c->names));
	if (!c->steps || !c->views || !c->folded || !c->names)
		return ksa_fail_nomem(err);
	for (size_t i = 0; i + 1 < count && !r; i++)
		r = compare_step(inv, c, i, err);
	/* A rule that decides in one step is of use. */
	if (!r && c->severities.count)
		r = diff_note_unused(c->steps[c->step_count - 1], &c->severities,
				     inv->common.verbose, err);
	return r;
}

/* What of the changes counts, and what is shown of that. */
static int judge(struct invocation *inv, struct context *c, struct ksa_error *err)
{
	struct policy_options *p = &c->options.policy;
	const struct policy policy = {p->waivers, p->today, true};
	const bool judges = policy_judges(p), finds = judges || report_wants_results(inv);
	int r = 0;

	for (size_t i = 0; i < c->step_count && !r; i++)
		r = make_views(inv, c, i, finds, err);
	if (!r && finds)
		r = results_of_diff(c->views, c->step_count, inv->rules, &c->found, err);
	if (!r && judges)
		r = results_settle_diff(&c->found, c->steps, c->views, &policy,
					p->baseline_file ? &p->baseline : NULL, err);
	for (size_t i = 0; i < c->step_count && judges && !r; i++)
		r = make_views(inv, c, i, false, err);
	return r || !report_wants_results(inv) ? r : report_take(inv, &c->found, err);
}

static int write_text(struct invocation *inv, FILE *out, struct ksa_error *err)
{
	struct context *c = inv->context;
	const struct diff_text_options text = {.color = want_color(inv),
					       .verbose = inv->common.verbose,
					       .quiet = inv->common.quiet};
	struct diff_walk walk;
	int r;

	if (c->options.why.count)
		return write_diff_why_text(c->steps, c->step_count, &text, out, err);
	if (c->step_count == 1)
		return write_diff_text(&c->folded[0], &text, out, err);
	r = diff_walk_make(c->steps, c->folded, c->step_count, &walk, err);
	if (!r)
		r = write_diff_walk_text(&walk, &text, out, err);
	diff_walk_release(&walk);
	return r;
}

static int write_json(struct invocation *inv, FILE *out, struct ksa_error *err)
{
	const struct context *c = inv->context;

	return write_diff_json(c->views, c->step_count, out, err);
}

static int write_tsv(struct invocation *inv, FILE *out, struct ksa_error *err)
{
	const struct context *c = inv->context;

	for (size_t i = 0; i < c->step_count; i++)
		diff_print_gaps(inv, c->steps[i]);
	return write_diff_tsv(c->views, c->step_count, out, err);
}

static int write_markdown(struct invocation *inv, FILE *out, struct ksa_error *err)
{
	const struct context *c = inv->context;

	return write_diff_markdown(&c->folded[0], out, err);
}

static int write_html(struct invocation *inv, FILE *out, struct ksa_error *err)
{
	const struct context *c = inv->context;

	return write_diff_html(c->folded, c->step_count, out, err);
}

static const struct report_format formats[] = {
	REPORT_FORMAT(text), REPORT_FORMAT(json), REPORT_FORMAT(tsv), REPORT_FORMAT(markdown),
	REPORT_FORMAT(html), REPORT_RESULTS,	  {.name = NULL}};

static int status_of(const struct invocation *inv, const struct context *c)
{
	int status = EXIT_CLEAN;
	size_t notices = 0;

	for (size_t i = 0; i < c->kernels.count; i++)
		notices += ksa_kernel_notice_count(c->kernels.items[i]);
	for (size_t i = 0; i < c->step_count; i++) {
		int r = diff_status(&c->options, c->folded[i].diff ? &c->folded[i] : &c->views[i]);

		status = r > status ? r : status;
		for (size_t g = 0; g < c->steps[i]->gap_count; g++)
			notices += !c->steps[i]->gaps[g].remark;
	}
	return inv->common.strict && notices ? EXIT_TROUBLE : status;
}

/* What decides on what is compared; before that, as it may be wrong. */
static int open_policy(struct invocation *inv, struct context *c)
{
	const struct string_list *files = &c->options.severities, *lists = &c->options.symbols;
	struct ksa_error err = {.code = 0};
	int r = policy_open(inv, &c->options.policy);

	for (size_t i = 0; i < files->count && !r; i++)
		if (severities_read_file(files->items[i], &c->severities, &err))
			r = print_error(&err);
	if (!r && lists->count &&
	    ksa_symbol_list_open(lists->items, lists->count, &c->symbols, &err))
		r = print_error(&err);
	return r;
}

static int run(struct invocation *inv)
{
	struct context *c = inv->context;
	struct ksa_error err = {.code = 0};
	int r = open_policy(inv, c);

	if (!r)
		r = check_options(inv, c);
	if (!r && c->options.interactive)
		r = diff_check_interactive(inv);
	if (r)
		return r;
	r = open_all(inv, c, &err);
	if (!r)
		r = compare(inv, c, &err);
	if (!r)
		r = judge(inv, c, &err);
	progress_clear(inv);
	if (r)
		return print_error(&err);
	if (c->options.interactive) {
		r = diff_interactive(inv, c->steps[0], &c->options);
		return r ? r : status_of(inv, c);
	}
	return report_write(inv, status_of(inv, c));
}

static void release(struct invocation *inv)
{
	struct context *c = inv->context;

	for (size_t i = 0; i < c->step_count; i++) {
		diff_view_release(&c->views[i]);
		diff_view_release(&c->folded[i]);
		diff_free(c->steps[i]);
	}
	/* Of a step that failed too. */
	for (size_t i = 0; c->names && i < c->kernels.count; i++)
		check_names_release(&c->names[i]);
	report_release(&c->found);
	policy_release(&c->options.policy);
	severities_release(&c->severities);
	free(c->names);
	free(c->views);
	free(c->folded);
	free(c->steps);
	ksa_symbol_list_free(c->symbols);
	module_list_release(&c->modules);
	kernel_list_release(&c->kernels);
}

const struct command cmd_diff = {
	.name = "diff",
	.operands = "OLD NEW...",
	.summary = "What changed between two kernels?\n"
		   "OLD and NEW are kernels (see ksymaudit(1)); of more than two each is compared\n"
		   "with the one before it.",
	.options = options,
	.formats = formats,
	.run = run,
	.release = release,
	.min_operands = 2,
	.max_operands = 64,
	.context_size = sizeof(struct context),
};
