// SPDX-License-Identifier: GPL-2.0-or-later
#include "cmd/cmd.h"

#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/escape.h"

const struct option common_option_table[] = {
	{'f', "format", "FORMAT[=FILE]", "the form of the output (default: text); may be repeated"},
	{'o', "output", "FILE", "write to FILE, renamed into place when complete"},
	{'j', "jobs", "N", "use N threads (default: one a processor)"},
	{0, "rules", "DIR", "add the rules, families and levels of these files; may be repeated"},
	{0, "fail-on", "LEVEL", "exit 1 from this level on: error (default), warning, note, never"},
	{0, "color", "WHEN", "color text output: auto (default), always, never"},
	{0, "progress", "WHEN", "show progress: auto (default), always, never"},
	{0, "strict", NULL, "a notice fails the run (exit 2)"},
	{'q', "quiet", NULL, "only the verdict: no notices, no details"},
	{'v', "verbose", NULL, "also what is folded otherwise"},
	{'h', "help", NULL, "print this and exit"},
	{0, NULL, NULL, NULL},
};

int usage_error(const struct invocation *inv, const char *format, ...)
{
	_cleanup_(strbuf_release) struct strbuf buf = {NULL, 0, 0, false};
	char text[1024];
	va_list ap;

	va_start(ap, format);
	vsnprintf(text, sizeof(text), format, ap);
	va_end(ap);
	escape_text(&buf, text);
	fprintf(stderr, "ksymaudit: %s\nTry 'ksymaudit %s%s--help'.\n", strbuf_string(&buf),
		inv->command ? inv->command->name : "", inv->command ? " " : "");
	return EXIT_TROUBLE;
}

static void print_option(const struct option *o)
{
	char left[64];

	snprintf(left, sizeof(left), "  %c%c%s --%s%s%s", o->letter ? '-' : ' ',
		 o->letter ? o->letter : ' ', o->letter ? "," : " ", o->name, o->value ? " " : "",
		 o->value ? o->value : "");
	printf("%-30s %s\n", left, o->help);
}

static const struct option *find_option(const struct option *table, const char *name, size_t length,
					char letter)
{
	for (const struct option *o = table; o && o->name; o++)
		if (letter ? o->letter == letter
			   : strlen(o->name) == length && strncmp(o->name, name, length) == 0)
			return o;
	return NULL;
}

/* An option of the command takes the place of the common one of that name. */
void options_help(const struct command *command)
{
	printf("usage: ksymaudit %s [OPTION]...%s%s\n\n%s\n\nFormats:", command->name,
	       *command->operands ? " " : "", command->operands, command->summary);
	for (const struct report_format *f = command->formats; f->name; f++)
		printf("%s %s", f == command->formats ? "" : ",", f->name);
	fputs("\n\n", stdout);
	for (const struct option *o = command->options; o && o->name; o++)
		print_option(o);
	for (const struct option *o = common_option_table; o->name; o++)
		if (!find_option(command->options, o->name, strlen(o->name), 0))
			print_option(o);
	printf("\nExit status: 0 clean, 1 findings, 2 trouble. See ksymaudit-%s(1).\n",
	       command->name);
}

int bad_value(const struct invocation *inv, const struct option *o, const char *value)
{
	return usage_error(inv, "'%s' is not a value for --%s: %s", value, o->name, o->help);
}

static bool parse_when(const char *value, enum when *when)
{
	static const char *const names[] = {"auto", "always", "never"};

	for (int i = 0; i < 3; i++) {
		if (strcmp(value, names[i]) == 0) {
			*when = (enum when)i;
			return true;
		}
	}
	return false;
}

static bool parse_level(const char *value, int *level)
{
	for (int i = KSA_LEVEL_NOTE; i <= KSA_LEVEL_ERROR; i++) {
		if (strcmp(value, ksa_level_name((enum ksa_level)i)) == 0) {
			*level = i;
			return true;
		}
	}
	*level = FAIL_ON_NEVER;
	return strcmp(value, "never") == 0;
}

static bool parse_jobs(const char *value, unsigned int *jobs)
{
	char *end;
	unsigned long n;

	errno = 0;
	n = strtoul(value, &end, 10);
	*jobs = (unsigned int)n;
	return !errno && *value >= '0' && *value <= '9' && !*end && n >= 1 && n <= 1024;
}

