// SPDX-License-Identifier: GPL-2.0-or-later
#include "base/replace.h"

#include <errno.h>
#include <fcntl.h>
#include <dirent.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/bytes.h"

static char directory[64];

static int enter(void **state)
{
	(void)state;
	snprintf(directory, sizeof(directory), "/tmp/ksymaudit-replace.XXXXXX");
	return mkdtemp(directory) && chdir(directory) == 0 ? 0 : -1;
}

static int leave(void **state)
{
	char command[128];

	(void)state;
	snprintf(command, sizeof(command), "rm -rf %s", directory);
	return chdir("/") == 0 && system(command) == 0 ? 0 : -1;
}

static size_t count_files(void)
{
	DIR *dir = opendir(".");
	size_t count = 0;

	assert_non_null(dir);
	while (readdir(dir))
		count++;
	closedir(dir);
	return count - 2;
}

static void write_text(const char *path, const char *text)
{
	FILE *file = fopen(path, "w");

	assert_non_null(file);
	fputs(text, file);
	assert_int_equal(fclose(file), 0);
}

static void expect_text(const char *path, const char *text)
{
	char buffer[64] = "";
	FILE *file = fopen(path, "r");

	assert_non_null(file);
	assert_true(fgets(buffer, sizeof(buffer), file) || !*text);
	fclose(file);
	assert_string_equal(buffer, text);
}

static int replace(const char *path, const char *text)
{
	struct replacement r;

	if (replacement_open(&r, path, 0640))
		return -1;
	fputs(text, r.file);
	return replacement_close(&r, true);
}

static void test_is_replaced(void **state)
{
	struct replacement r;
	struct stat st;

	(void)state;
	write_text("a", "old");
	assert_int_equal(replacement_open(&r, "a", 0640), 0);
	fputs("new", r.file);
	fflush(r.file);
	expect_text("a", "old");
	assert_int_equal(replacement_close(&r, true), 0);
	expect_text("a", "new");
	assert_int_equal(stat("a", &st), 0);
	assert_int_equal(st.st_mode & 0777, 0640);
	assert_int_equal(replacement_open(&r, "a", 0640), 0);
	fputs("third", r.file);
	assert_int_equal(replacement_close(&r, false), 0);
	expect_text("a", "new");
	assert_int_equal(count_files(), 1);
	assert_int_equal(replacement_open(&r, "none/a", 0640), -1);
	assert_int_equal(errno, ENOENT);
}

/* The child raises the signal between opening and closing; it ends by it, and nothing is left. */
static void expect_end_by(int number)
{
	const struct rlimit none = {0, 0};
	struct replacement r;
	pid_t child = fork();
	int status;

	assert_true(child >= 0);
	if (!child) {
		signal(number, SIG_DFL);
		setrlimit(RLIMIT_CORE, &none);
		if (replacement_open(&r, "a", 0600))
			_exit(1);
		fputs("half", r.file);
		fflush(r.file);
		kill(getpid(), number);
		fputs(" and half", r.file);
		replacement_close(&r, true);
		_exit(0);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFSIGNALED(status));
	assert_int_equal(WTERMSIG(status), number);
	expect_text("a", "old");
	assert_int_equal(count_files(), 1);
}

static void test_signals_leave_nothing(void **state)
{
	static const int signals[] = {SIGINT, SIGTERM, SIGHUP, SIGQUIT};

	(void)state;
	write_text("a", "old");
	for (size_t i = 0; i < sizeof(signals) / sizeof(signals[0]); i++)
		expect_end_by(signals[i]);
}

static void test_file_size_limit_is_an_error(void **state)
{
	pid_t child;
	int status;

	(void)state;
	write_text("a", "old");
	child = fork();
	assert_true(child >= 0);
	if (!child) {
		const struct rlimit limit = {4096, 4096};
		struct replacement r;

		signal(SIGXFSZ, SIG_DFL);
		setrlimit(RLIMIT_FSIZE, &limit);
		if (replacement_open(&r, "a", 0600))
			_exit(1);
		for (int i = 0; i < 3000; i++)
			fputs("line\n", r.file);
		if (replacement_close(&r, true) != -1 || errno != EFBIG)
			_exit(2);
		/* What was blocked is as it was: a later one ends the run. */
		raise(SIGXFSZ);
		_exit(3);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFSIGNALED(status));
	assert_int_equal(WTERMSIG(status), SIGXFSZ);
	expect_text("a", "old");
	assert_int_equal(count_files(), 1);
}

