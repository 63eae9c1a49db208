// SPDX-License-Identifier: GPL-2.0-or-later
#include "model/release.h"

#include <string.h>

/* A number of at most three digits at *at; moves behind it. */
static bool take_number(const char **at, unsigned int *out)
{
	size_t digits = strspn(*at, "0123456789");

	if (!digits || digits > 3)
		return false;
	*out = 0;
	for (; digits; digits--)
		*out = *out * 10 + (unsigned int)(*(*at)++ - '0');
	return true;
}

bool release_parse(const char *text, struct release *out)
{
	*out = (struct release){{0}};
	if (!text || !take_number(&text, &out->part[0]) || *text++ != '.' ||
	    !take_number(&text, &out->part[1]))
		return false;
	/* 2.6.31 was a release of its own; from 3.0 on the third number is a stable one. */
	if (out->part[0] < 3 && *text == '.') {
		text++;
		return take_number(&text, &out->part[2]);
	}
	return true;
}

int release_compare(const struct release *a, const struct release *b)
{
	for (size_t i = 0; i < 3; i++)
		if (a->part[i] != b->part[i])
			return a->part[i] < b->part[i] ? -1 : 1;
	return 0;
}

bool release_is_plain(const char *text)
{
	struct release release;

	return release_parse(text, &release) && !text[strspn(text, "0123456789.")] &&
	       text[strlen(text) - 1] != '.';
}
