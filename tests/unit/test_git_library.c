// SPDX-License-Identifier: GPL-2.0-or-later
#define GIT_LIBRARY_NAMES /* libgit2's own names: this is the program that uses it too */
#include "read/git/library.h"

#include <dlfcn.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/workers.h"
#include "read/git/git.h"

#define MIB(n) ((uint64_t)(n) << 20)

/* A program that uses libgit2 for itself. */
static int (*host_init)(void), (*host_shutdown)(void), (*host_opts)(int option, ...);

static void find_host_functions(void)
{
#ifdef KSA_GIT_LIBRARY
	void *library = dlopen(KSA_GIT_LIBRARY, RTLD_NOW | RTLD_LOCAL);

	assert_non_null(library);
	*(void **)&host_init = dlsym(library, "git_libgit2_init");
	*(void **)&host_shutdown = dlsym(library, "git_libgit2_shutdown");
	*(void **)&host_opts = dlsym(library, "git_libgit2_opts");
#else
	host_init = git_libgit2_init;
	host_shutdown = git_libgit2_shutdown;
	host_opts = git_libgit2_opts;
#endif
	assert_true(host_init && host_shutdown && host_opts);
}

static size_t get(int option)
{
	size_t value = 0;

	host_opts(option, &value);
	return value;
}

/* What only the first user of the library decides is looked at in a process of its own. */
static void in_child(int (*run)(void))
{
	int status = -1;
	pid_t child;

	find_host_functions();
	child = fork();
	assert_true(child >= 0);
	if (!child)
		_exit(run());
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_int_equal(status, 0);
}

static int options_of_a_host_stay(void)
{
	host_init();
	host_opts(GIT_OPT_SET_MWINDOW_SIZE, (size_t)MIB(5));
	host_opts(GIT_OPT_SET_MWINDOW_MAPPED_LIMIT, (size_t)MIB(7));
	if (git_library_start(NULL))
		return 1;
	if (get(GIT_OPT_GET_MWINDOW_SIZE) != MIB(5) ||
	    get(GIT_OPT_GET_MWINDOW_MAPPED_LIMIT) != MIB(7))
		return 2;
	/* Ours counts as a user of its own: the host's shutdown does not end the library. */
	return host_shutdown() > 0 ? 0 : 3;
}

static int start_many(void *ctx, unsigned int worker, size_t item, struct ksa_error *err)
{
	(void)ctx;
	(void)worker;
	(void)item;
	return git_library_start(err);
}

static int options_are_set_once(void)
{
	if (workers_run(8, 64, start_many, NULL, NULL))
		return 1;
	if (get(GIT_OPT_GET_MWINDOW_SIZE) <= MIB(32))
		return 2;
	/* What is set after the start stays, whoever starts it again. */
	host_opts(GIT_OPT_SET_MWINDOW_SIZE, (size_t)MIB(5));
	if (git_library_start(NULL))
		return 3;
	if (get(GIT_OPT_GET_MWINDOW_SIZE) != MIB(5))
		return 4;
	/* One user, however many handles there were. */
	return host_init() == 2 ? 0 : 5;
}

static int little_room_is_kept_to(void)
{
	const struct rlimit limit = {MIB(2048), MIB(2048)};

	if (setrlimit(RLIMIT_AS, &limit))
		return 1;
	if (git_library_start(NULL))
		return 2;
	return get(GIT_OPT_GET_MWINDOW_MAPPED_LIMIT) <= MIB(512) ? 0 : 3;
}

static void test_options_of_a_host_stay(void **state)
{
	(void)state;
	in_child(options_of_a_host_stay);
}

static void test_options_are_set_once(void **state)
{
	(void)state;
	in_child(options_are_set_once);
}

static void test_little_room_is_kept_to(void **state)
{
	(void)state;
#ifdef KSA_SANITIZE
	skip(); /* the sanitizer's own shadow needs more addresses */
#endif
	in_child(little_room_is_kept_to);
}

static void expect_mapping(unsigned int pointer, uint64_t addresses, uint64_t memory,
			   uint64_t least, uint64_t most)
{
	struct git_mapping m = git_library_mapping(pointer, addresses, memory);

	assert_true(m.limit >= least && m.limit <= most);
	assert_true(m.window <= m.limit && m.window >= MIB(32));
}

static void test_what_is_mapped(void **state)
{
	(void)state;
	/* Packs as a whole: larger than any. */
	expect_mapping(64, 0, MIB(8192), MIB(1024), SIZE_MAX);
	expect_mapping(64, 0, 0, MIB(1024), SIZE_MAX);
	/* A part of the addresses, of a small machine's memory, of what 32 bits have. */
	expect_mapping(64, MIB(4096), MIB(8192), MIB(512), MIB(1024));
	expect_mapping(64, MIB(64), MIB(8192), MIB(96), MIB(96));
	expect_mapping(64, 0, MIB(512), MIB(96), MIB(128));
	expect_mapping(32, 0, MIB(8192), MIB(96), MIB(256));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_options_of_a_host_stay),
		cmocka_unit_test(test_options_are_set_once),
		cmocka_unit_test(test_little_room_is_kept_to),
		cmocka_unit_test(test_what_is_mapped),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
