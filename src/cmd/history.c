// SPDX-License-Identifier: GPL-2.0-or-later
#include "cmd/cmd.h"

#include <stdlib.h>
#include <string.h>

#include "audit/history/branches.h"
#include "audit/history/groups.h"
#include "audit/history/history.h"
#include "model/rule.h"
#include "read/git/index.h"
#include "write/history.h"

struct context {
	const char *repository, *cache;
	struct history_options history;
	bool no_cache, stats;
	struct event_filter filter;
	struct string_list families; /* as given: --rules may come later */
	struct ksa_history *read;
	struct ksa_events *events;
	struct ksa_branches *branches; /* with --branches */
	unsigned int by; /* enum history_by */
	struct history_stats counts; /* with --stats alone */
	const char *list; /* "FIGURE" or "RELEASE:FIGURE" */
	char *release; /* of list, malloc'd; NULL: all */
	struct history_stats_list listed; /* with --list */
	struct history_groups groups; /* with --stats --by */
};

static const char *event_words(unsigned int number)
{
	return number < EVENT_KINDS ? event_kind_name((enum event_kind)number) : NULL;
}

static const struct option options[] = {
	{'C', "repository", "REPO", TO_TEXT(struct context, repository),
	 "the git repository (default: the current directory)"},
	{0, "since", "REV", TO_TEXT(struct context, history.since),
	 "leave out what REV's history has"},
	{0, "until", "REV", TO_TEXT(struct context, history.until),
	 "the history of REV (default: HEAD); A..B is --since A --until B"},
	{0, "branches", "GLOB", TO_LIST(struct context, history.branches),
	 "which of these branches have which changes, and which miss them"},
	{0, "path", "PATH", TO_LIST(struct context, filter.paths),
	 "only exports of this file, directory or glob"},
	{0, "only", "EVENT[,EVENT]", TO_SET_LIST(struct context, filter.kinds, event_words),
	 "only reclassified, namespace, moved, renamed, introduced, removed, present"},
	{0, "family", "FAMILY", TO_LIST(struct context, families),
	 "the symbols of a family (may be given several times)"},
	{0, "by", "WHAT", TO_WORD(struct context, by, history_by_name),
	 "with --stats: count events by author, subsystem or year"},
	{0, "list", "[RELEASE:]FIGURE", TO_TEXT(struct context, list),
	 "with --stats: the symbols that a figure (a column) counts, of one release or of all"},
	{0, "stats", NULL, TO_FLAG(struct context, stats),
	 "count by release: exports, new ones, reclassified, without user"},
	{0, "cache", "DIR", TO_TEXT(struct context, cache),
	 "keep the index there (default: the user's cache directory)"},
	{0, "no-cache", NULL, TO_FLAG(struct context, no_cache),
	 "read everything anew, and keep nothing"},
	{.name = NULL},
};

/* "A..B" is both ends; either may be empty, as in git. */
static int split_range(struct invocation *inv, struct history_options *h)
{
	const char *dots = h->until ? strstr(h->until, "..") : NULL;

	if (!dots || dots[2] == '.')
		return 0;
	if (h->since)
		return usage_error(inv, "'--until %s' has a start of its own: leave out --since",
				   h->until);
	h->since = dots == h->until
			   ? "HEAD"
			   : arena_strndup(&inv->arena, h->until, (size_t)(dots - h->until));
	h->until = dots[2] ? dots + 2 : "HEAD";
	return h->since ? 0 : usage_error(inv, "out of memory");
}

static void release(struct invocation *inv)
{
	struct context *c = inv->context;

	history_stats_release(&c->counts);
	history_stats_list_release(&c->listed);
	free(c->release);
	history_groups_release(&c->groups);
	ksa_branches_free(c->branches);
	ksa_events_free(c->events);
	ksa_history_free(c->read);
}

/* Operands that name a family are one; the others are symbols or globs. */
static int sort_operands(struct invocation *inv, struct context *c)
{
	struct string_list *names = &c->filter.names, families = c->families;

	names->items = arena_calloc(&inv->arena, inv->operand_count, sizeof(*names->items));
	families.items = arena_calloc(&inv->arena, families.count + inv->operand_count,
				      sizeof(*families.items));
	if (!names->items || !families.items)
		return usage_error(inv, "out of memory");
	for (size_t i = 0; i < families.count; i++)
		families.items[i] = c->families.items[i];
	for (size_t i = 0; i < inv->operand_count; i++) {
		const char *name = inv->operands[i];
		struct string_list *list = rules_family(inv->rules, name) ? &families : names;

		list->items[list->count++] = name;
	}
	return find_families(inv, &families, &c->filter.families);
}

