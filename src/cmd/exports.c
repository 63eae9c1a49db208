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
	{0, "prototypes", NULL, "the C declarations too, where types (BTF) are known"},
	{0, "defined-in", "WHERE", "only exports of vmlinux, or of modules"},
	{0, NULL, NULL, NULL},
};

struct context {
	struct export_filter filter;
	const char *family; /* as given: --rules may come later; NULL: all */
	bool prototypes;
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

enum format { FORMAT_TEXT, FORMAT_JSON, FORMAT_TSV, FORMAT_SYMVERS, FORMAT_COUNT };

static int find_format(struct invocation *inv, enum format *format)
{
	static const char *const names[FORMAT_COUNT] = {"text", "json", "tsv", "symvers"};

	*format = FORMAT_TEXT;
	for (int i = 0; i < FORMAT_COUNT && inv->common.format; i++) {
		if (strcmp(inv->common.format, names[i]) == 0) {
			*format = (enum format)i;
			return 0;
		}
	}
	return inv->common.format
		       ? usage_error(inv,
				     "'%s' is not a format of exports: text, json, tsv, symvers",
				     inv->common.format)
		       : 0;
}

static int write_view(const struct invocation *inv, enum format format,
		      const struct export_view *view, FILE *file, struct ksa_error *err)
{
	switch (format) {
	case FORMAT_JSON:
		return write_exports_json(view, file, err);
	case FORMAT_TSV:
		return write_exports_tsv(view, file, err);
	case FORMAT_SYMVERS:
		return write_exports_symvers(view, file, err);
	case FORMAT_TEXT:
	case FORMAT_COUNT:
		break;
	}
	return write_exports_text(view, file, want_color(inv), err);
}

static void cleanup_kernel(struct ksa_kernel **kernel)
{
	ksa_kernel_free(*kernel);
}

/* Notices stand in the head of text and in JSON; the other forms have no place for them. */
static int say_notices(const struct invocation *inv, const struct ksa_kernel *kernel,
		       enum format format)
{
	size_t count = ksa_kernel_notice_count(kernel), shown = count;

	if (format < FORMAT_TSV || (inv->common.quiet && !inv->common.strict))
		shown = 0; /* what fails the run is said even so */
	for (size_t i = 0; i < shown; i++)
		print_note("ksymaudit: notice: ", ksa_kernel_notice_at(kernel, i));
	return inv->common.strict && count ? EXIT_TROUBLE : EXIT_CLEAN;
}

static int run(struct invocation *inv)
{
	_cleanup_(cleanup_kernel) struct ksa_kernel *kernel = NULL;
	_cleanup_(export_view_release) struct export_view view = {.kernel = NULL};
	struct ksa_read_options read;
	struct ksa_error err = {.code = 0};
	struct output out;
	enum format format;
	struct context *c = inv->context;
	int r = find_format(inv, &format);

	if (!r && c->family)
		r = find_family(inv, c->family, &c->filter.family);
	if (r)
		return r;
	/* A snapshot also has what modules import, and which exports are thin wrappers. */
	read = read_options(inv, format == FORMAT_JSON);
	read.calls = format == FORMAT_JSON;
	read.prototypes = c->prototypes;
	r = ksa_kernel_open(inv->operand_count ? inv->operands[0] : NULL, &read, &kernel, &err);
	progress_clear(inv);
	if (!r && read.calls)
		r = wrappers_store(kernel, inv->rules, &err);
	if (r || export_view_make(kernel, &c->filter, &view, &err))
		return print_error(&err);
	view.prototypes = c->prototypes;
	r = output_open(&out, inv);
	if (r)
		return r;
	r = write_view(inv, format, &view, out.file, &err);
	if (r)
		return output_failed(&out, &err);
	return output_close(&out, true, say_notices(inv, kernel, format));
}

const struct command cmd_exports = {
	.name = "exports",
	.operands = "[KERNEL]",
	.summary =
		"What does this kernel export, and to whom?\n"
		"KERNEL is an image, a tree, headers, packages, a Module.symvers, a snapshot (see\n"
		"ksymaudit(1)); without it, the running kernel. Formats: text, json, tsv, symvers.",
	.options = options,
	.take = take,
	.run = run,
	.max_operands = 1,
	.context_size = sizeof(struct context),
};
