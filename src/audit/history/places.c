// SPDX-License-Identifier: GPL-2.0-or-later
#include "audit/history/places.h"

#include <stddef.h>
#include <string.h>

/* The part of a path that names an architecture; empty for code of all. */
static const char *architecture(const char *path, size_t *length)
{
	const char *name = NULL;

	*length = 0;
	if (strncmp(path, "arch/", 5) == 0)
		name = path + 5;
	else if (strncmp(path, "include/asm-", 12) == 0 && strncmp(path + 12, "generic/", 8) != 0)
		name = path + 12;
	if (name && strchr(name, '/'))
		*length = strcspn(name, "/");
	return name;
}

bool places_share_architecture(const char *one, const char *other)
{
	size_t a, b;
	const char *x = architecture(one, &a), *y = architecture(other, &b);

	return !a || !b || (a == b && memcmp(x, y, a) == 0);
}

/* The directory below an architecture's that is for one kind of machine, or empty. */
static const char *machine(const char *path, size_t *length)
{
	size_t skip;
	const char *name = architecture(path, &skip);

	*length = 0;
	if (!skip)
		return name;
	name += skip + 1;
	if (strncmp(name, "mach-", 5) == 0 || strncmp(name, "plat-", 5) == 0)
		*length = strcspn(name, "/");
	return name;
}

bool places_share_machine(const char *one, const char *other)
{
	size_t a, b;
	const char *x = machine(one, &a), *y = machine(other, &b);

	return places_share_architecture(one, other) &&
	       (!a || !b || (a == b && memcmp(x, y, a) == 0));
}
