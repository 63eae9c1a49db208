// SPDX-License-Identifier: GPL-2.0-or-later
#include "model/license.h"

#include <ctype.h>
#include <string.h>

const char *const license_accepted[] = {
	"GPL",		"GPL v2", "GPL and additional rights", "Dual BSD/GPL", "Dual MIT/GPL",
	"Dual MPL/GPL", NULL,
};

bool ksa_license_is_gpl_compatible(const char *license)
{
	for (size_t i = 0; license && license_accepted[i]; i++)
		if (strcmp(license, license_accepted[i]) == 0)
			return true;
	return false;
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
	static const struct {
		const char *license, *meaning;
	} table[] = {
		{"GPL", "GPL version 2, without saying whether a later one may be chosen"},
		{"GPL v2", "the same as \"GPL\"; it is there for historic reasons"},
		{"GPL and additional rights",
		 "GPL version 2 or the MIT license; historic, not for new code"},
		{"Dual BSD/GPL", "GPL version 2 or a BSD license"},
		{"Dual MIT/GPL", "GPL version 2 or the MIT license"},
		{"Dual MPL/GPL", "GPL version 2 or the Mozilla Public License"},
	};

	for (size_t i = 0; i < sizeof(table) / sizeof(*table); i++)
		if (strcmp(table[i].license, license) == 0)
			return table[i].meaning;
	return NULL;
}

const char *license_spdx(const char *license)
{
	/* Identifiers of the SPDX list that modules carry; deprecated ones with what replaced them.
	 */
	static const struct {
		const char *license, *expression;
	} table[] = {
		{"Apache-2.0", "Apache-2.0"},
		{"BSD-2-Clause", "BSD-2-Clause"},
		{"BSD-3-Clause", "BSD-3-Clause"},
		{"CDDL-1.0", "CDDL-1.0"},
		{"GPL-2.0", "GPL-2.0-only"},
		{"GPL-2.0-only", "GPL-2.0-only"},
		{"GPL-2.0+", "GPL-2.0-or-later"},
		{"GPL-2.0-or-later", "GPL-2.0-or-later"},
		{"GPL-3.0-only", "GPL-3.0-only"},
		{"GPL-3.0-or-later", "GPL-3.0-or-later"},
		{"ISC", "ISC"},
		{"MIT", "MIT"},
		{"MPL-2.0", "MPL-2.0"},
	};

	for (size_t i = 0; i < sizeof(table) / sizeof(*table); i++)
		if (strcmp(table[i].license, license) == 0)
			return table[i].expression;
	return NULL;
}
