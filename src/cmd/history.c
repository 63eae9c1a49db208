// SPDX-License-Identifier: GPL-2.0-or-later
#include "cmd/cmd.h"

#include <stdlib.h>
#include <string.h>

#include "audit/history.h"
#include "base/cleanup.h"
#include "base/vec.h"
#include "model/rule.h"
#include "read/git_index.h"
#include "write/history.h"

static const struct option options[] = {
	{'C', "repository", "REPO", "the git repository (default: the current directory)"},
	{0, "since", "REV", "leave out what REV's history has"},
	{0, "until", "REV", "the history of REV (default: HEAD); A..B is --since A --until B"},
	{0, "path", "PATH", "only exports of this file, directory or glob"},
	{0, "only", "EVENT[,EVENT]",
	 "only reclassified, namespace, moved, renamed, introduced, removed, present"},
	{0, "family", "FAMILY", "the symbols of a family (may be given several times)"},
	{0, "stats", NULL, "count by release: exports, new ones, reclassified, without user"},
	{0, "cache", "DIR", "keep the index there (default: the user's cache directory)"},
	{0, "no-cache", NULL, "read everything anew, and keep nothing"},
	{0, NULL, NULL, NULL},
};

struct context {
	const char *repository, *path, *cache;
	struct history_options history;
	char *since; /* of a range; malloc'd */
	bool no_cache, stats;
	unsigned int kinds;
	const char **family_names; /* as given: --rules may come later */
	size_t family_count, family_capacity;
	const struct ksa_family **families; /* of these names */
	char *cache_dir; /* malloc'd */
	struct ksa_history *read;
	struct ksa_events *events;
	struct history_stats counts; /* with --stats */
};

static int take_kinds(struct invocation *inv, struct context *c, const char *value)
{
	do {
		size_t length = strcspn(value, ",");
		bool found = false;

		for (int kind = 0; kind < EVENT_KINDS && !found; kind++) {
			const char *name = event_kind_name((enum event_kind)kind);

			found = strlen(name) == length && strncmp(name, value, length) == 0;
			if (found)
				c->kinds |= 1u << kind;
		}
		if (!found)
			return usage_error(inv,
					   "'%.*s' is not an event: reclassified, namespace, "
					   "moved, renamed, introduced, removed, present",
					   (int)length, value);
		value += length + (value[length] == ',');
	} while (*value);
	return 0;
}

static int add_family_name(struct context *c, const char *name)
{
	struct ksa_error err = {.code = 0};

	if (vec_reserve(&c->family_names, &c->family_capacity, c->family_count + 1,
			sizeof(*c->family_names), &err))
		return print_error(&err);
	c->family_names[c->family_count++] = name;
	return 0;
}

/* "A..B" is both ends; either may be empty, as in git. */
static int take_until(struct context *c, const char *value)
{
	const char *dots = strstr(value, "..");

	c->history.until = value;
	if (!dots || dots[2] == '.')
		return 0;
	free(c->since);
	c->since = strndup(value, (size_t)(dots - value));
	c->history.since = c->since && *c->since ? c->since : "HEAD";
	c->history.until = dots[2] ? dots + 2 : "HEAD";
	return 0;
}

static int take(struct invocation *inv, const struct option *o, const char *value)
{
	struct context *c = inv->context;

	if (o->letter == 'C')
		c->repository = value;
	else if (strcmp(o->name, "since") == 0)
		c->history.since = value;
	else if (strcmp(o->name, "until") == 0)
		return take_until(c, value);
	else if (strcmp(o->name, "path") == 0)
		c->path = value;
	else if (strcmp(o->name, "only") == 0)
		return take_kinds(inv, c, value);
	else if (strcmp(o->name, "family") == 0)
		return add_family_name(c, value);
	else if (strcmp(o->name, "cache") == 0)
		c->cache = value;
	else if (strcmp(o->name, "stats") == 0)
		c->stats = true;
	else
		c->no_cache = true;
	return 0;
}

static void release(struct invocation *inv)
{
	struct context *c = inv->context;

	history_stats_release(&c->counts);
	ksa_events_free(c->events);
	ksa_history_free(c->read);
	free(c->families);
	free(c->family_names);
	free(c->cache_dir);
	free(c->since);
}

