/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef WRITE_RULES_H
#define WRITE_RULES_H

#include <stdio.h>

#include "base/strbuf.h"
#include "model/finding.h"

/* One rule as a page: title, level, reason, fix, references. KSA_EIO, KSA_ENOMEM. */
int write_rule_text(const struct ksa_rule *rule, FILE *out, struct ksa_error *err) _must_check_;

/* All rules, a line each: id, level, slug, title. */
int write_rules_list(FILE *out, struct ksa_error *err) _must_check_;

/* Append text wrapped at 88 columns, each line behind indent. */
void wrap_text(struct strbuf *buf, const char *indent, const char *text);

#endif
