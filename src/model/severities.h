/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef MODEL_SEVERITIES_H
#define MODEL_SEVERITIES_H

#include "base/arena.h"

/* What the pattern of a rule is held against. */
enum severity_subject { SEVERITY_OF_MODULE, SEVERITY_OF_NAMESPACE, SEVERITY_OF_SYMBOL };

/* A line of a file of severities: changes of such exports are tolerated, or expressly not. */
struct severity_rule {
	enum severity_subject subject;
	bool pass;
	unsigned int axes; /* mask of AXIS_MARK: the changes that it is about */
	const char *pattern; /* fnmatch(3); of a module with '-' as '_' */
	size_t literal; /* so many bytes of it match themselves alone */
	const char *text; /* "FILE:LINE: MODULE drivers/md PASS" */
};

/* The rules of one or more files, in their order: of those that match the first decides. */
struct severities {
	struct arena arena;
	const char *file; /* the first one; NULL: none was read */
	struct severity_rule *items; /* malloc'd */
	bool *used; /* by rule: it has decided on an export; malloc'd, NULL before the first diff */
	size_t count, capacity;
};

void severities_release(struct severities *severities);

#endif
