/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef READ_HEADERS_SCAN_H
#define READ_HEADERS_SCAN_H

#include "read/headers/config.h"
#include "read/headers/facts.h"

/*
 * Read one header by itself: what it includes is not looked at. Both branches of a condition that
 * the configuration does not decide count, and what is defined there is marked maybe; an include
 * guard is true. file is the file's index. The bytes may be anything. KSA_ENOMEM, KSA_ELIMIT.
 */
int header_scan(struct header_facts *facts, const struct header_config *config, uint32_t file,
		struct span text, struct ksa_error *err) _must_check_;

/* The declarations that a call makes are read in place of it: text is what it expands to. */
int header_scan_expanded(struct header_facts *facts, const struct header_config *config,
			 const struct facts_call *call, struct span text,
			 struct ksa_error *err) _must_check_;

#endif
