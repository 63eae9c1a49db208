// SPDX-License-Identifier: GPL-2.0-or-later
#include "cmd/cmd.h"

#include <stdlib.h>
#include <string.h>

#include "audit/explain.h"
#include "audit/history/history.h"
#include "base/cleanup.h"
#include "base/strbuf.h"
#include "model/kernel.h"
#include "read/git/index.h"
#include "write/explain.h"

struct context {
	struct string_list specs; /* of the user, behind the shipped ones */
	const char *repository; /* NULL: none */
	char *head; /* its sources as a kernel; malloc'd */
	const struct ksa_family *family; /* that the history is asked for; NULL: the symbol */
	struct ksa_history *history;
	struct ksa_events *events;
	char **shipped; /* malloc'd, with shipped_count strings */
	size_t shipped_count;
	struct kernel_list kernels;
	struct explain_page page;
};

static const struct option options[] = {
	{'k', "kernel", "KERNEL", TO_LIST(struct context, specs),
	 "look into this kernel too; may be repeated"},
	{'C', "repository", "REPO", TO_TEXT(struct context, repository),
	 "the history of a git repository, and its users in source"},
	{.name = NULL},
};

/* The shipped snapshots, and what the user names: symbols and families are looked up there. */
static int open_all(struct invocation *inv, struct context *c, struct ksa_error *err)
{
	_cleanup_free_ const char **specs = NULL;
	size_t count;

	c->shipped = shipped_names(inv, "", &c->shipped_count);
	if (c->repository && asprintf(&c->head, "%s@HEAD", c->repository) < 0) {
		c->head = NULL;
		return ksa_fail_nomem(err);
	}
	count = c->shipped_count + c->specs.count;
	specs = calloc(count + 1, sizeof(*specs));
	if (!specs)
		return ksa_fail_nomem(err);
	for (size_t i = 0; i < c->shipped_count; i++)
		specs[i] = c->shipped[i];
	for (size_t i = 0; i < c->specs.count; i++)
		specs[c->shipped_count + i] = c->specs.items[i];
	if (c->head)
		specs[count++] = c->head;
	if (!count)
		return 0;
	return open_kernels(inv, specs, count,
			    WANT_IMPORTS | WANT_PROTOTYPES | WANT_USERS | WANT_ALL, &c->kernels,
			    err);
}

/* What the commits of the repository did to the symbol, or to the family's. */
static int read_history(struct invocation *inv, struct context *c, struct ksa_error *err)
{
	struct event_filter filter = {.names = {.items = &c->page.name}};
	struct history_options history = {.read = read_options(inv, false)};
	int r;

	c->family = rules_family(inv->rules, c->page.name);
	filter.families = (struct family_list){&c->family, c->family != NULL};
	filter.names.count = !c->family;
	history.cache = inv->cache_dir;
	r = history_read(c->repository, &history, &c->history, err);
	if (!r)
		say_index(inv, c->history->index_note);
	if (!r)
		r = history_events(c->history, &filter, &c->events, err);
	if (!r)
		r = confirm_events(c->history, c->events, err);
	c->page.events = c->events;
	if (!r)
		inv->incomplete = say_history_incomplete(c->history);
	return r;
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
	const struct explain_text_options text = {.verbose = inv->common.verbose,
						  .color = want_color(inv)};
	const struct context *c = inv->context;

	return write_explain_text(&c->page, &text, out, err);
}

static int write_json(struct invocation *inv, FILE *out, struct ksa_error *err)
{
	const struct context *c = inv->context;

	return write_explain_json(&c->page, out, err);
}

static const struct report_format formats[] = {
	REPORT_FORMAT(text), REPORT_FORMAT(json), {.name = NULL}};

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
	if (!r && c->head)
		r = read_history(inv, c, &err);
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
	ksa_events_free(c->events);
	ksa_history_free(c->history);
	free(c->head);
}

const struct command cmd_explain = {
	.name = "explain",
	.operands = "NAME",
	.summary = "What is known of a rule, a symbol, a family of symbols or a license string?\n"
		   "Symbols are looked up in the shipped snapshots and in each KERNEL.",
	.options = options,
	.formats = formats,
	.run = run,
	.release = release,
	.min_operands = 1,
	.max_operands = 1,
	.context_size = sizeof(struct context),
};
