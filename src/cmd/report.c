// SPDX-License-Identifier: GPL-2.0-or-later
/* The reports of a run: which were asked for, and writing them. */
#include "cmd/cmd.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/cleanup.h"
#include "base/strbuf.h"

static int unknown_format(const struct invocation *inv, const char *name, size_t length)
{
	_cleanup_(strbuf_release) struct strbuf names = {NULL, 0, 0, false};

	for (const struct report_format *f = inv->command->formats; f->name; f++)
		strbuf_printf(&names, "%s%s", f == inv->command->formats ? "" : ", ", f->name);
	return usage_error(inv, "'%.*s' is not a format of %s: %s", (int)length, name,
			   inv->command->name, strbuf_string(&names));
}

static int parse_request(const struct invocation *inv, const char *given,
			 struct report_request *request)
{
	size_t length = strcspn(given, "=");

	request->path = given[length] ? given + length + 1 : NULL;
	for (request->format = inv->command->formats; request->format->name; request->format++)
		if (strlen(request->format->name) == length &&
		    strncmp(request->format->name, given, length) == 0)
			break;
	if (!request->format->name)
		return unknown_format(inv, given, length);
	if (request->path && !*request->path)
		return usage_error(inv, "'--format %s' names no file", given);
	return 0;
}

static int add_request(struct invocation *inv, const struct report_request *request)
{
	struct report_request *first = &inv->reports[0];

	if (!request->path) {
		if (first->format)
			return usage_error(inv,
					   "of '%s' and '%s' one needs a file of its own: --format "
					   "%s=FILE",
					   first->format->name, request->format->name,
					   request->format->name);
		*first = *request;
		return 0;
	}
	for (size_t i = 0; i < inv->report_count; i++)
		if (inv->reports[i].path && strcmp(inv->reports[i].path, request->path) == 0)
			return usage_error(inv, "two reports for one file: '%s'", request->path);
	inv->reports[inv->report_count++] = *request;
	return 0;
}

/* True if both are one regular file: a device or a pipe may be read and written. */
static bool is_same_file(const char *a, const char *b)
{
	struct stat x, y;

	return stat(a, &x) == 0 && S_ISREG(x.st_mode) && stat(b, &y) == 0 && x.st_dev == y.st_dev &&
	       x.st_ino == y.st_ino;
}

/* True if the file is what a word names, or a part of that: "Module.symvers,vmlinux". */
static bool is_named_by(const char *word, const char *path)
{
	char part[PATH_MAX];
	bool is = is_same_file(word, path);

	while (!is && *word) {
		size_t length = strcspn(word, ",");

		if (length < sizeof(part)) {
			memcpy(part, word, length);
			part[length] = '\0';
			is = is_same_file(part, path);
		}
		word += length + (word[length] == ',');
	}
	return is;
}

static bool is_in_list(const struct string_list *words, const char *path)
{
	for (size_t i = 0; i < words->count; i++)
		if (is_named_by(words->items[i], path))
			return true;
	return false;
}

/* True if what the option takes is read. */
static bool names_input(const struct option *o)
{
	static const char *const read[] = {"CHANGES", "FILE", "KERNEL", "LIST", "MODULE", "OLD"};

	for (size_t i = 0; o->value && i < sizeof(read) / sizeof(*read); i++)
		if (strcmp(o->value, read[i]) == 0)
			return strncmp(o->name, "write-", strlen("write-")) != 0;
	return false;
}

/* True if a file that is written is one that an option of the command has read. */
static bool is_read_by(const struct invocation *inv, const struct option *o, const char *path)
{
	const char *home = (const char *)inv->context + o->home.offset;

	if (!names_input(o))
		return false;
	if (o->home.type == OPTION_TEXT) {
		const char *text = *(const char *const *)home;

		return text && is_named_by(text, path);
	}
	return is_in_list((const struct string_list *)home, path);
}

/* A report must not take the place of the module or the list that it is about; renewed: the option
 * of which the file may be, or NULL. */
static int check_path(const struct invocation *inv, const char *path, const char *renewed)
{
	bool is_input = path && is_in_list(&inv->common.rules, path);

	for (size_t i = 0; i < inv->operand_count && path; i++)
		is_input |= is_named_by(inv->operands[i], path);
	for (const struct option *o = inv->command->options; o && o->name && path; o++)
		if (!renewed || strcmp(o->name, renewed) != 0)
			is_input |= is_read_by(inv, o, path);
	return is_input ? usage_error(
				  inv,
				  "'%s' is an input of this run: write the report to another file",
				  path)
			: 0;
}

