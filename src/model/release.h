/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef MODEL_RELEASE_H
#define MODEL_RELEASE_H

#include <stdbool.h>
#include <stddef.h>

/*
 * A release of mainline: "6.12" or, of the old series, "2.6.31". What a stable or distribution
 * kernel adds ("6.12.117+deb12-amd64", "6.1.0-56-amd64", "7.3-rc7") names the same release: such
 * kernels hold what their mainline release holds, but for what was backported.
 */
struct release {
	unsigned int part[3];
};

/* False if the text does not start like a release, or is NULL. */
bool release_parse(const char *text, struct release *out);

/* Negative, 0 or positive like strcmp. */
int release_compare(const struct release *a, const struct release *b);

/* True if the text is a release as files and manuals write it: digits and dots, nothing behind. */
bool release_is_plain(const char *text);

#endif
