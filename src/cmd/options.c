// SPDX-License-Identifier: GPL-2.0-or-later
#include "cmd/options.h"

#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/escape.h"
#include "cmd/cmd.h"

#define MAX_JOBS 1024

static const char *when_words(unsigned int number)
{
	static const char *const words[] = {"auto", "always", "never", NULL};

	return words[number];
}

static const char *fail_words(unsigned int number)
{
	return number < FAIL_ON_NEVER	 ? ksa_level_name((enum ksa_level)number)
	       : number == FAIL_ON_NEVER ? "never"
					 : NULL;
}

const char *class_words(unsigned int number)
{
	return number < CLASS_COUNT ? ksa_class_name((enum ksa_class)number) : NULL;
}

const char *defined_in_words(unsigned int number)
{
	static const char *const words[] = {
		[DEFINED_IN_VMLINUX] = "vmlinux", [DEFINED_IN_MODULES] = "modules", NULL};

	return number == DEFINED_ANYWHERE ? "" : words[number];
}

#define COMMON struct common_options

const struct option common_option_table[] = {
	{'f', "format", "FORMAT[=FILE]", TO_FORMATS(COMMON, formats),
	 "the form of the output (default: text); may be repeated"},
	{'o', "output", "FILE", TO_TEXT(COMMON, output),
	 "write to FILE, renamed into place when complete"},
	{'j', "jobs", "N", TO_NUMBER(COMMON, jobs, MAX_JOBS),
	 "use N threads (default: one a processor)"},
	{0, "rules", "DIR", TO_LIST(COMMON, rules),
	 "add the rules, families and levels of these files; may be repeated"},
	{0, "fail-on", "LEVEL", TO_WORD(COMMON, fail_on, fail_words),
	 "exit 1 from this level on: error (default), warning, note, never"},
	{0, "color", "WHEN", TO_WORD(COMMON, color, when_words),
	 "color text output: auto (default), always, never"},
	{0, "progress", "WHEN", TO_WORD(COMMON, progress, when_words),
	 "show progress: auto (default), always, never"},
	{0, "strict", NULL, TO_FLAG(COMMON, strict), "a notice fails the run (exit 2)"},
	{'q', "quiet", NULL, TO_FLAG(COMMON, quiet), "only the verdict: no notices, no details"},
	{'v', "verbose", NULL, TO_FLAG(COMMON, verbose), "also what is folded otherwise"},
	{'h', "help", NULL, {.type = OPTION_HELP}, "print this and exit"},
	{.name = NULL},
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

static const struct option *find_option(const struct option *table, const char *name, size_t length,
					char letter)
{
	for (const struct option *o = table; o && o->name; o++)
		if (letter ? o->letter == letter
			   : strlen(o->name) == length && strncmp(o->name, name, length) == 0)
			return o;
	return NULL;
}

/* Where there are no findings there is nothing that could fail the run from a level on. */
static bool is_common(const struct command *command, const struct option *o)
{
	return o->home.words != fail_words || !command || command->has_findings;
}

/* All options of a command in the order of the help. One of its own takes the place of the common
 * one of that name. */
static void each_option(const struct command *command,
			void (*print)(const struct command *command, const struct option *o))
{
	const struct option *own = command ? command->options : NULL;

	for (const struct option *o = own; o && o->name; o++)
		print(command, o);
	for (const struct option *o = common_option_table; o->name; o++)
		if (is_common(command, o) && !find_option(own, o->name, strlen(o->name), 0))
			print(command, o);
}

static void print_option(const struct command *command, const struct option *o)
{
	char left[64];

	(void)command;
	snprintf(left, sizeof(left), "  %c%c%s --%s%s%s", o->letter ? '-' : ' ',
		 o->letter ? o->letter : ' ', o->letter ? "," : " ", o->name, o->value ? " " : "",
		 o->value ? o->value : "");
	printf("%-30s %s\n", left, o->help);
}

static void print_help(const struct command *command)
{
	printf("usage: ksymaudit %s [OPTION]...%s%s\n\n%s\n\nFormats:", command->name,
	       *command->operands ? " " : "", command->operands, command->summary);
	for (const struct report_format *f = command->formats; f->name; f++)
		printf("%s %s", f == command->formats ? "" : ",", f->name);
	fputs("\n\n", stdout);
	each_option(command, print_option);
	printf("\nExit status: 0 clean, 1 findings, 2 trouble. See ksymaudit-%s(1).\n",
	       command->name);
}

static void dump_option(const struct command *command, const struct option *o)
{
	static const char *const types[] = {
		[OPTION_FLAG] = "flag",	  [OPTION_TEXT] = "text", [OPTION_LIST] = "list",
		[OPTION_FORMAT] = "list", [OPTION_WORD] = "word", [OPTION_NUMBER] = "number",
		[OPTION_SET] = "set",	  [OPTION_HELP] = "flag", [OPTION_SET_LIST] = "sets"};
	const struct report_format *f = command ? command->formats : NULL;
	const char *word, *between = "";

	printf("option\t%s\t%c\t%s\t%s\t%s\t", command ? command->name : "-",
	       o->letter ? o->letter : '-', o->name, o->value ? o->value : "-",
	       types[o->home.type]);
	for (unsigned int i = 0; o->home.words && (word = o->home.words(i)); i++) {
		printf("%s%s", between, word);
		between = *word ? " " : "";
	}
	for (; o->home.type == OPTION_FORMAT && f && f->name; f++, between = " ")
		printf("%s%s", between, f->name);
	printf("%s\t%s\n", *between ? "" : "-", o->help);
}

void options_dump(const struct command *command)
{
	if (command)
		printf("command\t%s\t%s\t%.*s\n", command->name, command->operands,
		       (int)strcspn(command->summary, "\n"), command->summary);
	each_option(command, dump_option);
}

static int bad_value(const struct invocation *inv, const struct option *o, const char *value,
		     size_t length)
{
	return usage_error(inv, "'%.*s' is not a value for --%s: %s", (int)length, value, o->name,
			   o->help);
}

/* The number of the word that value starts with, up to a comma if it is one of a set. */
static bool find_word(const struct option *o, const char *value, size_t length,
		      unsigned int *number)
{
	const char *word;

	for (*number = 0; (word = o->home.words(*number)); ++*number)
		if (length && strlen(word) == length && strncmp(word, value, length) == 0)
			return true;
	return false;
}

static int take_set(const struct invocation *inv, const struct option *o, const char *value,
		    unsigned int *mask)
{
	for (;;) {
		size_t length = strcspn(value, ",");
		unsigned int number;

		if (!find_word(o, value, length, &number))
			return bad_value(inv, o, value, length);
		*mask |= 1u << number;
		value += length;
		if (!*value++)
			return 0;
	}
}

static bool take_number(const struct option *o, const char *value, unsigned int *number)
{
	char *end;
	unsigned long n;

	errno = 0;
	n = strtoul(value, &end, 10);
	*number = (unsigned int)n;
	return !errno && *value >= '0' && *value <= '9' && !*end && n >= 1 && n <= o->home.max;
}

/* There are no more values than arguments. */
static int take_item(struct invocation *inv, struct string_list *list, const char *value)
{
	if (!list->items)
		list->items = arena_calloc(&inv->arena, inv->argument_count, sizeof(*list->items));
	if (!list->items)
		return usage_error(inv, "out of memory");
	list->items[list->count++] = value;
	return 0;
}

/* Put the value where the option says. */
static int take_value(struct invocation *inv, const struct option *o, void *home, const char *value)
{
	switch (o->home.type) {
	case OPTION_HELP:
		print_help(inv->command);
		return -1;
	case OPTION_FLAG:
		*(bool *)home = true;
		return 0;
	case OPTION_TEXT:
		*(const char **)home = value;
		return 0;
	case OPTION_LIST:
	case OPTION_FORMAT:
		return take_item(inv, home, value);
	case OPTION_SET:
	case OPTION_SET_LIST:
		return take_set(inv, o, value, home);
	case OPTION_WORD:
		if (find_word(o, value, strlen(value), home))
			return 0;
		break;
	case OPTION_NUMBER:
		if (take_number(o, value, home))
			return 0;
		break;
	}
	return bad_value(inv, o, value, strlen(value));
}

static bool may_be_repeated(const struct option *o)
{
	return o->home.type == OPTION_FLAG || o->home.type == OPTION_LIST ||
	       o->home.type == OPTION_FORMAT || o->home.type == OPTION_SET_LIST;
}

static int take_option(struct invocation *inv, const struct option *o, bool common,
		       const char *value)
{
	char *object = common ? (void *)&inv->common : inv->context;
	unsigned int mark = 1u << (o - (common ? common_option_table : inv->command->options));

	if (inv->given[common] & mark && !may_be_repeated(o))
		return usage_error(inv, "option '--%s' is given twice", o->name);
	inv->given[common] |= mark;
	if (value && !*value && !o->home.may_be_empty)
		return bad_value(inv, o, "", 0);
	return take_value(inv, o, object + o->home.offset, value ? value : "");
}

/* Find the option in the command's table, then in the common one. */
static const struct option *lookup(const struct invocation *inv, const char *name, size_t length,
				   char letter, bool *common)
{
	const struct option *o = find_option(inv->command->options, name, length, letter);

	*common = !o;
	if (!o)
		o = find_option(common_option_table, name, length, letter);
	return o && (!*common || is_common(inv->command, o)) ? o : NULL;
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

static int check_operands(const struct invocation *inv)
{
	const struct command *command = inv->command;

	if (inv->operand_count < command->min_operands)
		return usage_error(inv, "an operand is missing: %s", command->operands);
	if (inv->operand_count > command->max_operands)
		return usage_error(inv, "operand '%s' is one too many",
				   inv->operands[command->max_operands]);
	/* A variable of a script that is not set must not become the running kernel. */
	for (size_t i = 0; i < inv->operand_count; i++)
		if (!*inv->operands[i])
			return usage_error(inv, "an operand is empty: %s", command->operands);
	return 0;
}

int options_parse(struct invocation *inv, int argc, char **argv)
{
	bool ended = false;
	int r = 0;

	inv->argument_count = (size_t)argc;

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
	if (!r)
		r = check_operands(inv);
	return r ? r : report_resolve(inv);
}

bool want_color(const struct invocation *inv)
{
	const char *no_color = getenv("NO_COLOR"), *term = getenv("TERM");

	if (inv->common.color != WHEN_AUTO)
		return inv->common.color == WHEN_ALWAYS;
	return !inv->common.output && !inv->to_file && isatty(STDOUT_FILENO) &&
	       !(no_color && *no_color) && term && strcmp(term, "dumb") != 0;
}

struct ksa_read_options read_options(struct invocation *inv, bool imports)
{
	struct ksa_read_options options = {.jobs = inv->common.jobs,
					   .imports = imports,
					   .data_dir = inv->data_dir,
					   .cache_dir = inv->cache_dir};

	if (inv->common.progress == WHEN_ALWAYS ||
	    (inv->common.progress == WHEN_AUTO && !inv->common.quiet && isatty(STDERR_FILENO))) {
		options.progress = progress_show;
		options.progress_ctx = &inv->progress;
	}
	return options;
}
