// SPDX-License-Identifier: GPL-2.0-or-later
#include "cmd/cmd.h"

#include <stdlib.h>
#include <string.h>

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

enum format { FORMAT_TEXT, FORMAT_JSON, FORMAT_TSV };

static int find_format(const struct invocation *inv, enum format *format)
{
	const char *name = inv->common.format ? inv->common.format : "text";

	*format = strcmp(name, "json") == 0  ? FORMAT_JSON
		  : strcmp(name, "tsv") == 0 ? FORMAT_TSV
					     : FORMAT_TEXT;
	if (*format != FORMAT_TEXT || strcmp(name, "text") == 0)
		return 0;
	return usage_error(inv, "'%s' is not a format of wrappers: text, json, tsv", name);
}

static void cleanup_kernel(struct ksa_kernel **kernel)
{
	ksa_kernel_free(*kernel);
}

/* Text and JSON have the notices; a table has no place for them. */
static int say_notices(const struct invocation *inv, const struct wrappers *w, enum format format)
{
	size_t count = w->kernel->notice_count + w->notice_count;
	bool say = format == FORMAT_TSV && (!inv->common.quiet || inv->common.strict);

	for (size_t i = 0; i < count && say; i++)
		print_note("ksymaudit: notice: ",
			   i < w->kernel->notice_count ? w->kernel->notices[i]
						       : w->notices[i - w->kernel->notice_count]);
	return inv->common.strict && count ? EXIT_TROUBLE : EXIT_CLEAN;
}

static int write_all(struct invocation *inv, const struct wrappers *w, enum format format)
{
	struct ksa_error err = {.code = 0};
	struct output out;
	int r = output_open(&out, inv);

	if (r)
		return r;
	if (format == FORMAT_JSON)
		r = write_wrappers_json(w, out.file, &err);
	else if (format == FORMAT_TSV)
		r = write_wrappers_tsv(w, out.file, &err);
	else
		r = write_wrappers_text(w, inv->common.quiet, out.file, &err);
	if (r)
		return output_failed(&out, &err);
	return output_close(&out, true, say_notices(inv, w, format));
}

static int run(struct invocation *inv)
{
	_cleanup_(cleanup_kernel) struct ksa_kernel *kernel = NULL;
	_cleanup_(wrappers_release) struct wrappers wrappers = {.kernel = NULL};
	struct context *c = inv->context;
	struct ksa_read_options read;
	struct ksa_error err = {.code = 0};
	enum format format;
	int r = find_format(inv, &format);

	if (!r && c->family)
		r = find_family(inv, c->family, &c->options.family);
	if (r)
		return r;
	c->options.rules = inv->rules;
	c->options.filter = &c->filter;
	read = read_options(inv, false);
	read.calls = true;
	r = ksa_kernel_open(inv->operand_count ? inv->operands[0] : NULL, &read, &kernel, &err);
	progress_clear(inv);
	if (r || wrappers_find(kernel, &c->options, &wrappers, &err))
		return print_error(&err);
	return write_all(inv, &wrappers, format);
}

const struct command cmd_wrappers = {
	.name = "wrappers",
	.operands = "[KERNEL]",
	.summary = "Plain exports that lead to GPL-only ones.\n"
		   "Of each plain export the GPL-only ones that its code calls. KERNEL is an image "
		   "with\n"
		   "debug information or symbols, modules, packages of these, or a snapshot (see\n"
		   "ksymaudit(1)). Formats: text, json, tsv.",
	.options = options,
	.take = take,
	.run = run,
	.max_operands = 1,
	.context_size = sizeof(struct context),
};
