/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef MODEL_FORECAST_H
#define MODEL_FORECAST_H

#include <stddef.h>
#include <stdint.h>

/*
 * Signs of plain exports that later releases were found without more often than others, with the
 * counts. The shipped ones are compiled in from rules/forecast.yaml, whose rows data/forecast.sh
 * makes of kernels; what a sign is, is said there.
 */
enum forecast_sign {
	FORECAST_ALL, /* every plain export: what the others are to be held against */
	FORECAST_DRAINED, /* of at least 3 in-tree modules that imported it at least 3 in 4 left */
	FORECAST_STAGING, /* of the in-tree modules only staging drivers import it */
	FORECAST_SIGNS
};

#define FORECAST_IMPORTERS 3 /* that the older kernel has at least, of a drained one */

/* "all", "importers-drained", "only-staging". */
extern const char *const forecast_sign_names[FORECAST_SIGNS];

/* How many exports of a kernel had the sign, and how many of them a later one did not have. */
struct forecast_row {
	enum forecast_sign sign;
	const char *since; /* the kernel that importers left since; NULL: the sign has none */
	const char *from, *to; /* releases: "6.1", "6.12" */
	uint32_t count, gone;
};

extern const struct forecast_row forecast_builtin[]; /* in the file's order */
extern const size_t forecast_builtin_count;

#endif
