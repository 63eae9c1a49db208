/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef CMD_CMD_H
#define CMD_CMD_H

#include <ksymaudit.h>

#include <stdatomic.h>
#include <stdio.h>

#include "base/arena.h"
#include "base/replace.h"
#include "cmd/options.h"
#include "model/event.h"
#include "model/finding.h"
#include "model/rule.h"
#include "model/view.h"
#include "write/results.h"

/* Exit codes of every command. */
enum { EXIT_CLEAN = 0, EXIT_FINDINGS = 1, EXIT_TROUBLE = 2 };

enum when { WHEN_AUTO = 0, WHEN_ALWAYS, WHEN_NEVER };

#define FAIL_ON_NEVER (KSA_LEVEL_ERROR + 1)

/* What all commands understand. */
struct common_options {
	struct string_list formats; /* "FORMAT" or "FORMAT=FILE" */
	const char *output; /* NULL: standard output */
	unsigned int jobs; /* 0: one a processor */
	enum when color, progress;
	bool quiet, verbose, strict;
	int fail_on; /* enum ksa_level, or FAIL_ON_NEVER */
	struct string_list rules; /* directories and files */
};

struct invocation;

/* A form that the report of a command can have: its own one, or one of its results (inv->found). */
struct report_format {
	const char *name;
	/* Write the report and flush it. 0, or an error: KSA_EIO when out cannot be written. */
	int (*write)(struct invocation *inv, FILE *out, struct ksa_error *err);
	int (*write_results)(const struct ksa_report *found, FILE *out, struct ksa_error *err);
};

#define REPORT_FORMAT(form)                                                                        \
	{                                                                                          \
		.name = #form, .write = write_##form                                               \
	}
#define REPORT_RESULT(form)                                                                        \
	{                                                                                          \
		.name = #form, .write_results = write_results_##form                               \
	}
/* The formats for other tools; some commands have Markdown and a page of results as well. */
#define REPORT_RESULTS                                                                             \
	REPORT_RESULT(jsonl), REPORT_RESULT(sarif), REPORT_RESULT(junit), REPORT_RESULT(github),   \
		REPORT_RESULT(gitlab)

/* A report that was asked for. */
struct report_request {
	const struct report_format *format;
	const char *path; /* NULL: where --output says */
};

struct command {
	const char *name;
	const char *operands; /* for the usage line */
	const char *summary;
	const struct option *options; /* its own; ends with a NULL name; NULL: none */
	const struct report_format *formats; /* text first; ends with a NULL name */
	int (*run)(struct invocation *inv);
	void (*release)(struct invocation *inv); /* free what context holds; NULL: nothing */
	size_t min_operands, max_operands;
	bool has_findings; /* with levels: it has --fail-on */
	size_t context_size; /* bytes of zeroed memory for inv->context */
};

/* The progress line on standard error: nothing in the first second, then ten times a second. */
struct progress {
	atomic_llong next; /* milliseconds; 0: not started */
	atomic_bool shown;
	_Atomic(const char *) what; /* the work at hand */
	atomic_llong since; /* milliseconds: when it began */
};

/* One run of a command. */
struct invocation {
	const struct command *command;
	struct common_options common;
	char **operands; /* operand_count of them, borrowed from argv */
	size_t operand_count;
	size_t argument_count;
	void *context; /* the command's own options */
	unsigned int given[2]; /* masks of the options that were: the command's own, common ones */
	struct arena arena; /* of what options hold */
	struct report_request *reports; /* the one without a path first; malloc'd */
	size_t report_count;
	bool to_file; /* the report that is being written goes to a file */
	const struct ksa_report *found; /* see report_take() */
	bool incomplete; /* the answer may depend on what could not be read: EXIT_TROUBLE */
	struct progress progress;
	char *data_dir; /* where the shipped data is; NULL: the installed place */
	char *cache_dir; /* where indexes are kept; NULL: there is no such place */
	struct ksa_rules *own_rules; /* what --rules gave; NULL: nothing */
	const struct ksa_rules *rules; /* these, or the shipped ones */
};

extern const struct command cmd_exports, cmd_check, cmd_diff, cmd_history, cmd_review, cmd_explain,
	cmd_rules, cmd_wrappers, cmd_users, cmd_modules;

/* Print an error as "ksymaudit: SOURCE:LINE: text", escaped; returns EXIT_TROUBLE. */
int print_error(const struct ksa_error *err);

/* True if nobody reads standard output any more (| head): no more is said then. */
bool stdout_is_abandoned(void);

/* Print a notice or progress line to standard error, escaped. */
void print_note(const char *prefix, const char *text);

/*
 * Say that modules of the kernel could not be read, if so; true then. A command whose answer may
 * depend on them sets inv->incomplete.
 */
bool say_incomplete(const struct ksa_kernel *kernel);

/* The same of objects that a repository lacks. */
bool say_history_incomplete(const struct ksa_history *history);

/* Notices that the form of a report has no place for: say them, unless --quiet; what fails the run
 * (--strict) is said even so. */
void say_notices(const struct invocation *inv, const char *const *notices, size_t count);

/* Read options for the library from what the user gave. */
struct ksa_read_options read_options(struct invocation *inv, bool imports);

/* Kernels and modules that a command has opened. Zero-initialize; release in any case. */
struct kernel_list {
	struct ksa_kernel **items;
	size_t count, capacity;
};

struct module_list {
	struct ksa_module **items;
	size_t count, capacity;
};

