/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef MODEL_WAIVER_H
#define MODEL_WAIVER_H

#include "base/arena.h"
#include "model/export.h"

/* What somebody has decided to live with, until a day. */
struct waiver {
	const char *rule; /* id */
	const char *module, *symbol; /* globs; "*" is any, a finding without a symbol too */
	const char *reason; /* may be several lines */
	const char *expires; /* "2026-12-31", the last day that it holds */
	const char *by; /* who decided it */
	const char *file; /* where it stands */
	unsigned int line;
};

struct ksa_waivers {
	struct arena arena;
	const struct waiver *items; /* as in the file */
	size_t count;
};

/* What a finding is about; symbol may be NULL. The module is, for a finding on sources, the path.
 */
struct waiver_subject {
	const char *rule, *module, *symbol;
};

/* True if the day ("2026-12-31") is behind the waiver's last one. */
bool waiver_is_expired(const struct waiver *waiver, const char *day);

/*
 * The first waiver that holds on that day for the subject, or NULL. used[i] is set for each waiver
 * that matches, expired or not; *expired is the first that would have held, if none does. Both may
 * be NULL. waivers may be NULL: none.
 */
const struct waiver *waivers_find(const struct ksa_waivers *waivers,
				  const struct waiver_subject *subject, const char *day, bool *used,
				  const struct waiver **expired);

/* True if s is a day that there is: "2026-12-31". */
bool waiver_day_is_valid(const char *s);

#endif
