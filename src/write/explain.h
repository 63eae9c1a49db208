/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef WRITE_EXPLAIN_H
#define WRITE_EXPLAIN_H

#include <stdio.h>

#include "model/explain.h"

struct explain_text_options {
	bool verbose; /* all in-tree users, not the first few; more of each commit */
	bool color;
};

/* The page for people, in sections; not of EXPLAIN_UNKNOWN. KSA_EIO, KSA_ENOMEM. */
int write_explain_text(const struct explain_page *page, const struct explain_text_options *options,
		       FILE *out, struct ksa_error *err) _must_check_;

/* The same as JSON (rules/schema/report.schema.json). KSA_EIO, KSA_ENOMEM. */
int write_explain_json(const struct explain_page *page, FILE *out,
		       struct ksa_error *err) _must_check_;

#endif
