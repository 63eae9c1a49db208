// SPDX-License-Identifier: GPL-2.0-or-later
#include "model/license.h"

#include <ctype.h>
#include <string.h>

const struct license_entry *license_find(const char *license)
{
	for (size_t i = 0; i < licenses_builtin.count; i++)
		if (strcmp(licenses_builtin.items[i].license, license) == 0)
			return &licenses_builtin.items[i];
	return NULL;
}

bool ksa_license_is_gpl_compatible(const char *license)
{
	const struct license_entry *entry = license ? license_find(license) : NULL;

	return entry && entry->accepted;
}

/* True if word stands in text and is not the tail of a longer word ("gpl" in "lgpl"). */
static bool has_word(const char *text, const char *word)
{
	for (const char *at = strstr(text, word); at; at = strstr(at + 1, word))
		if (at == text || !isalpha((unsigned char)at[-1]))
			return true;
	return false;
}

const char *license_nearest(const char *license)
{
	char text[64];
	size_t length = strlen(license);
	bool gpl;

	if (length >= sizeof(text))
		return NULL;
	for (size_t i = 0; i <= length; i++)
		text[i] = (char)tolower((unsigned char)license[i]);
	gpl = has_word(text, "gpl") || has_word(text, "gnu general public");
	if (has_word(text, "bsd"))
		return "Dual BSD/GPL";
	if (has_word(text, "mit"))
		return "Dual MIT/GPL";
	if (has_word(text, "mpl") || has_word(text, "mozilla"))
		return "Dual MPL/GPL";
	/* Version 3 alone is not compatible with the kernel: there is no accepted string for it. */
	if (!gpl || (strchr(text, '3') && !strchr(text, '2')))
		return NULL;
	if (strstr(text, "additional") || strstr(text, "exception"))
		return "GPL and additional rights";
	return strchr(text, '2') ? "GPL v2" : "GPL";
}

const char *license_meaning(const char *license)
{
	const struct license_entry *entry = license_find(license);

	return entry ? entry->meaning : NULL;
}

const char *license_spdx(const char *license)
{
	const struct license_entry *entry = license_find(license);

	return entry ? entry->spdx : NULL;
}