static int take_common(struct invocation *inv, const struct option *o, const char *value)
{
	struct common_options *c = &inv->common;
	bool ok = true;

	if (strcmp(o->name, "format") == 0)
		c->formats[c->format_count++] = value;
	else if (strcmp(o->name, "output") == 0 && (ok = *value != '\0'))
		c->output = value;
	else if (strcmp(o->name, "rules") == 0 && (ok = *value != '\0'))
		c->rules[c->rule_count++] = value;
	else if (strcmp(o->name, "jobs") == 0)
		ok = parse_jobs(value, &c->jobs);
	else if (strcmp(o->name, "fail-on") == 0)
		ok = parse_level(value, &c->fail_on);
	else if (strcmp(o->name, "color") == 0)
		ok = parse_when(value, &c->color);
	else if (strcmp(o->name, "progress") == 0)
		ok = parse_when(value, &c->progress);
	else if (strcmp(o->name, "strict") == 0)
		c->strict = true;
	else if (strcmp(o->name, "quiet") == 0)
		c->quiet = true;
	else if (strcmp(o->name, "verbose") == 0)
		c->verbose = true;
	return ok ? 0 : bad_value(inv, o, value);
}

/* A flag is taken with the value "": no option ever has none. */
static int take_option(struct invocation *inv, const struct option *o, bool common,
		       const char *value)
{
	if (!value)
		value = "";
	if (common && strcmp(o->name, "help") == 0) {
		options_help(inv->command);
		return -1;
	}
	return common ? take_common(inv, o, value) : inv->command->take(inv, o, value);
}

/* Find the option in the command's table, then in the common one. */
static const struct option *lookup(const struct invocation *inv, const char *name, size_t length,
				   char letter, bool *common)
{
	const struct option *o = find_option(inv->command->options, name, length, letter);

	*common = !o;
	return o ? o : find_option(common_option_table, name, length, letter);
}

static int parse_long(struct invocation *inv, const char *arg, const char *next, int *used)
{
	const char *equals = strchr(arg, '='), *value = equals ? equals + 1 : NULL;
	size_t length = equals ? (size_t)(equals - arg) : strlen(arg);
	bool common;
	const struct option *o = lookup(inv, arg, length, 0, &common);

	if (!o)
		return usage_error(inv, "unknown option '--%.*s'", (int)length, arg);
	if (!o->value && value)
		return usage_error(inv, "option '--%s' takes no value", o->name);
	if (o->value && !value) {
		value = next;
		*used = 1;
	}
	if (o->value && !value)
		return usage_error(inv, "option '--%s' needs a value: %s", o->name, o->value);
	return take_option(inv, o, common, value);
}

static int parse_short(struct invocation *inv, const char *arg, const char *next, int *used)
{
	for (; *arg; arg++) {
		bool common;
		const struct option *o = lookup(inv, NULL, 0, *arg, &common);
		int r;

		if (!o)
			return usage_error(inv, "unknown option '-%c'", *arg);
		if (o->value) {
			const char *value = arg[1] ? arg + 1 : next;

			*used = !arg[1];
			if (!value)
				return usage_error(inv, "option '-%c' needs a value: %s", *arg,
						   o->value);
			return take_option(inv, o, common, value);
		}
		r = take_option(inv, o, common, NULL);
		if (r)
			return r;
	}
	return 0;
}

int options_parse(struct invocation *inv, int argc, char **argv)
{
	bool ended = false;
	int r = 0;

	for (int i = 0; i < argc && !r; i++) {
		const char *next = i + 1 < argc ? argv[i + 1] : NULL;
		int used = 0;

		if (!ended && strcmp(argv[i], "--") == 0)
			ended = true;
		else if (!ended && strncmp(argv[i], "--", 2) == 0)
			r = parse_long(inv, argv[i] + 2, next, &used);
		else if (!ended && argv[i][0] == '-' && argv[i][1])
			r = parse_short(inv, argv[i] + 1, next, &used);
		else
			inv->operands[inv->operand_count++] = argv[i];
		i += used;
	}
	if (r)
		return r;
	if (inv->operand_count < inv->command->min_operands)
		return usage_error(inv, "an operand is missing: %s", inv->command->operands);
	if (inv->operand_count > inv->command->max_operands)
		return usage_error(inv, "operand '%s' is one too many",
				   inv->operands[inv->command->max_operands]);
	/* A variable of a script that is not set must not become the running kernel. */
	for (size_t i = 0; i < inv->operand_count; i++)
		if (!*inv->operands[i])
			return usage_error(inv, "an operand is empty: %s", inv->command->operands);
	return report_resolve(inv);
}

bool want_color(const struct invocation *inv)
{
	const char *no_color = getenv("NO_COLOR");

	if (inv->common.color != WHEN_AUTO)
		return inv->common.color == WHEN_ALWAYS;
	return !inv->common.output && !inv->to_file && isatty(STDOUT_FILENO) &&
	       !(no_color && *no_color);
}

struct ksa_read_options read_options(struct invocation *inv, bool imports)
{
	struct ksa_read_options options = {
		.jobs = inv->common.jobs, .imports = imports, .data_dir = inv->data_dir};

	if (inv->common.progress == WHEN_ALWAYS ||
	    (inv->common.progress == WHEN_AUTO && !inv->common.quiet && isatty(STDERR_FILENO))) {
		options.progress = progress_show;
		options.progress_ctx = &inv->progress;
	}
	return options;
}
