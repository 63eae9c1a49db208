// SPDX-License-Identifier: GPL-2.0-or-later
#include "read/git/owner.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "read/git/git.h"

static bool allows(const char *one, const char *two, const char *three, const char *directory)
{
	const char *const values[] = {one, two, three};

	return owner_values_allow(values, 1u + !!two + (two && three), directory);
}

/* As git-config(1) has it. */
static void test_values(void **state)
{
	(void)state;
	assert_false(owner_values_allow(NULL, 0, "/srv/linux"));
	assert_true(allows("*", NULL, NULL, "/srv/linux"));
	assert_true(allows("/srv/linux", NULL, NULL, "/srv/linux"));
	assert_false(allows("/srv/linux", NULL, NULL, "/srv/linux2"));
	assert_false(allows("/srv", NULL, NULL, "/srv/linux"));
	assert_true(allows("/srv/*", NULL, NULL, "/srv/linux"));
	assert_true(allows("/srv/*", NULL, NULL, "/srv/a/linux"));
	assert_false(allows("/srv/*", NULL, NULL, "/srv2/linux"));
	assert_false(allows("*", "", NULL, "/srv/linux"));
	assert_true(allows("*", "", "/srv/linux", "/srv/linux"));
	assert_true(allows("/other", "/srv/linux", "/more", "/srv/linux"));
	setenv("HOME", "/home/u", 1);
	assert_true(allows("~/linux", NULL, NULL, "/home/u/linux"));
	assert_false(allows("~/linux", NULL, NULL, "/linux"));
}

static void write_file(const char *directory, const char *name, const char *text)
{
	char path[256];
	FILE *file;

	snprintf(path, sizeof(path), "%s/%s", directory, name);
	file = fopen(path, "we");
	assert_non_null(file);
	fputs(text, file);
	fclose(file);
}

static int try_open(const char *path, struct ksa_error *err)
{
	struct repo *repo;
	int r;

	memset(err, 0, sizeof(*err));
	r = repo_open(path, &repo, err);
	if (!r)
		repo_free(repo);
	return r;
}

/* The least that is a repository, of another user: only root can make one. */
static void test_another_user(void **state)
{
	static const char *const parts[] = {"/a", "/a/.git", "/a/.git/refs", "/a/.git/objects"};
	char top[] = "/tmp/ksa-owner-XXXXXX", path[256], expected[800];
	struct ksa_error err;

	(void)state;
	if (geteuid() != 0)
		skip();
	assert_non_null(mkdtemp(top));
	setenv("HOME", top, 1);
	setenv("GIT_CONFIG_NOSYSTEM", "1", 1);
	unsetenv("XDG_CONFIG_HOME");
	unsetenv("GIT_CONFIG_GLOBAL");
	unsetenv("SUDO_UID");
	for (size_t i = 0; i < sizeof(parts) / sizeof(*parts); i++) {
		snprintf(path, sizeof(path), "%s%s", top, parts[i]);
		assert_int_equal(mkdir(path, 0755), 0);
	}
	snprintf(path, sizeof(path), "%s/a/.git", top);
	write_file(path, "HEAD", "ref: refs/heads/main\n");
	write_file(path, "config", "[safe]\n\tdirectory = *\n");
	assert_int_equal(chown(path, 65534, 65534), 0);
	snprintf(path, sizeof(path), "%s/a", top);
	assert_int_equal(chown(path, 65534, 65534), 0);
	assert_int_equal(try_open(path, &err), KSA_EIO);
	snprintf(expected, sizeof(expected),
		 "'%s' belongs to another user, so git does not trust it; if you do: "
		 "git config --global --add safe.directory '%s'",
		 path, path);
	assert_string_equal(err.text, expected);
	write_file(top, ".gitconfig", "[safe]\n\tdirectory = *\n");
	assert_int_equal(try_open(path, &err), 0);
	write_file(top, ".gitconfig", "[safe]\n\tdirectory = *\n\tdirectory =\n");
	assert_int_equal(try_open(path, &err), KSA_EIO);
	write_file(top, ".gitconfig", "[safe]\n\tdirectory = ~/a\n");
	assert_int_equal(try_open(path, &err), 0);
	assert_int_equal(try_open(top, &err), KSA_EUSAGE);
	snprintf(path, sizeof(path), "rm -rf %s", top);
	assert_int_equal(system(path), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_values),
		cmocka_unit_test(test_another_user),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
