/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef MODEL_KBUILD_VARIABLE_H
#define MODEL_KBUILD_VARIABLE_H

#include <stddef.h>

/* A variable of a module's build files that Kbuild does not read any more. */
struct kbuild_variable {
	const char *name; /* "EXTRA_CFLAGS" */
	const char *since; /* the first release that does not, "6.15" */
	const char *instead; /* what does the same: "ccflags-y" */
};

struct kbuild_variables {
	const struct kbuild_variable *items;
	size_t count;
};

/* The shipped ones, compiled in from rules/kbuild-variables.yaml. */
extern const struct kbuild_variables kbuild_variables_builtin;

#endif
