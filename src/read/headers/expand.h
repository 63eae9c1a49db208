/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef READ_HEADERS_EXPAND_H
#define READ_HEADERS_EXPAND_H

#include "read/headers/scan.h"

/* The facts of one file: a range in what one worker has read. */
struct facts_range {
	const struct header_facts *facts;
	size_t macro_first, macro_count, call_first, call_count;
};

/*
 * Read what macros make that are invoked at the top level of headers, as PAGEFLAG(Dirty, dirty,
 * PF_HEAD) makes PageDirty(): all files in their order, after all were read. What comes of it is
 * added to out, another worker's facts. The macros in what is made are expanded only where they
 * stand at the top level: the names in bodies stay as they are. KSA_ENOMEM; what is more than any
 * kernel needs is left out.
 */
int headers_expand(const struct facts_range *ranges, size_t count,
		   const struct header_config *config, struct header_facts *out,
		   struct ksa_error *err) _must_check_;

#endif
