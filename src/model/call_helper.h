/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef MODEL_CALL_HELPER_H
#define MODEL_CALL_HELPER_H

#include <stddef.h>

/*
 * Functions that functions of all kinds call for their own sake: locks, checks, tracing. The
 * shipped ones are compiled in from rules/call-helpers.yaml.
 */
struct call_helpers {
	const char *group; /* "locks" */
	const char *title; /* one line, no full stop */
	const char *const *members; /* names and globs, NULL-terminated */
};

/* All shipped groups, in the file's order. */
extern const struct call_helpers call_helpers_builtin[];
extern const size_t call_helpers_builtin_count;

/* Likewise, from rules/test-doubles.yaml: functions that tests of the kernel link a stand-in for.
 */
extern const struct call_helpers test_doubles_builtin[];
extern const size_t test_doubles_builtin_count;

#endif
