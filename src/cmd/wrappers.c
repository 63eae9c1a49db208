// SPDX-License-Identifier: GPL-2.0-or-later
#include "cmd/cmd.h"

#include <stdlib.h>
#include <string.h>

#include "audit/results.h"
#include "audit/wrappers.h"
#include "base/cleanup.h"
#include "write/wrappers.h"

static const struct option options[] = {
	{0, "depth", "N", "also chains of up to N calls through functions that are not exported"},
	{0, "thin", NULL, "only thin wrappers"},
	{0, "to", "GLOB", "only what leads to GPL-only exports of such a name"},
	{0, "family", "FAMILY", "only what is in this family, or leads to what is"},
	{0, "owner", "GLOB", "only exports of such modules ('vmlinux' for the image)"},
	{0, "grep", "GLOB", "only plain exports of such a name"},
	{0, "all", NULL, "count helpers too: locks, RCU, checks, messages, tracing"},
	{0, NULL, NULL, NULL},
};

struct context {
	struct wrappers_options options;
	struct export_filter filter;
	const char *family; /* as given: --rules may come later; NULL: all */
	struct ksa_kernel *kernel;
	struct wrappers wrappers;
};

static int take_depth(struct invocation *inv, const struct option *o, const char *value)
{
	struct context *c = inv->context;
	char *end;
	long depth = strtol(value, &end, 10);

	if (!*value || *end || depth < 1 || depth > WRAPPERS_MAX_DEPTH)
		return bad_value(inv, o, value);
	c->options.depth = (unsigned int)depth;
	return 0;
}

static int take(struct invocation *inv, const struct option *o, const char *value)
{
	struct context *c = inv->context;

	if (strcmp(o->name, "depth") == 0)
		return take_depth(inv, o, value);
	if (strcmp(o->name, "thin") == 0)
		c->options.thin = true;
	else if (strcmp(o->name, "all") == 0)
		c->options.all = true;
	else if (strcmp(o->name, "to") == 0)
		c->options.to = value;
	else if (strcmp(o->name, "family") == 0)
		c->family = value;
	else
		return take_filter(inv, &c->filter, o, value);
	return 0;
}

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
	{"text", write_text},	{"json", write_json}, {"tsv", write_tsv}, REPORT_RESULT_FORMATS,
	REPORT_MARKDOWN_FORMAT, REPORT_RESULT_PAGE,   {NULL, NULL}};

static void release(struct invocation *inv)
{
	struct context *c = inv->context;

	wrappers_release(&c->wrappers);
	ksa_kernel_free(c->kernel);
}

static int run(struct invocation *inv)
{
	struct context *c = inv->context;
	struct ksa_read_options read;
	struct ksa_error err = {.code = 0};
	int r = 0;

	if (c->family)
		r = find_family(inv, c->family, &c->options.family);
	if (r)
		return r;
	c->options.rules = inv->rules;
	c->options.filter = &c->filter;
	read = read_options(inv, false);
	read.calls = true;
	r = ksa_kernel_open(inv->operand_count ? inv->operands[0] : NULL, &read, &c->kernel, &err);
	progress_clear(inv);
	inv->incomplete = !r && say_incomplete(c->kernel);
	if (r || wrappers_find(c->kernel, &c->options, &c->wrappers, &err))
		return print_error(&err);
	if (report_wants_results(inv) &&
	    results_of_wrappers(&c->wrappers, inv->rules, &inv->results, &err))
		return print_error(&err);
	return report_write(inv, inv->common.strict && notice_count(c) ? EXIT_TROUBLE : EXIT_CLEAN);
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
	.take = take,
	.run = run,
	.release = release,
	.max_operands = 1,
	.context_size = sizeof(struct context),
};
