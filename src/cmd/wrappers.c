// SPDX-License-Identifier: GPL-2.0-or-later
#include "cmd/cmd.h"

#include <stdlib.h>
#include <string.h>

#include "audit/results/results.h"
#include "audit/wrappers/wrappers.h"
#include "base/cleanup.h"
#include "write/wrappers.h"

struct context {
	struct wrappers_options options;
	struct export_filter filter;
	struct string_list families; /* as given: --rules may come later */
	struct ksa_kernel *kernel;
	struct wrappers wrappers;
	struct ksa_report found; /* for other tools */
};

static const struct option options[] = {
	{0, "depth", "N", TO_NUMBER(struct context, options.depth, WRAPPERS_MAX_DEPTH),
	 "also chains of up to N calls through functions that are not exported"},
	{0, "thin", NULL, TO_FLAG(struct context, options.thin), "only thin wrappers"},
	{0, "to", "GLOB", TO_LIST(struct context, options.to),
	 "only what leads to GPL-only exports of such a name"},
	{0, "family", "FAMILY", TO_LIST(struct context, families),
	 "only what is in this family, or leads to what is"},
	FILTER_OWNER(struct context, filter),
	{0, "grep", "GLOB", TO_LIST(struct context, filter.grep),
	 "only plain exports of such a name"},
	{0, "all", NULL, TO_FLAG(struct context, options.all),
	 "count helpers too: locks, RCU, checks, messages, tracing"},
	{.name = NULL},
};

static size_t notice_count(const struct context *c)
{
	return c->kernel->notice_count + c->wrappers.notice_count;
}

static int write_text(struct invocation *inv, FILE *out, struct ksa_error *err)
{
	const struct context *c = inv->context;

	return write_wrappers_text(&c->wrappers, inv->common.quiet, out, err);
}

static int write_json(struct invocation *inv, FILE *out, struct ksa_error *err)
{
	const struct context *c = inv->context;

	return write_wrappers_json(&c->wrappers, out, err);
}

/* A table has no place for notices. */
static int write_tsv(struct invocation *inv, FILE *out, struct ksa_error *err)
{
	const struct context *c = inv->context;

	say_notices(inv, c->kernel->notices, c->kernel->notice_count);
	say_notices(inv, c->wrappers.notices, c->wrappers.notice_count);
	return write_wrappers_tsv(&c->wrappers, out, err);
}

static const struct report_format formats[] = {
	REPORT_FORMAT(text),	 REPORT_FORMAT(json), REPORT_FORMAT(tsv), REPORT_RESULTS,
	REPORT_RESULT(markdown), REPORT_RESULT(html), {.name = NULL}};

static void release(struct invocation *inv)
{
	struct context *c = inv->context;

	wrappers_release(&c->wrappers);
	report_release(&c->found);
	ksa_kernel_free(c->kernel);
}

static int run(struct invocation *inv)
{
	struct context *c = inv->context;
	struct ksa_read_options read;
	struct ksa_error err = {.code = 0};
	int r = find_families(inv, &c->families, &c->options.families);

	if (r)
		return r;
	c->options.rules = inv->rules;
	c->options.filter = &c->filter;
	read = read_options(inv, false);
	read.calls = true;
	r = ksa_kernel_open(kernel_operand(inv), &read, &c->kernel, &err);
	progress_clear(inv);
	inv->incomplete = !r && say_incomplete(c->kernel);
	if (r || wrappers_find(c->kernel, &c->options, &c->wrappers, &err))
		return print_error(&err);
	if (results_of_wrappers(&c->wrappers, inv->rules, &c->found, &err) ||
	    report_take(inv, &c->found, &err))
		return print_error(&err);
	c->found.fail_on = inv->common.fail_on;
	r = strict_status(inv, notice_count(c));
	return report_write(inv, r ? r : report_status(inv, &c->found));
}

const struct command cmd_wrappers = {
	.name = "wrappers",
	.operands = "[KERNEL]",
	.summary = "Plain exports that lead to GPL-only ones.\n"
		   "Of each plain export the GPL-only ones that its code calls. KERNEL is an image "
		   "with\n"
		   "debug information or symbols, modules, packages of these, or a snapshot (see\n"
		   "ksymaudit(1)).",
	.options = options,
	.formats = formats,
	.run = run,
	.release = release,
	.max_operands = 1,
	.has_findings = true,
	.context_size = sizeof(struct context),
};
