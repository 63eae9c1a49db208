// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The C types of a kernel, one declaration a line, as what reads its BTF or a snapshot has them;
 * see tests/real/types.sh.
 *
 *   types list KERNEL          all of them
 *   types show KERNEL NAME...  those of these tags and typedefs
 *   types time KERNEL          milliseconds of a processor's time that the reading took, and how
 * many there are
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/cleanup.h"
#include "model/kernel.h"

static void die(const struct ksa_error *err)
{
	fprintf(stderr, "types: %s: %s\n", err->source, err->text);
	exit(2);
}

static double now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

static int print_line(void *ctx, const char *line)
{
	const char *const *names = ctx;
	const char *at = strchr(line, ' ');
	size_t length;

	if (!names)
		return puts(line) < 0;
	at = strncmp(line, "typedef ", 8) == 0 ? strrchr(line, ' ') + 1 : at + 1;
	length = strcspn(at, "{:");
	for (; *names; names++)
		if (strlen(*names) == length && strncmp(*names, at, length) == 0)
			puts(line);
	return 0;
}

static int count_line(void *ctx, const char *line)
{
	(void)line;
	++*(size_t *)ctx;
	return 0;
}

int main(int argc, char **argv)
{
	struct ksa_read_options options = {.jobs = 2, .types = true};
	struct ksa_error err = {.code = 0};
	struct ksa_kernel *kernel;
	double start = now(), end;
	size_t lines = 0;
	int r;

	if (argc < 3)
		return 2;
	options.data_dir = getenv("KSYMAUDIT_DATA");
	r = ksa_kernel_open(argv[2], &options, &kernel, &err);
	end = now();
	if (r)
		die(&err);
	for (size_t i = 0; i < ksa_kernel_notice_count(kernel); i++)
		fprintf(stderr, "notice: %s\n", ksa_kernel_notice_at(kernel, i));
	if (!kernel->types) {
		fprintf(stderr, "types: %s has none\n", argv[2]);
		return 1;
	}
	if (strcmp(argv[1], "time") == 0) {
		r = ctypes_each_line(kernel->types, count_line, &lines, &err);
		printf("%.1f ms: %zu types, %zu members, %zu lines\n", end - start,
		       kernel->types->count, kernel->types->part_count, lines);
	} else {
		r = ctypes_each_line(kernel->types, print_line,
				     strcmp(argv[1], "show") == 0 ? argv + 3 : NULL, &err);
	}
	if (r)
		die(&err);
	ksa_kernel_free(kernel);
	return 0;
}
