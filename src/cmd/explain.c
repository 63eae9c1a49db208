// SPDX-License-Identifier: GPL-2.0-or-later
#include "cmd/cmd.h"

#include <stdlib.h>
#include <string.h>

#include "audit/explain.h"
#include "base/cleanup.h"
#include "base/strbuf.h"
#include "base/vec.h"
#include "model/kernel.h"
#include "write/explain.h"

static const struct option options[] = {
	{'k', "kernel", "KERNEL", "look into this kernel too; may be repeated"},
	{0, NULL, NULL, NULL},
};

struct context {
	struct {
		const char **items;
		size_t count, capacity;
	} specs; /* of the user, behind the shipped ones */
	char **shipped; /* malloc'd, with shipped_count strings */
	size_t shipped_count;
	struct kernel_list kernels;
	struct explain_page page;
};

static int take(struct invocation *inv, const struct option *o, const char *value)
{
	struct context *c = inv->context;
	struct ksa_error err = {.code = 0};

	if (!*value)
		return bad_value(inv, o, value);
	if (VEC_PUSH_ROOM(&c->specs, &err))
		return print_error(&err);
	c->specs.items[c->specs.count++] = value;
	return 0;
}

/* The shipped snapshots, and what the user names: symbols and families are looked up there. */
static int open_all(struct invocation *inv, struct context *c, struct ksa_error *err)
{
	_cleanup_free_ const char **specs = NULL;
	size_t count;

	c->shipped = shipped_names(inv, &c->shipped_count);
	count = c->shipped_count + c->specs.count;
	if (!count)
		return 0;
	specs = calloc(count, sizeof(*specs));
	if (!specs)
		return ksa_fail_nomem(err);
	for (size_t i = 0; i < c->shipped_count; i++)
		specs[i] = c->shipped[i];
	for (size_t i = 0; i < c->specs.count; i++)
		specs[c->shipped_count + i] = c->specs.items[i];
	return open_kernels(inv, specs, count, WANT_IMPORTS | WANT_PROTOTYPES, &c->kernels, err);
}

static int say_unknown(const struct invocation *inv, const struct explain_page *page)
{
	_cleanup_(strbuf_release) struct strbuf text = {NULL, 0, 0, false};

	strbuf_printf(&text, "'%s' is no rule, no family, no license string, and no symbol of ",
		      page->name);
	for (size_t k = 0; k < page->kernel_count; k++)
		strbuf_printf(&text, "%s%s", k ? ", " : "", page->kernels[k]->label);
	if (!page->kernel_count)
		strbuf_adds(&text, "any kernel at hand");
	for (size_t i = 0; i < page->nearest_count; i++)
		strbuf_printf(&text, "%s%s", i ? ", " : "; close to it: ", page->nearest[i]);
	return usage_error(inv, "%s", strbuf_string(&text));
}

static int write_text(struct invocation *inv, FILE *out, struct ksa_error *err)
{
	const struct explain_text_options text = {.verbose = inv->common.verbose};
	const struct context *c = inv->context;

	return write_explain_text(&c->page, &text, out, err);
}

static int write_json(struct invocation *inv, FILE *out, struct ksa_error *err)
{
	const struct context *c = inv->context;

	return write_explain_json(&c->page, out, err);
}

static const struct report_format formats[] = {
	{"text", write_text}, {"json", write_json}, {NULL, NULL}};

static int run(struct invocation *inv)
{
	struct context *c = inv->context;
	struct ksa_error err = {.code = 0};
	enum explain_kind kind;
	int r = 0;

	c->page.name = inv->operands[0];
	kind = explain_kind_of(inv->rules, c->page.name);
	if (kind != EXPLAIN_RULE && kind != EXPLAIN_LICENSE)
		r = open_all(inv, c, &err);
	c->page.kernels = c->kernels.items;
	c->page.kernel_count = c->kernels.count;
	if (!r)
		r = explain_make(&c->page, inv->rules, &err);
	progress_clear(inv);
	if (r)
		return print_error(&err);
	if (c->page.kind == EXPLAIN_UNKNOWN)
		return say_unknown(inv, &c->page);
	return report_write(inv, EXIT_CLEAN);
}

static void release(struct invocation *inv)
{
	struct context *c = inv->context;

	explain_release(&c->page);
	kernel_list_release(&c->kernels);
	for (size_t i = 0; i < c->shipped_count; i++)
		free(c->shipped[i]);
	free(c->shipped);
	free(c->specs.items);
}

const struct command cmd_explain = {
	.name = "explain",
	.operands = "NAME",
	.summary = "What is known of a rule, a symbol, a family of symbols or a license string?\n"
		   "Symbols are looked up in the shipped snapshots and in each KERNEL.",
	.options = options,
	.formats = formats,
	.take = take,
	.run = run,
	.release = release,
	.min_operands = 1,
	.max_operands = 1,
	.context_size = sizeof(struct context),
};