int report_add(struct invocation *inv, const struct report_format *format, const char *path)
{
	const struct report_request request = {format, path};

	if (inv->common.output && strcmp(inv->common.output, path) == 0)
		return usage_error(inv, "two reports for one file: '%s'", path);
	/* A baseline is read and written anew in one run. */
	return check_path(inv, path, "baseline") ? EXIT_TROUBLE : add_request(inv, &request);
}

int report_resolve(struct invocation *inv)
{
	int status;

	/* One more may be added. */
	inv->reports = calloc(inv->common.formats.count + 2, sizeof(*inv->reports));
	if (!inv->reports)
		return usage_error(inv, "out of memory");
	inv->report_count = 1;
	for (size_t i = 0; i < inv->common.formats.count; i++) {
		struct report_request request;
		int r = parse_request(inv, inv->common.formats.items[i], &request);

		if (!r)
			r = add_request(inv, &request);
		if (r)
			return r;
	}
	if (!inv->reports[0].format)
		inv->reports[0].format = inv->command->formats;
	for (size_t i = 1; i < inv->report_count && inv->common.output; i++)
		if (strcmp(inv->common.output, inv->reports[i].path) == 0)
			return usage_error(inv, "two reports for one file: '%s'",
					   inv->reports[i].path);
	status = check_path(inv, inv->common.output, NULL);
	for (size_t i = 1; i < inv->report_count && !status; i++)
		status = check_path(inv, inv->reports[i].path, NULL);
	return status;
}

bool report_wants(const struct invocation *inv, const char *format)
{
	for (size_t i = 0; i < inv->report_count; i++)
		if (strcmp(inv->reports[i].format->name, format) == 0)
			return true;
	return false;
}

bool report_wants_results(const struct invocation *inv)
{
	for (size_t i = 0; i < inv->report_count; i++)
		if (inv->reports[i].format->write_results)
			return true;
	return false;
}

int report_take(struct invocation *inv, struct ksa_report *report, struct ksa_error *err)
{
	inv->found = report;
	for (size_t i = 0; i < inv->report_count; i++)
		if (strcmp(inv->reports[i].format->name, "text") != 0)
			return report_identify(report, err);
	return 0;
}

int report_status(const struct invocation *inv, const struct ksa_report *report)
{
	if (report->unchecked_count ||
	    (inv->common.strict && report->notice_count > report->remark_count))
		return EXIT_TROUBLE;
	for (size_t i = 0; i < report->finding_count; i++)
		if (finding_counts(&report->findings[i]) &&
		    !report_is_predicted(report, report->findings[i].kernel) &&
		    (int)report->findings[i].level >= report->fail_on)
			return EXIT_FINDINGS;
	return EXIT_CLEAN;
}

static int write_one(struct invocation *inv, size_t index, struct output *out)
{
	const struct report_request *request = &inv->reports[index];
	struct ksa_error err = {.code = 0};
	int r;

	inv->to_file = request->path != NULL;
	r = request->format->write ? request->format->write(inv, out->file, &err)
				   : request->format->write_results(inv->found, out->file, &err);
	inv->to_file = false;
	return r ? output_failed(out, &err) : 0;
}

int report_write(struct invocation *inv, int status)
{
	_cleanup_free_ struct output *outs = calloc(inv->report_count, sizeof(*outs));
	size_t opened = 0;
	int r = 0;

	if (!outs)
		return usage_error(inv, "out of memory");
	for (; opened < inv->report_count && !r; opened++)
		r = inv->reports[opened].path
			    ? output_open_file(&outs[opened], inv->reports[opened].path, NULL)
			    : output_open(&outs[opened], inv);
	for (size_t i = 0; i < inv->report_count && !r; i++)
		r = write_one(inv, i, &outs[i]);
	/* The last one first: each holds the signals that were blocked before it. */
	for (size_t i = opened; i-- > 0;)
		r = output_close(&outs[i], !r, r) ? EXIT_TROUBLE : r;
	return r || inv->incomplete ? EXIT_TROUBLE : status;
}
