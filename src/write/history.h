/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef WRITE_HISTORY_H
#define WRITE_HISTORY_H

#include <stdio.h>

#include "base/strbuf.h"
#include "model/branches.h"
#include "model/event.h"
#include "model/history_groups.h"
#include "model/history_stats.h"

struct history_text_options {
	bool color, quiet, verbose;
	size_t indent; /* of each line of a timeline */
};

/*
 * The events as text: a timeline for each symbol where symbols or families were asked for, else by
 * release and commit. KSA_ENOMEM or KSA_EIO, here and below.
 */
int write_history_text(const struct ksa_events *events, const struct history_text_options *options,
		       FILE *out, struct ksa_error *err) _must_check_;

/* The timelines alone. */
int write_history_timelines(const struct ksa_events *events,
			    const struct history_text_options *options, FILE *out,
			    struct ksa_error *err) _must_check_;

/* A line an event: symbol, file, event, from, to, commit, author date, first tag; "likely" if it
 * is. */
int write_history_tsv(const struct ksa_events *events, FILE *out,
		      struct ksa_error *err) _must_check_;

/* A table for each symbol, or for each release. */
int write_history_markdown(const struct ksa_events *events, FILE *out,
			   struct ksa_error *err) _must_check_;

/* The report of ksymaudit-report(5). */
int write_history_json(const struct ksa_events *events, FILE *out,
		       struct ksa_error *err) _must_check_;

/* Its own members of that report, from repository on, in one that is being written. */
struct json_writer;
void write_history_members(struct json_writer *w, const struct ksa_events *events);

/* Which branches have which changes: a block for each, a line a branch and change, a table. */
int write_branches_text(const struct ksa_branches *branches,
			const struct history_text_options *options, FILE *out,
			struct ksa_error *err) _must_check_;
int write_branches_tsv(const struct ksa_branches *branches, FILE *out,
		       struct ksa_error *err) _must_check_;
int write_branches_markdown(const struct ksa_branches *branches, FILE *out,
			    struct ksa_error *err) _must_check_;
int write_branches_json(const struct ksa_branches *branches, FILE *out,
			struct ksa_error *err) _must_check_;

/* Events by author, subsystem or year, as a table. */
int write_groups_text(const struct ksa_events *events, const struct history_groups *groups,
		      FILE *out, struct ksa_error *err) _must_check_;
int write_groups_tsv(const struct history_groups *groups, FILE *out,
		     struct ksa_error *err) _must_check_;
int write_groups_markdown(const struct ksa_events *events, const struct history_groups *groups,
			  FILE *out, struct ksa_error *err) _must_check_;
int write_groups_json(const struct ksa_events *events, const struct history_groups *groups,
		      FILE *out, struct ksa_error *err) _must_check_;

/* The page of the events, with links to where their commits were discussed; or of the groups. */
int write_history_html(const struct ksa_events *events, FILE *out,
		       struct ksa_error *err) _must_check_;
int write_groups_html(const struct ksa_events *events, const struct history_groups *groups,
		      FILE *out, struct ksa_error *err) _must_check_;

/* What the releases export, as a table. */
int write_stats_text(const struct ksa_history *history, const struct history_stats *stats,
		     FILE *out, struct ksa_error *err) _must_check_;
int write_stats_tsv(const struct ksa_history *history, const struct history_stats *stats, FILE *out,
		    struct ksa_error *err) _must_check_;
int write_stats_markdown(const struct ksa_history *history, const struct history_stats *stats,
			 FILE *out, struct ksa_error *err) _must_check_;
/* A page (write/html/html.h) with charts and the table. */
int write_stats_html(const struct ksa_history *history, const struct history_stats *stats,
		     FILE *out, struct ksa_error *err) _must_check_;
int write_stats_json(const struct ksa_history *history, const struct history_stats *stats,
		     FILE *out, struct ksa_error *err) _must_check_;

/* The symbols behind one of its figures, a line each. */
int write_stats_list_text(const struct ksa_history *history, const struct history_stats_list *list,
			  FILE *out, struct ksa_error *err) _must_check_;
int write_stats_list_tsv(const struct ksa_history *history, const struct history_stats_list *list,
			 FILE *out, struct ksa_error *err) _must_check_;
int write_stats_list_json(const struct ksa_history *history, const struct history_stats_list *list,
			  FILE *out, struct ksa_error *err) _must_check_;

/* Words that the writers share (history_words.c) */

/* Paths as one column shows them: "a", "a => b" where they differ. Not escaped. */
void history_paths(struct strbuf *buf, const struct ksa_event *event);

/* The values of the event's axis: a class ("plain"), a namespace, a name, a path; "" for none. */
void history_values(struct strbuf *from, struct strbuf *to, const struct ksa_event *event);

/* What happened, to be read aloud: "introduced as plain in mm/memory.c". with_path false leaves out
 * the file. Not escaped. */
void history_words(struct strbuf *buf, const struct ksa_events *events,
		   const struct ksa_event *event, bool with_path);

/* Whole days from the earlier commit to the later one, by their authors' dates. */
int64_t history_days(const struct ksa_history *h, uint32_t earlier, uint32_t later);

/* The first release and, if that is another tag, the candidate before it: "v2.6.31 (-rc1)"; "no tag
 * yet". Not escaped. */
void history_release(struct strbuf *buf, const struct ksa_events *events, uint32_t commit);

/* A date as ISO 8601 in the author's own zone; just the day. */
void history_date(struct strbuf *buf, const struct history_info *info, bool only_day);

/* What was found, in one line: "3 events in 2 commits: 1 introduced, ...". */
void history_summary(struct strbuf *buf, const struct ksa_events *events);

/* By what a commit is the change: "by its patch-id"; "" for the commit itself. */
void branches_link_words(struct strbuf *buf, enum branch_link link);

/* Where the symbol stands on a branch without the change: "plain there"; "" if it has it. Not
 * escaped. */
void branches_state_words(struct strbuf *buf, const struct ksa_event *e,
			  const struct branch_cell *cell);

/* "3 changes on 4 branches: 1 missing on some branch". */
void branches_summary(struct strbuf *buf, const struct ksa_branches *branches);

/* "12 releases: 3 exports went from plain to gpl ..." */
void history_stats_sums(struct strbuf *buf, const struct history_stats *stats);

#endif
