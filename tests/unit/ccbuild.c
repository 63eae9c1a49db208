// SPDX-License-Identifier: GPL-2.0-or-later
#include "unit/ccbuild.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static void write_text(const char *path, const char *text)
{
	FILE *file = fopen(path, "w");

	assert_non_null(file);
	assert_true(fputs(text, file) >= 0);
	assert_int_equal(fclose(file), 0);
}

static struct ccbuild_file read_all(const char *path)
{
	struct ccbuild_file out = {NULL, 0};
	FILE *file = fopen(path, "rb");
	long size;

	assert_non_null(file);
	assert_int_equal(fseek(file, 0, SEEK_END), 0);
	size = ftell(file);
	assert_true(size > 0);
	rewind(file);
	out.size = (size_t)size;
	out.data = malloc(out.size);
	assert_non_null(out.data);
	assert_int_equal(fread(out.data, 1, out.size, file), out.size);
	fclose(file);
	return out;
}

struct ccbuild_file ccbuild(const char *source, const char *flags, bool linked)
{
	char dir[] = "/tmp/ksymaudit-cc.XXXXXX", command[2048], from[64], to[64];
	const char *cc = getenv("CC");
	struct ccbuild_file out;

	assert_non_null(mkdtemp(dir));
	snprintf(from, sizeof(from), "%s/file.c", dir);
	snprintf(to, sizeof(to), "%s/file", dir);
	write_text(from, source);
	snprintf(command, sizeof(command),
		 "cd %s && env -u LD_PRELOAD %s -std=gnu11 -w %s %s -o file file.c", dir,
		 cc && *cc ? cc : "cc", flags,
		 linked ? "-nostdlib -static -no-pie -Wl,-e,start" : "-c");
	if (system(command) != 0)
		fail_msg("failed: %s", command);
	out = read_all(to);
	unlink(from);
	unlink(to);
	rmdir(dir);
	return out;
}

bool ccbuild_can(const char *flags)
{
	const char *cc = getenv("CC");
	char command[1024];

	snprintf(command, sizeof(command),
		 "echo 'int x;' | env -u LD_PRELOAD %s %s -x c -c -o /dev/null - 2>/dev/null",
		 cc && *cc ? cc : "cc", flags);
	return system(command) == 0;
}

void ccbuild_release(struct ccbuild_file *file)
{
	free(file->data);
	memset(file, 0, sizeof(*file));
}
