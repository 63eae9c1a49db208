// SPDX-License-Identifier: GPL-2.0-or-later
#include "cmd/cmd.h"

#include "audit/review/review.h"
#include "cmd/review_modules.h"
#include "read/kernel/dotconfig.h"
#include "read/review/git.h"
#include "write/review.h"

struct context {
	const char *kernel, *config_path, *waivers_file;
	bool explain;
	struct changes changes;
	struct review_modules modules;
	struct dotconfig config;
	struct ksa_waivers *waivers;
	char today[11];
	struct kernel_list kernels;
	struct review *review;
};

static const struct option options[] = {
	{'C', "repository", "REPO", TO_TEXT(struct context, changes.repository),
	 "the git repository of RANGE, or to hold patches against"},
	{0, "onto", "REV", TO_TEXT(struct context, changes.onto),
	 "lay patches over this revision of it (default: HEAD)"},
	{0, "net", NULL, TO_FLAG(struct context, changes.input.net),
	 "what the whole range or series does: added and removed again is nothing"},
	{'k', "kernel", "KERNEL", TO_TEXT(struct context, kernel),
	 "take classes and importers of other symbols from this kernel"},
	{'m', "module", "MODULE", TO_LIST(struct context, modules.paths),
	 "what do they bring for this module? may be repeated"},
	{0, "config", "FILE", TO_TEXT(struct context, config_path),
	 "a .config: is built-in code left without a module's symbols?"},
	{0, "waivers", "FILE", TO_TEXT(struct context, waivers_file),
	 "findings that this file waives do not count"},
	{0, "explain", NULL, TO_FLAG(struct context, explain),
	 "print the reason and the fix with each rule"},
	{.name = NULL},
};

static int read_input(struct invocation *inv, struct context *c, struct ksa_error *err)
{
	int r = changes_read(inv, &c->changes, (const char *const *)inv->operands,
			     inv->operand_count, err);

	return r || !c->changes.repo
		       ? r
		       : review_read_upstream(&c->changes.input, c->changes.repo, err);
}

static int open_sources(struct invocation *inv, struct context *c, struct ksa_error *err)
{
	int r = 0;

	c->changes.input.rules = inv->rules;
	if (c->waivers_file) {
		r = ksa_waivers_open(c->waivers_file, inv->rules, &c->waivers, err);
		today(c->today);
		c->changes.input.waivers = c->waivers;
		c->changes.input.today = c->today;
	}
	if (!r && c->config_path) {
		r = dotconfig_read(&c->config, c->config_path, err);
		c->changes.input.config = &c->config;
	}
	if (!r && c->kernel)
		r = open_kernels(inv, &c->kernel, 1,
				 WANT_IMPORTS | WANT_ALL |
					 (c->modules.paths.count ? WANT_HELPERS : 0),
				 &c->kernels, err);
	if (!r && c->kernel) {
		c->changes.input.kernel = c->kernels.items[0];
		c->changes.input.kernel_name = c->kernels.items[0]->label;
	}
	return r;
}

static int write_text(struct invocation *inv, FILE *out, struct ksa_error *err)
{
	const struct context *c = inv->context;
	const struct review_text_options text = {.color = want_color(inv),
						 .explain = c->explain,
						 .verbose = inv->common.verbose,
						 .quiet = inv->common.quiet,
						 .strict = inv->common.strict};

	return write_review_text(c->review, &text, out, err);
}

static int write_json(struct invocation *inv, FILE *out, struct ksa_error *err)
{
	const struct context *c = inv->context;

	return write_review_json(c->review, out, err);
}

static int write_markdown(struct invocation *inv, FILE *out, struct ksa_error *err)
{
	const struct context *c = inv->context;

	return write_review_markdown(c->review, out, err);
}

static const struct report_format formats[] = {REPORT_FORMAT(text),	REPORT_FORMAT(json),
					       REPORT_FORMAT(markdown), REPORT_RESULTS,
					       REPORT_RESULT(html),	{.name = NULL}};

/* What becomes of the modules that were given. */
static int hold_modules(struct invocation *inv, struct context *c, struct ksa_error *err)
{
	const struct ksa_check_options check = {
		.rules = inv->rules, .waivers = c->waivers, .today = c->today};

	return review_modules_hold(inv, &c->modules, &c->changes,
				   c->kernel ? c->kernels.items[0] : NULL, &check, c->review, err);
}

static int run(struct invocation *inv)
{
	struct context *c = inv->context;
	struct ksa_error err = {.code = 0};
	int r = changes_check(inv, &c->changes, (const char *const *)inv->operands,
			      inv->operand_count);

	if (!r)
		r = review_modules_check(inv, &c->modules, &c->changes, c->kernel);
	if (r)
		return r;
	r = open_sources(inv, c, &err);
	if (!r)
		r = read_input(inv, c, &err);
	if (!r)
		r = review_make(&c->changes.input, &c->review, &err);
	if (!r && c->modules.paths.count)
		r = hold_modules(inv, c, &err);
	if (!r) {
		c->review->report.fail_on = inv->common.fail_on;
		r = report_take(inv, &c->review->report, &err);
	}
	progress_clear(inv);
	return r ? print_error(&err) : report_write(inv, report_status(inv, &c->review->report));
}

static void release(struct invocation *inv)
{
	struct context *c = inv->context;

	review_free(c->review);
	review_modules_release(&c->modules);
	changes_release(&c->changes);
	dotconfig_release(&c->config);
	ksa_waivers_free(c->waivers);
	kernel_list_release(&c->kernels);
}

const struct command cmd_review = {
	.name = "review",
	.operands = "RANGE | PATCH...",
	.summary =
		"What do these changes do to exports, before they are merged?\n"
		"RANGE is A..B, or one commit, of the repository (-C; default: the one here). A\n"
		"PATCH is a patch, a mail, an mbox, or - for standard input; a diff that a reply\n"
		"quotes is read too.",
	.options = options,
	.formats = formats,
	.run = run,
	.release = release,
	.min_operands = 1,
	.max_operands = 100000,
	.has_findings = true,
	.context_size = sizeof(struct context),
};
