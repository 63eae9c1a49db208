/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef MODEL_LICENSE_ENTRY_H
#define MODEL_LICENSE_ENTRY_H

#include <stdbool.h>
#include <stddef.h>

/* What is under an SPDX license alone: is it under GPL version 2? */
enum license_gpl2 {
	GPL2_UNSAID = 0,
	GPL2_YES,
	GPL2_NEVER /* it cannot be combined with that */
};

/* A license string that is known. */
struct license_entry {
	const char *license; /* byte for byte */
	const char *meaning; /* a phrase */
	const char *spdx; /* the expression that it certainly is, or NULL */
	enum license_gpl2 gpl2;
	bool accepted; /* as GPL-compatible (include/linux/license.h) */
};

struct license_table {
	const struct license_entry *items;
	size_t count;
};

/* The shipped ones, compiled in from rules/licenses.yaml. */
extern const struct license_table licenses_builtin;

#endif
