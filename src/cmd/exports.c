// SPDX-License-Identifier: GPL-2.0-or-later
#include "cmd/cmd.h"

#include <string.h>

#include "audit/exports.h"
#include "audit/wrappers/wrappers.h"
#include "base/cleanup.h"
#include "write/exports.h"

struct context {
	struct export_filter filter;
	struct string_list families; /* as given: --rules may come later */
	bool prototypes;
	struct ksa_kernel *kernel;
	struct export_view view;
};

static const struct option options[] = {
	FILTER_CLASS(struct context, filter),
	FILTER_NAMESPACE(struct context, filter),
	FILTER_OWNER(struct context, filter),
	FILTER_GREP(struct context, filter),
	{0, "family", "FAMILY", TO_LIST(struct context, families), "only symbols of this family"},
	{0, "prototypes", NULL, TO_FLAG(struct context, prototypes),
	 "C declarations too, and where each symbol is defined, if known"},
	FILTER_DEFINED_IN(struct context, filter),
	{.name = NULL},
};

static int write_text(struct invocation *inv, FILE *out, struct ksa_error *err)
{
	const struct context *c = inv->context;

	return write_exports_text(&c->view, inv->common.quiet, want_color(inv), out, err);
}

static int write_json(struct invocation *inv, FILE *out, struct ksa_error *err)
{
	const struct context *c = inv->context;

	return write_exports_json(&c->view, out, err);
}

static int write_tsv(struct invocation *inv, FILE *out, struct ksa_error *err)
{
	const struct context *c = inv->context;

	say_notices(inv, c->kernel->notices, c->kernel->notice_count);
	return write_exports_tsv(&c->view, out, err);
}

static int write_symvers(struct invocation *inv, FILE *out, struct ksa_error *err)
{
	const struct context *c = inv->context;

	say_notices(inv, c->kernel->notices, c->kernel->notice_count);
	return write_exports_symvers(&c->view, out, err);
}

static const struct report_format formats[] = {REPORT_FORMAT(text),
					       REPORT_FORMAT(json),
					       REPORT_FORMAT(tsv),
					       REPORT_FORMAT(symvers),
					       {.name = NULL}};

static void release(struct invocation *inv)
{
	struct context *c = inv->context;

	export_view_release(&c->view);
	ksa_kernel_free(c->kernel);
}

static int run(struct invocation *inv)
{
	struct ksa_read_options read;
	struct ksa_error err = {.code = 0};
	struct context *c = inv->context;
	int r = find_families(inv, &c->families, &c->filter.families);

	if (r)
		return r;
	/* A snapshot also has what modules import, which exports are thin wrappers, which names in
	 * headers lead to exports, and the types that headers declare. */
	read = read_options(inv, report_wants(inv, "json"));
	read.calls = read.imports;
	read.loading = read.imports;
	read.helpers = read.imports;
	read.types = read.imports;
	read.declarations = read.imports;
	read.prototypes = c->prototypes;
	r = ksa_kernel_open(kernel_operand(inv), &read, &c->kernel, &err);
	progress_clear(inv);
	if (!r)
		say_index(inv, c->kernel->index_note);
	inv->incomplete = !r && say_incomplete(c->kernel);
	if (!r && read.calls)
		r = wrappers_store(c->kernel, inv->rules, &err);
	if (!r)
		r = exports_reduce(c->kernel, &err);
	if (r || export_view_make(c->kernel, &c->filter, &c->view, &err))
		return print_error(&err);
	c->view.prototypes = c->prototypes;
	return report_write(inv, strict_status(inv, c->kernel->notice_count));
}

const struct command cmd_exports = {
	.name = "exports",
	.operands = "[KERNEL]",
	.summary =
		"What does this kernel export, and to whom?\n"
		"KERNEL is an image, a tree, headers, packages, a Module.symvers, a snapshot (see\n"
		"ksymaudit(1)); without it, the running kernel.",
	.options = options,
	.formats = formats,
	.run = run,
	.release = release,
	.max_operands = 1,
	.context_size = sizeof(struct context),
};