/* "v6.1:new-gpl": a release and a column, with '-' for the blanks of its name. */
static int split_figure(struct invocation *inv, struct context *c)
{
	const char *colon = strrchr(c->list, ':'), *word = colon ? colon + 1 : c->list;

	for (int i = 0; i < STATS_COLUMNS; i++) {
		const char *name = history_stats_names[i];
		size_t k = 0;

		while (word[k] && word[k] == (name[k] == ' ' ? '-' : name[k]))
			k++;
		if (word[k] || name[k])
			continue;
		c->listed.column = (enum stats_column)i;
		c->release = colon ? strndup(c->list, (size_t)(colon - c->list)) : NULL;
		return colon && !c->release ? usage_error(inv, "out of memory") : 0;
	}
	return usage_error(inv,
			   "'%s' is no figure of --stats: plain, gpl, mixed, other, new-plain, "
			   "new-gpl, new-other, removed, to-gpl, to-plain, unused, next, second, "
			   "later, never",
			   word);
}

static int check_list(struct invocation *inv, struct context *c)
{
	if (!c->list)
		return 0;
	if (!c->stats || c->by)
		return usage_error(inv, "--list goes with --stats, and without --by");
	if (report_wants(inv, "html") || report_wants(inv, "markdown"))
		return usage_error(inv, "--list has text, json and tsv");
	return split_figure(inv, c);
}

/* What of the options does not go together. */
static int check_options(struct invocation *inv, struct context *c)
{
	if (c->by && !c->stats)
		return usage_error(inv, "--by goes with --stats");
	if (c->stats && !c->by &&
	    (inv->operand_count || c->filter.kinds || c->filter.paths.count || c->families.count))
		return usage_error(inv,
				   "--stats counts whole releases: it takes no symbols, and no "
				   "--only, --path or --family");
	if (c->history.branches.count && (c->stats || c->history.until))
		return usage_error(inv, "--branches names what is looked at: leave out %s",
				   c->stats ? "--stats" : "--until");
	if (c->history.branches.count && report_wants(inv, "html"))
		return usage_error(inv, "--branches has text, json, tsv and markdown, no html");
	return split_range(inv, &c->history);
}

static int write_text(struct invocation *inv, FILE *out, struct ksa_error *err)
{
	const struct history_text_options text = {.color = want_color(inv),
						  .quiet = inv->common.quiet,
						  .verbose = inv->common.verbose};
	const struct context *c = inv->context;

	if (c->branches)
		return write_branches_text(c->branches, &text, out, err);
	if (c->by)
		return write_groups_text(c->events, &c->groups, out, err);
	if (c->list)
		return write_stats_list_text(c->read, &c->listed, out, err);
	return c->stats ? write_stats_text(c->read, &c->counts, out, err)
			: write_history_text(c->events, &text, out, err);
}

static int write_json(struct invocation *inv, FILE *out, struct ksa_error *err)
{
	const struct context *c = inv->context;

	if (c->branches)
		return write_branches_json(c->branches, out, err);
	if (c->by)
		return write_groups_json(c->events, &c->groups, out, err);
	if (c->list)
		return write_stats_list_json(c->read, &c->listed, out, err);
	return c->stats ? write_stats_json(c->read, &c->counts, out, err)
			: write_history_json(c->events, out, err);
}

static int write_tsv(struct invocation *inv, FILE *out, struct ksa_error *err)
{
	const struct context *c = inv->context;

	if (!c->stats)
		say_notices(inv, c->read->notices, c->read->notice_count);
	if (c->branches)
		return write_branches_tsv(c->branches, out, err);
	if (c->by)
		return write_groups_tsv(&c->groups, out, err);
	if (c->list)
		return write_stats_list_tsv(c->read, &c->listed, out, err);
	return c->stats ? write_stats_tsv(c->read, &c->counts, out, err)
			: write_history_tsv(c->events, out, err);
}