/* Operands that name a family are one; the others are symbols or globs. */
static int sort_operands(struct invocation *inv, struct context *c, const char **names,
			 size_t *count)
{
	*count = 0;
	for (size_t i = 0; i < inv->operand_count; i++) {
		const char *name = inv->operands[i];
		int r;

		if (!rules_family(inv->rules, name)) {
			names[(*count)++] = name;
			continue;
		}
		r = add_family_name(c, name);
		if (r)
			return r;
	}
	c->families = calloc(c->family_count + 1, sizeof(*c->families));
	if (!c->families)
		return usage_error(inv, "out of memory");
	for (size_t i = 0; i < c->family_count; i++)
		if (find_family(inv, c->family_names[i], &c->families[i]))
			return EXIT_TROUBLE;
	return 0;
}

static int write_text(struct invocation *inv, FILE *out, struct ksa_error *err)
{
	const struct history_text_options text = {.color = want_color(inv),
						  .quiet = inv->common.quiet,
						  .verbose = inv->common.verbose};
	const struct context *c = inv->context;

	return c->stats ? write_stats_text(c->read, &c->counts, out, err)
			: write_history_text(c->events, &text, out, err);
}

static int write_json(struct invocation *inv, FILE *out, struct ksa_error *err)
{
	const struct context *c = inv->context;

	return c->stats ? write_stats_json(c->read, &c->counts, out, err)
			: write_history_json(c->events, out, err);
}

static int write_tsv(struct invocation *inv, FILE *out, struct ksa_error *err)
{
	const struct context *c = inv->context;

	if (!c->stats)
		say_notices(inv, c->read->notices, c->read->notice_count);
	return c->stats ? write_stats_tsv(c->read, &c->counts, out, err)
			: write_history_tsv(c->events, out, err);
}

static int write_markdown(struct invocation *inv, FILE *out, struct ksa_error *err)
{
	const struct context *c = inv->context;

	return c->stats ? write_stats_markdown(c->read, &c->counts, out, err)
			: write_history_markdown(c->events, out, err);
}

/* Only with --stats; see run(). */
static int write_html(struct invocation *inv, FILE *out, struct ksa_error *err)
{
	const struct context *c = inv->context;

	return write_stats_html(c->read, &c->counts, out, err);
}

static const struct report_format formats[] = {{"text", write_text}, {"json", write_json},
					       {"tsv", write_tsv},   {"markdown", write_markdown},
					       {"html", write_html}, {NULL, NULL}};

static int count_releases(struct context *c, struct ksa_error *err)
{
	struct history_releases releases = {.tags = NULL};
	int r = history_read_releases(c->read, &c->history, &releases, err);

	if (!r)
		r = history_count_releases(&releases, &c->counts, err);
	history_releases_release(&releases);
	return r;
}

static int run(struct invocation *inv)
{
	struct context *c = inv->context;
	_cleanup_free_ const char **names = calloc(inv->operand_count + 1, sizeof(*names));
	struct event_filter filter = {.names = names, .path = c->path, .kinds = c->kinds};
	struct ksa_error err = {.code = 0};
	int r;

	if (!names)
		return usage_error(inv, "out of memory");
	if (c->stats && (inv->operand_count || c->kinds || c->path || c->family_count))
		return usage_error(inv,
				   "--stats counts whole releases: it takes no symbols, and no "
				   "--only, --path or --family");
	if (!c->stats && report_wants(inv, "html"))
		return usage_error(inv,
				   "html is for --stats; events have text, json, tsv, markdown");
	r = sort_operands(inv, c, names, &filter.name_count);
	if (r)
		return r;
	filter.families = c->families;
	filter.family_count = c->family_count;
	c->history.read = read_options(inv, false);
	if (!c->no_cache && !c->cache)
		c->cache_dir = find_cache_dir();
	c->history.cache = c->no_cache ? NULL : c->cache ? c->cache : c->cache_dir;
	r = history_read(c->repository ? c->repository : ".", &c->history, &c->read, &err);
	if (!r && c->stats)
		r = count_releases(c, &err);
	if (!r && !c->stats)
		r = history_events(c->read, &filter, &c->events, &err);
	if (!r && !c->stats)
		r = confirm_events(c->read, c->events, &err);
	progress_clear(inv);
	if (r)
		return print_error(&err);
	r = inv->common.strict && (c->read->notice_count || c->counts.missing) ? EXIT_TROUBLE
									       : EXIT_CLEAN;
	return report_write(inv, r);
}

const struct command cmd_history = {
	.name = "history",
	.operands = "[SYMBOL|GLOB|FAMILY]...",
	.summary = "Which commits introduced, reclassified, moved and removed these exports?\n"
		   "Without operands: what every commit does.",
	.options = options,
	.formats = formats,
	.take = take,
	.run = run,
	.release = release,
	.max_operands = SIZE_MAX,
	.context_size = sizeof(struct context),
};