static void test_stale_ones_go(void **state)
{
	struct replacement r;
	pid_t child;
	int status, fds[2];
	char byte;

	(void)state;
	assert_int_equal(pipe(fds), 0);
	child = fork();
	if (!child) {
		if (replacement_open(&r, "a", 0600))
			_exit(1);
		if (write(fds[1], "x", 1) != 1)
			_exit(1);
		pause();
	}
	assert_int_equal(read(fds[0], &byte, 1), 1);
	/* Of a process that lives: it stays. Of another name, of another form: they stay. */
	write_text("b.ksymaudit-abcdef", "other");
	write_text("a.ksymaudit-abc", "other");
	write_text("a.abcdef", "other");
	assert_int_equal(replace("a", "one"), 0);
	assert_int_equal(count_files(), 5);
	kill(child, SIGKILL);
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_int_equal(count_files(), 5);
	assert_int_equal(replace("a", "two"), 0);
	assert_int_equal(count_files(), 4);
	expect_text("a", "two");
	close(fds[0]);
	close(fds[1]);
}

/* Many at once, for one name: each is whole, and none takes another's file away. */
static void test_writers_side_by_side(void **state)
{
	pid_t children[8];

	(void)state;
	for (size_t i = 0; i < 8; i++) {
		children[i] = fork();
		if (children[i])
			continue;
		for (int k = 0; k < 200; k++)
			if (replace("a", "whole"))
				_exit(1);
		_exit(0);
	}
	for (size_t i = 0; i < 8; i++) {
		int status;

		assert_int_equal(waitpid(children[i], &status, 0), children[i]);
		assert_int_equal(status, 0);
	}
	expect_text("a", "whole");
	assert_int_equal(count_files(), 1);
}

static void test_long_names(void **state)
{
	char name[251];

	(void)state;
	memset(name, 'n', sizeof(name) - 1);
	name[sizeof(name) - 1] = '\0';
	assert_int_equal(replace(name, "text"), 0);
	expect_text(name, "text");
	assert_int_equal(count_files(), 1);
}

static int map(const char *path)
{
	struct bytes bytes;
	struct ksa_error err = {.code = 0};
	int r = bytes_map_private(&bytes, path, 100, &err);

	bytes_release(&bytes);
	assert_int_equal(err.code, r);
	return r;
}

static void test_private(void **state)
{
	(void)state;
	assert_int_equal(mkdir("d", 0700), 0);
	write_text("d/f", "text");
	chmod("d/f", 0644);
	assert_int_equal(map("d/f"), 0);
	assert_int_equal(map("d/none"), KSA_EIO);
	chmod("d/f", 0664);
	assert_int_equal(map("d/f"), KSA_EUSAGE);
	chmod("d/f", 0602);
	assert_int_equal(map("d/f"), KSA_EUSAGE);
	chmod("d/f", 0600);
	chmod("d", 0770);
	assert_int_equal(map("d/f"), KSA_EUSAGE);
	chmod("d", 0755);
	assert_int_equal(map("d/f"), 0);
	assert_int_equal(symlink("f", "d/link"), 0);
	assert_int_equal(map("d/link"), KSA_EUSAGE);
	assert_int_equal(map("d"), KSA_EUSAGE);
	if (geteuid() == 0) {
		assert_int_equal(chown("d/f", 1, 1), 0);
		assert_int_equal(map("d/f"), KSA_EUSAGE);
		assert_int_equal(chown("d/f", 0, 0), 0);
		assert_int_equal(chown("d", 1, 1), 0);
		assert_int_equal(map("d/f"), KSA_EUSAGE);
	}
}

#define IN_DIRECTORY(test) cmocka_unit_test_setup_teardown(test, enter, leave)

int main(void)
{
	const struct CMUnitTest tests[] = {
		IN_DIRECTORY(test_is_replaced),
		IN_DIRECTORY(test_signals_leave_nothing),
		IN_DIRECTORY(test_file_size_limit_is_an_error),
		IN_DIRECTORY(test_stale_ones_go),
		IN_DIRECTORY(test_writers_side_by_side),
		IN_DIRECTORY(test_long_names),
		IN_DIRECTORY(test_private),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
