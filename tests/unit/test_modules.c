// SPDX-License-Identifier: GPL-2.0-or-later
/* Many modules read at once: what is wrong with one of them, and what the machine lacks. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include <cmocka.h>

#include "read/kernel/elf_module.h"
#include "read/kernel/modules.h"

static const struct ksa_read_options options = {.jobs = 1};

/* A file that is no module. */
static void write_file(const char *path)
{
	FILE *f = fopen(path, "w");

	assert_non_null(f);
	assert_true(fputs("no module", f) >= 0);
	assert_int_equal(fclose(f), 0);
}

static int run(const char *path, struct module_set *set, struct ksa_error *err)
{
	assert_int_equal(module_set_add_file(set, path, "m", err), 0);
	return module_set_run(set, &options, ELF_MODULE_ALL, err);
}

/* That a file is damaged, or not there, is said of it alone. */
static void of_one_module(void **state)
{
	char dir[] = "/tmp/ksymaudit-modules.XXXXXX", path[64];
	struct module_set set = {.count = 0};
	struct ksa_error err = {.code = 0};

	(void)state;
	assert_non_null(mkdtemp(dir));
	snprintf(path, sizeof(path), "%s/m.ko", dir);
	assert_int_equal(run(path, &set, &err), 0);
	write_file(path);
	assert_int_equal(run(path, &set, &err), 0);
	assert_int_equal(set.items[0].err.code, KSA_EIO);
	assert_int_equal(set.items[1].err.code, KSA_EFORMAT);
	module_set_release(&set);
	unlink(path);
	rmdir(dir);
}

/* That there are no descriptors left says nothing about the module: the run stops. */
static void descriptors_run_out(void **state)
{
	char dir[] = "/tmp/ksymaudit-modules.XXXXXX", path[64];
	struct module_set set = {.count = 0};
	struct ksa_error err = {.code = 0};
	struct rlimit before, none;
	int r;

	(void)state;
	assert_non_null(mkdtemp(dir));
	snprintf(path, sizeof(path), "%s/m.ko", dir);
	write_file(path);
	assert_int_equal(getrlimit(RLIMIT_NOFILE, &before), 0);
	none = (struct rlimit){.rlim_cur = 0, .rlim_max = before.rlim_max};
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &none), 0);
	r = run(path, &set, &err);
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &before), 0);
	assert_int_equal(r, KSA_ESYSTEM);
	assert_string_equal(err.source, path);
	assert_non_null(strstr(err.text, "Too many open files"));
	module_set_release(&set);
	unlink(path);
	rmdir(dir);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(of_one_module),
		cmocka_unit_test(descriptors_run_out),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
