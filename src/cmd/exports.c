// SPDX-License-Identifier: GPL-2.0-or-later
#include "cmd/cmd.h"

#include <string.h>

#include "audit/exports.h"
#include "audit/wrappers.h"
#include "base/cleanup.h"
#include "write/exports.h"

static const struct option options[] = {
	{0, "class", "CLASS[,CLASS]", "only plain, gpl, gpl-future, unused, unused-gpl, unknown"},
	{0, "namespace", "GLOB", "only exports in such a namespace ('' for none)"},
	{0, "owner", "GLOB", "only exports of such modules ('vmlinux' for the image)"},
	{0, "grep", "GLOB", "only symbols of such a name"},
	{0, "family", "FAMILY", "only symbols of this family"},
	{0, "prototypes", NULL, "C declarations too, and where each symbol is defined, if known"},
	{0, "defined-in", "WHERE", "only exports of vmlinux, or of modules"},
	{0, NULL, NULL, NULL},
};

struct context {
	struct export_filter filter;
	const char *family; /* as given: --rules may come later; NULL: all */
	bool prototypes;
	struct ksa_kernel *kernel;
	struct export_view view;
};

static int take(struct invocation *inv, const struct option *o, const char *value)
{
	struct context *c = inv->context;

	if (strcmp(o->name, "prototypes") == 0) {
		c->prototypes = true;
		return 0;
	}
	if (strcmp(o->name, "family") != 0)
		return take_filter(inv, &c->filter, o, value);
	c->family = value;
	return 0;
}

static int write_text(struct invocation *inv, FILE *out, struct ksa_error *err)
{
	const struct context *c = inv->context;

	return write_exports_text(&c->view, out, want_color(inv), err);
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

static const struct report_format formats[] = {{"text", write_text},
					       {"json", write_json},
					       {"tsv", write_tsv},
					       {"symvers", write_symvers},
					       {NULL, NULL}};

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
	int r = 0;

	if (c->family)
		r = find_family(inv, c->family, &c->filter.family);
	if (r)
		return r;
	/* A snapshot also has what modules import, and which exports are thin wrappers. */
	read = read_options(inv, report_wants(inv, "json"));
	read.calls = read.imports;
	read.prototypes = c->prototypes;
	r = ksa_kernel_open(inv->operand_count ? inv->operands[0] : NULL, &read, &c->kernel, &err);
	progress_clear(inv);
	inv->incomplete = !r && say_incomplete(c->kernel);
	if (!r && read.calls)
		r = wrappers_store(c->kernel, inv->rules, &err);
	if (r || export_view_make(c->kernel, &c->filter, &c->view, &err))
		return print_error(&err);
	c->view.prototypes = c->prototypes;
	r = inv->common.strict && ksa_kernel_notice_count(c->kernel) ? EXIT_TROUBLE : EXIT_CLEAN;
	return report_write(inv, r);
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
	.take = take,
	.run = run,
	.release = release,
	.max_operands = 1,
	.context_size = sizeof(struct context),
};
