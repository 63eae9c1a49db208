// SPDX-License-Identifier: GPL-2.0-or-later
#include "model/waiver.h"

#include <fnmatch.h>
#include <string.h>

static bool matches(const struct waiver *waiver, const struct waiver_subject *subject)
{
	if (strcmp(waiver->rule, subject->rule) != 0 ||
	    fnmatch(waiver->module, subject->module, 0) != 0)
		return false;
	if (!subject->symbol)
		return strcmp(waiver->symbol, "*") == 0;
	return fnmatch(waiver->symbol, subject->symbol, 0) == 0;
}

bool waiver_is_expired(const struct waiver *waiver, const char *day)
{
	return strcmp(waiver->expires, day) < 0;
}

const struct waiver *waivers_find(const struct ksa_waivers *waivers,
				  const struct waiver_subject *subject, const char *day, bool *used,
				  const struct waiver **expired)
{
	const struct waiver *found = NULL, *late = NULL;

	for (size_t i = 0; waivers && i < waivers->count; i++) {
		const struct waiver *w = &waivers->items[i];

		if (!matches(w, subject))
			continue;
		if (used)
			used[i] = true;
		if (!waiver_is_expired(w, day))
			found = found ? found : w;
		else
			late = late ? late : w;
	}
	if (expired)
		*expired = found ? NULL : late;
	return found;
}

static unsigned int two_digits(const char *s)
{
	return (unsigned int)(s[0] - '0') * 10 + (unsigned int)(s[1] - '0');
}

bool waiver_day_is_valid(const char *s)
{
	static const unsigned int days[] = {31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
	static const char form[] = "0000-00-00";
	unsigned int year, month, day;
	bool leap;

	for (size_t i = 0; i < sizeof(form); i++)
		if (form[i] == '0' ? s[i] < '0' || s[i] > '9' : s[i] != form[i])
			return false;
	year = two_digits(s) * 100 + two_digits(s + 2);
	month = two_digits(s + 5);
	day = two_digits(s + 8);
	leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
	if (month < 1 || month > 12 || day < 1 || day > days[month - 1])
		return false;
	return month != 2 || day < 29 || leap;
}