/* Where indexes are kept: $XDG_CACHE_HOME/ksymaudit, or ~/.cache/ksymaudit. malloc'd; NULL: there
 * is no such place. */
char *find_cache_dir(void);

/* Say why an index is not used or kept (note not NULL): it costs time, so --strict lets it be. */
void say_index(struct invocation *inv, const char *note);

/* Read where the symbols of these events of history stand at its end, and keep that in events. */
int confirm_events(struct ksa_history *history, struct ksa_events *events, struct ksa_error *err);

/* Open kernels, several at once, in the order of specs; wants is a mask of enum kernel_want. */
enum kernel_want {
	WANT_IMPORTS = 1, /* what their modules import */
	WANT_PROTOTYPES = 2,
	WANT_USERS = 4, /* what in the image, or in sources, uses its exports */
	WANT_HELPERS = 32, /* what their headers say */
	WANT_TYPES = 64, /* their C types, and with helpers where headers declare what */
	WANT_TYPE_GRAPH = 128, /* what exports' types are made of */
	WANT_LOADING = 16, /* what decides whether a module loads, beside symbols */
	WANT_ALL = 8 /* the whole answer rests on all modules: say which could not be read */
};
int open_kernels(struct invocation *inv, const char *const *specs, size_t count, unsigned int wants,
		 struct kernel_list *list, struct ksa_error *err);
void kernel_list_release(struct kernel_list *list);

/*
 * The names of the shipped snapshots of an architecture (as kernels have it; "" is x86_64), in the
 * order of their versions: a malloc'd array of malloc'd strings; NULL and a count of 0 where none
 * are installed or memory is short. A name ends in its architecture, "debian-6.1-arm64", but for
 * those of x86_64.
 */
char **shipped_names(const struct invocation *inv, const char *arch, size_t *count);

/* The snapshot of that architecture where the spec is the name of one of x86_64: "debian-6.1-arm64"
 * for "debian-6.1"; else the spec itself, also where memory is short. Lives as long as inv. */
const char *shipped_for_arch(struct invocation *inv, const char *spec, const char *arch);

/* Open the modules of one operand and append them; named: with what their code names. */
int open_modules(struct invocation *inv, const char *path, bool named, struct module_list *list,
		 struct ksa_error *err);
/* The same, read with these options. */
int read_modules(const char *path, const struct ksa_read_options *read, struct module_list *list,
		 struct ksa_error *err);
void module_list_release(struct module_list *list);

/* The families of these names among the rules of the run; 0, or EXIT_TROUBLE after saying which
 * there are. */
int find_families(struct invocation *inv, const struct string_list *names, struct family_list *out);

/* The kernel of a command that takes one, or none for the running one: its first operand. */
const char *kernel_operand(const struct invocation *inv);

/* EXIT_CLEAN; EXIT_TROUBLE if there are notices and --strict was given. */
int strict_status(const struct invocation *inv, size_t notice_count);

/* Today in UTC, "2026-12-31". */
void today(char out[11]);

/*
 * The reports that --format asks for: of several FORMAT=FILE each goes to its file, and text, or
 * the one FORMAT without a file, to where --output says. 0, or EXIT_TROUBLE after saying what is
 * wrong.
 */
int report_resolve(struct invocation *inv);

/* One more report, of whatever format. 0, or EXIT_TROUBLE after saying what is wrong. */
int report_add(struct invocation *inv, const struct report_format *format, const char *path);

/* True if one of them is in that format. */
bool report_wants(const struct invocation *inv, const char *format);

/* True if one of them is of the results. */
bool report_wants_results(const struct invocation *inv);
/*
 * What a command has found, which inv->found is from then on; with identities where a report shows
 * them. It must be given if report_wants_results(), and live as long as inv.
 */
int report_take(struct invocation *inv, struct ksa_report *report, struct ksa_error *err);
/* The exit code for that: what was found, what could not be checked, with --strict notices. */
int report_status(const struct invocation *inv, const struct ksa_report *report);

/*
 * Write all of them; if one cannot be written, none of their files is replaced. Returns status, or
 * EXIT_TROUBLE after saying why not.
 */
int report_write(struct invocation *inv, int status);

/* True if text output is to be colored. */
bool want_color(const struct invocation *inv);

/* Where the report goes: standard output, or a file that is written beside its place and renamed.
 */
struct output {
	FILE *file;
	bool replaced; /* false: standard output, or a file that is no regular one */
	struct replacement replacement; /* of path, or the file that it is a link to */
	const char *path;
	struct ksa_error *err; /* takes what would be said; NULL: standard error does */
};

/* 0, or EXIT_TROUBLE after saying why. */
int output_open(struct output *out, const struct invocation *inv);
/* The same for a file that the user named later. Whatever fails goes to err, here and below. */
int output_open_file(struct output *out, const char *path, struct ksa_error *err);
/* Say that writing failed, and where; throws the file away and returns EXIT_TROUBLE. */
int output_failed(struct output *out, struct ksa_error *err);
/* Check that everything was written, and rename. keep false throws the file away. Returns status,
 * or EXIT_TROUBLE after saying why. */
int output_close(struct output *out, bool keep, int status);

/* Show progress (ctx is the struct progress; see struct ksa_read_options), and wipe its line away.
 */
void progress_show(void *ctx, const char *what, size_t done, size_t total);
void progress_clear(struct invocation *inv);

#endif
