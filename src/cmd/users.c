// SPDX-License-Identifier: GPL-2.0-or-later
#include "cmd/cmd.h"

#include <stdlib.h>
#include <string.h>

#include "audit/users.h"
#include "base/cleanup.h"
#include "write/users.h"

static const struct option options[] = {
	{0, "none", NULL, "only exports that no module uses"},
	{0, "new", "OLD", "only exports that the kernel OLD does not have"},
	{0, "by-family", NULL, "count by family instead"},
	{0, "family", "FAMILY", "only symbols of this family"},
	{0, "class", "CLASS[,CLASS]", "only plain, gpl, gpl-future, unused, unused-gpl, unknown"},
	{0, "namespace", "GLOB", "only exports in such a namespace ('' for none)"},
	{0, "owner", "GLOB", "only exports of such modules ('vmlinux' for the image)"},
	{0, "defined-in", "WHERE", "only exports of vmlinux, or of modules"},
	{0, NULL, NULL, NULL},
};

struct context {
	struct users_options options;
	struct export_filter filter;
	const char *family; /* as given: --rules may come later; NULL: all */
	const char *old; /* NULL: none */
};

static int take(struct invocation *inv, const struct option *o, const char *value)
{
	struct context *c = inv->context;

	if (strcmp(o->name, "none") == 0)
		c->options.none = true;
	else if (strcmp(o->name, "by-family") == 0)
		c->options.by_family = true;
	else if (strcmp(o->name, "new") == 0)
		c->old = value;
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
	return usage_error(inv, "'%s' is not a format of users: text, json, tsv", name);
}

static void cleanup_kernel(struct ksa_kernel **kernel)
{
	ksa_kernel_free(*kernel);
}

/* Text and JSON have the notices; a table has no place for them. */
static int say_notices(const struct invocation *inv, const struct users *users, enum format format)
{
	const struct ksa_kernel *kernel = users->kernel;
	bool say = format == FORMAT_TSV && (!inv->common.quiet || inv->common.strict);

	for (size_t i = 0; i < kernel->notice_count && say; i++)
		print_note("ksymaudit: notice: ", kernel->notices[i]);
	if (users->notice && say)
		print_note("ksymaudit: notice: ", users->notice);
	return inv->common.strict && (kernel->notice_count || users->notice) ? EXIT_TROUBLE
									     : EXIT_CLEAN;
}

static int write_all(struct invocation *inv, const struct users *users, enum format format)
{
	const struct context *c = inv->context;
	const struct users_text_options text = {.lists = inv->common.verbose ||
							 c->options.symbol_count,
						.quiet = inv->common.quiet};
	struct ksa_error err = {.code = 0};
	struct output out;
	int r = output_open(&out, inv);

	if (r)
		return r;
	if (format == FORMAT_JSON)
		r = write_users_json(users, out.file, &err);
	else if (format == FORMAT_TSV)
		r = write_users_tsv(users, out.file, &err);
	else
		r = write_users_text(users, &text, out.file, &err);
	if (r)
		return output_failed(&out, &err);
	return output_close(&out, true, say_notices(inv, users, format));
}

/* The kernel, and the old one, of which only the exports are asked for. */
static int open_both(struct invocation *inv, struct ksa_kernel **kernel, struct ksa_kernel **old,
		     struct ksa_error *err)
{
	const struct context *c = inv->context;
	struct ksa_read_options read = read_options(inv, true);
	int r;

	read.users = true;
	r = ksa_kernel_open(inv->operand_count ? inv->operands[0] : NULL, &read, kernel, err);
	read = read_options(inv, false);
	if (!r && c->old)
		r = ksa_kernel_open(c->old, &read, old, err);
	progress_clear(inv);
	return r;
}

static int run(struct invocation *inv)
{
	_cleanup_(cleanup_kernel) struct ksa_kernel *kernel = NULL;
	_cleanup_(cleanup_kernel) struct ksa_kernel *old = NULL;
	_cleanup_(users_release) struct users users = {.kernel = NULL};
	union {
		char **in;
		const char *const *out;
	} operands = {.in = inv->operands};
	struct context *c = inv->context;
	struct ksa_error err = {.code = 0};
	enum format format;
	int r = find_format(inv, &format);

	if (!r && c->family)
		r = find_family(inv, c->family, &c->filter.family);
	if (r)
		return r;
	if (open_both(inv, &kernel, &old, &err))
		return print_error(&err);
	c->options.rules = inv->rules;
	c->options.filter = &c->filter;
	c->options.old = old;
	if (inv->operand_count > 1) {
		c->options.symbols = operands.out + 1;
		c->options.symbol_count = inv->operand_count - 1;
	}
	if (users_find(kernel, &c->options, &users, &err))
		return print_error(&err);
	return write_all(inv, &users, format);
}

const struct command cmd_users = {
	.name = "users",
	.operands = "[KERNEL [SYMBOL]...]",
	.summary =
		"Who uses an export in the kernel's own tree?\n"
		"Of each export the modules that import it and, where the image tells, what in "
		"vmlinux\n"
		"refers to it; of a SYMBOL (or a glob) also by name. KERNEL has modules, or is a\n"
		"snapshot (see ksymaudit(1)). Formats: text, json, tsv.",
	.options = options,
	.take = take,
	.run = run,
	.max_operands = SIZE_MAX,
	.context_size = sizeof(struct context),
};
