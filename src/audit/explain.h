/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef AUDIT_EXPLAIN_H
#define AUDIT_EXPLAIN_H

#include "model/explain.h"

/* What a name means without looking into kernels: a rule, a family, a license string; all else may
 * be a symbol (EXPLAIN_SYMBOL), as explain_make() finds out. */
enum explain_kind explain_kind_of(const struct ksa_rules *rules, const char *name);

/*
 * Fill the page with what is known of page->name; it is zeroed but for that, kernels, kernel_count
 * and events, which are for symbols and families. The page borrows all of that and the rules.
 * KSA_ENOMEM. Release the page in any case.
 */
int explain_make(struct explain_page *page, const struct ksa_rules *rules,
		 struct ksa_error *err) _must_check_;
void explain_release(struct explain_page *page);

#endif
