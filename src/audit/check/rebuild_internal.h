/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef AUDIT_CHECK_REBUILD_INTERNAL_H
#define AUDIT_CHECK_REBUILD_INTERNAL_H

#include "audit/check/check.h"
#include "audit/check/rebuild.h"
#include "audit/rebuild/api.h"

/* A module under judgment. */
struct rebuilt {
	struct check *c;
	uint32_t index;
	const struct ksa_module *module;
	const struct ksa_named *named; /* NULL: what its source names is not known */
	const struct ksa_typed *typed; /* NULL: what its source does with types is not known */
	struct check_pair *pair;
	struct ksa_rebuild *result;
	const struct api *api; /* which of its uses of the headers and types will not compile; NULL:
				  that was not judged */
};

/* rebuild.c */

/* Say where in the source the finding is; debug information has paths of another machine. */
void rebuild_locate(const struct rebuilt *m, struct finding_init *init, const char *file,
		    uint32_t line);

/* rebuild_api.c: what of the source does not compile, by the headers and types of both kernels */

/* Judge it; *out is for api_free(), NULL where the source, or what it is held against, is not
 * known. What was not looked at is said. */
int rebuild_api_judge(struct rebuilt *m, struct api **out, struct ksa_error *err) _must_check_;

/* Add the findings to the report. */
int rebuild_api_report(struct rebuilt *m, struct ksa_error *err) _must_check_;

/* True if the source itself defines the name where it is built for the kernel at hand. */
bool rebuild_api_defines(const struct rebuilt *m, const char *name);

/* True if that a function's prototype changed needs not be said: its calls fit all the same, or
 * what does not fit is said. */
bool rebuild_api_tells(const struct rebuilt *m, const char *function);

/* True if the headers of the kernel that it was built for declare the name as a type or a constant,
 * and those of the other one declare nothing of it. */
bool rebuild_api_loses(const struct rebuilt *m, const char *name);

/* True if the file at that place saw the name declared, for certain, when the module was built. */
bool rebuild_api_saw(const struct rebuilt *m, const struct named_site *site, const char *name);

#endif
