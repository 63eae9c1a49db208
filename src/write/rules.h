/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef WRITE_RULES_H
#define WRITE_RULES_H

#include <stdio.h>

#include "base/strbuf.h"
#include "model/finding.h"

/* One rule as a page: title, level, reason, fix, references. KSA_EIO, KSA_ENOMEM. */
int write_rule_text(const struct ksa_rule *rule, FILE *out, struct ksa_error *err) _must_check_;

/* All rules and families, a line each: id, level (or "off"), slug, title; "family", name, title. */
int write_rules_list(const struct ksa_rules *rules, FILE *out, struct ksa_error *err) _must_check_;

/* A rule or family as a file that it can be read from, the first line with the file's name. */
int write_rule_yaml(const struct ksa_rule *rule, FILE *out, struct ksa_error *err) _must_check_;
int write_family_yaml(const struct ksa_family *family, FILE *out,
		      struct ksa_error *err) _must_check_;

/* What of that page follows the heading "Why:". */
void rule_reason(struct strbuf *buf, const struct ksa_rule *rule);

/* Append text wrapped at 88 columns, each line behind indent. */
void wrap_text(struct strbuf *buf, const char *indent, const char *text);

/* The same, escaped, each of its lines a paragraph of its own. */
void wrap_prose(struct strbuf *buf, const char *indent, const char *text);

#endif
