/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef MODEL_LICENSE_ENTRY_H
#define MODEL_LICENSE_ENTRY_H

#include <stdbool.h>
#include <stddef.h>

/* A license string that is known. */
struct license_entry {
	const char *license; /* byte for byte */
	const char *meaning; /* a phrase */
	const char *spdx; /* the expression that it certainly is, or NULL */
	bool accepted; /* as GPL-compatible (include/linux/license.h) */
};

struct license_table {
	const struct license_entry *items;
	size_t count;
};

/* The shipped ones, compiled in from rules/licenses.yaml. */
extern const struct license_table licenses_builtin;

#endif