static int write_markdown(struct invocation *inv, FILE *out, struct ksa_error *err)
{
	const struct context *c = inv->context;

	if (c->branches)
		return write_branches_markdown(c->branches, out, err);
	if (c->by)
		return write_groups_markdown(c->events, &c->groups, out, err);
	return c->stats ? write_stats_markdown(c->read, &c->counts, out, err)
			: write_history_markdown(c->events, out, err);
}

static int write_html(struct invocation *inv, FILE *out, struct ksa_error *err)
{
	const struct context *c = inv->context;

	if (c->by)
		return write_groups_html(c->events, &c->groups, out, err);
	return c->stats ? write_stats_html(c->read, &c->counts, out, err)
			: write_history_html(c->events, out, err);
}

static const struct report_format formats[] = {REPORT_FORMAT(text), REPORT_FORMAT(json),
					       REPORT_FORMAT(tsv),  REPORT_FORMAT(markdown),
					       REPORT_FORMAT(html), {.name = NULL}};

static int count_releases(struct context *c, struct ksa_error *err)
{
	struct history_releases releases = {.tags = NULL};
	int r = history_read_releases(c->read, &c->history, &releases, err);

	if (!r)
		r = history_count_releases(&releases, &c->counts, err);
	if (!r && c->list)
		r = history_list_figure(c->read, &releases, c->release, &c->listed, err);
	history_releases_release(&releases);
	return r;
}

/* What the symbols are at the tips, and which commits are one change. */
static int compare_branches(struct context *c, struct ksa_error *err)
{
	struct object_id *ids;
	int r = branches_new(c->events, &c->branches, err);

	for (size_t i = 0; i < c->read->branch_count && !r; i++) {
		struct history_exports exports = {NULL, 0, 0};

		c->read->head = c->read->branches[i].commit;
		r = history_read_files(c->read, c->branches->files, c->branches->file_count,
				       &exports, err);
		if (!r)
			r = branches_take_tip(c->branches, i, &exports, err);
		free(exports.items);
	}
	c->read->head = HISTORY_NONE;
	if (r)
		return r;
	ids = calloc(c->branches->asked_count + 1, sizeof(*ids));
	r = ids ? history_read_patch_ids(c->read, c->branches->asked, c->branches->asked_count, ids,
					 err)
		: ksa_fail_nomem(err);
	if (!r)
		r = branches_finish(c->branches, ids, err);
	free(ids);
	return r;
}

/* The events, and what is made of them. */
static int read_events(struct context *c, struct ksa_error *err)
{
	int r = history_events(c->read, &c->filter, &c->events, err);

	if (r)
		return r;
	if (c->history.branches.count)
		return compare_branches(c, err);
	if (c->by)
		return history_group(c->events, (enum history_by)c->by, &c->groups, err);
	return confirm_events(c->read, c->events, err);
}

static int read_all(struct invocation *inv, struct context *c, struct ksa_error *err)
{
	int r;

	c->history.read = read_options(inv, false);
	if (!c->no_cache && !c->cache)
		c->cache = inv->cache_dir;
	c->history.cache = c->no_cache ? NULL : c->cache;
	r = history_read(c->repository ? c->repository : ".", &c->history, &c->read, err);
	if (r)
		return r;
	r = c->stats && !c->by ? count_releases(c, err) : read_events(c, err);
	say_index(inv, c->read->index_note);
	return r;
}

static int run(struct invocation *inv)
{
	struct context *c = inv->context;
	struct ksa_error err = {.code = 0};
	int r = check_options(inv, c);

	if (!r)
		r = check_list(inv, c);
	if (!r)
		r = sort_operands(inv, c);
	if (r)
		return r;
	r = read_all(inv, c, &err);
	progress_clear(inv);
	if (r)
		return print_error(&err);
	inv->incomplete = say_history_incomplete(c->read);
	return report_write(inv, strict_status(inv, c->read->notice_count + c->counts.missing));
}

const struct command cmd_history = {
	.name = "history",
	.operands = "[SYMBOL|GLOB|FAMILY]...",
	.summary = "Which commits introduced, reclassified, moved and removed these exports?\n"
		   "Without operands: what every commit does.",
	.options = options,
	.formats = formats,
	.run = run,
	.release = release,
	.max_operands = SIZE_MAX,
	.context_size = sizeof(struct context),
};
