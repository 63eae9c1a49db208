/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef MODEL_FAMILY_H
#define MODEL_FAMILY_H

#include <stddef.h>

/* A family of symbols, compiled in from rules/family-NAME.yaml. */
struct ksa_family {
	const char *name; /* "hmm" */
	const char *title; /* one line, no full stop */
	const char *const *members; /* names and globs, NULL-terminated */
};

/* All families, sorted by name. */
extern const struct ksa_family families_builtin[];
extern const size_t families_builtin_count;

/* The family of that name, or NULL. */
const struct ksa_family *family_find(const char *name);

#endif
