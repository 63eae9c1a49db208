// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <locale.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cmd/cmd.h"
#include "cmd/diff.h"
#include "cmd/heap.h"
#include "model/shipped.h"

static const struct command *const commands[] = {
	&cmd_exports, &cmd_check,   &cmd_diff,	  &cmd_history, &cmd_review, &cmd_wrappers,
	&cmd_users,   &cmd_modules, &cmd_explain, &cmd_rules,	NULL};

static void print_help(FILE *out)
{
	fputs("usage: ksymaudit COMMAND [OPTION]... [OPERAND]...\n\n"
	      "The license class of Linux kernel symbol exports: who may use what, and will it "
	      "load?\n\n",
	      out);
	for (size_t i = 0; commands[i]; i++)
		fprintf(out, "  %-9s %.*s\n", commands[i]->name,
			(int)strcspn(commands[i]->summary, "\n"), commands[i]->summary);
	fputs("\n  --version, --help\n\n'ksymaudit COMMAND --help' lists the options of a "
	      "command.\n",
	      out);
}

/* Mapped files belong to others: one that is cut while we read it ends the run, with a line. */
static void on_bus_error(int signal)
{
	static const char text[] = "ksymaudit: a file was cut short while it was read\n";

	(void)signal;
	if (write(STDERR_FILENO, text, sizeof(text) - 1) < 0)
		_exit(EXIT_TROUBLE);
	_exit(EXIT_TROUBLE);
}

/*
 * A closed standard stream's number would go to the next file that is opened, and messages into the
 * report. Whoever writes to (reads from) what is put in its place gets the same error as before.
 */
static void reserve_standard_streams(void)
{
	for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++)
		if (fcntl(fd, F_GETFD) < 0 && errno == EBADF &&
		    open("/dev/null", fd == STDIN_FILENO ? O_WRONLY : O_RDONLY) < 0)
			_exit(EXIT_TROUBLE);
}

/*
 * Where the shipped data is: $KSYMAUDIT_DATA, data/ of the build tree that the program lies in,
 * or share/ksymaudit beside its bin/. NULL: the place that was configured.
 */
static char *find_data_dir(void)
{
	static const char *const beside[] = {"/../../data", "/../share/ksymaudit", NULL};
	const char *given = getenv("KSYMAUDIT_DATA");
	char exe[PATH_MAX], *path;
	ssize_t length;

	if (given && *given)
		return strdup(given);
	length = readlink("/proc/self/exe", exe, sizeof(exe) - 1);
	if (length <= 0)
		return NULL;
	exe[length] = '\0';
	*strrchr(exe, '/') = '\0';
	for (size_t i = 0; beside[i]; i++) {
		char kernels[PATH_MAX + 64];

		snprintf(kernels, sizeof(kernels), "%s%s/kernels", exe, beside[i]);
		if (access(kernels, R_OK) != 0)
			continue;
		if (asprintf(&path, "%s%s", exe, beside[i]) >= 0)
			return path;
	}
	return NULL;
}

/* Nothing to do without --rules: the shipped rules are part of the program. */
static int load_rules(struct invocation *inv)
{
	struct ksa_error err = {.code = 0};

	const struct string_list *given = &inv->common.rules;

	if (!given->count)
		return 0;
	if (ksa_rules_open(given->items, given->count, &inv->own_rules, &err))
		return print_error(&err);
	inv->rules = inv->own_rules;
	return 0;
}

static int run_command(const struct command *command, int argc, char **argv)
{
	struct invocation inv = {.command = command, .common = {.fail_on = KSA_LEVEL_ERROR}};
	int r = EXIT_TROUBLE;

	inv.rules = &rules_shipped;
	inv.operands = calloc((size_t)argc + 1, sizeof(*inv.operands));
	inv.context = calloc(1, command->context_size + 1);
	inv.data_dir = find_data_dir();
	inv.cache_dir = find_cache_dir();
	if (inv.operands && inv.context) {
		r = options_parse(&inv, argc, argv);
		if (r == 0)
			r = load_rules(&inv);
		if (r == 0)
			r = command->run(&inv);
		else if (r < 0)
			r = EXIT_CLEAN;
	} else {
		fputs("ksymaudit: out of memory\n", stderr);
	}
	if (inv.context && command->release)
		command->release(&inv);
	free(inv.operands);
	free(inv.context);
	arena_release(&inv.arena);
	free(inv.reports);
	ksa_rules_free(inv.own_rules);
	free(inv.data_dir);
	free(inv.cache_dir);
	return r;
}

/* What was printed must have been written: a full disk is no success. */
static int check_stdout(int status)
{
	bool said = status == EXIT_TROUBLE;

	errno = 0;
	if ((fflush(stdout) != 0 || ferror(stdout)) && !said) {
		if (stdout_is_abandoned())
			return EXIT_TROUBLE;
		fprintf(stderr, "ksymaudit: (standard output): cannot write: %s\n",
			strerror(errno ? errno : EIO));
		return EXIT_TROUBLE;
	}
	return status;
}

int main(int argc, char **argv)
{
	struct invocation none = {.command = NULL};
	const char *name = argc > 1 ? argv[1] : "";

	reserve_standard_streams();
	signal(SIGPIPE, SIG_IGN);
	signal(SIGBUS, on_bus_error);
	if (strcmp(name, "--version") == 0) {
		printf("ksymaudit %s\n", ksa_version());
		return check_stdout(EXIT_CLEAN);
	}
	if (strcmp(name, "--help") == 0 || strcmp(name, "-h") == 0 || strcmp(name, "help") == 0) {
		print_help(stdout);
		return check_stdout(EXIT_CLEAN);
	}
	if (strcmp(name, "--dump-options") == 0) {
		options_dump(NULL);
		for (size_t i = 0; commands[i]; i++)
			options_dump(commands[i]);
		diff_dump_keys();
		return check_stdout(EXIT_CLEAN);
	}
	heap_prepare();
	for (size_t i = 0; commands[i]; i++)
		if (strcmp(name, commands[i]->name) == 0)
			return check_stdout(run_command(commands[i], argc - 2, argv + 2));
	if (argc < 2) {
		print_help(stderr);
		return EXIT_TROUBLE;
	}
	return usage_error(&none, "'%s' is not a command", name);
}
