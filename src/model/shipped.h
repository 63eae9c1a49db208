/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef MODEL_SHIPPED_H
#define MODEL_SHIPPED_H

#include "model/rule.h"
/* enum rule_id, made of the names of rules/KSA*.yaml: RULE_GPL_ONLY_SYMBOL; RULE_NONE is -1. */
#include "model/rules_builtin.h"

/* All shipped rules, by enum rule_id, which is in the order of their ids. */
extern const struct ksa_rule rules_builtin[RULE_COUNT];

/* What is shipped. */
extern const struct ksa_rules rules_shipped;

/* The shipped rule of that id, or NULL. */
const struct ksa_rule *rule_find(const char *id);

/* The shipped rule that such a change of an export brings; NULL for CHANGE_NONE. */
const struct ksa_rule *rule_by_change(enum rule_change change);

/* The shipped rule as a run has it: users may have given it another text or level. */
const struct ksa_rule *rules_get(const struct ksa_rules *rules, enum rule_id which);

/* True if it is that shipped rule, also as users changed it. */
bool rule_is(const struct ksa_rule *rule, enum rule_id which);

#endif
