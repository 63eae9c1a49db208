// SPDX-License-Identifier: GPL-2.0-or-later
#include "cmd/cmd.h"

#include <stdlib.h>
#include <string.h>

#include "audit/results/results.h"
#include "audit/users.h"
#include "base/cleanup.h"
#include "write/users.h"

struct context {
	struct users_options options;
	struct export_filter filter;
	struct string_list families; /* as given: --rules may come later */
	struct string_list only_by;
	bool by_family, by_namespace;
	const char *old; /* NULL: none */
	struct ksa_kernel *kernel, *old_kernel;
	struct users users;
	struct ksa_report found; /* for other tools */
};

static const struct option options[] = {
	{0, "none", NULL, TO_FLAG(struct context, options.none),
	 "only exports that no module uses"},
	{0, "new", "OLD", TO_TEXT(struct context, old),
	 "only exports that the kernel OLD does not have"},
	{0, "only-by", "GLOB", TO_LIST(struct context, only_by),
	 "only exports that modules import, and no others than such"},
	{0, "single", NULL, TO_FLAG(struct context, options.single),
	 "only exports that one module alone uses"},
	{0, "by-family", NULL, TO_FLAG(struct context, by_family), "count by family instead"},
	{0, "by-namespace", NULL, TO_FLAG(struct context, by_namespace),
	 "count by namespace instead"},
	{0, "family", "FAMILY", TO_LIST(struct context, families), "only symbols of this family"},
	FILTER_CLASS(struct context, filter),
	FILTER_NAMESPACE(struct context, filter),
	FILTER_OWNER(struct context, filter),
	FILTER_DEFINED_IN(struct context, filter),
	{.name = NULL},
};

static size_t notice_count(const struct context *c)
{
	return c->kernel->notice_count + (c->users.notice != NULL);
}

static int write_text(struct invocation *inv, FILE *out, struct ksa_error *err)
{
	const struct context *c = inv->context;
	const struct users_text_options text = {.lists = inv->common.verbose || c->only_by.count ||
							 c->options.symbol_count,
						.quiet = inv->common.quiet};

	return write_users_text(&c->users, &text, out, err);
}

static int write_json(struct invocation *inv, FILE *out, struct ksa_error *err)
{
	const struct context *c = inv->context;

	return write_users_json(&c->users, out, err);
}

/* A table has no place for notices. */
static int write_tsv(struct invocation *inv, FILE *out, struct ksa_error *err)
{
	const struct context *c = inv->context;

	say_notices(inv, c->kernel->notices, c->kernel->notice_count);
	say_notices(inv, &c->users.notice, c->users.notice != NULL);
	return write_users_tsv(&c->users, out, err);
}

static const struct report_format formats[] = {
	REPORT_FORMAT(text),	 REPORT_FORMAT(json), REPORT_FORMAT(tsv), REPORT_RESULTS,
	REPORT_RESULT(markdown), REPORT_RESULT(html), {.name = NULL}};

static void release(struct invocation *inv)
{
	struct context *c = inv->context;

	users_release(&c->users);
	report_release(&c->found);
	ksa_kernel_free(c->kernel);
	ksa_kernel_free(c->old_kernel);
}

/* The kernel, and the old one, of which only the exports are asked for. */
static int open_both(struct invocation *inv, struct context *c, struct ksa_error *err)
{
	struct ksa_read_options read = read_options(inv, true);
	int r;

	read.users = true;
	r = ksa_kernel_open(kernel_operand(inv), &read, &c->kernel, err);
	read = read_options(inv, false);
	if (!r && c->old)
		r = ksa_kernel_open(c->old, &read, &c->old_kernel, err);
	progress_clear(inv);
	if (!r)
		say_index(inv, c->kernel->index_note);
	if (!r)
		inv->incomplete = say_incomplete(c->kernel);
	if (!r && c->old_kernel && say_incomplete(c->old_kernel))
		inv->incomplete = true;
	return r;
}

static int take_options(struct invocation *inv, struct context *c)
{
	if (c->by_family && c->by_namespace)
		return usage_error(inv, "--by-family and --by-namespace exclude each other");
	if (c->options.none && (c->options.single || c->only_by.count))
		return usage_error(inv, "--none and %s exclude each other",
				   c->options.single ? "--single" : "--only-by");
	c->options.only_by = c->only_by.count ? &c->only_by : NULL;
	if (c->by_family)
		c->options.by = BY_FAMILY;
	if (c->by_namespace)
		c->options.by = BY_NAMESPACE;
	return 0;
}

static int run(struct invocation *inv)
{
	union {
		char **in;
		const char *const *out;
	} operands = {.in = inv->operands};
	struct context *c = inv->context;
	struct ksa_error err = {.code = 0};
	int r = find_families(inv, &c->families, &c->filter.families);

	if (r)
		return r;
	r = take_options(inv, c);
	if (r)
		return r;
	if (open_both(inv, c, &err))
		return print_error(&err);
	c->options.rules = inv->rules;
	c->options.filter = &c->filter;
	c->options.old = c->old_kernel;
	if (inv->operand_count > 1) {
		c->options.symbols = operands.out + 1;
		c->options.symbol_count = inv->operand_count - 1;
	}
	if (users_find(c->kernel, &c->options, &c->users, &err))
		return print_error(&err);
	if (results_of_users(&c->users, inv->rules, &c->found, &err) ||
	    report_take(inv, &c->found, &err))
		return print_error(&err);
	c->found.fail_on = inv->common.fail_on;
	r = strict_status(inv, notice_count(c));
	return report_write(inv, r ? r : report_status(inv, &c->found));
}

const struct command cmd_users = {
	.name = "users",
	.operands = "[KERNEL [SYMBOL]...]",
	.summary =
		"Who uses an export in the kernel's own tree?\n"
		"Of each export the modules that import it and, where the image tells, what in "
		"vmlinux\n"
		"refers to it; of a SYMBOL (or a glob) also by name. KERNEL has modules, or is a\n"
		"snapshot, or REPO@REV: then source files (see ksymaudit(1)).",
	.options = options,
	.formats = formats,
	.run = run,
	.release = release,
	.max_operands = SIZE_MAX,
	.has_findings = true,
	.context_size = sizeof(struct context),
};
