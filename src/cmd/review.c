// SPDX-License-Identifier: GPL-2.0-or-later
#include "cmd/cmd.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "audit/review/review.h"
#include "read/kernel/dotconfig.h"
#include "read/patch/patch.h"
#include "read/review/review.h"
#include "read/review/git.h"
#include "write/review.h"

struct context {
	const char *repository, *onto, *kernel, *config_path, *waivers_file;
	bool explain;
	struct patch_set set;
	struct dotconfig config;
	struct ksa_waivers *waivers;
	char today[11];
	struct review_repo *repo;
	char *cache_dir; /* malloc'd; NULL: none */
	struct review_input input;
	struct kernel_list kernels;
	struct review *review;
};

static const struct option options[] = {
	{'C', "repository", "REPO", TO_TEXT(struct context, repository),
	 "the git repository of RANGE, or to hold patches against"},
	{0, "onto", "REV", TO_TEXT(struct context, onto),
	 "lay patches over this revision of it (default: HEAD)"},
	{'k', "kernel", "KERNEL", TO_TEXT(struct context, kernel),
	 "take classes and importers of other symbols from this kernel"},
	{0, "config", "FILE", TO_TEXT(struct context, config_path),
	 "a .config: is built-in code left without a module's symbols?"},
	{0, "waivers", "FILE", TO_TEXT(struct context, waivers_file),
	 "findings that this file waives do not count"},
	{0, "explain", NULL, TO_FLAG(struct context, explain),
	 "print the reason and the fix with each rule"},
	{.name = NULL},
};

static bool is_file(const char *operand)
{
	return strcmp(operand, "-") == 0 || access(operand, F_OK) == 0;
}

/* Whether the operands are patches, or one range. */
static int check_operands(struct invocation *inv, struct context *c, bool *range)
{
	*range = inv->operand_count == 1 && !is_file(inv->operands[0]);
	for (size_t i = 0; i < inv->operand_count && !*range; i++)
		if (!is_file(inv->operands[i]))
			return usage_error(inv, "'%s' is not a file; give patches, or one range",
					   inv->operands[i]);
	if (*range && c->onto)
		return usage_error(inv, "'--onto' is for patches: a range has its own tree");
	if (c->onto && !c->repository)
		return usage_error(inv, "'--onto' names a revision of a repository: give -C");
	return 0;
}

/* Nothing was there to judge: that must not look like a clean result. */
static int nothing(struct invocation *inv, const struct context *c, struct ksa_error *err)
{
	const char *name =
		strcmp(inv->operands[0], "-") == 0 ? "(standard input)" : inv->operands[0];

	return ksa_fail_at(err, KSA_ENODATA, inv->operand_count == 1 ? name : "", 0,
			   "nothing to review: %s holds no diff, nor quotes one",
			   inv->operand_count > 1 ? "none of the files"
			   : c->set.covers	  ? "a cover letter"
			   : c->set.plain > 1	  ? "none of the mails"
						  : "it");
}

/* The one that was given; of a range else the one here. */
static int open_repository(struct invocation *inv, struct context *c, bool range,
			   struct ksa_error *err)
{
	struct ksa_read_options read = read_options(inv, false);
	int r = review_repo_open(c->repository ? c->repository : ".", &read, &c->repo, err);

	if (r == KSA_EUSAGE && range && !c->repository) {
		ksa_error_clear(err);
		return ksa_fail(err, KSA_EUSAGE,
				"'%s' is no file, and there is no repository here to name a "
				"revision of: give -C REPO",
				inv->operands[0]);
	}
	if (r)
		return r;
	c->cache_dir = find_cache_dir();
	review_repo_use_cache(c->repo, c->cache_dir);
	return 0;
}

static int read_range(struct invocation *inv, struct context *c, struct ksa_error *err)
{
	int r = open_repository(inv, c, true, err);

	return r ? r : review_read_range(&c->input, c->repo, inv->operands[0], err);
}

static int read_patches(struct invocation *inv, struct context *c, struct ksa_error *err)
{
	int r = 0;

	for (size_t i = 0; i < inv->operand_count && !r; i++)
		r = patches_read(&c->set, inv->operands[i], err);
	if (!r && !c->set.count)
		r = nothing(inv, c, err);
	if (!r && c->repository)
		r = open_repository(inv, c, false, err);
	if (!r && c->repo)
		r = review_repo_tree(c->repo, c->onto ? c->onto : "HEAD", &c->input.tree, err);
	return r ? r : review_read_patches(&c->input, &c->set, err);
}

static int open_sources(struct invocation *inv, struct context *c, struct ksa_error *err)
{
	int r = 0;

	c->input.rules = inv->rules;
	if (c->waivers_file) {
		r = ksa_waivers_open(c->waivers_file, inv->rules, &c->waivers, err);
		today(c->today);
		c->input.waivers = c->waivers;
		c->input.today = c->today;
	}
	if (!r && c->config_path) {
		r = dotconfig_read(&c->config, c->config_path, err);
		c->input.config = &c->config;
	}
	if (!r && c->kernel)
		r = open_kernels(inv, &c->kernel, 1, WANT_IMPORTS | WANT_ALL, &c->kernels, err);
	if (!r && c->kernel) {
		c->input.kernel = c->kernels.items[0];
		c->input.kernel_name = c->kernels.items[0]->label;
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

static int run(struct invocation *inv)
{
	struct context *c = inv->context;
	struct ksa_error err = {.code = 0};
	bool range = false;
	int r = check_operands(inv, c, &range);

	if (r)
		return r;
	r = open_sources(inv, c, &err);
	if (!r)
		r = range ? read_range(inv, c, &err) : read_patches(inv, c, &err);
	if (!r && c->repo)
		r = review_read_upstream(&c->input, c->repo, &err);
	if (!r)
		r = review_make(&c->input, &c->review, &err);
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
	review_input_release(&c->input);
	review_repo_free(c->repo);
	free(c->cache_dir);
	patch_set_release(&c->set);
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
